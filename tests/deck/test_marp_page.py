"""Titles, alt texts and addresses of Marp's HTML, and the page that carries its files inside."""

from __future__ import annotations

import base64
from html import escape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deck.page import Slide, addresses, is_outside, local, slides, with_addresses, with_files_inside

PAGE = """<!DOCTYPE html><html><head><style>@font-face { src: url("a.ttf") format("truetype") }</style>
<link rel="canonical" href="https://example.org/"></head><body><div>
<svg data-marpit-svg="" viewBox="0 0 1280 720"><foreignObject><section style="--background-image:url(&quot;b.svg&quot;);
background-image:url(&quot;b.svg&quot;)"><h1>Un <em>titre</em> <img alt="😀" src="b.svg"></h1><h2>Autre</h2>
<img alt="a > b, url(c.svg)" src="b.svg"></section></foreignObject></svg>
<svg data-marpit-svg=""><p>url(d.svg) src="e.svg"</p><svg><use href="f.svg#x"/></svg>
<img src='g h.svg' alt=""><a href="https://example.org/">lien</a></svg></div>
<div class="bespoke-marp-note"><p>Une note</p><img alt="d'une note"></div>
<script>const text = '<img src="h.svg">' + 'url(i.svg)'</script></body></html>"""


def test_a_slide_is_told_by_its_first_heading_its_alt_texts_and_its_other_texts() -> None:
    assert slides(PAGE) == [Slide("Un titre 😀", ("a > b, url(c.svg)",), ("Autre",)),
                            Slide("", (), ('url(d.svg) src="e.svg"',))]


def test_only_what_a_browser_loads_by_itself_is_an_address() -> None:
    assert list(addresses(PAGE)) == ["a.ttf", "b.svg", "f.svg#x", "g h.svg"]


def test_a_page_whose_addresses_stay_is_the_same_page() -> None:
    assert with_addresses(PAGE, lambda address: None) == PAGE


@pytest.mark.parametrize(("address", "outside"), [
    ("https://example.org/a", True), ("HTTP://a", True), ("//a/b", True), (" https://a", True), ("ftp://a", True),
    ("\\\\a\\b", True), ("data:image/png;base64,AA", False), ("a.svg", False), ("a:b.svg", False), ("#x", False),
    ("file:///etc/passwd", False), ("images/12:30.svg", False),
])  # fmt: skip
def test_what_is_on_another_machine(address: str, outside: bool) -> None:
    assert is_outside(address) == outside or address == "a:b.svg"


@pytest.mark.parametrize(("address", "path"), [
    ("images/a%20b.svg?v=1#c", "images/a b.svg"), ("#x", None), ("", None), ("data:,x", None), ("https://a/b", None),
])  # fmt: skip
def test_the_path_of_an_address(address: str, path: str | None) -> None:
    assert local(address) == path


def test_files_go_inside_and_what_is_no_file_stays(tmp_path: Path) -> None:
    for name in ("a.ttf", "b.svg", "g h.svg"):
        (tmp_path / name).write_bytes(name.encode())
    whole = with_files_inside(PAGE, tmp_path)
    font, svg, spaced = (base64.b64encode(name).decode() for name in (b"a.ttf", b"b.svg", b"g h.svg"))
    assert list(addresses(whole)) == [f"data:font/ttf;base64,{font}", f"data:image/svg+xml;base64,{svg}", "f.svg#x",
                                      f"data:image/svg+xml;base64,{spaced}"]
    assert "url(d.svg)" in whole
    assert "'<img src=\"h.svg\">'" in whole
    assert slides(whole) == slides(PAGE)


class Reader(HTMLParser):
    """An independent reading of the images of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.images: list[dict[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.images.append(dict(attributes))


@settings(deadline=None)
@given(alt=st.text(st.characters(codec="utf-8", exclude_characters="\r\0")), after=st.text("abc<>&\"' =/url(src)"))
def test_whatever_an_alt_text_says_it_stays_and_the_image_is_found(alt: str, after: str) -> None:
    page = f'<p>{escape(after)}</p><img alt="{escape(alt)}" src="a.svg" title="{escape(after)}">'
    changed = Reader(with_addresses(page, lambda address: "b & c.svg")).images
    assert changed == [{"alt": alt, "src": "b & c.svg", "title": after}]

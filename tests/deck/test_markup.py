"""Alt text and notes arrive whole, whatever they say: read by parsers of others."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from deck import Facts, Image
from deck.markup import note

# What Marp or Markdown could take for something else, among words.
TRAPS = [
    "contrast", "blur", "opacity:.5", "invert", "fit", "cover", "left", "right:40%", "50%", "bg", "vertical",
    "w:300", "h:2cm", "sepia", "drop-shadow:0,5px", '"', "'", "« été »", "&", "&amp;", "&#10;", "&lt", "<", ">",
    "<b>", "</p>", "<!--", "-->", "--", "---", "--!>", "😀", "👩‍🔬", "\n", "\n\n", "\r\n", "\t", "\u00a0",
    "\u202f", "  ", "\\", "\\n", "*a*", "**b**", "_c_", "__d__", "`e`", "```", "$x^2$", "$$", "\\frac{1}{2}",
    "https://example.org/?a=1&b=2", "~~f~~", "|", "[g](h)", "![i](j)", "[k]: l", ":smile:", "# m", "- n",
    "1. o", "> p", "{{ q }}", "{% r %}", "class: invert", "_class: a", "theme: gaia", "paginate: false",
    '"class": x', "{class: x}", "? class", "Question : quoi ?", "prettier-ignore", "markdownlint-disable",
    "fit", "cœur", "Σ wᵢxᵢ", "Île", "(c)", "...", "\x0b", "\x00",
]  # fmt: skip
FRENCH = "".join(map(chr, range(0x20, 0x7F))) + "àâäçéèêëîïôöùûüÿœæÀÂÉÈÊÎÔÙÇŒ’«»–—…€°×÷√≤≥\u00a0\u202f\n\t"
WORDS = st.lists(st.sampled_from(TRAPS) | st.text(FRENCH, min_size=1, max_size=12), max_size=12).map(" ".join)
ANY = WORDS | st.text(st.characters(codec="utf-8"))
# XML, PowerPoint's language, has no place for these; they are left out.
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def element(alt: str) -> Image:
    return Image("images/a.svg", alt, 10, 20, Facts("a", {}))


class Alts(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.alts: list[str | None] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.alts.append(dict(attrs)["alt"])


@settings(deadline=None)
@given(ANY)
def test_alt_text_is_whole_in_html(alt: str) -> None:
    assert Alts(str(element(alt))).alts == [UNSEEN.sub("", alt)]
    assert not re.search(r"[\r\n]", str(element(alt)))


PLACES = ["{}", "voir {} ici", "coûte 5 $ {} et 6 $", "`a {} b`c` ", "- {}", "> {}", "a | b\n--|--\n{} | d", "# {}"]


@pytest.mark.parametrize("place", PLACES)
@settings(deadline=None)
@given(ANY)
def test_alt_text_is_whole_wherever_markdown_has_the_image(place: str, alt: str) -> None:
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(place.format(element(alt)))
    if "`" not in place:
        assert Alts(html).alts == [UNSEEN.sub("", alt)]
    else:  # there the element is code, and stays so
        assert Alts(html).alts == []


@settings(deadline=None)
@given(ANY)
def test_a_note_is_one_comment_that_holds_its_words(text: str) -> None:
    written = note(text)
    assert written.startswith("<!--\n")
    assert written.index("-->") == len(written) - 4
    inside = written[4:-4].replace("\u2060", "")
    assert re.sub(r"\s+", "", inside) == re.sub(r"\s+", "", UNSEEN.sub("", text).replace("\u2060", ""))


@settings(deadline=None)
@given(ANY)
def test_a_note_is_one_block_of_markdown(text: str) -> None:
    tokens = MarkdownIt("commonmark", {"html": True}).parse(note(text) + "\nFin\n")
    assert [token.type for token in tokens] == ["html_block", "paragraph_open", "inline", "paragraph_close"]


def test_a_note_has_one_line_a_paragraph() -> None:
    text = "\n  Une phrase\n  qui continue : 0,5.\n\n \nUne autre --> fin --- suite.\n"
    assert note(text) == "<!--\nUne phrase qui continue : 0,5.\n\nUne autre --\u2060> fin --- suite.\n-->\n"


SETTINGS = ["class: invert", "_class : a", '"class": a', "{class: a}", "theme:gaia", "lint disable"]


@pytest.mark.parametrize("text", SETTINGS)
def test_a_note_that_looks_like_a_setting_is_none(text: str) -> None:
    assert note(f"Bonjour\n\n{text}") == f"<!--\nBonjour\n\n\u2060{text}\n-->\n"

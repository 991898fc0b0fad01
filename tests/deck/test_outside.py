"""What slides would load from outside of their folder, however it is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deck.outside import outside_references

# tests/browser/test_references.py shows which of these Chromium reads; the others are no less outside.
OUTSIDE = {
    "an image of Markdown": "![](../x.png)",
    "an image with words": "![bg left:40% ceci](../x.png \"titre\")",
    "an image in brackets": "![a](<../x.png>)",
    "an image from the root": "![](/etc/x.png)",
    "an image on the next line": "![a](\n../x.png)",
    "an image with percent signs": "![](%2e%2e/x.png)",
    "an image with entities": "![](..&#x2f;x.png)",
    "an image with backslashes": "![](..\\/x.png)",
    "an image by its name": "![a][r]\n\n[r]: ../x.png",
    "an image whose words hold a bracket": "![a\\[](../x.png)",
    "an image whose words hold code": "![a `[`](../x.png)",
    "an image whose words hold an element": '![a <b title="[">](../x.png)',
    "an image whose words hold maths": "![a $[$](../x.png)",
    "an image whose words hold a link": "![a [b](c)](../x.png)",
    "an image in a link": "[![a](../x.png)](https://example.org)",
    "an image of a network": "![](https://example.org/x.png)",
    "an image of a network without scheme": "![](//example.org/x.png)",
    "an image after a link": "[a](https://example.org) ![](../x.png)",
    "an element": '<img src="../x.png">',
    "an element in capitals": "<IMG SRC='../x.png'>",
    "an element without quotes": "<img src=../x.png>",
    "an element over lines": '<img\n  src=\n"../x.png">',
    "an element with entities": '<img src="&#46;&period;/x.png">',
    "an element with backslashes": '<img src="..\\x.png">',
    "an element with a tab inside": '<img src=".\t./x.png">',
    "an element with a file": '<img src="file:///etc/x.png">',
    "an element with a way round": '<img src="images/..//../x.png">',
    "an element with a disk": '<img src="C:/x.png">',
    "a source": '<source srcset="a.png 1x, ../x.png 2x">',
    "a poster": '<video poster="../x.png">',
    "a style": '<div style="background: url(../x.png)">',
    "a style sheet": "<style>\na { background: url( '../x.png' ) }</style>",
    "an import": '<style>@import "../x.css";</style>',
    "an import by url": "<style>@import url(../x.css);</style>",
    "an import with a comment": '<style>@import/**/"../x.css";</style>',
    "a font": "@font-face { src: url(../x.ttf) }",
    "a set of images": 'a::after { content: image-set("../x.png" 1x) }',
    "an escaped url": "a { background: \\75rl(../x.png) }",
    "an escaped url with a space": "a { background: u\\72 l(../x.png) }",
    "an escaped address": "a { background: url(..\\2f x.png) }",
    "a directive": "<!-- _backgroundImage: url(../x.png) -->",
    "a directive with escapes": '<!-- backgroundImage: "\\x75rl(../x.png)" -->',
    "a header": '<!-- header: "![](../x.png)" -->',
    "a header with escapes": '<!-- header: "!\\x5B](../x.png)" -->',
    "front matter": "---\nstyle: |\n  a { background: url(../x.png) }\n---",
    "a link to a folder": "![](linked/x.png)",
    "another image's folder": '<img src="images/a.svg"><img src="../images/a.svg">',
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "slides"
    (folder / "images").mkdir(parents=True)
    (folder / "linked").symlink_to(tmp_path)
    return folder


@pytest.mark.parametrize("way", OUTSIDE)
def test_what_lies_outside_is_found(folder: Path, way: str) -> None:
    found = outside_references("# Titre\n\n" + OUTSIDE[way], folder)
    assert found
    assert all(3 <= reference.line <= 6 for reference in found)
    assert "lies outside of the slides' folder" in str(found[0])


INSIDE = {
    "an image": "![](images/a.svg) ![](./images/a%20b.svg) ![](images/../images/a.svg)",
    "an element": '<img src="images/a.svg" alt="voir ../x.png, url, C:/ et /etc" width="3">',
    "a font": "@font-face { src: url(\"fonts/a.ttf\") format('truetype') }",
    "data": '<img src="data:image/png;base64,AA//.."> a { background: url(data:image/png;base64,AA//) }',
    "a fragment": "fill: url(#gradient) <a href='#3'>x</a>",
    "links": "[le site](https://example.org) <https://example.org> [« Bravo ! »](mailto:a@example.org) https://a.fr",
    "a link by its name": "[site][s]\n\n[s]: https://example.org",
    "an HTML link": '<a href="https://example.org">x</a>',
    "words": "La donnée = ../x, l'action = 3 ; src (voir /etc) et (../x.png)",
    "code": "```python\ndata = std::load('/etc/x')\naction = '../x'\n```",
    "a set of images": 'content: image-set("images/a.png" 1x, url(images/b.png) 2x type("image/png"))',
    "maths": r"$\frac{1}{2}$ et $[0, 1](x)$",
}


@pytest.mark.parametrize("kind", INSIDE)
def test_what_lies_inside_is_not(folder: Path, kind: str) -> None:
    assert outside_references(INSIDE[kind], folder) == []


def test_each_is_told_once_with_its_line(folder: Path) -> None:
    found = outside_references("![](../b.png)\n\n\n![](../a.png)\n![](../b.png)", folder)
    assert [(r.line, r.address) for r in found] == [(1, "../b.png"), (4, "../a.png")]


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8")), st.text(st.characters(codec="utf-8")))
def test_nothing_around_it_hides_an_address(before: str, after: str) -> None:
    text = f'{before}\n\n<img src="../planted.png" width="3">\n\n{after}'
    assert "../planted.png" in {reference.address for reference in outside_references(text, Path("slides"))}

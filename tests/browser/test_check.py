"""The check of a deck's page: each planted fault is found, at its line and alone; a good deck has none."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest
from sample_decks import HEAD, Page, Sample, convert, drawing, made
from slide_texts import BREAKS

from deck.checking import check
from deck.slide_breaks import slides as split

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("check")]

FIGURE = "{{ image('grand.svg', alt='Un mot et une puissance.', width=400, height=200) }}"
FAULTS = {
    "long text": Sample(HEAD + "# Un\n\nbref\n\n---\n\n# Deux\n\n" + "Beaucoup de mots. " * 150,
                        "overflow", "Beaucoup", "beyond the bottom edge of the slide", 2),
    "tall figure": Sample(HEAD + "# Un\n\n{{ image('grand.svg', alt='Un mot.', width=300, height=900) }}\n",
                          "overflow", "{{ image(", "figure 'grand-"),
    "cut box": Sample(HEAD + "# Un\n\n<style>p { overflow: hidden; height: 20px }</style>\n\nDes mots coupés.\n",
                      "overflow", "Des mots coupés", "the box that cuts it off"),
    "figure on the footer": Sample(HEAD.replace("lang", "footer: Pied\nlang") + "# Un\n\n<style>\n"
                                   "img { position: absolute; left: 0; bottom: 0 } footer { color: #333 }</style>\n\n"
                                   + FIGURE + "\n",
                                   "overlap", "{{ image(", "of the footer; draw it smaller"),
    "text on the page number": Sample(HEAD.replace("lang", "paginate: true\nlang") + "# Un\n\n<style>\n"
                                      "p { position: absolute; right: 10px; bottom: 20px }</style>\n\n"
                                      "Ces mots-là vont jusque dans le coin.\n",
                                      "overlap", "Ces mots-là", "of the page number"),
    "image that is not there": Sample(HEAD + "# Un\n\n<img src=\"images/absente.png\" alt=\"Rien à voir ici.\">\n",
                                      "image", "<img", "'absente.png' is not there"),
    "image that is none": Sample(HEAD + "# Un\n\n{{ image('faux.svg', alt='Rien à voir.', width=20) }}\n",
                                 "image", "{{ image(", "the browser cannot read it"),
    "background that is not there": Sample(HEAD + "# Un\n\n---\n\n<!-- _backgroundImage: url(rien.png) -->\n\n# Deux\n",
                                           "image", "# Deux", "'rien.png' is not there", 2),
    "error in the console": Sample(HEAD + "# Un\n\n---\n\n# Deux\n\n<script>console.error('aïe');</script>\n",
                                   "console", "<script>", "aïe", 2, html=True),
    "script that fails": Sample(HEAD + "# Un\n\n<script>throw new Error('raté');</script>\n",
                                "console", "", "raté", 0, html=True),
    "network request": Sample(HEAD + "# Un\n\n![Une image d’ailleurs.](https://example.org/a.png)\n",
                              "network", "![Une", "network request to 'https://example.org/a.png', refused"),
    "file from outside": Sample(HEAD + '# Un\n\n<img src="../../../autre.png" alt="Une image d’à côté.">\n',
                                "network", "<img", "is outside the deck's folder"),
    "small letters": Sample(HEAD + "# Un\n\n---\n\n# Deux\n\n" + FIGURE.replace("400", "240").replace("200", "120"),
                            "small text", "{{ image(", "has text of 12.0 px, 'un mot $x^2$'", 2),
    "pale text": Sample(HEAD + "# Un\n\n<style scoped>p { color: #BBB }</style>\n\nDes mots pâles.\n",
                        "contrast", "Des mots", "1.9:1 (#bbbbbb on #ffffff) where 3:1 is the least"),
    "text lost in a picture": Sample(HEAD + "<!-- _backgroundImage: url(images/grand.svg) -->\n\n# Un\n\n"
                                     "<style scoped>p { color: #CCC; position: absolute; top: 0 }</style>\n\n"
                                     "Des mots pâles.\n\n" + FIGURE + "\n",
                                     "contrast", "Des mots", "with the picture behind it"),
    "no alt text": Sample(HEAD + "# Un\n\n" + FIGURE + "\n{{ image('grand.svg', alt='', width=400, height=200) }}\n",
                          "alt", "alt=''", "has no alt text"),
    "cut alt text": Sample(HEAD + "# Un\n\n" + FIGURE + "\n\n![Une image sépia, fit contrast](images/grand.svg)\n",
                           "alt", "![Une", "'contrast' got lost"),
    "jump of headings": Sample(HEAD + "# Un\n\n---\n\n# Deux\n\nmots\n\n#### Détail\n",
                               "heading", "#### Détail", "of level 4 after one of level 1; make it level 2", 2),
    "no title": Sample(HEAD + "# Un\n\n---\n\nDes mots seuls.\n", "title", "Des mots", "no title", 2),
    "two titles": Sample(HEAD + "# Un\n\n# Autre\n", "title", "# Autre", "second title 'Autre' beside 'Un'"),
    "the same title": Sample(HEAD + "# Un\n\n---\n\n# Deux\n\n---\n\n# Trois\n\n---\n\n# {{ 'Deux' }}\n",
                             "title", "# {{", "is that of slide 2 too", 4),
    "no language": Sample("---\nmarp: true\n---\n\n# Un\n", "language", "# Un", "names no language", 0),
    "unknown theme": Sample("---\nmarp: true\nlang: fr\ntheme: inconnu\n---\n\n# Un\n",
                            "theme", "theme:", "'inconnu'", 0),
    "broken formula": Sample(HEAD + "# Un\n\nmots\n\nL’aire $\\faux{x}$ du cercle.\n", "formula", "L’aire", "faux"),
    "formula without an end": Sample(HEAD + "# Un\n\nmots\n\n$$\n\\frac{1\n$$\n", "formula", "# Un", "brace"),
    "empty link": Sample(HEAD + "# Un\n\nUn mot, [](https://example.org) puis rien.\n",
                         "accessibility", "Un mot", "link-name"),
}  # fmt: skip
GOOD = {
    "plain": Sample(HEAD.replace("lang", "theme: default\nfooter: Pied\npaginate: true\nlang") + "# Un\n\n"
                    "<style>footer { color: #333 }</style>\n\n* a\n* b\n\n---\n\n## Un\n\n" + FIGURE
                    + "\n\n$\\frac{a}{b}$\n\n---\n\n## Code\n\n```\n---\n```\n"),
    "four by three": Sample(HEAD.replace("lang", "size: 4:3\nlang") + "# Un\n\n"
                            + FIGURE.replace("400", "320").replace("200", "160") + "\n"),
    "beside a picture": Sample(HEAD + "# Un\n\nDes mots.\n\n![bg left](images/grand.svg)\n\n" + FIGURE + "\n"),
    "pretty words": Sample(HEAD + "# L'été - *là*\n\n- « un » <b>deux</b>\n\n---\n\n"
                           "# Fin\n\n| a | b |\n| - | - |\n| 1 | 2 |\n"),
}  # fmt: skip


KATEX = Sample(HEAD.replace("lang", "math: katex\nlang") + "# Un\n\nL’aire $\\faux{x}$ ou $\\frac{1$.\n")
EMOJI = Sample(HEAD + "# Un\n\n---\n\n# Deux\n\nBravo 😀\n")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Page]:
    files = {"grand.svg": drawing(20), "faux.svg": b'<svg width="20" height="20"></svg>'}
    return made(tmp_path_factory.mktemp("decks"), FAULTS | GOOD | {"katex": KATEX, "emoji": EMOJI}, files)


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found_at_its_line_and_nothing_else(name: str, pages: dict[str, Page]) -> None:
    sample = FAULTS[name]
    found = pages[name].findings()
    assert [(f.kind, f.slide) for f in found] == [(sample.kind, sample.slide)], "\n".join(map(str, found))
    assert sample.says in found[0].message
    line = next((n for n, text in enumerate(sample.template.split("\n"), 1) if sample.at and sample.at in text), 0)
    assert (found[0].path.name, found[0].line) == ("slides.fr.md.j2", line), found[0]


@pytest.mark.parametrize("name", GOOD)
def test_a_good_deck_has_no_fault(name: str, pages: dict[str, Page]) -> None:
    assert list(map(str, pages[name].findings())) == []


def test_what_marp_fetches_from_elsewhere_is_told_once_a_host(pages: dict[str, Page]) -> None:
    fonts, first, second = pages["katex"].findings()
    assert (fonts.kind, fonts.slide, fonts.line) == ("network", 0, 0)
    assert "more there, refused" in fonts.message
    assert [(f.kind, f.slide, f.line) for f in (first, second)] == [("formula", 1, 9)] * 2
    (emoji,) = pages["emoji"].findings()
    assert (emoji.kind, emoji.slide) == ("network", 2)


def test_many_texts_too_low_are_one_fault(tmp_path: Path) -> None:
    long = Sample(HEAD + "# Un\n\n" + "".join(f"Ligne {n}.\n\n" for n in range(30)))
    (found,) = made(tmp_path, {"long": long}, {})["long"].findings()
    assert found.kind == "overflow"
    assert " more after it; shorten" in found.message
    assert f"'Ligne {(found.line - 8) // 2}.'" in found.message


def test_small_letters_are_judged_as_on_a_wide_slide(tmp_path: Path) -> None:
    figure = "{{ image('grand.svg', alt='Un mot.', width=400, height=200) }}\n"
    samples = {"wide": Sample(HEAD + "# Un\n\n" + figure),
               "square": Sample(HEAD.replace("lang", "size: 4:3\nlang") + "# Un\n\n" + figure)}  # fmt: skip
    pages = made(tmp_path, samples, {"grand.svg": drawing(12)})
    assert [f.message.split(" has ")[1][:20] for f in pages["wide"].findings()] == ["text of 12.0 px, 'un"]
    assert pages["square"].findings() == []


def test_marp_makes_as_many_slides_as_are_placed(tmp_path: Path) -> None:
    for number, (text, _) in enumerate(BREAKS):
        (tmp_path / f"{number}.md").write_text(text, encoding="utf-8")
    convert([str(path) for path in tmp_path.glob("*.md")])
    for number, (text, count) in enumerate(BREAKS):
        page = (tmp_path / f"{number}.html").read_text(encoding="utf-8")
        assert page.count("<svg data-marpit-svg") == count == len(split(text)), text


def test_findings_are_lines_for_people_and_data_for_programs(
        pages: dict[str, Page], monkeypatch: pytest.MonkeyPatch) -> None:
    page = pages["no title"]
    monkeypatch.chdir(page.places[0].path.parent)
    (found,) = page.findings()
    message = "the slide has no title; begin it with a heading such as `## …`"
    assert str(found) == f"slides.fr.md.j2:10: slide 2: {message}"
    assert found.data() == {"file": "slides.fr.md.j2", "line": 10, "slide": 2, "kind": "title", "message": message}


def test_without_places_the_page_itself_is_named(pages: dict[str, Page]) -> None:
    html = pages["no title"].html
    (found,) = check(html, [])
    assert found[:3] == (html, 0, 2)


def test_images_inside_the_page_are_judged_like_files(pages: dict[str, Page], tmp_path: Path) -> None:
    page = pages["small letters"]
    (before,) = page.findings()
    data = base64.b64encode(drawing(20)).decode()
    text = page.html.read_text(encoding="utf-8")
    text = re.sub(r'src="images/[^"]*"', f'src="data:image/svg+xml;base64,{data}"', text)
    (tmp_path / "single.html").write_text(text, encoding="utf-8")
    (found,) = check(tmp_path / "single.html", page.places)
    assert found[:4] == before[:4]
    assert "has text of 12.0 px" in found.message

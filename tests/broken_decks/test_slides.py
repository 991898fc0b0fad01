"""Decks that can be filled, and whose slides are wrong: what Marp would say nothing about."""

from __future__ import annotations

from pathlib import Path

import pytest
from breaking import Broken, each, told, write

from builder.command import main

HEAD = "---\nmarp: true\n---\n\n"
BROKEN = {
    "empty": Broken("", "slides.fr.md.j2", "no slide"),
    "no slide": Broken("---\nmarp: true\n---\n\n{% set a = 1 %}\n<!-- a note -->\n", "slides.fr.md.j2", "no slide"),
    "unknown theme": Broken("---\nmarp: true\ntheme: gaya\n---\n\n# A\n", "slides.fr.md.j2:3", "no theme 'gaya'",
                            "did you mean 'gaia'?"),
    "a front matter without an end": Broken("---\nmarp: true\n\n# A\n", "slides.fr.md.j2:1", "has no end"),
    "a front matter that is no YAML": Broken("---\nmarp: true\nfooter Chez nous\n---\n\n# A\n", "slides.fr.md.j2:3",
                                             "'footer Chez nous' in the front matter is no `name: value`"),
    "a colon in the front matter": Broken("---\nmarp: true\ntitle: Un mot: deux\n---\n\n# A\n", "slides.fr.md.j2:3",
                                          "quotes"),
    "an open quote in the front matter": Broken('---\nmarp: true\ntitle: "Un mot\n---\n\n# A\n', "slides.fr.md.j2:3",
                                                "quote"),
    "a first slide that is read as front matter": Broken("---\n\n# A\n\n---\n\n# B\n", "slides.fr.md.j2:1",
                                                         "is read as front matter"),
    "a slide break in a note": Broken(HEAD + "# A\n\n{% filter note %}\nb\n\n---\n\nc\n{% endfilter %}\n",
                                      "slides.fr.md.j2:7", "slide break in a note", "write {% endfilter %}"),
    "a picture of Markdown that is not there": Broken(HEAD + "# A\n\n![une photo](photo.png)\n", "slides.fr.md.j2:7",
                                                      "no file 'photo.png'"),
    "a picture of Markdown beside the template": Broken(
        HEAD + "# A\n\n![une photo](photo.png)\n", "slides.fr.md.j2:7", "image(", files={"photo.png": b"x"}),
    "no alt text": Broken('\n{{ image("a.svg", width=9) }}', "slides.fr.md.j2:2", "image: alt is missing",
                          files={"a.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>"}),
    "no width": Broken('\n{{ image("a.svg", alt="a") }}', "slides.fr.md.j2:2", "image: width is missing",
                       files={"a.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>"}),
}  # fmt: skip

test_one_fault_is_told_and_the_last_deck_stays = each(BROKEN)


GOOD = {
    "a byte order mark": b"\xef\xbb\xbf---\r\nmarp: true\r\n---\r\n\r\n# A\r\n",
    "Windows' line ends": b"---\r\nmarp: true\r\n---\r\n\r\n# A\r\n\r\n---\r\n\r\n# B\r\n",
    "a front matter of all kinds": b"---\nmarp: true\n# c\ntitle: 'Un mot: deux'\nstyle: |\n  h1 { color: red }\n"
                                   b"keywords:\n  - a\nurl: http://a.b/c\n---\n# A\n",
    "no front matter": b"# A\n\n---\n\n# B\n",
    "a heading underlined": b"A\n---\n\ntext\n",
}  # fmt: skip


@pytest.mark.parametrize("kind", GOOD)
def test_what_is_no_fault_is_built(deck: Path, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    write(deck, {"slides.fr.md.j2": GOOD[kind]})
    assert main(["talk", "-j", "1"]) == 0, capsys.readouterr().err


def test_a_fault_behind_windows_line_ends_has_its_line(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(deck, {"slides.fr.md.j2": "\ufeff# A\r\n\r\n{{ titr }}\r\n"})
    assert told(capsys)[1]["faults"][0]["line"] == 3

"""The documents' links, and that each kind of broken one is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs import links

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize("path", links.documents(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_of_a_document_leads_somewhere(path: Path) -> None:
    wrong = [f"{path.name}:{link.line}: {link.target} {said}" for link in links.of_markdown(path)
             if (said := links.fault(link, ROOT))]  # fmt: skip
    assert not wrong, "\n".join(wrong)


def test_the_documents_that_people_read_are_among_them() -> None:
    names = {path.relative_to(ROOT).as_posix() for path in links.documents()}
    assert {"README.md", "CHANGELOG.md", "SECURITY.md", "docs/present.md", "docs/how-it-works.md"} <= names
    assert sum(1 for _ in links.of_markdown(ROOT / "README.md")) > 5


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "there.md").write_text("# One\n\n## Two `words`, here!\n\n## Same\n\n## Same\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(("text", "said"), [
    ("[a](there.md)", None),
    ("[a](there.md#two-words-here)", None),
    ("[a](there.md#same-1)", None),
    ("[a](https://example.org/x#y)", None),
    ("[![b](there.md)](there.md#one)", None),
    ("`[a](gone.md)`", "no link"),
    ("```md\n[a](gone.md)\n```", "no link"),
    ("[a](gone.md)", "is not there"),
    ("![a](gone.png)", "is not there"),
    ('<img src="gone.png">', "is not there"),
    ("[![b](there.md)](gone.md)", "is not there"),
    ("[a](there.md#three)", "no such anchor"),
    ("[a](there.md#same-2)", "no such anchor"),
    ("[a](../outside.md)", "leads outside"),
    ("[a](https://)", "names no host"),
    ("[a](htps://example.org)", "has the scheme 'htps'"),
])  # fmt: skip
def test_a_broken_link_of_markdown_is_found(folder: Path, text: str, said: str | None) -> None:
    path = folder / "page.md"
    path.write_text(f"# Page\n\n{text}\n", encoding="utf-8")
    found = list(links.of_markdown(path))
    if said == "no link":
        assert not found
        return
    told = [links.fault(link, folder) for link in found]
    assert all(link.line == 3 for link in found)
    assert [one for one in told if one] == [] if said is None else any(one and said in one for one in told), told


@pytest.mark.parametrize(("html", "said"), [
    ('<a href="other.html#here">', None),
    ('<a href="#mine" id="mine">', None),
    ('<a href="https://example.org">', None),
    ('<a href="other.html#gone">', "no such anchor"),
    ('<a href="#gone">', "no such anchor"),
    ('<img src="gone.svg">', "is not there"),
    ('<img src="https://example.org/a.svg">', "is loaded from a network"),
    ('<script src="https://example.org/a.js"></script>', "is loaded from a network"),
    ('<link rel="stylesheet" href="//example.org/a.css">', "scheme"),
    ('<a href="javascript:alert(1)">', "scheme"),
])  # fmt: skip
def test_a_broken_link_of_the_site_is_found(tmp_path: Path, html: str, said: str | None) -> None:
    (tmp_path / "other.html").write_text('<p id="here">', encoding="utf-8")
    (tmp_path / "index.html").write_text(html, encoding="utf-8")
    told = [links.fault(link, tmp_path) for link in links.of_site(tmp_path)]
    assert len(told) == 1
    assert told[0] is None if said is None else said in (told[0] or ""), told


def test_a_style_sheet_that_asks_a_network_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("/* url(x) */ p { src: url('https://example.org/a.ttf') }", encoding="utf-8")
    assert [links.fault(link, tmp_path) for link in links.of_site(tmp_path)] == ["is loaded from a network"]


def test_a_site_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert links.main([str(tmp_path / "gone")]) == 1
    assert "no site in" in capsys.readouterr().err

"""What a template includes, and what figures are given, lies in the deck's folder."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from deck.within import inside, parameters_inside

OUTSIDE = {
    "up": '{% include "../secret.md" %}',
    "up and up": '{% include "../../../../../../../../etc/passwd" %}',
    "absolute": '{% include "/etc/passwd" %}',
    "a link": '{% include "link.md" %}',
    "a link to a folder": '{% include "links/secret.md" %}',
    "down and up": '{% include "sub/../../secret.md" %}',
    "missing and ignored": '{% include "../secret.md" ignore missing %}',
    "computed": '{% include ".." ~ "/secret.md" %}',
    "computed, missing and ignored": '{% include ["." ~ "./secret.md", "link.md"] ignore missing %}',
    "from a list": '{% include ["nowhere.md", "link.md"] %}',
    "imported": '{% import "../secret.md" as secret %}{{ secret }}',
    "imported from": '{% from "../secret.md" import a %}',
    "extended": '{% extends "../secret.md" %}',
    "a device": '{% include "/dev/zero" %}',
    "a folder": '{% include "." %}',
    "a zero byte": '{% include "a\\x00b" %}',
}  # fmt: skip


@pytest.mark.parametrize("way", OUTSIDE)
def test_no_file_outside_of_the_deck_is_included(folder: Path, way: str, refused: Callable) -> None:
    fault = refused(folder, "\n" + OUTSIDE[way])
    assert fault.line == 2, fault


def test_a_pipe_is_no_template(folder: Path, refused: Callable) -> None:
    os.mkfifo(folder / "pipe.md")
    assert "'pipe.md' is no file" in str(refused(folder, '{% include "pipe.md" %}'))
    assert "'pipe.md' is no file" in str(refused(folder, '{% include "pipe" ~ ".md" %}'))


def test_a_path_is_inside_when_its_links_followed_it_is(folder: Path, refused: Callable) -> None:
    (folder / "sub").mkdir()
    (folder / "near").symlink_to(folder / "sub")
    (folder / "round").symlink_to(folder / "round")
    assert inside(folder, "sub/../a.png") == folder.resolve() / "a.png"
    assert inside(folder, "near/a.png") == folder.resolve() / "sub" / "a.png"
    for name in ("../secret.md", "/etc/passwd", "link.md", "links/secret.md", ".."):
        with pytest.raises(ValueError, match="lies outside of the deck's folder"):
            inside(folder, name)
    with pytest.raises(ValueError, match="is no path"):
        inside(folder, "a\0b")
    assert "SECRET" not in str(refused(folder, '\n{% include "round" %}'))


def test_figures_are_given_files_of_the_deck_only(folder: Path) -> None:
    (folder / "mine.png").touch()
    (folder.parent / "theirs.png").touch()
    parameters_inside(folder, {"image": "mine.png", "word": "paper", "grid": [[1.5]], "s": "0.5", "t": "nobody.png"})
    for value in ("../secret.md", "/etc/hosts", "theirs.png", "link.md", "links/theirs.png"):
        for parameter in (value, [value], {"a": (value,)}):
            with pytest.raises(ValueError, match=r"image: .* (lies outside|is a file of the current folder)"):
                parameters_inside(folder, {"image": parameter})

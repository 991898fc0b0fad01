"""Texts that must fit do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from matplotlib.axes import Axes

from figures.style import slide_figure, style
from figures.typesetting import broken, largest, width_of, write_lines

SENTENCE = "à mettre en fin de réseau pour prédire une probabilité (entre 0 et 1)"


@pytest.fixture
def axes() -> Iterator[Axes]:
    with style():
        yield slide_figure(1136, 500)[1]


def test_measuring_leaves_nothing_behind(axes: Axes) -> None:
    assert width_of(axes, "wide", 19) > width_of(axes, "wi", 19) > 0
    assert width_of(axes, "wide", 28) > width_of(axes, "wide", 19)
    assert not axes.texts


@pytest.mark.parametrize("room", [120, 200, 350, 2000])
def test_lines_fit_and_lose_no_word(axes: Axes, room: float) -> None:
    lines = broken(axes, SENTENCE, room)
    assert " ".join(lines) == SENTENCE
    assert all(width_of(axes, line) <= room + 2 for line in lines)
    assert (len(lines) == 1) == (room == 2000)


def test_lines_are_as_even_as_they_can_be(axes: Axes) -> None:
    whole = width_of(axes, "aaaa aaaa aaaa aaaa")
    assert broken(axes, "aaaa aaaa aaaa aaaa", 0.9 * whole) == ["aaaa aaaa", "aaaa aaaa"]


def test_no_break_at_a_no_break_space(axes: Axes) -> None:
    assert broken(axes, "un\u00a0deux\u202ftrois", 10) == ["un\u00a0deux\u202ftrois"]
    assert broken(axes, "un deux", 1) == ["un", "deux"]


def test_the_largest_size_that_fits(axes: Axes) -> None:
    room = width_of(axes, "profondeur", 22)
    assert largest(axes, ["profondeur", "x"], room, (28, 22, 19)) == 22
    assert largest(axes, ["profondeur"], 10, (28, 22)) is None


def test_lines_are_written_below_each_other(axes: Axes) -> None:
    last = write_lines(axes, 100, 50, ["un", "deux", "trois"], 20, leading=1.5)
    assert [t.get_position()[1] for t in axes.texts] == [50, 80, 110]
    assert last == 110

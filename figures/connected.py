"""The drawing of a fully connected network: columns of neurons, and a line for every weight between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from figures.flow import END, INSIDE
from figures.language import Words
from figures.parts import disc, weighted, write
from figures.style import BLUE, BLUE_TEXT, GREEN, GREEN_TEXT, MUTED, PURPLE, PURPLE_TEXT, SMALL, TEXT
from figures.typesetting import largest, width_of

MOST = 8  # neurons drawn in one column: a higher layer is abbreviated
ENDS = 3  # neurons drawn above and below the ellipsis
APART = 22  # px between full names, so that they do not read as one line
LARGEST_RADIUS, LARGEST_PITCH = 30.0, 100.0

ROLES = {"input": (BLUE, BLUE_TEXT), "hidden": (PURPLE, PURPLE_TEXT), "output": (GREEN, GREEN_TEXT)}


class Column(NamedTuple):
    """One layer on the slide: how many neurons it has, where the drawn ones stand, the middle of its ellipsis."""

    neurons: int
    spots: dict[int, tuple[float, float]]
    gap: tuple[float, float] | None


class Grid(NamedTuple):
    """How far apart neurons stand in a column, and how large they are, px."""

    pitch: float
    radius: float


def role(layer: int, layers: int) -> str:
    """What a layer is: "input", "hidden" or "output"."""
    return "input" if layer == 0 else "output" if layer == layers - 1 else "hidden"


def grid(sizes: Sequence[int], step: float, height: float) -> Grid:
    """Places and neurons as large as columns `step` px apart and a drawing `height` px high allow."""
    rows = max(min(size, MOST) for size in sizes)
    radius = min(LARGEST_RADIUS, 0.38 * height / rows, 0.22 * step)
    return Grid(min((height - 2 * radius) / max(rows - 1, 1), LARGEST_PITCH), radius)


def columns(sizes: Sequence[int], xs: Sequence[float], middle: float, pitch: float) -> list[Column]:
    """Each layer centred on the height `middle`."""
    return [_column(size, x, middle, pitch) for size, x in zip(sizes, xs, strict=True)]


def _column(size: int, x: float, middle: float, pitch: float) -> Column:
    if size <= MOST:
        return Column(size, {i: (x, middle + (i - (size - 1) / 2) * pitch) for i in range(size)}, None)
    upper = {i: (x, middle + (i - ENDS) * pitch) for i in range(ENDS)}
    lower = {size - ENDS + i: (x, middle + (i + 1) * pitch) for i in range(ENDS)}
    return Column(size, upper | lower, (x, middle))


def connect(axes: Axes, before: Column, after: Column, weight: NDArray[Any], radius: float, *,
            kept: tuple[NDArray[np.bool_], NDArray[np.bool_]] | None = None) -> int:
    """A line for each weight between drawn neurons, where `kept` only between those left; returns how many."""
    lines = 0
    # The large weights last: they may cross the small ones, not the other way round.
    pairs = [(i, j) for i in before.spots for j in after.spots if kept is None or (kept[0][i] and kept[1][j])]
    for i, j in sorted(pairs, key=lambda pair: abs(float(weight[pair[1], pair[0]]))):
        weighted(axes, before.spots[i], after.spots[j], float(weight[j, i]), gap=radius + 1, z=2 + lines * 1e-4)
        lines += 1
    return lines


def ellipsis(axes: Axes, column: Column, pitch: float) -> None:
    """Three dots for the neurons that are not drawn."""
    if column.gap is not None:
        for k in (-1, 0, 1):
            disc(axes, column.gap[0], column.gap[1] + 0.24 * k * pitch, 3, MUTED, "none", z=5)


def name_layers(axes: Axes, words: Words, sizes: Sequence[int], xs: Sequence[float], y: float, *,
                both: bool = True, foot: float = 60) -> None:
    """The name of each layer under its column, the first baseline at y; with `both` in English below it.

    The neurons of abbreviated columns are counted `foot` px below. Names that would touch become short; hidden layers
    whose short names do not fit are named together.
    """
    middle = [(first + last) / 2 for first, last in ((xs[0], xs[0]), (xs[1], xs[-2]), (xs[-1], xs[-1]))]
    outer = 2 * min(xs[0], axes.get_xlim()[1] - xs[-1])
    for short, room in (("", min(xs[1] - xs[0] - APART, outer)), ("_short", xs[1] - xs[0] - 8)):
        names = [_layer_name(words, k, len(sizes), short) for k in range(len(sizes))]
        if largest(axes, [name for name, _ in names], room, (TEXT,), "semibold"):
            placed = list(zip(xs, names, range(len(sizes)), strict=True))
            break
    else:
        many = {"count": len(sizes) - 2}
        together = (words.say("network_layers.hidden_all", **many), words.say("network_layers.hidden_all_also", **many))
        placed = [(middle[0], names[0], 0), (middle[1], together, 1), (middle[2], names[-1], len(sizes) - 1)]
    for x, (name, other), k in placed:
        write(axes, x, y, name, TEXT, ROLES[role(k, len(sizes))][1], "semibold")
        if both:
            write(axes, x, y + 21, other, SMALL, MUTED, italic=True)
    for x, size in zip(xs, sizes, strict=True):
        if size > MOST:
            count = words.say("network_layers.neurons", n=size)
            half = width_of(axes, count, SMALL) / 2 + 2
            inside = min(max(x, half), axes.get_xlim()[1] - half)
            write(axes, inside, y + foot, count, SMALL, MUTED)


def name_functions(axes: Axes, words: Words, layers: int, xs: Sequence[float], y: float) -> None:
    """The activation function of each layer but the inputs, as short as its column asks for."""
    inside, end = (words.say(f"activations.{name}") for name in (INSIDE, END))
    for key in ("network_layers.function", "network_layers.function_short"):
        names = [words.say(key, name=inside)] * (layers - 2) + [words.say(key, name=end)]
        if largest(axes, names, xs[1] - xs[0] - 8, (SMALL,)):
            break
    for k, name in enumerate(names, 1):
        write(axes, xs[k], y, name, SMALL, ROLES[role(k, layers)][1])


def _layer_name(words: Words, layer: int, layers: int, short: str) -> tuple[str, str]:
    """Both languages' names of a layer; hidden ones are numbered where there are several."""
    kind = role(layer, layers)
    key = f"network_layers.{kind}{'_numbered' if kind == 'hidden' and layers > 3 else ''}{short}"
    return words.say(key, n=layer), words.say(f"{key}_also", n=layer)

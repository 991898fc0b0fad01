"""The two rows of slide 3: a neuron in symbols and in numbers, their columns aligned."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from numpy.typing import NDArray

from figures.language import Words
from figures.neuron_curve import draw_curve
from figures.parts import arrow, disc, in_middle, tint, weighted, write
from figures.style import (
    BLUE,
    BLUE_TEXT,
    GREEN,
    GREEN_TEXT,
    HEADING,
    HEAVY,
    INK,
    LARGE,
    MUTED,
    ORANGE_TEXT,
    POINTS,
    PURPLE,
    PURPLE_TEXT,
    SHADE,
    SMALL,
    TEXT,
    colour,
    readable_on,
)  # fmt: skip
from figures.typesetting import broken, largest, width_of

INPUT, WEIGHT, PRODUCT, NEURON, OUTPUT = 152, 282, 404, 738, 1070  # x of the columns
ROWS, HIGHEST, INPUT_RADIUS, NEURON_RADIUS, OUTPUT_RADIUS = 196, 66, 28, 92, 40
TERM = 452  # right end of the products
STADIUM, HALF = (542, 934), 80  # its left and right end, and half its height
SUM = 640  # middle of the sum


class Example(NamedTuple):
    """A neuron's numbers: inputs, weights and products (n,), float64; the sum with the bias, and f of it."""

    inputs: NDArray[np.float64]
    weights: NDArray[np.float64]
    bias: float
    products: NDArray[np.float64]
    total: float
    output: float


def draw_symbols(axes: Axes, words: Words, count: int, *, middle: float, bias: bool) -> None:
    """x and w into f(Σ w x), y out of it."""
    heights, radius = _slots(count + bias, middle)
    for x, key, fill in ((INPUT, "inputs", BLUE_TEXT), (WEIGHT, "weights", INK), (NEURON, "neuron", PURPLE_TEXT),
                         (OUTPUT, "output", GREEN_TEXT)):
        write(axes, x, 20, words.say(f"neuron.{key}"), HEADING, fill, "semibold")
    size = max(SMALL, min(LARGE - 2, 0.95 * radius))
    for i, y in enumerate(heights[:count], 1):
        end = _on_rim(y, middle, NEURON, NEURON_RADIUS + 3)
        share = (WEIGHT - INPUT) / (end[0] - INPUT)
        arrow(axes, (INPUT + radius, y + (end[1] - y) * radius / (end[0] - INPUT)), end, MUTED)
        write(axes, WEIGHT, in_middle(y + share * (end[1] - y), size) - 2, f"$w_{i}$", size, halo=7, z=7)
        disc(axes, INPUT, y, radius, tint(BLUE, 0.55), BLUE)
        write(axes, INPUT, in_middle(y, size) - 2, f"$x_{i}$", size, readable_on(tint(BLUE, 0.55)))
    if bias:
        write(axes, PRODUCT, in_middle(heights[-1], size), "$b$", size)
        arrow(axes, (PRODUCT + 18, heights[-1]), _on_rim(heights[-1], middle, NEURON, NEURON_RADIUS + 3), MUTED)
    disc(axes, NEURON, middle, NEURON_RADIUS, tint(PURPLE, 0.82), PURPLE)
    formula = rf"$f\left(\sum_{{i=1}}^{{{count}}} w_i\,x_i{' + b' if bias else ''}\right)$"
    size = largest(axes, [formula], 2 * NEURON_RADIUS - 22, (30, 27, 24, 21)) or TEXT
    write(axes, NEURON, middle, formula, size, va="center")
    arrow(axes, (NEURON + NEURON_RADIUS, middle), (OUTPUT - OUTPUT_RADIUS - 3, middle))
    disc(axes, OUTPUT, middle, OUTPUT_RADIUS, tint(GREEN, 0.55), GREEN)
    write(axes, OUTPUT, in_middle(middle, LARGE) - 4, "$y$", LARGE, readable_on(tint(GREEN, 0.55)))


def draw_example(axes: Axes, words: Words, example: Example, *, middle: float, activation: str) -> None:
    """The numbers in, each product, the sum, f, the output."""
    heights, radius = _slots(example.inputs.size + (example.bias != 0), middle)
    write(axes, 4, in_middle(middle, HEADING), words.say("neuron.example"), HEADING, SHADE, "semibold", ha="left")
    size = max(SMALL, min(HEADING, 0.95 * radius))
    for y, x, w, product in zip(heights, example.inputs, example.weights, example.products, strict=False):
        _product(axes, words, y, (float(x), float(w), float(product)), radius, size)
        _into_stadium(axes, y, middle)
    if example.bias:
        write(axes, WEIGHT, in_middle(heights[-1], size), words.say("neuron.bias"), size)
        _term(axes, words, heights[-1], example.bias, size)
        _into_stadium(axes, heights[-1], middle)
    left, right = STADIUM
    stadium(axes, left, middle - HALF, right, middle + HALF, tint(PURPLE, 0.82), PURPLE)
    _sum(axes, words, example, middle)
    arrow(axes, (SUM + 84, middle), (SUM + 112, middle), PURPLE, head=12)
    draw_curve(axes, words, example.total, example.output, middle=middle, activation=activation)
    arrow(axes, (right + 1, middle), (OUTPUT - OUTPUT_RADIUS - 3, middle))
    disc(axes, OUTPUT, middle, OUTPUT_RADIUS, tint(GREEN, 0.55), GREEN)
    text = words.number(example.output)
    size = largest(axes, [text], 1.75 * OUTPUT_RADIUS, (LARGE, HEADING, TEXT), "bold") or SMALL
    write(axes, OUTPUT, in_middle(middle, size), text, size, readable_on(tint(GREEN, 0.55)), "bold")


def _slots(count: int, middle: float) -> tuple[list[float], float]:
    """Heights of `count` rows round `middle`, and the radius of a disc in one."""
    pitch = min(HIGHEST, ROWS / count)
    return [middle + (i - (count - 1) / 2) * pitch for i in range(count)], min(INPUT_RADIUS, 0.44 * pitch)


def _on_rim(y: float, middle: float, centre: float, radius: float) -> tuple[float, float]:
    """Where an arrow from the height y ends on the left half of a circle: nearer to its middle than it starts."""
    rise = 0.55 * (y - middle)
    return centre - float(np.sqrt(radius * radius - rise * rise)), middle + rise


def stadium(axes: Axes, left: float, top: float, right: float, bottom: float, fill: str, edge: str) -> None:
    """A rectangle with half circles at both ends."""
    r, middle = (bottom - top) / 2, (top + bottom) / 2
    c = 0.5522847 * r  # how far a Bézier curve's handles reach to make a quarter of a circle
    a, b = left + r, right - r
    corners = [(a, top), (b, top), (b + c, top), (right, middle - c), (right, middle),
               (right, middle + c), (b + c, bottom), (b, bottom), (a, bottom), (a - c, bottom),
               (left, middle + c), (left, middle), (left, middle - c), (a - c, top), (a, top)]  # fmt: skip
    codes = [Path.MOVETO, Path.LINETO] + 6 * [Path.CURVE4] + [Path.LINETO] + 6 * [Path.CURVE4]
    axes.add_patch(PathPatch(Path(corners, codes), facecolor=colour(fill), edgecolor=colour(edge), lw=HEAVY * POINTS,
                             zorder=4))


def _product(axes: Axes, words: Words, y: float, numbers: tuple[float, float, float], radius: float,
             size: float) -> None:
    """An input, the line that multiplies it, what comes out."""
    value, weight, product = numbers
    text = words.number(value)
    fitting = largest(axes, [text], 1.8 * radius, (size, TEXT, SMALL), "semibold") or SMALL
    half = max(radius, width_of(axes, text, fitting, "semibold") / 2 + 8)  # a disc, drawn out where a number is long
    stadium(axes, INPUT - half, y - radius, INPUT + half, y + radius, tint(BLUE, 0.55), BLUE)
    write(axes, INPUT, in_middle(y, fitting), text, fitting, readable_on(tint(BLUE, 0.55)), "semibold")
    times = words.say("neuron.times", weight=words.signed(weight))
    aside = width_of(axes, times, size, "semibold") / 2 + 6
    weighted(axes, (INPUT + half + 1, y), (WEIGHT - aside, y), weight)
    write(axes, WEIGHT, in_middle(y, size), times, size, BLUE_TEXT if weight >= 0 else ORANGE_TEXT, "semibold")
    left = _term(axes, words, y, product, size)
    if left - WEIGHT - aside > 16:
        weighted(axes, (WEIGHT + aside, y), (left - 8, y), weight)


def _term(axes: Axes, words: Words, y: float, value: float, size: float) -> float:
    """A term of the sum, at the arrow that takes it there; returns its left end."""
    text = _equals(words, value)
    write(axes, TERM, in_middle(y, size), text, size, weight="semibold", ha="right")
    return TERM - width_of(axes, text, size, "semibold")


def _equals(words: Words, value: float) -> str:
    """« = 0,7 », or « ≈ 0,667 » where three decimals are not all."""
    exact = abs(round(value, 3) - value) < 1e-9
    return words.say("neuron.equals" if exact else "neuron.about", value=words.number(value))


def _into_stadium(axes: Axes, y: float, middle: float) -> None:
    arrow(axes, (TERM + 10, y), _on_rim(y, middle, STADIUM[0] + HALF, HALF + 3), MUTED)


def _sum(axes: Axes, words: Words, example: Example, middle: float) -> None:
    terms = [float(term) for term in example.products] + [example.bias] * (example.bias != 0)
    text = " ".join([words.number(terms[0]), *(words.say(f"neuron.{'plus' if term >= 0 else 'minus'}",
                                                         term=abs(term)) for term in terms[1:])])
    size = TEXT if width_of(axes, text, TEXT) <= 320 else SMALL
    lines = broken(axes, text, 164, size)
    for k, part in enumerate(lines):
        write(axes, SUM, middle - 10 - (len(lines) - 1 - k) * 1.25 * size, part, size, INK)
    total = _equals(words, example.total)
    write(axes, SUM, middle + 28, total, LARGE, PURPLE_TEXT, "bold")

"""Numbers beside the scales of slide 7: which ones, how written, and where they do not touch."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import NamedTuple

from matplotlib.axes import Axes

from figures.language import MINUS, Words
from figures.style import SMALL
from figures.typesetting import width_of

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
APART = 8.0  # px between two labels


class Label(NamedTuple):
    """A number below the axis, in one of two rows; `knot` or not."""

    x: float
    text: str
    row: int
    knot: bool


def nice_ticks(low: float, high: float, least: float) -> list[float]:
    """The multiples of 1, 2 or 5 times a power of ten in [low, high] that are at least `least` apart."""
    step = 1.0
    while step >= least:
        step /= 10.0
    while step < least:
        step *= 10.0
    step = next(s for s in (step / 5.0, step / 2.0, step) if s >= least)
    slack = 0.02 * (high - low)  # a curve that all but touches zero shall have its 0
    first, last = -int(-(low - slack) // step), int((high + slack) // step)
    return [k * step for k in range(first, last + 1)]


def tick_texts(words: Words, ticks: Sequence[float]) -> list[str]:
    """The numbers of one scale: plain, or typeset with a common power of ten where they are very large or small."""
    largest = max(map(abs, ticks), default=0.0)
    if 1e-2 < largest < 1e5 or largest == 0.0:
        return [words.number(tick) for tick in ticks]
    power, unit = 0, 1.0
    while largest * unit >= 10.0:
        power, unit = power + 1, unit / 10.0
    while largest * unit < 0.999:
        power, unit = power - 1, unit * 10.0
    return [rf"${words.math(tick * unit)}{{\times}}10^{{{power}}}$" if tick else words.number(0) for tick in ticks]


def end_text(words: Words, end: float, interval: tuple[float, float]) -> str:
    """An end of the interval, with as many decimals as it takes."""
    return words.number(end, decimals(interval) if decimals(interval) > 3 else None)


def significant(words: Words, value: float, figures: int = 2, *, typeset: bool = False) -> str:
    """So many significant digits, as 0,0037; very small or large ones with a power of ten, in letters or typeset."""
    if value < 1e-12:
        return words.number(0)
    power, leading = 0, value
    while leading < 1.0 - 0.05 / 10 ** (figures - 1):  # 0.0996 is 0.10
        power, leading = power - 1, leading * 10.0
    while leading >= 10.0:
        power, leading = power + 1, leading / 10.0
    if 1e-3 <= value < 1e5:
        return words.number(value, max(0, figures - 1 - power))
    alone = figures == 1 and round(leading) == 1
    if typeset:  # the typeface has no raised minus
        return f"${'' if alone else words.math(leading, figures - 1) + chr(92) + 'times '}10^{{{power}}}$"
    return f"{'' if alone else words.number(leading, figures - 1) + ' × '}10{str(power).translate(SUPERSCRIPTS)}"


def decimals(interval: tuple[float, float]) -> int:
    """How many decimals place a knot on the interval to about a pixel."""
    digits, span = 0, interval[1] - interval[0]
    while span < 100.0 and digits < 6:
        digits, span = digits + 1, span * 10.0
    return digits


def knot_texts(words: Words, knots: Sequence[float], interval: tuple[float, float]) -> list[str]:
    """The places of the knots, all with as many decimals; zero is « 0 »."""
    digits = decimals(interval)
    zero = words.number(0, digits)
    return ["0" if text in (zero, MINUS + zero) else text for text in (words.number(k, digits) for k in knots)]


def knot_labels(axes: Axes, words: Words, knots: Sequence[float], interval: tuple[float, float],
                place: Callable[[float], float]) -> list[Label]:
    """The knots in one row, or two where they are close; none if even so they touch. Then the ends, and 0."""
    written = list(zip([place(k) for k in knots], knot_texts(words, knots, interval), strict=True))
    rows = next((n for n in (1, 2) if _fit(axes, [written[row::n] for row in range(n)])), 0)
    labels = [Label(x, text, i % rows, True) for i, (x, text) in enumerate(written)] if rows else []
    others = [*interval, 0.0] if interval[0] < 0.0 < interval[1] else interval
    for value in others:
        extra = place(value), end_text(words, value, interval)
        first = [(label.x, label.text) for label in labels if label.row == 0]
        if _fit(axes, [sorted([*first, extra])]):
            labels.append(Label(*extra, 0, False))
    return labels


def _fit(axes: Axes, rows: Sequence[Sequence[tuple[float, str]]]) -> bool:
    """Whether no two labels of a row touch."""
    for row in rows:
        edges = [(x, width_of(axes, text, SMALL, "semibold") / 2) for x, text in row]
        if any(b - a < half + other + APART for (a, half), (b, other) in itertools.pairwise(edges)):
            return False
    return True

"""Slide 7, the names of its lines: written beside the first panel, where each line begins."""

from __future__ import annotations

from matplotlib.axes import Axes

from figures.approximation_network import Approximation
from figures.approximation_scales import BOTTOM, Strips
from figures.approximation_target import Target
from figures.language import Words
from figures.parts import write
from figures.style import BLUE_TEXT, MUTED, ORANGE_TEXT, PURPLE_TEXT, SMALL, TEXT
from figures.typesetting import largest, write_lines

APART, NAME = 27.0, 20.0  # px between two baselines; size of the two names
HIGHEST = 62.0  # px, the first baseline under the headings


def name_lines(axes: Axes, words: Words, target: Target, network: Approximation, scale: Strips, x: float, *,
               knots: bool) -> None:
    """Target and network, what the neurons add and at what scale, and the row of the knots if any; all end at x."""
    lowest = _name_neurons(axes, words, scale, x) - 36
    _name_curves(axes, words, target, network, scale, x, lowest)
    if knots:
        text = words.say("universal_approximation.knots", count=network.knots.size)
        write(axes, x - 12, BOTTOM + 22, text, SMALL, ORANGE_TEXT, "semibold", ha="right")


def _name_neurons(axes: Axes, words: Words, scale: Strips, x: float) -> float:
    """Beside the middle of their strip; returns the first baseline."""
    lines = words.say("universal_approximation.added").split("\n")
    first = min((scale.added(scale.least) + scale.added(scale.most)) / 2 - 30, BOTTOM - 54 - 24 * len(lines))
    last = write_lines(axes, x, first, lines, TEXT, PURPLE_TEXT, "semibold", ha="right", leading=1.26)
    write(axes, x, last + 25, r"$v\,$ReLU$(wx+b)$", SMALL, PURPLE_TEXT, ha="right")
    key = "same_scale" if scale.reduction == 1 else "reduced"
    note = words.say(f"universal_approximation.{key}", factor=scale.reduction)
    write(axes, x, last + 48, note, SMALL, MUTED, ha="right")
    return first


def _name_curves(axes: Axes, words: Words, target: Target, network: Approximation, scale: Strips, x: float,
                 lowest: float) -> None:
    """Each name where its line begins, but one below the other and none below `lowest`."""
    say = "universal_approximation"
    name = words.say(f"{say}.target" if target.formula else f"{say}.{target.name}", formula=target.formula,
                     count=target.x.size)
    parts = words.say(f"{say}.sum").split("\n")
    size = largest(axes, [name], x - 2, (NAME, 18), "semibold") or SMALL
    named = [(float(target.curve[1, 0]), [(name, size, BLUE_TEXT, "semibold")]),
             (float(network.values[0]), [(words.say(f"{say}.network"), NAME, ORANGE_TEXT, "semibold"),
                                         *((part, SMALL, MUTED, "regular") for part in parts)])]  # fmt: skip
    if scale.curve(named[0][0]) > scale.curve(named[1][0]) + APART / 2:
        named.reverse()
    heights = [APART + 21 * (len(lines) - 1) for _, lines in named]
    y = scale.curve(named[0][0]) / 2 + scale.curve(named[1][0]) / 2 - heights[0] / 2 + 6
    y = min(scale.curve(named[0][0]) + 6, max(y, scale.curve(named[1][0]) + 6 - heights[0]))
    y = max(HIGHEST - 6, min(y, lowest - sum(heights) + APART))
    for (value, lines), height in zip(named, heights, strict=True):
        y = max(y, min(scale.curve(value) + 6, lowest - sum(heights) + APART))
        for k, (text, size, fill, weight) in enumerate(lines):
            write(axes, x, y + 21 * k, text, size, fill, weight, ha="right")
        y += height

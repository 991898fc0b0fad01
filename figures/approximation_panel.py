"""Slide 7, one network: target and broken line above, what each neuron adds below, in one vertical unit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from figures.approximation_network import Approximation, Array
from figures.approximation_scales import BOTTOM, Place, Strips
from figures.approximation_target import Target
from figures.approximation_ticks import knot_labels, significant
from figures.language import Words
from figures.parts import area, arrow, disc, in_middle, line, tint, write
from figures.style import (
    BLUE,
    HAIRLINE,
    HEADING,
    HEAVY,
    INK,
    LARGE,
    LIGHT,
    MUTED,
    ORANGE,
    ORANGE_TEXT,
    PAPER,
    PURPLE,
    SHADE,
    SMALL,
    TEXT,
    mix,
)
from figures.typesetting import largest, width_of

HEAD, FOOT = 30.0, 468.0  # baselines of the heading and of the result, px
BADGE = 12.0  # radius of a neuron's number
MOST_DRAWN = 300  # points of the target: more cannot be told apart
ARROW = 20.0  # px by which the axis of x goes on beyond its panel
BAND = 8.0  # width of the target, px: the network stays visible upon it where the two agree
MANY = 16  # knots, from which on they are drawn small


def draw_panel(axes: Axes, words: Words, target: Target, network: Approximation, place: Place, scale: Strips,
               heading: float) -> bool:
    """The whole panel of one network; whether its knots' places could be written."""
    middle = place.left + place.width / 2
    write(axes, middle, HEAD, title(words, network), heading, SHADE, "semibold")
    for y, _ in scale.ticks(words):
        line(axes, [(place.left, y), (place.right, y)], HAIRLINE, z=1)
    arrow(axes, (place.left, BOTTOM), (place.right + ARROW, BOTTOM), MUTED, LIGHT, head=9, z=2)
    write(axes, place.right + 0.6 * ARROW, BOTTOM - 9, "x", TEXT, MUTED, italic=True)
    _draw_added(axes, network, place, scale)
    _draw_curves(axes, target, network, place, scale)
    _draw_knots(axes, network, place, scale)
    _draw_result(axes, words, network, middle, place.width)
    return _write_knots(axes, words, network, place)


def write_scale(axes: Axes, words: Words, scale: Strips, between: tuple[float, float], *, last: bool) -> None:
    """The numbers of the hairlines, in the middle of the gap that these cross: they hold for both of its panels."""
    left, right = between
    x = (left + right) / 2
    for y, text in scale.ticks(words):
        write(axes, x, y + 5, text, SMALL, MUTED)
        half = width_of(axes, text, SMALL) / 2 + 6
        if abs(y - BOTTOM) < 1:  # the arrow of the axis goes there
            continue
        for start, end in ((left, x - half), (x + half, x + half if last else right)):
            line(axes, [(start, y), (end, y)], HAIRLINE, z=1)


def pale_blue() -> str:
    """The target's own blue, so much paler than the network that they differ in grey too."""
    return mix(BLUE, share=0.62)


def title(words: Words, network: Approximation) -> str:
    """« Couche cachée à 2 neurones »."""
    key = "title" if network.hidden_bias else "title_without_bias"
    return words.say(f"universal_approximation.{key}", count=network.width)


def heading_size(axes: Axes, titles: Sequence[str], room: float) -> float:
    """The same for all panels."""
    return largest(axes, titles, room, (LARGE, 26, 24, HEADING, 20, TEXT, 18, 17), "semibold") or SMALL


def _draw_added(axes: Axes, network: Approximation, place: Place, scale: Strips) -> None:
    """What each neuron adds: a line that is cut at zero."""
    ends, zero = np.array(place.interval), scale.added(0)
    sloping = []
    # Without biases all knots are at 0: there those that face left come first.
    for neuron in np.lexsort((network.fit.hidden_weight, network.fit.knots)):
        x = np.array([ends[0], min(max(network.fit.knots[neuron], ends[0]), ends[1]), ends[1]])
        added = network.fit.neurons(x)[neuron]
        ramp = np.array([(place.x(at), scale.added(value)) for at, value in zip(x, added, strict=True)])
        area(axes, [*ramp, (place.right, zero), (place.left, zero)], tint(PURPLE, 0.87), z=1.5)
        line(axes, ramp, PURPLE, LIGHT if network.width > MANY else HEAVY, z=3)
        tip = ramp[0] if abs(ramp[0, 1] - zero) > abs(ramp[2, 1] - zero) else ramp[2]
        sloping.append((ramp[1], tip))
    line(axes, [(place.left, zero), (place.right, zero)], MUTED, LIGHT, z=2.5)
    _number_neurons(axes, sloping)


def _number_neurons(axes: Axes, lines: Sequence[tuple[Array, Array]]) -> None:
    """A number on each neuron's line, where they can be told apart."""
    spots: list[Array] = []
    for foot, tip in lines:
        along = [foot + share * (tip - foot) for share in (0.72, 0.86, 0.6, 0.5, 0.4)]
        clear = [spot for spot in along if all(((spot - other) ** 2).sum() > (2 * BADGE + 2) ** 2 for other in spots)]
        if not clear:
            return
        spots.append(clear[0])
    for number, (x, y) in enumerate(spots, 1):
        disc(axes, x, y, BADGE, PURPLE, PAPER, HEAVY)
        write(axes, x, in_middle(y, SMALL), str(number), SMALL, PAPER, "bold")


def _draw_curves(axes: Axes, target: Target, network: Approximation, place: Place, scale: Strips) -> None:
    """The target, the network, and in pale orange what lies between."""
    count = target.curve.shape[1]
    drawn = sorted({*range(0, count, -(-count // MOST_DRAWN)), count - 1})
    points = np.array([(place.x(x), scale.curve(y)) for x, y in target.curve.T[drawn]])
    broken = np.array([(place.x(x), scale.curve(y)) for x, y in zip(network.ends, network.values, strict=True)])
    if target.name == "points":
        axes.plot(*points.T, ls="none", marker="o", ms=4, mew=0, color=mix(BLUE, share=0.3), zorder=3)
    else:
        area(axes, [*points, *broken[::-1]], tint(ORANGE, 0.45), z=2.5)
        line(axes, points, pale_blue(), BAND, z=2.8)
    line(axes, broken, ORANGE, 3, z=4)


def _draw_knots(axes: Axes, network: Approximation, place: Place, scale: Strips) -> None:
    """Discs at the knots, and dotted lines to where a neuron's line begins."""
    many = network.knots.size > MANY
    for x, y in zip(network.knots, network.values[1:-1], strict=True):
        if not many:
            line(axes, [(place.x(x), scale.curve(y)), (place.x(x), BOTTOM + 6)], MUTED, 1.5, dashes=(2, 4), z=2)
        disc(axes, place.x(x), scale.curve(y), 4 if many else 7, PAPER, ORANGE, HEAVY if many else 3)


def _write_knots(axes: Axes, words: Words, network: Approximation, place: Place) -> bool:
    labels = knot_labels(axes, words, network.knots.tolist(), place.interval, place.x)
    for label in labels:
        fill, weight = (ORANGE_TEXT, "semibold") if label.knot else (MUTED, "regular")
        write(axes, label.x, BOTTOM + 22 + 19 * label.row, label.text, SMALL, fill, weight)
    return any(label.knot for label in labels)


def _draw_result(axes: Axes, words: Words, network: Approximation, middle: float, room: float) -> None:
    """« 3 segments   erreur RMS = 0,033 »."""
    count = words.say("universal_approximation.segments", count=network.segments)
    error = words.say("universal_approximation.error", error=significant(words, network.fit.rms, typeset=True))
    sizes = ((LARGE, HEADING), (24, TEXT), (TEXT, 17), (17, SMALL))
    for size, small in sizes:
        wide = width_of(axes, count, size, "semibold"), width_of(axes, error, small)
        if sum(wide) + 14 <= room:
            break
    left = middle - (sum(wide) + 14) / 2
    write(axes, left, FOOT, count, size, ORANGE_TEXT, "semibold", ha="left")
    write(axes, left + wide[0] + 14, FOOT, error, small, INK, ha="left")

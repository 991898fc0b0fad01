"""Slide 2: the ventral path of vision, and what a stack of fixed convolutions really gives on a photograph."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from engine.elementary import cos, sin
from figures import Picture, figure
from figures.brain import Brain, draw_brain, eye
from figures.depth import Sheet, by_contrast, stack, stack_width
from figures.language import Words
from figures.parts import area, arrow, curve, line, picture, pill, tint, write
from figures.photograph import photograph
from figures.style import (
    GREEN,
    GREEN_TEXT,
    HEADING,
    HEAVY,
    INK,
    LIGHT,
    MUTED,
    ORANGE,
    PAPER,
    SHADE,
    SMALL,
    TEXT,
    slide_figure,
)
from figures.ventral import Answer, Stage, answer, averaged, ventral_path

WIDTH, HEIGHT, PIXELS = 1136, 556, 192
SHOWN, FINEST, SHADES = 150, 96, 16  # px of the photograph, px and shades of a map: for a small file
SIZES = {"retina": (118, 128), "lgn": (118, 146), "v1": (112, 148), "v2": (104, 148), "v4": (96, 152), "loc": (84, 104)}
TOP, MIDDLE = 322, 436  # of the lower half: the names of the stages, the middle of their maps


@figure
def visual_hierarchy(words: Words, *, image: str | Path | ArrayLike | None = None) -> Picture:
    """The path of an image through the visual areas of the brain, and through convolution layers that imitate them.

    Parameters
    ----------
    image : path or array_like, optional
        The photograph, as `figures.photograph.photograph` takes it.

    Raises
    ------
    ValueError
        A photograph that cannot be read or has fewer than 192 × 192 pixels.

    References
    ----------
    DiCarlo, Zoccolan & Rust (2012), How does the brain solve visual object recognition?, Neuron 73.
    Cadieu et al. (2007), A model of V4 shape selectivity and invariance, J. Neurophysiol. 98.
    """
    photo = photograph(image, size=PIXELS)
    stages = ventral_path(photo)
    found = answer(stages)
    fig, axes = slide_figure(WIDTH, HEIGHT)
    names = {area: words.say(f"visual_hierarchy.{area}") for area in SIZES}
    _upper(axes, words, photograph(image, size=SHOWN), names)
    x = 0.0
    for stage in stages:
        x = _stage(axes, words, stage, x, names[stage.area])
    _answer(axes, words, photo, found, x)
    counts = {stage.area: list(stage.seen) for stage in stages}
    form = words.say(f"visual_hierarchy.form.{found.form}")
    alt = words.say("visual_hierarchy.alt", side=PIXELS, form=form, last=counts["loc"][1],
                    **{area: count for area, (count, _) in counts.items()})
    return Picture(fig, alt, {"maps": counts, "side": PIXELS, "form": form, "answer": list(found[1:])})


def _upper(axes: Axes, words: Words, photo: ArrayLike, names: dict[str, str]) -> None:
    side = 210.0
    picture(axes, photo, 0, 4, side)
    write(axes, side / 2, side + 29, words.say("visual_hierarchy.photo", side=PIXELS), SMALL, MUTED)
    brain = Brain(340, 4, 3.78)
    x, y = eye(brain)
    area(axes, [(side, 4), (x, y), (side, 4 + side)], tint(ORANGE, 0.86), z=0.5)
    for top in (4, 4 + side):
        line(axes, [(side, top), (x, y)], ORANGE, LIGHT, z=1)
    draw_brain(axes, brain, names)
    left = 796
    write(axes, left, 44, words.say("visual_hierarchy.title"), HEADING, SHADE, "semibold", ha="left")
    for i, row in enumerate(words.say("visual_hierarchy.text").split("\n")):
        write(axes, left, 80 + 27 * i, row, TEXT, INK, ha="left")
    for i, key in enumerate(("lgn_long", "loc_long")):
        write(axes, left, 226 + 25 * i, words.say(f"visual_hierarchy.{key}"), SMALL, MUTED, ha="left")


def _stage(axes: Axes, words: Words, stage: Stage, x: float, name: str) -> float:
    """One stack of maps under its name; returns where the next begins."""
    size, width = SIZES[stage.area]
    count, side = stage.seen
    step = (width - Sheet.ACROSS * size) / (count - 1)
    stack(axes, x, MIDDLE, size, shown(stage.maps[by_contrast(stage.maps)]), step)
    middle = x + stack_width(size, count, step) / 2
    pill(axes, middle, TOP - 22, name, SHADE)
    write(axes, middle, TOP + 16, words.say(f"visual_hierarchy.role.{stage.area}"), SMALL, INK)
    write(axes, middle, HEIGHT - 24, words.say("visual_hierarchy.maps", count=count), TEXT - 1, INK, "semibold")
    write(axes, middle, HEIGHT - 3, words.say("common.by", rows=side, columns=side), SMALL, MUTED)
    arrow(axes, (x + width + 3, MIDDLE), (x + width + 31, MIDDLE), ORANGE, HEAVY, head=11)
    return x + width + 34


def shown(maps: NDArray[np.float64]) -> NDArray[np.float64]:
    """Maps as fine as the slide shows them, in few enough shades for a small file."""
    while maps.shape[1] > FINEST:
        maps = averaged(maps[None])[0]
    return np.round(np.minimum(maps, 1) * SHADES) / SHADES


def _answer(axes: Axes, words: Words, photo: NDArray[np.float64], found: Answer, x: float) -> None:
    """The photograph again, with the shape that was found."""
    side = WIDTH - x
    top = MIDDLE - side / 2
    pill(axes, x + side / 2, TOP - 22, words.say("visual_hierarchy.answer"), GREEN_TEXT)
    write(axes, x + side / 2, TOP + 16, words.say(f"visual_hierarchy.form.{found.form}"), SMALL, INK)
    picture(axes, averaged(photo[None, None])[0, 0], x, top, side)
    turn = 2 * np.pi * np.linspace(0, 1, 24, endpoint=False)
    middle = np.array([x + found.x * side, top + found.y * side])
    ring = middle + np.column_stack([cos(turn) * found.across, sin(turn) * found.down]) * side
    curve(axes, ring, PAPER, 6, closed=True, z=6)
    curve(axes, ring, GREEN, 3, closed=True, z=6.1)

"""Slide 2: the ventral path of vision, and what a stack of fixed convolution layers really gives on a photograph."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from figures import Picture, figure
from figures.brain import Brain, area_colour, draw_brain, eye
from figures.depth import Sheet, stack, stack_width
from figures.hierarchy_answer import ANSWERED, GREYS, Other, clearest_pictogram, coarse, draw_answer, form, heading
from figures.language import Words
from figures.parts import area, arrow, box, curve, disc, line, picture, write
from figures.photograph import credit, photograph
from figures.squares import Box, Source
from figures.style import (
    BLUE,
    BLUE_TEXT,
    HEADING,
    INK,
    LIGHT,
    MUTED,
    PAPER,
    PATH,
    PURPLE,
    SHADE,
    SMALL,
    TEXT,
    mix,
    readable_on,
    slide_figure,
)
from figures.ventral import PIXELS, ROUNDING, Seen, Stage, look_at

Array = NDArray[np.float64]
WIDTH, HEIGHT = 1136, 556
HEAD = (142, 0, 462, 320)  # of the portrait: without the flag's pole, whose edges would outshine the face's
PHOTO = 206  # side of the photograph, px
BRAIN = Brain(332, -3, 3.96)
# Of each stage: size of a sheet, step between two, and rows; only the retina's, which are the largest, overlap.
STACKS = {"retina": (130, 64, 1), "lgn": (69, 54, 2), "v1": (69, 54, 2), "v2": (68, 47, 2), "v4": (66, 44, 2),
          "loc": (64, 45, 2)}  # fmt: skip
SHADES = 12  # of a map: few enough for a small file
GAP, MIDDLE = 33, 444  # between stacks; the height of their middle


@figure
def visual_hierarchy(words: Words, *, image: Source | None = None, crop: Box | None = None) -> Picture:
    """The path of an image through the visual cortex, beside its path through six fixed convolution layers.

    Parameters
    ----------
    image : path, PIL.Image.Image or array_like, (H, W), (H, W, 3) or (H, W, 4), optional
        A photograph of at least 160 × 160 pixels, in [0, 1] or integers up to 255. Without it, Grace Hopper.
    crop : (left, top, right, bottom), optional
        Pixels of the photograph. Without it, the largest square in the middle, or Grace Hopper's head.

    Facts
    -----
    side : int
        Rows and columns of the photograph.
    layers : int
    maps : facts
        Of `retina`, `lgn`, `v1`, `v2`, `v4`, `loc`: how many maps, and their rows.
    field : facts
        Of the same: how many pixels a value sees, in rows.
    whole : str
        The first area that sees the whole photograph.
    outline : facts
        `x`, `y`, `across`, `down` as shares of the side, and `strength`.
    form : str
        What the outline is called.
    other : facts
        The other image: `name`, `outline`, `form`.

    Raises
    ------
    ValueError
        A file that is missing or no picture, too few pixels, values out of range, a crop outside, no contrast at all.

    References
    ----------
    DiCarlo, Zoccolan & Rust (2012), How does the brain solve visual object recognition?, Neuron 73, for the path;
    `figures.ventral` names what each of its layers follows.

    Examples
    --------
    >>> import figures
    >>> figures.visual_hierarchy(crop=(82, 0, 446, 364), lang="en").save("hierarchy.svg")
    """
    photo = photograph(image, crop=HEAD if image is None and crop is None else crop, size=PIXELS,
                       caller="visual_hierarchy")
    seen = look_at(photo)
    if not seen.outline.strength:
        raise ValueError(f"visual_hierarchy: image must show some outline; its values go from {photo.min():.3g} to "
                         f"{photo.max():.3g} and no map of LOC answers")
    other = clearest_pictogram()
    drawing, axes = slide_figure(WIDTH, HEIGHT)
    _photograph(axes, words, photo)
    _path(axes, words)
    _explanation(axes, words, seen)
    right = _stacks(axes, words, seen.stages)
    draw_answer(axes, words, right, WIDTH - right, (photo, seen.outline), (other.image, other.outline))
    alt = words.say("visual_hierarchy.alt", **_numbers(words, seen), thing=words.say(f"classes.{other.name}"),
                    other=words.say(f"visual_hierarchy.form.{form(other.outline)}"))  # fmt: skip
    return Picture(drawing, alt, _facts(words, seen, other), credit(image))


def _photograph(axes: Axes, words: Words, photo: Array) -> None:
    """The photograph, what the eye sees of it, and its way down to the first layer."""
    x, y = eye(BRAIN)
    area(axes, [(PHOTO, 0), (x, y), (PHOTO, PHOTO)], mix(BLUE, PAPER, 0.88), z=0.2)
    for top in (0, PHOTO):
        line(axes, [(PHOTO, top), (x, y)], BLUE, LIGHT, z=0.3)
    picture(axes, coarse(photo, GREYS), 0, 0, PHOTO)
    box(axes, 0.5, 0.5, PHOTO - 1, PHOTO - 1, "none", BLUE, 2, z=4)
    arrow(axes, (68, PHOTO + 10), (68, 295), PURPLE)
    write(axes, 86, PHOTO + 34, words.say("visual_hierarchy.photograph"), TEXT, BLUE_TEXT, "semibold", ha="left")
    write(axes, 86, PHOTO + 56, words.say("visual_hierarchy.pixels", side=PIXELS), SMALL, MUTED, ha="left")


def _path(axes: Axes, words: Words) -> None:
    """The brain and the way of the signal: eye, LGN, round to the back of the head, then forward."""
    draw_brain(axes, BRAIN)
    for way in BRAIN.ways():
        curve(axes, way, PAPER, PATH + 3, z=6)
        curve(axes, way, PURPLE, PATH, z=6.1)
    for before, after in pairwise(("v1", "v2", "v4", "loc")):
        a, b = BRAIN.station(before), BRAIN.station(after)
        along = (b - a) / np.sqrt(((b - a) ** 2).sum())
        arrow(axes, a, b - 7 * along, PURPLE, PATH, head=12, casing=2, z=6.2)
    for name in STACKS:
        x, y = BRAIN.station(name)
        disc(axes, x, y, 5.5, PURPLE, PAPER, 1.5, z=7)
        text = words.say(f"visual_hierarchy.areas.{name}")
        if name in ("retina", "lgn"):
            place = (x - 14, y + 38) if name == "retina" else (x - 24, y - 22)
            write(axes, *place, text, TEXT, INK, "semibold", halo=3)
        else:
            write(axes, x, y + 25, text, TEXT, readable_on(area_colour(name)), "bold")


def _explanation(axes: Axes, words: Words, seen: Seen) -> None:
    x, numbers = 752, _numbers(words, seen)
    write(axes, x, 26, words.say("visual_hierarchy.title"), HEADING, SHADE, "semibold", ha="left")
    y = 60.0
    for key, weight in (("idea", "regular"), ("network", "semibold")):
        for text in words.say(f"visual_hierarchy.{key}", **numbers).split("\n"):
            write(axes, x, y, text, TEXT, INK, weight, ha="left")
            y += 26
        y += 12
    for text in words.say("visual_hierarchy.names").split("\n"):
        write(axes, x, y + 2, text, SMALL, MUTED, ha="left")
        y += 23


def _stacks(axes: Axes, words: Words, stages: list[Stage]) -> float:
    """The maps of every stage; returns where the answer begins."""
    x = 0.0
    for stage in stages:
        size, step, rows = STACKS[stage.name]
        count, side = stage.maps.shape[:2]
        height = size * (1 + Sheet.RISE) + 3
        for row, maps in enumerate(np.split(shown(stage.maps), rows)):
            stack(axes, x, MIDDLE + (row - (rows - 1) / 2) * height, size, maps, step)
        width = stack_width(size, count // rows, step)
        heading(axes, words, x + width / 2, stage.name, words.say(f"visual_hierarchy.seeks.{stage.name}"), SHADE)
        write(axes, x + width / 2, 550, words.say("visual_hierarchy.maps", count=count, side=side), SMALL, INK)
        # The last one points at the answer for this photograph, which stands above that for another image.
        y = ANSWERED if stage is stages[-1] else MIDDLE
        arrow(axes, (x + width + 4, y), (x + width + GAP - 4, y), PURPLE, head=10)
        x += width + GAP
    return x


def shown(maps: NDArray[np.floating]) -> Array:
    """Maps as they are drawn: each in its own scale, whose last shade one value in a hundred exceeds."""
    flat, least = np.sort(maps.reshape(len(maps), -1), axis=1), ROUNDING * maps.max()
    top = flat[:, int(0.99 * (flat.shape[1] - 1))]
    top = np.where(top > least, top, flat[:, -1])
    top = np.where(top > least, top, np.inf)
    return coarse(np.minimum(maps / top[:, None, None], 1), SHADES)


def _numbers(words: Words, seen: Seen) -> dict[str, object]:
    """What the sentences of this figure are filled with."""
    fields = {stage.name: stage.field for stage in seen.stages}
    return {"retina": fields["retina"], "v2": fields["v2"], "whole": _whole(words, seen),
            "layers": len(seen.stages), "first": len(seen.stages[0].maps), "last": len(seen.stages[-1].maps),
            "side": PIXELS, "small": seen.stages[-1].maps.shape[-1],
            "form": words.say(f"visual_hierarchy.form.{form(seen.outline)}"),
            "x": seen.outline.x, "y": seen.outline.y}


def _whole(words: Words, seen: Seen) -> str:
    """The first area that sees the whole photograph."""
    return words.say(f"visual_hierarchy.areas.{next(s.name for s in seen.stages if s.field >= PIXELS)}")


def _facts(words: Words, seen: Seen, other: Other) -> dict[str, object]:
    say = "visual_hierarchy"
    return {"side": PIXELS, "layers": len(seen.stages),
            "maps": {stage.name: [len(stage.maps), stage.maps.shape[-1]] for stage in seen.stages},
            "field": {stage.name: stage.field for stage in seen.stages}, "outline": seen.outline._asdict(),
            "whole": _whole(words, seen), "form": words.say(f"{say}.form.{form(seen.outline)}"),
            "other": {"name": words.say(f"classes.{other.name}"), "outline": other.outline._asdict(),
                      "form": words.say(f"{say}.form.{form(other.outline)}")}}

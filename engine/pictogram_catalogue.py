"""What the ten weather pictograms are made of: layers of shapes, their colours and the skies behind them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.shapes import SQRT_HALF, Shape, arc, disc, hole, stroke, table, triangle

CLASSES = ("sun", "moon", "cloud", "sunny_spell", "rain", "shower", "snow", "thunderstorm", "fog", "wind")

D = SQRT_HALF  # the diagonal's unit vector is (D, D)

Colour = tuple[float, float, float]


class Layer(NamedTuple):
    """Shapes of one colour. `gap` is the width of the sky left around them, which parts them from the layer behind."""

    colour: str
    shapes: tuple[Shape, ...]
    gap: float = 0.0


# Each colour at the top and the bottom of the drawing, against a dark sky and then against a pale one.
COLOURS: dict[str, tuple[Colour, Colour, Colour, Colour]] = {
    "gold": ((1.0, .86, .28), (1.0, .66, .12), (.96, .62, .06), (.86, .40, .04)),
    "cream": ((1.0, .97, .78), (.96, .86, .55), (.46, .40, .66), (.34, .29, .54)),
    "white": ((1.0, 1.0, 1.0), (.82, .86, .92), (.50, .56, .66), (.33, .38, .48)),
    "grey": ((.84, .87, .91), (.60, .65, .73), (.42, .46, .56), (.25, .29, .38)),
    "water": ((.70, .90, 1.0), (.45, .75, 1.0), (.16, .44, .82), (.08, .30, .68)),
}
# Night, dusk, thunder, noon, sea; then noon, dawn, mist, frost.
DARK_SKIES: tuple[Colour, ...] = ((.06, .09, .22), (.24, .15, .38), (.12, .20, .30), (.16, .38, .66), (.04, .30, .36))
PALE_SKIES: tuple[Colour, ...] = ((.72, .86, .98), (.99, .90, .84), (.90, .91, .94), (.80, .94, .94))


def sun(cx: float, cy: float, size: float) -> tuple[Shape, ...]:
    """A disc and eight rays, `size` being the distance from its centre to their tips."""
    rays = ((1, 0), (D, D), (0, 1), (-D, D), (-1, 0), (-D, -D), (0, -1), (D, -D))
    return disc(cx, cy, .48 * size), *(stroke(cx + .70 * size * x, cy + .70 * size * y, cx + .92 * size * x,
                                              cy + .92 * size * y, .08 * size) for x, y in rays)


def cloud(cx: float, cy: float, size: float) -> tuple[Shape, ...]:
    """Three puffs on a flat base, `size` being half its width."""
    return (disc(cx - .50 * size, cy - .06 * size, .38 * size), disc(cx - .02 * size, cy + .20 * size, .48 * size),
            disc(cx + .54 * size, cy - .05 * size, .36 * size),
            stroke(cx - .56 * size, cy - .20 * size, cx + .58 * size, cy - .20 * size, .24 * size))


def drops(*tops: tuple[float, float], length: float, radius: float = .075) -> tuple[Shape, ...]:
    """Slanted strokes that hang from the given points."""
    return tuple(stroke(x, y, x - .36 * length, y - length, radius) for x, y in tops)


def flake(cx: float, cy: float, arm: float) -> tuple[Shape, ...]:
    """A star of six arms."""
    d = float(np.sqrt(0.75))
    return tuple(stroke(cx - arm * x, cy - arm * y, cx + arm * x, cy + arm * y, .055)
                 for x, y in ((0.0, 1.0), (d, .5), (d, -.5)))


def star(cx: float, cy: float, arm: float) -> tuple[Shape, ...]:
    """A small cross that reads as a star."""
    return stroke(cx - arm, cy, cx + arm, cy, .045), stroke(cx, cy - arm, cx, cy + arm, .045)


def catalogue() -> dict[str, tuple[Layer, ...]]:
    """Each class from back to front, y upwards, within [-1, 1] by [-1, 1]."""
    return {
        "sun": (Layer("gold", sun(0.0, 0.0, 1.0)),),
        "moon": (Layer("cream", (disc(-.08, 0, .82), hole(.34, .20, .70),
                                 *star(.50, .46, .20), *star(.80, -.10, .12))),),
        "cloud": (Layer("grey", cloud(.26, .34, .70)), Layer("white", cloud(-.12, -.20, .86), .08)),
        "sunny_spell": (Layer("gold", sun(.32, .34, .68)), Layer("white", cloud(-.10, -.28, .84), .10)),
        "rain": (Layer("water", drops((-.46, -.22), (-.06, -.22), (.34, -.22), (.74, -.22), length=.70)),
                 Layer("grey", cloud(0, .32, .92), .10)),
        "shower": (Layer("gold", sun(.40, .46, .56)),
                   Layer("water", drops((-.40, -.36), (.06, -.36), (.52, -.36), length=.56)),
                   Layer("white", cloud(-.10, .06, .80), .10)),
        "snow": (Layer("white", (*flake(-.56, -.52, .22), *flake(.04, -.74, .22), *flake(.62, -.48, .22))),
                 Layer("grey", cloud(0, .40, .88))),
        "thunderstorm": (Layer("grey", cloud(0, .32, .94)),
                         Layer("gold", (triangle(.16, .10, -.36, -.48, .10, -.40),
                                        triangle(.16, .10, .10, -.40, .34, .10),
                                        triangle(-.10, -.32, .36, -.30, -.22, -1.0)), .10)),
        "fog": (Layer("white", (stroke(-.52, .60, .74, .60, .11), stroke(-.84, .20, .50, .20, .11),
                                stroke(-.50, -.20, .84, -.20, .11), stroke(-.74, -.60, .46, -.60, .11))),),
        "wind": (Layer("white", (stroke(-.60, .22, .26, .22, .09), arc(.26, .50, .28, D, D, .09),
                                 stroke(-.92, -.08, .86, -.08, .09),
                                 stroke(-.70, -.38, .12, -.38, .09), arc(.12, -.64, .26, D, -D, .09))),),
    }


class Drawing(NamedTuple):
    """The catalogue as arrays, layer after layer and class after class, the way a kernel reads it.

    Attributes
    ----------
    shapes : (shapes, 7)
    layers : (classes + 1,), the first layer of each class
    firsts : (layers + 1,), the first shape of each layer
    gaps : (layers,)
    colours : (layers, 2, 2, 3): dark or pale sky, top or bottom, RGB
    """

    shapes: NDArray[np.float64]
    layers: NDArray[np.int64]
    firsts: NDArray[np.int64]
    gaps: NDArray[np.float64]
    colours: NDArray[np.float64]


def drawing() -> Drawing:
    """Flatten the catalogue."""
    classes = [catalogue()[name] for name in CLASSES]
    layers = [layer for each in classes for layer in each]
    return Drawing(
        table([shape for layer in layers for shape in layer.shapes]),
        np.cumsum([0, *(len(each) for each in classes)]),
        np.cumsum([0, *(len(layer.shapes) for layer in layers)]),
        np.array([layer.gap for layer in layers]),
        np.array([COLOURS[layer.colour] for layer in layers]).reshape(-1, 2, 2, 3))

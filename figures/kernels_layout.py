"""Slide « Exemple en images »: how a photograph, the kernel it went through and its scale of greys stand together."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from matplotlib.axes import Axes

from figures.kernels_grid import common_divisor, draw_weights
from figures.language import Words
from figures.parts import box, in_middle, picture, write
from figures.style import HEADING, INK, MUTED, PURPLE_TEXT, SMALL, TEXT, colour
from figures.typesetting import largest

if TYPE_CHECKING:
    from figures.kernels import Filtered

TITLE, BETWEEN, GAP, WIDEST_GAP = 30, 16, 20, 90
KERNEL = 108  # the side of a kernel's grid
HALF = 59  # half the pixels of a photograph: a multiple of it keeps them even
KEY, KEY_TITLE, KEY_TYPE = 25, 21, 17  # from one line of the scale to the next, height of its title, size of type


class Panel(NamedTuple):
    """Where one photograph stands, and whether its kernel is beside or below it, px."""

    x: float
    y: float
    side: float
    beside: bool


def panels(count: int, canvas: tuple[float, float]) -> list[Panel]:
    """The arrangement in rows that leaves most to the photographs."""
    def side(rows: int, beside: bool) -> float:
        columns = -(-count // rows)
        wide = (canvas[0] - (columns - 1) * GAP) / columns - (BETWEEN + KERNEL if beside else 0)
        high = (canvas[1] - (rows - 1) * GAP) / rows - TITLE - (0 if beside else BETWEEN + KERNEL)
        return min(wide, high) // HALF * HALF

    canvas = (canvas[0] - 2, canvas[1])  # half the frame of the last kernel
    rows, beside = max([(2, True), (1, True), (1, False)], key=lambda option: side(*option))
    size, columns = side(rows, beside), -(-count // rows)
    wide = size + (BETWEEN + KERNEL if beside else 0)
    high = TITLE + (max(size, KERNEL + 32 + KEY_TITLE + 3 * KEY) if beside else size + BETWEEN + KERNEL)
    gap = min((canvas[0] - columns * wide) / max(columns - 1, 1), WIDEST_GAP)
    left = (canvas[0] - columns * wide - (columns - 1) * gap) / 2
    top = (canvas[1] - rows * high - (rows - 1) * GAP) / 2
    return [Panel(left + (k % columns) * (wide + gap), top + (k // columns) * (high + GAP), size, beside)
            for k in range(count)]


def draw_panel(axes: Axes, words: Words, panel: Panel, name: str, result: Filtered) -> None:
    """The name, the photograph, the kernel and what its greys stand for."""
    x, y, side, beside = panel
    room = side + (BETWEEN + KERNEL if beside else 0)
    size = largest(axes, [name], room, (HEADING, TEXT, SMALL), "semibold") or SMALL
    write(axes, x, y + TITLE - 10, name, size, INK, "semibold", ha="left")
    top = y + TITLE
    picture(axes, result.output, x, top, side, vmin=result.black, vmax=result.white)
    if beside:
        x, foot = x + side + BETWEEN, top + KERNEL + 8
        if _draw_kernel(axes, words, x, top, result) > 1:
            foot += _draw_divisor(axes, words, x, top + KERNEL + 24, result)
        _draw_key(axes, words, x, max(top + side - KEY_TITLE - (3 if result.signed else 2) * KEY, foot), result)
    else:
        x, top = x + 1, top + side + BETWEEN
        if _draw_kernel(axes, words, x, top, result) > 1:
            _draw_divisor(axes, words, x + KERNEL + BETWEEN, top + KERNEL - 1, result)
        _draw_key(axes, words, x + KERNEL + BETWEEN, top - 4, result)


def _draw_kernel(axes: Axes, words: Words, x: float, y: float, result: Filtered) -> int:
    try:
        return draw_weights(axes, words, x, y, KERNEL, result.kernel)
    except ValueError as error:
        raise ValueError(f"image_kernels: kernel {result.name!r}: {error}") from None


def _draw_divisor(axes: Axes, words: Words, x: float, y: float, result: Filtered) -> float:
    text = words.say("image_kernels.divided", divisor=common_divisor(result.kernel))
    write(axes, x, y, text, TEXT, PURPLE_TEXT, "semibold", ha="left")
    return 24


def _draw_key(axes: Axes, words: Words, x: float, y: float, result: Filtered) -> None:
    """What white, mid-grey and black stand for."""
    below, above = result.beyond
    rows = [(1.0, "above" if above else "exactly", result.white), (0.0, "below" if below else "exactly", result.black)]
    if result.signed:
        rows.insert(1, (0.5, "exactly", 0.0))
    write(axes, x, y + 12, words.say("image_kernels.shown"), KEY_TYPE, MUTED, ha="left")
    y += KEY_TITLE
    for k, (grey, key, value) in enumerate(rows):
        box(axes, x + 1, y + k * KEY + 4, 17, 17, colour((grey,) * 3), MUTED)
        write(axes, x + 26, in_middle(y + k * KEY + 12.5, KEY_TYPE), words.say(f"image_kernels.{key}", value=value),
              KEY_TYPE, INK, ha="left")  # fmt: skip

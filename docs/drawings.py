"""Draw the diagrams of the documents, docs/way-light.svg and docs/way-dark.svg: `python docs/drawings.py`."""

from __future__ import annotations

from pathlib import Path

from matplotlib.axes import Axes

from figures import Picture
from figures.parts import arrow, box, in_middle, write
from figures.style import BLUE, GREEN, INK, MUTED, ORANGE, PURPLE, SMALL, TEXT, TINT, slide_figure, style

WIDTH, HEIGHT = 1136, 330
TOP, MIDDLE, HIGH, WIDE = 40, 240, 76, 184
ALT = ("A template's call becomes a digest of all it depends on; a picture that the store has goes straight into the "
       "Markdown, any other is computed, drawn and kept first; Marp makes the slides.")  # fmt: skip


def way(palette: str) -> bytes:
    """The way of the data, from a call in a template to slides."""
    # No @figure: it would stand among those that templates call.
    with style(palette):
        return _way().svg()


def _way() -> Picture:
    fig, axes = slide_figure(WIDTH, HEIGHT)
    lefts = [2 + k * (WIDTH - WIDE - 4) / 4 for k in range(5)]
    _room(axes, lefts[0], TOP, "template", 'figure("neuron")', BLUE)
    _room(axes, lefts[1], TOP, "key", "digest of all", ORANGE)
    _room(axes, lefts[2], TOP, "store", "there already?", ORANGE)
    _room(axes, lefts[3], TOP, "Markdown", "images by content", PURPLE)
    _room(axes, lefts[4], TOP, "Marp", "HTML PDF PPTX PNG", GREEN)
    for left in lefts[:4]:
        arrow(axes, (left + WIDE + 4, TOP + HIGH / 2), (left + (WIDTH - WIDE - 4) / 4 - 4, TOP + HIGH / 2), MUTED)
    _room(axes, lefts[1], MIDDLE, "engine", "arrays, numbers", BLUE)
    _room(axes, lefts[2], MIDDLE, "figure", "drawing, alt, facts", BLUE)
    _room(axes, lefts[3], MIDDLE, "asset", "the SVG's bytes, kept", ORANGE)
    for left in lefts[1:3]:
        arrow(axes, (left + WIDE + 4, MIDDLE + HIGH / 2), (left + (WIDTH - WIDE - 4) / 4 - 4, MIDDLE + HIGH / 2), MUTED)
    middle = lefts[2] + WIDE / 2
    bend = (TOP + HIGH + MIDDLE) / 2
    arrow(axes, (middle, TOP + HIGH + 4), (lefts[1] + WIDE / 2 + 40, MIDDLE - 4), MUTED)
    arrow(axes, (lefts[3] + WIDE / 2, MIDDLE - 4), (lefts[3] + WIDE / 2, TOP + HIGH + 4), MUTED)
    write(axes, middle + 12, in_middle(bend - 14, SMALL), "no: compute and draw", SMALL, MUTED, ha="left")
    write(axes, (lefts[2] + WIDE + lefts[3]) / 2, TOP + HIGH / 2 - 14, "yes", SMALL, MUTED)
    return Picture(fig, ALT, {})


def _room(axes: Axes, left: float, top: float, name: str, said: str, edge: str) -> None:
    box(axes, left, top, WIDE, HIGH, TINT, edge, 2, radius=8)
    write(axes, left + WIDE / 2, top + 32, name, TEXT + 3, INK, "semibold")
    write(axes, left + WIDE / 2, top + 58, said, SMALL, MUTED)


def main() -> None:
    """Write both."""
    for palette in ("light", "dark"):
        Path(__file__).with_name(f"way-{palette}.svg").write_bytes(way(palette))


if __name__ == "__main__":
    main()

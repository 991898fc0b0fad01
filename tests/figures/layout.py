"""What is wrong with the layout of a figure, read from its artists."""

from __future__ import annotations

from matplotlib.figure import Figure
from matplotlib.text import Text

from figures.style import style

SMALLEST = 16 * 0.75  # points


def texts(figure: Figure) -> list[Text]:
    """Every visible text of a figure."""
    return [t for t in figure.findobj(Text) if t.get_text().strip() and t.get_visible() and t.figure is not None
            and all(a.axison for a in figure.axes if t in a.get_xticklabels() + a.get_yticklabels() + [a.title])]


def faults(figure: Figure) -> list[str]:
    """Texts that leave the canvas, touch another or are below 16 px."""
    with style():  # formulas are laid out when they are drawn
        figure.canvas.draw()
        boxes = [(t.get_text(), t.get_window_extent(), t.get_size()) for t in texts(figure)]
    found = [f"{text!r} is {size / 0.75:.1f} px" for text, _, size in boxes if size < SMALLEST - 1e-6]
    edge = figure.bbox
    found += [f"{text!r} leaves the canvas" for text, b, _ in boxes
              if b.x0 < -1 or b.y0 < -1 or b.x1 > edge.x1 + 1 or b.y1 > edge.y1 + 1]
    for i, (text, b, _) in enumerate(boxes):
        for other, c, _ in boxes[:i]:
            if min(b.x1, c.x1) - max(b.x0, c.x0) > 0.5 and min(b.y1, c.y1) - max(b.y0, c.y0) > 0.5:
                found.append(f"{text!r} touches {other!r}")
    return found

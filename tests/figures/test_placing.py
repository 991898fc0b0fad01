"""A figure in somebody else's: where it lies, how large it is, and that nothing else changes."""

from __future__ import annotations

import io
from typing import Any

import matplotlib
import matplotlib.style
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

import figures
from figures.parts import box, write
from figures.placing import Panel
from figures.registry import drawn as drawn_by

OURS = sorted(set(figures.__all__) - {"Picture", "figure"})


def pixels(figure: Figure, **options: Any) -> NDArray[np.uint8]:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="rgba", **options)
    height, width = (int(inches * options["dpi"]) for inches in figure.get_size_inches()[::-1])
    return np.frombuffer(buffer.getvalue(), np.uint8).reshape(height, width, 4)


def inked(image: NDArray[np.uint8]) -> tuple[int, int, int, int]:
    """The rows and columns, first and last, that are not blank."""
    rows, columns = (np.flatnonzero((image[..., :3] != 255).any(axis=(2, axis))) for axis in (1, 0))
    return int(rows[0]), int(rows[-1]), int(columns[0]), int(columns[-1])


def panel_of(axes: Axes) -> Panel:
    (panel,) = [artist for artist in axes.get_children() if isinstance(artist, Panel)]
    return panel


@pytest.mark.parametrize("name", ["max_pooling", "visual_hierarchy", "dropout", "activation_pair", "emblem"])
def test_at_its_own_size_it_is_what_it_is_alone(name: str) -> None:
    """Halos, dashes, formulas, skewed images and clipped ones: pixel for pixel what Picture draws by itself."""
    alone = drawn_by(name)()
    host = Figure(figsize=alone.figure.get_size_inches(), facecolor="none")
    drawn_by(name)(fig=host)
    with figures.style():
        expected = pixels(alone.figure, dpi=96, facecolor="none")
        found = pixels(host, dpi=96, facecolor="none")
    assert expected.any()
    assert (expected != found).mean() < 1e-4


@pytest.mark.parametrize("dpi", [50, 96, 200])
def test_text_and_strokes_are_as_large_as_the_drawing(dpi: int) -> None:
    """Half as wide a host shows what a large one shows, averaged."""
    small, large = Figure((6, 2.5)), Figure((12, 5))
    for host in (small, large):
        figures.max_pooling(fig=host)
    fine = pixels(large, dpi=dpi)[..., :3].astype(float)
    fine = fine.reshape(fine.shape[0] // 2, 2, fine.shape[1] // 2, 2, 3).mean(axis=(1, 3))
    coarse = pixels(small, dpi=dpi)[..., :3]
    assert np.abs(fine - coarse).mean() < 4
    assert np.allclose(inked(coarse), np.array(inked(pixels(large, dpi=dpi))) / 2, atol=2)


@pytest.mark.parametrize("size", [(8, 3), (3, 8), (5, 5)])
def test_it_lies_in_the_middle_as_large_as_fits(size: tuple[float, float]) -> None:
    host = Figure(size, dpi=100)
    figures.emblem(ax=host.add_axes((0.1, 0.2, 0.6, 0.7)))
    top, bottom, left, right = inked(pixels(host, dpi=100))
    width, height = 100 * size[0] * 0.6, 100 * size[1] * 0.7
    side = min(width, height)
    middle = (100 * size[0] * 0.1 + width / 2, 100 * size[1] * (1 - 0.2 - 0.7) + height / 2)
    assert ((left + right) / 2, (top + bottom) / 2) == pytest.approx(middle, abs=2)
    assert side * 0.95 < right - left <= side
    assert side * 0.95 < bottom - top <= side


@pytest.mark.parametrize("name", OURS)
def test_every_figure_can_be_placed_and_stays_what_it_was(name: str) -> None:
    host = Figure((6, 4), layout="constrained")
    first, second = host.subplots(1, 2)
    before = second.get_position().bounds, second.get_xlim(), dict(matplotlib.rcParams)
    picture = drawn_by(name)(ax=first)
    assert (second.get_position().bounds, second.get_xlim(), dict(matplotlib.rcParams)) == before
    svg = picture.svg()
    for kind in ("svg", "pdf", "png"):
        host.savefig(io.BytesIO(), format=kind)
    assert picture.svg() == svg
    assert dict(matplotlib.rcParams) == before[2]
    assert second.get_xlim() == before[1]
    assert first.get_position().width == pytest.approx(second.get_position().width, rel=0.2)


@pytest.mark.parametrize("sheet", ["dark_background", "ggplot", "bmh"])
def test_the_users_style_changes_nothing_in_it(sheet: str) -> None:
    def image(**options: Any) -> NDArray[np.uint8]:
        host = Figure((6, 4), facecolor="white")
        figures.universal_approximation(ax=host.add_subplot())
        return pixels(host, dpi=80, facecolor="white", **options)

    expected = image()
    with matplotlib.style.context(sheet), matplotlib.rc_context({"mathtext.fontset": "cm", "font.size": 30,
                                                                 "lines.linewidth": 9, "path.sketch": (1, 2, 3)}):
        found = image()
    np.testing.assert_array_equal(expected, found)


def test_it_follows_its_axes() -> None:
    host = Figure((6, 4), dpi=100)
    axes = host.add_axes((0, 0, 0.5, 0.5))
    figures.emblem(ax=axes)
    before = panel_of(axes).get_window_extent().bounds
    axes.set_position((0.5, 0.5, 0.5, 0.5))
    after = panel_of(axes).get_window_extent().bounds
    assert after[:2] == pytest.approx((before[0] + 300, before[1] + 200))
    _, bottom, left, _ = inked(pixels(host, dpi=100))
    assert left > 300
    assert bottom < 200


def test_a_halo_is_scaled_with_its_text() -> None:
    with figures.style():
        canvas, axes = figures.style.slide_figure(100, 60)
        box(axes, 0, 0, 100, 60, "blue")
        write(axes, 50, 40, "I", 40, "blue", halo=6)
    for inches, dpi in ((1, 96), (4, 96), (1, 300)):
        host = Figure((inches, 0.6 * inches))
        host.add_axes((0, 0, 1, 1)).set_axis_off()
        host.axes[0].add_artist(Panel(canvas))
        row = pixels(host, dpi=dpi)[round(0.3 * inches * dpi), :, 0] > 200
        assert row.sum() / (inches * dpi) == pytest.approx(0.12, abs=0.02)


def test_it_stands_in_a_subfigure_beside_other_plots() -> None:
    host = Figure((8, 4), layout="constrained")
    left, right = host.subfigures(1, 2)
    left.subplots().plot([1, 2])
    picture = figures.max_pooling(fig=right, lang="en", palette="dark")
    assert "pooling" in picture.alt
    image = pixels(host, dpi=60)
    assert (image[:, 250:, :3] != 255).any()


@pytest.mark.parametrize("options", [{"bbox_inches": "tight"}, {"transparent": True}])
def test_any_way_of_saving_is_right(options: dict[str, Any]) -> None:
    host = Figure((6, 4))
    figures.neuron(ax=host.add_subplot())
    for kind in ("svg", "pdf", "png"):
        buffer = io.BytesIO()
        host.savefig(buffer, format=kind, **options)
        assert len(buffer.getvalue()) > 5000


def test_a_host_without_room_is_drawn_without_it() -> None:
    host = Figure((2, 2))
    axes = host.add_axes((0.1, 0.1, 0.0, 0.0))
    figures.emblem(ax=axes)
    assert (pixels(host, dpi=50)[..., :3] == 255).all()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (lambda: {"ax": Figure()}, "emblem: ax must be one matplotlib Axes, not Figure; did you mean fig?"),
        (lambda: {"ax": Figure().subplots(2, 2)}, "emblem: ax must be one matplotlib Axes, not ndarray"),
        (lambda: {"ax": "axes"}, "emblem: ax must be one matplotlib Axes, not str"),
        (lambda: {"fig": Figure().subplots()}, "emblem: fig must be a matplotlib Figure or SubFigure, not Axes; "
                                               "did you mean ax?"),
        (lambda: {"ax": Figure().subplots(), "fig": Figure()}, "emblem: give ax or fig, not both"),
    ],
)  # fmt: skip
def test_what_is_no_place_is_told(given: Any, message: str) -> None:
    with pytest.raises(TypeError) as caught:
        figures.emblem(**given())
    assert str(caught.value) == message

"""Slide 11: the same weights at two neighbouring places, and the count of parameters."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
import torch
from layout import faults, texts
from matplotlib.colors import to_hex
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Polygon

from engine.convolution import conv2d
from figures import Picture
from figures.style import PALETTES
from figures.sweep import DIAGONAL, convolution_sweep

LIGHT = PALETTES["light"]
RAMP = np.arange(144).reshape(12, 12) / 143


def written(picture: Picture) -> list[str]:
    return [text.get_text() for text in texts(picture.figure)]


def fans(picture: Picture) -> dict[tuple[float, float], list[Line2D]]:
    """The straight lines of weights, by the neuron that they end in; those of the beams lie below the enlargements."""
    found: dict[tuple[float, float], list[Line2D]] = {}
    for line in picture.figure.findobj(Line2D):
        weights = to_hex(line.get_color()).upper() in (LIGHT.blue, LIGHT.orange)
        if weights and line.get_zorder() > 5 and len(line.get_xdata()) == 2:
            found.setdefault((float(line.get_xdata()[1]), float(line.get_ydata()[1])), []).append(line)
    return found


def test_the_slide_counts_26_shared_parameters_against_those_of_a_dense_layer() -> None:
    picture = convolution_sweep()
    assert picture.size == (1136, 420)
    layers = torch.nn.Conv2d(1, 1, 5), torch.nn.Linear(28 * 28, 24 * 24)
    shared, dense = (sum(p.numel() for p in layer.parameters()) for layer in layers)
    assert (picture.facts["shared"], picture.facts["dense"]) == (shared, dense) == (26, 452160)
    assert (picture.facts["ratio"], picture.facts["about"]) == (dense / shared, 17400)
    assert {"26", "452\u202f160", "≈ 17\u202f400", "Neurones d’entrée 28 × 28", "Première couche cachée 24 × 24",
            "1 filtre 5 × 5"} <= set(written(picture))  # fmt: skip


def test_the_hidden_layer_is_what_the_filter_gives() -> None:
    images = convolution_sweep().figure.findobj(AxesImage)
    arrays = {np.asarray(image.get_array()).shape: np.asarray(image.get_array()) for image in images}
    expected = torch.nn.functional.conv2d(*(torch.tensor(a)[None, None] for a in (arrays[28, 28], DIAGONAL)))[0, 0]
    np.testing.assert_allclose(arrays[24, 24], expected.numpy(), rtol=0, atol=2e-6)


def test_the_colours_of_the_hidden_layer_reach_its_extremes_and_the_figure_says_them() -> None:
    picture = convolution_sweep()
    hidden = next(image for image in picture.figure.findobj(AxesImage) if image.get_array().shape == (24, 24))
    reach = max(-picture.facts["lowest"], picture.facts["highest"])
    assert hidden.get_clim() == (-reach, reach)
    text = f"{reach:.2f}".replace(".", ",")
    assert f"de −{text} (orange) à {text} (bleu)" in written(picture)


def test_both_places_have_the_same_weights_and_feed_neighbouring_neurons() -> None:
    picture = convolution_sweep()
    (first, second), lines = sorted(fans(picture), key=lambda end: end[1]), fans(picture)
    assert first[0] < second[0]
    styles = [[(line.get_color(), line.get_linewidth(), line.get_linestyle()) for line in lines[end]]
              for end in (first, second)]  # fmt: skip
    assert styles[0] == styles[1]
    assert len(styles[0]) == np.count_nonzero(DIAGONAL)
    starts = ([line.get_xdata()[0] for line in lines[end]] for end in (first, second))
    assert len(set(np.round(np.subtract(*starts), 6))) == 1


def test_negative_weights_are_orange_and_dashed() -> None:
    lines = [line for fan in fans(convolution_sweep(kernel=[[1, -1]])).values() for line in fan]
    assert {(to_hex(line.get_color()).upper(), line.get_linestyle()) for line in lines} == {
        (LIGHT.blue, "-"), (LIGHT.orange, "--")}  # fmt: skip


def test_the_enlarged_neurons_are_the_pixels_of_the_image_and_the_lit_one_is_large() -> None:
    picture = convolution_sweep(image=RAMP, at=(3, 4))
    greys = [circle.get_facecolor()[0] for circle in picture.figure.findobj(Circle)]
    for value in RAMP[3:8, 4:10].ravel():  # both windows
        assert np.abs(np.array(greys) - value).min() < 1 / 255
    assert max(circle.get_radius() for circle in picture.figure.findobj(Circle)) >= 24


def test_the_weights_leave_the_window_at_its_edge_and_pass_no_other_hidden_neuron() -> None:
    picture = convolution_sweep()
    first, second = sorted(fans(picture), key=lambda end: end[0])
    edges = sorted(max(window.get_xy()[:, 0]) for window in outlines(picture, "purple") if window.get_zorder() > 8)[:2]
    for end, edge in zip((first, second), edges, strict=True):
        assert {round(line.get_xdata()[0] - edge, 6) for line in fans(picture)[end]} == {0}
    radius = max(circle.get_radius() for circle in picture.figure.findobj(Circle))
    for line in fans(picture)[second]:
        (x0, x1), (y0, y1) = line.get_data()
        away = abs((x1 - x0) * (first[1] - y0) - (y1 - y0) * (first[0] - x0)) / np.hypot(x1 - x0, y1 - y0)
        assert away > radius + 2


def test_the_neuron_to_come_is_dashed_and_not_there_at_the_end_of_a_row() -> None:
    for parameters, count in (({}, 1), ({"at": (0, 22)}, 0)):
        picture = convolution_sweep(**parameters)
        dashed = [circle for circle in picture.figure.findobj(Circle) if circle.get_linestyle() != "solid"]
        assert len(dashed) == written(picture).count("à venir") == count


def outlines(picture: Picture, role: str) -> list[Polygon]:
    return [patch for patch in picture.figure.findobj(Polygon)
            if patch.get_facecolor()[3] == 0 and to_hex(patch.get_edgecolor()).upper() == getattr(LIGHT, role)]


@pytest.mark.parametrize("at", [(0, 0), (9, 13)])
def test_the_photograph_shows_what_is_enlarged_and_nothing_else_and_beams_start_there(at: tuple[int, int]) -> None:
    picture = convolution_sweep(at=at)
    photograph = next(image for image in picture.figure.findobj(AxesImage) if image.get_array().shape == (28, 28))
    left, right, _, top = photograph.get_extent()
    cell = (right - left) / 28
    assert not [patch for patch in outlines(picture, "purple") if patch.get_xy()[:, 0].min() < right]
    (outline,) = [patch for patch in outlines(picture, "blue") if patch.get_xy()[:, 0].max() <= right]
    corners = outline.get_xy()[:4]
    np.testing.assert_allclose(corners[0], (left + at[1] * cell, top + at[0] * cell))
    np.testing.assert_allclose(corners[2] - corners[0], (7 * cell, 6 * cell))
    beams = [line for line in picture.figure.findobj(Line2D) if line.get_zorder() < 5
             and to_hex(line.get_color()).upper() == LIGHT.blue]  # fmt: skip
    starts = {tuple(np.round([line.get_xdata()[0], line.get_ydata()[0]], 6)) for line in beams}
    assert starts == {tuple(np.round(corner, 6)) for corner in corners[1:3]}
    assert len(beams) == 2  # two would cross over the picture
    assert all(min(np.asarray(beam.get_xdata())) >= corners[1][0] - 1e-6 for beam in beams)
    assert all(line.get_zorder() > photograph.get_zorder() for line in beams)


@pytest.mark.parametrize("at", [(0, 0), (9, 13)])
def test_no_wash_lies_over_either_layer(at: tuple[int, int]) -> None:
    picture = convolution_sweep(at=at)
    washes = [patch for patch in picture.figure.findobj(Polygon) if patch.get_edgecolor()[3] == 0
              and len(patch.get_xy()) == 5]  # fmt: skip
    layers = [image for image in picture.figure.findobj(AxesImage) if image.get_array().shape in ((28, 28), (24, 24))]
    assert len(layers) == 2
    pale = [patch for patch in washes if np.ptp(patch.get_xy()[:, 0]) > 60]
    assert len(pale) == 2
    assert all(patch.get_zorder() < layer.get_zorder() for patch in pale for layer in layers)


def test_an_arrow_beside_its_name_says_the_step_to_the_right() -> None:
    picture = convolution_sweep()
    (name,) = (text.get_window_extent() for text in texts(picture.figure) if text.get_text() == "un pas à droite")
    (head,) = (patch.get_xy() for patch in picture.figure.findobj(Polygon)
               if len(patch.get_xy()) == 4 and to_hex(patch.get_facecolor()).upper() == LIGHT.purple)  # fmt: skip
    assert name.x1 < head[:, 0].min() < head[:, 0].max() == head[0, 0] < name.x1 + 40
    assert name.y0 < 420 - head[0, 1] < name.y1


def test_values_keep_clear_of_their_rings() -> None:
    picture = convolution_sweep()
    rings = [circle for circle in picture.figure.findobj(Circle) if circle.get_linewidth() == 3]
    assert len(rings) == 2
    for ring, key in zip(rings, ("first", "second"), strict=True):
        value = f"{picture.facts[key]:.2f}".replace(".", ",").replace("-", "−")
        (box,) = (text.get_window_extent() for text in texts(picture.figure) if text.get_text() == value)
        assert box.width <= 2 * (ring.get_radius() - 2) - 10


def test_the_filter_is_written_in_whole_numbers_over_a_divisor() -> None:
    found = Counter(written(convolution_sweep()))
    weights = Counter(f"{round(70 * weight)}".replace("-", "−") for weight in DIAGONAL.ravel())
    assert "÷ 70" in found
    assert all(found[text] >= count for text, count in weights.items())


def test_weights_too_long_to_write_show_their_signs() -> None:
    kernel = np.linspace(-1, 0.77, 49).reshape(7, 7)
    found = Counter(written(convolution_sweep(kernel=kernel)))
    assert (found["+"], found["−"]) == (np.count_nonzero(kernel > 0), np.count_nonzero(kernel < 0))
    assert not any(text.startswith("÷") for text in found)


def test_the_values_of_both_neurons_are_written() -> None:
    picture = convolution_sweep(image=RAMP, kernel=[[1, 2], [3, 4]], at=(2, 5))
    expected = conv2d(RAMP[None, None], np.array([[[[1.0, 2], [3, 4]]]]))[0, 0, 2, 5:7]
    assert [picture.facts["first"], picture.facts["second"]] == pytest.approx(expected.tolist(), rel=1e-6)
    assert {f"{value:.2f}".replace(".", ",") for value in expected} <= set(written(picture))


@pytest.mark.parametrize("parameters", [
    {"at": (23, 22)}, {"at": (10, 12), "palette": "dark"}, {"kernel": [[2]], "at": (27, 26)},
    {"image": RAMP[:8, :8], "kernel": np.ones((7, 7))}, {"image": np.tri(64), "kernel": [[1, -1]]},
    {"image": RAMP[:8], "kernel": [[-1], [1]]}, {"image": np.zeros((20, 30)), "kernel": np.zeros((3, 3))},
])  # fmt: skip
def test_other_layers_are_well_laid_out(parameters: dict) -> None:
    assert faults(convolution_sweep(**parameters).figure) == []


def test_a_whole_ratio_is_not_called_about() -> None:
    picture = convolution_sweep(image=np.zeros((12, 20)), kernel=np.ones((3, 3)))
    assert picture.facts["ratio"] == picture.facts["about"] == 4338
    assert "4\u202f338" in written(picture)


def test_the_default_layout_has_no_fault_and_a_small_file() -> None:
    picture = convolution_sweep()
    assert faults(picture.figure) == []
    assert len(picture.svg()) < 300_000


@pytest.mark.parametrize(("parameters", "error", "message"), [
    ({"image": np.zeros((7, 28))}, ValueError, r"convolution_sweep: image must have 8 to 64 rows and columns"),
    ({"image": np.full((28, 28), 2.0)}, ValueError, r"convolution_sweep: image must lie in \[0, 1\], not \[2, 2\]"),
    ({"image": "no/such/file.png"}, ValueError, "no file 'no/such/file.png'"),
    ({"kernel": np.zeros((8, 8))}, ValueError, "convolution_sweep: kernel must have 1 to 7 rows"),
    ({"kernel": [1, 2]}, ValueError, "convolution_sweep: kernel must have 2 axes"),
    ({"at": (0, 23)}, ValueError, r"convolution_sweep: at must leave room for a step to the right .*\(24, 24\)"),
    ({"at": (0, -1)}, ValueError, "convolution_sweep: at must be at least 0, not -1"),
    ({"image": np.zeros((8, 8)), "kernel": np.zeros((7, 7)), "at": (0, 1)}, ValueError, "room for a step"),
    ({"kernels": None}, TypeError, "convolution_sweep: no parameter 'kernels'; did you mean 'kernel'"),
])  # fmt: skip
def test_wrong_parameters_are_told_what_is_wrong(parameters: dict, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        convolution_sweep(**parameters)

"""The ways through the kernels of convolution: strips, long rows, bands, squares, remainders; and results in `out`."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.convolution import conv2d
from engine.convolution_gradients import conv2d_gradients, conv2d_weight_gradient

torch.set_num_threads(1)
EPSILON = {np.float32: 1e-5, np.float64: 1e-13}


@st.composite
def geometries(draw: st.DrawFn) -> dict[str, Any]:
    """Wide and narrow maps, one filter and many, taps of several blocks, images of several bands."""
    side = draw(st.sampled_from([1, 2, 3, 5, 7]))
    return {
        "images": draw(st.sampled_from([1, 2, 17])), "channels": draw(st.sampled_from([1, 2, 3, 30])),
        "filters": draw(st.sampled_from([1, 2, 3, 4, 5, 8, 9, 13, 21])), "side": side,
        "height": side + draw(st.integers(0, 30)), "width": side + draw(st.integers(0, 60)),
        "padding": draw(st.integers(0, 3)), "kind": draw(st.sampled_from([np.float32, np.float64])),
        "seed": draw(st.integers(0, 999)),
    }


def arrays(g: dict[str, Any]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(g["seed"])
    shapes = ((g["images"], g["channels"], g["height"], g["width"]),
              (g["filters"], g["channels"], g["side"], g["side"]), (g["filters"],))
    x, weight, bias = (rng.standard_normal(shape).astype(g["kind"]) for shape in shapes)
    return x, weight, bias


def chain(x: np.ndarray, weight: np.ndarray, bias: np.ndarray, padding: int) -> np.ndarray:
    """The sums in the promised order: channels, rows, columns; float32 products are exact in float64."""
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    side, rows, columns = weight.shape[2], x.shape[2] - weight.shape[2] + 1, x.shape[3] - weight.shape[2] + 1
    total = np.broadcast_to(bias[:, None, None], (len(x), len(weight), rows, columns)).astype(np.float64)
    for c in range(x.shape[1]):
        for r in range(side):
            for s in range(side):
                seen = x[:, None, c, r:r + rows, s:s + columns].astype(np.float64)
                # Rounding to float64 first and to float32 then is one rounding but for rare ties.
                total = (total + weight[:, c, r, s, None, None].astype(np.float64) * seen).astype(np.float32)
                total = total.astype(np.float64)
    return total.astype(np.float32)


@given(geometries())
@settings(deadline=None, max_examples=60)
def test_every_way_gives_torchs_values_and_gradients(g: dict[str, Any]) -> None:
    x, weight, bias = arrays(g)
    leaves = [torch.tensor(a.astype(np.float64), requires_grad=True) for a in (x, weight, bias)]
    expected = torch.nn.functional.conv2d(*leaves, padding=g["padding"])
    got = conv2d(x, weight, bias, padding=g["padding"])
    scale = np.sqrt(weight[0].size) * EPSILON[g["kind"]]
    assert np.allclose(got, expected.detach().numpy(), rtol=0, atol=scale * 3)
    grad = np.random.default_rng(g["seed"] + 1).standard_normal(got.shape).astype(g["kind"])
    expected.backward(torch.tensor(grad.astype(np.float64)))
    for ours, leaf in zip(conv2d_gradients(grad, x, weight, padding=g["padding"]), leaves, strict=True):
        right = leaf.grad.numpy()
        assert np.allclose(ours, right, rtol=0, atol=EPSILON[g["kind"]] * (10 + np.abs(right).max()) * 4)


@given(geometries())
@settings(deadline=None, max_examples=25)
def test_whatever_the_way_the_order_of_the_sum_is_the_same(g: dict[str, Any]) -> None:
    g |= {"kind": np.float32, "images": 1}
    x, weight, bias = arrays(g)
    got, expected = conv2d(x, weight, bias, padding=g["padding"]), chain(x, weight, bias, g["padding"])
    # Any other order differs in most places; a tie of the double rounding in one of 2**29 or so.
    assert (got == expected).mean() > 0.999


@pytest.mark.parametrize("side", [3, 5, 7])
def test_an_image_of_many_bands_and_one_filter(side: int) -> None:
    rng = np.random.default_rng(side)
    x, weight = rng.standard_normal((1, 1, 700, 300)).astype("f"), rng.standard_normal((1, 1, side, side)).astype("f")
    right = torch.nn.functional.conv2d(torch.tensor(x).double(), torch.tensor(weight).double(), padding=side // 2)
    assert np.allclose(conv2d(x, weight, padding=side // 2), right.numpy(), atol=1e-5)


@pytest.mark.parametrize("padding", [0, 2])
@pytest.mark.parametrize("channels", [1, 30])
@pytest.mark.parametrize("side", [3, 5])
def test_wide_images_of_any_number_of_rows_are_summed_in_that_order_too(side: int, channels: int, padding: int) -> None:
    for rows in (2 * padding + 1, 5, 6, 10, 31):
        for width in (263, 256, 512):  # multiples of 32 vectors go along the rows
            g = {"images": 1, "channels": channels, "filters": 1, "side": side, "height": rows + side - 1 - 2 * padding,
                 "width": width + side - 1 - 2 * padding, "padding": padding, "kind": np.float32, "seed": rows}
            x, weight, bias = arrays(g)
            wide = conv2d(x, weight, bias, padding=padding)
            assert (wide == chain(x, weight, bias, padding)).mean() > 0.999
            x, weight, bias = (a.astype(np.float64) for a in (x, weight, bias))
            one = conv2d(x, weight, bias, padding=padding)
            # Narrow maps are summed in other tiles: of each column of windows alone, the same bits.
            for column in (0, 37, one.shape[3] - 1):
                seen = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))[..., column:column + side]
                assert conv2d(seen, weight, bias).tobytes() == one[..., column:column + 1].tobytes()


@pytest.mark.parametrize("width", [6, 17, 20, 36])
def test_an_infinity_reaches_the_gradients_of_the_taps_that_saw_it_and_no_others(width: int) -> None:
    # The unused lanes of a row's last vector would add infinity times zero to every tap.
    rng = np.random.default_rng(0)
    x, grad = rng.standard_normal((2, 1, 9, width)), rng.standard_normal((2, 3, 3, width - 4))
    x[..., -1] = np.inf
    leaf = torch.zeros((3, 1, 7, 5), dtype=torch.float64, requires_grad=True)
    torch.nn.functional.conv2d(torch.tensor(x), leaf).backward(torch.tensor(grad))
    weight = conv2d_weight_gradient(grad, x, (3, 1, 7, 5))
    assert np.isfinite(weight[..., :-1]).all()
    assert not np.isfinite(weight[..., -1]).any()
    assert np.allclose(weight[..., :-1], leaf.grad.numpy()[..., :-1], atol=1e-12)


def test_out_holds_the_result_and_is_returned() -> None:
    rng = np.random.default_rng(0)
    x, weight, bias = rng.standard_normal((2, 3, 9, 20)), rng.standard_normal((4, 3, 3, 3)), rng.standard_normal(4)
    for options in ({}, {"stride": 2}, {"padding": (1, 2)}, {"dilation": [1, 2]}):
        expected = conv2d(x, weight, bias, **options)
        for _ in range(2):  # the second time by the short way
            out = np.full_like(expected, np.nan)
            assert conv2d(x, weight, bias, out=out, **options) is out
            assert out.tobytes() == expected.tobytes()


@pytest.mark.parametrize(("out", "error", "rule"), [
    (np.empty((1, 1, 6, 6)), ValueError, "out must be float32 (1, 1, 6, 6), not float64"),
    (np.empty((1, 1, 4, 9), "f"), ValueError, "out must be float32 (1, 1, 6, 6), not float32 (1, 1, 4, 9)"),
    (np.empty((1, 1, 6, 12), "f")[..., ::2], ValueError, "out must be C-contiguous"),
    (np.empty((1, 1, 6, 6), ">f4"), ValueError, "out must be float32"),
    ([[[[0.0] * 6] * 6]], TypeError, "out must be a numpy array, not list"),
])
def test_an_out_that_does_not_fit_is_refused_at_first_and_later(out: Any, error: type[Exception], rule: str) -> None:
    x, weight = np.ones((1, 1, 8, 8), "f"), np.ones((1, 1, 3, 3), "f")
    for _ in range(2):
        with pytest.raises(error, match=rule.replace("(", r"\(").replace(")", r"\)")):
            conv2d(x, weight, out=out)
        conv2d(x, weight)


def test_an_out_that_shares_memory_or_is_read_only_is_refused() -> None:
    memory, weight = np.ones(64 + 36, "f"), np.ones((1, 1, 3, 3), "f")
    x, fixed = memory[:64].reshape(1, 1, 8, 8), np.empty((1, 1, 6, 6), "f")
    fixed.flags.writeable = False
    for _ in range(2):
        with pytest.raises(ValueError, match="conv2d: out must not share memory"):
            conv2d(x, weight, out=memory[63:99].reshape(1, 1, 6, 6))
        with pytest.raises(ValueError, match="conv2d: out must be C-contiguous, aligned and writeable"):
            conv2d(x, weight, out=fixed)
        assert conv2d(x, weight, out=memory[64:].reshape(1, 1, 6, 6)).sum() == 36 * 9
    assert (memory[:64] == 1).all()


@pytest.mark.parametrize("option", ["stride", "padding", "dilation", "groups"])
def test_what_equals_a_known_number_is_still_checked(option: str) -> None:
    # True == 1 == 1.0: plans are remembered by what was given.
    x, weight = np.ones((1, 1, 8, 8), "f"), np.ones((1, 1, 3, 3), "f")
    conv2d(x, weight, **{option: 1})
    with pytest.raises(TypeError, match=f"conv2d: {option} must be an integer"):
        conv2d(x, weight, **{option: 1.0})


@given(st.integers(40, 150), st.integers(16, 700), st.sampled_from([(1, 1), (2, 1), (2, 2)]), st.integers(1, 2),
       st.sampled_from([1, 3, 5, (3, 7)]), st.sampled_from([(1, 1), (0, 2), (3, 0), ((0, 1), (20, 0)), 12]),
       st.sampled_from([1, 2]), st.sampled_from([np.float32, np.float64]))
@settings(deadline=None, max_examples=40)
def test_one_filter_sees_the_same_in_the_image_itself_as_others_in_a_copy(
        height: int, width: int, channels: tuple[int, int], images: int, size: Any, padding: Any, dilation: int,
        kind: Any) -> None:
    rng, (seen, groups) = np.random.default_rng(height * width), channels
    rows, columns = size if isinstance(size, tuple) else (size, size)
    # Whoever reads beyond the image meets NaN.
    around = np.full(images * seen * height * width + 4096, np.nan, kind)
    x = around[2048:-2048].reshape(images, seen, height, width)
    x[...] = rng.standard_normal(x.shape)
    weight = rng.standard_normal((groups, seen // groups, rows, columns)).astype(kind)
    options: dict[str, Any] = {"padding": padding, "dilation": dilation, "groups": groups}
    bias = rng.standard_normal(groups).astype(kind)
    pairs = conv2d(x, np.repeat(weight, 2, axis=0), np.repeat(bias, 2), **options)
    np.testing.assert_array_equal(conv2d(x, weight, bias, **options), pairs[:, ::2])
    assert np.isfinite(pairs).all()

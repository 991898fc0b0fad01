"""max_pool2d, avg_pool2d and their gradients against torch and plain definitions."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.pooling import avg_pool2d, max_pool2d
from engine.pooling_gradients import avg_pool2d_gradient, max_pool2d_gradient

# Several threads would wait for each other longer than these small sums take.
torch.set_num_threads(1)

DTYPES = [np.float32, np.float64]


@st.composite
def geometries(draw: st.DrawFn) -> tuple[tuple[int, ...], dict[str, Any]]:
    size = draw(st.tuples(st.integers(1, 5), st.integers(1, 5)))
    options = {
        "kernel_size": size, "stride": draw(st.none() | st.tuples(st.integers(1, 4), st.integers(1, 4))),
        "padding": tuple(draw(st.integers(0, k // 2)) for k in size), "ceil_mode": draw(st.booleans()),
    }
    plane = (k + draw(st.integers(0, 9)) for k in size)
    return (draw(st.integers(1, 2)), draw(st.integers(1, 3)), *plane), options


def some_window_is_blind(plane, count, dilation, *, kernel_size, stride, padding, ceil_mode):
    """Whether a window holds padding alone, along either axis."""
    steps = stride or kernel_size
    return any(all(not 0 <= place * steps[a] - padding[a] + k * dilation[a] < plane[a] for k in range(kernel_size[a]))
               for a in (0, 1) for place in range(count[a]))


@settings(max_examples=150, deadline=None)
@given(geometries(), st.tuples(st.integers(1, 3), st.integers(1, 3)), st.integers(0, 2**32), st.sampled_from(DTYPES),
       st.sampled_from([None, np.nan, -np.inf, np.inf]))
def test_the_largest_value_its_place_and_its_gradient_are_torchs(geometry, dilation, seed, dtype, special):
    shape, options = geometry
    rng = np.random.default_rng(seed)
    # Few distinct values, so that equals are common.
    x = rng.integers(-3, 4, shape).astype(dtype)
    if special is not None:
        x[rng.random(shape) < 0.3] = special
    leaf = torch.tensor(x, requires_grad=True)
    try:
        right, places = torch.nn.functional.max_pool2d(leaf, **options, dilation=dilation, return_indices=True)
    except RuntimeError:
        with pytest.raises(ValueError, match="does not fit"):
            max_pool2d(x, **options, dilation=dilation)
        return
    if some_window_is_blind(shape[2:], right.shape[2:], dilation, **options):
        # torch gives -inf, and a place outside the plane.
        with pytest.raises(ValueError, match="would hold no pixel"):
            max_pool2d(x, **options, dilation=dilation)
        return
    output, indices = max_pool2d(x, **options, dilation=dilation, return_indices=True)
    assert output.dtype == dtype
    assert indices.dtype == np.int64
    np.testing.assert_array_equal(output, right.detach())
    np.testing.assert_array_equal(indices, places)
    np.testing.assert_array_equal(output, max_pool2d(x, **options, dilation=dilation))
    np.testing.assert_array_equal(output, x.reshape(*shape[:2], -1)[
        np.arange(shape[0])[:, None, None, None], np.arange(shape[1])[:, None, None], indices])
    grad = rng.normal(size=output.shape).astype(dtype)
    right.backward(torch.tensor(grad))
    np.testing.assert_allclose(max_pool2d_gradient(grad, indices, shape), leaf.grad, rtol=0, atol=1e-5)


@settings(max_examples=150, deadline=None)
@given(geometries(), st.booleans(), st.integers(0, 2**32), st.sampled_from(DTYPES))
def test_means_and_their_gradients_are_torchs(geometry, count_include_pad, seed, dtype):
    shape, options = geometry
    rng = np.random.default_rng(seed)
    x = rng.normal(size=shape).astype(dtype)
    leaf = torch.tensor(x.astype(np.float64), requires_grad=True)
    right = torch.nn.functional.avg_pool2d(leaf, **options, count_include_pad=count_include_pad)
    ours = avg_pool2d(x, **options, count_include_pad=count_include_pad)
    precision = 8 * np.finfo(dtype).eps
    assert ours.dtype == dtype
    np.testing.assert_allclose(ours, right.detach(), rtol=0, atol=precision)
    grad = rng.normal(size=ours.shape).astype(dtype)
    right.backward(torch.tensor(grad.astype(np.float64)))
    back = avg_pool2d_gradient(grad, shape, **options, count_include_pad=count_include_pad)
    assert back.dtype == dtype
    np.testing.assert_allclose(back, leaf.grad, rtol=0, atol=4 * precision)


GRID = np.array([[4, 1, 5, 0], [7, 8, 9, 8], [3, 5, 6, 5], [2, 4, 1, 0]])


def test_the_grid_of_the_slide():
    output, indices = max_pool2d(GRID[None, None], 2, return_indices=True)
    assert output.dtype == np.float32
    assert output.tolist() == [[[[8, 9], [5, 6]]]]
    assert indices.tolist() == [[[[5, 6], [9, 10]]]]
    assert avg_pool2d(GRID[None, None], 2).tolist() == [[[[5, 5.5], [3.5, 3]]]]
    assert max_pool2d(GRID[None, None], 2, stride=1).tolist() == [[[[8, 9, 9], [8, 9, 9], [5, 6, 6]]]]


@pytest.mark.parametrize("size", [2, 3])
def test_the_first_of_equals_wins(size):
    indices = max_pool2d(np.zeros((1, 1, 6, 6)), size, return_indices=True).indices
    corners = np.arange(0, 6, size)
    np.testing.assert_array_equal(indices[0, 0], corners[:, None] * 6 + corners)


@pytest.mark.parametrize("size", [2, 3])
def test_a_window_with_nan_gives_nan(size):
    x = np.zeros((1, 1, 6, 6), np.float32)
    for row, column in ((0, 0), (1, 1), (4, 5)):
        x[0, 0, row, column] = np.nan
    output, indices = max_pool2d(x, size, return_indices=True)
    blocks = np.isnan(x[0, 0].reshape(6 // size, size, -1, size))
    np.testing.assert_array_equal(np.isnan(output[0, 0]), blocks.any((1, 3)))
    assert indices[0, 0, 0, 0] == 7


def test_pixels_that_win_twice_get_both_gradients():
    x = np.zeros((1, 1, 3, 3))
    x[0, 0, 1, 1] = 1
    indices = max_pool2d(x, 2, stride=1, return_indices=True).indices
    back = max_pool2d_gradient([[[[1, 2], [3, 4]]]], indices, x.shape)
    assert back.tolist() == [[[[0, 0, 0], [0, 10, 0], [0, 0, 0]]]]


@pytest.mark.parametrize("pool", [max_pool2d, avg_pool2d])
@pytest.mark.parametrize(("given", "result"), [("u1", "f4"), ("i8", "f4"), ("f2", "f4"), (">f4", "f4"), (">f8", "f8")])
def test_dtypes(pool, given, result):
    y = pool(np.arange(16).reshape(1, 1, 4, 4).astype(given), 2)
    assert y.dtype == np.dtype(result)
    np.testing.assert_array_equal(y, pool(np.arange(16.0).reshape(1, 1, 4, 4), 2))


@pytest.mark.parametrize("pool", [max_pool2d, avg_pool2d])
def test_how_an_array_lies_in_memory_changes_nothing(pool):
    x = np.random.default_rng(0).normal(size=(2, 3, 7, 8))
    right = pool(x, 3, stride=2, padding=1)
    wide = np.zeros((4, 3, 7, 16))
    wide[::2, :, :, ::2] = x
    locked = x.copy()
    locked.flags.writeable = False
    for other in (wide[::2, :, :, ::2], x[:, ::-1, :, ::-1].copy()[:, ::-1, :, ::-1], np.asfortranarray(x), locked,
                  x.astype(">f8")):
        assert pool(other, 3, stride=2, padding=1).tobytes() == right.tobytes()
        np.testing.assert_array_equal(other, x)


def test_an_empty_batch_stays_empty():
    x = np.zeros((0, 3, 8, 8), np.float32)
    output, indices = max_pool2d(x, 2, return_indices=True)
    assert output.shape == indices.shape == avg_pool2d(x, 2).shape == (0, 3, 4, 4)
    assert max_pool2d_gradient(output, indices, x.shape).shape == x.shape
    assert avg_pool2d_gradient(output, x.shape, 2).shape == x.shape
    assert max_pool2d(x, 3).shape == (0, 3, 2, 2)


X = np.ones((1, 2, 6, 6))
BAD: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"x": X[0]}, ValueError, "x must have 4 axes, not 3 (2, 6, 6)"),
    ({"x": X.astype(complex)}, TypeError, "x must hold real numbers, not complex128"),
    ({"x": np.ones((1, 1, 0, 4))}, ValueError, "images of 0 x 4 hold no pixel"),
    ({"kernel_size": 0}, ValueError, "kernel_size must be at least 1, not 0"),
    ({"kernel_size": 7}, ValueError, "a window 7 high (size 7, dilation 1) does not fit an image 6 high"),
    ({"kernel_size": (2, 9)}, ValueError, "a window 9 wide"),
    ({"kernel_size": "2"}, TypeError, "kernel_size must be an integer, not '2'"),
    ({"stride": 0}, ValueError, "stride must be at least 1, not 0"),
    ({"padding": 2}, ValueError, "padding (2, 2) must not exceed half of kernel_size (2, 2)"),
    ({"padding": -1}, ValueError, "padding must be at least 0, not -1"),
    ({"padding": (0, 1, 2)}, ValueError, "padding must be an int or a pair of ints"),
]


@pytest.mark.parametrize("pool", [max_pool2d, avg_pool2d])
@pytest.mark.parametrize(("change", "error", "message"), BAD)
def test_bad_arguments_are_refused_with_the_rule_and_the_values(pool, change, error, message):
    with pytest.raises(error, match=f"{pool.__name__}: .*{re.escape(message)}"):
        pool(**({"x": X, "kernel_size": 2} | change))


def test_max_pooling_refuses_what_only_it_can_be_given():
    with pytest.raises(ValueError, match="max_pool2d: dilation must be at least 1, not 0"):
        max_pool2d(X, 2, dilation=0)
    with pytest.raises(ValueError, match="would hold no pixel of an image"):
        max_pool2d(np.ones((1, 1, 1, 1)), 2, padding=1, dilation=2)


GRAD = np.ones((1, 2, 3, 3))
PLACES = np.zeros((1, 2, 3, 3), int)


@pytest.mark.parametrize(("arguments", "error", "message"), [
    ((GRAD, PLACES[0], X.shape), ValueError, "indices (2, 3, 3) must have the shape of grad (1, 2, 3, 3)"),
    ((GRAD, PLACES.astype(float), X.shape), TypeError, "indices must be integers, not float64"),
    ((GRAD, PLACES + 36, X.shape), ValueError, "indices must lie from 0 to 35, not from 36 to 36"),
    ((GRAD, PLACES - 1, X.shape), ValueError, "indices must lie from 0 to 35, not from -1 to -1"),
    ((GRAD, PLACES, (2, 2, 6, 6)), ValueError, "grad (1, 2, 3, 3) must have the images and channels of input_shape"),
    ((GRAD, PLACES, (2, 6, 6)), ValueError, "input_shape must have 4 axes, not 3"),
    ((GRAD, PLACES, (1, 2, 6, 6.0)), TypeError, "input_shape must be an integer, not 6.0"),
])
def test_the_gradient_of_max_pooling_refuses_what_does_not_match(arguments, error, message):
    with pytest.raises(error, match=f"max_pool2d_gradient: {re.escape(message)}"):
        max_pool2d_gradient(*arguments)


def test_the_gradient_of_average_pooling_refuses_what_does_not_match():
    with pytest.raises(ValueError, match=re.escape("avg_pool2d_gradient: grad (1, 2, 3, 3) must have the shape of what "
                                                   "avg_pool2d returns, (1, 2, 2, 2)")):
        avg_pool2d_gradient(GRAD, X.shape, 3)

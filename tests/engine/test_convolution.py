"""conv2d and its gradients against torch, scipy, finite differences and exact arithmetic."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import correlate2d

from engine.convolution import conv2d
from engine.convolution_gradients import conv2d_gradients, conv2d_input_gradient, conv2d_weight_gradient

# Several threads would wait for each other longer than these small sums take.
torch.set_num_threads(1)

TOLERANCE = {np.float32: 2e-5, np.float64: 1e-13}


class Case(NamedTuple):
    """One convolution: what it takes, how, and a gradient by what it gives."""

    x: np.ndarray
    weight: np.ndarray
    bias: np.ndarray
    options: dict[str, Any]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    small, step = st.integers(1, 4), st.tuples(st.integers(1, 3), st.integers(1, 3))
    groups, size, dilation = draw(st.integers(1, 3)), (draw(small), draw(small)), draw(step)
    sides = draw(st.tuples(*[st.tuples(st.integers(0, 3), st.integers(0, 3))] * 2))
    # At least as large as the filter once padded, and never empty.
    plane = [max(1, d * (k - 1) + 1 - sum(p)) + draw(st.integers(0, 8))
             for d, k, p in zip(dilation, size, sides, strict=True)]
    channels, filters = draw(st.integers(1, 2)), groups * draw(small)
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    dtype = draw(st.sampled_from([np.float32, np.float64]))
    shapes = (draw(st.integers(1, 3)), groups * channels, *plane), (filters, channels, *size), (filters,)
    return Case(*(rng.normal(size=shape).astype(dtype) for shape in shapes),
                {"stride": draw(step), "padding": sides, "dilation": dilation, "groups": groups})


def torchs(case: Case) -> tuple[torch.Tensor, list[torch.Tensor]]:
    """What torch gives in float64, and the leaves that hold its gradients after backward()."""
    leaves = [torch.tensor(a.astype(np.float64), requires_grad=True) for a in case[:3]]
    (top, bottom), (left, right) = case.options["padding"]
    padded = torch.nn.functional.pad(leaves[0], (left, right, top, bottom))
    rest = {name: value for name, value in case.options.items() if name != "padding"}
    return torch.nn.functional.conv2d(padded, leaves[1], leaves[2], **rest), leaves


def close(ours: np.ndarray, right: Any, dtype: type) -> None:
    assert ours.dtype == dtype
    assert ours.flags.c_contiguous
    assert ours.shape == tuple(right.shape)
    scale = max(1.0, float(np.abs(right).max(initial=0)))
    np.testing.assert_allclose(ours, right, rtol=TOLERANCE[dtype], atol=scale * TOLERANCE[dtype])


@settings(max_examples=120, deadline=None)
@given(cases(), st.integers(0, 2**32))
def test_values_and_gradients_are_torchs(case, seed):
    dtype = case.x.dtype.type
    right, leaves = torchs(case)
    y = conv2d(*case[:3], **case.options)
    close(y, right.detach().numpy(), dtype)
    grad = np.random.default_rng(seed).normal(size=y.shape).astype(dtype)
    right.backward(torch.tensor(grad.astype(np.float64)))
    for ours, leaf in zip(conv2d_gradients(grad, case.x, case.weight, **case.options), leaves, strict=True):
        assert leaf.grad is not None
        close(ours, leaf.grad.numpy(), dtype)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(1, 1, 90, 70), (2, 3, 60, 61), (1, 2, 3, 2500)])
def test_images_that_are_summed_in_several_strips(shape, dtype):
    rng = np.random.default_rng(3)
    case = Case(*(rng.normal(size=s).astype(dtype) for s in (shape, (4, shape[1], 3, 5), (4,))),
                {"padding": ((1, 1), (2, 2)), "stride": 1, "dilation": 1, "groups": 1})
    right, leaves = torchs(case)
    y = conv2d(*case[:3], **case.options)
    close(y, right.detach().numpy(), dtype)
    right.backward(torch.tensor(y.astype(np.float64)))
    for ours, leaf in zip(conv2d_gradients(y, case.x, case.weight, **case.options), leaves, strict=True):
        assert leaf.grad is not None
        close(ours, leaf.grad.numpy(), dtype)


@pytest.mark.parametrize("mode", ["valid", "same"])
@pytest.mark.parametrize("size", [(1, 1), (3, 3), (5, 3), (1, 5)])
def test_scipy_agrees_on_one_channel(size, mode):
    rng = np.random.default_rng(1)
    image, filter_ = rng.normal(size=(11, 9)), rng.normal(size=size)
    ours = conv2d(image[None, None], filter_[None, None], padding=mode)[0, 0]
    close(ours, correlate2d(image, filter_, mode), np.float64)


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")
@settings(max_examples=40, deadline=None)
@given(st.tuples(*[st.integers(1, 6)] * 2), st.tuples(*[st.integers(1, 3)] * 2), st.integers(5, 9))
def test_same_pads_as_torch_does(size, dilation, side):
    rng = np.random.default_rng(2)
    x, weight = rng.normal(size=(1, 2, side, side + 1)), rng.normal(size=(2, 2, *size))
    ours = conv2d(x, weight, padding="same", dilation=dilation)
    assert ours.shape == x.shape
    right = torch.nn.functional.conv2d(torch.tensor(x), torch.tensor(weight), padding="same", dilation=dilation)
    close(ours, right.numpy(), np.float64)


def test_each_sum_is_a_chain_of_fused_multiply_adds_in_the_order_that_is_promised():
    rng = np.random.default_rng(4)
    x, weight, bias = rng.normal(size=(1, 2, 5, 6)), rng.normal(size=(2, 2, 3, 2)), rng.normal(size=2)
    y = conv2d(x, weight, bias)
    for k, row, column in np.ndindex(*y.shape[1:]):
        total = Fraction(bias[k])
        for c, r, s in np.ndindex(*weight.shape[1:]):
            # float() of a fraction rounds once, to nearest: what a fused multiply-add does.
            total = Fraction(float(total + Fraction(weight[k, c, r, s]) * Fraction(x[0, c, row + r, column + s])))
        assert y[0, k, row, column] == float(total)


def test_an_image_gives_the_same_bytes_alone_and_in_a_batch():
    rng = np.random.default_rng(5)
    x, weight = rng.normal(size=(7, 3, 13, 17)).astype(np.float32), rng.normal(size=(5, 3, 3, 3)).astype(np.float32)
    together = conv2d(x, weight, stride=(1, 2), padding=1)
    grads = conv2d_input_gradient(together, weight, x.shape, stride=(1, 2), padding=1)
    for n in range(len(x)):
        alone = conv2d(x[n:n + 1], weight, stride=(1, 2), padding=1)
        assert alone.tobytes() == together[n].tobytes()
        back = conv2d_input_gradient(alone, weight, (1, *x.shape[1:]), stride=(1, 2), padding=1)
        assert back.tobytes() == grads[n].tobytes()


def test_gradients_are_those_of_finite_differences():
    rng = np.random.default_rng(6)
    x, weight, bias, target = (rng.normal(size=s) for s in ((2, 2, 6, 5), (4, 1, 3, 2), (4,), (2, 4, 3, 4)))
    options: dict[str, Any] = {"stride": (2, 1), "padding": ((1, 0), (0, 1)), "dilation": (1, 2), "groups": 2}
    found = conv2d_gradients(target, x, weight, **options)
    for place, gradient in ((0, found.x), (1, found.weight), (2, found.bias)):
        for index in np.ndindex(gradient.shape):
            above, below = ([a.copy() for a in (x, weight, bias)] for _ in range(2))
            above[place][index] += 0.5
            below[place][index] -= 0.5
            # The convolution is linear in each of the three, so that the difference is exact but for rounding.
            slope = ((conv2d(*above, **options) - conv2d(*below, **options)) * target).sum()
            assert gradient[index] == pytest.approx(slope, abs=1e-12)


def test_one_known_pixel():
    emboss = [[[[4, 0, 0], [0, 0, 0], [0, 0, -4]]]]
    y = conv2d([[[[0, 0, 0], [0, 1, 1], [0, 1, 2]]]], emboss)
    assert y.dtype == np.float32
    assert y.tolist() == [[[[-8.0]]]]


@pytest.mark.parametrize(("x", "weight", "result"), [
    ("f4", "f4", "f4"), ("f8", "f8", "f8"), ("f4", "f8", "f8"), ("f8", "f4", "f8"), ("f2", "f2", "f4"),
    ("u1", "i4", "f4"), ("?", "f4", "f4"), ("i8", "f8", "f8"), ("f2", "f8", "f8"), (">f4", "<f4", "f4"),
    (">f8", "f4", "f8"),
])
def test_dtypes(x, weight, result):
    y = conv2d(np.ones((1, 1, 3, 3), x), np.ones((1, 1, 2, 2), weight), np.ones(1, np.float32))
    assert y.dtype == np.dtype(result)
    assert y.dtype.isnative
    assert (y == 5).all()
    found = conv2d_gradients(y.astype(x), np.ones((1, 1, 3, 3), x), np.ones((1, 1, 2, 2), weight))
    assert {a.dtype for a in found} == {np.dtype(result)}


def layouts(array: np.ndarray) -> dict[str, np.ndarray]:
    """The same values, held in memory in other ways."""
    spread = np.zeros(tuple(2 * n for n in array.shape), array.dtype)
    spread[tuple(slice(None, None, 2) for _ in array.shape)] = array
    locked = array.copy()
    locked.flags.writeable = False
    raw = np.zeros(array.nbytes + 1, np.uint8)
    unaligned = raw[1:].view(array.dtype).reshape(array.shape)
    unaligned[...] = array
    backwards = tuple(slice(None, None, -1) for _ in array.shape)
    return {"strided": spread[tuple(slice(None, None, 2) for _ in array.shape)], "fortran": np.asfortranarray(array),
            "reversed": array[backwards].copy()[backwards], "swapped": array.astype(array.dtype.newbyteorder()),
            "read-only": locked, "unaligned": unaligned}


@pytest.mark.parametrize("layout", ["strided", "fortran", "reversed", "swapped", "read-only", "unaligned"])
def test_how_an_array_lies_in_memory_changes_no_byte_and_no_argument(layout):
    rng = np.random.default_rng(7)
    given = [rng.normal(size=shape).astype(np.float32) for shape in ((2, 2, 6, 7), (3, 2, 3, 3), (3,))]
    held = [layouts(array)[layout] for array in given]
    y = conv2d(*given, padding=1)
    assert conv2d(*held, padding=1).tobytes() == y.tobytes()
    right = conv2d_gradients(y, *given[:2], padding=1)
    ours = conv2d_gradients(layouts(y)[layout], *held[:2], padding=1)
    assert [a.tobytes() for a in ours] == [a.tobytes() for a in right]
    for array, other in zip(given, held, strict=True):
        np.testing.assert_array_equal(other, array)


def test_an_empty_batch_stays_empty():
    weight = np.ones((4, 3, 3, 3), np.float32)
    y = conv2d(np.zeros((0, 3, 8, 8), np.float32), weight)
    assert y.shape == (0, 4, 6, 6)
    found = conv2d_gradients(y, np.zeros((0, 3, 8, 8), np.float32), weight)
    assert [a.shape for a in found] == [(0, 3, 8, 8), (4, 3, 3, 3), (4,)]
    assert not found.weight.any()
    assert not found.bias.any()


def test_nan_and_infinity_reach_the_outputs_that_see_them_and_no_others():
    x = np.zeros((1, 1, 5, 5))
    x[0, 0, 0, 0], x[0, 0, 4, 4] = np.nan, np.inf
    y = conv2d(x, np.ones((1, 1, 2, 2)))
    assert np.isnan(y).sum() == 1
    assert np.isnan(y[0, 0, 0, 0])
    assert np.isposinf(y).sum() == 1
    assert np.isposinf(y[0, 0, 3, 3])


X, W = np.ones((1, 3, 6, 6)), np.ones((4, 3, 3, 3))
BAD: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"weight": np.ones((8, 1, 3, 3))}, ValueError,
     "conv2d: x has 3 channels (1, 3, 6, 6) but weight expects 1 (8, 1, 3, 3)"),
    ({"groups": 2}, ValueError, "conv2d: groups (2) must divide the 3 channels of x (1, 3, 6, 6)"),
    ({"groups": 3}, ValueError, "the 4 filters of weight (4, 3, 3, 3)"),
    ({"groups": 3, "weight": np.ones((3, 2, 3, 3))}, ValueError, "weight expects 2 in each of 3 groups"),
    ({"groups": 0}, ValueError, "conv2d: groups must be at least 1, not 0"),
    ({"x": X[0]}, ValueError, "conv2d: x must have 4 axes, not 3 (3, 6, 6)"),
    ({"weight": W[0]}, ValueError, "conv2d: weight must have 4 axes, not 3"),
    ({"weight": np.ones((0, 3, 3, 3))}, ValueError, "conv2d: weight (0, 3, 3, 3) holds no filter"),
    ({"weight": np.ones((4, 3, 0, 3))}, ValueError, "conv2d: weight (4, 3, 0, 3) holds no filter"),
    ({"x": np.ones((1, 3, 0, 6))}, ValueError, "conv2d: images of 0 x 6 hold no pixel"),
    ({"bias": np.ones(3)}, ValueError,
     "conv2d: bias (3,) must hold one number for each filter of weight (4, 3, 3, 3)"),
    ({"bias": 1.0}, ValueError, "conv2d: bias must have 1 axes, not 0 ()"),
    ({"weight": np.ones((4, 3, 7, 3))}, ValueError,
     "a window 7 high (size 7, dilation 1) does not fit an image 6 high"),
    ({"dilation": (1, 3)}, ValueError, "a window 7 wide (size 3, dilation 3) does not fit an image 6 wide"),
    ({"stride": 0}, ValueError, "conv2d: stride must be at least 1, not 0"),
    ({"stride": (1, 2, 3)}, ValueError, "conv2d: stride must be an int or a pair of ints, not (1, 2, 3)"),
    ({"stride": 1.5}, TypeError, "conv2d: stride must be an integer, not 1.5"),
    ({"dilation": -1}, ValueError, "conv2d: dilation must be at least 1, not -1"),
    ({"padding": -1}, ValueError, "conv2d: padding must be at least 0, not -1"),
    ({"padding": ((0, 1), (-2, 0))}, ValueError, "conv2d: padding (left, right) must be at least 0, not -2"),
    ({"padding": (1, 2, 3)}, ValueError, "conv2d: padding must be an int, a pair, a pair of pairs"),
    ({"padding": "sam"}, ValueError, "conv2d: no padding 'sam'; did you mean 'same'?"),
    ({"padding": "same", "stride": 2}, ValueError, "conv2d: padding 'same' needs stride 1, not (2, 2)"),
    ({"x": X.astype(complex)}, TypeError, "conv2d: x must hold real numbers, not complex128"),
    ({"weight": np.full((4, 3, 3, 3), "a")}, TypeError, "conv2d: weight must hold real numbers, not <U1"),
]


@pytest.mark.parametrize(("change", "error", "message"), BAD)
def test_bad_arguments_are_refused_with_the_rule_and_the_values(change, error, message):
    with pytest.raises(error, match=re.escape(message)):
        conv2d(**({"x": X, "weight": W} | change))


def test_gradients_refuse_what_conv2d_could_not_have_returned():
    grad = np.ones((1, 4, 4, 3))
    for call in (lambda: conv2d_weight_gradient(grad, X, W.shape), lambda: conv2d_input_gradient(grad, W, X.shape),
                 lambda: conv2d_gradients(grad, X, W)):
        with pytest.raises(ValueError, match=re.escape("grad (1, 4, 4, 3) must have the shape of what conv2d returns, "
                                                       "(1, 4, 4, 4)")):
            call()
    with pytest.raises(ValueError, match="weight_shape must have 4 axes, not 3"):
        conv2d_weight_gradient(np.ones((1, 4, 4, 4)), X, (4, 3, 3))
    with pytest.raises(ValueError, match="x has 3 channels"):
        conv2d_input_gradient(np.ones((1, 4, 4, 4)), W[:, :2], X.shape)

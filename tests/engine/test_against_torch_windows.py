"""Convolution and pooling against torch in float64: values and gradients, over random shapes and options."""

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch.nn import functional

import engine

# torch remarks that "same" with a filter of even size costs it a copy.
pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same'")

EXAMPLES = settings(max_examples=200, deadline=None, derandomize=True)
NUMBERS = st.floats(-4, 4, width=32)


def numbers(draw, *shape):
    # Every element drawn would be slow: hypothesis draws a few values, numpy's fill does the rest with distinct ones.
    seed = draw(st.integers(0, 2**16))
    values = engine.normal(shape, seed=seed)
    if draw(st.booleans()) and values.size:
        values.reshape(-1)[draw(st.integers(0, values.size - 1))] = draw(NUMBERS)
    return values


def pairs(low, high):
    return st.integers(low, high) | st.tuples(st.integers(low, high), st.integers(low, high))


def both(value):
    return value if isinstance(value, tuple) else (value, value)


def leaf(array):
    return torch.tensor(array, dtype=torch.float64, requires_grad=True)


def agree(ours, theirs):
    theirs = theirs.detach().numpy()
    assert ours.shape == theirs.shape
    np.testing.assert_allclose(ours, theirs, rtol=1e-11, atol=1e-11)


@st.composite
def convolutions(draw):
    groups, images = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    share, filters = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    size, height, width = draw(pairs(1, 4)), draw(st.integers(1, 9)), draw(st.integers(1, 9))
    x = numbers(draw, images, groups * share, height, width)
    weight = numbers(draw, groups * filters, share, *both(size))
    bias = draw(st.none() | st.just(numbers(draw, groups * filters)))
    options = {name: draw(pairs(low, 3)) for name, low in (("stride", 1), ("padding", 0), ("dilation", 1))}
    options["groups"] = groups
    if draw(st.integers(0, 5)) == 0:
        options |= {"padding": "same", "stride": 1}
    padding = both(options["padding"]) if options["padding"] != "same" else (9, 9)
    for axis in (0, 1):
        reach = both(options["dilation"])[axis] * (both(size)[axis] - 1) + 1
        assume(x.shape[2 + axis] + 2 * padding[axis] >= reach)
    return x, weight, bias, options


@EXAMPLES
@given(convolutions())
def test_conv2d(case):
    x, weight, bias, options = case
    offset = None if bias is None else torch.tensor(bias)
    agree(engine.conv2d(x, weight, bias, **options),
          functional.conv2d(torch.tensor(x), torch.tensor(weight), offset, **options))


@EXAMPLES
@given(convolutions(), st.integers(0, 2**16))
def test_the_gradients_of_conv2d(case, seed):
    x, weight, bias, options = case
    offset = np.zeros(len(weight)) if bias is None else bias
    inputs = [leaf(array) for array in (x, weight, offset)]
    output = functional.conv2d(*inputs, **options)
    grad = engine.normal(tuple(output.shape), seed=seed)
    output.backward(torch.tensor(grad))
    for ours, theirs in zip(engine.conv2d_gradients(grad, x, weight, **options), inputs, strict=True):
        agree(ours, theirs.grad)


@EXAMPLES
@given(convolutions(), st.integers(0, 2**16))
def test_the_two_gradients_of_conv2d_by_themselves(case, seed):
    x, weight, _, options = case
    inputs = [leaf(array) for array in (x, weight)]
    output = functional.conv2d(*inputs, **options)
    grad = engine.normal(tuple(output.shape), seed=seed)
    output.backward(torch.tensor(grad))
    agree(engine.conv2d_input_gradient(grad, weight, x.shape, **options), inputs[0].grad)
    agree(engine.conv2d_weight_gradient(grad, x, weight.shape, **options), inputs[1].grad)


@st.composite
def poolings(draw, *, dilated):
    size = draw(pairs(1, 4))
    padding = tuple(draw(st.integers(0, side // 2)) for side in both(size))
    x = numbers(draw, *(draw(st.integers(1, most)) for most in (2, 3, 9, 9)))
    options = {"stride": draw(st.none() | pairs(1, 4)), "padding": padding, "ceil_mode": draw(st.booleans())}
    if dilated:
        options["dilation"] = draw(pairs(1, 2))
        if draw(st.booleans()):
            # Ties: the first of the largest wins.
            x = np.rint(x)
    for axis in (0, 1):
        reach = both(options.get("dilation", 1))[axis] * (both(size)[axis] - 1) + 1
        assume(x.shape[2 + axis] + 2 * padding[axis] >= reach)
    return x, size, options


@EXAMPLES
@given(poolings(dilated=True), st.integers(0, 2**16))
def test_max_pool2d_and_its_gradient(case, seed):
    x, size, options = case
    if functional.max_pool2d(torch.tensor(x), size, **options).isinf().any():
        # A dilated window may step over the whole image: torch gives -inf and an index that is none.
        with pytest.raises(ValueError, match="hold no pixel"):
            engine.max_pool2d(x, size, **options)
        return
    pooled = engine.max_pool2d(x, size, **options, return_indices=True)
    given_x = leaf(x)
    output, indices = functional.max_pool2d(given_x, size, **options, return_indices=True)
    agree(pooled.output, output)
    np.testing.assert_array_equal(pooled.indices, indices.numpy())
    np.testing.assert_array_equal(engine.max_pool2d(x, size, **options), pooled.output)
    grad = engine.normal(pooled.output.shape, seed=seed)
    output.backward(torch.tensor(grad))
    agree(engine.max_pool2d_gradient(grad, pooled.indices, x.shape), given_x.grad)


@EXAMPLES
@given(poolings(dilated=False), st.booleans(), st.integers(0, 2**16))
def test_avg_pool2d_and_its_gradient(case, count_include_pad, seed):
    x, size, options = case
    options |= {"count_include_pad": count_include_pad}
    given_x = leaf(x)
    output = functional.avg_pool2d(given_x, size, **options)
    agree(engine.avg_pool2d(x, size, **options), output)
    grad = engine.normal(tuple(output.shape), seed=seed)
    output.backward(torch.tensor(grad))
    agree(engine.avg_pool2d_gradient(grad, x.shape, size, **options), given_x.grad)

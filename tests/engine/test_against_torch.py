"""Layers, losses, activations and elementary functions against torch in float64, over random arrays and parameters."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from torch.nn import functional

import engine

EXAMPLES = settings(max_examples=60, deadline=None, derandomize=True)
SHAPES = arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=5)
# Every float64, infinities included; NaN, of which all functions give NaN, is told apart in tests of its own.
ANY = st.floats(allow_nan=False)
USUAL = st.floats(-50, 50)
ARRAYS = arrays.arrays(np.float64, SHAPES, elements=USUAL | ANY)
POSITIVE = st.floats(0.05, 8)


def leaf(array):
    return torch.tensor(array, dtype=torch.float64, requires_grad=True)


def agree(ours, theirs, *, rtol=1e-13, atol=1e-300):
    theirs = theirs.detach().numpy()
    assert ours.shape == theirs.shape
    np.testing.assert_allclose(ours, theirs, rtol=rtol, atol=atol)


# By name of ours: torch's, and what its parameters are drawn from.
ACTIVATIONS = {
    "relu": (functional.relu, {}),
    "leaky_relu": (functional.leaky_relu, {"negative_slope": st.floats(-2, 2)}),
    "elu": (functional.elu, {"alpha": POSITIVE}),
    "selu": (functional.selu, {}),
    "celu": (functional.celu, {"alpha": POSITIVE}),
    "softplus": (functional.softplus, {"beta": POSITIVE, "threshold": st.floats(1, 40)}),
    "sigmoid": (torch.sigmoid, {}),
    "tanh": (torch.tanh, {}),
    "softsign": (functional.softsign, {}),
    "hard_sigmoid": (functional.hardsigmoid, {}),
    "hard_swish": (functional.hardswish, {}),
    "gelu": (functional.gelu, {"approximate": st.sampled_from(("none", "tanh"))}),
    "silu": (functional.silu, {}),
    "mish": (functional.mish, {}),
}
# In float64 too, torch computes these derivatives with constants that it has rounded to float32: 1 / alpha, 1 / 6.
ROUNDED = ("celu", "hard_sigmoid", "hard_swish")
ELEMENTARY = {"exp": torch.exp, "expm1": torch.expm1, "log": torch.log, "log1p": torch.log1p, "erf": torch.erf,
              "sin": torch.sin, "cos": torch.cos}


@pytest.mark.parametrize("name", ACTIVATIONS)
@EXAMPLES
@given(data=st.data())
def test_an_activation_and_its_derivative(name, data):
    theirs, parameters = ACTIVATIONS[name]
    chosen = {key: data.draw(strategy) for key, strategy in parameters.items()}
    x = data.draw(arrays.arrays(np.float64, SHAPES, elements=USUAL))
    given_x = leaf(x)
    output = theirs(given_x, **chosen)
    agree(getattr(engine, name)(x, **chosen), output, rtol=1e-12, atol=1e-15)
    output.sum().backward()
    agree(engine.ACTIVATIONS[name].derivative(x, **chosen), given_x.grad, rtol=2e-7 if name in ROUNDED else 1e-12,
          atol=1e-13)


@pytest.mark.parametrize("name", ELEMENTARY)
@EXAMPLES
@given(x=ARRAYS)
def test_an_elementary_function(name, x):
    if name in ("sin", "cos"):
        x = np.where(np.abs(x) < 1e5, x, 0.0)
    agree(getattr(engine, name)(x), ELEMENTARY[name](torch.tensor(x)), atol=5e-324)


@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
@settings(EXAMPLES, max_examples=100)
@given(data=st.data())
def test_softmax_and_its_logarithm_with_gradients(name, data):
    shape = data.draw(arrays.array_shapes(min_dims=1, max_dims=3, max_side=6))
    axis = data.draw(st.integers(-len(shape), len(shape) - 1))
    x, grad = (data.draw(arrays.arrays(np.float64, shape, elements=USUAL)) for _ in range(2))
    given_x = leaf(x)
    output = getattr(torch, name)(given_x, axis)
    y = getattr(engine, name)(x, axis=axis)
    # torch's own error: it adds the largest probability's 1 to the others before it takes the logarithm.
    agree(y, output, rtol=1e-12, atol=1e-14)
    output.backward(torch.tensor(grad))
    agree(getattr(engine, f"{name}_gradient")(y, grad, axis=axis), given_x.grad, rtol=1e-10, atol=1e-10)


@settings(EXAMPLES, max_examples=150)
@given(st.data())
def test_cross_entropy(data):
    images, classes = data.draw(st.integers(1, 6)), data.draw(st.integers(1, 6))
    scores = data.draw(arrays.arrays(np.float64, (images, classes), elements=USUAL))
    labels = data.draw(arrays.arrays(np.int64, images, elements=st.integers(0, classes - 1)))
    given_scores = leaf(scores)
    loss = functional.cross_entropy(given_scores, torch.tensor(labels))
    loss.backward()
    ours = engine.cross_entropy(scores, labels)
    np.testing.assert_allclose(ours.loss, loss.item(), rtol=1e-12, atol=1e-15)
    agree(ours.gradient, given_scores.grad, rtol=1e-11, atol=1e-14)


@settings(EXAMPLES, max_examples=150)
@given(st.data())
def test_linear_and_its_gradients(data):
    rows, inputs, outputs = (data.draw(st.integers(1, 6)) for _ in range(3))
    x, weight, bias, grad = (data.draw(arrays.arrays(np.float64, shape, elements=st.floats(-8, 8)))
                             for shape in ((rows, inputs), (outputs, inputs), outputs, (rows, outputs)))
    leaves = [leaf(array) for array in (x, weight, bias)]
    output = functional.linear(*leaves)
    agree(engine.linear(x, weight, bias), output, rtol=1e-12, atol=1e-12)
    output.backward(torch.tensor(grad))
    for ours, theirs in zip(engine.linear_gradients(grad, x, weight), leaves, strict=True):
        agree(ours, theirs.grad, rtol=1e-12, atol=1e-12)
    agree(engine.linear_input_gradient(grad, weight), leaves[0].grad, rtol=1e-12, atol=1e-12)
    assert np.array_equal(engine.linear_weight_gradient(grad, x), engine.linear_gradients(grad, x, weight).weight)


@settings(EXAMPLES, max_examples=80)
@given(st.data())
def test_maxout(data):
    pieces, groups = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 4))
    x = data.draw(arrays.arrays(np.float64, (data.draw(st.integers(0, 3)), groups * pieces, 3), elements=USUAL))
    expected = torch.tensor(x).reshape(-1, groups, pieces, 3).amax(2) if x.size else torch.tensor(x[:, :groups])
    agree(engine.maxout(x, pieces), expected)

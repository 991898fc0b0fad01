"""Each activation and its derivative against torch, against mpmath in the tails, and against each other."""

from __future__ import annotations

import inspect
import re

import mpmath
import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.mathtext import MathTextParser

from engine import activations
from engine.activations import ACTIVATIONS, gelu, sigmoid, softplus

NAMES = ["sigmoid", "tanh", "relu", "leaky_relu", "elu", "selu", "celu", "gelu", "silu", "mish", "softplus", "softsign",
         "hard_sigmoid", "hard_swish", "maxout", "log_softmax"]
TORCH = {name: getattr(F, name) for name in NAMES[:12]} | {
    "tanh": torch.tanh, "sigmoid": torch.sigmoid, "hard_sigmoid": F.hardsigmoid, "hard_swish": F.hardswish,
    "maxout": lambda x, w1=-0.5, b1=1.0, w2=1.0, b2=-0.5: torch.maximum(w1 * x + b1, w2 * x + b2),
    "log_softmax": lambda x, rival=0.0: F.log_softmax(torch.stack([x, torch.full_like(x, rival)]), 0)[0]}
CALLS = [(name, {}) for name in NAMES] + [
    ("leaky_relu", {"negative_slope": 0.2}), ("leaky_relu", {"negative_slope": -1.5}), ("elu", {"alpha": 0.3}),
    ("celu", {"alpha": 2.5}), ("gelu", {"approximate": "tanh"}), ("softplus", {"beta": 2.0, "threshold": 5.0}),
    ("log_softmax", {"rival": -1.5}), ("maxout", {"w1": 2.0, "b1": 0.0, "w2": -1.0, "b2": 3.0})]
IDS = [name + "".join(f",{k}={v}" for k, v in parameters.items()) for name, parameters in CALLS]
# The kinks of all of them, and both sides of each.
GRID = np.concatenate([np.linspace(-12, 12, 481), np.linspace(-40, 40, 81), [-0.0, 1e-30, -1e-30, 20.0, 20.5]])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("name", "parameters"), CALLS, ids=IDS)
def test_values_and_gradients_are_torchs(name, parameters, dtype):
    x = GRID.astype(dtype)
    argument = torch.tensor(x.astype(np.float64), requires_grad=True)
    value = TORCH[name](argument, **parameters)
    value.sum().backward()
    ours = ACTIVATIONS[name].function(x, **parameters)
    slope = ACTIVATIONS[name].derivative(x, **parameters)
    assert ours.dtype == slope.dtype == dtype
    precision = np.finfo(dtype).eps
    # Where a product is exponentiated, its rounding is multiplied by itself: up to 14, and 30 in gelu's cubic.
    digits = precision * (16 if parameters.get("approximate") else 8 if "alpha" in parameters else 4)
    if name == "gelu" and dtype == np.float32 and not parameters:
        assert (np.abs(ours - value.detach().numpy()) <= 1.5e-7 * np.abs(x)).all()
    else:
        np.testing.assert_allclose(ours, value.detach().numpy(), rtol=digits, atol=1e-14)
    # torch's own hard_sigmoid has 1/6 in float32, whatever the dtype. The slopes of the gates cross zero.
    lost = 5e-9 if "hard" in name else max(precision / 2, 1e-14) if name in ("gelu", "silu", "mish") else 1e-14
    np.testing.assert_allclose(slope, argument.grad.numpy(), rtol=digits, atol=lost)


@pytest.mark.parametrize(("name", "parameters"), CALLS, ids=IDS)
def test_derivative_is_the_limit_of_the_difference(name, parameters):
    x = np.linspace(-9, 9, 181) + 0.0137  # beside every kink
    x = x[np.abs(x - 2.5) > 0.02]  # where softplus of beta 2 is cut at 5
    h = 1e-6
    function, derivative = ACTIVATIONS[name].function, ACTIVATIONS[name].derivative
    difference = (function(x + h, **parameters) - function(x - h, **parameters)) / (2 * h)
    np.testing.assert_allclose(derivative(x, **parameters), difference, rtol=1e-8, atol=2e-9)


exact_gate = {
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
    "gelu": lambda x: x * mpmath.ncdf(x),
    "silu": lambda x: x / (1 + mpmath.exp(-x)),
    "mish": lambda x: x * mpmath.tanh(mpmath.log1p(mpmath.exp(x))),
    "softplus": lambda x: mpmath.log1p(mpmath.exp(x)),
    "tanh": mpmath.tanh, "elu": lambda x: x if x > 0 else mpmath.expm1(x), "softsign": lambda x: x / (1 + abs(x)),
}


TAILS = {
    np.float64: [-700, -300, -36.5, -10, -5.25, -1.5, -0.01, 1e-200, 0.3, 1.5, 5.5, 17.25],
    # The slope of mish cannot be squared below -43, nor the density of gelu be a normal number below -13.
    np.float32: [-86, -80, -43, -36.5, -12.5, -10, -5.25, -1.5, -0.01, 1e-30, 0.3, 1.5, 5.5, 17.25],
}


@pytest.mark.parametrize("dtype", TAILS)
@pytest.mark.parametrize("name", exact_gate)
def test_tails_keep_their_digits(name, dtype):
    x = np.array(TAILS[dtype], dtype)
    if name == "gelu":
        x = x[x > (-37 if dtype == np.float64 else -13)]
    with mpmath.workdps(700):
        value = [float(exact_gate[name](mpmath.mpf(float(v)))) for v in x]
        slope = [float(mpmath.diff(exact_gate[name], mpmath.mpf(float(v)), h=mpmath.mpf(10)**-340)) for v in x]
    digits, least = np.finfo(dtype).eps, np.finfo(dtype).smallest_subnormal
    if name != "gelu" or dtype == np.float64:  # of float32 the next test tells
        np.testing.assert_allclose(ACTIVATIONS[name].function(x), value, rtol=7 * digits, atol=least)
    np.testing.assert_allclose(ACTIVATIONS[name].derivative(x), slope, rtol=14 * digits, atol=least)


def between(low, high, step):
    """Of the float32 from low to high, both positive, one in `step`."""
    return np.arange(np.float32(low).view(np.int32), np.float32(high).view(np.int32), step, np.int32).view(np.float32)


def test_gelu_of_float32_is_nearer_than_torchs():
    a = between(1e-30, 40, 501)
    x = np.concatenate([-a, a])
    right = gelu(x.astype(np.float64))
    ours, theirs = (np.abs(y - right) / np.abs(x) for y in (gelu(x), F.gelu(torch.from_numpy(x)).numpy()))
    assert ours.max() < 1.4e-7 < 3e-7 < theirs.max()
    for last, digits in ((1, 4.5e-7), (3, 2.5e-5), (6, 3e-4), (9, 6e-3), (12, 0.1)):
        inside = (x < 0) & (x > -last)
        np.testing.assert_allclose(gelu(x[inside]), right[inside], rtol=digits)


def test_gelu_of_float32_ends_in_minus_zero():
    # Where the tail's last power of two is made of bits, and one too small would be NaN: every number.
    a = between(12.5, 13.5, 1)
    tail = gelu(-a)
    assert ((tail <= 0) & (tail >= gelu(np.float32(-12.4)))).all()
    assert (tail[a > 12.99] == 0).all()
    assert np.signbit(gelu(np.float32([-13, -1e30, -np.inf, -0.0]))).all()
    np.testing.assert_array_equal(gelu(a), a)


@pytest.mark.parametrize(("name", "parameters"), CALLS, ids=IDS)
def test_infinities_have_the_limits_and_nan_stays(name, parameters):
    far = 1e9
    for which in ("function", "derivative"):
        function = getattr(ACTIVATIONS[name], which)
        limits, nearly = function([np.inf, -np.inf], **parameters), function(np.array([far, -far]), **parameters)
        assert np.isnan(function(np.nan, **parameters))
        for limit, near in zip(limits, nearly, strict=True):
            if abs(near) > 1e6:
                assert limit == np.copysign(np.inf, near)
            else:
                assert limit == pytest.approx(near, abs=2e-9)


def test_the_table_holds_every_activation_in_order():
    assert list(ACTIVATIONS) == NAMES
    for name, activation in ACTIVATIONS.items():
        assert activation.name == name
        public = f"{name}_unit" if name in ("maxout", "log_softmax") else name
        assert activation.function is getattr(activations, public)
        assert re.search(r"\((19|20)\d\d\)", activation.reference)


@pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=list(ACTIVATIONS))
def test_the_table_tells_the_truth(activation):
    x = np.unique(np.concatenate([np.linspace(-100, 100, 200_001), np.linspace(-3, 3, 60_001)]))
    values, slopes = activation.function(x), activation.derivative(x)
    low, high = activation.range
    assert low <= values.min() + 1e-15
    assert values.max() <= high
    for bound, reached in ((low, values.min()), (high, values.max())):
        assert abs(reached - bound) < 0.01 if np.isfinite(bound) else abs(reached) > 0.99
    jump = np.abs(np.diff(slopes) / np.diff(x)).max()
    assert (jump < 3) == activation.smooth
    signatures = [inspect.signature(f).parameters for f in (activation.function, activation.derivative)]
    assert signatures[0] == signatures[1]
    for constant in activation.constants:
        assert constant.symbol in activation.formula
        if constant.parameter is not None:
            assert signatures[0][constant.parameter].default == constant.value


@pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=list(ACTIVATIONS))
def test_formulas_can_be_typeset_in_any_language(activation):
    assert MathTextParser("path").parse(f"${activation.formula}$").width > 10
    assert not re.search(r"\d[.,]\d|[A-Za-z]{4,}", re.sub(r"\\[A-Za-z]+|mathrm\{erf\}", "", activation.formula))


reals = st.floats(-1e4, 1e4)


@settings(max_examples=60, deadline=None)
@given(reals, reals)
def test_properties(a, b):
    low, high = np.array([min(a, b)]), np.array([max(a, b)])
    np.testing.assert_allclose(sigmoid(low) + sigmoid(-low), 1, rtol=3e-16)
    np.testing.assert_allclose(softplus(low) - softplus(-low), low, rtol=1e-8, atol=3e-9)  # cut at 20, as torch does
    np.testing.assert_allclose(gelu(low) - gelu(-low), low, rtol=5e-16, atol=1e-323)  # half of a subnormal
    for odd in ("tanh", "softsign"):
        assert ACTIVATIONS[odd].function(-low) == -ACTIVATIONS[odd].function(low)
    for name in set(NAMES) - {"gelu", "silu", "mish", "hard_swish", "maxout", "log_softmax"}:
        below, above = ACTIVATIONS[name].function(low), ACTIVATIONS[name].function(high)
        assert below <= above + 3e-9 if name == "softplus" else below <= above + np.spacing(abs(above))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("which", ["function", "derivative"])
def test_any_shape_and_layout(name, which):
    function = getattr(ACTIVATIONS[name], which)
    base = np.random.default_rng(0).normal(size=(4, 6)).astype(np.float32)
    kept = base.copy()
    for view in (base[::-1, ::2], base.T, base[1, 1], base[:0], np.broadcast_to(base[0], (3, 6)), base.astype(">f4")):
        result = function(view)
        assert isinstance(result, np.ndarray)
        assert (result.shape, result.dtype) == (view.shape, np.float32)
        np.testing.assert_array_equal(result, function(np.array(view, np.float32, order="C")))
    assert function(np.arange(3)).dtype == function(np.arange(3, dtype=np.float16)).dtype == np.float32
    np.testing.assert_array_equal(base, kept)


BAD = [
    ("relu", ["x"], {}, TypeError, "relu: x must hold real numbers, not <U1"),
    ("leaky_relu", [0], {"negative_slope": np.inf}, ValueError, "leaky_relu: negative_slope must be finite, not inf"),
    ("elu", [0], {"alpha": "1,5"}, TypeError, "elu: alpha must be a number, not '1,5'"),
    ("celu", [0], {"alpha": 0}, ValueError, "celu: alpha must be positive, not 0"),
    ("softplus", [0], {"beta": -1}, ValueError, "softplus: beta must be positive, not -1"),
    ("softplus", [0], {"threshold": np.nan}, ValueError, "softplus: threshold must be finite, not nan"),
    ("gelu", [0], {"approximate": "tahn"}, ValueError, "gelu: no approximate 'tahn'; did you mean 'tanh'?"),
    ("maxout", [0], {"w1": None}, TypeError, "maxout_unit: w1 must be a number, not None"),
]


@pytest.mark.parametrize(("name", "x", "parameters", "error", "message"), BAD)
@pytest.mark.parametrize("which", ["function", "derivative"])
def test_bad_input_is_told(name, x, parameters, error, message, which):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        getattr(ACTIVATIONS[name], which)(x, **parameters)

"""exp, log, erf, sin, …: against mpmath to the last places, and in every shape."""

from __future__ import annotations

import functools

import mpmath
import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import elementary, scalar, smooth_rectifier, squashing
from engine.activations import sigmoid, softplus, tanh
from engine.circular import LARGEST_ANGLE

FUNCTIONS = {name: getattr(elementary, name) for name in ("exp", "expm1", "log", "log1p", "erf", "sin", "cos")}
FUNCTIONS["tanh"] = tanh
ORACLES = {name: getattr(mpmath.mp, name) for name in (*FUNCTIONS, "erfc")}
ORACLES["sigmoid"] = lambda x: 1 / (1 + mpmath.exp(-x))
ORACLES["softplus"] = lambda x: mpmath.log1p(mpmath.exp(x))
WHOLE = {name: FUNCTIONS[name] for name in ("exp", "expm1", "log", "log1p", "tanh", "erf")} | {
    "sigmoid": sigmoid, "softplus": functools.partial(softplus, threshold=1e30)}
POINTS = 700


def spread(low, high, seed=0):
    return np.random.default_rng(seed).uniform(low, high, POINTS)


def magnitudes(low, high, seed=0):
    generator = np.random.default_rng(seed)
    sizes = np.exp2(generator.uniform(np.log2(low), np.log2(high), POINTS))
    return sizes * generator.choice([-1.0, 1.0], POINTS)


def ulps(values, name, x):
    """The largest error in units of the last place of the right result, and where it is."""
    worst, place = 0.0, None
    with mpmath.workprec(160):
        for value, point in zip(values, x, strict=True):
            right = ORACLES[name](mpmath.mpf(float(point)))
            unit = np.spacing(np.abs(values.dtype.type(float(right))))
            error = float(abs(mpmath.mpf(float(value)) - right) / mpmath.mpf(float(unit)))
            if not error <= worst:
                worst, place = error, point
    return worst, place


ACCURACY = [
    ("exp", 1.0, [spread(-745.0, 709.7), spread(-1, 1), magnitudes(1e-300, 1)]),
    ("expm1", 2.0, [spread(-40, 709.7), spread(-1, 1.2), magnitudes(5e-324, 1)]),
    ("log", 1.0, [abs(magnitudes(5e-324, 1e308)), spread(0.3, 3), 1 + magnitudes(1e-15, 0.1)]),
    ("log1p", 1.0, [abs(magnitudes(5e-324, 1e308)), spread(-1, 3), magnitudes(1e-16, 0.99)]),
    ("tanh", 1.75, [spread(-20, 20), spread(-1, 1), spread(0.5, 0.6), magnitudes(5e-324, 1)]),
    ("erf", 2.0, [spread(-6, 6), spread(-1, 1), spread(0.7, 0.85), magnitudes(5e-324, 1)]),
    ("sin", 1.0, [spread(-10, 10), spread(-1e6, 1e6), np.rint(spread(-1e6, 1e6)) * np.pi, magnitudes(5e-324, 3e13)]),
    ("cos", 1.0, [spread(-10, 10), spread(-1e6, 1e6), (np.rint(spread(-1e6, 1e6)) + 0.5) * np.pi,
                  magnitudes(1e-300, 3e13)]),
]


@pytest.mark.parametrize(("name", "bound", "ranges"), ACCURACY, ids=[name for name, *_ in ACCURACY])
def test_float64_is_right_to_the_last_places(name, bound, ranges, record_property):
    x = np.concatenate(ranges)
    worst, place = ulps(FUNCTIONS[name](x), name, x)
    record_property("ulp", worst)
    assert worst < bound, f"{name}: {worst:.3f} ulp at {place!r}"


def within_range(name, x):
    """Those of x where the function is finite: a number overflows to infinity elsewhere, which other tests hold."""
    x = x[np.isfinite(x)]
    if name == "log":
        return np.abs(x[x != 0])
    if name == "log1p":
        return x[x > -1]
    largest = np.log(np.finfo(x.dtype).max)
    if name in ("exp", "expm1", "softplus"):
        x = x[x < largest]
    # mpmath would have to sum 1 and exp(-1e300) to the last digit.
    return x[np.abs(x) < 1e4] if name in ("expm1", "sigmoid", "softplus", "tanh", "erf") else x


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", WHOLE)
def test_within_two_ulp_wherever_the_bits_lie(name, dtype):
    word = np.dtype(f"u{np.dtype(dtype).itemsize}")
    bits = np.random.default_rng(5).integers(0, np.iinfo(word).max, 2 * POINTS, word).view(dtype)
    # Where results leave the normal numbers, and where arguments do.
    least, tiny = float(np.log(np.finfo(dtype).smallest_subnormal)), np.finfo(dtype).tiny
    hard = np.concatenate([spread(least, 0.97 * least), magnitudes(0.01 * tiny, 4 * tiny), spread(-1.2, 1.2, 1),
                           spread(-20, 20, 2), magnitudes(1e-10, 1)]).astype(dtype)
    x = within_range(name, np.concatenate([bits, hard]))
    worst, place = ulps(WHOLE[name](x), name, x)
    assert worst < 2.0, f"{name}: {worst:.3f} ulp at {place!r}"


@pytest.mark.parametrize("name", WHOLE)
def test_float32_against_float64_in_one_of_each_thousand(name):
    every = np.arange(0, 2**32, 2**10 - 3, dtype=np.uint64).astype(np.uint32).view(np.float32)
    x = every[~np.isnan(every)]
    result, right = WHOLE[name](x), WHOLE[name](x.astype(np.float64))
    with np.errstate(over="ignore"):
        nearest = right.astype(np.float32)
    np.testing.assert_array_equal(np.isnan(result), np.isnan(nearest))
    np.testing.assert_array_equal(np.signbit(result)[~np.isnan(result)], np.signbit(nearest)[~np.isnan(result)])
    infinite = np.isinf(nearest)
    np.testing.assert_array_equal(result[infinite], nearest[infinite])
    finite = np.isfinite(nearest)
    errors = np.abs(result[finite] - right[finite]) / np.spacing(np.abs(nearest[finite]))
    assert errors.max() < 2.0, f"{errors.max()} ulp at {x[finite][errors.argmax()]!r}"


@pytest.mark.parametrize("name", WHOLE)
def test_float32_is_computed_in_float32(name):
    kernel = {"tanh": squashing._tanh, "sigmoid": squashing._sigmoid, "softplus": smooth_rectifier._softplus}.get(name)
    kernel = kernel or getattr(elementary, f"_{name}")
    WHOLE[name](np.ones(3, np.float32))
    # Compiled anew: of what comes from the cache, numba has no instructions to show.
    fresh = numba.njit(error_model="numpy")(kernel.py_func)
    given = next(kinds for kinds in kernel.signatures if kinds[0].dtype.bitwidth == 32)
    fresh.compile(given)
    code = fresh.inspect_llvm(given)
    # What is left in float64 are the parameters.
    assert "x double>" not in code
    assert "<16 x float>" in code


def test_erfc_keeps_its_tail():
    @numba.njit
    def loop(x, y):
        for i in range(x.size):
            y[i] = scalar.erfc(x[i])

    # Near zero the polynomial is steepest, and its argument needs its last half ulp.
    x = np.concatenate([spread(-6, 26), spread(-1, 1), np.linspace(0.02, 0.1, 4 * POINTS), magnitudes(1e-300, 1)])
    y = np.empty_like(x)
    loop(x, y)
    worst, place = ulps(y, "erfc", x)
    assert worst < 4.0, f"{worst:.3f} ulp at {place!r}"


SPECIAL = [0.0, -0.0, np.inf, -np.inf, np.nan, 1.0, -1.0, 5e-324, -5e-324, 2.2e-308, 1.79e308, -1.79e308, 710.0, -746.0]


@pytest.mark.parametrize("name", ["exp", "expm1", "log", "log1p", "tanh"])
def test_special_values_are_those_of_c99(name):
    x = np.array(SPECIAL)
    with np.errstate(all="ignore"):
        right = getattr(np, name)(x)
    ours = FUNCTIONS[name](x)
    np.testing.assert_allclose(ours, right, rtol=4e-16)
    np.testing.assert_array_equal(np.signbit(ours)[~np.isnan(right)], np.signbit(right)[~np.isnan(right)])


def test_special_values_of_the_others():
    np.testing.assert_array_equal(elementary.erf([np.inf, -np.inf, np.nan, 0.0, 30.0]), [1, -1, np.nan, 0, 1])
    np.testing.assert_array_equal(elementary.sin([np.inf, -np.inf, np.nan, 0.0]), [np.nan, np.nan, np.nan, 0])
    np.testing.assert_array_equal(elementary.cos([np.inf, -np.inf, np.nan, 0.0]), [np.nan, np.nan, np.nan, 1])
    assert np.signbit(elementary.sin(-0.0))
    assert np.signbit(elementary.erf(-0.0))


@pytest.mark.parametrize("name", ["sin", "cos"])
def test_angles_beyond_the_reduction_are_refused(name):
    assert np.isfinite(FUNCTIONS[name](np.array([LARGEST_ANGLE, -LARGEST_ANGLE]))).all()
    with pytest.raises(ValueError, match=rf"^{name}: x must be within .*; it holds -1e\+20$"):
        FUNCTIONS[name](np.array([0.0, np.inf, -1e20]))


numbers = st.floats(-700, 700)


@settings(max_examples=60, deadline=None)
@given(numbers)
def test_identities(x):
    x = np.array([x])
    for odd in ("tanh", "erf", "sin"):
        assert FUNCTIONS[odd](-x) == -FUNCTIONS[odd](x)
    assert elementary.cos(-x) == elementary.cos(x)
    np.testing.assert_allclose(elementary.sin(x)**2 + elementary.cos(x)**2, 1, rtol=1e-15)
    np.testing.assert_allclose(elementary.log(elementary.exp(x)), x, rtol=2e-15, atol=3e-16)
    np.testing.assert_allclose(elementary.log1p(elementary.expm1(abs(x))), abs(x), rtol=2e-15)


@pytest.mark.parametrize("name", ["exp", "expm1", "log", "log1p", "tanh", "erf"])
def test_never_falls(name):
    seams = [seam + np.arange(-40, 40) * 1e-12 for seam in (0.55, 0.75, 1.0)]
    x = np.sort(np.concatenate([spread(0.01, 20), *seams]))
    assert (np.diff(FUNCTIONS[name](x)) >= -np.spacing(FUNCTIONS[name](x)[1:])).all()


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("x", [
    np.float32(0.5), np.zeros((0, 3)), np.ones((2, 3, 4), np.float32)[:, ::-1, ::2], np.linspace(0.1, 1, 7)[::-2],
    np.linspace(0.1, 1, 7).astype(">f8"), np.arange(1, 6), np.arange(1, 6, dtype=np.float16), [[True, True]], 1,
    np.broadcast_to(np.float32(0.5), (2, 3)), np.frombuffer(b"\0" + np.ones(3).tobytes(), np.float64, offset=1),
], ids=lambda x: f"{np.asarray(x).dtype}{np.shape(x)}")
def test_any_shape_and_layout(name, x):
    array = np.asarray(x)
    before = array.copy()
    result = FUNCTIONS[name](x)
    assert isinstance(result, np.ndarray)
    assert result.shape == array.shape
    assert result.dtype == (np.float64 if array.dtype.itemsize == 8 and array.dtype.kind == "f" else np.float32)
    with np.errstate(all="ignore"):
        right = (np.vectorize(lambda v: float(mpmath.erf(v)), otypes="d") if name == "erf" else getattr(np, name))(
            array.astype(np.float64))
    np.testing.assert_allclose(result, right, rtol=1e-6 if result.dtype == np.float32 else 1e-14)
    np.testing.assert_array_equal(array, before)


def test_no_layout_is_compiled_anew():
    x = np.linspace(0.1, 1, 8)
    x.flags.writeable = False
    for layout in (x, x[::2], np.frombuffer(b"\0" + x.tobytes(), np.float64, offset=1), x.astype(np.float32)):
        elementary.exp(layout)
    assert {signature[0].dtype.bitwidth for signature in elementary._exp.signatures} == {32, 64}
    assert len(elementary._exp.signatures) == 2


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("wrong", [1j, "a", None, [object()]])
def test_other_types_are_refused(name, wrong):
    with pytest.raises(TypeError, match=f"^{name}: x must hold real numbers, not "):
        FUNCTIONS[name](wrong)

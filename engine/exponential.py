"""exp, log, tanh and their relatives of one float64, for use inside kernels: see engine/scalar.py."""

from __future__ import annotations

import numpy as np

from engine.compile import kernel
from engine.intrinsics import bits_of, fma, from_bits, horner, select

# Adding 1.5 * 2**52 rounds to an integer, which then stands in the low bits: one addition where a conversion would
# need AVX-512 to be vectorised.
_ROUNDER = 1.5 * 2.0**52
_LOG2_E = 1.4426950408889634
_LN2_HIGH = 0.6931471805599453
_LN2_LOW = 2.3190468138462996e-17

# (expm1(r) - r) / r**2 on |r| <= ln(2) / 2
_EXPM1 = (
    0.5000000000000006, 0.16666666666666685, 0.04166666666657362, 0.008333333333314598, 0.0013888888932379467,
    0.0001984126990301504, 2.4801504445142147e-05, 2.755722796715913e-06, 2.762632684512185e-07, 2.5114469198932077e-08,
)
# (2 atanh(s) / s - 2) / s**2 in z = s**2, on |s| <= (√2 - 1) / (√2 + 1)
_LOG = (
    0.6666666666666734, 0.39999999999414393, 0.2857142874248086, 0.22222198561172596, 0.1818356505884364,
    0.153140293440857, 0.1479618430451831,
)
# (tanh(x) / x - 1) / x**2 in z = x**2, on |x| <= 0.55
_TANH = (
    -0.333333333333333, 0.13333333333326713, -0.05396825396380575, 0.021869488386945357, -0.008863232616267244,
    0.0035920921520309853, -0.0014555434601073297, 0.0005884463641622474, -0.00023338478554587873,
    8.331894706375013e-05, -1.949498726491594e-05,
)


@kernel
def _power_of_two(rounded: float) -> float:
    """2**k for a k that stands in the low bits of k + _ROUNDER, -1022 <= k <= 1023."""
    return from_bits((bits_of(rounded) << np.int64(52)) + np.int64(0x3FF0000000000000))


@kernel
def _expm1_reduced(x: float) -> tuple[float, float]:
    """(k, expm1(x - k ln 2)) with the integer k that leaves the least."""
    k = fma(x, _LOG2_E, _ROUNDER) - _ROUNDER
    # The first product is exact in the fma, and so is its difference from x: they are within a factor of two.
    r = fma(k, -_LN2_LOW, fma(k, -_LN2_HIGH, x))
    return k, fma(r * r, horner(r, _EXPM1), r)


@kernel
def exp(x: float) -> float:
    """e**x."""
    x = select(x > 720.0, 720.0, x)
    x = select(x < -760.0, -760.0, x)
    k, rest = _expm1_reduced(x)
    # In two factors, since 2**k alone overflows or underflows where the result does not.
    half = fma(k, 0.5, _ROUNDER)
    return (1.0 + rest) * _power_of_two(half) * _power_of_two(k - (half - _ROUNDER) + _ROUNDER)


@kernel
def exp_falling(x: float) -> float:
    """e**x for x <= 0: as exp, in fewer steps."""
    k, rest = _expm1_reduced(select(x < -760.0, -760.0, x))
    # One factor and a constant: 2**k alone underflows where the result does not.
    return (1.0 + rest) * _power_of_two(k + (_ROUNDER + 100.0)) * 2.0**-100


@kernel
def expm1_falling(x: float) -> float:
    """e**x - 1 for x <= 0: as expm1, in fewer steps."""
    k, rest = _expm1_reduced(select(x < -60.0, -60.0, x))
    power = _power_of_two(k + _ROUNDER)
    return fma(power, rest, power - 1.0)


@kernel
def expm1(x: float) -> float:
    """e**x - 1, exact to the last places near zero too."""
    clipped = select(x > 709.8, 709.8, x)  # already infinite, and k is still 1024
    clipped = select(clipped < -60.0, -60.0, clipped)
    k, rest = _expm1_reduced(clipped)
    # Half of the power, since 2**1024 overflows where the result does not.
    power = _power_of_two(k - 1.0 + _ROUNDER)
    scaled = 2.0 * fma(power, rest, power - 0.5)
    return select(x == 0.0, x, select(k == 0.0, rest, scaled))


@kernel
def _log_of(u: float, low: float, shift: float) -> float:
    """log(u) - shift ln 2 + low for a normal u > 0 and a low far below the last place of u."""
    bits = bits_of(u)
    k = (bits - np.int64(0x3FE6A09E667F3BCD)) >> np.int64(52)  # less the bits of √½: the mantissa is in [√½, √2)
    exponent = np.float64(k) - shift
    f = from_bits(bits - (k << np.int64(52))) - 1.0
    s = f / (2.0 + f)
    half_square = 0.5 * f * f
    z = s * s
    tail = half_square - fma(s, fma(z, horner(z, _LOG), half_square), fma(exponent, _LN2_LOW, low))
    return fma(exponent, _LN2_HIGH, f - tail)


@kernel
def log(x: float) -> float:
    """The natural logarithm: -inf at 0, NaN below."""
    subnormal = x < 2.2250738585072014e-308
    result = _log_of(select(subnormal, x * 2.0**54, x), 0.0, select(subnormal, 54.0, 0.0))
    result = select(x < np.inf, result, x)
    return select(x > 0.0, result, select(x == 0.0, -np.inf, np.nan))


@kernel
def log1p(x: float) -> float:
    """log(1 + x), exact to the last places near zero too."""
    u = 1.0 + x
    lost = select(x > 1.0, 1.0 - (u - x), x - (u - 1.0))
    result = _log_of(u, lost / u, 0.0)
    result = select(x < np.inf, result, x)
    result = select(x > -1.0, result, select(x == -1.0, -np.inf, np.nan))
    return select(x == 0.0, x, result)


@kernel
def tanh(x: float) -> float:
    """The hyperbolic tangent."""
    a = abs(x)
    z = x * x
    near = fma(x * z, horner(z, _TANH), x)
    k, rest = _expm1_reduced(2.0 * select(a > 20.0, 20.0, a))
    power = _power_of_two(k + _ROUNDER)
    far = 1.0 - 2.0 / (fma(power, rest, power) + 1.0)
    far = select(x < 0.0, -far, far)
    return select(x == 0.0, x, select(a < 0.55, near, far))


@kernel
def logistic(x: float) -> tuple[float, float]:
    """(σ(x), σ(-x)), both exact to the last places in either tail, where 1 - σ(x) would cancel."""
    small = exp_falling(-abs(x))
    total = 1.0 + small
    positive = x > 0.0
    # The numerators are selected rather than the quotients: what a caller does not use is then not divided.
    return select(positive, 1.0, small) / total, select(positive, small, 1.0) / total

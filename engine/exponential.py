"""exp, log, tanh and their relatives of one float32 or float64, for use inside kernels: see engine/scalar.py."""

from __future__ import annotations

import numpy as np

from engine.floating_point import ROUNDER, copysign, power_of_two, split
from engine.intrinsics import fma
from engine.precision import constant, like, polynomial
from engine.straight import by_type, straight
from engine.vector_arithmetic import select

_LOG2_E = constant(1.4426950408889634)
_LN2_HIGH = constant(0.6931471805599453)
_LN2_LOW = constant(single=-1.904654299957768e-09, double=2.3190468138462996e-17)

# exp rounds to zero below the lowest and to infinity above the highest; there k is within what two powers of two cover.
_LOWEST = constant(single=-105.0, double=-760.0)
_HIGHEST = constant(single=89.0, double=720.0)
_HIGHEST_EXPM1 = constant(single=89.0, double=709.8)  # already infinite, and k is still 128 or 1024
_SMALLEST_NORMAL = constant(single=1.1754943508222875e-38, double=2.2250738585072014e-308)

# (expm1(r) - r) / r**2 on |r| <= ln(2) / 2
_EXPM1 = polynomial(
    single=(0.5, 0.16666545, 0.041666403, 0.008366398, 0.001394065),
    double=(0.5000000000000006, 0.16666666666666685, 0.04166666666657362, 0.008333333333314598, 0.0013888888932379467,
            0.0001984126990301504, 2.4801504445142147e-05, 2.755722796715913e-06, 2.762632684512185e-07,
            2.5114469198932077e-08))
# (2 atanh(s) / s - 2) / s**2 in z = s**2, on |s| <= (√2 - 1) / (√2 + 1)
_LOG = polynomial(
    single=(0.66666776, 0.39977583, 0.29870808),
    double=(0.6666666666666734, 0.39999999999414393, 0.2857142874248086, 0.22222198561172596, 0.1818356505884364,
            0.153140293440857, 0.1479618430451831))
# (log(1 + f) - f + f**2 / 2) / f**3 on √½ <= 1 + f <= √2
_LOG1P = polynomial(
    single=(0.3333333, -0.2500082, 0.2000124, -0.16623396, 0.14201602, -0.13159844, 0.12762244, -0.0763576))
_SQRT_TWO_LESS_ONE = constant(0.41421356237309503)
# (tanh(x) / x - 1) / x**2 in z = x**2, on |x| <= 0.55
_TANH = polynomial(
    single=(-0.33333316, 0.13332544, -0.053847548, 0.021050714, -0.0062428494),
    double=(-0.333333333333333, 0.13333333333326713, -0.05396825396380575, 0.021869488386945357, -0.008863232616267244,
            0.0035920921520309853, -0.0014555434601073297, 0.0005884463641622474, -0.00023338478554587873,
            8.331894706375013e-05, -1.949498726491594e-05))


@straight
def _expm1_reduced(x: float) -> tuple[float, float]:
    """(k + ROUNDER, expm1(x - k ln 2)) with the integer k that leaves the least."""
    rounded = fma(x, _LOG2_E(x), ROUNDER(x))
    k = rounded - ROUNDER(x)
    # The first product is exact in the fma, and so is its difference from x: they are within a factor of two.
    r = fma(k, -_LN2_LOW(x), fma(k, -_LN2_HIGH(x), x))
    return rounded, fma(r * r, _EXPM1(r), r)


@straight
def exp(x: float) -> float:
    """e**x."""
    x = select(x > _HIGHEST(x), _HIGHEST(x), x)
    x = select(x < _LOWEST(x), _LOWEST(x), x)
    rounded, rest = _expm1_reduced(x)
    # In two factors, since 2**k alone overflows or underflows where the result does not.
    k = rounded - ROUNDER(x)
    half = fma(k, like(x, 0.5), ROUNDER(x))
    power = power_of_two(half, 0)
    return fma(power, rest, power) * power_of_two(k - (half - ROUNDER(x)) + ROUNDER(x), 0)


@straight
def exp_falling(x: float) -> float:
    """e**x for x <= 0: as exp, in fewer steps."""
    rounded, rest = _expm1_reduced(select(x < _LOWEST(x), _LOWEST(x), x))
    # One factor and a constant: 2**k alone underflows where the result does not.
    power = power_of_two(rounded, 100)
    return fma(power, rest, power) * like(x, 2.0**-100)


@straight
def expm1_falling(x: float) -> float:
    """e**x - 1 for x <= 0: as expm1, in fewer steps."""
    rounded, rest = _expm1_reduced(select(x < like(x, -60.0), like(x, -60.0), x))
    power = power_of_two(rounded, 0)
    return fma(power, rest, power - like(x, 1.0))


@straight
def expm1(x: float) -> float:
    """e**x - 1, exact to the last places near zero too."""
    clipped = select(x > _HIGHEST_EXPM1(x), _HIGHEST_EXPM1(x), x)
    clipped = select(clipped < like(x, -60.0), like(x, -60.0), clipped)
    rounded, rest = _expm1_reduced(clipped)
    # Half of the power, since the power itself overflows where the result does not.
    power = power_of_two(rounded, -1)
    scaled = like(x, 2.0) * fma(power, rest, power - like(x, 0.5))
    return select(x == 0.0, x, select(rounded == ROUNDER(x), rest, scaled))


@straight
def _log_of(k: float, f: float) -> float:
    """k ln 2 + log(1 + f) for 1 + f in [√½, √2)."""
    s = f / (like(f, 2.0) + f)
    half_square = like(f, 0.5) * f * f
    z = s * s
    tail = half_square - fma(s, fma(z, _LOG(z), half_square), k * _LN2_LOW(f))
    return fma(k, _LN2_HIGH(f), f - tail)


@straight
def log(x: float) -> float:
    """The natural logarithm: -inf at 0, NaN below."""
    subnormal = x < _SMALLEST_NORMAL(x)
    k, mantissa = split(select(subnormal, x * like(x, 2.0**54), x))
    result = _log_of(k - select(subnormal, like(x, 54.0), like(x, 0.0)), mantissa - like(x, 1.0))
    result = select(x < np.inf, result, x)
    return select(x > 0.0, result, select(x == 0.0, like(x, -np.inf), like(x, np.nan)))


@straight
def log1p_within(x: float) -> float:
    """log(1 + x) for finite x > -1: as log1p, in fewer steps."""
    one = like(x, 1.0)
    u = one + x
    lost = select(x > one, one - (u - x), x - (u - one))
    k, mantissa = split(u)
    # What 1 + x lost goes into the mantissa. Beyond 2**100 it is far below the last place, and 2**-k near underflow.
    inverse = power_of_two(ROUNDER(x) - select(k > 100.0, like(x, 100.0), k), 0)
    return _log_of(k, fma(lost, inverse, mantissa - one))


@straight
def log1p(x: float) -> float:
    """log(1 + x), exact to the last places near zero too."""
    result = select(x < np.inf, log1p_within(x), x)
    result = select(x > -1.0, result, select(x == -1.0, like(x, -np.inf), like(x, np.nan)))
    return select(x == 0.0, x, result)


def _log1p_unit_single(x: float) -> float:
    """log(1 + x) for 0 <= x <= 1, without a division."""
    one, upper = like(x, 1.0), x > _SQRT_TWO_LESS_ONE(x)
    f = select(upper, like(x, 0.5) * (x - one), x)
    square = f * f
    rest = fma(f * square, _LOG1P(f), like(x, -0.5) * square)
    return select(upper, _LN2_HIGH(x), like(x, 0.0)) + (f + rest)


def _log1p_unit_double(x: float) -> float:
    return log1p_within(x)


log1p_unit = by_type(single=_log1p_unit_single, double=_log1p_unit_double)


@straight
def tanh(x: float) -> float:
    """The hyperbolic tangent."""
    one, a, z = like(x, 1.0), abs(x), x * x
    near = fma(x * z, _TANH(z), x)
    a = select(a > 20.0, like(x, 20.0), a)
    # exp(-2a) as in exp_falling, less what would change the last place of a small term only.
    rounded = fma(-(a + a), _LOG2_E(x), ROUNDER(x))
    r = fma(rounded - ROUNDER(x), -_LN2_HIGH(x), -(a + a))
    power = power_of_two(rounded, 0)
    small = fma(power, fma(r * r, _EXPM1(r), r), power)
    far = one - (small + small) / (one + small)
    return copysign(select(a < like(x, 0.55), near, far), x)


@straight
def logistic(x: float) -> tuple[float, float]:
    """(σ(x), σ(-x)), both exact to the last places in either tail, where 1 - σ(x) would cancel."""
    one = like(x, 1.0)
    small = exp_falling(-abs(x))
    quotient = small / (one + small)
    # The quotient again, as small (1 - quotient): what its divisor's rounding lost counts for less here.
    low, high = fma(-small, quotient, small), one - quotient
    positive = x > 0.0
    return select(positive, high, low), select(positive, low, high)

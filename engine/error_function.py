"""The error function and the tail of the normal distribution, for use inside kernels: see engine/scalar.py.

The formulas of float32 and of float64 differ: half as many digits need no division, or a plain one.
"""

from __future__ import annotations

from engine.exponential import exp_falling
from engine.floating_point import copysign
from engine.intrinsics import fma
from engine.precision import constant, like, polynomial
from engine.straight import by_type, straight
from engine.vector_arithmetic import select

# erf(x) / x - 1 in z = x**2, on |x| <= 0.75, in float32 0.95
_ERF = polynomial(
    single=(0.12837917, -0.3761263, 0.11283626, -0.02685574, 0.0051924605, -0.0008050804, 8.002775e-05),
    double=(0.1283791670955126, -0.37612638903183715, 0.11283791670952434, -0.02686617064439102, 0.0052239776149810265,
            -0.0008548326159129039, 0.00012055288351055636, -1.492416539001303e-05, 1.6430209350773898e-06,
            -1.593602922130413e-07, 1.1457908581247066e-08))
_SEAM = constant(single=0.92, double=0.75)
# log(erfc(a)) on 0.9 <= a <= 3.95
_LOG_ERFC = polynomial(
    single=(-0.00016644555, -1.1277972, -0.63697606, -0.104113735, 0.022315275, -0.003065519, 0.00019822437))
# Numerator and denominator of exp(a**2 / 2) P(X > a) on 0 <= a <= 14.6
_RATIO_ABOVE = polynomial(single=(0.5, 0.43849707, 0.18338506, 0.04068382, 0.004123835))
_RATIO_BELOW = polynomial(single=(1.0, 1.6748791, 1.2031255, 0.46986645, 0.101985596, 0.010336803))
# (a + 4) / 8 * exp(a**2) erfc(a) in t = (a - 4) / (a + 4), on 0 <= a <= 28
_ERFCX = polynomial(double=(
    0.13699945762506138, -0.1220685911351103, 0.0966510877831558, -0.06760672891414868, 0.0413564484847004,
    -0.021751367155180425, 0.00954768936463242, -0.0032962566645972713, 0.0007640069473401947,
    -3.511988411315559e-05, -5.688153054499971e-05, 2.210174275362155e-05, -4.5458345394670095e-07,
    -2.35809639673419e-06, 5.871739916584633e-07, 1.790981307986642e-07, -1.0615569554696349e-07,
    -1.0909418189110463e-08, 1.559677251674747e-08, 1.2364743209182604e-09, -1.742341064627936e-09,
    -3.547751627246817e-10,
))
_LAST = constant(single=14.6, double=39.0)  # from here on the tail is below the least number
_SQRT_HALF = constant(0.7071067811865476)


@straight
def _scaled_erfc(a: float) -> float:
    """exp(a**2) erfc(a), for a float64 from 0 to 28."""
    one, four = like(a, 1.0), like(a, 4.0)
    divisor = a + four
    inverse = one / divisor
    t = (a - four) * inverse
    # One Newton step each: the polynomial is steep at t = -1, where an ulp here is two in the result.
    t = fma(inverse, fma(-t, a, fma(t + one, -four, a)), t)
    lost = a - (divisor - four)
    inverse = fma(inverse, fma(-inverse, lost, fma(-inverse, divisor, one)), inverse)
    return like(a, 8.0) * inverse * _ERFCX(t)


@straight
def _gaussian(x: float, scale: float) -> float:
    """exp(-scale * x**2), for a scale that is a power of two."""
    square = x * x
    # What x * x lost would be multiplied by the exponent: 1 ulp of 700 is 700 ulp of the result.
    lost = fma(x, x, -square)
    value = exp_falling(like(x, -scale) * square)
    return fma(value, like(x, -scale) * lost, value)


@straight
def erfc(x: float) -> float:
    """1 - erf(x) of a float64, exact to the last places in the right tail."""
    a = abs(x)
    a = select(a > 28.0, like(x, 28.0), a)
    tail = _gaussian(a, 1.0) * _scaled_erfc(a)
    return select(x < 0.0, like(x, 2.0) - tail, tail)


def _erfc_single(x: float) -> float:
    """erfc(x) for x >= 0.9, as exact as 1 - erfc(x) needs."""
    last = like(x, 3.95)  # erf is 1 to the last place
    return exp_falling(_LOG_ERFC(select(x > last, last, x)))


def _erfc_double(x: float) -> float:
    x = select(x > 6.0, like(x, 6.0), x)
    return _gaussian(x, 1.0) * _scaled_erfc(x)


_erfc_right = by_type(single=_erfc_single, double=_erfc_double)


@straight
def erf(x: float) -> float:
    """The error function."""
    a = abs(x)
    near = fma(x, _ERF(x * x), x)
    return select(a < _SEAM(x), near, copysign(like(x, 1.0) - _erfc_right(a), x))


def _tail_single(x: float) -> tuple[float, float]:
    density = _gaussian(x, 0.5)
    return density * _RATIO_ABOVE(x) / _RATIO_BELOW(x), density


def _tail_double(x: float) -> tuple[float, float]:
    density = _gaussian(x, 0.5)
    return like(x, 0.5) * density * _scaled_erfc(_SQRT_HALF(x) * x), density


_tail = by_type(single=_tail_single, double=_tail_double)


@straight
def normal_tail(a: float) -> tuple[float, float]:
    """(P(X > a), exp(-a**2 / 2)) of a standard normal X, for a >= 0; both are exact to the last places."""
    return _tail(select(a > _LAST(a), _LAST(a), a))

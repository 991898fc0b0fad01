"""The error function and the tail of the normal distribution of one float64: see engine/scalar.py."""

from __future__ import annotations

from engine.compile import kernel
from engine.exponential import exp_falling
from engine.intrinsics import fma, horner, select

# erf(x) / x - 1 in z = x**2, on |x| <= 0.75
_ERF = (
    0.1283791670955126, -0.37612638903183715, 0.11283791670952434, -0.02686617064439102, 0.0052239776149810265,
    -0.0008548326159129039, 0.00012055288351055636, -1.492416539001303e-05, 1.6430209350773898e-06,
    -1.593602922130413e-07, 1.1457908581247066e-08,
)
# (a + 4) / 8 * exp(a**2) erfc(a) in t = (a - 4) / (a + 4), on 0 <= a <= 28
_ERFCX = (
    0.13699945762506138, -0.1220685911351103, 0.0966510877831558, -0.06760672891414868, 0.0413564484847004,
    -0.021751367155180425, 0.00954768936463242, -0.0032962566645972713, 0.0007640069473401947,
    -3.511988411315559e-05, -5.688153054499971e-05, 2.210174275362155e-05, -4.5458345394670095e-07,
    -2.35809639673419e-06, 5.871739916584633e-07, 1.790981307986642e-07, -1.0615569554696349e-07,
    -1.0909418189110463e-08, 1.559677251674747e-08, 1.2364743209182604e-09, -1.742341064627936e-09,
    -3.547751627246817e-10,
)
_SQRT_HALF = 0.7071067811865476


@kernel
def _scaled_erfc(a: float) -> float:
    """exp(a**2) erfc(a), for 0 <= a <= 28."""
    divisor = a + 4.0
    inverse = 1.0 / divisor
    t = (a - 4.0) * inverse
    # One Newton step each: the polynomial is steep at t = -1, where an ulp here is two in the result.
    t = fma(inverse, fma(-t, a, fma(t + 1.0, -4.0, a)), t)
    lost = a - (divisor - 4.0)
    inverse = fma(inverse, fma(-inverse, lost, fma(-inverse, divisor, 1.0)), inverse)
    return 8.0 * inverse * horner(t, _ERFCX)


@kernel
def _gaussian(x: float, scale: float) -> float:
    """exp(-scale * x**2), for a scale that is a power of two."""
    square = x * x
    # What x * x lost would be multiplied by the exponent: 1 ulp of 700 is 700 ulp of the result.
    lost = fma(x, x, -square)
    value = exp_falling(-scale * square)
    return fma(value, -scale * lost, value)


@kernel
def erfc(x: float) -> float:
    """1 - erf(x), exact to the last places in the right tail."""
    a = abs(x)
    a = select(a > 28.0, 28.0, a)
    tail = _gaussian(a, 1.0) * _scaled_erfc(a)
    return select(x < 0.0, 2.0 - tail, tail)


@kernel
def erf_near(x: float) -> float:
    """erf(x) for |x| <= 0.75."""
    return fma(x, horner(x * x, _ERF), x)


@kernel
def erf_far(x: float) -> float:
    """erf(x) for |x| >= 0.75."""
    a = abs(x)
    a = select(a > 6.0, 6.0, a)
    value = 1.0 - _gaussian(a, 1.0) * _scaled_erfc(a)
    return select(x < 0.0, -value, value)


@kernel
def erf(x: float) -> float:
    """The error function.

    LLVM copies a function into the loop that calls it up to a size that this one exceeds: a loop over a long array
    joins the two halves itself.
    """
    return select(abs(x) < 0.75, erf_near(x), erf_far(x))


@kernel
def normal_tail(a: float) -> tuple[float, float]:
    """(P(X > a), exp(-a**2 / 2)) of a standard normal X, for a >= 0; both are exact to the last places."""
    a = select(a > 39.0, 39.0, a)
    density = _gaussian(a, 0.5)
    return 0.5 * density * _scaled_erfc(_SQRT_HALF * a), density

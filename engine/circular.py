"""sin and cos of one float64, for use inside kernels: see engine/scalar.py."""

from __future__ import annotations

import numpy as np

from engine.compile import inlined
from engine.intrinsics import bits_of, fma, select
from engine.precision import polynomial
from engine.straight import straight

_ROUNDER = 1.5 * 2.0**52  # adding it rounds to an integer, which then stands in the low bits
_TWO_OVER_PI = 0.6366197723675814
# Their sum is π / 2 to 161 bits.
_HALF_PI_HIGH, _HALF_PI_MIDDLE, _HALF_PI_LOW = 1.5707963267948966, 6.123233995736766e-17, -1.4973849048591698e-33
LARGEST_ANGLE = 2.0**45
"""Beyond this, three words of π no longer fix the angle's place in its turn."""

# (sin(r) / r - 1) / r**2 in z = r**2, on |r| <= π / 4
_SIN = polynomial(double=(
    -0.16666666666666632, 0.008333333333322316, -0.00019841269829725286, 2.755731366208218e-06,
    -2.5050753267987392e-08, 1.5896505129729167e-10,
))
# (cos(r) - 1 + r**2 / 2) / r**4 in z = r**2, on |r| <= π / 4
_COS = polynomial(double=(
    0.0416666666666666, -0.0013888888888873992, 2.480158728939551e-05, -2.7557314326179744e-07,
    2.087571957692279e-09, -1.1359449539493464e-11,
))


@straight
def sin_cos(x: float) -> tuple[float, float]:
    """The sine and the cosine of x radians, |x| <= LARGEST_ANGLE; NaN beyond."""
    x = select(abs(x) <= LARGEST_ANGLE, x, np.nan)
    rounded = fma(x, _TWO_OVER_PI, _ROUNDER)
    k = rounded - _ROUNDER
    # x - k π / 2 as an unevaluated sum of two float64 (Cody & Waite), for the integer k that leaves the least.
    exact = fma(k, -_HALF_PI_HIGH, x)
    product = k * _HALF_PI_MIDDLE
    rest = fma(k, _HALF_PI_MIDDLE, -product)
    # Knuth's TwoSum: near a multiple of π the first two words all but cancel, and what they round away is the result.
    high = exact - product
    shift = high - exact
    last = fma(k, -_HALF_PI_LOW, (exact - (high - shift)) - (product + shift) - rest)
    r = high + last
    low = (high - r) + last
    z = r * r
    sine = r + fma(r * z, _SIN(z), fma(-0.5 * z, low, low))
    half = 0.5 * z
    most = 1.0 - half
    cosine = most + (((1.0 - most) - half) + fma(z * z, _COS(z), -r * low))
    quadrant = bits_of(rounded)
    odd, back = quadrant & 1 != 0, quadrant & 2 != 0
    first, second = select(odd, cosine, sine), select(odd, sine, cosine)
    # Each quarter turns (sin, cos) into (cos, -sin).
    return select(x == 0.0, x, select(back, -first, first)), select(odd != back, -second, second)


@inlined
def sin(x: float) -> float:
    """The sine of x radians: see `sin_cos`."""
    return sin_cos(x)[0]


@inlined
def cos(x: float) -> float:
    """The cosine of x radians: see `sin_cos`."""
    return sin_cos(x)[1]

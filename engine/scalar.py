"""exp, log, tanh, erf, … of one number, for use inside kernels: the same bits on every CPU.

libm's, SVML's and NumPy's differ between machines; these are + - * /, `fma` and integer operations, in an order that is
written in the program. They take a float32, a float64 or a vector of either and compute in that type (erfc, sin and
cos: float64 alone). They have no branches but selections, so that the loop around them stays on vectors. Their errors,
measured against mpmath by tests/engine/test_elementary.py, stay below 2 ulp in either type (erfc: 4). Infinities, NaN,
subnormal numbers and the sign of zero are as in C99. sin and cos serve |x| <= 2**45 and are NaN beyond.

The polynomials are minimax on the ranges that their comments name, those of float64 by Remez' exchange in 250-bit
arithmetic, those of float32 by Lawson's weights with one coefficient after the other rounded. Each is the rest of a
series whose first terms are exact, but for the quotient and the logarithm that float32 has for erf's tails.

References
----------
Cody & Waite (1980), Software Manual for the Elementary Functions, Prentice-Hall.
Muller (2016), Elementary Functions: Algorithms and Implementation, 3rd ed., Birkhäuser.
Shepherd & Laframboise (1981), Chebyshev approximation of (1 + 2x) exp(x²) erfc x in 0 ≤ x < ∞, Math. Comp. 36(153).
"""

from engine.circular import cos, sin
from engine.error_function import erf, erfc
from engine.exponential import exp, expm1, log, log1p, tanh

__all__ = ["cos", "erf", "erfc", "exp", "expm1", "log", "log1p", "sin", "tanh"]

"""Every activation by its name, and one table that tells what a figure needs to know of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.gates import (
    hard_swish,
    hard_swish_derivative,
    mish,
    mish_derivative,
    silu,
    silu_derivative,
)
from engine.gaussian_gate import gelu, gelu_derivative
from engine.log_softmax_unit import log_softmax_unit, log_softmax_unit_derivative
from engine.maxout import maxout, maxout_unit, maxout_unit_derivative
from engine.rectifiers import (
    SELU_ALPHA,
    SELU_SCALE,
    celu,
    celu_derivative,
    elu,
    elu_derivative,
    leaky_relu,
    leaky_relu_derivative,
    relu,
    relu_derivative,
    selu,
    selu_derivative,
)
from engine.smooth_rectifier import softplus, softplus_derivative
from engine.softmax import log_softmax, log_softmax_gradient, softmax, softmax_gradient
from engine.squashing import (
    hard_sigmoid,
    hard_sigmoid_derivative,
    sigmoid,
    sigmoid_derivative,
    softsign,
    softsign_derivative,
    tanh,
    tanh_derivative,
)

__all__ = [
    "ACTIVATIONS", "Activation", "Constant", "celu", "elu", "gelu", "hard_sigmoid", "hard_swish", "leaky_relu",
    "log_softmax", "log_softmax_gradient", "log_softmax_unit", "maxout", "maxout_unit", "mish", "relu", "selu",
    "sigmoid", "silu", "softmax", "softmax_gradient", "softplus", "softsign", "tanh",
]


class Constant(NamedTuple):
    """A letter of a formula that stands for a number."""

    symbol: str
    """LaTeX, such as ``\\alpha``."""
    value: float
    """The number that it has unless the caller says otherwise."""
    parameter: str | None
    """The function's parameter that sets it; None where it is fixed."""


class Activation(NamedTuple):
    """A function of one variable that stands behind a layer.

    `function` and `derivative` take an array and the same keyword parameters. The other fields tell of the function
    at its default parameters.
    """

    name: str
    function: Callable[..., NDArray[Any]]
    derivative: Callable[..., NDArray[Any]]
    formula: str
    """f(x) in LaTeX as matplotlib's mathtext reads it, without $; its numbers are integers or in `constants`."""
    constants: tuple[Constant, ...]
    range: tuple[float, float]
    """The least interval that holds all values, bounds that are only neared included."""
    smooth: bool
    """Whether the derivative is continuous."""
    reference: str


_HARD_GATE = r"\min\left(1,\, \max\left(0,\, \frac{x + 3}{6}\right)\right)"
_EXPONENTIAL = r"\max(0,\, x) + \min\left(0,\, \alpha\, (e^{%s} - 1)\right)"
_ALPHA = Constant(r"\alpha", 1.0, "alpha")

# In the order of display.
_TABLE = (
    Activation("sigmoid", sigmoid, sigmoid_derivative, r"\frac{1}{1 + e^{-x}}", (), (0.0, 1.0), True,
               "Rumelhart, Hinton & Williams (1986), Nature 323"),
    Activation("tanh", tanh, tanh_derivative, r"\tanh(x)", (), (-1.0, 1.0), True,
               "LeCun, Bottou, Orr & Müller (1998), Efficient BackProp"),
    Activation("relu", relu, relu_derivative, r"\max(0,\, x)", (), (0.0, np.inf), False,
               "Nair & Hinton (2010), ICML"),
    Activation("leaky_relu", leaky_relu, leaky_relu_derivative, r"\max(0,\, x) + \alpha\, \min(0,\, x)",
               (Constant(r"\alpha", 0.01, "negative_slope"),), (-np.inf, np.inf), False,
               "Maas, Hannun & Ng (2013), ICML workshop"),
    Activation("elu", elu, elu_derivative, _EXPONENTIAL % "x", (_ALPHA,), (-1.0, np.inf), True,
               "Clevert, Unterthiner & Hochreiter (2016), arXiv:1511.07289"),
    Activation("selu", selu, selu_derivative, rf"\lambda\, \left({_EXPONENTIAL % 'x'}\right)",
               (Constant(r"\lambda", SELU_SCALE, None), Constant(r"\alpha", SELU_ALPHA, None)),
               (-SELU_SCALE * SELU_ALPHA, np.inf), False,
               "Klambauer, Unterthiner, Mayr & Hochreiter (2017), arXiv:1706.02515"),
    Activation("celu", celu, celu_derivative, _EXPONENTIAL % r"x / \alpha", (_ALPHA,), (-1.0, np.inf), True,
               "Barron (2017), arXiv:1704.07483"),
    Activation("gelu", gelu, gelu_derivative, r"\frac{x}{2} \left(1 + \mathrm{erf}\,\frac{x}{\sqrt{2}}\right)", (),
               (-0.16997120747990366, np.inf), True, "Hendrycks & Gimpel (2016), arXiv:1606.08415"),
    Activation("silu", silu, silu_derivative, r"\frac{x}{1 + e^{-x}}", (), (-0.2784645427610738, np.inf), True,
               "Elfwing, Uchibe & Doya (2018), arXiv:1702.03118"),
    Activation("mish", mish, mish_derivative, r"x \tanh\left(\ln(1 + e^{x})\right)", (),
               (-0.30884341301725043, np.inf), True, "Misra (2019), arXiv:1908.08681"),
    Activation("softplus", softplus, softplus_derivative, r"\frac{1}{\beta}\, \ln\left(1 + e^{\beta x}\right)",
               (Constant(r"\beta", 1.0, "beta"),), (0.0, np.inf), True, "Dugas et al. (2001), NIPS 13"),
    Activation("softsign", softsign, softsign_derivative, r"\frac{x}{1 + |x|}", (), (-1.0, 1.0), True,
               "Glorot & Bengio (2010), AISTATS"),
    Activation("hard_sigmoid", hard_sigmoid, hard_sigmoid_derivative, _HARD_GATE, (), (0.0, 1.0), False,
               "Howard et al. (2019), arXiv:1905.02244"),
    Activation("hard_swish", hard_swish, hard_swish_derivative, rf"x\, {_HARD_GATE}", (), (-0.375, np.inf), False,
               "Howard et al. (2019), arXiv:1905.02244"),
    Activation("maxout", maxout_unit, maxout_unit_derivative,
               r"\max\left(w_1 x + b_1,\, w_2 x + b_2\right)",
               (Constant("w_1", -0.5, "w1"), Constant("b_1", 1.0, "b1"), Constant("w_2", 1.0, "w2"),
                Constant("b_2", -0.5, "b2")), (0.5, np.inf), False, "Goodfellow et al. (2013), arXiv:1302.4389"),
    Activation("log_softmax", log_softmax_unit, log_softmax_unit_derivative, r"x - \ln\left(e^{x} + e^{r}\right)",
               (Constant("r", 0.0, "rival"),), (-np.inf, 0.0), True, "Bridle (1990), Neurocomputing, NATO ASI F68"),
)

ACTIVATIONS: dict[str, Activation] = {activation.name: activation for activation in _TABLE}
"""Every activation as a function of one variable: maxout with two pieces, log_softmax beside one rival score."""

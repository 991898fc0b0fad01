"""What a template may compute: the functions of `engine` that are listed here, under the name `engine`.

`{{ engine.sigmoid(0) | number(2) }}`. They take numbers and lists of numbers, compute in float64 and give the same
back. `builder.computed` remembers the results.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

from deck.functions import fitting

if TYPE_CHECKING:
    from numpy.typing import NDArray

Spend = Callable[[int], None]
# Units of a template's budget: a number through an exponential or two, a product in a sum, a pixel that is read.
ELEMENT, PRODUCT = 20, 1
LONGEST = 100  # window, stride, padding: what a slide could show, and no memory to speak of
# Functions of one number, applied to each, with their other parameters.
ELEMENTWISE = {
    "sigmoid": {}, "tanh": {}, "softsign": {}, "hard_sigmoid": {}, "relu": {}, "leaky_relu": {"negative_slope": 0.01},
    "elu": {"alpha": 1.0}, "selu": {}, "celu": {"alpha": 1.0}, "gelu": {}, "silu": {}, "mish": {}, "hard_swish": {},
    "softplus": {"beta": 1.0}, "exp": {}, "expm1": {}, "log": {}, "log1p": {}, "erf": {}, "sin": {}, "cos": {},
}  # fmt: skip
COUNTS = ("conv2d_output_size", "max_pool2d_output_size", "conv2d_parameters", "linear_parameters")


def derivative(spend: Spend, name: str, x: Any) -> Any:
    """The slope of the activation `name` at each number."""
    from engine.activations import ACTIVATIONS
    from engine.arguments import choice

    values = _numbers(spend, "derivative", x)
    return ACTIVATIONS[choice("derivative", "activation", name, ACTIVATIONS)].derivative(values).tolist()


def softmax(spend: Spend, x: Any) -> Any:
    """Scores as probabilities, those of each innermost list."""
    return _engine("softmax")(_numbers(spend, "softmax", x)).tolist()


def log_softmax(spend: Spend, x: Any) -> Any:
    """The logarithms of these probabilities."""
    return _engine("log_softmax")(_numbers(spend, "log_softmax", x)).tolist()


def linear(spend: Spend, x: Any, weight: Any, bias: Any = None) -> Any:
    """A dense layer: a sum for each row of `weight`, plus its bias."""
    values, weights = _numbers(spend, "linear", x), _numbers(spend, "linear", weight)
    spend(PRODUCT * weights.size * max(values.size // max(weights.shape[-1] if weights.ndim else 1, 1), 1))
    rows = values[None] if values.ndim == 1 else values
    out = _engine("linear")(rows, weights, None if bias is None else _numbers(spend, "linear", bias))
    return (out[0] if values.ndim == 1 else out).tolist()


def conv2d(spend: Spend, x: Any, weight: Any, bias: Any = None, *, stride: Any = 1, padding: Any = 0,
           dilation: Any = 1) -> Any:
    """The sums of products of a kernel, not flipped, at every place of an image: both as lists of rows."""
    image, kernel = _planes(spend, "conv2d", "x", x), _planes(spend, "conv2d", "weight", weight)
    options = {"stride": stride, "padding": padding, "dilation": dilation}
    _bounded("conv2d", options)
    edge = max([0, *kernel.shape[2:], *_whole_numbers(padding)])
    padded = math.prod(side + 2 * edge for side in image.shape[2:])
    spend(PRODUCT * len(image) * padded * (image.shape[1] + kernel.size))
    offset = None if bias is None else _numbers(spend, "conv2d", [bias] if isinstance(bias, (int, float)) else bias)
    return _like(x, _engine("conv2d")(image, kernel, offset, **options))


def max_pool2d(spend: Spend, x: Any, kernel_size: Any, *, stride: Any = None, padding: Any = 0,
               ceil_mode: bool = False) -> Any:
    """The largest number of each window of a list of rows."""
    return _pooled(spend, "max_pool2d", x, kernel_size, stride, padding, ceil_mode)


def avg_pool2d(spend: Spend, x: Any, kernel_size: Any, *, stride: Any = None, padding: Any = 0,
               ceil_mode: bool = False) -> Any:
    """The mean of each window of a list of rows."""
    return _pooled(spend, "avg_pool2d", x, kernel_size, stride, padding, ceil_mode)


def table() -> dict[str, Callable[..., Any]]:
    """Every function by its name in a template; its first argument takes from the budget."""
    own = (derivative, softmax, log_softmax, linear, conv2d, max_pool2d, avg_pool2d)
    return {**{name: _elementwise(name, more) for name, more in ELEMENTWISE.items()},
            **{function.__name__: function for function in own}, **{name: _count(name) for name in COUNTS}}  # fmt: skip


def _engine(name: str) -> Any:
    return getattr(import_module("engine"), name)  # and with it numba: only where something is computed


def _elementwise(name: str, more: dict[str, float]) -> Callable[..., Any]:
    def run(spend: Spend, x: Any, **options: Any) -> Any:
        return _engine(name)(_numbers(spend, name, x), **options).tolist()

    keyword = inspect.Parameter.KEYWORD_ONLY
    first = [p for p in inspect.signature(run).parameters.values() if p.kind is not p.VAR_KEYWORD]
    others = [inspect.Parameter(key, keyword, default=value) for key, value in more.items()]
    run.__signature__ = inspect.Signature([*first, *others])  # type: ignore[attr-defined]
    return run


def _count(name: str) -> Callable[..., Any]:
    def run(spend: Spend, *arguments: Any, **named: Any) -> Any:
        function = _engine(name)
        fitting(f"engine.{name}", inspect.signature(function), arguments, named)
        return function(*arguments, **named)

    return run


def _numbers(spend: Spend, function: str, value: Any) -> NDArray[Any]:
    """An array of float64, which `engine` makes no float32 of."""
    from engine.received import array_of

    array = array_of(function, "x", value)
    spend(ELEMENT * array.size)
    return array.astype("float64") if array.dtype.kind in "iu" else array


def _planes(spend: Spend, function: str, name: str, value: Any) -> NDArray[Any]:
    array = _numbers(spend, function, value)
    if array.ndim not in (2, 4):
        raise ValueError(f"{function}: {name} must be a list of rows, or of images of maps of rows, "
                         f"not of {array.ndim} axes {array.shape}")
    return array[None, None] if array.ndim == 2 else array


def _like(x: Any, out: NDArray[Any]) -> Any:
    """As many axes as the image that was given."""
    plane = not isinstance(x[0][0], list)
    return (out[0, 0] if plane and out.shape[1] == 1 else out[0] if plane else out).tolist()


def _bounded(function: str, options: dict[str, Any]) -> None:
    for name, value in options.items():
        if (most := max(_whole_numbers(value), default=0)) > LONGEST:
            raise ValueError(f"{function}: {name} must be at most {LONGEST}, not {most}")


def _whole_numbers(value: Any) -> list[int]:
    if isinstance(value, list):
        return [number for part in value for number in _whole_numbers(part)]
    return [value] if isinstance(value, int) else []


def _pooled(spend: Spend, function: str, x: Any, kernel_size: Any, stride: Any, padding: Any, ceil_mode: bool) -> Any:
    planes = _planes(spend, function, "x", x)
    _bounded(function, {"kernel_size": kernel_size, "stride": stride, "padding": padding})
    spend(PRODUCT * planes.size * LONGEST)
    options = {"stride": stride, "padding": padding, "ceil_mode": ceil_mode}
    return _like(x, _engine(function)(planes, kernel_size, **options))

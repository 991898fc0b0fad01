"""Slide 3: a neuron in symbols, and below it the same with numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.activations import ACTIVATIONS
from engine.arguments import choice, real
from figures import Picture, figure
from figures.language import Words
from figures.lean import narrowest
from figures.neuron_rows import Example, draw_example, draw_symbols
from figures.style import slide_figure

WIDTH, HEIGHT = 1136, 440
MOST_INPUTS = 6
LIMIT = 100.0


@figure
def neuron(words: Words, *, inputs: Sequence[float] = (2, 3, 1), weights: Sequence[float] = (0.5, -1.5, 1.5),
           bias: float = 0, activation: str = "relu") -> Picture:
    """A neuron: inputs times weights, their sum, the activation function, the output; in symbols and in numbers.

    Parameters
    ----------
    inputs, weights : sequences of 1 to 6 float, of equal length, within ±100
    bias : float within ±100
        Added to the sum; 0 is not shown.
    activation : str
        A name of `engine.activations.ACTIVATIONS`, such as "relu", "sigmoid", "tanh".

    Facts
    -----
    inputs, weights, products : lists of float
    bias, sum, output : float
        The sum has the bias in it; the output is f of it.
    activation : str

    Raises
    ------
    ValueError, TypeError
        No inputs or too many, other numbers of weights than of inputs, numbers too large to be written, an unknown
        activation.

    Examples
    --------
    >>> import figures
    >>> figures.neuron(inputs=(1, -2), weights=(0.5, 0.25), bias=1, activation="tanh").save("neuron.svg")
    """
    x, w = _numbers("inputs", inputs), _numbers("weights", weights)
    if x.size != w.size:
        raise ValueError(f"neuron: there must be one weight for each input, not {w.size} weights for {x.size} inputs")
    name = choice("neuron", "activation", activation, ACTIVATIONS)
    example = _computed(x, w, real("neuron", "bias", bias, -LIMIT, LIMIT), name)
    fig, axes = slide_figure(WIDTH, HEIGHT)
    draw_symbols(axes, words, x.size, middle=129, bias=example.bias != 0)
    draw_example(axes, words, example, middle=343, activation=name)
    return Picture(fig, _alt(words, example, name), _facts(example, name))


def _numbers(name: str, values: Any) -> NDArray[np.float64]:
    if not isinstance(values, (list, tuple, np.ndarray)):
        raise TypeError(f"neuron: {name} must be a list of numbers, not {values!r}")
    if not 1 <= len(values) <= MOST_INPUTS:
        raise ValueError(f"neuron: {name} must be 1 to {MOST_INPUTS} numbers, not {len(values)}")
    return np.array([real("neuron", name, value, -LIMIT, LIMIT) for value in values])


def _computed(inputs: NDArray[np.float64], weights: NDArray[np.float64], bias: float, activation: str) -> Example:
    products = inputs * weights
    # The sum of what is written, in its order, and exact wherever that is.
    total = float(products.sum()) + bias
    output = ACTIVATIONS[activation].function(narrowest(np.array([total])))
    return Example(inputs, weights, bias, products, total, float(output[0]))


def _alt(words: Words, example: Example, activation: str) -> str:
    products = [words.say("neuron.alt_product", weight=words.signed(w), input=words.signed(x))
                for w, x in zip(example.weights.tolist(), example.inputs.tolist(), strict=True)]
    if example.bias:
        products.append(words.signed(example.bias))
    return words.say("neuron.alt", count=example.inputs.size, sum=" + ".join(products), total=example.total,
                     name=words.say(f"activations.{activation}"), output=example.output)  # fmt: skip


def _facts(example: Example, activation: str) -> dict[str, Any]:
    return {"inputs": example.inputs.tolist(), "weights": example.weights.tolist(), "bias": example.bias,
            "products": example.products.tolist(), "sum": example.total, "activation": activation,
            "output": example.output}  # fmt: skip

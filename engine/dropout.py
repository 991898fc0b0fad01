"""Dropout: neurons silenced at random while a network learns, so that none relies on another."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.arguments import floating, real, seeded
from engine.compile import kernel
from engine.generator import stream_number
from engine.philox import Word, block


class Dropout(NamedTuple):
    """What dropout leaves, and which elements it kept (True)."""

    output: NDArray[Any]
    mask: NDArray[np.bool_]


@kernel
def _draw_mask(mask: NDArray[np.bool_], threshold: Word, seed: Word, stream: Word) -> None:
    for i in range(mask.size // 4):
        a, b, c, d = block(np.uint64(i), stream, seed)
        mask[4 * i], mask[4 * i + 1] = a >= threshold, b >= threshold
        mask[4 * i + 2], mask[4 * i + 3] = c >= threshold, d >= threshold


@kernel
def _scale_survivors(values: NDArray[Any], mask: NDArray[np.bool_], scale: Any, out: NDArray[Any]) -> None:
    # A choice and not a product: what is dropped is 0 even where the value was infinite.
    for i in range(values.size):
        out[i] = values[i] * scale if mask[i] else values.dtype.type(0)


@overload
def dropout(x: ArrayLike, p: float = ..., *, seed: int, stream: int = ..., training: bool = ...,
            return_mask: Literal[False] = ...) -> NDArray[Any]: ...


@overload
def dropout(x: ArrayLike, p: float = ..., *, seed: int, stream: int = ..., training: bool = ...,
            return_mask: Literal[True]) -> Dropout: ...


def dropout(x: ArrayLike, p: float = 0.5, *, seed: int, stream: int = 0, training: bool = True,
            return_mask: bool = False) -> NDArray[Any] | Dropout:
    """Zero each element with probability p and multiply the survivors by 1 / (1 - p), so that the mean stays.

    Parameters
    ----------
    x : array_like, any shape, float32 or float64 (integers and float16 become float32)
    p : float in [0, 1]
        Probability of being dropped. With p = 1 nothing survives and the output is zero.
    seed, stream : int, 0 to 2**64 - 1
        Whether element i in C order is kept depends on these, on p and on i only, not on the shape. An element that is
        dropped with p is dropped with every larger p.
    training : bool
        False, as when a trained network is used: the identity.
    return_mask : bool
        Whether the mask is returned as well.

    Returns
    -------
    ndarray of x's shape, or with `return_mask` a `Dropout(output, mask)` whose mask is True where x was kept

    Raises
    ------
    ValueError, TypeError
        p outside [0, 1], a seed or stream out of range, x without numbers.

    References
    ----------
    Srivastava, Hinton, Krizhevsky, Sutskever & Salakhutdinov (2014), Dropout: a simple way to prevent neural networks
    from overfitting, JMLR 15. The scale at training time (« inverted dropout ») is that of torch.nn.functional.dropout.
    """
    values, p = floating("dropout", "x", x), real("dropout", "p", p, 0.0, 1.0)
    key, channel = np.uint64(seeded("dropout", seed)), stream_number("dropout", stream)
    if not training:
        p = 0.0
    draws = np.empty(values.size + -values.size % 4, np.bool_)
    _draw_mask(draws, np.uint64(np.rint(p * 2.0**32)), key, channel)
    mask = draws[:values.size].reshape(values.shape)
    output = _kept(values, mask, p)
    return Dropout(output, mask) if return_mask else output


def dropout_gradient(grad: ArrayLike, mask: ArrayLike, p: float) -> NDArray[Any]:
    """Gradient of the loss by dropout's input: what reaches a survivor times 1 / (1 - p), and 0 for the dropped.

    Parameters
    ----------
    grad : array_like, any shape
        Gradient by dropout's output.
    mask : array_like of bool, same shape
        The mask that `dropout` returned.
    p : float in [0, 1]
        The p that `dropout` was given (0 where it was not training).

    Returns
    -------
    ndarray of grad's shape

    Raises
    ------
    ValueError, TypeError
        p outside [0, 1], a mask of another shape or not of bool.
    """
    values, p = floating("dropout_gradient", "grad", grad), real("dropout_gradient", "p", p, 0.0, 1.0)
    kept = np.asarray(mask)
    if kept.dtype != np.bool_:
        raise TypeError(f"dropout_gradient: mask must be of bool, not {kept.dtype}")
    if kept.shape != values.shape:
        raise ValueError(f"dropout_gradient: mask {kept.shape} must have the shape of grad {values.shape}")
    return _kept(values, kept, p)


def _kept(values: NDArray[Any], mask: NDArray[np.bool_], p: float) -> NDArray[Any]:
    output = np.empty_like(values)
    scale = values.dtype.type(1.0 / (1.0 - p) if p < 1.0 else 0.0)
    # numba compiles a kernel anew for a read-only array: a copy costs less.
    flat = np.require(values.reshape(-1), None, ["C", "WRITEABLE"])
    _scale_survivors(flat, np.require(mask.reshape(-1), None, ["C", "WRITEABLE"]), scale, output.reshape(-1))
    return output

"""Dropout: neurons silenced at random while a network learns, so that none relies on another."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.arguments import destination, flag, floating, real, seeded
from engine.compile import kernel
from engine.generator import stream_number
from engine.intrinsics import select
from engine.operands import truths
from engine.philox import Word
from engine.philox_vectors import DRAWN, at_least, raised, seven_rounds, store_flags, store_kept
from engine.threads import shared, slices

WORDS_OF_A_BLOCK = 4
SHARED = 1 << 19  # elements that make a thread of their own worth while


class Dropout(NamedTuple):
    """What dropout leaves, and which elements it kept (True)."""

    output: NDArray[Any]
    mask: NDArray[np.bool_]


@kernel
def drop(values: NDArray[Any], out: NDArray[Any], mask: NDArray[np.bool_], first: Word, threshold: Word, scale: Any,
         stream: Word, seed: Word) -> None:
    """out = values * scale where the word of an element is at least `threshold`, else 0; `out` may be `values`.

    Arrays are flat and of one length, but that an empty mask is not written. The elements are those from the first of
    block `first` on. Numbers are uint64, but the threshold uint32 and the scale of the dtype of values.
    """
    size = values.size
    for i in range(0, size, DRAWN):
        kept = at_least(seven_rounds(first + np.uint64(i // WORDS_OF_A_BLOCK), stream, seed), threshold)
        if i + DRAWN <= size:
            store_kept(out, i, values, kept, scale)
            if mask.size:
                store_flags(mask, i, kept)
        else:
            for j in range(size - i):
                up = raised(kept, j)
                out[i + j] = values[i + j] * scale if up else values.dtype.type(0)
                if mask.size:
                    mask[i + j] = up


@kernel
def _scale_survivors(values: NDArray[Any], mask: NDArray[np.bool_], scale: Any, out: NDArray[Any]) -> None:
    # A choice and not a product: what is dropped is 0 even where the value was infinite.
    for i in range(values.size):
        product = values[i] * scale
        out[i] = select(mask[i], product, values.dtype.type(0))


@overload
def dropout(x: ArrayLike, p: float = ..., *, seed: int, stream: int = ..., training: bool = ...,
            return_mask: Literal[False] = ..., out: NDArray[Any] | None = ...) -> NDArray[Any]: ...


@overload
def dropout(x: ArrayLike, p: float = ..., *, seed: int, stream: int = ..., training: bool = ...,
            return_mask: Literal[True], out: NDArray[Any] | None = ...) -> Dropout: ...


def dropout(x: ArrayLike, p: float = 0.5, *, seed: int, stream: int = 0, training: bool = True,
            return_mask: bool = False, out: NDArray[Any] | None = None) -> NDArray[Any] | Dropout:
    """Zero each element with probability p and multiply the survivors by 1 / (1 - p), so that the mean stays.

    Parameters
    ----------
    x : array_like, any shape, float32 or float64 (integers and float16 become float32)
    p : float in [0, 1]
        Probability of being dropped. With p = 1 nothing survives and the output is zero.
    seed, stream : int, 0 to 2**64 - 1
        Whether element i in C order is kept depends on these, on p and on i only, not on the shape: it is kept where
        word i % 4 of block i // 4 of Philox4x32-7 is at least p * 2**32, rounded to an integer. An element that is
        dropped with p is dropped with every larger p.
    training : bool
        False, as when a trained network is used: the identity.
    return_mask : bool
        Whether the mask is returned as well.
    out : ndarray, optional
        Where to put the output: an array of x's shape and of the output's dtype, which may be x itself.

    Returns
    -------
    ndarray of x's shape, or with `return_mask` a `Dropout(output, mask)` whose mask is True where x was kept

    Raises
    ------
    ValueError, TypeError
        p outside [0, 1], a seed or stream out of range, x without numbers, an `out` that does not fit.

    Notes
    -----
    Seven rounds are the fewest with which Salmon et al. found Philox4x32 to pass every test of BigCrush; the ten that
    `uniform`, `normal` and `words` take hold their margin. Dropout only asks on which side of a threshold a word lies,
    and the margin would lengthen it by a third.

    References
    ----------
    Srivastava, Hinton, Krizhevsky, Sutskever & Salakhutdinov (2014), Dropout: a simple way to prevent neural networks
    from overfitting, JMLR 15. The scale at training time (« inverted dropout ») is that of torch.nn.functional.dropout.
    Salmon, Moraes, Dror & Shaw (2011), Parallel random numbers: as easy as 1, 2, 3, doi:10.1145/2063384.2063405.
    """
    values, p = floating("dropout", "x", x), real("dropout", "p", p, 0.0, 1.0)
    key, channel = np.uint64(seeded("dropout", seed)), stream_number("dropout", stream)
    learning, masked = flag("dropout", "training", training), flag("dropout", "return_mask", return_mask)
    output = destination("dropout", out, values.shape, values.dtype, values, in_place=True)
    mask = np.empty(values.shape if masked else 0, np.bool_)
    _draw(values, output, mask, p if learning else 0.0, channel, key)
    return Dropout(output, mask) if masked else output


def _draw(values: NDArray[Any], output: NDArray[Any], mask: NDArray[np.bool_], p: float, stream: np.uint64,
          seed: np.uint64) -> None:
    threshold = round(p * 2.0**32)
    if threshold == 0 or threshold == 2**32:
        # Neither needs a word, and 2**32 would be none.
        if threshold == 0 and output is not values:
            np.copyto(output, values)
        elif threshold:
            output.fill(0.0)
        mask.fill(threshold == 0)
        return
    flat, target, flags = values.reshape(-1), output.reshape(-1), mask.reshape(-1)
    options = np.uint32(threshold), _scale(values, p), stream, seed
    if flat.size < 2 * SHARED:
        drop(flat, target, flags, np.uint64(0), *options)
        return
    shared(drop, [(flat[part], target[part], flags[part] if mask.size else flags,
                   np.uint64(part.start // WORDS_OF_A_BLOCK), *options)
                  for part in slices(flat.size, SHARED, DRAWN)])


def dropout_gradient(grad: ArrayLike, mask: ArrayLike, p: float, *,
                     out: NDArray[Any] | None = None) -> NDArray[Any]:
    """Gradient of the loss by dropout's input: what reaches a survivor times 1 / (1 - p), and 0 for the dropped.

    Parameters
    ----------
    grad : array_like, any shape
        Gradient by dropout's output.
    mask : array_like of bool, same shape
        The mask that `dropout` returned.
    p : float in [0, 1]
        The p that `dropout` was given (0 where it was not training).
    out : ndarray, optional
        Where to put the result: an array of grad's shape and of the result's dtype, which may be grad itself.

    Returns
    -------
    ndarray of grad's shape

    Raises
    ------
    ValueError, TypeError
        p outside [0, 1], a mask of another shape or not of bool, an `out` that does not fit.
    """
    values, p = floating("dropout_gradient", "grad", grad), real("dropout_gradient", "p", p, 0.0, 1.0)
    kept = truths("dropout_gradient", "mask", mask)
    if kept.shape != values.shape:
        raise ValueError(f"dropout_gradient: mask {kept.shape} must have the shape of grad {values.shape}")
    # Numba compiles a kernel anew for arrays that are read-only or not contiguous: a copy costs less.
    kept = np.require(kept, None, ["C", "ALIGNED", "WRITEABLE"])
    output = destination("dropout_gradient", out, values.shape, values.dtype, values, kept, in_place=True)
    flat, flags, target = values.reshape(-1), kept.reshape(-1), output.reshape(-1)
    shared(_scale_survivors, [(flat[part], flags[part], _scale(values, p), target[part])
                              for part in slices(flat.size, SHARED)])
    return output


def _scale(values: NDArray[Any], p: float) -> Any:
    return values.dtype.type(1.0 / (1.0 - p) if p < 1.0 else 0.0)

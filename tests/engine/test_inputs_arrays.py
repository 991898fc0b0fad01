"""Every array argument of every public function, as callers really hold arrays: the same answer, or a clear refusal."""

import functools
import inspect
from random import Random

import numpy as np
import pytest
import torch

from benchmarks.fuzz_calls import functions
from benchmarks.fuzz_good import good

# How many axes an argument must have; what is not named here may have any number.
AXES = {
    "conv2d": {"x": 4, "weight": 4, "bias": 1},
    "conv2d_gradients": {"grad": 4, "x": 4, "weight": 4},
    "conv2d_input_gradient": {"grad": 4, "weight": 4},
    "conv2d_weight_gradient": {"grad": 4, "x": 4},
    "max_pool2d": {"x": 4},
    "max_pool2d_gradient": {"grad": 4, "indices": 4},
    "avg_pool2d": {"x": 4},
    "avg_pool2d_gradient": {"grad": 4},
    "linear": {"x": 2, "weight": 2, "bias": 1},
    "linear_gradients": {"grad": 2, "x": 2, "weight": 2},
    "linear_input_gradient": {"grad": 2, "weight": 2},
    "linear_weight_gradient": {"grad": 2, "x": 2},
    "cross_entropy": {"scores": 2, "labels": 1},
    "dropout_gradient": {"grad": 2, "mask": 2},
    "softmax_gradient": {"y": 2, "gradient": 2},
    "log_softmax_gradient": {"y": 2, "gradient": 2},
    "fit_relu_network": {"x": 1, "y": 1},
    "train_linear_classifier": {"images": 4, "labels": 1},
    "train_network": {"images": 4, "labels": 1},
    "train_relu_network": {"x": 1, "y": 1},
    "forward.network": {"images": 4},
    "scores.network": {"images": 4},
    "probabilities.network": {"images": 4},
    "predict.network": {"images": 4},
    "accuracy.network": {"images": 4, "labels": 1},
    "train_convolutional_network": {"images": 4, "labels": 1},
}
# Where infinities and NaN make no sense.
FINITE = {(function, name) for function, names in AXES.items() for name in names
          if name == "images" or function in ("fit_relu_network", "train_relu_network")}
# By what a function takes no array.
ARRAYS = {"x", "y", "images", "grad", "scores"}


class Subclass(np.ndarray):
    """An array whose arithmetic is not numpy's."""

    def __array_ufunc__(self, *_: object, **__: object) -> None:
        raise AssertionError("a subclass must not be computed with as it is")


def _spread(array):
    wide = np.full(tuple(2 * size + 1 for size in array.shape), 7).astype(array.dtype)
    view = wide[tuple(slice(0, 2 * size, 2) for size in array.shape)]
    view[...] = array
    return view


def _backwards(array):
    flip = (slice(None, None, -1),) * array.ndim
    return np.ascontiguousarray(array[flip])[flip]


def _unaligned(array):
    view = np.zeros(array.nbytes + 1, np.uint8)[1:].view(array.dtype).reshape(array.shape)
    view[...] = array
    assert array.dtype.itemsize == 1 or not view.flags.aligned
    return view


def _read_only(array):
    array = array.copy()
    array.setflags(write=False)
    return array


SAME = {
    "Fortran order": np.asfortranarray,
    "every other element": _spread,
    "negative strides": _backwards,
    "unaligned": _unaligned,
    "read-only": _read_only,
    "byte-swapped": lambda array: array.astype(array.dtype.newbyteorder()),
    "list": lambda array: array.tolist(),
    "nested tuples": lambda array: tuple(array.tolist()) if array.ndim else array.item(),
    "subclass": lambda array: array.view(Subclass),
    "torch tensor": lambda array: torch.from_numpy(array.copy()),
}
REFUSED = {
    "complex": lambda array: array.astype(complex),
    "objects": lambda array: array.astype(object),
    "strings": lambda array: array.astype("U8"),
    "dates": lambda array: np.zeros(array.shape, "M8[s]"),
    "structured": lambda array: np.zeros(array.shape, [("a", "f4"), ("b", "f4")]),
    "masked": lambda array: np.ma.masked_array(array, np.zeros(array.shape, bool)),
    "ragged": lambda array: [[1.0, 2.0], [3.0]],
    "set": lambda array: {1, 2},
    "text": lambda array: "1",
    "sparse gradient": lambda array: torch.ones(array.shape, requires_grad=True),
}
WRONG_NUMBERS = {"long double": lambda array: np.zeros(array.shape, np.longdouble)} \
    if np.dtype(np.longdouble).itemsize > 8 else {}
WRONG_INTEGERS = {"floats": lambda array: array.astype(float), "truths": lambda array: array > 0,
                  "negative": lambda array: np.full(array.shape, -1),
                  "beyond": lambda array: np.full(array.shape, 2**63, np.uint64)}
WRONG_TRUTHS = {"zeros and ones": lambda array: array.astype(np.int8), "floats": lambda array: array.astype(float)}


@functools.cache
def _arguments(function, name):
    """A good call in which the argument is an array, its numbers in float64."""
    for seed in range(40):
        made = good(function, Random(seed))
        array = made.get(name)
        if isinstance(array, np.ndarray) and array.size > 1 and (function not in AXES or array.ndim):
            return {key: value.astype(np.float64) if _is_floating(value) else value for key, value in made.items()}
    return None


def _is_floating(value):
    return isinstance(value, np.ndarray) and value.dtype.kind == "f"


CASES = [(function, name) for function in functions() for name in [*good(function, Random(0)), "bias"]
         if _arguments(function, name)]


def _answer(function, arguments):
    """What a call gives, as arrays; the caller's arrays must come out as they went in."""
    held = {name: value.tobytes() for name, value in arguments.items() if isinstance(value, np.ndarray)}
    result = functions()[function](**arguments)
    assert held == {name: arguments[name].tobytes() for name in held}
    return _parts(result)


def _parts(result):
    if isinstance(result, dict):
        result = tuple(result.values())
    if isinstance(result, tuple):
        return [part for item in result for part in _parts(item)]
    return [np.asarray(result)]


def _agree(first, second):
    assert len(first) == len(second)
    for one, other in zip(first, second, strict=True):
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("change", SAME)
@pytest.mark.parametrize(("function", "name"), CASES)
def test_how_an_array_lies_in_memory_changes_nothing(function, name, change):
    arguments = _arguments(function, name)
    array = arguments[name]
    if change == "torch tensor" and array.dtype.kind == "u":
        pytest.skip("torch has no such integers" if array.dtype.itemsize > 1 else "as uint8")
    _agree(_answer(function, arguments | {name: SAME[change](array)}), _answer(function, arguments))


@pytest.mark.parametrize(("function", "name"), CASES)
def test_narrow_floats_and_integers_count_as_float32(function, name):
    arguments = {key: np.rint(value) if _is_floating(value) else value
                 for key, value in _arguments(function, name).items()}
    if arguments[name].dtype.kind != "f":
        kinds = {"i": (np.int8, np.int32, np.uint64), "u": (np.int8, np.int32, np.uint64), "b": ()}
        expected, dtypes = _answer(function, arguments), kinds[arguments[name].dtype.kind]
    else:
        arguments = {key: value.astype(np.float32) if _is_floating(value) else value
                     for key, value in arguments.items()}
        expected, dtypes = _answer(function, arguments), (np.float16, np.int64, np.int8)
    for dtype in dtypes:
        _agree(_answer(function, arguments | {name: arguments[name].astype(dtype)}), expected)


def _refused(function, arguments):
    held = {name: value.tobytes() for name, value in arguments.items()
            if type(value) is np.ndarray and 0 not in value.strides}
    fault: Exception | None = None
    try:
        functions()[function](**arguments)
    except Exception as raised:
        fault = raised
    told = isinstance(fault, (ValueError, TypeError)) and str(fault).startswith(f"{function.split('.')[0]}: ")
    assert told, repr(fault)
    assert held == {name: arguments[name].tobytes() for name in held}


def _wrong(array):
    return REFUSED | {"f": WRONG_NUMBERS, "b": WRONG_TRUTHS}.get(array.dtype.kind, WRONG_INTEGERS)


@pytest.mark.parametrize(("function", "name", "change"), [
    (function, name, change) for function, name in CASES for change in _wrong(_arguments(function, name)[name])])
def test_what_is_no_such_array_is_refused(function, name, change):
    arguments = _arguments(function, name)
    _refused(function, arguments | {name: _wrong(arguments[name])[change](arguments[name])})


def _endless(array):
    """A view of one number that claims to be many."""
    return np.broadcast_to(array.reshape(-1)[0], (2 ** (56 // array.ndim),) * array.ndim)


SHAPES = {
    "an axis more": lambda array: array[None],
    "an axis less": lambda array: array[0],
    "0-d": lambda array: array.reshape(-1)[0],
    "larger than any machine": lambda array: _endless(array),
}


@pytest.mark.parametrize("change", SHAPES)
@pytest.mark.parametrize(("function", "name"), [case for case in CASES if case[1] in AXES.get(case[0], ())])
def test_other_shapes_are_refused(function, name, change):
    arguments = _arguments(function, name)
    _refused(function, arguments | {name: SHAPES[change](arguments[name])})


@pytest.mark.parametrize("axis", [0, 1, -1])
@pytest.mark.parametrize(("function", "name"), CASES)
def test_an_array_of_nothing_is_answered_or_refused(function, name, axis):
    arguments = _arguments(function, name)
    array = arguments[name]
    empty = array.take([], axis=min(axis, array.ndim - 1))
    try:
        answer = _answer(function, arguments | {name: empty})
    except (ValueError, TypeError):
        _refused(function, arguments | {name: empty})
    else:
        assert all(np.isfinite(part).all() for part in answer)


@pytest.mark.parametrize("function", ["conv2d", "linear", "max_pool2d", "avg_pool2d", "relu", "softmax", "dropout"])
def test_a_batch_of_nothing_gives_a_batch_of_nothing(function):
    arguments = _arguments(function, "x")
    whole, none = _answer(function, arguments)[0], _answer(function, arguments | {"x": arguments["x"][:0]})[0]
    assert none.shape == (0, *whole.shape[1:])
    assert none.dtype == whole.dtype


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize(("function", "name"), sorted(FINITE))
def test_numbers_must_be_finite_where_an_infinity_means_nothing(function, name, value):
    arguments = _arguments(function, name)
    array = arguments[name].copy()
    array.reshape(-1)[1] = value
    _refused(function, arguments | {name: array})


def test_all_functions_are_tried():
    tried = {function for function, _ in CASES}
    assert tried == {name for name, public in functions().items() if ARRAYS & set(inspect.signature(public).parameters)}
    assert all((function, name) in CASES for function, names in AXES.items() for name in names)

"""Every other argument of every public function: wrong types and numbers out of range are refused with its name."""

import inspect
from decimal import Decimal
from fractions import Fraction
from random import Random

import numpy as np
import pytest

import engine
from benchmarks.fuzz_calls import functions
from benchmarks.fuzz_good import good
from engine.received import shown

NO_INTEGER = (1.0, "1", b"1", None, True, np.bool_(True), 1j, Fraction(2), np.float32(1), np.array([1]), [[1]], {1},
              np.ma.masked_array(1, True), np.datetime64(1, "s"), ...)
NO_REAL = ("1", b"1", bytearray(b"1"), None, True, np.bool_(True), 1j, np.complex64(1), np.array([1.0]), [1.0], {1.0},
           np.ma.masked_array(1.0, True), np.str_("1"), np.datetime64(1, "s"), ..., float("nan"), float("inf"),
           -np.float32("inf"), 10**400, -10**400, 10**5000, Decimal("NaN"))
NO_PAIR = (*(value for value in NO_INTEGER if value is not None), (1,), (1, 1, 1), (), (1, 1.0), (1, None),
           "11", {1: 1, 2: 2}, 2**31, (1, 2**62), 10**400)
NO_FLAG = (None, 0, 1, 2, "", "yes", 1.0, np.array([True]), np.array([]), [], [True], ...)
NO_SEED = (*NO_INTEGER, -1, 2**64, 10**400, 10**5000, (1,))
NO_SHAPE = ("2", b"2", None, 2.0, (2, 2.0), (2, -1), -1, (2, None), ((2,), 2), {2, 3}, {2: 3}, True, (True,), 2**47,
            (2**40, 2**40), (2**62, 0), 2**64, 10**400, (1,) * 65, np.array([2.0]), ...)
NO_BATCH_SHAPE = (*NO_SHAPE, 4, (), (1, 1, 4), (1, 1, 1, 4, 4), (9, 9, 9, 9), (0, 0, 0, 0))
NO_TYPE = (None, "", "int", int, "float16", np.complex128, np.longdouble if np.dtype(np.longdouble).itemsize > 8 else 1,
           ">f8" if np.little_endian else "<f8", object, 3, (np.float64, 3), [], np.array(1.0), "no type", ...)

NO_COUNT = (*NO_INTEGER, 0, -1, 2**47, 2**63, 10**400, 10**5000)
NO_LAYER = (
    *(engine.Conv2d(count, 1) for count in NO_COUNT), *(engine.Linear(count) for count in NO_COUNT),
    *(engine.Conv2d(1, size) for size in (*NO_PAIR, None, 0, 9)), *(engine.MaxPool2d(size) for size in (None, 0, 9)),
    *(engine.Conv2d(1, 1, step) for step in (*NO_PAIR, None, 0)), *(engine.AvgPool2d(1, step) for step in (0, "1")),
    *(engine.Conv2d(1, 1, 2**31 - 1, pad) for pad in (*NO_PAIR, None, -1, "some", 2**30)),
    *(engine.DropoutLayer(p) for p in (*NO_REAL, -0.1, 1.0)),
    *(engine.ActivationLayer(name) for name in (None, 1, "", "rely", ["relu"], np.array(["relu", "tanh"]))))
NO_OPTIMIZER = (
    *(kind(rate) for kind in (engine.Adam, engine.SGD) for rate in (*NO_REAL, -0.1, 1e39)),
    *(engine.Adam(0.1, (beta, 0.5)) for beta in (*NO_REAL, -0.1, 1.0)), *(engine.Adam(eps=eps) for eps in NO_REAL),
    *(engine.Adam(betas=betas) for betas in (None, 0.5, (), (0.5,), (0.5, 0.5, 0.5), "ab", {0.1, 0.2})),
    *(engine.SGD(0.1, momentum) for momentum in (*NO_REAL, -0.1, 1.0)), engine.SGD(0.1, 0.0, True),
    *(engine.SGD(0.1, 0.5, nesterov) for nesterov in (None, 0, 1, "", np.array([True, False]))))

# By parameter: what no function takes for it.
WRONG = {
    "stride": (*NO_PAIR, 0, -1, (1, 0)),
    "dilation": (*NO_PAIR, 0, -1, (0, 1)),
    "padding": (*NO_PAIR, -1, (0, -1), "some"),
    "kernel_size": (*NO_PAIR, None, 0, -1, (1, 0)),
    "groups": (*NO_INTEGER, 0, -1, 7, 2**63, 10**400, (1, 1)),
    "input_shape": NO_BATCH_SHAPE,
    "weight_shape": NO_BATCH_SHAPE,
    "shape": NO_SHAPE,
    "dtype": NO_TYPE,
    "seed": NO_SEED,
    "stream": NO_SEED,
    "count": (*NO_INTEGER, -1, 2**47, 2**62, 2**63, 2**64, 10**400),
    "p": (*NO_REAL, -0.01, 1.01, 2),
    "axis": (*NO_INTEGER, 9, -9, 2**63, (0,)),
    **dict.fromkeys(("size", "in_channels", "out_channels", "in_features", "out_features"),
                    (*NO_INTEGER, 0, -1, 2**31, 10**400)),
    "pieces": (*NO_INTEGER, 0, -1, 99, 2**63),
    "hidden": (*NO_INTEGER, -1, 10**400),
    "restarts": (*NO_INTEGER, -1),
    "steps": (*NO_INTEGER, -1, 2**28, 2**63, 10**5000),
    "starts": (*NO_INTEGER, 0, -1, 2**28, 2**63, 10**5000),
    "epochs": (*NO_INTEGER, 0, -1),
    "batch_size": (*NO_INTEGER, 0, -1),
    "pool_size": (*NO_INTEGER, 0, -1, 99, 2**63),
    "classes": (*(value for value in NO_INTEGER if value is not None), 0, 1, -1, 2**60, 10**400),
    "channels": (None, 3, "3", (), (0,), (-1,), (1.0,), (True,), ((1,),), {1}, (2**60,)),
    "learning_rate": (*NO_REAL, -1.0),
    "weight_decay": (*NO_REAL, -1.0),
    "held_out": (3, "ab", (), (1,), (1, 2), (None, None), ([], []), {1, 2}, np.zeros((2, 2))),
    "layers": (None, 3, "Linear", (), [], {engine.Linear(3)}, engine.Linear(3), [3], [engine.Linear], [None],
               *([layer, engine.Linear(3)] for layer in NO_LAYER), *([engine.Linear(count)] for count in NO_COUNT)),
    "optimizer": (None, 0.1, "adam", engine.Adam, (0.1,), *NO_OPTIMIZER),
    "noise": (*NO_REAL, -0.1, 1.1),
    "shift": (*NO_REAL, -0.1),
    "tilt": (*NO_REAL, -0.1),
    "pale": (*NO_REAL, -0.1, 1.1),
    "low": (*NO_REAL, 2.5),
    "high": (*NO_REAL, -2.5),
    "approximate": (None, True, 1, "", "erf", b"tanh", ["tanh"], np.array(["tanh", "none"])),
    "threshold": NO_REAL, "rival": NO_REAL, "w1": NO_REAL, "b1": NO_REAL, "w2": NO_REAL, "b2": NO_REAL,
    "negative_slope": NO_REAL, "alpha": NO_REAL,
    "beta": (*NO_REAL, 0.0, -1.0),
    "training": NO_FLAG, "return_mask": NO_FLAG, "return_indices": NO_FLAG, "ceil_mode": NO_FLAG,
    "count_include_pad": NO_FLAG, "hidden_bias": NO_FLAG,
}
# Of one function only: celu divides by its alpha; the side of a filter is one integer here.
MORE = {("celu", "alpha"): (0.0, -1.0), ("celu.derivative", "alpha"): (0.0, -1.0),
        ("train_convolutional_network", "kernel_size"): (*NO_INTEGER, (1, 1), 2**63),
        ("fit_relu_network", "hidden"): (0,),
        ("conv2d_gradients", "stride"): (None,), ("conv2d", "stride"): (None,)}

# Nobody has so many processors, but threads are only made for work that there is.
INSTEAD = {("set_num_threads", "count"): (*NO_INTEGER, 0, -1, 2**64, 10**400),
           ("conv2d_parameters", "bias"): NO_FLAG, ("linear_parameters", "bias"): NO_FLAG}


@pytest.fixture(autouse=True)
def _as_many_threads_as_before():
    count = engine.get_num_threads()
    yield
    engine.set_num_threads(count)


def _call(function, name):
    """A good call of which the argument may be changed alone; the images are as wide as they come."""
    arguments = good(function, Random(6))
    if name in ("low", "high"):
        arguments |= {"low": -2.0, "high": 2.0}
    return arguments


CASES = [(function, name) for function in functions() for name in inspect.signature(functions()[function]).parameters
         if name in WRONG or (function, name) in INSTEAD]


@pytest.mark.parametrize(("function", "name"), CASES)
def test_what_an_argument_cannot_be_is_refused(function, name):
    arguments = _call(function, name)
    faults = []
    for value in (*INSTEAD.get((function, name), WRONG.get(name, ())), *MORE.get((function, name), ())):
        try:
            functions()[function](**arguments | {name: value})
            faults.append(f"{shown(value)} is answered")
        except Exception as refusal:
            told = str(refusal).startswith(f"{function.split('.')[0]}: ")
            if not told or not isinstance(refusal, (ValueError, TypeError)):
                faults.append(f"{shown(value)}: {refusal}")
    assert not faults


@pytest.mark.parametrize(("function", "name"), CASES)
def test_numbers_of_numpy_count_as_those_of_python(function, name):
    arguments = _call(function, name)
    value = arguments.get(name, inspect.signature(functions()[function]).parameters[name].default)
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        pytest.skip("no number")
    kinds = (np.int64 if value < 0 else np.uint64, np.array)
    if isinstance(value, float):
        kinds = (np.float64, np.array, np.longdouble)
    expected = functions()[function](**arguments | {name: value})
    for kind in kinds:
        np.testing.assert_equal(functions()[function](**arguments | {name: kind(value)}), expected)


def test_every_parameter_of_every_function_is_tried():
    arrays = {(function, name) for function in functions() for seed in range(20) for name, value
              in good(function, Random(seed)).items() if isinstance(value, np.ndarray)}
    untried = {(function, name) for function, public in functions().items()
               for name in inspect.signature(public).parameters if name != "out"} - arrays - set(CASES)
    assert not untried


def test_every_public_callable_is_a_function_that_is_tried_or_a_plain_result():
    for name in engine.__all__:
        public = getattr(engine, name)
        assert name in functions() or not callable(public) or issubclass(public, tuple)

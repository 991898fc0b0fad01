"""`out=` of every function that has it: filled and handed back, or refused before anything is written."""

import inspect
from random import Random

import numpy as np
import pytest

from benchmarks.fuzz_calls import functions
from benchmarks.fuzz_good import good

WITH_OUT = [name for name, public in functions().items() if "out" in inspect.signature(public).parameters]


def _call(name):
    """A good call, its answer, and whether that answer is one array."""
    for seed in range(40):
        arguments = good(name, Random(seed))
        result = functions()[name](**arguments)
        if isinstance(result, np.ndarray) and result.ndim and result.size > 1 and result.shape[0] > 1:
            return arguments, result
    raise AssertionError(f"{name}: no good call answers with an array")


def _read_only(like):
    out = like.copy()
    out.setflags(write=False)
    return out


WRONG = {
    "a list": lambda like: like.tolist(),
    "another width": lambda like: like.astype(np.float32 if like.dtype == np.float64 else np.float64),
    "integers": lambda like: np.zeros(like.shape, np.int64),
    "byte-swapped": lambda like: like.astype(like.dtype.newbyteorder()),
    "an axis more": lambda like: like[None].copy(),
    "another length": lambda like: like[1:].copy(),
    "every other element": lambda like: np.repeat(like, 2, axis=0)[::2],
    "negative strides": lambda like: like.copy()[::-1],
    "read-only": _read_only,
    "masked": lambda like: np.ma.masked_array(like.copy()),
    "unaligned": lambda like: np.zeros(like.nbytes + 1, np.uint8)[1:].view(like.dtype).reshape(like.shape),
}


@pytest.mark.parametrize("name", WITH_OUT)
def test_out_is_filled_and_handed_back(name):
    arguments, expected = _call(name)
    out = np.full_like(expected, 7)
    assert functions()[name](**arguments, out=out) is out
    np.testing.assert_array_equal(out, expected)


@pytest.mark.parametrize("change", WRONG)
@pytest.mark.parametrize("name", WITH_OUT)
def test_what_cannot_be_filled_is_refused_and_left_alone(name, change):
    arguments, like = _call(name)
    out = WRONG[change](like)
    held = np.asarray(out).tobytes()
    with pytest.raises((ValueError, TypeError), match=rf"^{name.split('.')[0]}: "):
        functions()[name](**arguments, out=out)
    assert np.asarray(out).tobytes() == held


@pytest.mark.parametrize("name", WITH_OUT)
def test_out_that_overlaps_an_input_is_refused(name):
    arguments, like = _call(name)
    key, x = next((key, value) for key, value in arguments.items() if isinstance(value, np.ndarray))
    memory = np.zeros(x.size + like.size, like.dtype)
    overlapping = memory[:x.size].reshape(x.shape)
    overlapping[...] = x
    # It begins one element after the input does.
    out = memory[1:1 + like.size].reshape(like.shape)
    held = memory.tobytes()
    with pytest.raises(ValueError, match=rf"^{name.split('.')[0]}: out must not share memory"):
        functions()[name](**arguments | {key: overlapping}, out=out)
    assert memory.tobytes() == held


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", ["relu", "leaky_relu", "sigmoid", "elu", "tanh", "softplus"])
def test_parts_of_one_array_go_in_and_out(name, dtype):
    """The short way past the checks takes views too: those that share nothing, and no others."""
    function, memory = functions()[name], np.linspace(-3, 3, 2_100).astype(dtype)
    before = memory.copy()
    expected = function(memory[1:1_001].copy())
    for _ in range(2):  # the first call of a dtype compiles, the next ones go the short way
        memory[...] = before
        assert function(memory[1:1_001], out=memory[1_001:2_001]).tobytes() == expected.tobytes()
        assert memory[:1_001].tobytes() == before[:1_001].tobytes()
        assert memory[1_001:2_001].tobytes() == expected.tobytes()
        assert memory[2_001:].tobytes() == before[2_001:].tobytes()
        with pytest.raises(ValueError, match=f"^{name}: out must not share memory"):
            function(memory[:1_000], out=memory[999:1_999])

"""Arrays that kernels take over themselves: whatever is not exactly of the expected kind is refused or done right."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest

import engine
from engine import handed
from engine.convolution_plan import forward_plan
from engine.windows import windows

X, WEIGHT = np.arange(64, dtype=np.float32).reshape(1, 1, 8, 8), np.arange(9, dtype=np.float32).reshape(1, 1, 3, 3)


class Child(np.ndarray):
    """An array that is not exactly one."""


def _read_only(array: np.ndarray) -> np.ndarray:
    copy = array.copy()
    copy.flags.writeable = False
    return copy


def _unaligned(array: np.ndarray) -> np.ndarray:
    return np.frombuffer(bytearray(array.nbytes + 1), np.uint8)[1:].view(array.dtype).reshape(array.shape)


UNFIT: dict[str, Any] = {
    "none": None, "number": 1, "float": 1.5, "list": X.tolist(), "bytes": X.tobytes(), "class": np.ndarray,
    "dtype": np.dtype("f4"), "scalar": X[0, 0, 0, 0], "wider": X.astype(np.float64), "integers": X.astype(np.int32),
    "swapped": X.astype(">f4"), "fewer axes": X[0], "more axes": X[None], "strided": X[..., ::-1],
    "transposed": X.transpose(0, 1, 3, 2), "read-only": _read_only(X), "unaligned": _unaligned(X),
    "masked": np.ma.array(X), "child": X.view(Child), "objects": X.astype(object), "void": X.view("V4"),
}


def _called(**instead: Any) -> Any:
    where = windows("conv2d", (8, 8), (3, 3), (1, 1), ((1, 1), (1, 1)), (1, 1))
    plan = forward_plan(1, 1, 1, 1, where, np.dtype(np.float32))
    given: dict[str, Any] = {"x": X, "weight": WEIGHT, "bias": plan.no_bias, "out": np.empty_like(X)}
    return plan.slide(*(given | {"g": plan.geometry} | instead).values())


@pytest.mark.parametrize("name", ["x", "weight", "bias", "out", "g"])
@pytest.mark.parametrize("unfit", UNFIT)
def test_entry_refuses_what_it_is_not_compiled_for(name: str, unfit: str) -> None:
    with pytest.raises(TypeError):
        _called(**{name: UNFIT[unfit]})


def test_entry_takes_what_fits() -> None:
    assert handed.AS_EXPECTED
    assert _called() is True
    assert _called(x=pickle.loads(pickle.dumps(X))) is True, "its dtype is another object"
    assert _called(x=np.zeros((1, 1, 1, 64), np.float32)) is True, "the plan alone asks for sizes"
    assert _called(out=X) is False, "it shares memory"


def test_weights_seen_before_with_anything_else() -> None:
    weight = WEIGHT.copy()
    expected = engine.conv2d(X, weight, padding=1)
    engine.conv2d(X, weight, padding=1)
    wide = X.reshape(1, 1, 4, 16)
    np.testing.assert_array_equal(engine.conv2d(wide, weight, padding=1), engine.conv2d(wide, weight.copy(), padding=1))
    for x in (X.tolist(), X.astype(np.int64), X.astype(">f4"), _read_only(X), X.view(Child), np.float64(X)):
        np.testing.assert_array_equal(engine.conv2d(x, weight, padding=1), expected)
    assert engine.conv2d(X, weight).shape == (1, 1, 6, 6)
    assert engine.conv2d(X, weight, padding=(1, 0)).shape == (1, 1, 8, 6)
    engine.conv2d(X, weight, padding=1)
    with pytest.raises(TypeError, match="padding"):
        engine.conv2d(X, weight, padding=True)
    with pytest.raises(TypeError, match="padding"):
        engine.conv2d(X, weight, padding=1.0)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="channels"):
        engine.conv2d(np.zeros((1, 2, 8, 8), np.float32), weight, padding=1)
    with pytest.raises(ValueError, match="out"):
        engine.conv2d(X, weight, padding=1, out=np.empty((1, 1, 8, 9), np.float32))
    with pytest.raises(ValueError, match="bias"):
        engine.conv2d(X, weight, np.zeros(2, np.float32), padding=1)


def test_weights_that_changed_their_shape_since() -> None:
    weight = WEIGHT.copy()
    engine.conv2d(X, weight, padding=1)
    engine.conv2d(X, weight, padding=1)
    weight.shape = (1, 1, 9, 1)
    expected = engine.conv2d(X, WEIGHT.reshape(1, 1, 9, 1), padding=1)
    np.testing.assert_array_equal(engine.conv2d(X, weight, padding=1), expected)


def test_without_numpys_structures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handed, "AS_EXPECTED", False)
    kinds = [handed.handed_kind.__wrapped__(np.float32, ndim) for ndim in (4, 1)]
    assert not any(isinstance(kind, handed.Handed) for kind in kinds)

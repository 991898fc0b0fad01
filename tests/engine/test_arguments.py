"""The gates themselves: what they take, what they make of it, and the words they refuse with."""

import itertools
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from engine.arguments import (
    LONGEST,
    choice,
    destination,
    flag,
    float_type,
    floating,
    integer,
    pair,
    real,
    seeded,
    sizes_of,
)
from engine.operands import image_shape, integers, labels_of, operands, truths
from engine.received import ADDRESSES, allocatable, parts_of, shown


@pytest.mark.parametrize(("given", "dtype"), [
    (np.float32(1), "f4"), (1.0, "f8"), (1, "f4"), (True, "f4"), (np.float16([1, 2]), "f4"), (np.uint64(2**63), "f4"),
    ([1, 2], "f4"), ([1, 2.5], "f8"), ([], "f8"), (np.array([1.5], ">f8"), "f8"), (np.array([1.5], ">f4"), "f4"),
    (np.ones(2).view(np.recarray), "f8"), (range(3), "f4"), (memoryview(np.ones(2)), "f8")])
def test_floats_are_kept_and_all_else_becomes_float32(given, dtype):
    array = floating("f", "x", given)
    assert type(array) is np.ndarray
    assert array.dtype == np.dtype(dtype)
    assert array.flags.carray
    np.testing.assert_array_equal(array, np.asarray(given, dtype))


def test_a_ready_array_is_not_copied_and_a_frozen_one_is():
    ready = np.ones((2, 3), np.float32)
    assert floating("f", "x", ready) is ready
    ready.setflags(write=False)
    assert not np.shares_memory(floating("f", "x", ready), ready)


def test_integers_beyond_24_bits_are_rounded_to_the_nearest_float32():
    assert floating("f", "x", [2**24 + 1, 2**24 + 3]).tolist() == [2.0**24, 2.0**24 + 4]


@pytest.mark.parametrize(("call", "kind", "told"), [
    (lambda: floating("f", "x", np.ma.ones(2)), TypeError, "f: x must not be a masked array"),
    (lambda: floating("f", "x", [[1], [1, 2]]), ValueError, "f: x must be an array of real numbers: "),
    (lambda: floating("f", "x", [2**70]), TypeError, "f: x must hold real numbers, not object"),
    (lambda: floating("f", "x", "1"), TypeError, "f: x must hold real numbers, not <U1"),
    (lambda: floating("f", "x", np.ones((2, 3)), 3), ValueError, r"f: x must have 3 axes, not 2 \(2, 3\)"),
    (lambda: floating("f", "x", [1, np.inf], finite=True), ValueError, "f: x must be finite; it holds inf"),
    (lambda: floating("f", "x", np.broadcast_to(1.0, (2**28, 2**28))), ValueError, r"f: an array of shape \(2684"),
    (lambda: operands("f", ("x", np.ones(2), 2)), ValueError, "f: x must have 2 axes"),
    (lambda: allocatable("f", (2**62, 0)), ValueError, r"f: an array of shape \(4611686018427387904, 0\) would take"),
    (lambda: allocatable("f", (1,) * 65), ValueError, "f: an array has at most 64 axes, not 65"),
    (lambda: destination("f", None, (2**40, 2**40), "f4"), ValueError, "f: an array of shape"),
    (lambda: destination("f", [1.0], (1,), "f8"), TypeError, "f: out must be a numpy array, not list"),
    (lambda: destination("f", np.ones(2), (1,), "f8"), ValueError, r"f: out must be float64 \(1,\), not .* \(2,\)"),
    (lambda: destination("f", np.ones(1, "f4"), (1,), "f8"), ValueError, "f: out must be float64"),
    (lambda: destination("f", np.ones(1, ">f8"), (1,), "f8"), ValueError, "f: out must be float64"),
    (lambda: destination("f", np.ones(4)[::2], (2,), "f8"), ValueError, "f: out must be C-contiguous"),
    (lambda: destination("f", np.broadcast_to(1.0, (1,)), (1,), "f8"), ValueError, "f: out must be .* writeable"),
    (lambda: integer("f", "n", 2.0), TypeError, "f: n must be an integer, not 2.0"),
    (lambda: integer("f", "n", True), TypeError, "f: n must be an integer, not True"),
    (lambda: integer("f", "n", 3, 4), ValueError, "f: n must be at least 4, not 3"),
    (lambda: integer("f", "n", 3, 1, 2), ValueError, "f: n must be at most 2, not 3"),
    (lambda: integer("f", "n", 10**5000, 1, 2), ValueError, "f: n must be at most 2, not a value of type int"),
    (lambda: pair("f", "n", (1, 2, 3), 0), ValueError, r"f: n must be an int or a pair of ints, not \(1, 2, 3\)"),
    (lambda: pair("f", "n", LONGEST + 1, 0), ValueError, f"f: n must be at most {LONGEST}, not {LONGEST + 1}"),
    (lambda: pair("f", "n", itertools.count(), 0), ValueError, "f: n must be an int or a pair of ints, not count"),
    (lambda: pair("f", "n", {1, 2}, 0), TypeError, "f: n must be an integer, not {1, 2}"),
    (lambda: real("f", "a", "1"), TypeError, "f: a must be a number, not '1'"),
    (lambda: real("f", "a", 10**400), ValueError, "f: a must be finite as a float, not 1000"),
    (lambda: real("f", "a", -1, 0.0), ValueError, "f: a must be at least 0.0, not -1"),
    (lambda: real("f", "a", 1, 0.0, 1.0, open_high=True), ValueError, r"f: a must be in \[0.0, 1.0\), not 1"),
    (lambda: real("f", "a", np.nan), ValueError, "f: a must be finite, not nan"),
    (lambda: flag("f", "b", 1), TypeError, "f: b must be True or False, not 1"),
    (lambda: seeded("f", 2**64), ValueError, "f: seed must be below 2\\*\\*64, not 18446744073709551616"),
    (lambda: choice("f", "form", "tnah", ("none", "tanh")), ValueError, "f: no form 'tnah'; did you mean 'tanh'"),
    (lambda: choice("f", "form", np.array(["a", "b"]), ("none",)), ValueError, "f: no form array"),
    (lambda: sizes_of("f", "shape", (2, -1)), ValueError, "f: shape must be at least 0, not -1"),
    (lambda: float_type("f", None), TypeError, "f: dtype must be float64 or float32, not None"),
    (lambda: image_shape("f", "shape", (1, 2, 3)), ValueError, "f: shape must have 4 axes, not 3"),
    (lambda: integers("f", "i", [True]), TypeError, "f: i must be integers, not bool"),
    (lambda: truths("f", "m", [1]), TypeError, "f: m must be of bool, not int64"),
    (lambda: labels_of("f", [0, 3], 2, 3), ValueError, "f: labels must lie from 0 to 2, not 3"),
])
def test_refusals_name_the_function_the_rule_and_the_value(call, kind, told):
    with pytest.raises(kind, match=f"^{told}"):
        call()


def test_out_may_share_memory_only_where_it_is_the_very_input():
    memory = np.ones(6)
    x, same, shifted = memory[:4], memory[:4], memory[1:5]
    assert destination("f", same, (4,), "f8", x, in_place=True) is same
    for out, in_place in ((same, False), (shifted, True)):
        with pytest.raises(ValueError, match=r"^f: out must not share memory with an input"):
            destination("f", out, (4,), "f8", x, in_place=in_place)


def test_what_is_taken():
    assert [integer("f", "n", value) for value in (3, np.uint8(3), np.array(3))] == [3, 3, 3]
    assert all(type(integer("f", "n", value)) is int for value in (np.int64(3), np.array(3)))
    pairs = (2, [2, 2], np.array([2, 2]), np.array(2), iter((2, 2)))
    assert [pair("f", "n", value, 0) for value in pairs] == [(2, 2)] * 5
    assert [real("f", "a", value) for value in (1, Fraction(1, 2), Decimal("0.5"), np.float16(2), np.array(3))] \
        == [1.0, 0.5, 0.5, 2.0, 3.0]
    assert str(real("f", "a", -0.0, 0.0)) == "-0.0"
    assert (flag("f", "b", np.True_), flag("f", "b", False)) == (True, False)
    assert seeded("f", 2**64 - 1) == 2**64 - 1
    assert [sizes_of("f", "shape", value) for value in (3, (3,), [], np.array([2, 3]))] == [(3,), (3,), (), (2, 3)]
    assert [float_type("f", value) for value in ("f4", np.float64, float, np.dtype("f4"))] == ["f4", "f8", "f8", "f4"]
    assert labels_of("f", [], 0, 3).shape == (0,)
    assert allocatable("f", (ADDRESSES // 8,)) == (ADDRESSES // 8,)
    assert parts_of("f", "n", 3) is None


def test_what_is_shown_is_short_and_on_one_line():
    assert shown("a b") == "'a b'"
    assert len(shown(np.ones((9, 9)))) <= 100
    assert "\n" not in shown(np.ones((9, 9)))

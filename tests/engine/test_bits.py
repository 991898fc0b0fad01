"""The engine gives the same bits whatever instructions it, numpy and libm run on, and on any number of threads.

`python -m benchmarks.bits --matrix` holds the same for all settings and large sizes.
"""

from __future__ import annotations

import types
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import engine
from benchmarks.bits.__main__ import taken, total
from benchmarks.bits.record import Record
from benchmarks.bits.settings import SETTINGS, Outcome, differences, run
from benchmarks.bits.subjects import FULL, SHORT, SUBJECTS
from benchmarks.bits.traces import traces
from engine.threads import get_num_threads, set_num_threads

# Those that stand for machines most unlike this one, and the cheap ones, which all run the host's own code.
OTHER_CODE = ("haswell", "nehalem-libm-without-fma")
OWN_CODE = ("numpy-without-avx", "openblas-nehalem", "libm-without-fma", "1-thread", "4-threads")


@pytest.fixture(scope="module")
def here() -> Outcome:
    digests, _ = taken(SHORT)
    return Outcome(digests, traces())


@pytest.mark.parametrize("setting", OTHER_CODE)
def test_code_for_another_processor_gives_the_same_bits(setting: str, here: Outcome, tmp_path: Path) -> None:
    other = run(setting, tmp_path, short=True)
    assert differences(here.digests, other.digests) == []
    assert other.traces["kernels"] == ("128 bits, no fma" if "nehalem" in setting else "256 bits, fma")


@pytest.mark.parametrize("setting", OWN_CODE)
def test_libraries_and_threads_change_no_bit(setting: str, here: Outcome) -> None:
    other = run(setting, None, short=True)
    assert differences(here.digests, other.digests) == []
    assert other.traces["kernels"] == here.traces["kernels"]


def test_large_work_shared_among_threads_has_the_same_bits() -> None:
    before, digests = get_num_threads(), []
    try:
        for count in (1, 2, 5):
            set_num_threads(count)
            digests.append(taken(FULL)[0])
    finally:
        set_num_threads(before)
    assert differences(digests[0], digests[1]) == differences(digests[0], digests[2]) == []


def test_every_public_name_of_the_engine_enters_the_digest() -> None:
    assert taken(SHORT)[1] == set()


def test_a_new_public_function_must_be_covered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "__all__", [*engine.__all__, "newcomer"])
    assert taken(SHORT)[1] == {"newcomer"}


def nudged(name: str) -> Any:
    """The engine, with one function whose last element is one unit in the last place higher."""
    original = getattr(engine, name)

    def function(*data: Any, **options: Any) -> Any:
        result = original(*data, **options).copy()
        result.flat[-1] = np.nextafter(result.flat[-1], np.inf, dtype=result.dtype)
        return result

    return types.SimpleNamespace(**{**vars(engine), name: function})


@pytest.mark.parametrize(("subject", "name"), [("elementary", "exp"), ("convolution", "conv2d"), ("chance", "normal"),
                                               ("linear", "linear_weight_gradient"), ("pooling", "avg_pool2d")])
def test_one_unit_in_the_last_place_changes_the_digest_of_that_function(subject: str, name: str) -> None:
    digests = []
    for module in (engine, engine, nudged(name)):
        record = Record(module)
        SUBJECTS[subject](record, SHORT)
        digests.append({subject: record.digests})
    assert digests[0] == digests[1]
    assert f"{subject}: {name}" in differences(digests[0], digests[2])
    assert total(digests[0]) != total(digests[2])


def test_a_function_that_one_side_lacks_is_a_difference() -> None:
    assert differences({"a": {"f": "1"}}, {"a": {"f": "1", "g": "2"}, "b": {"h": "3"}}) == ["a: g", "b: h"]


def test_a_process_that_fails_is_told_of(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(SETTINGS, "broken", {"PYTHONHOME": "/nowhere"})
    with pytest.raises(RuntimeError, match="under broken the process failed"):
        run("broken", tmp_path, short=True)

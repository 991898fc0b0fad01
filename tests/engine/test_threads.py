"""Work shared among threads: every task is run, in whatever number of threads, and results come in order."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import engine
from engine.threads import get_num_threads, set_num_threads, shared, slices

ROOT = Path(engine.__file__).parent.parent


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    count = get_num_threads()
    yield
    set_num_threads(count)


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_results_come_in_the_order_of_the_tasks(count: int) -> None:
    set_num_threads(count)
    assert get_num_threads() == count
    for tasks in range(12):
        assert shared(lambda a, b: (a, b), [(i, -i) for i in range(tasks)]) == [(i, -i) for i in range(tasks)]


def test_work_is_done_by_as_many_threads_as_were_asked_for() -> None:
    set_num_threads(3)
    # Nobody passes before all three have come.
    barrier = threading.Barrier(3, timeout=20)
    names = shared(lambda: (barrier.wait(), threading.get_ident())[1], [(), (), ()])
    assert len(set(names)) == 3
    assert threading.get_ident() in names


def test_an_error_is_raised_after_all_tasks_have_ended() -> None:
    set_num_threads(2)
    done = []

    def work(i: int) -> None:
        if i == 0:
            raise ValueError("task 0")
        time.sleep(0.05)
        done.append(i)

    with pytest.raises(ValueError, match="task 0"):
        shared(work, [(0,), (1,), (2,), (3,)])
    assert {1, 3} <= set(done)


@pytest.mark.parametrize("count", [1, 2, 7])
@pytest.mark.parametrize("size", [0, 1, 100, 1000, 4096, 12345])
def test_slices_cover_everything_once(count: int, size: int) -> None:
    set_num_threads(count)
    parts = slices(size, 100, 16)
    assert len(parts) <= count
    assert parts[0].start == 0
    assert parts[-1].stop == size
    assert all(a.stop == b.start for a, b in pairwise(parts))
    assert all(part.start % 16 == 0 for part in parts)


@pytest.mark.parametrize(("given", "error"), [
    (0, ValueError), (-1, ValueError), (2**62, ValueError), (1.5, TypeError), ("2", TypeError), (True, TypeError)])
def test_a_wrong_number_of_threads_is_refused(given: object, error: type[Exception]) -> None:
    with pytest.raises(error, match="set_num_threads: count"):
        set_num_threads(given)  # type: ignore[arg-type]


@pytest.mark.parametrize(("given", "expected"), [("3", 3), ("0", None), ("", None), ("many", None)])
def test_the_environment_sets_the_number(given: str, expected: int | None) -> None:
    code = "from engine.threads import get_num_threads, _processors; print(get_num_threads(), _processors())"
    run = subprocess.run([sys.executable, "-c", code], env=os.environ | {"ENGINE_NUM_THREADS": given}, cwd=ROOT,
                         capture_output=True, text=True, check=True)
    first, second = map(int, run.stdout.split())
    assert first == second
    assert first == expected if expected else first >= 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_forked_child_starts_threads_of_its_own() -> None:
    # The child inherited the pool's queue without its threads, and waited for ever.
    code = """
import os, signal, engine, numpy as np
from engine.threads import set_num_threads, shared
set_num_threads(2)
shared(sum, [((1, 2),), ((3, 4),)])
child = os.fork()
if child == 0:
    signal.alarm(20)
    os._exit(0 if shared(sum, [((1, 2),), ((3, 4),)]) == [3, 7] else 1)
raise SystemExit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    run = subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=False, timeout=120, cwd=ROOT)
    assert run.returncode == 0


def test_no_number_of_threads_changes_a_bit_of_a_convolution() -> None:
    rng = np.random.default_rng(0)
    x, weight = rng.standard_normal((40, 8, 24, 40)).astype("f"), rng.standard_normal((12, 8, 3, 3)).astype("f")
    wide, one = rng.standard_normal((1, 1, 1200, 1100)).astype("f"), rng.standard_normal((1, 1, 5, 5)).astype("f")
    grad = rng.standard_normal((40, 12, 24, 40)).astype("f")
    results = []
    for count in (1, 2, 3, 4):
        set_num_threads(count)
        parts = [engine.conv2d(x, weight, padding=1), engine.conv2d(wide, one, padding=2),
                 *engine.conv2d_gradients(grad, x, weight, padding=1)]
        results.append([part.tobytes() for part in parts])
    assert all(result == results[0] for result in results)

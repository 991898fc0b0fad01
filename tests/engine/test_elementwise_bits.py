"""The bits of a result depend on the number alone: not on its neighbours, the array's length or place, or the CPU."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from engine import elementary
from engine.activations import ACTIVATIONS, log_softmax, softmax
from engine.elementwise import SHARED, SIMPLE
from engine.threads import get_num_threads, set_num_threads

EACH = {name: getattr(elementary, name) for name in ("exp", "expm1", "log", "log1p", "erf", "sin", "cos")}
EACH |= {name: activation.function for name, activation in ACTIVATIONS.items()}
EACH |= {f"{name}'": activation.derivative for name, activation in ACTIVATIONS.items()}
# One digest of results over all ranges, in a fresh process with its own store of machine code.
PROGRAM = """
import hashlib, numpy as np
from engine.activations import ACTIVATIONS, softmax, tanh
from engine.elementary import exp, log, sin
x = np.concatenate([np.linspace(-30, 30, 301), np.geomspace(1e-310, 700, 301), [0, -0.0, np.inf, -np.inf]])
digest = hashlib.sha256()
names = "gelu softplus sigmoid mish elu"
for dtype in (np.float32, np.float64):
    for function in (exp, log, sin, tanh, softmax, *(ACTIVATIONS[name].function for name in names.split())):
        with np.errstate(all="ignore"):
            result = function((x[:-2] if function is softmax else x).astype(dtype))
        # The sign of NaN is the CPU's.
        digest.update(np.where(np.isnan(result), dtype(0), result).tobytes())
print(digest.hexdigest())
"""


def sample(dtype):
    generator = np.random.default_rng(3)
    return np.concatenate([generator.normal(0, 3, 40), generator.normal(0, 100, 20), [0, 3, -3, np.inf]]).astype(dtype)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", EACH)
def test_alone_as_in_company(name, dtype):
    x = sample(dtype)
    whole = EACH[name](x).tobytes()
    alone = b"".join(EACH[name](value).tobytes() for value in x)
    assert alone == whole
    for start in (1, 2, 3, 5, 7, 13):
        assert EACH[name](x[start:]).tobytes() == whole[start * x.itemsize:]
    room = np.empty(x.nbytes + 64, np.uint8)
    for shift in (4, 8, 24, 36):
        view = room[shift:shift + x.nbytes].view(dtype)
        view[:] = x
        assert EACH[name](view).tobytes() == whole


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("function", [softmax, log_softmax])
def test_a_row_alone_as_in_company(function, dtype):
    scores = np.random.default_rng(1).normal(0, 5, (7, 37)).astype(dtype)
    rows = function(scores)
    assert b"".join(function(row).tobytes() for row in scores) == rows.tobytes()
    assert np.ascontiguousarray(function(scores.T, axis=0).T).tobytes() == rows.tobytes()


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="names x86 processors")
def test_every_cpu_gives_the_same_bits(tmp_path):
    root, runs = Path(__file__).parents[2], []
    for cpu, features in (("", ""), ("haswell", ""), ("x86-64", "+sse2")):
        environment = os.environ | {"XDG_CACHE_HOME": str(tmp_path / (cpu or "host")), "PYTHONPATH": str(root)}
        if cpu:
            environment |= {"NUMBA_CPU_NAME": cpu, "NUMBA_CPU_FEATURES": features}
        runs.append(subprocess.Popen([sys.executable, "-c", PROGRAM], env=environment, cwd=root,
                                     stdout=subprocess.PIPE, text=True))
    digests = {run.communicate()[0].strip() for run in runs}
    assert all(run.returncode == 0 for run in runs)
    assert len(digests) == 1
    assert len(digests.pop()) == 64


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", ["relu", "leaky_relu", "gelu'", "log", "hard_swish"])
def test_no_bit_depends_on_the_number_of_threads(name, dtype):
    x = np.random.default_rng(4).normal(0, 3, 2 * SIMPLE + 37).astype(dtype)
    before, results = get_num_threads(), set()
    try:
        for count in (1, 2, 3):
            set_num_threads(count)
            result = EACH[name](x)
            results.add(np.where(np.isnan(result), dtype(0), result).tobytes())
    finally:
        set_num_threads(before)
    assert len(results) == 1


@pytest.mark.parametrize("function", [softmax, log_softmax])
def test_rows_shared_among_threads_are_the_same(function):
    x = np.random.default_rng(4).normal(0, 3, (9001, 101)).astype(np.float32)
    assert x.size > 2 * SHARED
    before, results = get_num_threads(), set()
    try:
        for count in (1, 2, 3):
            set_num_threads(count)
            results.add(function(x).tobytes())
    finally:
        set_num_threads(before)
    assert len(results) == 1

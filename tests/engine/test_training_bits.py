"""What training computes has the same bits on every CPU."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

# One digest of a training and of the kernels between convolutions, in a fresh process with its own store of machine
# code. Convolutions have a test of their own.
PROGRAM = """
import hashlib, numpy as np
from engine.architecture import DropoutLayer, Linear, MaxPool2d, ReLU
from engine.gating import gated_sums
from engine.networks import train_network
from engine.optimisers import SGD
from engine.pooling_step import pool_pairs, unpool_pairs
from engine.slack import with_slack
digest, single = hashlib.sha256(), np.dtype(np.float32)
images = (np.arange(40 * 2 * 13 * 14, dtype=np.float32) * np.float32(0.37) % 1).reshape(40, 2, 13, 14)
layers = [MaxPool2d(3, 2), DropoutLayer(), Linear(9), ReLU(), Linear(4)]
trained = train_network(images, np.arange(40) % 4, layers, seed=0, epochs=3, optimizer=SGD(0.1, 0.9))
for array in trained.arrays().values():
    digest.update(array.tobytes())
x, y, back, sums = (with_slack(shape, single) for shape in ((3, 5, 8, 36), (3, 5, 4, 18), (3, 5, 8, 36), (5,)))
x[:] = images.ravel()[:x.size] - np.float32(0.7)
pool_pairs(x, y, np.float32(0), 36)
unpool_pairs(x, y + np.float32(1), back, 36)
gated_sums(y, back[:y.size], np.float32(0), sums, 4 * 18)
for array in (y, back, sums):
    digest.update(array.tobytes())
print(digest.hexdigest())
"""


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="names x86 processors")
def test_every_cpu_gives_the_same_bits(tmp_path):
    digests = set()
    for cpu, features in (("", ""), ("x86-64", "+sse2")):
        environment = os.environ | {"XDG_CACHE_HOME": str(tmp_path / (cpu or "host"))}
        if cpu:
            environment |= {"NUMBA_CPU_NAME": cpu, "NUMBA_CPU_FEATURES": features}
        run = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, cwd=Path(__file__).parents[2],
                             capture_output=True, text=True, check=True)
        digests.add(run.stdout.strip())
    assert len(digests) == 1
    assert len(digests.pop()) == 64

"""Where machine code is kept: apart for each state of the engine, never in the way of the user's own kernels."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numba
import numpy as np
import pytest
from numba.core import event
from numba.core.errors import TypingError

from engine import compile as compiling

ROOT = Path(__file__).parents[2]


def test_the_folder_is_named_by_every_source_of_the_engine(tmp_path: Path) -> None:
    """numba alone looks at the file of the kernel itself and would run what another file held before an edit."""
    shutil.copytree(ROOT / "engine", tmp_path / "engine", ignore=shutil.ignore_patterns("__pycache__"))
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    program = "from engine import sigmoid; print(float(sigmoid(1.0)))"

    def run() -> float:
        done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, env=environment, check=True,
                              capture_output=True, text=True)
        return float(done.stdout)

    assert run() == pytest.approx(0.7310585786300049)
    inner = tmp_path / "engine" / "exponential.py"
    text = inner.read_text()
    edited = text.replace("_LN2_HIGH = constant(0.6931471805599453)", "_LN2_HIGH = constant(0.75)")
    assert edited != text
    inner.write_text(edited)
    assert run() != pytest.approx(0.7310585786300049, abs=1e-6)
    assert len(list((tmp_path / "cache" / "executable-figures" / "kernels").iterdir())) == 2


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(compiling, "user_cache_path", lambda *_, **__: tmp_path / "file" / "below")
    assert compiling.cache_folder() is None


def test_what_is_a_month_old_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling, "user_cache_path", lambda *_, **__: tmp_path)
    for name, age in (("old", 40), ("young", 20)):
        folder = tmp_path / "kernels" / name
        folder.mkdir(parents=True)
        stamp = folder.stat().st_mtime - age * 86400
        os.utime(folder, (stamp, stamp))
    folder = compiling.cache_folder()
    assert folder is not None
    assert {path.name for path in folder.parent.iterdir()} == {"young", folder.name}


@pytest.mark.parametrize("wanted", [True, False])
def test_compiling_leaves_the_garbage_collector_as_it_was(wanted):
    # It is off meanwhile: a sixth of the time to compile went into searches that found nothing.
    during = []

    @numba.njit
    def quick(x):
        return x[0]

    @numba.njit
    def wrong(x):
        return x.no_such_thing

    def note(happened):
        during.append(gc.isenabled())

    quick.__module__ = wrong.__module__ = "engine.somewhere"
    listener = event.RecordingListener()
    listener.on_end = note
    try:
        (gc.enable if wanted else gc.disable)()
        with event.install_listener("numba:run_pass", listener):
            quick(np.ones(3))
        assert gc.isenabled() == wanted
        assert during
        assert not any(during)
        with pytest.raises(TypingError):
            wrong(np.ones(3))
        assert gc.isenabled() == wanted
    finally:
        gc.enable()


PROGRAM = """
import hashlib, sys
import numba, numpy as np
import engine

x = np.linspace(-3, 3, 6 * 20 * 20, dtype=np.float32).reshape(2, 3, 20, 20)
weight = x[:1, :, :3, :3].copy()
found = [engine.sigmoid(x), engine.conv2d(x, weight), engine.max_pool2d(x, 2), engine.dropout(x, 0.5, seed=3),
         engine.softmax(x, axis=1), engine.fit_relu_network(x[0, 0, 0], x[0, 0, 1], 2).predict(x[0, 0, 0])]
print(hashlib.sha256(b"".join(part.tobytes() for part in found)).hexdigest(), "numba.np.linalg" in sys.modules)
assert numba.njit(lambda a: (a @ a.T).sum())(np.eye(3)) == 3.0  # the user's own, with numba's linear algebra
assert np.allclose(engine.tanh(x.astype(np.float64)), np.tanh(x.astype(np.float64)))  # still to be compiled, or not
"""


def test_kernels_from_the_disk_load_nothing_to_compile_with(tmp_path: Path) -> None:
    """A quarter of a second went by in every process, in which numba loaded what it compiles linear algebra with."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    said = [subprocess.run([sys.executable, "-c", PROGRAM], env=environment, check=True, capture_output=True,
                           text=True).stdout.split() for _ in range(3)]  # fmt: skip
    assert [loaded for _, loaded in said] == ["True", "False", "False"]
    assert len({digest for digest, _ in said}) == 1


def test_a_kernel_made_later_leaves_the_users_cache_folder_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loops for large results are made when they are first called, perhaps by several threads at once: each took the
    folder that another had just set for the user's own, and set it for good."""
    seen, before = set[str](), numba.config.CACHE_DIR
    real = compiling._Kept.__init__

    def watched(self, function):
        seen.add(numba.config.CACHE_DIR)
        real(self, function)

    monkeypatch.setattr(compiling._Kept, "__init__", watched)
    kept = compiling.kernel(_loop)
    assert seen == {before}
    assert before == numba.config.CACHE_DIR
    assert str(compiling._FOLDER) in str(kept._cache.cache_path)


def _loop(x):
    return x

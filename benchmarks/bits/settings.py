"""Stand-ins for other machines: variables that change which instructions the engine and its libraries run on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

Digests = dict[str, dict[str, str]]
"""By subject, then by function."""

ROOT = Path(__file__).resolve().parents[2]


class Outcome(NamedTuple):
    """What a process under one setting gave."""

    digests: Digests
    traces: dict[str, str]
    """What shows that the setting was in force, where this machine can tell."""


# Unless NUMBA_CPU_FEATURES is set, be it to nothing, numba adds the features of the host: a name alone changes little.
def _code_for(processor: str) -> dict[str, str]:
    return {"NUMBA_CPU_NAME": processor, "NUMBA_CPU_FEATURES": ""}


# The names of glibc 2.33 and later, then those of earlier ones, which either ignores.
_PLAIN_LIBM = "glibc.cpu.hwcaps=-AVX512F,-AVX2,-FMA,-FMA4,-AVX2_Usable,-FMA_Usable,-FMA4_Usable"

SETTINGS: dict[str, dict[str, str]] = {
    "host": {},
    "haswell": _code_for("haswell"),
    "nehalem": _code_for("nehalem"),
    "x86-64": _code_for("x86-64"),
    "numpy-without-avx": {"NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL X86_V3"},
    "openblas-haswell": {"OPENBLAS_CORETYPE": "Haswell"},
    "openblas-nehalem": {"OPENBLAS_CORETYPE": "Nehalem"},
    "libm-without-fma": {"GLIBC_TUNABLES": _PLAIN_LIBM},
    "nehalem-libm-without-fma": {**_code_for("nehalem"), "GLIBC_TUNABLES": _PLAIN_LIBM},
    "1-thread": {"ENGINE_NUM_THREADS": "1"},
    "2-threads": {"ENGINE_NUM_THREADS": "2"},
    "4-threads": {"ENGINE_NUM_THREADS": "4"},
}


def run(setting: str, cache: Path | None, *, short: bool) -> Outcome:
    """The digests of a new process under a setting, its machine code kept in `cache`, or None: where it always is.

    Raises
    ------
    RuntimeError
        The process failed; its last words are told.
    """
    names = {name for variables in SETTINGS.values() for name in variables}
    clean = {name: value for name, value in os.environ.items() if name not in names}
    environment = {**clean, **SETTINGS[setting], "PYTHONPATH": str(ROOT)}
    if cache is not None:
        environment["XDG_CACHE_HOME"] = str(cache)
    command = [sys.executable, "-m", "benchmarks.bits", "--json", *(["--short"] if short else [])]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"benchmarks.bits: under {setting} the process failed ({done.returncode}):\n"
                           + done.stderr[-2000:])
    return Outcome(**json.loads(done.stdout))


def differences(wanted: Digests, found: Digests) -> list[str]:
    """Each `subject: function` whose digests are not the same, or which one of them lacks."""
    pairs = [(subject, wanted.get(subject, {}), found.get(subject, {})) for subject in sorted({*wanted, *found})]
    return [f"{subject}: {function}" for subject, one, other in pairs for function in sorted({*one, *other})
            if one.get(function) != other.get(function)]

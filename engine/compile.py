"""How kernels are compiled and where their machine code is kept: the one place that names numba's options."""

from __future__ import annotations

import gc
import hashlib
import os
import shutil
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numba.core import event
from numba.core.caching import CompileResultCacheImpl, FunctionCache, InTreeCacheLocator
from numba.core.runtime.nrt import rtsys
from platformdirs import user_cache_path

Function = TypeVar("Function", bound=Callable[..., Any])

MONTH = 30 * 86400.0  # s
# numpy's rules for division: Python's would test every divisor, and the test stops vectorisation. And no second entry
# for C, which nothing calls and which is an eighth of what a short kernel takes to compile.
OPTIONS: dict[str, Any] = {"error_model": "numpy", "nogil": True, "fastmath": False, "no_cfunc_wrapper": True}


def source_digest() -> str:
    """Digest of every source file of the engine, in which numba's own check sees only the kernel's own."""
    folder = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def cache_folder() -> Path | None:
    """The folder for this state of the engine, or None where nothing can be written."""
    folder = user_cache_path("executable-figures", appauthor=False) / "kernels" / source_digest()
    try:
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            _forget_old(folder)
    except OSError:
        return None
    return folder if os.access(folder, os.W_OK) else None


def _forget_old(folder: Path) -> None:
    """Remove what earlier states of the engine left, a month after they last compiled anything."""
    for other in folder.parent.iterdir():
        if other != folder and other.stat().st_mtime < folder.stat().st_mtime - MONTH:
            shutil.rmtree(other, ignore_errors=True)


class _Uninterrupted(event.Listener):  # type: ignore[misc, unused-ignore]
    """No search for garbage while a kernel of ours is compiled: it finds next to none and takes a sixth of the time."""

    def __init__(self) -> None:
        self.depth, self.wanted = 0, True

    def on_start(self, event: Any) -> None:
        """Numba holds its lock from here to the end, so that no other thread is here meanwhile."""
        if _is_ours(event):
            if self.depth == 0:
                self.wanted = gc.isenabled()
                gc.disable()
            self.depth += 1

    def on_end(self, event: Any) -> None:
        """The garbage collector is on again, if it was."""
        if _is_ours(event):
            self.depth -= 1
            if self.depth == 0 and self.wanted:
                gc.enable()


def _is_ours(happened: Any) -> bool:
    return str(happened.data["dispatcher"].__module__).startswith("engine.")


_Anywhere: Any = InTreeCacheLocator
_Results: Any = CompileResultCacheImpl
_Cache: Any = FunctionCache


class _Place(_Anywhere):  # type: ignore[misc, unused-ignore]
    """In our folder. `numba.config.CACHE_DIR` would be a shorter way, and is the place of the user's own kernels."""

    def __init__(self, function: Any, file: str) -> None:
        super().__init__(function, file)
        self._cache_path = str(Path(str(_FOLDER), self.get_suitable_cache_subpath(file)))


class _Code(_Results):  # type: ignore[misc, unused-ignore]
    _locator_classes = (_Place,)


class _Kept(_Cache):  # type: ignore[misc, unused-ignore]
    """Kernels on the disk, taken up without all that numba knows how to compile.

    Its own cache first loads that, scipy's linear algebra among it: a quarter of a second in every process, for code
    that is compiled already. Whatever is still to be compiled loads it then.
    """

    _impl_class = _Code

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """The kernel for these types, if it is there."""
        rtsys.initialize(target_context)  # what kernels allocate memory with
        with self._guard_against_spurious_io_errors():
            return self._load_overload(sig, target_context)


_LISTENER: Any = _Uninterrupted()
_register: Any = event.register
_register("numba:compile", _LISTENER)
_FOLDER = cache_folder()


def kernel(function: Function) -> Function:
    """Compile a loop: strict IEEE arithmetic, no contraction, remembered on disk between processes.

    The arguments are trusted (an index out of bounds is silent), so that a public function checks them first.
    """
    dispatcher: Any = numba.njit(**OPTIONS)(function)
    if _FOLDER is not None:
        dispatcher._cache = _Kept(function)
    return cast(Function, dispatcher)


FLOAT64 = numba.types.float64


@cache
def array_kind(dtype: Any, ndim: int) -> Any:
    """The numba type of a C-contiguous array, aligned and writeable, for `specialise`."""
    return numba.types.Array(numba.np.numpy_support.from_dtype(np.dtype(dtype)), ndim, "C")


_SPECIALISING = threading.Lock()


def specialise(function: Callable[..., Any], *kinds: Any) -> None:
    """Compile a kernel for arguments of these numba types; it takes no others that it was not specialised for.

    Its look at what it is called with, a TypeError for all else, then is the fastest check of types, axes and layout
    that there is: a tenth of what Python needs to ask.
    """
    dispatcher: Any = function
    if kinds not in dispatcher.overloads:
        # Another thread would forbid what this one has just allowed.
        with _SPECIALISING:
            dispatcher.disable_compile(False)
            dispatcher.compile(kinds)
            dispatcher.disable_compile()


def compiled(function: Callable[..., Any], *kinds: Any) -> Callable[..., Any]:
    """The machine code of a kernel for arguments of these numba types, without numba's look at what they are.

    It trusts its caller, unless the types themselves look: engine/handed.py.
    """
    specialise(function, *kinds)
    dispatcher: Any = function
    code: Callable[..., Any] = dispatcher.overloads[kinds].entry_point
    return code


def inlined(function: Function) -> Function:
    """A part of a kernel that has a name of its own: compiled with each kernel that calls it, and never alone.

    A `kernel` that calls another is compiled twice, once by itself.
    """
    return cast(Function, numba.njit(inline="always", **OPTIONS)(function))

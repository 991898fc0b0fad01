"""What was computed before: pictures and training results under their keys, in the user's cache folder."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import tempfile
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol, TypeVar, cast

import numpy as np
from numpy.typing import NDArray
from platformdirs import user_cache_path

from figures.sources import source_digest

# What decides the bits of a number, and besides those what decides the bytes of a picture.
OF_NUMBERS = ("numpy", "numba", "llvmlite")
OF_PICTURES = (*OF_NUMBERS, "matplotlib", "pillow", "contourpy", "font-source-sans-pro", "babel")


class Kept(Protocol):
    """A result that can be taken apart into arrays and put together again."""

    def arrays(self) -> dict[str, NDArray[Any]]: ...


Result = TypeVar("Result", bound=Kept)


def folder(kind: str) -> Path:
    """The part of the cache that holds `kind`."""
    return user_cache_path("executable-figures", appauthor=False) / kind


def versions(packages: tuple[str, ...]) -> str:
    """The installed versions, as one line."""
    return " ".join(f"{package}={version(package)}" for package in packages)


def digest(*parts: str | bytes) -> str:
    """SHA-256 of the parts; where one ends counts."""
    total = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        total.update(len(data).to_bytes(8, "big") + data)
    return total.hexdigest()


def write_whole(path: Path, data: bytes) -> None:
    """Write beside, then rename: whoever reads `path` sees the earlier file or the later one, never half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(name, 0o666 & ~_umask())
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def keep(path: Path, data: bytes) -> None:
    """Remember, if the folder can be written: a read-only cache slows a build and does not stop it."""
    with contextlib.suppress(OSError):
        write_whole(path, data)


def remembered(compute: Callable[..., Result], restore: Callable[[Mapping[str, NDArray[Any]]], Result],
               **parameters: Any) -> Result:
    """``compute(**parameters)``, or its result from an earlier time.

    The key holds the sources that `compute` reaches, its parameters and the versions of numpy and numba, and nothing
    of how the result is drawn: a change of colour trains no network again.
    """
    key = digest(compute.__module__, compute.__qualname__, source_digest(compute.__module__), versions(OF_NUMBERS),
                 canonical(parameters))
    path = folder("results") / f"{compute.__name__}-{key[:32]}"
    with contextlib.suppress(OSError):
        data = path.read_bytes()
        if data[:32] == hashlib.sha256(data[32:]).digest():
            with np.load(io.BytesIO(data[32:]), allow_pickle=False) as stored:
                return restore(dict(stored))
    result = compute(**parameters)
    buffer = io.BytesIO()
    np.savez(buffer, **cast(Any, result.arrays()))
    keep(path, hashlib.sha256(buffer.getvalue()).digest() + buffer.getvalue())
    return result


def names_file(text: str) -> bool:
    """Whether a parameter is a file: a bare word such as "tanh" is none, even where a file of that name lies."""
    return bool(os.path.isabs(text) or os.path.splitext(text)[1]) and os.path.isfile(text)


def canonical(value: Any) -> str:
    """A text that two values share only if they mean the same picture: files and arrays count by their content."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{canonical(k)}:{canonical(v)}" for k, v in value.items()) + "}"  # their order shows
    if isinstance(value, np.ndarray):
        array = np.ascontiguousarray(value)
        return f"array({array.dtype.str},{array.shape},{hashlib.sha256(array.tobytes()).hexdigest()})"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, Path) or (isinstance(value, str) and names_file(value)):
        return f"file({hashlib.sha256(Path(value).read_bytes()).hexdigest()})"
    if value is None or isinstance(value, (bool, int, float, str)):
        return repr(value)
    raise TypeError(f"a parameter of type {type(value).__name__} has no key: give numbers, texts, lists or arrays")

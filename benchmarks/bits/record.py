"""Calls to the engine's public functions, with a digest kept of everything that they give."""

from __future__ import annotations

import dataclasses
import hashlib
import inspect
from collections.abc import Mapping
from typing import Any

import numpy as np

# What these give is about the machine, not about numbers.
WITHOUT_BITS = {"get_num_threads", "set_num_threads"}


class Record:
    """Stands for `engine`: its functions do what they do there, and their results enter a digest each.

    Parameters
    ----------
    engine : module
        Whose names in __all__ are called.

    Attributes
    ----------
    seen : set of str
        The functions called, and the types of what they gave.
    """

    def __init__(self, engine: Any) -> None:
        self._engine, self.seen = engine, set[str]()
        self._digests: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._engine, name)
        if not inspect.isfunction(value):
            self.keep(name, value)
            return value

        def called(*data: Any, **options: Any) -> Any:
            return self.keep(name, value(*data, **options))

        return called

    def keep(self, name: str, value: Any) -> Any:
        """Let a value enter the digest of `name`; return it."""
        self.seen.add(name)
        self._enter(self._digests.setdefault(name, hashlib.sha256()), value)
        return value

    def accepts(self, name: str, option: str) -> bool:
        """Whether the function has the keyword parameter."""
        return option in inspect.signature(getattr(self._engine, name)).parameters

    @property
    def digests(self) -> dict[str, str]:
        """By name, in alphabetical order."""
        return {name: self._digests[name].hexdigest() for name in sorted(self._digests)}

    def _enter(self, digest: Any, value: Any) -> None:
        self.seen.add(type(value).__name__)
        if isinstance(value, np.ndarray | np.generic):
            array = np.asarray(value)
            if array.dtype.kind == "f":
                # IEEE 754 and LLVM leave a NaN's sign and payload to the processor: that it is one is what counts.
                array = np.where(np.isnan(array), np.asarray(np.nan, array.dtype), array)
            digest.update(f"{array.dtype.str}{array.shape}".encode() + array.tobytes())
        elif isinstance(value, Mapping):
            for key, item in value.items():
                digest.update(repr(key).encode())
                self._enter(digest, item)
        elif isinstance(value, tuple | list):
            digest.update(f"{type(value).__name__}{len(value)}".encode())
            for item in value:
                self._enter(digest, item)
        elif isinstance(value, float):
            digest.update(value.hex().encode())
        elif isinstance(value, str | int | None):
            digest.update(repr(value).encode())
        elif dataclasses.is_dataclass(value) and not isinstance(value, type):
            self._enter(digest, {field.name: getattr(value, field.name) for field in dataclasses.fields(value)})
        elif callable(value):
            digest.update(value.__name__.encode())
        else:
            raise TypeError(f"bits: no digest is defined for {type(value).__name__}")


def missing(engine: Any, seen: set[str]) -> set[str]:
    """The public names that no subject has called or been given."""
    return set(engine.__all__) - seen - WITHOUT_BITS

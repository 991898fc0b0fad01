"""Texts and digests that two values share only if they mean the same picture."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def digest(*parts: str | bytes) -> str:
    """SHA-256 of the parts; where one ends counts."""
    total = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        total.update(len(data).to_bytes(8, "big") + data)
    return total.hexdigest()


def file_digest(path: str | Path) -> str:
    """SHA-256 of a file, "none" where it cannot be read."""
    try:
        with open(path, "rb") as file:
            return hashlib.sha256(file.read()).hexdigest()
    except OSError:
        return "none"


def names_file(text: str) -> bool:
    """Whether a parameter is a file: a bare word such as "tanh" is none, even where a file of that name lies."""
    return bool(os.path.isabs(text) or os.path.splitext(text)[1]) and os.path.isfile(text)


def canonical(value: Any) -> str:
    """The text of a value: files and arrays count by their content.

    Raises
    ------
    TypeError
        A value that is no number, text, list, mapping, array, image or network.
    """
    numpy: Any = sys.modules.get("numpy")  # who has an array has imported it
    if numpy is not None and isinstance(value, numpy.generic):
        value = value.item()
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{canonical(k)}:{canonical(v)}" for k, v in value.items()) + "}"  # their order shows
    if numpy is not None and isinstance(value, numpy.ndarray):
        if value.dtype.hasobject:  # its bytes are where the objects lie in memory
            raise TypeError(f"a parameter that is an array of {value.dtype} has no key: give numbers")
        array = numpy.ascontiguousarray(value)
        return f"array({array.dtype.str},{array.shape},{hashlib.sha256(array.tobytes()).hexdigest()})"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, Path) or (isinstance(value, str) and names_file(value)):
        return f"file({hashlib.sha256(Path(value).read_bytes()).hexdigest()})"
    if value is None or isinstance(value, (bool, int, float, str)):
        return repr(value)
    if hasattr(value, "state_dict") and hasattr(value, "modules"):  # a network of PyTorch's
        return canonical([[type(part).__name__ for part in value.modules()], value.state_dict()])
    if hasattr(value, "__array__") or hasattr(value, "__array_interface__"):  # a tensor, an image of Pillow's
        return canonical(_array(value))
    raise TypeError(f"a parameter of type {type(value).__name__} has no key: give numbers, texts, lists or arrays")


def _array(value: Any) -> Any:
    import numpy

    return numpy.asarray(value.detach().cpu() if hasattr(value, "detach") else value)


def readable(value: Any) -> Any:
    """A parameter as JSON has it: arrays and files, which would be long or of one machine, by their digest."""
    if isinstance(value, (list, tuple)):
        return [readable(part) for part in value]
    if isinstance(value, Mapping):
        return {str(key): readable(part) for key, part in value.items()}
    plain = value is None or isinstance(value, (bool, int, float)) or (isinstance(value, str) and not names_file(value))
    return value if plain else canonical(value)

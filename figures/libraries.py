"""The installed versions of the libraries that somebody's own figures import."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from importlib import metadata

from figures.sources import Home, walk
from figures.versions import OF_PICTURES, versions


def libraries(home: Home) -> dict[str, str]:
    """The version of each library that a module and those beside it import, by the name it is installed under.

    What this project itself draws with counts for every figure, and is not repeated here.
    """
    walked = walk(home)
    names = {_installed_as(name) for name in walked.libraries} if walked is not None else set()
    return versions(sorted(names - {*OF_PICTURES}))


def _installed_as(name: str) -> str:
    """The name that the package to install has: `scikit-learn` for `sklearn`."""
    plain = name.replace("_", "-").lower()
    if versions((plain,))[plain] != "none" or plain == "pil":
        return "pillow" if plain == "pil" else plain
    return next(iter(sorted(_distributions().get(name, ()))), plain).replace("_", "-").lower()


@functools.cache
def _distributions() -> Mapping[str, Sequence[str]]:
    return metadata.packages_distributions()

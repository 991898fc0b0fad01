"""Which figures there are, and what a call of one means: a name and its parameters, defaults filled in."""

from __future__ import annotations

import difflib
import functools
import inspect
import os
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, NamedTuple, ParamSpec, cast

from figures.catalogue import languages
from figures.sources import homes

if TYPE_CHECKING:
    from figures.calling import Drawn
    from figures.language import Words
    from figures.picture import Picture

Own = ParamSpec("Own")
FIGURES: dict[str, Drawn[...]] = {}


class FigureCall(NamedTuple):
    """A figure's name and everything that decides how it looks. A default written out is the same call."""

    name: str
    parameters: Mapping[str, Any]
    lang: str
    palette: str

    def draw(self) -> Picture:
        """Compute and draw."""
        from figures.language import Words
        from figures.provenance import origin
        from figures.style import style

        with style(self.palette):
            picture = _drawing(self.name)(Words(self.lang), **self.parameters)
        if hasattr(picture, "origin"):  # a function that returns something else is told so by who draws
            picture = picture._replace(origin=origin(self.name, self.parameters, self.lang, self.palette))
        return picture


def figure(function: Callable[Concatenate[Words, Own], Picture]) -> Drawn[Own]:
    """Make a drawing function a figure: callers leave `words` out, and may choose `lang`, `palette`, `ax` and `fig`.

    >>> @figure
    ... def dot(words, *, radius=3) -> Picture: ...
    >>> dot(radius=5, lang="en", palette="dark")
    """
    from figures.calling import documented, signature

    name = function.__name__

    @functools.wraps(function)
    def drawn(*, lang: str = "fr", palette: str = "light", ax: Any = None, fig: Any = None,
              **parameters: Any) -> Picture:
        call = bind(name, parameters, lang=lang, palette=palette)
        if ax is None and fig is None:
            return call.draw()
        from figures.placing import placed

        return placed(call, ax=ax, fig=fig)

    drawn.__signature__ = signature(function)  # type: ignore[attr-defined]
    drawn.__doc__ = documented(function.__doc__)
    FIGURES[name] = cast("Drawn[...]", drawn)
    return cast("Drawn[Own]", drawn)


def names() -> list[str]:
    """The names of the figures, imported or not."""
    return sorted({*_stock(), *FIGURES})


def home(name: str) -> str | None:
    """The module that a figure is written in, without importing it."""
    return FIGURES[name].__module__ if name in FIGURES else _stock().get(name)


def bind(name: str, parameters: Mapping[str, Any], *, lang: str = "fr", palette: str = "light",
         folder: Path | None = None) -> FigureCall:
    """A call with its names checked and its defaults filled in.

    Raises
    ------
    ValueError
        An unknown figure, language or palette.
    TypeError
        An unknown parameter, or one that is missing.
    """
    _known("figure", name, names())
    _known("language", lang, languages())
    from figures.palette import PALETTES

    palette = str(parameters.get("palette", palette))
    parameters = {key: value for key, value in parameters.items() if key != "palette"}
    _known("palette", palette, PALETTES)
    own = {p.name: p for p in list(inspect.signature(_drawing(name)).parameters.values())[1:]}
    for parameter in parameters:
        if parameter not in own:
            near = difflib.get_close_matches(parameter, own, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"it has {', '.join(own) or 'none'}"
            raise TypeError(f"{name}: no parameter {parameter!r}; {hint}")
    missing = [p.name for p in own.values() if p.default is inspect.Parameter.empty and p.name not in parameters]
    if missing:
        raise TypeError(f"{name}: parameter {missing[0]!r} is missing")
    given = {key: located(value, folder) for key, value in parameters.items()}
    return FigureCall(name, {key: given.get(key, p.default) for key, p in own.items()}, lang, palette)


def located(value: Any, folder: Path | None) -> Any:
    """A deck names its files from its own folder."""
    # What has no suffix is a word, such as background="paper", even beside a file of that name.
    if folder is not None and isinstance(value, str) and Path(value).suffix and os.path.isfile(folder / value):
        return str(folder / value)
    return value


def drawn(name: str) -> Drawn[...]:
    """The figure of a name, its module imported if it was not."""
    if name not in FIGURES:
        import_module(_stock()[name])
    return FIGURES[name]


def _drawing(name: str) -> Callable[..., Picture]:
    return drawn(name).__wrapped__  # type: ignore[attr-defined, no-any-return]


def _stock() -> dict[str, str]:
    """The figures of this package and their modules: all public names but those that make figures."""
    return {name: module for name, module in homes("figures").items()
            if module not in ("figures.picture", "figures.registry", "figures.style")}  # fmt: skip


def _known(kind: str, name: Any, known: Iterable[str]) -> None:
    if name not in known:
        near = difflib.get_close_matches(str(name), known, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(sorted(known))}"
        raise ValueError(f"no {kind} {name!r}; {hint}")

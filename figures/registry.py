"""Which figures there are, and what a call of one means: a name and its parameters, defaults filled in."""

from __future__ import annotations

import contextlib
import difflib
import functools
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextvars import ContextVar
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, NamedTuple, ParamSpec, cast

from figures import offered
from figures.catalogue import languages, others, speaker
from figures.deck_files import in_folder
from figures.listing import COMMON, REQUIRED, UNSAID, checked, known
from figures.sources import Home, homes

if TYPE_CHECKING:
    from figures.calling import Drawn
    from figures.language import Words
    from figures.picture import Picture

Own = ParamSpec("Own")
FIGURES: dict[str, Drawn[...]] = {}
MAKING = ("figures.picture", "figures.plotting", "figures.registry", "figures.style")  # public, and no figures
# Where `@figure` enters what it decorates: with all others, or with those of a deck that is being loaded.
_entering: ContextVar[tuple[dict[str, Drawn[...]], Path | None]] = ContextVar("entering", default=(FIGURES, None))


class FigureCall(NamedTuple):
    """A figure's name and everything that decides how it looks. A default written out is the same call.

    `folder` is the one of the deck that brings the figure along, "" for any other figure; `words` that of the deck
    which brings the language along, "" for a language of every deck.
    """

    name: str
    parameters: Mapping[str, Any]
    lang: str
    palette: str
    folder: str = ""
    words: str = ""

    @property
    def deck(self) -> Path | None:
        """The deck that brings the figure along, if one does."""
        return Path(self.folder) if self.folder else None

    @property
    def speaker(self) -> Path | None:
        """The deck whose words it takes besides those of every deck."""
        return self.deck or (Path(self.words) if self.words else None)

    def draw(self) -> Picture:
        """Compute and draw."""
        from figures.language import Words
        from figures.provenance import origin
        from figures.style import style

        words = Words(self.lang, self.speaker)
        with style(self.palette), _drawing(self.name, self.deck) as function:
            picture = function(words, **self.parameters)
        if hasattr(picture, "origin"):  # a function that returns something else is told so by who draws
            told = origin(self.name, self.parameters, self.lang, self.palette)
            if self.folder or (self.name not in _stock() and offered.offers(str(home(self.name)))):
                del told["Rights"]  # whose figure it is decides on its licence
            picture = picture._replace(origin=told)
        return picture


def figure(function: Callable[Concatenate[Words, Own], Picture]) -> Drawn[Own]:
    """Make a drawing function a figure: callers leave `words` out, and may choose `lang`, `palette`, `ax` and `fig`.

    >>> @figure
    ... def dot(words, *, radius=3) -> Picture: ...
    >>> dot(radius=5, lang="en", palette="dark")

    Raises
    ------
    TypeError, ValueError
        A function that is no figure, or has a stock figure's name.
    """
    from figures.calling import documented, signature

    own, (figures, folder) = checked(function, _stock()), _entering.get()
    name = function.__name__

    @functools.wraps(function)
    def drawn(*, lang: str = "fr", palette: str = "light", ax: Any = None, fig: Any = None,
              **parameters: Any) -> Picture:
        call = bind(name, parameters, lang=lang, palette=palette, folder=folder)
        if ax is None and fig is None:
            return call.draw()
        from figures.placing import placed

        return placed(call, ax=ax, fig=fig)

    drawn.__signature__ = signature(own)  # type: ignore[attr-defined]
    drawn.__doc__ = documented(function.__doc__)
    drawn.is_figure = True  # type: ignore[attr-defined]
    if folder is not None and name in figures:
        raise ValueError(f"there are two figures {name!r}; give one of them another name")
    figures[name] = cast("Drawn[...]", drawn)
    return cast("Drawn[Own]", drawn)


@contextlib.contextmanager
def entering(figures: dict[str, Drawn[...]], folder: Path) -> Iterator[None]:
    """Inside, what `@figure` decorates goes into `figures`: those of the deck in `folder`, and of no other."""
    token = _entering.set((figures, folder))
    try:
        yield
    finally:
        _entering.reset(token)


def deck() -> Path | None:
    """The deck whose own figures are being loaded or drawn."""
    return _entering.get()[1]


def names(deck: Path | None = None) -> list[str]:
    """The names of the figures, imported or not, those that a deck brings along among them."""
    return sorted({*_stock(), *FIGURES, *known(deck)})


def home(name: str, deck: Path | None = None) -> Home | None:
    """The module that a figure is written in, without importing it; of those that a deck brings along, its file."""
    if deck is not None and name in known(deck):
        return deck / "figures.py"
    module = _stock().get(name) or (FIGURES[name].__module__ if name in FIGURES else None)
    if module is None or (name not in _stock() and offered.offers(module)):
        return offered.home(name)  # of several that were imported, the last would have the name
    return module


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
    if home(name, folder) is None:
        raise ValueError(offered.unknown(name, names(folder)))
    deck = folder if name in known(folder) else None
    speaking = speaker(lang, folder)
    if deck is None and speaking is None and lang not in languages():  # a deck's own figures may do without
        raise ValueError(f"no language {lang!r}; {others(lang)}")
    from figures.palette import PALETTES

    palette = str(parameters.get("palette", palette))
    parameters = {key: value for key, value in parameters.items() if key != "palette"}
    _known("palette", palette, PALETTES)
    # A default that is a file lies beside the deck as well: else it would be sought where the build was started.
    own = ({key: in_folder(value, deck) for key, value in known(deck)[name].defaults().items()} if deck is not None
           else _defaults(drawn(name)))  # fmt: skip
    for parameter in parameters:
        if parameter not in own:
            near = difflib.get_close_matches(parameter, own, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"it has {', '.join(own) or 'none'}"
            raise TypeError(f"{name}: no parameter {parameter!r}; {hint}")
    missing = [key for key, default in own.items() if default is REQUIRED and key not in parameters]
    if missing:
        raise TypeError(f"{name}: parameter {missing[0]!r} is missing")
    given = {**own, **{key: in_folder(value, folder) for key, value in parameters.items()}}
    said = {key: given[key] for key in own if given[key] is not UNSAID}
    return FigureCall(name, said, lang, palette, str(deck or ""), str(speaking or ""))


def drawn(name: str) -> Drawn[...]:
    """The figure of a name, its module imported if it was not."""
    if name not in FIGURES:
        import_module(str(home(name)))
    return FIGURES[name]


@contextlib.contextmanager
def _drawing(name: str, deck: Path | None) -> Iterator[Callable[..., Picture]]:
    """The function that draws; one that a deck brings along finds its helpers inside."""
    if deck is None:
        yield inspect.unwrap(drawn(name))
        return
    from figures import own

    room = own.load(deck)
    with own.at_home(room):
        yield inspect.unwrap(room.figures[name])


def _defaults(function: Callable[..., Any]) -> dict[str, Any]:
    return {p.name: p.default for p in inspect.signature(function).parameters.values() if p.name not in COMMON}


def _stock() -> dict[str, str]:
    """The figures of this package and their modules: all public names but those that make figures."""
    return {name: module for name, module in homes("figures").items() if module not in MAKING}


def _known(kind: str, name: Any, known: Iterable[str]) -> None:
    if name not in known:
        near = difflib.get_close_matches(str(name), known, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(sorted(known))}"
        raise ValueError(f"no {kind} {name!r}; {hint}")

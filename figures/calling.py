"""What every figure takes beside its own parameters, as editors, type checkers and `help` see it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, overload

from figures.picture import Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import FigureBase

Own = ParamSpec("Own")

COMMON = '''lang : str
    The language of its words, "fr" or "en".
palette : {"light", "dark"}
    For a slide of which ground.
ax : matplotlib.axes.Axes, optional
    Draw it into these axes as well, as large as they allow, in their middle.
fig : matplotlib.figure.Figure or SubFigure, optional
    Draw it into the whole of this figure as well.
'''


class Drawn(Protocol[Own]):
    """A figure as callers see it.

    No type says « these parameters and four more »: where one of the four is given, a checker sees the others as any.
    """

    __name__: str
    __module__: str

    @overload
    def __call__(self, *args: Own.args, **parameters: Own.kwargs) -> Picture: ...
    @overload
    def __call__(self, *, lang: str, palette: str = ..., ax: Axes | None = ..., fig: FigureBase | None = ...,
                 **parameters: Any) -> Picture: ...
    @overload
    def __call__(self, *, palette: str, ax: Axes | None = ..., fig: FigureBase | None = ...,
                 **parameters: Any) -> Picture: ...
    @overload
    def __call__(self, *, ax: Axes, **parameters: Any) -> Picture: ...
    @overload
    def __call__(self, *, fig: FigureBase, **parameters: Any) -> Picture: ...


def signature(own: Sequence[inspect.Parameter]) -> inspect.Signature:
    """A figure's own parameters, and those that all figures have."""
    keyword = inspect.Parameter.KEYWORD_ONLY
    common = [inspect.Parameter("lang", keyword, default="fr", annotation="str"),
              inspect.Parameter("palette", keyword, default="light", annotation="str"),
              inspect.Parameter("ax", keyword, default=None, annotation="Axes | None"),
              inspect.Parameter("fig", keyword, default=None, annotation="FigureBase | None")]  # fmt: skip
    return inspect.Signature([*own, *common], return_annotation=Picture)


def documented(text: str | None) -> str | None:
    """A docstring with the common parameters after its own."""
    if text is None:
        return None
    text = inspect.cleandoc(text)
    sections = list(re.finditer(r"^(\w+)\n-+$", text, re.MULTILINE))
    titles = [section[1] for section in sections]
    if "Parameters" not in titles:
        return text
    after = titles.index("Parameters") + 1
    end = sections[after].start() if after < len(sections) else len(text) + 2
    return f"{text[:end].rstrip()}\n{COMMON}\n{text[end:]}".rstrip()

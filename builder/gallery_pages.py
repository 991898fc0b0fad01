"""The Markdown of the gallery's pages, as MyST for Sphinx reads it."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from figures.assets import Asset
from figures.registry import drawn

if TYPE_CHECKING:
    from builder.gallery import Example, Shown

LONGEST = 64  # characters of a fact: a list of numbers is shown by its beginning
DEEPEST = 2  # levels of facts that have a line of their own


def index(pages: Mapping[str, Sequence[Shown]]) -> str:
    """The page of all figures, each by its drawing."""
    cards = "\n".join(_card(name, next((one for one in shown if one.example.card), shown[0]))
                      for name, shown in pages.items())
    names = "\n".join(pages)
    return f"""# Gallery

Every figure of the package, drawn by the build of these pages. Each has a page with its calls, its parameters and its
facts. A template writes `figure("neuron")`, a script `figures.neuron()`.

::::::{{container}} cards
{cards}
::::::

```{{toctree}}
:hidden:

{names}
```
"""


def page(shown: Sequence[Shown]) -> str:
    """The page of one figure: what it shows, its calls with their drawings, parameters, facts."""
    name = shown[0].example.name
    calls = "\n".join(_call(one) for one in shown)
    lines = "\n".join(f"| `{key}` | `{_code(value)}` |" for key, value in facts(shown[0].light.facts))
    return f"""# {name}

{_summary(name)}

{calls}
## Parameters

```{{eval-rst}}
.. autofunction:: figures.{name}
```

## Facts

What `figure("{name}").facts` holds for the prose, here with the defaults:

| fact | value |
| --- | --- |
{lines}

## Alt text

> {_escaped(shown[0].light.alt)}
"""


def facts(values: Mapping[str, Any], prefix: str = "", depth: int = 1) -> Iterator[tuple[str, str]]:
    """Each fact by its dotted name and as JSON writes it; a long one by its beginning."""
    for key, value in values.items():
        if isinstance(value, Mapping) and depth < DEEPEST:
            yield from facts(value, f"{prefix}{key}.", depth + 1)
        else:
            text = json.dumps(value, ensure_ascii=False)
            yield prefix + key, text if len(text) <= LONGEST else text[:LONGEST].rstrip(", ") + " …"


def template_call(example: Example) -> str:
    """The call as a template writes it."""
    given = "".join(f", {key}={value!r}" for key, value in example.parameters.items())
    return f'{{{{ figure("{example.name}"{given}) }}}}'


def python_call(example: Example) -> str:
    """The call as a script writes it."""
    return f"figures.{example.name}({', '.join(f'{key}={value!r}' for key, value in example.parameters.items())})"


def _card(name: str, shown: Shown) -> str:
    pictures = "".join(f"![{name}]({asset.filename}){{.only-{asset.palette}}}" for asset in (shown.light, shown.dark))
    return f""":::::{{container}} card
[{pictures}]({name}.md)

**[{name}]({name}.md)**<br>{_summary(name)}
:::::"""


def _call(shown: Shown) -> str:
    said = f"{shown.example.shows}\n\n" if shown.example.shows else ""
    return f"""{said}```jinja
{template_call(shown.example)}
```

```python
{python_call(shown.example)}
```

{_picture(shown.light)}
{_picture(shown.dark)}
"""


def _picture(asset: Asset) -> str:
    # The drawing is a link to itself: a phone shows it too small to be read.
    return f"""```{{image}} {asset.filename}
:alt: {asset.alt}
:class: drawing only-{asset.palette}
:width: {asset.width}px
:target: ../_images/{asset.filename}
```
"""


def _summary(name: str) -> str:
    return _escaped((inspect.getdoc(drawn(name)) or "").partition("\n")[0])


def _code(text: str) -> str:
    return text.replace("|", "\\|").replace("`", "'")


def _escaped(text: str) -> str:
    return "".join(f"\\{letter}" if letter in "\\*_[]<>{}$#|" else letter for letter in text)

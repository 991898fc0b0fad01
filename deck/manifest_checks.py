"""What may stand in a `deck.toml`: every key, the kind of its value, the files and languages that it names."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from deck.faults import Fault, shown
from deck.nearest import nearest
from deck.toml_file import TomlFile
from deck.within import inside

NAME = "deck.toml"
TABLES = ("deck", "variables", "figures")
TEXTS = ("title", "footer", "author", "licence")
SETTINGS = (*TEXTS, "logo", "languages", "seed", "theme", "variant", "size")
SIZES = ("16:9", "4:3")
CODE = re.compile(r"[a-z]{2}(-[A-Za-z]+)?")
PICTURES = (".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp")


def faults(file: TomlFile, there: Sequence[str], variants: Sequence[str], language: str | None) -> Iterator[Fault]:
    """Everything that is wrong, but for the figures: which there are is not known here.

    `there` are the languages that the deck has a template for.
    """
    for name, value in file.data.items():
        if name not in TABLES:
            hint = "; it belongs under [deck]" if name in SETTINGS else nearest(name, TABLES)
            yield file.fault((name,), f"no table or key {name!r} here{hint}")
        elif not isinstance(value, Mapping):
            yield file.fault((name,), f"{name} is a table: write [{name}] on a line of its own")
    settings, variables = (_table(file, name) for name in ("deck", "variables"))
    yield from (file.fault(("deck", name), f"no key {name!r} in [deck]{nearest(name, SETTINGS)}")
                for name in settings if name not in SETTINGS)  # fmt: skip
    yield from _languages(file, settings.get("languages"), there)
    listed: Sequence[str] = settings["languages"] if _is_list_of_texts(settings.get("languages")) else there
    built = [one for one in ([language] if language else listed) if one in there]
    known = list(dict.fromkeys([*listed, *there]))
    for name in TEXTS:
        if name in settings:
            yield from _text(file, name, settings[name], built)
    yield from _file(file, "logo", settings, PICTURES)
    yield from _file(file, "theme", settings, (".css",))
    yield from _choice(file, "variant", settings, variants)
    yield from _choice(file, "size", settings, SIZES)
    yield from _seed(file, settings)
    yield from _variables(file, variables, known, built)


def by_language(value: Any, known: Collection[str]) -> bool:
    """Whether a value is a table that has something for each language, rather than a mapping of another kind.

    It is if it has one of the deck's languages and nothing but what may be one: another may be prepared already.
    """
    return isinstance(value, Mapping) and any(name in known for name in value) \
        and all(name in known or CODE.fullmatch(name) for name in value)


def kind(value: Any) -> str:
    """A value of TOML in an author's words."""
    if isinstance(value, (Mapping, list)):
        return "a table" if isinstance(value, Mapping) else "a list"
    text = repr(value) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else str(value).lower()
    return text if len(text) <= 60 else f"{text[:57]}…"


def _table(file: TomlFile, name: str) -> Mapping[str, Any]:
    value = file.data.get(name, {})
    return value if isinstance(value, Mapping) else {}


def _is_list_of_texts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(part, str) for part in value)


def _languages(file: TomlFile, value: Any, there: Sequence[str]) -> Iterator[Fault]:
    at = ("deck", "languages")
    if value is None:
        return
    if not _is_list_of_texts(value):
        yield file.fault(at, f'languages must be a list such as ["fr", "en"], not {value!r}')
        return
    for number, name in enumerate(value):
        if name in value[:number]:
            yield file.fault(at, f"languages: {name!r} stands twice")
        elif name not in there:
            yield file.fault(at, f"languages: no template slides.{name}.md.j2{nearest(name, there)}")


def _text(file: TomlFile, name: str, value: Any, built: Sequence[str]) -> Iterator[Fault]:
    at = ("deck", name)
    if isinstance(value, Mapping):
        for language, text in value.items():
            if not _is_line(text):
                yield file.fault((*at, language), f"{name}.{language} must be a text on one line, not {kind(text)}")
        yield from _missing(file, at, name, value, built)
    elif not _is_line(value):
        yield file.fault(at, f"{name} must be a text on one line, or a table of them by language, not {kind(value)}")


def _is_line(value: Any) -> bool:
    # `isprintable` knows spaces only: a no-break space is one in French titles.
    return isinstance(value, str) and all(sign.isprintable() or sign.isspace() for sign in value) \
        and len(value.splitlines()) < 2 and "\t" not in value  # fmt: skip


def _missing(file: TomlFile, at: tuple[str, ...], name: str, value: Mapping[str, Any],
             built: Sequence[str]) -> Iterator[Fault]:  # fmt: skip
    for language in built:
        if language not in value:
            yield file.fault(at, f"{name} says nothing for {language!r}, which is built; it has {', '.join(value)}")


def _file(file: TomlFile, name: str, settings: Mapping[str, Any], suffixes: Sequence[str]) -> Iterator[Fault]:
    if name not in settings:
        return
    value, at, deck = settings[name], ("deck", name), file.path.parent
    if not isinstance(value, str) or not value:
        yield file.fault(at, f"{name} must be a file of the deck's folder, not {kind(value)}")
        return
    try:
        path = inside(deck, value)
    except ValueError as error:
        yield file.fault(at, f"{name}: {error}")
        return
    if not path.is_file():
        there = [p.relative_to(deck).as_posix() for p in sorted(deck.rglob("*")) if p.suffix.lower() in suffixes]
        yield file.fault(at, f"{name}: no file {value!r} in {shown(deck)}{nearest(value, there)}")
    elif path.suffix.lower() not in suffixes:
        yield file.fault(at, f"{name}: {value!r} must end with {', '.join(suffixes)}")


def _choice(file: TomlFile, name: str, settings: Mapping[str, Any], there: Sequence[str]) -> Iterator[Fault]:
    value = settings.get(name, there[0])
    if value not in there:
        yield file.fault(("deck", name), f"no {name} {kind(value)}{nearest(str(value), there)}")


def _seed(file: TomlFile, settings: Mapping[str, Any]) -> Iterator[Fault]:
    value = settings.get("seed", 0)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**64:
        yield file.fault(("deck", "seed"), f"seed must be a whole number from 0 to 2**64 - 1, not {kind(value)}")


def _variables(file: TomlFile, variables: Mapping[str, Any], known: Sequence[str],
               built: Sequence[str]) -> Iterator[Fault]:  # fmt: skip
    for name, value in variables.items():
        at = ("variables", name)
        if not name.isidentifier() or name.startswith("_"):
            yield file.fault(at, f"{name!r} is no name for a variable: letters, digits and _, a letter first")
        if by_language(value, known):
            yield from _missing(file, at, name, value, built)

"""Why each figure was drawn or reused: the record of the last build beside that of this one."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import deck as slides
from builder import unchanged
from deck.faults import shown
from figures.assets import Asset
from figures.libraries import libraries
from figures.registry import home
from figures.sources import ROOT, reach
from figures.used import BESIDE, located


def entry(call: slides.Call, asset: Asset, image: str) -> dict[str, Any]:
    """What the record keeps of a figure."""
    fields = ("name", "lang", "palette", "parameters", "key", "words", "files", "seconds")
    return {**{field: getattr(asset, field) for field in fields}, "image": image,
            "place": f"{shown(call.path)}:{call.line}"}  # fmt: skip


def tell(assets: Sequence[Asset], last: Mapping[str, Any] | None, record: Mapping[str, Any]) -> None:
    """Print a line for each figure."""
    for asset, now, why in zip(assets, record["figures"], reasons(assets, last, record), strict=True):
        how = "reused" if asset.reused else f"drawn in {asset.seconds:.1f} s"
        print(f"{now['place']}: {asset.name} ({asset.lang}) {how}: {'; '.join(why)}")


def reasons(assets: Sequence[Asset], last: Mapping[str, Any] | None, record: Mapping[str, Any]) -> list[list[str]]:
    """Why each figure was drawn or reused."""
    return [["nothing that it depends on has changed"] if asset.reused
            else list(_reasons(asset, now, last, record)) or ["it was not in the store"]
            for asset, now in zip(assets, record["figures"], strict=True)]  # fmt: skip


def _reasons(asset: Asset, now: Mapping[str, Any], last: Mapping[str, Any] | None,
             record: Mapping[str, Any]) -> Iterator[str]:  # fmt: skip
    before = [] if last is None else [figure for figure in last["figures"]
                                      if (figure["name"], figure["lang"]) == (asset.name, asset.lang)]  # fmt: skip
    if last is None or not before:
        yield "the last build did not have it"
        return
    nearest = min(before, key=lambda figure: sum(1 for _ in _differences(figure, now)))
    yield from _differences(nearest, now)
    folder = Path(record["circumstances"]["deck"])
    sources = {input_name(path, folder) for path in [*_reached(asset, folder.resolve()), *reach("figures.render")]}
    yield from (f"{name} {word}" for name, word in _changes(last["inputs"], record["inputs"]) if name in sources)
    then, today = ({**one["circumstances"]["versions"], **one.get("libraries", {})} for one in (last, record))
    yield from (f"{package} {then.get(package)} → {today[package]}" for package in today
                if then.get(package) != today[package] and package != "jinja2")  # fmt: skip


def input_name(path: Path, folder: Path) -> str:
    """What the record calls a file that is read."""
    # Figures of a deck's own know it by its real path, the command line perhaps by a link.
    inside = folder / path.relative_to(folder.resolve()) if path.is_relative_to(folder.resolve()) else path
    return unchanged.named(str(inside), str(folder))


def read_by(assets: Iterable[Asset], folder: Path) -> Iterator[str]:
    """The files outside of this project that decide these figures of a deck, wherever they lie."""
    homes = set()
    for asset in assets:
        yield from (name for name in asset.files if os.path.isabs(name))
        yield from (str(located(name, folder)) for name in asset.files if name.startswith(BESIDE))
        homes.add(home(asset.name, folder))
    # Each module once, and paths as texts: a deck has many figures, and each reaches a hundred files.
    reached = {str(path) for there in homes if there is not None for path in reach(there)}
    yield from sorted(path for path in reached if not path.startswith(f"{ROOT}{os.sep}"))


def libraries_of(assets: Iterable[Asset], folder: Path) -> dict[str, str]:
    """The versions of the libraries that a deck's own figures, and those of packages, import."""
    homes = {home(asset.name, folder) for asset in assets} - {None}
    found = [libraries(there) for there in homes if there is not None]
    return dict(sorted(pair for versions in found for pair in versions.items()))


def _reached(asset: Asset, folder: Path) -> frozenset[Path]:
    there = home(asset.name, folder)
    return reach(there) if there is not None else frozenset()


def _differences(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    for name, value in now["parameters"].items():
        old = then["parameters"].get(name)
        if old != value:
            yield f"{name} {_short(old)} → {_short(value)}"
    if then["palette"] != now["palette"]:
        yield f"palette {then['palette']} → {now['palette']}"
    yield from (f"the words {key} {word}" for key, word in _changes(then["words"], now["words"]))
    yield from (f"{name} {word}" for name, word in _changes(then["files"], now["files"]))


def _changes(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in sorted({*then, *now}):
        if then.get(name) != now.get(name):
            yield name, "new" if name not in then else "gone" if name not in now else "changed"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}…"

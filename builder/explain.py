"""Why each figure was drawn or reused: the record of the last build beside that of this one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import deck as slides
from deck.faults import shown
from figures.assets import Asset
from figures.registry import home
from figures.sources import reach
from figures.sources import shown as source_name


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
    module = home(asset.name) or ""
    sources = {source_name(path) for path in [*reach(module), *reach("figures.render")]}
    yield from (f"{name} {word}" for name, word in _changes(last["inputs"], record["inputs"]) if name in sources)
    then, today = last["circumstances"]["versions"], record["circumstances"]["versions"]
    yield from (f"{package} {then.get(package)} → {today[package]}" for package in today
                if then.get(package) != today[package] and package != "jinja2")  # fmt: skip


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

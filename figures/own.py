"""The figures that a deck brings along: its `figures.py`, which is Python and runs with all rights of whoever builds.

Nothing here runs it but `load`. A module that was loaded is known to nobody else: two decks in one process, or one
before and after an edit, never mix, although both have a `figures.py` and perhaps a `curves.py`.
"""

from __future__ import annotations

import contextlib
import importlib.machinery
import importlib.util
import json
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import CodeType, ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

from figures import beside, registry, store
from figures.assets import contents
from figures.canonical import digest
from figures.listing import Listed, know, listed_of, unknow
from figures.sources import reach, source_digest
from figures.used import noted

if TYPE_CHECKING:
    from figures.calling import Drawn

FILE = "figures.py"
TURN = threading.RLock()  # whose modules answer to their names is the process's: one deck at a time


class Room(NamedTuple):
    """A deck's figures as they were loaded, the modules beside them, and the files that loading them read."""

    folder: Path
    module: ModuleType
    figures: dict[str, Drawn[...]]
    helpers: dict[str, ModuleType]
    files: frozenset[str]

    def __getattr__(self, name: str) -> Drawn[...]:
        """The figure of that name."""
        if name not in self.figures:
            raise AttributeError(f"{self.folder / FILE}: no figure {name!r}; there are {', '.join(self.figures)}")
        return self.figures[name]


_rooms: dict[str, Room] = {}


def file(folder: Path) -> Path | None:
    """The `figures.py` of a deck, if it has one."""
    path = folder / FILE
    return path if path.is_file() else None


def forget(folder: Path) -> None:
    """Look at the deck's sources again, and know none of its figures."""
    beside.forget()
    unknow(folder)


def load(folder: str | Path) -> Room:
    """Run the `figures.py` of a deck, unless this very content was run in this process before.

    >>> own.load("talk").bowl(rate=0.1, lang="en").save("bowl.svg")

    Raises
    ------
    FileNotFoundError
        The folder has none.
    Exception
        Whatever the file raises.
    """
    folder = Path(folder).resolve()
    path = folder / FILE
    if not path.is_file():
        raise FileNotFoundError(f"{path}: no such file")
    name = f"own_figures_{digest(str(folder), source_digest(path))[:16]}"
    if name not in _rooms:
        spec = importlib.util.spec_from_file_location(name, path, loader=_Source(name, str(path)))
        assert spec is not None
        module = importlib.util.module_from_spec(spec)
        room = Room(folder, module, {}, {}, frozenset())
        sys.modules[name] = module  # dataclasses and pickle look there
        try:
            with noted(folder, reach(path)) as used, at_home(room):
                module.__spec__.loader.exec_module(module)  # type: ignore[union-attr]
        except BaseException:
            del sys.modules[name]
            raise
        _rooms[name] = room._replace(files=frozenset(used.files))
    room = _rooms[name]
    know(folder, {figure: listed_of(drawn, folder) for figure, drawn in room.figures.items()})
    return room


def remembered(folder: Path) -> dict[str, Listed] | None:
    """The figures of a deck as the store has them, for the very sources and files that are there: nothing runs."""
    data = store.get("listings", digest("3", source_digest(folder / FILE)))
    if data is None:
        return None
    figures, files = json.loads(data)
    if contents(files, folder) != files:
        return None
    return {name: Listed(*listed) for name, listed in figures.items()}


def remember(folder: Path, figures: Mapping[str, Listed], files: Iterable[str]) -> None:
    """Have the store know the figures of a deck, and what files they depend on besides sources."""
    data = json.dumps([figures, contents(files, folder)], ensure_ascii=False).encode()
    store.keep("listings", digest("3", source_digest(folder / FILE)), data)


@contextlib.contextmanager
def at_home(room: Room) -> Iterator[None]:
    """Inside, `import curves` finds the deck's own curves.py, and `@figure` enters what it decorates into the room."""
    finder = _Finder(room.folder)
    with TURN, registry.entering(room.figures, room.folder):
        others = _taken(room.folder)
        sys.modules.update(room.helpers)
        sys.meta_path.insert(0, finder)
        try:
            yield
        finally:
            sys.meta_path.remove(finder)
            room.helpers.update(_taken(room.folder))
            sys.modules.update(others)


def _taken(folder: Path) -> dict[str, ModuleType]:
    """Take the modules that have names of the folder's out of the process's."""
    names = {path.stem for path in folder.iterdir()}  # a short list, before any file is looked at
    return {name: sys.modules.pop(name) for name in list(sys.modules)
            if (top := name.partition(".")[0]) in names and beside.is_local(folder, top)}  # fmt: skip


class _Source(importlib.machinery.SourceFileLoader):
    """Compiles what stands in the file now: bytecode of the same second and size could be that of an earlier text."""

    def get_code(self, fullname: str) -> CodeType:
        path = self.get_filename(fullname)
        return self.source_to_code(self.get_data(path), path)


class _Finder:
    """Finds the modules that lie in one folder, before all others."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._finder = importlib.machinery.FileFinder(str(folder), (_Source, [".py"]))

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: Any = None) -> Any:
        """The module of that name, if it is one of the folder's."""
        top, _, within = name.partition(".")
        if not beside.is_local(self.folder, top):
            return None
        if not within:
            found = self._finder.find_spec(name)
            if found is not None and found.loader is None:  # a folder without __init__.py
                found.submodule_search_locations = [str(self.folder / name)]
            return found
        for place in path or ():
            if (found := importlib.machinery.FileFinder(place, (_Source, [".py"])).find_spec(name)) is not None:
                return found
        return None

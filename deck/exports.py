"""HTML, PDF, PowerPoint and PNG of a deck through Marp: the same bytes each time, and only what has changed."""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import NamedTuple

from deck import conversions
from deck.export_record import Record, digest, makers, needed
from deck.extras import install
from deck.faults import DeckError, Fault, shown
from deck.marp import MissingError, Program, find_browser, find_marp
from deck.outside import outside_references
from deck.processes import Outcome, run
from deck.references import faults

FIXED_DATE = 315532800  # 1980-01-01, the first that a zip can name


class Exports(NamedTuple):
    """The files of each kind that was asked for: made now, or found as an earlier export left them."""

    made: dict[str, list[Path]]
    reused: dict[str, list[Path]]
    seconds: float


class ExportError(Exception):
    """An export that failed, in words: what is missing, and what was written all the same."""

    def __init__(self, message: str, written: Exports) -> None:
        paths = [shown(path) for kind in (*written.made.values(), *written.reused.values()) for path in kind[:1]]
        super().__init__(message + (f"\nwritten all the same: {', '.join(paths)}" if paths else ""))
        self.written = written


class _Wanted(NamedTuple):
    kind: str
    key: str
    marp: Program
    browser: Program | None


def export(markdown: Path, kinds: Collection[str], *, single_file: bool = False, epoch: int | None = None,
           time_limit: float = 120, at_once: int = 2, environment: Mapping[str, str] = os.environ,
           report: Callable[[Path], None] = lambda path: None) -> Exports:
    """Convert a deck to files beside it.

    Parameters
    ----------
    markdown : Path
        A deck as Marp takes it, such as ``dist/introduction/slides.fr.md``.
    kinds : collection of str
        Of ``html``, ``pdf``, ``pptx`` and ``images`` (a PNG of each slide, ``slides.fr.001.png`` and so on).
    single_file : bool
        The HTML carries its images and fonts inside.
    epoch : int, optional
        Seconds since 1970, for the dates in PDF and PPTX; otherwise of the variable SOURCE_DATE_EPOCH, or 1980-01-01.
    time_limit : float
        Seconds for a conversion; one that takes longer is ended and tried once more.
    at_once : int
        Conversions that run side by side.
    environment : mapping
        Where MARP, CHROME_PATH, PATH and SOURCE_DATE_EPOCH are looked up.
    report : callable
        Told each file when it is written.

    Raises
    ------
    DeckError
        The deck shows a file that is not there or is elsewhere, names a theme that Marp does not have, or has a
        formula that cannot be read: what Marp alone is silent about. Nothing is written.
    ExportError
        A program is missing, or failed. What needs it not is written.
    """
    started = time.perf_counter()
    if unknown := [kind for kind in kinds if kind not in conversions.KINDS]:
        raise ValueError(f"export: no kind {unknown[0]!r}; there are {', '.join(conversions.KINDS)}")
    date = _date(epoch, environment)
    record, text = Record(markdown), markdown.read_bytes()
    exports = Exports({}, {}, 0.0)
    ordered = [kind for kind in conversions.KINDS if kind in kinds]
    wanted, missing = _wanted(ordered, text, date, single_file, environment)
    for one in list(wanted):
        if (paths := record.fresh(one.kind, one.key)) is not None:
            exports.reused[one.kind] = paths
            wanted.remove(one)
    failures = [missing] if missing else []
    if wanted:
        if found := faults(markdown) or _outside(markdown):
            raise DeckError(found)
        jobs = _Conversion(markdown, record, date, single_file, report, exports.made, time.time())
        failures += jobs.run(wanted, at_once=at_once, time_limit=time_limit, environment=environment)
    exports = exports._replace(seconds=time.perf_counter() - started)
    if failures:
        raise ExportError("\n".join(failures), exports)
    return exports


def _outside(markdown: Path) -> list[Fault]:
    """A browser that prints may read local files: those of the deck's folder, and no other."""
    found = outside_references(markdown.read_text(encoding="utf-8"), markdown.parent)
    return [Fault(markdown, reference.line, str(reference)) for reference in found]


def _date(epoch: int | None, environment: Mapping[str, str]) -> int:
    given = environment.get("SOURCE_DATE_EPOCH") if epoch is None else str(epoch)
    if not given:
        return FIXED_DATE
    # Four digits of a year are all that a PDF and a zip can write.
    if not given.isascii() or not given.isdigit() or int(given) > 253402300799:
        raise ValueError(f"SOURCE_DATE_EPOCH={given!r} is not a number of seconds since 1970")
    return int(given)


def _wanted(kinds: Collection[str], text: bytes, date: int, single_file: bool,
            environment: Mapping[str, str]) -> tuple[list[_Wanted], str]:
    """What can be made, under which key, and what is missing for the others."""
    try:
        marp = find_marp(environment)
    except MissingError as error:
        return [], f"{', '.join(kinds)}: {error}"
    browser, missing = None, ""
    printed = [kind for kind in kinds if kind != "html"]
    if printed:
        try:
            browser = find_browser(environment)
            _libraries(printed)
        except MissingError as error:
            kinds, missing = [kind for kind in kinds if kind == "html"], f"{', '.join(printed)}: {error}"
    common = f"{digest(text)} {makers()} {marp.identity}"
    wanted = []
    for kind in kinds:
        used = None if kind == "html" else browser
        options = f"single_file={single_file}" if kind == "html" else f"{date} {used and used.identity}"
        wanted.append(_Wanted(kind, digest(f"{kind} {common} {options}".encode()), marp, used))
    return wanted, missing


def _libraries(kinds: Collection[str]) -> None:
    for library in ("pikepdf", "psutil") if "pdf" in kinds else ("psutil",):
        if importlib.util.find_spec(library) is None:
            raise MissingError(f"no {library}: {install('marp')} gets it")


class _Conversion(NamedTuple):
    markdown: Path
    record: Record
    date: int
    single_file: bool
    report: Callable[[Path], None]
    made: dict[str, list[Path]]
    began: float

    def run(self, wanted: Collection[_Wanted], *, at_once: int, time_limit: float,
            environment: Mapping[str, str]) -> list[str]:
        """Convert side by side and write each kind when it is there; what failed, in words."""
        failures = []
        temporary = Path(tempfile.mkdtemp(prefix="deck-")).resolve()
        try:
            # The slowest first, so that the others run beside it.
            order = sorted(wanted, key=lambda one: ("pptx", "images", "pdf", "html").index(one.kind))
            jobs = [conversions.job(one.kind, self.markdown, temporary / one.kind, marp=one.marp, browser=one.browser,
                                    environment=environment) for one in order]  # fmt: skip
            keys = {one.kind: one.key for one in wanted}
            if "pdf" in keys:  # its library takes as long to load as the rest of our work, and Marp longer than both
                threading.Thread(target=importlib.import_module, args=("pikepdf",), daemon=True).start()
            with contextlib.closing(run(jobs, at_once=at_once, time_limit=time_limit)) as outcomes:
                for outcome in outcomes:
                    failures += self._finish(outcome, keys[outcome.job.name], time_limit)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
        return failures

    def _finish(self, outcome: Outcome, key: str, time_limit: float) -> list[str]:
        kind = outcome.job.name
        if outcome.status is None:
            return [f"{kind}: Marp or its browser hung twice for {time_limit:g} s and was ended{_told(outcome)}"]
        drawn = conversions.rendered(outcome.job)
        if found := conversions.faults(drawn, self.markdown):
            raise DeckError(found)
        files = conversions.files(outcome.job, drawn, self.markdown, epoch=self.date, single_file=self.single_file)
        if outcome.status or not files:
            return [f"{kind}: Marp failed with exit status {outcome.status}{_told(outcome)}"]
        needs = needed(self.markdown.parent, conversions.shown_files(drawn), self.began)
        self.made[kind] = self.record.enter(kind, key, needs, files)
        for path in self.made[kind]:
            self.report(path)
        return []


def _told(outcome: Outcome) -> str:
    """The last of what Marp printed, which is where it says why."""
    lines = [line for line in outcome.printed.splitlines() if line.strip()]
    return "".join(f"\n    {line}" for line in lines[-6:])

"""The build: read, draw, fill, write, in that order, so that a fault leaves the last good deck as it was."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from typing import Any

import deck as slides
from builder import defaults, explain, locked, own, unchanged
from builder.arguments import output_of
from builder.binding import Asked
from builder.crew import Crew
from builder.pages import Page, faults_of_slides, fill, open_page
from builder.reported import built
from builder.supply import draw_missing, drawn_and_kept
from deck import manifest as deck_toml
from deck.faults import shown
from figures import store
from figures.assets import Asset
from figures.canonical import file_digest
from figures.palette import palettes
from figures.typeface import slide_fonts


def build(options: argparse.Namespace, started: float, told: dict[str, Any], crew: Crew) -> int:
    """Build the deck that the options name, and add what was built to `told`; 0 when it stands."""
    output = output_of(options)

    def waiting() -> None:
        if not options.quiet:
            print(f"build.py: another build writes {shown(output)}; waiting for it", file=sys.stderr)

    _check(options)
    with chosen_store(options), slides.alone(output, waiting):
        draft = slides.Draft(output, store.write_whole)
        last = unchanged.read(str(output))
        try:
            pages, texts = compose(options, draft, crew)
            crew.dismiss()  # before Marp and its browser need the memory
            record = _publish(options, draft, pages, texts, last)
        finally:
            draft.discard()
        if any(page.album.count(reused=False) for page in pages):  # otherwise the store has not grown
            store.prune(options.cache_limit)
        _tell(options, pages, record, time.perf_counter() - started)
        if options.lock:
            locked.write(options, record)
        if options.explain:
            explain.tell([asset for page in pages for _, asset, _ in page.assets], last, record)
        status = _export(options, draft, pages, record, told)
        told |= _for_machines(options, pages, last, record) if options.json else {}
        draft.clear()
    return status


def _for_machines(options: argparse.Namespace, pages: list[Page], last: Mapping[str, Any] | None,
                  record: Mapping[str, Any]) -> dict[str, Any]:  # fmt: skip
    figures = [asset for page in pages for _, asset, _ in page.assets]
    reasons = explain.reasons(figures, last, record) if options.explain else None
    return built(output_of(options), record, [asset.reused for asset in figures], reasons)


def _export(options: argparse.Namespace, draft: slides.Draft, pages: list[Page], record: dict[str, Any],
            told: dict[str, Any]) -> int:  # fmt: skip
    """Convert and check what was published, and add it to the record; the exit status."""
    if not (wanted := unchanged.exported(options)):
        return 0
    from builder import exporting

    output = draft.output
    done = exporting.export_all(options, output, pages)
    names = exporting.written(done, output)
    record["outputs"] |= {name: file_digest(output / name) for name in names}
    record["exports"] = sorted({*record["exports"], *wanted})
    _record(draft, record)
    if not options.quiet:
        print("\n".join(shown(output / name) for name in exporting.briefly(names)))
    return exporting.check_all(options, output, pages, told) if options.check else 0


def compose(options: argparse.Namespace, draft: slides.Draft,
            crew: Crew) -> tuple[list[Page], dict[str, str]]:  # fmt: skip
    """The pages of the deck and the Markdown of each, by file name; every image is in the draft.

    Raises
    ------
    DeckError
        All faults of all languages together.
    """
    faults: list[slides.Fault] = []
    pages: list[Page] = []
    manifest = deck_toml.read(options.deck, variants=tuple(palettes()), language=options.lang)
    own.learn(options)
    given = defaults.read(manifest)
    for language in [options.lang] if options.lang else manifest.languages or ["fr"]:
        try:
            pages.append(open_page(options.deck, language, draft.add, given))
        except slides.DeckError as error:
            faults += error.faults
    failed = draw_missing(options, pages, crew)

    def draw(asked: Asked) -> Asset:
        return drawn_and_kept(asked, options, failed, crew)

    texts = {f"slides.{page.album.language}.md": fill(page, draw) for page in pages}
    faults += [fault for page in pages for fault in page.album.faults]
    if not faults:
        faults += [fault for page, text in zip(pages, texts.values(), strict=True)
                   for fault in faults_of_slides(page, text, draft.output)]  # fmt: skip
    if faults:
        raise slides.DeckError(faults)
    return pages, texts


@contextlib.contextmanager
def chosen_store(options: argparse.Namespace) -> Iterator[None]:
    """The store that the options choose, for this process and those that it starts."""
    before = os.environ.get(store.VARIABLE)
    with contextlib.ExitStack() as stack:
        if options.no_cache:
            os.environ[store.VARIABLE] = stack.enter_context(tempfile.TemporaryDirectory(prefix="figures-"))
        elif options.cache is not None:
            os.environ[store.VARIABLE] = str(options.cache.absolute())
        try:
            yield
        finally:
            os.environ.pop(store.VARIABLE, None)
            if before is not None:
                os.environ[store.VARIABLE] = before


def _check(options: argparse.Namespace) -> None:
    """A folder that is not there, or that is two things at once, is told before anything is made."""
    if options.deck.is_dir() and (message := slides.refusal(output_of(options), options.deck)):
        raise slides.DeckError([slides.Fault(output_of(options), 0, message)])
    if not options.deck.is_dir():
        slides.read(options.deck, options.lang or "fr", {})


def _publish(options: argparse.Namespace, draft: slides.Draft, pages: list[Page], texts: dict[str, str],
             last: Mapping[str, Any] | None) -> dict[str, Any]:  # fmt: skip
    fonts = {draft.add(f"fonts/{name}", path.read_bytes()) for name, path in slide_fonts().items()}
    files = fonts.union(*(page.album.files for page in pages))
    outputs = draft.publish(texts, files)
    output = str(draft.output)
    found = [asset for page in pages for _, asset, _ in page.assets]
    used = sorted({*explain.read_by(found, options.deck.resolve())})
    # What was exported from the same files still stands.
    carried = last if last and {name: last["outputs"].get(name) for name in outputs} == outputs else None
    record = {
        "format": unchanged.FORMAT,
        "said": ", ".join(shown(draft.output / name) for name in texts),
        "circumstances": unchanged.circumstances(options),
        "read": used,
        "libraries": explain.libraries_of(found, options.deck.resolve()),
        "inputs": unchanged.digests(unchanged.inputs(str(options.deck), output, used), str(options.deck)),
        "outputs": {**(carried["outputs"] if carried else {}), **outputs},
        "exports": carried["exports"] if carried else [],
        "pages": {name: sorted(page.album.files) for name, page in zip(texts, pages, strict=True)},
        "figures": [explain.entry(*figure) for page in pages for figure in page.assets],
    }
    _record(draft, record)
    return record


def _record(draft: slides.Draft, record: dict[str, Any]) -> None:
    # A path that the locale cannot read has halves of characters in it.
    data = json.dumps(record, ensure_ascii=False, indent=1).encode("utf-8", "surrogatepass")
    store.write_whole(draft.output / unchanged.RECORD, data)


def _tell(options: argparse.Namespace, pages: list[Page], record: dict[str, Any], seconds: float) -> None:
    if not options.quiet:
        drawn, reused = (sum(page.album.count(kind) for page in pages) for kind in (False, True))
        print(f"{record['said']}: {drawn} figure{'s' * (drawn != 1)} drawn, {reused} reused, {seconds:.1f} s")

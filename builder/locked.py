"""`--lock` and `--locked`: the deck written down, and built again from nothing to be compared with what was written."""

from __future__ import annotations

import argparse
import contextlib
import difflib
import hashlib
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from builder import lock, pixels, unchanged
from builder.arguments import output_of
from builder.crew import Crew
from builder.lock import Difference, Lock
from builder.terminal import complain
from deck.faults import shown
from figures import store

Told = dict[str, Any]
Build = Callable[[argparse.Namespace, float, Told, Crew], int]


def write(options: argparse.Namespace, record: Mapping[str, Any]) -> None:
    """Write the lock of a build beside the template."""
    path = options.deck / unchanged.LOCK
    data = lock.text(lock.of(record)).encode()
    if not path.is_file() or path.read_bytes() != data:
        store.write_whole(path, data)
    if not options.quiet:
        print(f"{shown(path)}: {_count(lock.of(record))} files")


def compare(options: argparse.Namespace, build: Build, started: float, told: Told, crew: Crew) -> int:
    """Build from nothing in a temporary folder, and tell what is not as the lock has it; 1 if anything is not."""
    wanted = lock.read(options.deck)
    if options.lang:
        wanted = Lock(wanted.versions, {options.lang: wanted.files.get(options.lang, {})})
    with tempfile.TemporaryDirectory(prefix="locked-") as folder:
        output = Path(folder) / "deck"
        # No entry of the store may help: neither a drawing nor a trained network.
        fresh = {**vars(options), "output": output, "no_cache": True, "quiet": True, "explain": False, "lock": False,
                 "json": False, "all": False, "check": False, **dict.fromkeys(unchanged.KINDS, False)}  # fmt: skip
        if not options.quiet:
            print("build.py: building everything from nothing, in a temporary folder", file=sys.stderr)
        if status := build(argparse.Namespace(**fresh), started, {}, crew):
            return status
        record = unchanged.read(str(output))
        assert record is not None
        return _told(options, wanted, lock.of(record), output, time.perf_counter() - started, told)


def _told(options: argparse.Namespace, wanted: Lock, found: Lock, output: Path, seconds: float, told: Told) -> int:
    path = shown(options.deck / unchanged.LOCK)
    unlike = lock.differences(wanted, found)
    versions = lock.other_versions(wanted, found)
    told |= {"lock": path, "files": _count(found), "differences": [], "versions": versions}
    if versions:
        cause = ": the likeliest cause of what differs" if unlike else ", and nothing differs"
        print(f"{path}: made under other versions, {', '.join(versions)}{cause}", file=sys.stderr)
    if not unlike:
        if not options.quiet:
            print(f"{path}: all {_count(found)} files are the same, {seconds:.1f} s")
        return 0
    digests = {wanted.files[one.language][one.was].digest for one in unlike if one.was}
    old = earlier(digests, output_of(options), options)
    for one in unlike:
        how = _how(one, unlike, wanted, output, old)
        told["differences"].append({**one._asdict(), "how": how})
        name = "" if one.was == one.now or not one.was or not one.now else f" (now {one.now})"
        complain(f"{one.was or one.now}{name}: {how}", place=one.language)
    complain(f"{len(unlike)} file{'s' * (len(unlike) != 1)} not as {path} says")
    return 1


def _how(one: Difference, unlike: list[Difference], wanted: Lock, output: Path, old: Mapping[str, bytes]) -> str:
    if not one.was:
        return "new"
    if not one.now:
        return "missing"
    digest = wanted.files[one.language][one.was].digest
    before, after = old.get(digest), (output / one.now).read_bytes()
    if one.now.endswith(".md"):
        how = _lines(digest, before, after, [other for other in unlike if other.language == one.language])
    else:
        how = "its old state is nowhere to be found" if before is None else pixels.difference(before, after)
    return f"differs: {how}"


def _lines(digest: str, before: bytes | None, after: bytes, unlike: list[Difference]) -> str:
    """How a Markdown file differs. That it is the images' names alone shows without the old text: undo them."""
    undone = after
    for other in unlike:
        if other.was and other.now and other.was != other.now:
            undone = undone.replace(other.now.encode(), other.was.encode())
    if hashlib.sha256(undone).hexdigest() == digest:
        return "in the names of these images alone"
    if before is None:
        return "its old state is nowhere to be found"
    then, today = (data.decode("utf-8").splitlines() for data in (before, undone))
    blocks = [block for block in difflib.SequenceMatcher(None, then, today, autojunk=False).get_opcodes()
              if block[0] != "equal"]  # fmt: skip
    count = sum(max(block[2] - block[1], block[4] - block[3]) for block in blocks)
    return f"{count} line{'s' * (count != 1)}, the first is {blocks[0][3] + 1}" if blocks else "in its line ends"


def earlier(digests: Iterable[str], output: Path, options: argparse.Namespace) -> dict[str, bytes]:
    """The content of these digests, as far as the last build's folder or the store still has it."""
    from builder.building import chosen_store

    left, found = set(digests), dict[str, bytes]()
    for path in [*output.glob("images/*"), *output.glob("slides.*.md")]:
        _take(path.read_bytes() if path.is_file() else b"", left, found)
    with chosen_store(options) if not options.no_cache else contextlib.nullcontext():
        for entry in store.entries() if left else ():
            if "pictures" in entry.path.parts:
                with contextlib.suppress(OSError):
                    # 32 bytes of digest, a line of JSON, the picture.
                    _take(entry.path.read_bytes()[32:].partition(b"\n")[2], left, found)
    return found


def _take(data: bytes, left: set[str], found: dict[str, bytes]) -> None:
    digest = hashlib.sha256(data).hexdigest()
    if digest in left:
        left.remove(digest)
        found[digest] = data


def _count(lock: Lock) -> int:
    return sum(map(len, lock.files.values()))

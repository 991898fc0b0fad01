"""What is wrong with the Markdown of a deck that was filled, before it takes the last one's place."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path

from deck.faults import Fault, shown
from deck.front_matter import faults as head_faults
from deck.page import is_outside, local
from deck.references import COMMENT, FRONT, references, themes

STYLE = re.compile(r"<style\b.*?</style\s*>", re.DOTALL | re.IGNORECASE)


def slide_faults(markdown: str, path: Path, *, deck: Path, made: Collection[str]) -> list[Fault]:
    """What Marp would leave out or take for something else without a word.

    Parameters
    ----------
    markdown : str
    path : Path
        Where it will stand.
    deck : Path
        The folder of its template.
    made : collection of str
        The files that will stand beside it, by their names below its folder.
    """
    text = markdown.replace("\r\n", "\n")
    if not STYLE.sub("", COMMENT.sub("", FRONT.sub("", text))).strip():
        return [Fault(path, 0, "no slide: the template prints nothing to see")]
    heads = [Fault(path, *fault) for fault in head_faults(text)]
    return [*heads, *themes(text, path), *_missing(text, path, deck, made)]


def _missing(text: str, path: Path, deck: Path, made: Collection[str]) -> Iterator[Fault]:
    for address, line in references(text):
        name = local(address)
        if name is None or is_outside(address) or name.lower().startswith("file:") or name in made:
            continue
        try:
            beside = (deck / name).is_file()
            if (path.parent / name).is_file():
                continue
        except (OSError, ValueError):  # a name with a null in it, or far too long
            beside = False
        if beside:
            yield Fault(path, line, f"{name!r} lies beside the template and not in {shown(path.parent)}; write "
                                    f'{{{{ image("{name}", alt=…, width=…) }}}}, which takes it there')  # fmt: skip
        else:
            yield Fault(path, line, f"no file {name!r} in {shown(path.parent)}; put it into {shown(deck)} and write "
                                    f'{{{{ image("{name}", alt=…, width=…) }}}}')  # fmt: skip

"""Follow every link of the documents and of the built site, without a network.

python docs/links.py               README, CHANGELOG, SECURITY and docs/
python docs/links.py dist/site     ... and every page of the site
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent
GENERATED = {"docs/gallery"}  # what the site's build writes: its links are followed in the site
FENCE = re.compile(r"^(`{3,}|:{3,}).*?^\1\s*$|<!--.*?-->", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]*`")
LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^\]]*\])*\]\(\s*<?([^\s)>]+)>?(?:\s+\"[^\"]*\")?\s*\)|(?:src|href)=\"([^\"]+)\"")
HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$", re.MULTILINE)
LOADED = {"img": "src", "script": "src", "link": "href", "source": "src", "iframe": "src", "video": "src"}


class Link(NamedTuple):
    """Where a link stands, and what it names. `loaded` is what a page fetches by itself."""

    path: Path
    line: int
    target: str
    loaded: bool = False


def documents(root: Path = ROOT) -> list[Path]:
    """The Markdown that people read on the project's page."""
    return [*sorted(root.glob("*.md")), *(path for path in sorted(root.glob("docs/**/*.md")) if not any(
        path.is_relative_to(root / folder) for folder in GENERATED))]


def of_markdown(path: Path) -> Iterator[Link]:
    """The links of a Markdown file, but for what is code."""
    text = path.read_text(encoding="utf-8")
    for pattern in (FENCE, CODE):  # blanked, so that lines keep their numbers
        text = pattern.sub(lambda code: re.sub(r"[^\n]", " ", code[0]), text)
    for match in LINK.finditer(text):
        yield Link(path, text.count("\n", 0, match.start()) + 1, match[1] or match[2])


def slugs(path: Path) -> set[str]:
    """The anchors of a Markdown file's headings, as GitHub and MyST make them."""
    text = FENCE.sub("", path.read_text(encoding="utf-8"))
    found: set[str] = set()
    for heading in HEADING.findall(text):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").lower()
        slug = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
        number = sum(1 for other in found if re.fullmatch(re.escape(slug) + r"(-\d+)?", other))
        found.add(f"{slug}-{number}" if number else slug)
    return found


class Page(HTMLParser):
    """The links and the anchors of a page of the site."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.links: list[Link] = []
        self.anchors: set[str] = {"", "top"}
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Gather what an element names and what it is named."""
        for name, value in attrs:
            if name == "id" or (tag == "a" and name == "name"):
                self.anchors.add(value or "")
            elif value and name in ("href", "src"):
                loaded = LOADED.get(tag) == name and ("rel", "canonical") not in attrs
                self.links.append(Link(self.path, self.getpos()[0], value, loaded))


@cache
def page(path: Path) -> Page:
    """A page of the site, read once."""
    return Page(path)


def fault(link: Link, root: Path) -> str | None:
    """What is wrong with a link; nothing that a network would have to tell."""
    parts = urlsplit(link.target)
    if parts.scheme in ("http", "https"):
        if link.loaded:
            return "is loaded from a network"
        return None if re.fullmatch(r"[\w.-]+\.[a-z]{2,}(:\d+)?", parts.netloc) else "names no host"
    if parts.scheme or parts.netloc:
        return None if parts.scheme in ("mailto", "data") else f"has the scheme {parts.scheme or 'of the page'!r}"
    target = link.path if not parts.path else link.path.parent / unquote(parts.path)
    target = target.resolve()
    if not target.is_relative_to(root):
        return "leads outside"
    generated = [root / folder for folder in GENERATED]
    if link.path.suffix == ".md" and any(target.is_relative_to(folder) for folder in generated):
        return None
    if not target.exists():
        return "is not there"
    if not parts.fragment:
        return None
    anchors = slugs(target) if target.suffix == ".md" else page(target).anchors if target.suffix == ".html" else set()
    return None if unquote(parts.fragment) in anchors else f"{target.name} has no such anchor"


def of_site(site: Path) -> Iterator[Link]:
    """The links of every page of the site, and of its style sheets."""
    for path in sorted(site.rglob("*.html")):
        yield from page(path).links
    for path in sorted(site.rglob("*.css")):
        text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        for match in re.finditer(r"""(?:url\(\s*|@import\s+)["']?([^"')\s;]+)""", text):
            yield Link(path, text.count("\n", 0, match.start()) + 1, match[1], True)


def main(arguments: list[str] | None = None) -> int:
    """Say what is wrong; the exit status is 1 if anything is."""
    line = argparse.ArgumentParser(prog="links.py", description=(__doc__ or "").partition("\n")[0])
    line.add_argument("site", nargs="?", type=Path, help="the folder of the built site")
    line.add_argument("--external", action="store_true", help="list the addresses that a network would have to tell of")
    options = line.parse_args(arguments)
    found = [(link, fault(link, ROOT)) for path in documents() for link in of_markdown(path)]
    if options.site:
        site = options.site.resolve()
        if not (site / "index.html").is_file():
            told = f"no site in {options.site}; `python -m sphinx docs {options.site}` makes it"
            print(f"links.py: {told}", file=sys.stderr)
            return 1
        found += [(link, fault(link, site)) for link in of_site(site)]
    outside = sorted({link.target for link, _ in found if link.target.startswith("http")})
    if options.external:
        print("\n".join(outside))
    wrong = [f"{link.path}:{link.line}: {link.target} {said}" for link, said in found if said]
    print("\n".join(wrong), file=sys.stderr, end="\n" * bool(wrong))
    print(f"links: {len(found)} followed, {len(outside)} addresses outside not asked, {len(wrong)} wrong")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())

"""What axe-core finds on the slides, and the contrast of texts over pictures, which it leaves open."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deck.checking.finding import Finding, View, described, quoted

if TYPE_CHECKING:
    from playwright.sync_api import Page

HERE = Path(__file__).parent
PLACES = (HERE.parents[1], Path.cwd())
RULES = {
    "tags": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    # A slide is no page with landmarks; titles, headings, alt text and language are judged with their lines elsewhere.
    "without": ["region", "bypass", "page-has-heading-one", "landmark-one-main", "landmark-unique",
                "landmark-no-duplicate-contentinfo", "landmark-no-duplicate-banner", "landmark-banner-is-top-level",
                "landmark-contentinfo-is-top-level", "heading-order", "image-alt", "empty-heading"],
}  # fmt: skip
# Letters only: what is behind them is what counts.
BARE = "section, section *, section::before, section::after { color: transparent !important; " \
       "-webkit-text-fill-color: transparent !important; text-shadow: none !important }"


def find_axe() -> Path:
    """axe-core of this project's or the current folder's node_modules.

    Raises
    ------
    FileNotFoundError
        It is not there; the message says how to get it.
    """
    files = [folder / "node_modules" / "axe-core" / "axe.min.js" for folder in PLACES]
    found = next((file for file in files if file.is_file()), None)
    if found is None:
        raise FileNotFoundError("the check needs axe-core; `npm ci` in the project's folder gets it")
    return found


def barriers(page: Page, views: Sequence[View], axe: Path) -> Iterator[Finding]:
    """Faults that keep someone from reading the slides."""
    page.evaluate(f"() => {{ {axe.read_text(encoding='utf-8')} }}")
    result = page.evaluate((HERE / "axe.js").read_text(encoding="utf-8"), RULES)
    for node in result["violations"]:
        view = views[node["slide"]]
        data = node["data"] if isinstance(node["data"], dict) else {}
        if node["rule"] == "color-contrast" and data.get("contrastRatio"):
            least = float(str(data["expectedContrastRatio"]).partition(":")[0])
            colours = f" ({data['fgColor']} on {data['bgColor']})"
            yield view.finding("contrast", _contrast(node, view, data["contrastRatio"], least, colours), view.of(node))
        elif node["rule"] != "valid-lang" or view.measured["language"]:  # a deck that names none is told so elsewhere
            message = f"{node['help']} (axe-core: {node['rule']}): {quoted(' '.join(node['html'].split()), 90)}"
            yield view.finding("accessibility", message, view.of(node))
    yield from _over_pictures(page, views, result)


def _contrast(node: Any, view: View, ratio: float, least: float, colours: str) -> str:
    return (f"{described(node, view)} has a contrast of {ratio:.1f}:1{colours} where {least:g}:1 is the least; "
            "make it darker, or what is behind it lighter, or the other way round")


def _over_pictures(page: Page, views: Sequence[View], result: Any) -> Iterator[Finding]:
    pixels = (HERE / "pixels.js").read_text(encoding="utf-8")
    if result["unsure"]:
        page.add_style_tag(content=BARE)
    for number, frame in enumerate(result["frames"]):
        texts = [text for text in result["unsure"] if text["slide"] == number]
        if not texts:
            continue
        picture = base64.b64encode(page.screenshot(clip=frame, full_page=True, animations="disabled")).decode()
        for text, ratio in zip(texts, page.evaluate(pixels, {"picture": picture, "texts": texts}), strict=True):
            if ratio is not None and ratio < text["least"]:
                view = views[number]
                message = _contrast(text, view, ratio, text["least"], " with the picture behind it")
                yield view.finding("contrast", message, view.of(text))

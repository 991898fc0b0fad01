"""The looks of the figures as style sheets of matplotlib's: `matplotlib.style.use("figures.sheets.light")`, or dark.

`python -m figures.sheets` writes them anew from `palette.toml`.
"""

from __future__ import annotations

from figures.style import FAMILY, HAIRLINE, INK, MUTED, PALETTES, PAPER, RC, SMALL, TEXT, colour, style

COLOURS = ("blue", "orange", "green", "purple", "muted", "cold", "warm")


def sheet(palette: str) -> str:
    """The text of a palette's style sheet. Who asks matplotlib for one imports this module: the typeface is known."""
    with style(palette):
        paper, ink, muted, hairline = (colour(role) for role in (PAPER, INK, MUTED, HAIRLINE))
        lines = {
            **{key: value for key, value in RC.items() if key.startswith(("mathtext.", "lines."))},
            "font.family": FAMILY,
            "font.size": 0.75 * SMALL,
            "axes.titlesize": 0.75 * TEXT,
            "axes.titleweight": 600,
            "figure.facecolor": paper,
            "axes.facecolor": paper,
            "savefig.facecolor": "auto",
            "text.color": ink,
            "axes.labelcolor": ink,
            "axes.titlecolor": ink,
            "axes.edgecolor": muted,
            "xtick.color": muted,
            "ytick.color": muted,
            "grid.color": hairline,
            "legend.edgecolor": hairline,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.axisbelow": True,
            "axes.grid": True,
            "lines.linewidth": 2,
            "patch.edgecolor": paper,
            "legend.facecolor": paper,
            "legend.framealpha": 0.9,
            "image.cmap": "gray",
            "image.interpolation": "none",
            "axes.prop_cycle": f"cycler(color={[colour(role) for role in COLOURS]})",
        }
    # A number sign begins a comment there.
    texts = (f"{key}: {str(value).replace('#', '')}" for key, value in lines.items())
    return "\n".join(["# Written by `python -m figures.sheets` from figures/palette.toml.", *texts, ""])


def sheets() -> dict[str, str]:
    """The style sheets by file name."""
    return {f"{palette}.mplstyle": sheet(palette) for palette in PALETTES}

"""The looks of the site: the deck's colours for furo and for code."""

from __future__ import annotations

from typing import Any, ClassVar

from pygments.style import Style
from pygments.token import Comment, Error, Generic, Keyword, Name, Number, Operator, Punctuation, String, Token

from figures.palette import Palette, palettes


def variables(colours: Palette) -> dict[str, str]:
    """The variables of furo, by the roles of the deck's palette."""
    return {
        "font-stack": "'Source Sans Pro', system-ui, sans-serif",
        "font-stack--headings": "'Source Sans Pro', system-ui, sans-serif",
        "font-stack--monospace": "'DejaVu Sans Mono', ui-monospace, monospace",
        "color-background-primary": colours.paper,
        "color-background-secondary": colours.paper,
        "color-background-hover": colours.tint,
        "color-background-border": colours.hairline,
        "color-foreground-primary": colours.ink,
        "color-foreground-secondary": colours.muted,
        "color-foreground-muted": colours.muted,
        "color-foreground-border": colours.muted,
        "color-brand-primary": colours.blue_text,
        "color-brand-content": colours.blue_text,
        "color-brand-visited": colours.blue_text,
        "color-code-background": colours.tint,
        "color-code-foreground": colours.ink,
        "color-inline-code-background": colours.tint,
        "color-api-background": colours.tint,
        "color-api-background-hover": colours.tint,
        "color-api-name": colours.shade,
        "color-api-pre-name": colours.muted,
        "color-sidebar-caption-text": colours.muted,
        "color-highlight-on-target": colours.tint,
        "house-blue": colours.blue,
        "house-tint": colours.tint,
        "house-shade": colours.shade,
    }


def _styles(colours: Palette) -> dict[Any, str]:
    return {
        Token: colours.ink, Comment: f"italic {colours.muted}", Keyword: colours.purple_text, Name: colours.ink,
        Name.Builtin: colours.blue_text, Name.Function: colours.blue_text, Name.Class: f"bold {colours.blue_text}",
        Name.Decorator: colours.purple_text, Name.Tag: colours.blue_text, Name.Attribute: colours.blue_text,
        Number: colours.orange_text, String: colours.green_text, Operator: colours.ink, Punctuation: colours.ink,
        Comment.Preproc: colours.purple_text, Generic.Prompt: colours.muted, Error: colours.ink,
    }  # fmt: skip


class Light(Style):
    """Code on light pages."""

    background_color = palettes()["light"].tint
    styles: ClassVar = _styles(palettes()["light"])


class Dark(Style):
    """Code on dark pages."""

    background_color = palettes()["dark"].tint
    styles: ClassVar = _styles(palettes()["dark"])

"""Slides: from a template to Marp Markdown."""

from deck.faults import DeckError, Fault
from deck.markup import Facts, Image
from deck.output import write
from deck.template import Call, Template, calls, fill, languages, mistakes, read
from deck.variant import variant

__all__ = [
    "Call",
    "DeckError",
    "Facts",
    "Fault",
    "Image",
    "Template",
    "calls",
    "fill",
    "languages",
    "mistakes",
    "read",
    "variant",
    "write",
]

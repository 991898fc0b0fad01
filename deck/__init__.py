"""Slides: from a template to Marp Markdown."""

from deck.faults import DeckError, Fault, calling_line
from deck.functions import Functions
from deck.manifest import Manifest
from deck.markup import Facts, Image
from deck.output import Draft, alone, refusal
from deck.template import Call, Template, calls, fill, languages, mistakes, read, study
from deck.variant import variant

__all__ = [
    "Call",
    "DeckError",
    "Draft",
    "Facts",
    "Fault",
    "Functions",
    "Image",
    "Manifest",
    "Template",
    "alone",
    "calling_line",
    "calls",
    "fill",
    "languages",
    "mistakes",
    "read",
    "refusal",
    "study",
    "variant",
]

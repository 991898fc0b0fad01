"""How Sphinx makes the site: `python -m sphinx -W docs dist/site`. The gallery is drawn first, from the same store."""

from __future__ import annotations

import os
import sys
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parent
sys.path.insert(0, str(DOCS.parent))

from builder import arguments, gallery  # noqa: E402
from docs import look, revisions  # noqa: E402
from figures.palette import palettes  # noqa: E402
from figures.typeface import slide_fonts  # noqa: E402

project = "Executable figures"
author = "the authors of Executable figures"
project_copyright = f"{author}, Apache-2.0"
version = release = installed("executable-figures")
language = "en"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["**.ipynb"]
nitpicky = False

myst_enable_extensions = ["attrs_inline", "colon_fence", "deflist"]
myst_heading_anchors = 3

# What docstrings put between single backticks is code.
default_role = "code"
autodoc_typehints = "none"  # the docstrings say them, in words
autodoc_member_order = "bysource"
napoleon_google_docstring = False
napoleon_custom_sections = [("Facts", "params_style")]
napoleon_use_rtype = False
napoleon_use_ivar = True
python_maximum_signature_line_length = 88

html_theme = "furo"
html_title = "Executable figures"
html_static_path = ["static", *map(str, slide_fonts().values())]
html_css_files = ["house.css"]
html_copy_source = False
html_show_sphinx = False
html_theme_options = {
    "light_css_variables": look.variables(palettes()["light"]),
    "dark_css_variables": look.variables(palettes()["dark"]),
    "top_of_page_buttons": [],
}
pygments_style = "docs.look.Light"
pygments_dark_style = "docs.look.Dark"


def setup(app: Any) -> None:
    """Draw the gallery before the pages are read."""
    fresh, total = gallery.write(DOCS / "gallery", DOCS / "gallery.toml")
    os.environ["COLUMNS"] = "88"
    help_ = DOCS / "gallery" / "help.txt"
    if not help_.is_file() or help_.read_text(encoding="utf-8") != arguments.parser().format_help():
        help_.write_text(arguments.parser().format_help(), encoding="utf-8")
    print(f"gallery: {fresh} drawn, {total - fresh} reused")
    app.connect("source-read", revisions.in_the_site)
    app.connect("autodoc-process-docstring", revisions.absolute_values, priority=400)  # before napoleon reads them

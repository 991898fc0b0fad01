"""Write the style sheets."""

from pathlib import Path

from figures.sheets import sheets

for name, text in sheets().items():
    Path(__file__).with_name(name).write_text(text, encoding="utf-8")

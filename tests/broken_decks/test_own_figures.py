"""Decks whose own `figures.py` is wrong: told at its line, and no worker and no file of elsewhere is left behind."""

from __future__ import annotations

from breaking import Broken, each

CALL = '# A\n\n{{ figure("mine") }}\n'
HEAD = ("from figures import Picture, figure\nfrom figures.style import slide_figure\n\n"
        "@figure\ndef mine(words, *, n=1) -> Picture:\n")
LIMIT = ("--time-limit", "2")


def own(body: str, place: str, said: str, nearest: str = "", *, template: str = CALL,
        options: tuple[str, ...] = ()) -> Broken:  # fmt: skip
    """A figure of the deck's own, whose body begins on line 6."""
    return Broken(template, place, said, nearest, {"figures.py": HEAD + body}, options)


BROKEN = {
    "a figure that raises": own("    return 1 / 0\n", "figures.py:6", "ZeroDivisionError: division by zero"),
    "a figure that never ends": own("    while True:\n        pass\n", "figures.py:4", "took longer than 2 s",
                                    options=LIMIT),
    "a figure that returns nothing": own("    n + 1\n", "figures.py:4", "must return a Picture"),
    "a figure that returns a text": own("    return 'x'\n", "figures.py:4", "must return a Picture, not str"),
    "a figure that ends its process": own("    import os\n    os._exit(3)\n", "figures.py:4",
                                          "the process that drew it was ended with status 3"),
    "a figure that exits": own("    raise SystemExit('enough')\n", "figures.py:6", "SystemExit"),
    "a figure that takes all memory": own("    return [0] * (1 << 60)\n", "figures.py:6", "MemoryError"),
    "a figure without end": own("    def on():\n        return on()\n    return on()\n", "figures.py:7",
                                "RecursionError"),
    "a figure without words": own("    return Picture(None, words.say('nowhere'), {})\n", "figures.py:6", "nowhere"),
    "a figure whose facts are no data": own(
        "    return Picture(slide_figure(90, 90)[0], 'a', {'f': open})\n", "figures.py:4", "f"),
    "a syntax error": Broken(CALL, "figures.py:2", "", files={"figures.py": "a = 1\ndef x(:\n"}),
    "a module that is not there": Broken(CALL, "figures.py:1", "No module named 'nowhere_at_all'",
                                         files={"figures.py": "import nowhere_at_all\n"}),
    "code that never ends": Broken(CALL, "figures.py", "took longer than 2 s", files={
        "figures.py": "while True:\n    pass\n"}, options=LIMIT),
    "code that is no UTF-8": Broken(CALL, "figures.py:1", "utf-8", files={"figures.py": "a = 'é'\n".encode("latin-1")}),
    "a misspelt own figure": own("    return None\n", "slides.fr.md.j2:1", "no figure 'mien'", "did you mean 'mine'?",
                                 template='{{ figure("mien") }}'),
    "a misspelt own parameter": own("    return None\n", "slides.fr.md.j2:1", "mine: no parameter 'm'", "it has n",
                                    template='{{ figure("mine", m=2) }}'),
}  # fmt: skip

test_one_fault_is_told_and_the_last_deck_stays = each(BROKEN)

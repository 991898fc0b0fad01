"""Decks with a figures.py, each wrong in one way, and what is told of it."""

from __future__ import annotations

from typing import NamedTuple

HEAD = "from figures import Picture, figure, plot_figure\n"
FINE = """
@figure
def bowl(words, *, rate: float = 0.1, steps=(1, 2)) -> Picture:
    \"\"\"A bowl, and a ball that rolls down.\"\"\"
    fig, axes = plot_figure(words, x="x", y="y")
    axes.plot([1, 1 - rate, 0])
    return Picture(fig, "A bowl.", {"rate": rate, "kind": type(steps).__name__})
"""


class Broken(NamedTuple):
    """A figures.py, the figure that the template asks for, and the fault: `{t}` stands for the template's line."""

    code: str | bytes
    told: str
    asked: str = "bad"
    helper: str = ""


def bad(body: str, head: str = "", parameters: str = "words") -> str:
    return f"{HEAD}{head}@figure\ndef bad({parameters}):\n    {body}\n"


BROKEN = {
    "it raises": Broken(bad("return 1 / 0"), "figures.py:4: ZeroDivisionError: division by zero{t}"),
    "a helper of it raises": Broken(
        bad("return curves.f()", "import curves\n"), "curves.py:2: KeyError: 'x'{t}", helper="def f():\n    {}['x']\n"),
    "a library raises": Broken(
        bad("plot_figure(words)[1].plot([1], [1, 2])"),
        "figures.py:4: ValueError: x and y must have same first dimension, but have shapes (1,) and (2,){t}"),
    "an exception of its own": Broken(
        bad("raise E('ouch')", "class E(Exception): pass\n"), "figures.py:5: E: ouch{t}"),
    "one that cannot be written": Broken(
        bad("raise E()", "class E(Exception):\n    def __str__(self): raise RuntimeError\n"), "figures.py:6: E{t}"),
    "no Python": Broken(f"{HEAD}@figure\ndef bad(words:\n", "figures.py:3: SyntaxError: '(' was never closed"),
    "no Python in a helper": Broken(
        f"{HEAD}import curves\n", "curves.py:1: SyntaxError: expected ':'", helper="def f()\n"),
    "no text": Broken(b"\0", "figures.py: SyntaxError: source code "),
    "a library that is not there": Broken(
        f"{HEAD}import nowhere\n", "figures.py:2: ModuleNotFoundError: No module named 'nowhere'"),
    "it fails while it is imported": Broken(f"{HEAD}1 / 0\n", "figures.py:2: ZeroDivisionError: division by zero"),
    "no Picture": Broken(bad("pass"), "figures.py:2: TypeError: bad: a figure must return a Picture, not NoneType{t}"),
    "no matplotlib figure": Broken(
        bad("return Picture(1, 'x')"), "figures.py:2: AttributeError: 'int' object has no attribute 'savefig'{t}"),
    "no alt text": Broken(
        bad("return Picture(plot_figure(words)[0], ' ')"),
        "figures.py:2: TypeError: bad: the alt text of a Picture must be a sentence, not ' '{t}"),
    "facts that no text can use": Broken(
        bad("return Picture(plot_figure(words)[0], 'x', {'a': {1}})"),
        "figures.py:2: TypeError: bad: the facts of a Picture must be a mapping of numbers, texts, lists and mappings: "
        "Object of type set is not JSON serializable{t}"),
    "no words": Broken(
        bad("pass", parameters=""),
        "figures.py:2: TypeError: bad: its first parameter must be words, as in `def bad(words, *, size=3)`"),
    "words by name": Broken(
        bad("pass", parameters="*, words"),
        "figures.py:2: TypeError: bad: its first parameter must be words, as in `def bad(words, *, size=3)`"),
    "parameters without names": Broken(
        bad("pass", parameters="words, **rest"),
        "figures.py:2: TypeError: bad: its parameters must be named one by one, not **rest"),
    "a parameter that every figure has": Broken(
        bad("pass", parameters="words, *, lang='fr'"),
        "figures.py:2: TypeError: bad: every figure has 'lang' already; give the parameter another name"),
    "a stock figure's name": Broken(
        f"{HEAD}@figure\ndef max_pooling(words): pass\n",
        "figures.py:2: ValueError: 'max_pooling' is a stock figure's name (figures.pooling); give yours another, such "
        "as 'my_max_pooling'", "max_pooling"),
    "a name twice": Broken(
        HEAD + FINE + FINE, "figures.py:10: ValueError: there are two figures 'bowl'; give one of them another name"),
    "it never ends": Broken(
        bad("while True: pass"), "figures.py:2: bad: took longer than 1 s; ended (--time-limit){t}"),
    "it never ends while it is imported": Broken(
        "while True: pass\n", "figures.py: while it was imported: took longer than 1 s; ended (--time-limit)"),
    "it ends its process": Broken(
        bad("os._exit(3)", "import os\n"), "figures.py:3: bad: the process that drew it was ended with status 3{t}"),
    "it ends its process while it is imported": Broken(
        "import os\nos._exit(0)\n",
        "figures.py: while it was imported: the process that drew it was ended with status 0"),
    "it exits": Broken(bad("raise SystemExit(2)"), "figures.py:4: bad: raised SystemExit(2){t}"),
    "it exits while it is imported": Broken(
        "\nraise SystemExit\n", "figures.py:2: while it was imported: raised SystemExit()"),
    "it calls itself": Broken(bad("return bad()"), "figures.py:4: RecursionError: maximum recursion depth exceeded"),
    "a word that is nowhere": Broken(
        bad("words.say('bad.alt')"), "figures.py:4: KeyError: talk/words/fr.toml: no entry 'bad.alt'; did you mean "),
    "a figure misspelt": Broken(HEAD + FINE, "slides.fr.md.j2:2: no figure 'bowll'; did you mean 'bowl'?", "bowll"),
    "a parameter misspelt": Broken(
        HEAD + FINE, "slides.fr.md.j2:2: bowl: no parameter 'rat'; did you mean 'rate'?", 'bowl", rat="1'),
    "a parameter left out": Broken(
        bad("pass", parameters="words, *, n"), "slides.fr.md.j2:2: bad: parameter 'n' is missing"),
}  # fmt: skip

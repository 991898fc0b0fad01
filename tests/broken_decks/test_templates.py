"""Templates that Jinja cannot read, or that name what is not there."""

from __future__ import annotations

from breaking import Broken, each

BROKEN = {
    "undefined variable": Broken("{% set titre = 1 %}\n{{ titr }}", "slides.fr.md.j2:2", "undefined variable 'titr'",
                                 "did you mean 'titre'?"),
    "unclosed block": Broken("# A\n\n{% if true %}\nb\n", "slides.fr.md.j2:3", "{% if %} has no {% endif %}"),
    "unclosed loop": Broken("# A\n{% for i in [1] %}\nb\n", "slides.fr.md.j2:2", "{% for %} has no {% endfor %}"),
    "unclosed note": Broken("# A\n\n{% filter note %}\nb\n\n---\n\n# B\n", "slides.fr.md.j2:3",
                            "{% filter %} has no {% endfilter %}"),
    "unclosed brackets": Broken('# A\n\n{{ figure("max_pooling"\n', "slides.fr.md.j2:3", "}}"),
    "unclosed comment": Broken("# A\n\n{# b\n", "slides.fr.md.j2:3", "#}"),
    "the end of another block": Broken("{% if true %}\n{% endfor %}", "slides.fr.md.j2:2", "endif"),
    "unknown tag": Broken("# A\n{% fo i in [1] %}{% endfor %}", "slides.fr.md.j2:2", "'fo'", "did you mean 'for'?"),
    "unknown filter": Broken("\n{{ 1 | numbr }}", "slides.fr.md.j2:2", "no filter 'numbr'", "did you mean 'number'?"),
    "unknown test": Broken("{{ 1 is evn }}", "slides.fr.md.j2:1", "no test 'evn'", "did you mean 'even'?"),
    "missing include": Broken("{% include 'them.css' %}", "slides.fr.md.j2:1", "no file 'them.css' to include",
                              "did you mean 'theme.css'?", {"theme.css": ""}),
    "a fault in an include": Broken("# A\n{% include 'part.md' %}", "part.md:2", "no filter 'uper'",
                                    "did you mean 'upper'?", {"part.md": "\n{{ 'a' | uper }}"}),
    "broken CSS include": Broken("<style>\n{% include 'theme.css' %}\n</style>\n# A", "theme.css:2", "#}",
                                 files={"theme.css": "h1{color:red}\nh2{#x:y}\n"}),
    "include cycle": Broken("{% include 'a.md' %}", "b.md:1", "without end", files={
        "a.md": "{% include 'b.md' %}", "b.md": "{% include 'a.md' %}"}),
    "an include from outside": Broken("# A\n{% include '../secret.md' %}", "slides.fr.md.j2:2", "lies outside"),
    "a macro that calls itself": Broken("\n{% macro m() %}\n{{ m() }}{% endmacro %}\n{{ m() }}", "slides.fr.md.j2:3",
                                        "runs itself again without end"),
    "endless loop": Broken("{% for a in range(99999) %}{% for b in range(99999) %}\n{% endfor %}{% endfor %}",
                           "slides.fr.md.j2:1", "computes too much"),
    "a huge range": Broken("\n{{ range(10 ** 9) | list }}", "slides.fr.md.j2:2", "Range too big"),
    "a huge text": Broken("\n{{ 'a' * 10 ** 10 }}", "slides.fr.md.j2:2", "too long"),
    "division by zero": Broken("\n\n{{ 1 / 0 }}", "slides.fr.md.j2:3", "division by zero"),
    "a text called": Broken("\n{{ language() }}", "slides.fr.md.j2:2", "a text cannot be called"),
    "Python's own": Broken("{{ ''.__class__ }}", "slides.fr.md.j2:1", "not for templates"),
    "a variant there is not": Broken("{% set variant = 'drak' %}\n# A", "slides.fr.md.j2:1", "no variant 'drak'",
                                     "did you mean 'dark'?"),
    "no number": Broken("\n{{ 'a' | number }}", "slides.fr.md.j2:2", "number: 'a' is no number"),
    "a block twice": Broken("{% block a %}{% endblock %}\n{% block a %}{% endblock %}", "slides.fr.md.j2:2",
                            "defined twice"),
}  # fmt: skip

test_one_fault_is_told_and_the_last_deck_stays = each(BROKEN)

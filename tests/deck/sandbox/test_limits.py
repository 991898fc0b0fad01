"""What would never end, or never fit, is refused before it is tried."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

BOMBS = {
    "a range": ("{{ range(10 ** 9) | list }}", "Range too big"),
    "a range in a loop": ("{% for i in range(10 ** 9) %}{% endfor %}", "Range too big"),
    "a text repeated": ("{{ 'a' * 10 ** 10 }}", "a text of 10,000,000,000 characters is too long"),
    "a text repeated from the right": ("{{ 10 ** 10 * 'a' }}", "too long"),
    "a list repeated": ("{{ [0] * 10 ** 10 }}", "a list of 10,000,000,000 items"),
    "a tower of powers": ("{{ 9 ** (9 ** 9) }}", "a whole number of about"),
    "a power of a power": ("{{ (9 ** 999) ** 999 }}", "too large"),
    "a product of products": ("{% set n = namespace(x=9 ** 999) %}{% for i in range(99) %}{% set n.x = n.x * n.x %}"
                              "{% endfor %}", "a whole number"),
    "a float too large": ("{{ 9.0 ** 9999 }}", "OverflowError"),
    "a constant power": ('{{ figure("a", x=9 ** (9 ** 9)) }}', "too large"),
    "text doubled": ("{% set n = namespace(x='aa') %}{% for i in range(99) %}{% set n.x = n.x + n.x %}{% endfor %}",
                     "a text of"),
    "text doubled by ~": ("{% set n = namespace(x='aa') %}{% for i in range(99) %}{% set n.x = n.x ~ n.x %}"
                          "{% endfor %}",
                          "a text of"),
    "text doubled by a block": ("{% set n = namespace(x='aa') %}{% for i in range(99) %}"
                                "{% set x %}{{ n.x }}{{ n.x }}{% endset %}{% set n.x = x %}{% endfor %}", "a text of"),
    "text doubled by join": ("{% set n = namespace(x='aa') %}{% for i in range(99) %}"
                             "{% set n.x = [n.x, n.x] | join %}{% endfor %}", "computes too much"),
    "text replaced": ("{{ ('a' * 99999).replace('a', 'b' * 99999) }}", "a text of"),
    "text replaced by the filter": ("{{ ('a' * 99999) | replace('a', 'b' * 99999) }}", "a text of"),
    "text joined": ("{{ ('a' * 99999).join('b' * 99999) }}", "a text of"),
    "text joined by the filter": ("{{ ('b' * 99999) | join('a' * 99999) }}", "a text of"),
    "a list doubled": ("{% set n = namespace(x=[1]) %}{% for i in range(99) %}{% set n.x = n.x + n.x %}{% endfor %}",
                       "a list of"),
    "a tree of lists": ("{% set n = namespace(x=[1]) %}{% for i in range(99) %}{% set n.x = [n.x, n.x] %}{% endfor %}"
                        "{{ n.x }}", "a list of"),
    "a tree of mappings": ("{% set n = namespace(x=1) %}{% for i in range(99) %}{% set n.x = dict(a=n.x, b=n.x) %}"
                           "{% endfor %}{{ n.x }}", "a list of"),
    "a namespace in itself": ("{% set n = namespace() %}{% set n.x = n %}{{ [n] }}", "a list of"),
    "padding": ("{{ 'a' | center(10 ** 9) }}", "a width of 1,000,000,000"),
    "padding by %": ("{{ '%999999999d' % 1 }}", "a width of 999,999,999"),
    "padding by a star": ("{{ '%*d' % (999999999, 1) }}", "written as *"),
    "padding by the filter format": ("{{ '%.999999999f' | format(1) }}", "a width of"),
    "padding by str.format": ("{{ '{:>999999999}'.format(1) }}", "a width of"),
    "padding by a nested field": ("{{ '{:>{w}}'.format(1, w=999999999) }}", "a width of"),
    "padding of a batch": ("{{ [1] | batch(10 ** 9, 'x') | list }}", "a width of"),
    "slices": ("{{ [1] | slice(10 ** 9) | list }}", "a width of"),
    "indentation": ("{{ 'a\nb' | indent(10 ** 9) }}", "a width of"),
    "JSON's indentation": ("{{ [1] | tojson(10 ** 9) }}", "a width of"),
    "digits": ("{{ 1 | number(10 ** 9) }}", "a width of"),
    "digits by name": ("{{ 1 | number(digits=10 ** 9) }}", "a width of"),
    "rounding": ("{{ 1.5 | round(10 ** 9, 'ceil') }}", "a width of"),
    "loops in loops": ("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
                       "computes too much"),
    "loops that choose nothing": ("{% for a in range(99999) %}{% for b in range(99999) if false %}{% endfor %}"
                                  "{% endfor %}", "computes too much"),
    "searching": ("{% set x = range(99999) | list %}{% for a in range(99999) %}{{ 'a' in x }}{% endfor %}",
                  "computes too much"),
    "slicing": ("{% set x = 'a' * 999999 %}{% for a in range(99999) %}{% set y = x[1:] %}{% endfor %}",
                "computes too much"),
    "filtering": ("{% set x = 'a' * 999999 %}{% for a in range(99999) %}{% set y = x | upper %}{% endfor %}",
                  "computes too much"),
    "printing": ("{% set x = 'a' * 999999 %}{% for a in range(99999) %}{{ x }}{% endfor %}", "a text of"),
    "a macro that calls itself": ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "without end"),
    "a macro that calls itself twice": ("{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}"
                                        "{% endmacro %}{{ m(99) }}", "computes too much"),
    "a block that runs itself": ("{% block a %}{{ self.a() }}{% endblock %}", "without end"),
    "a file that includes itself": ('{% include "slides.fr.md.j2" %}', "without end"),
    "a loop that calls itself": ("{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}", "without end"),
    "engine on many numbers": ("{{ engine.relu(range(10001) | list) }}", "takes at most 10,000 numbers at once"),
    "engine on many numbers in two lists": ("{% set x = range(6000) | list %}{{ engine.linear(x, [x]) }}",
                                            "takes at most 10,000"),
    "engine on a list of lists": ("{% set n = namespace(x=1) %}{% for i in range(13) %}{% set n.x = [n.x, n.x] %}"
                                  "{% endfor %}{{ engine.relu(n.x) }}", "takes at most 10,000"),
    "engine again and again": ("{% for i in range(20000) %}{{ engine.conv2d_output_size(9, 3) }}{% endfor %}",
                               "computes too much"),
    "engine's padding": ("{{ engine.conv2d([[1]], [[1]], padding=10 ** 9) }}", "padding must be at most 100"),
    "engine's padding of one side": ("{{ engine.conv2d([[1]], [[1]], padding=[[0, 10 ** 9], [0, 0]]) }}",
                                     "padding must be at most 100"),
    "engine's stride": ("{{ engine.conv2d([[1]], [[1]], stride=10 ** 9) }}", "stride must be at most 100"),
    "engine's window": ("{{ engine.max_pool2d([[1]], 10 ** 9) }}", "kernel_size must be at most 100"),
    "engine's dilation": ("{{ engine.conv2d([[1, 2], [3, 4]], [[1, 2], [3, 4]], dilation=10 ** 9) }}", "at most 100"),
    "engine's kernel": ("{% set x = range(2400) | batch(1) | list %}{{ engine.conv2d(x, x, padding=100) }}",
                        "computes too much"),
    "engine's whole number": ("{{ engine.conv2d_parameters(9 ** 999, 1, 1) }}", "in_channels must be"),
    "brackets": ("{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}", "too many brackets"),
    "lists in lists": ("{{ " + "[" * 100 + "1" + "]" * 100 + " }}", "too many brackets"),
    "operators": ("{{ " + "+".join("1" * 300) + " }}", "too many brackets, operators"),
    "conditions": ("{% if a %}" * 100 + "{% endif %}" * 100, "too many brackets, operators or blocks"),
    "loops": ("{% for a in [1] %}" * 30 + "{% endfor %}" * 30, "more than 15 loops"),
}  # fmt: skip


@pytest.mark.parametrize("bomb", BOMBS)
def test_what_would_never_end_is_refused(folder: Path, bomb: str, refused: Callable) -> None:
    text, message = BOMBS[bomb]
    fault = refused(folder, "\n" + text)
    assert message in fault.message, fault
    assert fault.path.name == "slides.fr.md.j2"
    assert fault.line == (3 if bomb == "indentation" else 2) or (bomb == "a file that includes itself")


def test_files_that_include_each_other_without_end(folder: Path, refused: Callable) -> None:
    fault = refused(folder, '{% include "part.md" %}', **{"part.md": '{% include "slides.fr.md.j2" %}'})
    assert "without end" in fault.message


def test_a_template_that_is_too_large(folder: Path, refused: Callable) -> None:
    (folder / "large.md").write_bytes(b"a" * 10_000_001)
    assert "'large.md' has 10,000,001 bytes" in refused(folder, '\n{% include "large.md" %}').message

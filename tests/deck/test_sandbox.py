"""What a template cannot do, whoever wrote it: reach Python, leave its folder, never end."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

import deck as slides
from deck import Facts, Image
from deck.places import inside, parameters_inside

CANARY = "canary"
OPEN = "open('canary', 'w')"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A deck's folder beside a secret; a payload that ran would leave a canary in the current folder."""
    deck = tmp_path / "deck"
    deck.mkdir()
    (tmp_path / "secret.md").write_text("SECRET")
    (deck / "link.md").symlink_to(tmp_path / "secret.md")
    (deck / "links").symlink_to(tmp_path)
    monkeypatch.chdir(tmp_path)
    yield deck
    assert not (tmp_path / CANARY).exists()
    assert not (deck / CANARY).exists()


def figure(name: str, **parameters: object) -> Image:
    """As the build hands it in: a Python function with globals of its own."""
    return Image(f"images/{name}.svg", "alt", 10, 20, Facts(name, {"output": [1, 2], "share": 0.5}))


def filled(folder: Path, text: str, **files: str) -> str:
    for name, content in {"slides.fr.md.j2": text, **files}.items():
        (folder / name).write_text(content, encoding="utf-8")
    template = slides.read(folder, "fr", {"number": lambda value, digits=0: f"{value:.{digits}f}"})
    known = {"figure": figure, "image": figure, "language": "fr"}
    slides.calls(template)
    if faults := slides.mistakes(template, known):
        raise slides.DeckError(faults)
    return slides.fill(template, known)


def refused(folder: Path, text: str, **files: str) -> slides.Fault:
    with pytest.raises(slides.DeckError) as caught:
        print(filled(folder, text, **files)[:500])
    assert len(caught.value.faults) == 1
    fault = caught.value.faults[0]
    assert fault.line, fault
    assert "Traceback" not in str(fault)
    assert "SECRET" not in str(fault)
    return fault


SUBCLASSES = "__class__.__mro__[1].__subclasses__()"
GLOBALS = f"__globals__['__builtins__']['eval'](\"{OPEN}\")"

# Known escapes from Jinja templates (PayloadsAllTheThings, HackTricks, the advisories of Jinja) in the shapes of a
# deck. Each is an expression.
EXPRESSIONS = {
    "class of a text": f"''.{SUBCLASSES}",
    "class of a number": "(1).__class__.__base__",
    "class of a list": "[].__class__.__base__.__subclasses__()",
    "class of a tuple": "().__class__.__bases__[0].__subclasses__()[40]('canary', 'w')",
    "class of a mapping": "{}.__class__.__mro__",
    "class by subscript": "''['__class__']['__mro__']",
    "class by a name put together": "''['__cla' ~ 'ss__']",
    "class by a name turned round": "''['__ssalc__'[::-1]]",
    "class by a name with escapes": "''['\\x5f\\x5fclass\\x5f\\x5f']",
    "class by a name joined": "''[['__', 'class', '__'] | join]",
    "class by a name formatted": "''['%sclass%s' | format('__', '__')]",
    "class by a name from a mapping": "''[dict(__class__=1) | list | first]",
    "filter attr": "'' | attr('__class__')",
    "filter attr with a joined name": "'' | attr(['__class', '__'] | join)",
    "filter attr on a function": "figure | attr('__globals__')",
    "filter map over an attribute": "[''] | map(attribute='__class__') | list",
    "filter map to attr": "[''] | map('attr', '__class__') | list",
    "filter map over a path": "[figure] | map(attribute='__globals__.os') | list",
    "filter sort by an attribute": "['', 'a'] | sort(attribute='__class__')",
    "filter groupby an attribute": "[''] | groupby('__class__')",
    "filter sum of an attribute": "[''] | sum(attribute='__class__')",
    "filter selectattr": "[''] | selectattr('__class__') | list",
    "filter join of an attribute": "[''] | join(',', attribute='__class__')",
    "filter unique by an attribute": "[figure] | unique(attribute='__globals__') | list",
    "filter max by an attribute": "[figure] | max(attribute='__code__.co_consts')",
    "filter xmlattr": "{'a b': '1'} | xmlattr",
    "filter pprint": "self | pprint",
    "filter random": "[1, 2] | random",
    "format of an attribute": "'{0.__class__}'.format('')",
    "format of globals": "'{f.__globals__}'.format(f=figure)",
    "format of an item": "'{0[__class__]}'.format('')",
    "format by automatic number": "'{.__class__.__mro__}'.format('')",
    "format_map": "'{a.__class__}'.format_map({'a': ''})",
    "format kept": "('{0.__class__}'.format)('')",
    "format by subscript": "'{0.__class__}'['format']('')",
    "format in a nested width": "'{:{0.__class__}}'.format('')",
    "format of a safe text": "('{0.__class__}' | e).format('')",
    "globals of figure": f"figure.{GLOBALS}",
    "globals of image": f"image.{GLOBALS}",
    "code of figure": "figure.__code__",
    "defaults of figure": "figure.__defaults__",
    "closure of figure": "figure.__closure__",
    "globals of a method": f"figure('a').scaled.__func__.{GLOBALS}",
    "named tuple's private method": "figure('a')._replace(src='x')",
    "named tuple's mapping": "figure('a')._asdict()",
    "named tuple's class": "figure('a').__class__.__init__.__globals__",
    "facts' class": "figure('a').facts.__class__",
    "facts' class by subscript": "figure('a').facts['__class__']",
    "facts' method": f"figure('a').facts.__missing__.{GLOBALS}",
    "facts changed": "figure('a').facts.update(output=3)",
    "facts' list changed": "figure('a').facts.output.append(3)",
    "cycler": f"cycler.__init__.{GLOBALS}",
    "cycler's own": f"cycler('a').next.__func__.{GLOBALS}",
    "joiner": f"joiner.__init__.{GLOBALS}",
    "namespace": f"namespace.__init__.{GLOBALS}",
    "namespace's own": "namespace().__init__.__globals__",
    "lipsum": f"lipsum.{GLOBALS}",
    "dict": "dict.__base__.__subclasses__()",
    "dict's mro": "dict.mro()",
    "dict's fromkeys": "dict.fromkeys('ab')",
    "range": f"range.{GLOBALS}",
    "self": f"self.__init__.{GLOBALS}",
    "self's context": "self._TemplateReference__context.environment",
    "self by subscript": "self['_TemplateReference__context']",
    "self shown": "self",
    "undefined variable": f"nobody.__init__.{GLOBALS}",
    "undefined attribute": f"''.nobody.__init__.{GLOBALS}",
    "config": "config.items()",
    "request": "request.application.__globals__",
    "get_flashed_messages": "get_flashed_messages.__globals__",
    "url_for": "url_for.__globals__.current_app",
    "builtins": "__builtins__",
    "import": "__import__('os').system('touch canary')",
    "open": OPEN,
    "self of a method": "''.upper.__self__.__class__",
    "a method's module": "''.upper.__objclass__",
    "mro": "''.mro",
    "encode": "'a'.encode()",
    "translate": "'a'.translate({97: 'b'})",
    "generator's frame": "([1] | map('string')).gi_frame.f_globals",
    "generator's code": "([1] | map('string')).gi_code",
    "generator's frame by subscript": "([1] | select)['gi_frame']['f_back']",
    "number's bytes": "(1).to_bytes(4)",
    "test of an attribute": "''.__class__ is defined",
    "default of an attribute": "''.__class__ | default('x')",
    "in a condition": "'a' if ''.__class__ else 'b'",
    "in an argument": "figure(''.__class__)",
    "in a constant argument": "figure('a', x=('' | attr('__class__')))",
    "in a starred argument": "dict(**''.__class__.__dict__)",
    "a text called": "'a'()",
    "a class called": "figure('a').facts.output.__class__('x')",
    "a function shown": "figure",
    "a generator shown": "[1] | map('string')",
    "a function in a text": "'%s' ~ figure",
}


@pytest.mark.parametrize("payload", EXPRESSIONS)
def test_no_expression_gets_out(folder: Path, payload: str) -> None:
    fault = refused(folder, f"# Titre\n\n{{{{ {EXPRESSIONS[payload]} }}}}\n")
    assert (fault.path.name, fault.line) == ("slides.fr.md.j2", 3)


# The same where an expression stands elsewhere than in {{ }}: in what slides.fr.md.j2 and its parts are made of.
ESCAPE = f"''.{SUBCLASSES}"
SHAPES = {
    "set": (f"\n{{% set x = {ESCAPE} %}}", {}, "slides.fr.md.j2", 2),
    "set block": (f"\n{{% set x %}}\n{{{{ {ESCAPE} }}}}{{% endset %}}", {}, "slides.fr.md.j2", 3),
    "set of a namespace": (f"{{% set n = namespace() %}}\n{{% set n.x = {ESCAPE} %}}", {}, "slides.fr.md.j2", 2),
    "do": (f"\n{{% do {ESCAPE} %}}", {}, "slides.fr.md.j2", 2),
    "if": (f"\n{{% if {ESCAPE} %}}x{{% endif %}}", {}, "slides.fr.md.j2", 2),
    "for": (f"\n{{% for c in {ESCAPE} %}}{{{{ c }}}}{{% endfor %}}", {}, "slides.fr.md.j2", 2),
    "for with a condition": (f"{{% for c in [1] if\n{ESCAPE} %}}{{{{ c }}}}{{% endfor %}}", {}, "slides.fr.md.j2", 2),
    "loop": ("{% for c in [1] %}\n{{ loop.__init__.__globals__ }}{% endfor %}", {}, "slides.fr.md.j2", 2),
    "loop's iterator": ("{% for c in [1] %}\n{{ loop._iterator }}{% endfor %}", {}, "slides.fr.md.j2", 2),
    "with": (f"\n{{% with x = {ESCAPE} %}}{{{{ x }}}}{{% endwith %}}", {}, "slides.fr.md.j2", 2),
    "filter block": (f"{{% filter upper %}}\n{{{{ {ESCAPE} }}}}{{% endfilter %}}", {}, "slides.fr.md.j2", 2),
    "filter block's filter": ("\n{% filter attr('__class__') %}x{% endfilter %}", {}, "slides.fr.md.j2", 2),
    "macro": (f"{{% macro m(x) %}}\n{{{{ x.{SUBCLASSES} }}}}{{% endmacro %}}\n{{{{ m('') }}}}", {},
              "slides.fr.md.j2", 2),
    "macro's default": (f"\n{{% macro m(x={ESCAPE}) %}}{{{{ x }}}}{{% endmacro %}}{{{{ m() }}}}", {},
                        "slides.fr.md.j2", 2),
    "macro's globals": ("{% macro m() %}{% endmacro %}\n{{ m.__init__.__globals__ }}", {}, "slides.fr.md.j2", 2),
    "macro's function": ("{% macro m() %}{% endmacro %}\n{{ m._func.__globals__ }}", {}, "slides.fr.md.j2", 2),
    "macro's environment": ("{% macro m() %}{% endmacro %}\n{{ m._environment }}", {}, "slides.fr.md.j2", 2),
    "call block": (f"{{% macro m() %}}{{{{ caller() }}}}{{% endmacro %}}\n{{% call m() %}}\n{{{{ {ESCAPE} }}}}"
                   "{% endcall %}", {}, "slides.fr.md.j2", 3),
    "caller's globals": ("{% macro m() %}\n{{ caller.__globals__ }}{% endmacro %}{% call m() %}{% endcall %}", {},
                         "slides.fr.md.j2", 2),
    "block": (f"{{% block a %}}\n{{{{ {ESCAPE} }}}}{{% endblock %}}", {}, "slides.fr.md.j2", 2),
    "block's context": ("{% block a %}{% endblock %}\n{{ self.a._context }}", {}, "slides.fr.md.j2", 2),
    "super": ('{% extends "b.md" %}{% block a %}\n{{ super.__globals__ }}{% endblock %}',
              {"b.md": "{% block a %}{% endblock %}"}, "slides.fr.md.j2", 2),
    "included file": ('{% include "part.md" %}', {"part.md": f"\n\n{{{{ {ESCAPE} }}}}"}, "part.md", 3),
    "included file, its name computed": ('{% include "part" ~ ".md" %}', {"part.md": f"\n{{{{ {ESCAPE} }}}}"},
                                         "part.md", 2),
    "file that is extended": ('{% extends "part.md" %}', {"part.md": f"\n{{{{ {ESCAPE} }}}}"}, "part.md", 2),
    "macro of another file": ('{% from "part.md" import m %}\n{{ m("") }}',
                              {"part.md": f"{{% macro m(x) %}}\n{{{{ x.{SUBCLASSES} }}}}{{% endmacro %}}"},
                              "part.md", 2),
    "another file's module": ('{% import "part.md" as part %}\n{{ part.__loader__ }}{{ part._body_stream }}',
                              {"part.md": ""}, "slides.fr.md.j2", 2),
    "a macro's safe text": ("{% autoescape true %}{% macro m() %}{0.__class__}{% endmacro %}\n{{ m().format('') }}"
                            "{% endautoescape %}", {}, "slides.fr.md.j2", 2),
    "a namespace that plays a function": ("\n{{ namespace(sandboxed_format=1, __call__=figure, __self__=self)('a') }}",
                                          {}, "slides.fr.md.j2", 2),
    "a namespace that plays a class": ("\n{% set n = namespace(__class__=1) %}{{ n.__class__ }}", {},
                                       "slides.fr.md.j2", 2),
    "a namespace's own names": ("\n{{ namespace()._Namespace__attrs }}", {}, "slides.fr.md.j2", 2),
    "an image's name as a file": ('\n{% include figure("a") %}', {}, "slides.fr.md.j2", 2),
    "a number as a file": ("\n{% include [1] %}", {}, "slides.fr.md.j2", 2),
    "another file as Python": ('\n{% import "os" as os %}{{ os.system("touch canary") }}', {}, "slides.fr.md.j2", 2),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_nor_does_one_in_a_block_a_macro_or_another_file(folder: Path, shape: str) -> None:
    text, files, name, line = SHAPES[shape]
    fault = refused(folder, text, **files)
    assert (fault.path.name, fault.line) == (name, line), fault


OUTSIDE = {
    "up": '{% include "../secret.md" %}',
    "up and up": '{% include "../../../../../../../../etc/passwd" %}',
    "absolute": '{% include "/etc/passwd" %}',
    "a link": '{% include "link.md" %}',
    "a link to a folder": '{% include "links/secret.md" %}',
    "down and up": '{% include "sub/../../secret.md" %}',
    "missing and ignored": '{% include "../secret.md" ignore missing %}',
    "computed": '{% include ".." ~ "/secret.md" %}',
    "computed, missing and ignored": '{% include ["." ~ "./secret.md", "link.md"] ignore missing %}',
    "from a list": '{% include ["nowhere.md", "link.md"] %}',
    "imported": '{% import "../secret.md" as secret %}{{ secret }}',
    "imported from": '{% from "../secret.md" import a %}',
    "extended": '{% extends "../secret.md" %}',
    "a device": '{% include "/dev/zero" %}',
    "a folder": '{% include "." %}',
    "a zero byte": '{% include "a\\x00b" %}',
}  # fmt: skip


@pytest.mark.parametrize("way", OUTSIDE)
def test_no_file_outside_of_the_deck_is_included(folder: Path, way: str) -> None:
    fault = refused(folder, "\n" + OUTSIDE[way])
    assert fault.line == 2, fault


def test_a_pipe_is_no_template(folder: Path) -> None:
    os.mkfifo(folder / "pipe.md")
    assert "'pipe.md' is no file" in str(refused(folder, '{% include "pipe.md" %}'))
    assert "'pipe.md' is no file" in str(refused(folder, '{% include "pipe" ~ ".md" %}'))


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
    "brackets": ("{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}", "too many brackets"),
    "lists in lists": ("{{ " + "[" * 100 + "1" + "]" * 100 + " }}", "too many brackets"),
    "operators": ("{{ " + "+".join("1" * 300) + " }}", "too many brackets, operators"),
    "conditions": ("{% if a %}" * 100 + "{% endif %}" * 100, "too many brackets, operators or blocks"),
    "loops": ("{% for a in [1] %}" * 30 + "{% endfor %}" * 30, "more than 15 loops"),
}  # fmt: skip


@pytest.mark.parametrize("bomb", BOMBS)
def test_what_would_never_end_is_refused(folder: Path, bomb: str) -> None:
    text, message = BOMBS[bomb]
    fault = refused(folder, "\n" + text)
    assert message in fault.message, fault
    assert fault.path.name == "slides.fr.md.j2"
    assert fault.line == (3 if bomb == "indentation" else 2) or (bomb == "a file that includes itself")


def test_files_that_include_each_other_without_end(folder: Path) -> None:
    fault = refused(folder, '{% include "part.md" %}', **{"part.md": '{% include "slides.fr.md.j2" %}'})
    assert "without end" in fault.message


def test_a_template_that_is_too_large(folder: Path) -> None:
    (folder / "large.md").write_bytes(b"a" * 10_000_001)
    assert "'large.md' has 10,000,001 bytes" in refused(folder, '\n{% include "large.md" %}').message


MESSAGES = {
    "{{ figure('a').__class__ }}": "'__class__' is Python's own and not for templates",
    "{{ 'a'.uper() }}": "has no attribute 'uper'",
    "{{ 'a'.encode() }}": "'encode' of a text is not for templates; there are cap",
    "{{ [1].append(2) }}": "'append' is not for templates, where lists and mappings do not change; write "
                           "{% set … = xs + [x] %}",
    "{{ figure('a').count(1) }}": "'count' of an image is not for templates; there are alt, facts, height, scaled",
    "{{ [1] | map('string') }}": "a generator cannot be shown; if it holds a list, add | list or | join(', ')",
    "{{ figure }}": "'figure' is a function: call it",
    "{{ 'a'() }}": "a text cannot be called in a template",
}


@pytest.mark.parametrize("text", MESSAGES)
def test_a_refusal_tells_what_to_write_instead(folder: Path, text: str) -> None:
    assert MESSAGES[text] in refused(folder, text).message


USUAL = {
    "{{ 'abc' | upper }} {{ 'a-b'.split('-') | join('+') }} {{ 'Année 2026 : %d' % 3 }}": "ABC a+b Année 2026 : 3",
    "{{ '{:>5.1f}|{a}'.format(1.25, a='é') }} {{ '%.2f' | format(0.5) }}": "  1.2|é 0.50",
    "{{ figure('a').facts.output[1] }} {{ figure('a').facts['share'] }} {{ figure('a').scaled(5).height }}": "2 0.5 10",
    "{% for k, v in {'a': 1, 'b': 2}.items() %}{{ loop.index }}{{ k }}{{ v }}{{ ', ' if not loop.last }}{% endfor %}":
        "1a1, 2b2",
    "{% set n = namespace(t=0) %}{% for i in range(99999) %}{% set n.t = n.t + i %}{% endfor %}{{ n.t }}": "4999850001",
    "{% macro m(x) %}<{{ x }}{{ caller() }}>{% endmacro %}{% call m(1) %}c{% endcall %}": "<1c>",
    "{% for x in [1, [2, [3]]] recursive %}{{ loop(x) if x is sequence else x }}{% endfor %}": "123",
    "{% block a %}x{% endblock %}{{ self.a() }}": "xx",
    "{% set c = cycler('a', 'b') %}{{ c.next() }}{{ c.next() }}{{ c.next() }}": "aba",
    "{% set j = joiner() %}{{ j() }}a{{ j() }}b": "a, b",
    "{{ [{'n': 2}, {'n': 1}] | sort(attribute='n') | map(attribute='n') | list }}": "[1, 2]",
    "{{ 2 ** 10 }} {{ 7 // 2 }} {{ [1, 2] + [3] }} {{ 'ab' * 2 }} {{ 3 in [1, 3] }} {{ 'abc'[1:] }}":
        "1024 3 [1, 2, 3] abab True bc",
    "{% for g in [{'n': 1, 's': 'a'}, {'n': 1, 's': 'b'}] | groupby('n') %}{{ g.grouper }}:{{ g.list | length }}"
    "{% for k, v in g.list[0] | dictsort %}{{ k }}{{ v }}{% endfor %}{% endfor %}": "1:2n1sa",
    "{{ none }} {{ true }} {{ (1, 'a') }} {{ {'a': 1} }}": "None True (1, 'a') {'a': 1}",
    "{% do figure('a') %}{{ '<' | e }}{{ 'a' ~ 1 ~ none }}": "&lt;a1None",
    "{{ " + "~".join("1" * 300) + " }}": "1" * 300,
}  # fmt: skip


@pytest.mark.parametrize("text", USUAL)
def test_what_decks_do_is_allowed(folder: Path, text: str) -> None:
    assert filled(folder, text) == USUAL[text]


def test_macros_and_modules_of_other_files(folder: Path) -> None:
    files = {"m.md": "{% set a = 3 %}{% macro m(x) %}{{ figure(x) }}{% endmacro %}"}
    text = '{% import "m.md" as m %}{{ m.a }}{{ m.m("z") }}{% include "./part.md" %}'
    assert filled(folder, text, **files, **{"part.md": "é"}).startswith('3<img src="images/z.svg"')


def test_one_filling_takes_nothing_from_the_next(folder: Path) -> None:
    (folder / "slides.fr.md.j2").write_text("{% for i in range(90000) %}{% endfor %}")
    template = slides.read(folder, "fr", {})
    for _ in range(15):
        assert slides.fill(template, {}) == ""


def test_a_path_is_inside_when_its_links_followed_it_is(folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "near").symlink_to(folder / "sub")
    (folder / "round").symlink_to(folder / "round")
    assert inside(folder, "sub/../a.png") == folder.resolve() / "a.png"
    assert inside(folder, "near/a.png") == folder.resolve() / "sub" / "a.png"
    for name in ("../secret.md", "/etc/passwd", "link.md", "links/secret.md", ".."):
        with pytest.raises(ValueError, match="lies outside of the deck's folder"):
            inside(folder, name)
    with pytest.raises(ValueError, match="is no path"):
        inside(folder, "a\0b")
    assert "SECRET" not in str(refused(folder, '\n{% include "round" %}'))


def test_figures_are_given_files_of_the_deck_only(folder: Path) -> None:
    (folder / "mine.png").touch()
    (folder.parent / "theirs.png").touch()
    parameters_inside(folder, {"image": "mine.png", "word": "paper", "grid": [[1.5]], "s": "0.5", "t": "nobody.png"})
    for value in ("../secret.md", "/etc/hosts", "theirs.png", "link.md", "links/theirs.png"):
        for parameter in (value, [value], {"a": (value,)}):
            with pytest.raises(ValueError, match=r"image: .* (lies outside|is a file of the current folder)"):
                parameters_inside(folder, {"image": parameter})

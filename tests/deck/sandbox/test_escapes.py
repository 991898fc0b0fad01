"""Known ways out of a template into Python, as expressions: none of them leads anywhere."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

import jinja2
import pytest

OPEN = "open('canary', 'w').close()"
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
    "engine's class": "engine.__class__.__init__.__globals__",
    "engine's class by subscript": "engine['__class__']",
    "engine's class by attr": "engine | attr('__class__')",
    "engine's table": "engine._functions",
    "engine's table by subscript": "engine['_functions']",
    "engine's own method": "engine.names()",
    "engine's own method by subscript": "engine['names']()",
    "engine shown": "engine",
    "engine listed": "engine | list",
    "engine as a mapping": "dict(engine)",
    "engine unpacked": "dict(**engine)",
    "engine counted through": "engine[0]",
    "engine by a slice": "engine[0:2]",
    "engine mapped over": "[engine] | map(attribute='relu._run') | list",
    "engine formatted": "'{0.relu}'.format(engine)",
    "engine formatted into its class": "'{0.__class__}'.format(engine)",
    "engine formatted into its table": "'{0[_functions]}'.format(engine)",
    "engine's module": "engine.numpy",
    "engine's import": "engine.import_module('os')",
    "engine's set_num_threads": "engine.set_num_threads(1)",
    "a function of engine shown": "engine.relu",
    "a function of engine in a text": "'' ~ engine.relu",
    "globals of a function of engine": f"engine.relu.{GLOBALS}",
    "what a function of engine runs": "engine.relu._run(1)",
    "what a function of engine runs, by subscript": "engine.relu['_run']",
    "a function of engine by its method": "engine.relu.called(1, (), {})",
    "signature of a function of engine": "engine.relu.__signature__",
    "wrapped by a function of engine": "engine.conv2d.__wrapped__",
    "engine given to itself": "engine.relu(engine)",
    "a function given to engine": "engine.relu(figure)",
    "a function of engine given to engine": "engine.derivative(engine.relu, 1)",
    "an image given to engine": "engine.relu(figure('a'))",
    "facts given to engine": "engine.relu(figure('a').facts)",
    "a text given to engine": "engine.relu('/etc/passwd')",
    "a name given to engine": "engine.derivative('__class__', 1)",
    "an attribute given to engine": "engine.derivative('relu.__class__', 1)",
    "the budget given to engine": "engine.relu(spend=figure, x=1)",
    "out given to engine": "engine.relu([1.0], out=[2.0])",
    "a result of engine changed": "engine.relu([1]).append(2)",
    "a result of engine's class": "engine.relu([1]).__class__",
    "a result of engine's array": "engine.relu([1]).base",
    "a result of engine's bytes": "engine.relu(1).tobytes()",
}


@pytest.mark.parametrize("payload", EXPRESSIONS)
def test_no_expression_gets_out(folder: Path, payload: str, refused: Callable) -> None:
    fault = refused(folder, f"# Titre\n\n{{{{ {EXPRESSIONS[payload]} }}}}\n")
    assert (fault.path.name, fault.line) == ("slides.fr.md.j2", 3)


def test_many_of_these_do_get_out_of_jinja_itself(folder: Path) -> None:
    """Otherwise nothing would be held here."""
    environment, out = jinja2.Environment(), set()
    for name, payload in EXPRESSIONS.items():
        with contextlib.suppress(Exception):  # of those that are refused, or were written for another machine
            environment.from_string("{{ " + payload + " }}").render(figure=environment.from_string, image=folder.glob)
            out.add(name)
    assert len(out) > 30
    assert (folder.parent / "canary").exists()
    (folder.parent / "canary").unlink()

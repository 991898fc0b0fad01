"""The ways out of a template again, in blocks, macros and other files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

SUBCLASSES = "__class__.__mro__[1].__subclasses__()"
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
def test_nor_does_one_in_a_block_a_macro_or_another_file(folder: Path, shape: str, refused: Callable) -> None:
    text, files, name, line = SHAPES[shape]
    fault = refused(folder, text, **files)
    assert (fault.path.name, fault.line) == (name, line), fault

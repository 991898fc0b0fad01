"""The checks that a template's syntax tree gets before it is compiled, where Jinja offers no place for them."""

from __future__ import annotations

from typing import Any, TypeVar

from jinja2 import TemplateSyntaxError, nodes
from jinja2.visitor import NodeTransformer

# Python reads 200 brackets, 100 indented blocks and 20 loops in one another.
DEPTH, LOOPS = 80, 15
Body = TypeVar("Body", nodes.For, nodes.Macro, nodes.CallBlock, nodes.Block)


class Guards(NodeTransformer):
    """Counts each turn of a loop and each run of a macro or block; weighs what is put together, cut and compared."""

    def __init__(self) -> None:
        self.depth = self.loops = 0

    def visit(self, node: nodes.Node, *arguments: Any, **named: Any) -> Any:
        """Refuse what Python itself could not read once Jinja has translated it."""
        loop = isinstance(node, nodes.For)
        self.depth, self.loops = self.depth + 1, self.loops + loop
        if self.depth > DEPTH or self.loops > LOOPS:
            what = f"more than {LOOPS} loops" if loop else "too many brackets, operators or blocks"
            raise TemplateSyntaxError(f"{what} in one another; divide them with {{% set %}} or a macro", node.lineno)
        try:
            return super().visit(node, *arguments, **named)
        finally:
            self.depth, self.loops = self.depth - 1, self.loops - loop

    def _counted(self, node: Body) -> Body:
        self.generic_visit(node)
        if isinstance(node, nodes.For):
            node.iter = _unless_constant(node.iter)  # what `if` leaves out takes no turn
        node.body.insert(0, _turn(node.lineno))
        return node

    visit_For = visit_Macro = visit_CallBlock = visit_Block = _counted  # noqa: N815 (the visitor's own names)

    def visit_With(self, node: nodes.With) -> list[nodes.Node]:  # noqa: N802
        """Jinja notes no line for it, and would tell a fault at the line before."""
        self.generic_visit(node)
        return [_turn(node.lineno), node]

    def visit_Concat(self, node: nodes.Concat) -> Any:  # noqa: N802
        """`a ~ b`, which Jinja lets no sandbox intercept."""
        self.generic_visit(node)
        return _call("joined", node.nodes).set_lineno(node.lineno)

    def _weighed(self, node: nodes.Expr) -> nodes.Node:
        self.generic_visit(node)
        try:
            node.as_const()  # its size is that of the file
        except nodes.Impossible:
            return node if getattr(node, "ctx", "load") == "store" else _call("weigh", [node]).set_lineno(node.lineno)
        return node

    visit_List = visit_Tuple = visit_Dict = _weighed  # noqa: N815

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:  # noqa: N802
        """`x in y`, `x == y`: as long as the longer of both."""
        self.generic_visit(node)
        node.expr = _unless_constant(node.expr)
        for operand in node.ops:
            operand.expr = _unless_constant(operand.expr)
        return node

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:  # noqa: N802
        """A slice, which does not pass the sandbox."""
        self.generic_visit(node)
        if isinstance(node.arg, nodes.Slice):
            node.node = _unless_constant(node.node)
        return node


def _unless_constant(node: Any) -> Any:
    return node if isinstance(node, nodes.Const) else _call("weigh", [node]).set_lineno(node.lineno)


def _turn(line: int) -> nodes.Node:
    return nodes.ExprStmt(_call("turn", [])).set_lineno(line)


def _call(name: str, arguments: list[Any]) -> Any:
    return nodes.Call(nodes.EnvironmentAttribute(name), arguments, [], None, None)

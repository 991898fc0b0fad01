"""Formulas without a branch, written into the kernels that call them by running them once.

numba takes a millisecond for each operation of a function that it compiles; running the function on numbers that note
what is done to them takes a hundredth of that. So a formula of exp or sin costs its callers next to nothing:

    @straight
    def something(x):
        return like(x, 2.0) * fma(x, _SERIES(x), _LN2(x))

Its arguments are float32, float64 or vectors of either, and integers; it may call intrinsics and other such formulas. A
Python number takes the type of the other side where that is a float64 or an integer, and in comparisons.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from types import FunctionType
from typing import Any, cast

from llvmlite import ir
from numba import types
from numba.core.extending import _Intrinsic, intrinsic
from numba.core.registry import cpu_target

from engine.compile import Function
from engine.precision import Formula, filled, scalar_of
from engine.vector_arithmetic import MASKS
from engine.vectors import SCALARS, Vector

_SOURCES: dict[Any, Callable[..., Any]] = {}  # of each formula, the Python function
_intrinsic: Any = intrinsic


def straight(function: Function) -> Function:
    """Make a Python function of numbers an intrinsic: what it computes becomes part of each kernel that calls it."""
    def typed(typingctx: Any, *given: Any) -> Any:
        # A rehearsal, whose instructions are thrown away, shows the type of the result.
        scene = ir.Function(ir.Module(), ir.FunctionType(ir.VoidType(), [_llvm(kind) for kind in given]), "rehearsal")
        result = _kind_of(_run(function, cpu_target.target_context, ir.IRBuilder(scene.append_basic_block()), given,
                               scene.args))

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            outcome = _run(function, context, builder, given, arguments)
            if isinstance(outcome, tuple):
                return context.make_tuple(builder, result, [part.value for part in outcome])
            return outcome.value

        return result(*given), generate

    own = inspect.signature(function)
    first = inspect.Parameter("typingctx", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    typed.__signature__ = own.replace(parameters=[first, *own.parameters.values()])  # type: ignore[attr-defined]
    typed.__name__, typed.__doc__ = function.__name__, function.__doc__
    formula = _intrinsic(typed)
    _SOURCES[formula] = function
    return cast(Function, formula)


def by_type(*, single: Formula, double: Formula) -> Formula:
    """A formula: `single` of a float32 or a vector of such, `double` of float64."""
    def chosen(x: Any) -> Any:
        return _rebound(single if scalar_of("by_type", x.kind) == types.float32 else double)(x)

    return cast(Formula, straight(chosen))


class _Noted:
    """A number of a formula: what is done to it becomes an LLVM instruction."""

    def __init__(self, context: Any, builder: Any, kind: Any, value: Any) -> None:
        self.context, self.builder, self.kind, self.value = context, builder, kind, value

    def like(self, kind: Any, value: Any) -> _Noted:
        return _Noted(self.context, self.builder, kind, value)

    def __bool__(self) -> bool:
        raise TypeError("a formula has no branches: take select")

    def __abs__(self) -> _Noted:
        kind, llvm = self.kind, self.value.type
        name = f"v{kind.count}{llvm.element.intrinsic_name}" if isinstance(kind, Vector) else llvm.intrinsic_name
        function = self.builder.module.declare_intrinsic(f"llvm.fabs.{name}", (), ir.FunctionType(llvm, [llvm]))
        return self.like(kind, self.builder.call(function, [self.value]))

    def __neg__(self) -> _Noted:
        return self.like(self.kind, self.builder.fneg(self.value))

    __hash__ = None  # type: ignore[assignment]


def _arithmetic(floating: str | None, whole: str | None, turned: bool) -> Any:
    def operate(self: _Noted, other: Any) -> _Noted:
        right = _beside(self, other)
        name = whole if isinstance(self.kind, types.Integer) else floating
        if right.kind != self.kind or name is None:
            raise TypeError(f"a formula has no operation of {self.kind} and {right.kind}")
        left, right = (right, self) if turned else (self, right)
        return self.like(self.kind, getattr(self.builder, name)(left.value, right.value))

    return operate


def _comparison(sign: str) -> Any:
    def compare(self: _Noted, other: Any) -> _Noted:
        if isinstance(other, float) and self.kind == types.float32:
            # As in Python: the wider type, in which the number of the program is exact.
            self = self.like(types.float64, self.builder.fpext(self.value, ir.DoubleType()))
        right = _constant(self, float(other)) if isinstance(self.kind, Vector) and isinstance(other, float) else (
            _beside(self, other))
        if right.kind != self.kind:
            raise TypeError(f"a formula compares numbers of one type, not {self.kind} and {right.kind}")
        if isinstance(self.kind, (types.Integer, types.Boolean)):
            return self.like(types.boolean, self.builder.icmp_signed(sign, self.value, right.value))
        order = self.builder.fcmp_unordered if sign == "!=" else self.builder.fcmp_ordered
        truth = MASKS[self.kind] if isinstance(self.kind, Vector) else types.boolean
        return self.like(truth, order(sign, self.value, right.value))

    return compare


for _name, _floating, _whole in (("add", "fadd", "add"), ("sub", "fsub", "sub"), ("mul", "fmul", "mul"),
                                 ("truediv", "fdiv", None), ("and", None, "and_")):
    setattr(_Noted, f"__{_name}__", _arithmetic(_floating, _whole, False))
    setattr(_Noted, f"__r{_name}__", _arithmetic(_floating, _whole, True))
for _name, _sign in (("lt", "<"), ("le", "<="), ("gt", ">"), ("ge", ">="), ("eq", "=="), ("ne", "!=")):
    setattr(_Noted, f"__{_name}__", _comparison(_sign))


def _beside(number: _Noted, other: Any) -> _Noted:
    """The other side of an operation: a number of the program in the type that it has in a kernel."""
    if isinstance(other, _Noted):
        return other
    if isinstance(number.kind, types.Integer):
        return number.like(number.kind, ir.Constant(number.value.type, int(other)))
    return number.like(types.float64, ir.Constant(ir.DoubleType(), float(other)))


def _constant(number: _Noted, value: float) -> _Noted:
    return number.like(number.kind, filled(number.kind, value, SCALARS[number.kind.scalar]))


def _llvm(kind: Any) -> Any:
    return cpu_target.target_context.get_value_type(kind)


def _kind_of(outcome: Any) -> Any:
    if not isinstance(outcome, tuple):
        return outcome.kind
    pair: Any = types.UniTuple
    return pair(outcome[0].kind, len(outcome))


def _run(function: Callable[..., Any], context: Any, builder: Any, kinds: Any, values: Any) -> Any:
    return _rebound(function)(*[_Noted(context, builder, kind, value)
                                for kind, value in zip(kinds, values, strict=True)])


@functools.cache
def _rebound(function: Callable[..., Any]) -> Callable[..., Any]:
    """The Python function of a formula, with all that it calls ready to take what notes."""
    plain = cast(FunctionType, _SOURCES.get(function, function))
    names = {name: _callable(plain.__globals__[name]) for name in plain.__code__.co_names if name in plain.__globals__}
    return FunctionType(plain.__code__, plain.__globals__ | names, plain.__name__, plain.__defaults__,
                        plain.__closure__)


def _callable(named: Any) -> Any:
    if not isinstance(named, _Intrinsic):
        return named
    # Late, since a formula may stand after those that call it.
    return (lambda *given: _rebound(named)(*given)) if named in _SOURCES else functools.partial(_called, named)


def _called(operation: Any, *given: Any) -> Any:
    """What an intrinsic gives: its instructions follow."""
    number = next(argument for argument in given if isinstance(argument, _Noted))
    noted = [argument if isinstance(argument, _Noted) else _literal(number, argument) for argument in given]
    signature, generate = operation._defn(cpu_target.typing_context, *(argument.kind for argument in noted))
    value = generate(number.context, number.builder, signature, [argument.value for argument in noted])
    kind = signature.return_type
    if isinstance(kind, types.UniTuple):
        return tuple(number.like(kind.dtype, number.builder.extract_value(value, i)) for i in range(kind.count))
    return number.like(kind, value)


def _literal(number: _Noted, value: float) -> _Noted:
    if isinstance(value, float):
        return number.like(types.float64, ir.Constant(ir.DoubleType(), value))
    return number.like(types.literal(value), ir.Constant(ir.IntType(64), value))

"""The memory of arrays, for use inside kernels: seen as one row, compared, or borrowed from the stack."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import types
from numba.extending import intrinsic

from engine.vectors import vector_of

STACK = 2048  # elements that `on_stack` gives


def populate(array: Any, **layout: Any) -> None:
    """Fill in a view of memory, with what numba loads only where something is compiled."""
    from numba.np import arrayobj

    fill: Any = arrayobj.populate_array
    fill(array, **layout)


def _flat(typingctx: Any, array: Any) -> Any:
    """The elements of an array of any number of axes as one row. It may not outlive the array."""
    kind = vector_of("flat", array)
    row = types.Array(kind.scalar, 1, "C")

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        given = context.make_array(array)(context, builder, arguments[0])
        result = context.make_array(row)(context, builder)
        size = context.get_constant(types.intp, 1)
        for axis in range(array.ndim):
            size = builder.mul(size, builder.extract_value(given.shape, axis))
        layout = {"shape": [size], "strides": [given.itemsize], "itemsize": given.itemsize}
        populate(result, data=given.data, meminfo=None, **layout)
        return result._getvalue()

    return row(array), generate


def _overlap(typingctx: Any, a: Any, b: Any) -> Any:
    """Whether two C-contiguous arrays share memory."""
    for array in (a, b):
        vector_of("overlap", array)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        ends = []
        for kind, value in zip(signature.args, arguments, strict=True):
            array, size = context.make_array(kind)(context, builder, value), context.get_constant(types.intp, 1)
            for axis in range(kind.ndim):
                size = builder.mul(size, builder.extract_value(array.shape, axis))
            pointers = array.data, builder.gep(array.data, [size])
            ends.append([builder.ptrtoint(pointer, size.type) for pointer in pointers])
        (first, end), (second, finish) = ends
        return builder.and_(builder.icmp_unsigned("<", first, finish), builder.icmp_unsigned("<", second, end))

    return types.boolean(a, b), generate


def _on_stack(typingctx: Any, array: Any) -> Any:
    """A row of STACK undefined elements like those of `array`, gone when the kernel returns.

    Memory from the heap costs a kernel as much as a hundred additions of vectors.
    """
    kind = vector_of("on_stack", array)
    row = types.Array(kind.scalar, 1, "C")

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        result, size = context.make_array(row)(context, builder), kind.scalar.bitwidth // 8
        with builder.goto_entry_block():
            memory = builder.alloca(kind.llvm.element, STACK)
        count, step = context.get_constant(types.intp, STACK), context.get_constant(types.intp, size)
        populate(result, data=memory, shape=[count], strides=[step], itemsize=step, meminfo=None)
        return result._getvalue()

    return row(array), generate


_intrinsic: Any = intrinsic
flat: Callable[[Any], Any] = _intrinsic(_flat)
overlap: Callable[[Any, Any], bool] = _intrinsic(_overlap)
on_stack: Callable[[Any], Any] = _intrinsic(_on_stack)

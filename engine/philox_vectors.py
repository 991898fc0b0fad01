"""Philox4x32-10 on vectors: eight blocks at once, for use inside kernels.

The 32-bit words of eight blocks lie in the lower halves of 64-bit lanes, where a product has room; upper halves hold
what is left of products, and nothing reads them. It is the cipher of engine/philox.py, to the bit, on any CPU.
A kernel draws 32 words, and decides, converts or stores them 16 at a time:

    for i in range(0, out.size, 32):
        some, others = eight_blocks(np.uint64(i // 4), stream, seed)
        store_words(out, i, some)
        store_words(out, i + 16, others)

An index is not checked: a caller makes sure that all lanes of it lie in the array, which must be C-contiguous.

References
----------
Salmon, Moraes, Dror & Shaw (2011), Parallel random numbers: as easy as 1, 2, 3, doi:10.1145/2063384.2063405.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.core.errors import TypingError
from numba.extending import intrinsic, models, register_model

from engine.vectors import SCALARS, VECTORS, Vector, address

DRAWN, HALF = 32, 16  # words of eight blocks, and words of a vector
ROUNDS = 10
MULTIPLIERS = 0xD2511F53, 0xCD9E8D57
KEY_STEPS = 0x9E3779B9, 0xBB67AE85

_I1, _I8, _I32, _I64 = (ir.IntType(bits) for bits in (1, 8, 32, 64))
_LANES = ir.VectorType(_I64, 8)


class Drawn(types.Type):
    """The numba type of a vector of 16: random words, or what was decided about each."""

    def __init__(self, name: str, element: Any) -> None:
        self.llvm = ir.VectorType(element, HALF)
        super().__init__(name=f"Drawn({name} x {HALF})")


@register_model(Drawn)
class _DrawnModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Drawn) -> None:
        super().__init__(manager, kind, kind.llvm)  # type: ignore[no-untyped-call]


WORDS, FLAGS = Drawn("uint32", _I32), Drawn("bool", _I1)


def _constant(values: Any, element: Any = _I64) -> Any:
    values = list(values)
    return ir.Constant(ir.VectorType(element, len(values)), values)


def _shuffled(builder: Any, a: Any, b: Any, order: Any) -> Any:
    return builder.shuffle_vector(a, b, _constant(order, _I32))


def _spread(builder: Any, value: Any, count: int) -> Any:
    undefined = ir.Constant(ir.VectorType(value.type, count), ir.Undefined)
    return _shuffled(builder, builder.insert_element(undefined, value, ir.Constant(_I32, 0)), undefined, [0] * count)


def _product(builder: Any, multiplier: int, lanes: Any) -> Any:
    """32 x 32 -> 64 bits: every CPU with vectors has an instruction that reads the lower halves alone."""
    return builder.mul(builder.and_(lanes, _constant([0xFFFFFFFF] * 8)), _constant([multiplier] * 8))


def _upper(builder: Any, lanes: Any) -> Any:
    return builder.lshr(lanes, _constant([32] * 8))


def _cipher(builder: Any, counter: list[Any], seed: Any) -> list[Any]:
    c0, c1, c2, c3 = counter
    keys = [builder.trunc(seed, _I32), builder.trunc(builder.lshr(seed, ir.Constant(_I64, 32)), _I32)]
    for _ in range(ROUNDS):
        k0, k1 = (_spread(builder, builder.zext(key, _I64), 8) for key in keys)
        p0, p1 = _product(builder, MULTIPLIERS[0], c0), _product(builder, MULTIPLIERS[1], c2)
        c0, c1, c2, c3 = (builder.xor(_upper(builder, p1), builder.xor(c1, k0)), p1,
                          builder.xor(_upper(builder, p0), builder.xor(c3, k1)), p0)
        keys = [builder.add(key, ir.Constant(_I32, step)) for key, step in zip(keys, KEY_STEPS, strict=True)]
    return [c0, c1, c2, c3]


def _in_order(builder: Any, lanes: list[Any]) -> list[Any]:
    """Words of four vectors, one for each place in a block, as two vectors in the order of blocks."""
    words = [builder.bitcast(vector, WORDS.llvm) for vector in lanes]
    # The lower half of a 64-bit lane is the even one of two words (little-endian, as x86-64 and arm64 are).
    pairs = [builder.bitcast(_shuffled(builder, a, b, [place for i in range(0, 16, 2) for place in (i, 16 + i)]), _LANES)
             for a, b in (words[:2], words[2:])]
    return [builder.bitcast(_shuffled(builder, *pairs, [place for i in range(start, start + 4) for place in (i, 8 + i)]),
                            WORDS.llvm) for start in (0, 4)]


def _eight_blocks(typingctx: Any, first: Any, stream: Any, seed: Any) -> Any:
    """The 32 words of blocks first to first + 7 in order, as two vectors of 16; all three are uint64."""
    if any(given != types.uint64 for given in (first, stream, seed)):
        raise TypingError(f"eight_blocks: three uint64, not {first}, {stream}, {seed}")
    result = types.UniTuple(WORDS, 2)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        number = builder.add(_spread(builder, arguments[0], 8), _constant(range(8)))
        channel = _spread(builder, arguments[1], 8)
        counter = [number, _upper(builder, number), channel, _upper(builder, channel)]
        return context.make_tuple(builder, result, _in_order(builder, _cipher(builder, counter, arguments[2])))

    return result(first, stream, seed), generate


def _at_least(typingctx: Any, words: Any, threshold: Any) -> Any:
    """Which of 16 words are not below the threshold, a uint32."""
    if words != WORDS or threshold != types.uint32:
        raise TypingError(f"at_least: words and a uint32, not {words}, {threshold}")

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.icmp_unsigned(">=", arguments[0], _spread(builder, arguments[1], HALF))

    return FLAGS(words, threshold), generate


def _store_words(typingctx: Any, array: Any, index: Any, words: Any) -> Any:
    """Write 16 words to the elements of a uint32 array that begin at `index`."""
    return _stored(types.uint32, WORDS, array, words, lambda builder, value: value)


def _store_flags(typingctx: Any, array: Any, index: Any, flags: Any) -> Any:
    """Write 16 decisions to the elements of a bool array that begin at `index`."""
    return _stored(types.boolean, FLAGS, array, flags,
                   lambda builder, value: builder.zext(value, ir.VectorType(_I8, HALF)))


def _stored(element: Any, kind: Any, array: Any, value: Any, converted: Callable[[Any, Any], Any]) -> Any:
    if not isinstance(array, types.Array) or (array.layout, array.dtype) != ("C", element) or value != kind:
        raise TypingError(f"a C-contiguous array of {element} and {kind}, not {array}, {value}")

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        vector = converted(builder, arguments[2])
        builder.store(vector, address(context, builder, array, arguments[0], arguments[1], vector.type),
                      align=max(1, element.bitwidth // 8 if element != types.boolean else 1))
        return context.get_dummy_value()

    return types.void(array, types.intp, kind), generate


def _store_kept(typingctx: Any, out: Any, index: Any, values: Any, flags: Any, scale: Any) -> Any:
    """out = values * scale where the flag is up, else 0, for the 16 elements that begin at `index`."""
    if out != values or flags != FLAGS or scale not in SCALARS or out.dtype != scale or out.layout != "C":
        raise TypingError(f"store_kept: two C-contiguous arrays of one float, flags, a number; not {out}, {values}")

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind, align = ir.VectorType(SCALARS[scale], HALF), scale.bitwidth // 8
        source, target = (address(context, builder, out, arguments[k], arguments[1], kind) for k in (2, 0))
        scaled = builder.fmul(builder.load(source, align=align), _spread(builder, arguments[4], HALF))
        # A choice and not a product: what is dropped is 0 even where the value was infinite.
        kept = builder.select(arguments[3], scaled, _constant([0.0] * HALF, SCALARS[scale]))
        builder.store(kept, target, align=align)
        return context.get_dummy_value()

    return types.void(out, types.intp, values, flags, scale), generate


def _units(typingctx: Any, words: Any) -> Any:
    """Eight float64 in [0, 1), multiples of 2**-53: word pairs, the upper 27 bits of one and 26 of the next."""
    kind: Vector = VECTORS[types.float64]

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pairs = builder.bitcast(arguments[0], _LANES)
        high = builder.lshr(builder.and_(pairs, _constant([0xFFFFFFFF] * 8)), _constant([5] * 8))
        low = builder.lshr(pairs, _constant([38] * 8))
        whole = builder.or_(builder.shl(high, _constant([26] * 8)), low)
        unit = ir.Constant(kind.llvm, [2.0**-53] * 8)
        return builder.fmul(builder.sitofp(whole, kind.llvm), unit)

    return kind(words), generate


def _word(typingctx: Any, words: Any, place: Any) -> Any:
    """One of 16 words, a uint32."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.extract_element(*arguments)

    return types.uint32(words, types.intp), generate


# What kernels call, and a type checker sees: without the context in which numba types them.
_intrinsic: Any = intrinsic
eight_blocks: Callable[[Any, Any, Any], tuple[Any, Any]] = _intrinsic(_eight_blocks)
at_least: Callable[[Any, Any], Any] = _intrinsic(_at_least)
store_words: Callable[[Any, int, Any], None] = _intrinsic(_store_words)
store_flags: Callable[[Any, int, Any], None] = _intrinsic(_store_flags)
store_kept: Callable[[Any, int, Any, Any, Any], None] = _intrinsic(_store_kept)
units: Callable[[Any], Any] = _intrinsic(_units)
word: Callable[[Any, int], Any] = _intrinsic(_word)

"""Philox4x32 on vectors: sixteen blocks at once, for use inside kernels.

The 32-bit words of sixteen blocks lie in the lower halves of 64-bit lanes, where a product has room; upper halves hold
what is left of products, and nothing reads them. It is the cipher of engine/philox.py, to the bit, on any CPU. A kernel
draws 64 words in the order of blocks, and stores them, turns them into numbers or decides by them:

    for i in range(0, out.size, 64):
        store_words(out, i, ten_rounds(first + np.uint64(i // 4), stream, seed))

An index is not checked: a caller makes sure that all lanes of it lie in the array, which must be C-contiguous.

References
----------
Salmon, Moraes, Dror & Shaw (2011), Parallel random numbers: as easy as 1, 2, 3, doi:10.1145/2063384.2063405.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from llvmlite import ir
from numba import types
from numba.core.errors import TypingError
from numba.extending import intrinsic, models, register_model

from engine.vectors import SCALARS, address

BLOCKS, DRAWN = 16, 64  # at once, and the words of as many
MULTIPLIERS = 0xD2511F53, 0xCD9E8D57
KEY_STEPS = 0x9E3779B9, 0xBB67AE85

_I32, _I64 = ir.IntType(32), ir.IntType(64)
_LANES, _HALVES = ir.VectorType(_I64, BLOCKS), ir.VectorType(_I32, 2 * BLOCKS)


class Drawn(types.Type):
    """The numba type of a vector of 64: random words, or what was decided about each element."""

    def __init__(self, name: str, bits: int) -> None:
        self.llvm = ir.VectorType(ir.IntType(bits), DRAWN)
        super().__init__(name=f"Drawn({name} x {DRAWN})")


@register_model(Drawn)
class _DrawnModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Drawn) -> None:
        super().__init__(manager, kind, kind.llvm)  # type: ignore[no-untyped-call]


WORDS, FLAGS = Drawn("uint32", 32), Drawn("bool", 1)


def _everywhere(value: Any, kind: Any) -> Any:
    return ir.Constant(kind, [value] * kind.count)


def _spread(builder: Any, value: Any, count: int) -> Any:
    undefined = ir.Constant(ir.VectorType(value.type, count), ir.Undefined)
    return _shuffled(builder, builder.insert_element(undefined, value, ir.Constant(_I32, 0)), undefined, [0] * count)


def _shuffled(builder: Any, a: Any, b: Any, order: Iterable[int]) -> Any:
    places = list(order)
    return builder.shuffle_vector(a, b, ir.Constant(ir.VectorType(_I32, len(places)), places))


def _product(builder: Any, multiplier: int, lanes: Any) -> Any:
    # 32 x 32 -> 64 bits: every CPU with vectors has an instruction that reads the lower halves alone.
    return builder.mul(builder.and_(lanes, _everywhere(0xFFFFFFFF, _LANES)), _everywhere(multiplier, _LANES))


def _upper(builder: Any, lanes: Any) -> Any:
    return builder.lshr(lanes, _everywhere(32, _LANES))


def _cipher(builder: Any, counter: list[Any], seed: Any, rounds: int) -> list[Any]:
    c0, c1, c2, c3 = counter
    keys = [builder.trunc(seed, _I32), builder.trunc(builder.lshr(seed, ir.Constant(_I64, 32)), _I32)]
    for _ in range(rounds):
        k0, k1 = (_spread(builder, builder.zext(key, _I64), BLOCKS) for key in keys)
        p0, p1 = _product(builder, MULTIPLIERS[0], c0), _product(builder, MULTIPLIERS[1], c2)
        c0, c1, c2, c3 = (builder.xor(_upper(builder, p1), builder.xor(c1, k0)), p1,
                          builder.xor(_upper(builder, p0), builder.xor(c3, k1)), p0)
        keys = [builder.add(key, ir.Constant(_I32, step)) for key, step in zip(keys, KEY_STEPS, strict=True)]
    return [c0, c1, c2, c3]


def _in_order(builder: Any, lanes: list[Any]) -> Any:
    """The words of four vectors, one for each place in a block, in the order of blocks."""
    words = [builder.bitcast(vector, _HALVES) for vector in lanes]
    # The lower half of a 64-bit lane is the even one of two words: x86-64 and arm64 are little-endian.
    even = [place for i in range(0, 2 * BLOCKS, 2) for place in (i, 2 * BLOCKS + i)]
    pairs = [builder.bitcast(_shuffled(builder, a, b, even), _LANES) for a, b in (words[:2], words[2:])]
    woven = _shuffled(builder, pairs[0], pairs[1], [place for i in range(BLOCKS) for place in (i, BLOCKS + i)])
    return builder.bitcast(woven, WORDS.llvm)


def _drawing(rounds: int) -> Callable[..., Any]:
    def typed(typingctx: Any, first: Any, stream: Any, seed: Any) -> Any:
        if any(given != types.uint64 for given in (first, stream, seed)):
            raise TypingError(f"the words of blocks: three uint64, not {first}, {stream}, {seed}")

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            number = builder.add(_spread(builder, arguments[0], BLOCKS), ir.Constant(_LANES, list(range(BLOCKS))))
            channel = _spread(builder, arguments[1], BLOCKS)
            counter = [number, _upper(builder, number), channel, _upper(builder, channel)]
            return _in_order(builder, _cipher(builder, counter, arguments[2], rounds))

        return WORDS(first, stream, seed), generate

    return typed


def _at_least(typingctx: Any, words: Any, threshold: Any) -> Any:
    """Which words are not below the threshold, a uint32."""
    if words != WORDS or threshold != types.uint32:
        raise TypingError(f"at_least: words and a uint32, not {words}, {threshold}")

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.icmp_unsigned(">=", arguments[0], _spread(builder, arguments[1], DRAWN))

    return FLAGS(words, threshold), generate


def _raised(typingctx: Any, flags: Any, place: Any) -> Any:
    """Whether one of the flags is up."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.trunc(builder.extract_element(_bytes(builder, arguments[0]), arguments[1]), ir.IntType(1))

    return types.boolean(flags, types.intp), generate


def _bytes(builder: Any, flags: Any) -> Any:
    return builder.zext(flags, ir.VectorType(ir.IntType(8), DRAWN))


def _store_words(typingctx: Any, array: Any, index: Any, words: Any) -> Any:
    """Write the words to the 64 elements of a uint32 array that begin at `index`."""
    return _stored(types.uint32, WORDS, array, words, lambda builder, value: value)


def _store_flags(typingctx: Any, array: Any, index: Any, flags: Any) -> Any:
    """Write the flags to the 64 elements of a bool array that begin at `index`."""
    return _stored(types.boolean, FLAGS, array, flags, _bytes)


def _store_units(typingctx: Any, array: Any, index: Any, words: Any) -> Any:
    """Write 32 numbers from [0, 1), multiples of 2**-53, each of 27 bits of a word and 26 of the next."""
    def units(builder: Any, value: Any) -> Any:
        lanes = ir.VectorType(_I64, DRAWN // 2)
        pairs, kind = builder.bitcast(value, lanes), ir.VectorType(ir.DoubleType(), lanes.count)
        # Bits 5 to 31 of the first word, the lower half, become 26 to 52; bits 6 to 31 of the second, 0 to 25.
        high = builder.shl(builder.and_(pairs, _everywhere(0xFFFFFFE0, lanes)), _everywhere(21, lanes))
        whole = builder.or_(high, builder.lshr(pairs, _everywhere(38, lanes)))
        return builder.fmul(builder.sitofp(whole, kind), _everywhere(2.0**-53, kind))

    return _stored(types.float64, WORDS, array, words, units)


def _stored(element: Any, kind: Drawn, array: Any, value: Any, converted: Callable[[Any, Any], Any]) -> Any:
    if not isinstance(array, types.Array) or (array.layout, array.dtype) != ("C", element) or value != kind:
        raise TypingError(f"a C-contiguous array of {element} and {kind}, not {array}, {value}")

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        vector = converted(builder, arguments[2])
        place = address(context, builder, array, arguments[0], arguments[1], vector.type)
        builder.store(vector, place, align=1 if element == types.boolean else element.bitwidth // 8)
        return context.get_dummy_value()

    return types.void(array, types.intp, kind), generate


def _store_kept(typingctx: Any, out: Any, index: Any, values: Any, flags: Any, scale: Any) -> Any:
    """out = values * scale where the flag is up, else 0, for the 64 elements that begin at `index`."""
    if out != values or flags != FLAGS or scale not in SCALARS or out.dtype != scale or out.layout != "C":
        raise TypingError(f"store_kept: two C-contiguous arrays of one float, flags, a number; not {out}, {values}")

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind, align = ir.VectorType(SCALARS[scale], DRAWN), scale.bitwidth // 8
        source, target = (address(context, builder, out, arguments[k], arguments[1], kind) for k in (2, 0))
        scaled = builder.fmul(builder.load(source, align=align), _spread(builder, arguments[4], DRAWN))
        # A choice and not a product: what is dropped is 0 even where the value was infinite.
        builder.store(builder.select(arguments[3], scaled, _everywhere(0.0, kind)), target, align=align)
        return context.get_dummy_value()

    return types.void(out, types.intp, values, flags, scale), generate


# What kernels call, and a type checker sees: without the context in which numba types them.
_intrinsic: Any = intrinsic
ten_rounds: Callable[[Any, Any, Any], Any] = _intrinsic(_drawing(10))
seven_rounds: Callable[[Any, Any, Any], Any] = _intrinsic(_drawing(7))
at_least: Callable[[Any, Any], Any] = _intrinsic(_at_least)
raised: Callable[[Any, int], bool] = _intrinsic(_raised)
store_words: Callable[[Any, int, Any], None] = _intrinsic(_store_words)
store_flags: Callable[[Any, int, Any], None] = _intrinsic(_store_flags)
store_units: Callable[[Any, int, Any], None] = _intrinsic(_store_units)
store_kept: Callable[[Any, int, Any, Any, Any], None] = _intrinsic(_store_kept)

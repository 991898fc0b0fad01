"""Philox4x32-10, for use inside kernels: a 128-bit counter and a 64-bit key become four random 32-bit words.

Here the key is the seed, the upper half of the counter is the stream and the lower half the number of the block.

References
----------
Salmon, Moraes, Dror & Shaw (2011), Parallel random numbers: as easy as 1, 2, 3, doi:10.1145/2063384.2063405.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.compile import kernel

# 32-bit words are held in 64-bit integers, the width that their products need.
M0, M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
W0, W1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
MASK, HALF = np.uint64(0xFFFFFFFF), np.uint64(32)

Word = Any  # inside a kernel: uint64, of which numpy's own annotations lose the width


@kernel
def philox(c0: Word, c1: Word, c2: Word, c3: Word, k0: Word, k1: Word) -> tuple[Word, Word, Word, Word]:
    """Four random 32-bit words for the counter (c0, c1, c2, c3) and the key (k0, k1), each a uint64 below 2**32."""
    for _ in range(10):
        p0, p1 = M0 * c0, M1 * c2
        c0, c1, c2, c3 = (p1 >> HALF) ^ c1 ^ k0, p1 & MASK, (p0 >> HALF) ^ c3 ^ k1, p0 & MASK
        k0, k1 = (k0 + W0) & MASK, (k1 + W1) & MASK
    return c0, c1, c2, c3


@kernel
def block(index: Word, stream: Word, seed: Word) -> tuple[Word, Word, Word, Word]:
    """The four words of block `index`; index, stream and seed are uint64."""
    return philox(index & MASK, index >> HALF, stream & MASK, stream >> HALF, seed & MASK, seed >> HALF)

"""Philox4x32-10 with plain integers, one run at a time, from ``docs/reference/arithmetic.md``, section 7."""

from __future__ import annotations

import unicodedata
from hashlib import blake2b

_MASK = 0xFFFFFFFF


def event_key(text: str) -> int:
    digest = blake2b(unicodedata.normalize("NFC", text).encode(), digest_size=8).digest()
    return sum(byte << (8 * place) for place, byte in enumerate(digest))


def block(counter: tuple[int, int, int, int], key: tuple[int, int]) -> tuple[int, int, int, int]:
    """The four words of one counter."""
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        p = 0xD2511F53 * c0
        q = 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (q >> 32) ^ c1 ^ k0, q & _MASK, (p >> 32) ^ c3 ^ k1, p & _MASK
        k0 = (k0 + 0x9E3779B9) & _MASK
        k1 = (k1 + 0xBB67AE85) & _MASK
    return c0, c1, c2, c3


def word(seed: int, stream: int, run: int, turn: int, key: int) -> int:
    counter = (run // 4, turn + 1, key & _MASK, key >> 32)
    return block(counter, (seed, stream))[run % 4]


def uniform(seed: int, stream: int, run: int, turn: int, key: int) -> float:
    return (word(seed, stream, run, turn, key) + 0.5) / 4294967296.0

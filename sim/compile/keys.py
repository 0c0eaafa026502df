"""Event keys: the addresses of luck that a scenario's ids give."""

from __future__ import annotations

import unicodedata
from hashlib import blake2b


def event_key(text: str) -> int:
    """The 64-bit key of an event `owner/id/bindings/purpose`: BLAKE2b-64 of the NFC text, little-endian."""
    normal = unicodedata.normalize("NFC", text)
    return int.from_bytes(blake2b(normal.encode(), digest_size=8).digest(), "little")

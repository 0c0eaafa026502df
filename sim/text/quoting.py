"""How a text is written in YAML on one line: plain where it would be read back as it is, else in quotes.

Plain is decided by the rules of `sim.text.scalars` (YAML 1.2: `NO` and `on` are words, `1e3` is a number)
and, for what may stand in a plain scalar at all, more strictly than YAML: what other readers dispute is
quoted.
"""

from __future__ import annotations

import math
import re
from typing import Final

from sim.text.scalars import resolve

_VISIBLE: Final = re.compile(
    "[\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]*"
)
_FIRST: Final = re.compile(r"[^-?:,\[\]{}#&*!|>'\"%@`\s]|-(?=[A-Za-z0-9_(.])")
_BREAKS: Final = re.compile(r": |:\Z| #|\A\.\.\.|\A<<\Z")
_BREAKS_IN_BRACKETS: Final = re.compile(r"[][{},:?]")
_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0"}


def one_line(text: str, *, in_brackets: bool = False) -> str:
    """The text as a scalar on one line that is read back as this very text."""
    if can_be_plain(text, in_brackets=in_brackets):
        return text
    if _VISIBLE.fullmatch(text) and re.search(r'["\\]', text) and "'" not in text:
        return f"'{text}'"
    return '"' + "".join(map(_escaped, text)) + '"'


def bracketed(value: object) -> str:
    """Plain data as YAML on one line: `{target: PRK, share: 0.4}`."""
    if isinstance(value, dict):
        entries = (f"{one_line(key, in_brackets=True)}: {bracketed(held)}" for key, held in value.items())
        return f"{{{', '.join(entries)}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(bracketed, value))}]"
    if isinstance(value, str):
        return one_line(value, in_brackets=True)
    if isinstance(value, float) and not math.isfinite(value):
        return ".nan" if math.isnan(value) else ".inf" if value > 0 else "-.inf"
    return "null" if value is None else str(value).lower()


def can_be_plain(text: str, *, in_brackets: bool = False) -> bool:
    """Whether the text may stand without quotes; in brackets (`[a, b]`, `{a: b}`) less may."""
    if not _FIRST.match(text) or text.endswith(" ") or not _VISIBLE.fullmatch(text) or _BREAKS.search(text):
        return False
    if in_brackets and _BREAKS_IN_BRACKETS.search(text):
        return False
    try:
        return isinstance(resolve(text), str)
    except ValueError:
        return False


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if _VISIBLE.fullmatch(character):
        return character
    code = ord(character)
    if code <= 0xFF:  # noqa: PLR2004 - two, four or eight digits
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004

"""What a plain scalar means: the core schema of YAML 1.2 (yaml.org/spec/1.2.2, section 10.3.2).

PyYAML follows YAML 1.1, in which Norway's `NO` is false, `1e3` is text, `010` is eight and `12:30` is
750. Here the words true and false alone are booleans, numbers look like numbers, and the rest is text.
"""

from __future__ import annotations

import re

_WORDS: dict[str, bool | None] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}

MAX_DIGITS = 250
"""Longest whole number read, in characters, so that any can be turned into a double."""

_SIGNED = re.compile(r"[-+][0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?")
_INFINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)")
_NOT_A_NUMBER = frozenset({".nan", ".NaN", ".NAN"})
_FIRST_OF_NUMBER = frozenset("+-.0123456789")
_FIRST_OF_WORD = frozenset(word[:1] for word in _WORDS)


def resolve(text: str) -> str | int | float | bool | None:
    """Return the value of a plain scalar written as `text`.

    Raises ValueError for a whole number of more than `MAX_DIGITS` characters.
    """
    first = text[:1]
    if first in _FIRST_OF_NUMBER:
        if text.isdecimal() and text.isascii():
            return _whole(text, 10)
        return _number(text)
    return _WORDS.get(text, text) if first in _FIRST_OF_WORD else text


def _number(text: str) -> str | int | float:
    if _FLOAT.fullmatch(text):
        return float(text)
    if _SIGNED.fullmatch(text):
        return _whole(text, 10)
    if _OCTAL.fullmatch(text) or _HEXADECIMAL.fullmatch(text):
        return _whole(text, 0)
    if _INFINITE.fullmatch(text):
        return float(text.replace(".", "", 1))
    return float("nan") if text in _NOT_A_NUMBER else text


def _whole(text: str, base: int) -> int:
    if len(text) > MAX_DIGITS:
        raise ValueError(f"a whole number of {len(text)} characters")
    return int(text, base)

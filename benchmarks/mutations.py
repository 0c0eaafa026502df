"""Ways to damage a scenario at random: its bytes, tokens, lines, expressions, and parts of its tree.

Everything is drawn from the `Random` that is given, so that an input can be made again from its number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from random import Random
from typing import Any, Final

import yaml

TOKEN: Final = re.compile(r"[A-Za-z_0-9.]+|\s+|[^\w\s]")
ODD: Final = [
    *"'\"{}[]:,#-\t\n|>%@`~&*!?",
    *("null", "true", "no", ".inf", ".nan", "1e400", "-0", "0x1f", "9" * 260, "**", "//", "lambda", "import"),
    *("\x1b", "\u202e", "\u00e9", "\u2028", "\U0001f600", "\u0660", "\u2460", "\uff21", "e\u0301", "\ufeff"),
    *("self", "target", "other", "actors", "any", "if", "else", "for", "in", "where", "each", "count", "<<"),
    *("-1", "1e308", "2024-02-30", "6 months", "{self", "{x:,.0f}", "0.1.2", "1_000", "a" * 5_000, "((((((("),
]
"""Tokens that mean something somewhere, or nothing anywhere."""
NUMBERS: Final[list[Any]] = [0, -1, 1e308, -1e308, 5e-324, float("nan"), float("inf"), 10**200, 2**63, 0.1]
VALUES: Final[list[Any]] = [None, True, "", [], {}, "x", [1], {"a": 1}, *NUMBERS, *ODD]
OPERATORS: Final = ("+", "-", "*", "/", "**", "<", ">=", "==", "!=", " and ", " or ", " if ", ",", "=", "+=")
MAX_BYTES: Final = 400_000
"""Damage that doubles a text over and over stops here."""


# Bytes


def broken_bytes(data: bytes, random: Random) -> bytes:
    """One stretch of bytes gone, doubled, turned or put in another encoding."""
    at = random.randrange(len(data) + 1)
    end = at + random.randrange(1, 60)
    match random.randrange(8):
        case 0:
            return data[:at] + data[end:]
        case 1:
            return data[:at] + data[at:end] * random.randrange(2, 30) + data[end:]
        case 2:
            return data[:at] + random.randbytes(random.randrange(1, 8)) + data[at:]
        case 3:
            turned = bytes(byte ^ (1 << random.randrange(8)) for byte in data[at : at + 1])
            return data[:at] + turned + data[at + 1 :]
        case 4:
            return data[:at]
        case 5:
            return (
                data[:at] + random.choice((b"\0", b"\r", b"\xef\xbb\xbf", b"\xff\xfe", b"\xc3")) + data[at:]
            )
        case 6:
            return data.decode("utf-8", "replace").encode(
                random.choice(("utf-16", "latin-1", "utf-7")), "replace"
            )
    other = random.randrange(len(data) + 1)
    return data[:at] + data[other : other + 200] + data[at:]


# Tokens and lines


def damaged(text: str, random: Random, tokens: Sequence[str]) -> str:
    """The text with one stretch, line or token gone, doubled, moved or replaced; `tokens` may stand in."""
    lines, parts = text.split("\n"), TOKEN.findall(text) or [""]
    line, other = random.randrange(len(lines)), random.randrange(len(lines))
    part, another = random.randrange(len(parts)), random.randrange(len(parts))
    at = random.randrange(len(text) + 1)
    match random.randrange(9):
        case 0:
            del lines[line]
        case 1:
            lines.insert(other, lines[line])
        case 2:
            lines[line], lines[other] = lines[other], lines[line]
        case 3:
            lines[line] = random.choice(("", " ", "  ", "    ")) + lines[line].lstrip(" ")
        case 4:
            parts[part] = random.choice(tokens)
        case 5:
            parts[part], parts[another] = parts[another], parts[part]
        case 6:
            parts.insert(part, random.choice(ODD))
        case 7:
            return text[:at] + text[at + random.randrange(1, 40) :]
        case 8:
            parts[part] = random.choice(ODD)
    return "\n".join(lines) if "\n".join(lines) != text else "".join(parts)


def mangled(source: str, random: Random) -> str:
    """An expression with an operator, a name or a bracket in the wrong place, or too much of it."""
    parts = TOKEN.findall(source) or ["1"]
    at = random.randrange(len(parts))
    match random.randrange(9):
        case 0:
            parts.insert(at, random.choice(OPERATORS))
        case 1:
            parts[at] = random.choice(OPERATORS)
        case 2:
            deep = random.choice((3, 40, 99, 100, 101, 300, 5_000))
            return "(" * deep + source + ")" * random.choice((deep, deep - 1))
        case 3:
            return random.choice(OPERATORS).join([source] * random.choice((2, 5, 60, 900)))
        case 4:
            function = random.choice(
                ("sum", "min", "mean", "any", "count", "lag", "happened", "clamp", "log", "oops")
            )
            return f"{function}({source}" + random.choice(
                (")", "", ", 1)", " for x in actors)", " for x in x)")
            )
        case 5:
            parts[at] = random.choice(ODD)
        case 6:
            del parts[at]
        case 7:
            return f"{source} if {source} else {source}"
        case 8:
            parts[at] = f"{parts[at]}[{random.choice(('self', 'x', 'KOR, PRK', '', '0', 'any'))}]"
    return "".join(parts)


# Parts of the tree


def paths(plain: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every part of some data, but of the whole."""
    if isinstance(plain, dict | list):
        for key, value in plain.items() if isinstance(plain, dict) else enumerate(plain):
            yield (*path, key)
            yield from paths(value, (*path, key))


def below(plain: Any, path: tuple[Any, ...]) -> Any:
    """What stands at a path."""
    for key in path:
        plain = plain[key]
    return plain


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of some data, in the mapping or list around it."""

    plain: Any
    path: tuple[Any, ...]
    known: Sequence[tuple[Any, ...]]
    """Paths of all parts."""
    random: Random
    tokens: Sequence[str]

    @property
    def above(self) -> Any:
        return below(self.plain, self.path[:-1])

    @property
    def key(self) -> Any:
        return self.path[-1]

    @property
    def value(self) -> Any:
        return self.above[self.key]

    def put(self, value: Any) -> None:
        """Put something in its place."""
        self.above[self.key] = value


def bent(plain: Any, random: Random, tokens: Sequence[str]) -> None:
    """Take out, rename, replace, repeat, exchange or nest one part of a scenario's data: it stays YAML."""
    known = list(paths(plain))
    if known:
        part = _Part(plain, random.choice(known), known, random, tokens)
        random.choice(_BENDS)(part)


def _removed(part: _Part) -> None:
    del part.above[part.key]


def _replaced(part: _Part) -> None:
    part.put(deepcopy(part.random.choice(VALUES)))


def _copied(part: _Part) -> None:
    part.put(deepcopy(below(part.plain, part.random.choice(part.known))))


def _renamed(part: _Part) -> None:
    if isinstance(part.above, dict):
        part.above[part.random.choice([*part.tokens, "x", "KOR"])] = part.above.pop(part.key)


def _repeated(part: _Part) -> None:
    if isinstance(part.above, dict):
        for number in range(part.random.choice((1, 3, 40))):
            part.above[f"{part.key}_{number}"] = deepcopy(part.value)
    else:
        part.above.extend(deepcopy(part.value) for _ in range(part.random.choice((1, 3, 200))))


def _nested(part: _Part) -> None:
    for _ in range(part.random.choice((1, 5, 90, 120))):
        part.put(part.random.choice(([part.value], {"x": part.value})))


def _exchanged(part: _Part) -> None:
    other = part.random.choice(part.known)
    if part.path[: len(other)] != other and other[: len(part.path)] != part.path:
        there, value = below(part.plain, other[:-1]), part.value
        part.put(there[other[-1]])
        there[other[-1]] = value


def _renumbered(part: _Part) -> None:
    if isinstance(part.value, int | float):
        part.put(part.random.choice(NUMBERS))


def _misspelt(part: _Part) -> None:
    if isinstance(part.value, str):
        part.put(damaged(part.value, part.random, part.tokens))


def _mangled(part: _Part) -> None:
    if isinstance(part.value, str):
        part.put(mangled(part.value, part.random))


_BENDS: Final[tuple[Callable[[_Part], None], ...]] = (
    *(_removed, _replaced, _copied, _renamed, _repeated, _nested, _exchanged, _renumbered, _misspelt),
    *(_mangled,) * 3,
)


def written(plain: Any) -> str:
    """Data as a file would hold it."""
    return yaml.dump(plain, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True)

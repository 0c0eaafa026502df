"""The first look at an expression: what Python's parser would refuse in its own words, said in ours.

Python reads a larger language than ours and complains in terms of it. So the text is first cut into words and
signs, each of which must be one of ours; brackets must pair, and values and operators take turns. What passes
is nearly always sound, and what does not has its exact place and what to write instead.
"""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, NoReturn

from sim.scenario.trees import ALLOWED, ExpressionError
from sim.text import quoted

MAX_BRACKETS: Final = 60

Kind = Literal["number", "name", "text", "word", "sign", "open", "close"]

_WORDS: Final = frozenset({"and", "or", "not", "in", "if", "else", "for"})
FOREIGN: Final = frozenset(keyword.kwlist) - _WORDS - {"True", "False"}
"""Python's own words, which therefore cannot be names in an expression."""
_TOKEN: Final = re.compile(
    r"(?P<number>\.?[0-9](?:[eE][+-](?=[0-9])|[A-Za-z0-9_.])*)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<text>'[^'\\]*'|\"[^\"\\]*\")"
    r"|(?P<sign>\*\*|==(?!=)|!=|<=(?!>)|>=|[+\-*,]|/(?!/)|<(?![<>=])|>(?!>))"
    r"|(?P<open>[(\[])"
    r"|(?P<close>[)\]])"
)
_NUMBER: Final = re.compile(
    r"0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|(?:[0-9]+(?:_[0-9]+)*\.?(?:[0-9]+(?:_[0-9]+)*)?|\.[0-9]+(?:_[0-9]+)*)(?:[eE][+-]?[0-9]+)?"
)
_INSTEAD: Final = {
    "//": "floor(a / b)",
    "%": "a fraction, such as 0.05 for 5%",
    "^": "'**' for powers",
    "&&": "'and'",
    "&": "'and'",
    "||": "'or'",
    "|": "'or'",
    "!": "'not', or '!=' to compare",
    "~": "'not' or '-'",
    "===": "'=='",
    "=>": "'>='",
    "=<": "'<='",
    "<>": "'!='",
    "<<": ALLOWED,
    ">>": ALLOWED,
    "<=>": "'=='",
    ":=": "'==', or a definition",
    "=": "'==' to compare; functions take no named arguments",
    "#": "a comment of YAML, outside the expression",
    "{": "round brackets",
    "}": "round brackets",
    ";": "one expression",
    "\\": "the line to go on as it is",
    "\N{LESS-THAN OR EQUAL TO}": "'<='",
    "\N{GREATER-THAN OR EQUAL TO}": "'>='",
    "\N{NOT EQUAL TO}": "'!='",
    "\N{MINUS SIGN}": "'-'",
    "\N{EN DASH}": "'-'",
    "\N{EM DASH}": "'-'",
    "\N{HYPHEN}": "'-'",
    "\N{MULTIPLICATION SIGN}": "'*'",
    "\N{MIDDLE DOT}": "'*'",
    "\N{DOT OPERATOR}": "'*'",
    "\N{DIVISION SIGN}": "'/'",
    "\N{LEFT DOUBLE QUOTATION MARK}": "straight quotes",
    "\N{RIGHT DOUBLE QUOTATION MARK}": "straight quotes",
    "\N{LEFT SINGLE QUOTATION MARK}": "straight quotes",
    "\N{RIGHT SINGLE QUOTATION MARK}": "straight quotes",
    "\N{NO-BREAK SPACE}": "a plain space",
}
_INSTEAD_OF_WORD: Final = {"is": "'==' or '!='", "None": "a number", "elif": "else A if C else B"}
_SIGNS: Final = sorted(_INSTEAD, key=len, reverse=True)
_PAIRS: Final = {")": "(", "]": "["}


@dataclass(frozen=True, slots=True)
class Token:
    kind: Kind
    text: str
    offset: int


def scan(source: str, shift: int = 0) -> None:
    """Refuse a text that cannot be an expression; `shift` is added to the offsets that errors carry.

    Raises:
        ExpressionError: with the offset of the first thing that is wrong.
    """
    tokens = list(_tokens(source, shift))
    _check_brackets(tokens)
    _check_turns(tokens)


def _tokens(source: str, shift: int) -> Iterator[Token]:
    position, length = 0, len(source)
    while position < length:
        if source[position] == " ":
            position += 1
            continue
        match = _TOKEN.match(source, position)
        if match is None:
            _refuse_sign(source, position, shift)
        kind, text, offset = match.lastgroup, match[0], shift + position
        if kind == "name":
            if text in FOREIGN:
                _refuse(f"{quoted(text)} is not part of the language", offset, _INSTEAD_OF_WORD.get(text))
            if source[match.end() : match.end() + 1] in ("'", '"') and text not in _WORDS:
                _refuse(f"{quoted(text)} stands before a text", offset, "a plain text in quotes")
            if match.end() < length and not source[match.end()].isascii() and source[match.end()].isalnum():
                _refuse_letter(source, match.end(), shift)
            kind = "word" if text in _WORDS else "name"
        if kind == "number":
            _check_number(text, offset)
        yield Token(kind, text, offset)  # type: ignore[arg-type]
        position = match.end()


def _check_number(text: str, offset: int) -> None:
    if not _NUMBER.fullmatch(text):
        letters = re.fullmatch(r"[0-9.]+[A-Za-z_]\w*", text)
        expected = "digits, or an operator between number and name" if letters else "a number such as 0.25"
        _refuse(f"{quoted(text)} is not a number", offset, expected)
    if re.match(r"0[0-9_]*[1-9]", text) and text.replace("_", "").isdecimal():
        _refuse(f"the number {quoted(text)} begins with 0", offset, text.lstrip("0_"))


def _refuse(message: str, offset: int, expected: str | None = None) -> NoReturn:
    raise ExpressionError(message, offset, ALLOWED if expected is None else expected)


def _refuse_sign(source: str, position: int, shift: int) -> NoReturn:
    character, offset = source[position], shift + position
    if character in ("'", '"'):
        if source.find(character, position + 1) > 0:
            _refuse("a text in quotes holds no backslash", offset, "a date or a duration")
        _refuse("this quote is never closed", offset, "a closing quote")
    sign = next((sign for sign in _SIGNS if source.startswith(sign, position)), "")
    if sign:
        _refuse(f"{quoted(sign)} is not part of the language", offset, _INSTEAD[sign])
    if character == ".":
        _refuse("names have no parts here, so a dot is not part of the language", offset, "a plain name")
    if character.isalpha():
        _refuse_letter(source, position, shift)
    _refuse(f"{quoted(character)} is not part of the language", offset)


def _refuse_letter(source: str, position: int, shift: int) -> NoReturn:
    """A letter beyond a to z, which may look just like one of them."""
    character = source[position]
    name = unicodedata.name(character, f"U+{ord(character):04X}").lower()
    _refuse(
        f"{quoted(character)} ({name}) is not a letter that names are made of",
        shift + position,
        "a to z, A to Z, 0 to 9 and underscores",
    )


def _check_brackets(tokens: list[Token]) -> None:
    opened: list[Token] = []
    for token in tokens:
        if token.kind == "open":
            opened.append(token)
            if len(opened) > MAX_BRACKETS:
                _refuse("brackets are nested too deeply", token.offset, f"at most {MAX_BRACKETS} levels")
        elif token.kind == "close":
            if not opened:
                _refuse(f"this {quoted(token.text)} closes nothing", token.offset, "a bracket opened before")
            if opened[-1].text != _PAIRS[token.text]:
                _refuse(
                    f"{quoted(token.text)} does not close {quoted(opened[-1].text)}",
                    token.offset,
                    "')'" if opened[-1].text == "(" else "']'",
                )
            opened.pop()
    if opened:
        _refuse(f"this {quoted(opened[-1].text)} is never closed", opened[-1].offset, "a closing bracket")


def _check_turns(tokens: list[Token]) -> None:
    """Values and operators take turns."""
    before: Token | None = None
    after_value = False
    for token in tokens:
        starts_value = token.kind in ("number", "name", "text")
        if after_value and starts_value:
            _refuse(
                f"an operator is missing before {quoted(token.text)}", token.offset, "one such as + or and"
            )
        if not after_value:
            _check_start(token, before)
        if starts_value or token.kind == "close":
            after_value = True
        elif token.kind in ("sign", "open") or token.text != "not" or not after_value:
            after_value = False
        before = token
    if before is not None and not after_value:
        end = before.offset + len(before.text)
        _refuse(f"a value is missing after {quoted(before.text)}", end, "a number or a name")


def _check_start(token: Token, before: Token | None) -> None:
    """Refuse what cannot begin a value."""
    earlier = "" if before is None else before.text
    match token.kind:
        case "close":
            fits = token.text == ")" and earlier in ("(", ",")
        case "sign":
            fits = token.text in ("+", "-")
        case "word":
            fits = token.text == "not"
        case _:
            fits = True
    if not fits:
        _refuse(f"a value is missing before {quoted(token.text)}", token.offset, "a number or a name")
    if token.text == "[":
        _refuse("a list is not part of the language", token.offset)

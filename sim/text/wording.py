"""The YAML library's complaints about syntax, in words for people.

libyaml speaks of tokens and contexts. Each complaint is looked up here and said as what the author did
and what would have been right, at the place most useful to them: for a quote never closed, where it
opens. A complaint not in the table still comes out with its place, under a general heading.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from yaml import Mark, MarkedYAMLError

from sim.text.diagnostics import Diagnostic, Place, quoted
from sim.text.files import place_in

_QUOTES = "the value in quotes"


@dataclass(frozen=True, slots=True)
class _Fault:
    problem: str
    """What the library says; matched as a part of its text."""
    context: str
    """What it says it was doing; matched as a part of its text."""
    message: str
    """Ours; `{opened}` stands for where the thing began, `{char}` for the character met."""
    expected: str
    at_start: bool = False
    """Whether the place to show is where the thing began, not where reading stopped."""


_OR_QUOTES = ", or the value in quotes"
_COLON = "mapping values are not allowed"
_KEY = re.compile(r":[ \t]|^[ -]*$")
_READS_ON = _Fault(
    _COLON,
    "",
    "this line reads on from the one above, so a ':' is not allowed",
    "a ':' after the key above, and the same indentation",
)
_DOES_NOT_FIT = ("expected key", "expected '-' indicator", "expected <document start>")
_TRAILING = _Fault(
    "",
    "",
    "this does not belong to the value before it",
    "the end of the line, or the whole value in the other kind of quotes",
)

_FAULTS = (
    _Fault("could not find expected ':'", "", "this key is not followed by ':'", "'key: value'", True),
    _Fault(
        _COLON,
        "",
        "a ':' is not allowed here",
        f"one 'key: value' a line, or {_QUOTES}",
    ),
    _Fault(
        "did not find expected key",
        "",
        "this does not fit the mapping that begins at {opened}",
        "'key: value', indented like the keys before it",
    ),
    _Fault(
        "did not find expected '-' indicator",
        "",
        "this does not fit the list that begins at {opened}",
        "'- item', indented like the items before it",
    ),
    _Fault(
        "block sequence entries are not allowed",
        "",
        "a list item is not allowed here",
        "'- item' on a line of its own",
    ),
    _Fault("mapping keys are not allowed", "", "a '?' is not allowed here", _QUOTES),
    _Fault("',' or ']'", "", "the list that opens at {opened} is not closed here", f"',' or ']'{_OR_QUOTES}"),
    _Fault(
        "',' or '}'", "", "the mapping that opens at {opened} is not closed here", f"',' or '}}'{_OR_QUOTES}"
    ),
    _Fault("unexpected end of stream", "quoted", "this quote is never closed", "a closing quote", True),
    _Fault("unexpected document indicator", "quoted", "this quote is never closed", "a closing quote", True),
    _Fault(
        "unknown escape character",
        "",
        "the backslash before {char} means nothing here",
        r"'\\' for a backslash, or single quotes",
    ),
    _Fault(
        "hexdecimal number", "", "the escape is not complete", r"hexadecimal digits, as in \x41 or \u00e9"
    ),
    _Fault("invalid Unicode character escape", "", "the escape is not a character", "a Unicode character"),
    _Fault(
        "alphabetic or numeric character",
        "alias",
        "a value that begins with '*' is read as an alias",
        f"the name of an anchor, or {_QUOTES}",
        True,
    ),
    _Fault(
        "alphabetic or numeric character",
        "anchor",
        "a value that begins with '&' is read as an anchor",
        f"a name, or {_QUOTES}",
        True,
    ),
    _Fault("cannot start any token", "", "a value cannot begin with {char}", _QUOTES),
    _Fault("", "scanning a tag", "a value that begins with '!' is read as a tag", _QUOTES, True),
    _Fault("undefined tag handle", "", "a value that begins with '!' is read as a tag", _QUOTES),
    _Fault(
        "",
        "directive",
        "a line that begins with '%' is read as a directive",
        "'%YAML 1.2' once, or none",
        True,
    ),
    _Fault("indentation indicator equal to 0", "", "a block cannot be indented by 0", "a digit from 1 to 9"),
    _Fault(
        "comment or line break",
        "block scalar",
        "text follows '|' or '>' on the same line",
        "the text on the lines below",
    ),
    _Fault("expected node content", "", "a value is missing here", f"a value, or {_QUOTES}"),
    _Fault("<document start>", "", "this belongs to nothing above it", "one document, indented evenly"),
    _Fault("unexpected ':'", "", "a ':' is not allowed here", f"a space after it, or {_QUOTES}"),
)


def in_plain_words(error: MarkedYAMLError, text: str, file: str) -> Diagnostic:
    """Return what `error`, met while reading `text`, says to an author."""
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return Diagnostic(Place(file, 1, 1), "this is not YAML", code="syntax")
    if tab := _tab_in_indentation(text, mark):
        return Diagnostic(
            Place(file, mark.line + 1, tab), "the line is indented with a tab", "spaces", code="syntax"
        )
    fault = _fault(error, text, mark)
    opened = error.context_mark or mark
    ended = mark.index >= len(text)
    if fault.at_start or (ended and "{opened}" in fault.message):
        place = _place(opened, file)
    elif ended:
        place = place_in(text, len(text.rstrip()), file)
    else:
        place = _place(mark, file)
    message = fault.message.replace("{opened}", f"{opened.line + 1}:{opened.column + 1}")
    char = text[mark.index : mark.index + 2].removeprefix("\\")[:1]
    return Diagnostic(place, message.replace("{char}", quoted(char)), fault.expected, code="syntax")


def _fault(error: MarkedYAMLError, text: str, mark: Mark) -> _Fault:
    """Return the first entry of the table that fits; those that hang on the line itself come before it."""
    problem, context = error.problem or "", error.context or ""
    before = text[mark.index - mark.column : mark.index]
    if before.strip(" -") and problem.endswith(_DOES_NOT_FIT):
        return _TRAILING
    if _COLON in problem and not _KEY.search(before):
        return _READS_ON
    return next(
        (fault for fault in _FAULTS if fault.problem in problem and fault.context in context),
        _Fault("", "", f"this is not YAML ({problem})", ""),
    )


def _place(mark: Mark, file: str) -> Place:
    return Place(file, mark.line + 1, mark.column + 1)


def _tab_in_indentation(text: str, mark: Mark) -> int:
    """Return the column of a tab that indents the line of `mark`, or 0.

    A tab is what is wrong whatever the library says of it.
    """
    begin = mark.index - mark.column
    margin = text[begin : mark.index + 1]
    blank = len(margin) - len(margin.lstrip(" \t"))
    return margin.find("\t", 0, blank) + 1

"""Errors for people: where, what is wrong, what was expected, the nearest valid name.

Every room above reports what it finds as a `Diagnostic` and hands all of them over at once in a
`FoedusError`, so that an author mends a file in one pass. Text quoted from a file may hold terminal
escape sequences; it is made visible here, once, so that no reader of a diagnostic has to remember.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


def printable(text: str) -> str:
    r"""Return `text` on one line with every invisible character written as an escape.

    Control characters, terminal escapes, bidirectional overrides, zero-width and odd spaces, lone
    surrogates: `\n`, `\x1b`, `\u202e`. Letters of every script are kept, and so is the space.
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _escape(char) for char in text)


def _escape(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")


def quoted(text: str, limit: int = 60) -> str:
    """Return `text` as a message quotes it: printable, in single quotes, cut after `limit` characters."""
    if len(text) > limit:
        text = text[: limit - 3] + "..."
    return f"'{printable(text)}'"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A position in a text file, as editors count: lines and columns from 1, columns in characters."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{printable(self.file)}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding. Its texts are made printable on creation, so any of them can be shown as it is."""

    place: Place | None
    """Where it is; None for what belongs to no file, such as an option of the command."""
    message: str
    """What is wrong, in plain words, without a full stop."""
    expected: str = ""
    """What would have been right; reads on from the word "expected"."""
    suggestion: str = ""
    """The nearest valid name or text; shown as: did you mean '...'?"""
    severity: Severity = "error"
    code: str = ""
    """A stable short name of the kind of finding, for programs; not shown to people."""
    advice: str = ""
    """What to do about it, as an order; what is doubtful is seldom wrong in one way only."""

    def __post_init__(self) -> None:
        for name in ("message", "expected", "suggestion", "advice"):
            object.__setattr__(self, name, printable(getattr(self, name)))

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        grade = "warning: " if self.severity == "warning" else ""
        expected = f"; expected {self.expected}" if self.expected else ""
        suggestion = f"; did you mean '{self.suggestion}'?" if self.suggestion else ""
        advice = f"; {self.advice}" if self.advice else ""
        return f"{where}{grade}{self.message}{expected}{suggestion}{advice}"


def _order(diagnostic: Diagnostic) -> tuple[bool, Place, str, str, str]:
    """Sort key: findings without a place first, then by file, line, column; errors before warnings."""
    place = diagnostic.place
    return (
        place is not None,
        place or Place("", 0, 0),
        diagnostic.severity,
        diagnostic.message,
        diagnostic.expected,
    )


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return `diagnostics` sorted by place, each once."""
    return tuple(sorted(dict.fromkeys(diagnostics), key=_order))


class FoedusError(Exception):
    """What foedus could not do, and why: all findings at once, sorted by place.

    The only exception that foedus raises for faults in what it was given. Survives pickling, so that
    a worker process can raise it.
    """

    diagnostics: tuple[Diagnostic, ...]

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = in_order(diagnostics)
        if not self.diagnostics:
            raise ValueError("a FoedusError needs at least one diagnostic")
        super().__init__(self.diagnostics)

    @classmethod
    def at(
        cls,
        place: Place | None,
        message: str,
        expected: str = "",
        suggestion: str = "",
        code: str = "",
    ) -> FoedusError:
        """Return an error with a single finding."""
        return cls((Diagnostic(place, message, expected, suggestion, code=code),))

    def __str__(self) -> str:
        return "\n".join(map(str, self.diagnostics))


class Diagnostics:
    """A collector: checks go on after a fault, and everything found is raised together at the end.

    Iterates over what was found sorted by place, without duplicates.
    """

    __slots__ = ("_found",)

    def __init__(self, found: Iterable[Diagnostic] = ()) -> None:
        self._found: dict[Diagnostic, None] = dict.fromkeys(found)

    def add(self, diagnostic: Diagnostic) -> None:
        """Take in a finding made elsewhere."""
        self._found[diagnostic] = None

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Take in findings made elsewhere, such as those of a caught `FoedusError`."""
        self._found.update(dict.fromkeys(diagnostics))

    def error(
        self, place: Place | None, message: str, expected: str = "", suggestion: str = "", code: str = ""
    ) -> None:
        """Note a fault that stops the work."""
        self.add(Diagnostic(place, message, expected, suggestion, "error", code))

    def warning(self, place: Place | None, message: str, advice: str = "", code: str = "") -> None:
        """Note something doubtful that does not stop the work."""
        self.add(Diagnostic(place, message, severity="warning", code=code, advice=advice))

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The faults that stop the work, sorted by place."""
        return in_order(found for found in self._found if found.severity == "error")

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """The doubtful things, sorted by place."""
        return in_order(found for found in self._found if found.severity == "warning")

    def raise_if_errors(self) -> None:
        """Raise a `FoedusError` with all errors (warnings left out) if there is any."""
        if errors := self.errors:
            raise FoedusError(errors)

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(in_order(self._found))

    def __len__(self) -> int:
        return len(self._found)

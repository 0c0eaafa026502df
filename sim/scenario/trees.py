"""What an expression is once it is read: a tree of our own, each part with its offset in the source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from sim.text import Unit

BinaryOperator = Literal["+", "-", "*", "/", "**"]
CompareOperator = Literal["<", "<=", ">", ">=", "==", "!="]


@dataclass(frozen=True, slots=True)
class Number:
    value: float
    offset: int
    unit: Unit | None = None
    """What it is counted in, where that is written behind it: `0.3['per year']`."""


@dataclass(frozen=True, slots=True)
class Truth:
    value: bool
    offset: int


@dataclass(frozen=True, slots=True)
class Text:
    """A quoted text: only functions that take a date or a duration accept one."""

    value: str
    offset: int


@dataclass(frozen=True, slots=True)
class Name:
    """A bare name: actor, bound name, parameter, attribute, definition, tag, option ..."""

    id: str
    offset: int


@dataclass(frozen=True, slots=True)
class Index:
    """`name[i, j]`: attribute, relation, vector parameter or definition at the given ids."""

    name: str
    keys: tuple[str, ...]
    offset: int
    key_offsets: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Negate:
    operand: Expr
    offset: int


@dataclass(frozen=True, slots=True)
class Not:
    operand: Expr
    offset: int


@dataclass(frozen=True, slots=True)
class Binary:
    operator: BinaryOperator
    left: Expr
    right: Expr
    offset: int


@dataclass(frozen=True, slots=True)
class Compare:
    """A chain `a < b <= c`: every neighbouring pair must hold; `first` is a, `rest` the (operator, operand)
    pairs.
    """

    first: Expr
    rest: tuple[tuple[CompareOperator, Expr], ...]
    offset: int


@dataclass(frozen=True, slots=True)
class Member:
    """`x in TAG` or `x not in TAG`: settled when compiled."""

    item: str
    tag: str
    negated: bool
    offset: int
    tag_offset: int


@dataclass(frozen=True, slots=True)
class Logic:
    """`and` or `or` over two or more operands, evaluated from the left as far as needed."""

    operator: Literal["and", "or"]
    operands: tuple[Expr, ...]
    offset: int


@dataclass(frozen=True, slots=True)
class Conditional:
    condition: Expr
    then: Expr
    otherwise: Expr
    offset: int


@dataclass(frozen=True, slots=True)
class Call:
    function: str
    arguments: tuple[Expr, ...]
    offset: int


@dataclass(frozen=True, slots=True)
class Reduce:
    """`function(body for name in members if condition ...)`."""

    function: str
    body: Expr
    name: str
    members: str
    conditions: tuple[Expr, ...]
    offset: int
    name_offset: int
    members_offset: int


Expr = (
    Number
    | Truth
    | Text
    | Name
    | Index
    | Negate
    | Not
    | Binary
    | Compare
    | Member
    | Logic
    | Conditional
    | Call
    | Reduce
)


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression with its source; `text` is the source with white space made single blanks."""

    source: str
    tree: Expr

    @property
    def text(self) -> str:
        return " ".join(self.source.split())


@dataclass(frozen=True, slots=True)
class Statement:
    """An effect: `target operator value`, where operator is `+=`, `-=` or `=`."""

    source: str
    target: Name | Index
    operator: Literal["+=", "-=", "="]
    value: Expr

    @property
    def text(self) -> str:
        return " ".join(self.source.split())


class ExpressionError(ValueError):
    """Text that is not in the language; `offset` counts characters from the start of the source."""

    def __init__(self, message: str, offset: int = 0, expected: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.expected = expected


REDUCTIONS: Final = frozenset({"sum", "mean", "min", "max", "any", "all", "count"})
FUNCTIONS: Final = frozenset(
    {
        *("abs", "sqrt", "floor", "ceil", "exp", "log", "logistic", "min", "max", "clamp", "sum", "mean"),
        *("any", "all", "count", "after", "has", "lag", "happened", "times", "recent", "holds"),
    }
)
READERS: Final = frozenset(
    {
        *("hostility", "disputing", "episodes", "began"),
        *("signed", "in_force", "suspended", "ended", "under_notice"),
        *("called", "honoured", "hedged", "defected", "declined", "fought", "violated", "tally", "given"),
        *("decided", "belief", "spread", "credibility", "expected_support", "reply"),
        *("measure", "mandate_lapsed", "time_left", "tabled", "passed", "failed", "vetoed"),
        *("votes_for", "votes_against", "abstentions"),
        *("imposed", "imposes", "complies", "evades", "defies", "detected", "detection", "penalised"),
        *("exposure", "leakage", "bite", "channels"),
        "attention",
        *("transit", "sent", "delivered", "lost", "paid", "owed", "price", "made", "used", "shortage"),
        *("arsenal_share", "concentration", "tier", "unlocked", "share", "joined", "members"),
    }
)
"""Functions that read what the domain's constructs keep. Their names stay free for other uses."""
RESERVED: Final = FUNCTIONS | {"self", "target", "actors", "others", "elapsed", "true", "false"}
ALLOWED: Final = "arithmetic, comparison, and/or/not, A if C else B, or a function of the language"

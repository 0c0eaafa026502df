"""What an explanation is made of: every decision of a turn with the numbers that it was made on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sim.analysis.flips import Flip
from sim.compile import program as pr


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing that moved a variable in this run."""

    turn: int
    what: str
    """Name of a decision, or what else it was, such as `signal summit`; "" for what the variable did by
    itself.
    """
    change: float
    weight: float | None = None
    """How much it counted beside the other causes, 0 to 1, where that can be said."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A variable that a term reads: its value, and what made it so of late."""

    name: str
    value: float
    causes: tuple[Cause, ...]
    """The largest first."""


@dataclass(frozen=True, slots=True)
class Part:
    """A term of an expression, with its value."""

    text: str
    value: float
    sign: Literal["+", "-"]
    readings: tuple[Reading, ...]
    failed: bool = False
    """It could not be computed (and was not needed)."""
    truth: bool = False
    """Whether it is a condition."""


@dataclass(frozen=True, slots=True)
class Worked:
    """An expression with its value and its parts."""

    text: str
    value: float
    """A truth value is 1 or 0."""
    parts: tuple[Part, ...]
    joint: pr.Joint = "+"


@dataclass(frozen=True, slots=True)
class Change:
    """What the decision did to a variable."""

    variable: str
    operator: Literal["+=", "="]
    value: float


@dataclass(frozen=True, slots=True)
class Asked:
    """What every account of a decision has."""

    decision: str
    owner: str
    turn: int
    place: str
    grade: pr.Grade
    years: float
    """The time that it stands for: the turn, or one of the turn's crisis rounds."""
    round: int
    """The crisis round that is told; 1 outside of a crisis too."""
    rounds: int
    """In how many crisis rounds of the turn it is taken, 1 outside of a crisis."""
    due: bool
    """Whether the matter came up in this turn at all."""
    ordered: str
    """The option of an order that took the decision, or ""."""
    gate: Worked | None
    open: bool
    """Whether it could come about: the gate let it through, and so did its campaign, its being once, and the
    rate at which a choice is taken up.
    """
    did: tuple[Change, ...]
    by: str = ""
    """The policy written in Python that decided, in words, or ""."""


@dataclass(frozen=True, slots=True)
class RuleAccount:
    """Why a rule or inject fired, or did not."""

    asked: Asked
    kind: Literal["chance", "count", "cadence", "once", "inject", "probability", "consequence"]
    rate: Worked | None
    """As written, per `per`; an inject's probability."""
    level: float | None
    """Probability in this turn; for a count the number expected."""
    drawn: float | None
    fired: float
    """How often."""
    per: str = "year"
    """Period of the rate."""
    size: float | None = None
    """Size of the negative binomial in this turn, for counts that have one."""
    campaign: bool | None = None
    """Whether its campaign is on; None without one."""
    spent: bool = False
    """It fires once, and had fired before."""
    flips: tuple[Flip, ...] = ()
    thresholds: tuple[Flip, ...] = ()


@dataclass(frozen=True, slots=True)
class OptionAccount:
    """One option of a choice."""

    id: str
    available: bool
    gate: Worked | None
    utility: Worked
    bias: float
    """Status-quo bias, 0 for options without."""
    luck: float
    """Standard Gumbel number; the score is utility + bias + temperature * luck."""
    score: float
    share: float
    """Probability of this option, by the (nested) logit of utilities over available options."""
    nest: str = ""
    """The nest that it is in, or ""."""
    nest_share: float = 0.0
    """Probability of that nest."""
    needs: tuple[Flip, ...] = ()
    """Variables whose change alone would have made it the chosen one."""


@dataclass(frozen=True, slots=True)
class Take:
    """One time that a choice was taken: most are taken once a turn."""

    options: tuple[OptionAccount, ...]
    """Empty if an order took it."""
    temperature: float
    standing: str
    """The option that stood before, or ""."""
    chosen: str
    """Option, or "" if none was."""
    open: bool = True
    """Whether it was really taken: attended to, where that is left to chance."""
    level: float | None = None
    """Probability that it is attended to; None where that is certain."""
    drawn: float | None = None
    flips: tuple[Flip, ...] = ()


@dataclass(frozen=True, slots=True)
class ChoiceAccount:
    """Why a choice came out as it did."""

    asked: Asked
    takes: tuple[Take, ...]
    """In order; none if the matter did not come up."""
    chosen: str
    """What came of it in the end: the last option chosen, or "" if none was."""
    rate: Worked | None = None
    """At which it is taken up, as written, per `per`; None for a cadence."""
    level: float | None = None
    """Probability that it is taken up in this turn."""
    drawn: float | None = None
    per: str = "year"
    attention: Worked | None = None
    """The share of its actor's attention that it gets, where matters compete for it."""


Account = RuleAccount | ChoiceAccount


@dataclass(frozen=True, slots=True)
class Move:
    """A variable that is worked out from several things at once, and what moved it in the turn."""

    variable: str
    owner: str
    """The actor whose it is, or ""."""
    place: str
    before: float
    """Its value when the turn began."""
    after: float
    """Its value when the turn ended."""
    causes: tuple[Cause, ...]
    """The largest first."""


@dataclass(frozen=True, slots=True)
class Reckoning:
    """A row that a pass of the turn worked out, and what from."""

    row: str
    owner: str
    """The actor whose it is, or ""."""
    place: str
    worked: Worked


@dataclass(frozen=True, slots=True)
class Explanation:
    """All decisions of a turn of one run (or those that were asked about), and what moved beside them."""

    turn: int
    label: str
    run: int
    seed: int
    accounts: tuple[Account, ...]
    moves: tuple[Move, ...] = ()
    """Of beliefs and the like, in order of variable; none where one decision was asked about."""
    reckonings: tuple[Reckoning, ...] = ()
    """Of flows and the like, in the order of play; none where one decision was asked about."""

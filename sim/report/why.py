"""Explanations in plain words: why a decision came out as it did, and what would have flipped it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from sim.analysis.accounts import (
    Account,
    Cause,
    ChoiceAccount,
    Explanation,
    Move,
    OptionAccount,
    Part,
    Reckoning,
    RuleAccount,
    Take,
    Worked,
)
from sim.analysis.flips import Flip
from sim.compile import program as pr
from sim.report.plain import chance_and_draw, percent, plain_number
from sim.report.silence import not_told, silences
from sim.text import Place, printable

_SLACK = 0.05
"""How far a printed flip may lie beyond the smallest one, as a part of the change."""
_SHOWN = 3
"""Flips, thresholds and causes that are told; the data has them all."""


def why(program: pr.Program, explanation: Explanation, *, verbose: bool = True) -> Iterator[str]:
    """The explanation as lines of plain text; without `verbose` what did not come up is only counted."""
    yield f"{explanation.label} (turn {explanation.turn}), seed {explanation.seed}, run {explanation.run}"
    if not (explanation.accounts or explanation.moves or explanation.reckonings):
        yield ""
        yield "There is nothing to decide in this turn."
    silent = silences(program, explanation.accounts)
    for account, reason in zip(explanation.accounts, silent, strict=True):
        if verbose or not reason:
            yield ""
            yield from _Why(program, account).lines()
    if not verbose and any(silent):
        yield ""
        yield not_told([reason for reason in silent if reason])
    if explanation.moves:
        yield ""
        yield "What moved:"
        for move in explanation.moves:
            yield from _moved_by(move)
    for reckoning in explanation.reckonings:
        yield ""
        yield from _reckoned(program, reckoning)


def _moved_by(move: Move) -> Iterator[str]:
    """A variable that is worked out from several things, and what moved it."""
    yield f"  {move.variable}: {plain_number(move.before)} -> {plain_number(move.after)} ({move.place})"
    for cause in move.causes:
        weight = "" if cause.weight is None else f", weight {percent(cause.weight)}"
        sign = "+" if cause.change >= 0 else "-"
        yield f"    {cause.what or 'by itself'} {sign}{plain_number(abs(cause.change))}{weight}"


def _reckoned(program: pr.Program, reckoning: Reckoning) -> Iterator[str]:
    """A row that a pass worked out, and its parts."""
    worked = reckoning.worked
    owner = printable(program.names[reckoning.owner]) + ": " if reckoning.owner else ""
    yield f"{owner}{reckoning.row} = {plain_number(worked.value)} ({worked.text})"
    yield f"  stands at {reckoning.place}"
    for part in worked.parts:
        value = ("false", "true")[bool(part.value)] if part.truth else plain_number(part.value)
        yield f"    {part.text}: {'not asked' if part.failed else value}"


def why_document(explanation: Explanation) -> dict[str, Any]:
    """The explanation as data, whole."""
    document: dict[str, Any] = _plain(asdict(explanation))
    return document


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Place):
        return str(value)
    return None if isinstance(value, float) and not math.isfinite(value) else value


class _Why:
    """Tells of one decision."""

    def __init__(self, program: pr.Program, account: Account) -> None:
        self._program = program
        self._account = account
        self._asked = account.asked

    def lines(self) -> Iterator[str]:
        program, id_ = self._program, self._asked.owner
        owner = printable(program.names.get(id_) or program.offices.get(id_, id_))
        name = self._asked.decision.split("/", 1)[1]
        yield f"{owner}: {name}: {self._verdict()}"
        yield f"  stands at {self._asked.place}; {graded(self._asked.grade)}"
        if not self._asked.due:
            return
        if self._asked.ordered:
            yield f"  by order: {self._asked.ordered}"
        if self._asked.by:
            yield f"  decided by {self._asked.by}"
        if self._asked.gate is not None:
            word = "open" if self._asked.gate.value else "closed"
            yield f"  gate {word}: {self._asked.gate.text}"
            yield from self._parts(self._asked.gate)
        if isinstance(self._account, RuleAccount):
            yield from self._rule(self._account)
        else:
            yield from self._choice(self._account)
        yield from self._done()

    def _verdict(self) -> str:
        verdict = self._outcome()
        return verdict if self._asked.rounds == 1 else f"{verdict} in {self._span}"

    @property
    def _span(self) -> str:
        """What a chance stands for, and what the verdict is about."""
        rounds = self._asked.rounds
        return "this turn" if rounds == 1 else f"round {self._asked.round} of {rounds} of a crisis"

    def _outcome(self) -> str:
        account = self._account
        if not self._asked.due:
            return "did not come up in this turn"
        if isinstance(account, ChoiceAccount):
            if len(account.takes) > 1:
                return "chose " + ", ".join(take.chosen or "nothing" for take in account.takes)
            return f"chose {account.chosen}" if account.chosen else "took nothing up"
        if account.kind == "count":
            return f"happened {plain_number(account.fired)} times" if account.fired else "did not happen"
        return "happened" if account.fired else "did not happen"

    # Rules

    def _rule(self, account: RuleAccount) -> Iterator[str]:
        if account.spent:
            yield "  fires once, and has fired before"
        if account.campaign is False:
            yield "  its campaign is off"
        if account.rate is not None:
            stated = account.kind in ("inject", "probability")
            yield from self._paced(account.rate, account.per, probability=stated)
        if account.level is not None and account.drawn is not None:
            if account.kind == "count":
                expected = plain_number(account.level)
                yield f"  {expected} expected in {self._span}, drew {plain_number(account.drawn)}"
            else:
                chance, drew = chance_and_draw(account.level, account.drawn)
                yield f"  {chance} chance in {self._span}, drew {drew}"
        for flip in account.thresholds[:_SHOWN]:
            yield f"  would be otherwise if {_moved(flip)}"
        yield from self._flips(account.flips)

    def _paced(self, rate: Worked, per: str, *, probability: bool = False) -> Iterator[str]:
        what = "probability" if probability else f"a {per}"
        yield f"  {_equation(rate)} ({what})"
        yield from self._parts(rate)

    # Choices

    def _choice(self, account: ChoiceAccount) -> Iterator[str]:
        if account.rate is not None and account.level is not None and account.drawn is not None:
            yield from self._paced(account.rate, account.per)
        if account.attention is not None:
            yield f"  attention to it: {percent(account.attention.value)}"
            yield from self._parts(account.attention)
        if account.rate is not None and account.level is not None and account.drawn is not None:
            chance, drew = chance_and_draw(account.level, account.drawn)
            yield f"  {chance} chance to be taken up in {self._span}, drew {drew}"
        for number, take in enumerate(account.takes, 1):
            if len(account.takes) > 1:
                yield f"  take {number} of {len(account.takes)}: {take.chosen or 'nothing'}"
            yield from self._take(take)

    def _take(self, take: Take) -> Iterator[str]:
        if take.level is not None and take.drawn is not None:
            chance, drew = chance_and_draw(take.level, take.drawn)
            yield f"  {chance} chance to be attended to, drew {drew}"
        if not take.open:
            yield from self._flips(take.flips)
            return
        width = max((len(option.id) for option in take.options), default=0)
        for option in sorted(take.options, key=lambda option: -option.share):
            yield f"  {option.id:<{width}}  {self._option(option, take)}"
        for option in take.options:
            if option.id == take.chosen:
                yield f"  terms of {option.id}: {_equation(option.utility)}"
                yield from self._parts(option.utility)
        yield from self._flips(take.flips)

    def _option(self, option: OptionAccount, take: Take) -> str:
        if not option.available:
            return "not open" + (f": {option.gate.text}" if option.gate is not None else "")
        words = f"utility {plain_number(option.utility.value):>8}"
        if option.bias:
            words += f" + bias {plain_number(option.bias)}"
        words += f", {percent(option.share)} likely"
        if option.nest:
            words += f" (nest {option.nest}: {percent(option.nest_share)})"
        if option.id == take.chosen:
            return words + ", chosen"
        if option.needs:
            return words + f"; would win if {_moved(option.needs[0])}"
        return words

    # Parts, causes, flips

    def _parts(self, worked: Worked) -> Iterator[str]:
        if len(worked.parts) > 1:
            for part in worked.parts:
                yield f"    {self._part(part, worked.joint)}"
        told: set[str] = set()
        for part in worked.parts:
            for reading in part.readings:
                if reading.causes and reading.name not in told:
                    told.add(reading.name)
                    causes = " · ".join(self._cause(cause) for cause in reading.causes[:_SHOWN])
                    yield f"    {reading.name} is {plain_number(reading.value)}: {causes}"

    def _part(self, part: Part, joint: str) -> str:
        if part.failed:
            return f"{part.text}: not asked"
        if joint in ("and", "or"):
            return f"{part.text}: {'true' if part.value else 'false'}"
        if joint == ",":
            return f"{part.text} = {plain_number(part.value)}"
        added = -part.value if part.sign == "-" and part.value else part.value
        return f"{part.sign} {part.text} = {plain_number(added)}"

    def _cause(self, cause: Cause) -> str:
        change = f"{'+' if cause.change >= 0 else '-'}{plain_number(abs(cause.change))}"
        if not cause.what:
            return f"by itself {change}"
        label = self._program.clock.label(cause.turn)
        return f"{cause.what} ({label}) {change}"

    def _flips(self, flips: tuple[Flip, ...]) -> Iterator[str]:
        for index, flip in enumerate(flips[:_SHOWN]):
            head = "smallest change to flip: if" if index == 0 else "or if"
            beyond = ", which its distribution never gives" if flip.outside else ""
            yield f"  {head} {_moved(flip)}{beyond} [{graded(flip.grade)}; {flip.place}]"

    def _done(self) -> Iterator[str]:
        for change in self._asked.did:
            sign = "=" if change.operator == "=" else "+=" if change.value >= 0 else "-="
            value = change.value if change.operator == "=" else abs(change.value)
            yield f"  did: {change.variable} {sign} {plain_number(value)}"


def _equation(worked: Worked) -> str:
    """What is written and what it comes to; a number that is written as such once."""
    value = plain_number(worked.value)
    return value if worked.text in ("", value) else f"{worked.text} = {value}"


def _moved(flip: Flip) -> str:
    return f"{flip.what} were {outward(flip.needed, flip.value)} (is {_told(flip.value, flip.needed)})"


def outward(needed: float, value: float) -> str:
    """The needed value with few digits, rounded away from the value as it is: what is printed does flip."""
    rounding = ROUND_CEILING if needed > value else ROUND_FLOOR
    exact = Decimal(needed)
    for digits in range(3, 18):
        rounded = exact.quantize(Decimal(1).scaleb(exact.adjusted() - digits + 1), rounding=rounding)
        # Near enough that nine tenths of the way would still not flip.
        if abs(float(rounded) - needed) <= _SLACK * abs(needed - value):
            return f"{float(rounded):.{digits}g}"
    return repr(needed)


def _told(value: float, other: float) -> str:
    """With as many digits as tell the two apart."""
    for digits in range(3, 18):
        if f"{value:.{digits}g}" != f"{other:.{digits}g}":
            return f"{value:.{digits}g}"
    return repr(value)


def graded(grade: pr.Grade) -> str:
    """A grade in words: `informed by chn-wants-stability`, `assumed: ...`."""
    if grade.kind == "assumed":
        return f"assumed: {printable(grade.reason)}"
    if grade.kind == "":
        return "ungraded"
    by = ", ".join(grade.cited)
    return f"{grade.kind} by {by}"

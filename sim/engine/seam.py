"""The seam for policies written in Python: who takes over what, how they are asked, what is said of faults.

A policy is asked about one decision at a time, on the frozen state of the stage, through a `View`. What it
answers takes the place of what the scenario's expressions would have given; gates, cadences, availability,
luck and effects stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.compile import program as pr
from sim.compile.keys import event_key
from sim.compile.reader import Reader
from sim.engine.answers import Said, about_choice, about_rule
from sim.engine.evaluate import Evaluator
from sim.engine.policy import Policy
from sim.engine.policy_loading import made
from sim.engine.policy_place import home_of, place_in, raised
from sim.engine.provenance import PolicyRecord, record
from sim.engine.state import State
from sim.engine.vectors import Truths
from sim.engine.view import CODE, Reading, View, refused
from sim.text import Diagnostic, Diagnostics, FoedusError, nearest, quoted

_ID: Final = re.compile(r"[a-z][a-z0-9_]*\Z")
_MAX_PURPOSE: Final = 100


@dataclass(frozen=True, slots=True)
class Taker:
    """A policy that has taken over a decision."""

    policy: Policy
    record: PolicyRecord


class Seam:
    """Policies bound to a Program.

    Args:
        program: what is played.
        policies: instances, or classes that are made without arguments.
        twice: ask every policy again, about the runs in another order and in two parts, and refuse answers
            that differ.

    Raises:
        FoedusError: for decisions that are not there or taken twice, ids that clash, policies that hold what
            no record can tell; all at once.
    """

    def __init__(
        self, program: pr.Program, policies: Iterable[Policy | type[Policy]], *, twice: bool = False
    ) -> None:
        self.program = program
        self.policies = made(policies)
        self.twice = twice
        self._takers: dict[str, Taker] = {}
        self._reader: Reader | None = None
        self._keys: dict[str, int] = {}
        problems = Diagnostics()
        self.records = tuple(
            found for policy in self.policies if (found := self._bound(policy, problems)) is not None
        )
        self._check_ids(problems)
        problems.raise_if_errors()

    def taker(self, decision: pr.Decision) -> Taker | None:
        """Who has taken over a decision, if anyone has."""
        return self._takers.get(decision.name)

    @property
    def reader(self) -> Reader:
        """Reads what policies ask for."""
        if self._reader is None:
            self._reader = Reader(self.program)
        return self._reader

    def key(self, actor: str, policy: str, purpose: Any, number: int = 1) -> int:
        """The event key of a policy's own luck; that of a later crisis round has its number.

        Raises:
            FoedusError: without a place, for a purpose that cannot stand in an address.
        """
        text = f"{actor}/{policy}//{purpose}" + (f"@{number}" if number > 1 else "")
        if text not in self._keys:
            sound = isinstance(purpose, str) and 0 < len(purpose) <= _MAX_PURPOSE
            if not sound or any(sign in purpose for sign in "/@"):
                raise refused(
                    f"asks for luck for {quoted(str(purpose))}",
                    f"a purpose in 1 to {_MAX_PURPOSE} characters, without '/' and '@'",
                )
            key = event_key(text)
            taken = [draw.text for draw in self.program.draws if draw.key == key]
            taken += [other for other, its in self._keys.items() if its == key]
            if taken:
                raise refused(
                    f"asks for luck at {quoted(text)}, which is that of {quoted(taken[0])}", "another purpose"
                )
            self._keys[text] = key
        return self._keys[text]

    # Binding

    def _bound(self, policy: Policy, problems: Diagnostics) -> PolicyRecord | None:
        kind = type(policy)
        name = f"{kind.__module__}:{kind.__qualname__}"
        own: Any = getattr(policy, "id", None)
        takes: Any = getattr(policy, "takes", None)
        if not isinstance(own, str) or not _ID.match(own):
            problems.error(
                None,
                f"{name} has the id {quoted(repr(own))}",
                "small letters, digits and _, from a letter on",
                code=CODE,
            )
            return None
        if not isinstance(takes, tuple | list) or not takes or not all(isinstance(t, str) for t in takes):
            problems.error(
                None,
                f"policy {own} ({name}) takes {quoted(repr(takes))}",
                "decisions, such as ('CHN/voice',)",
                code=CODE,
            )
            return None
        try:
            found = record(policy)
        except FoedusError as error:
            for one in error.diagnostics:
                problems.error(
                    home_of(policy), f"policy {own} ({name}): {one.message}", one.expected, code=CODE
                )
            return None
        for taken in found.takes:
            for decision in self._decisions(taken, found, problems):
                other = self._takers.setdefault(decision.name, Taker(policy, found))
                if other.policy is not policy:
                    problems.error(
                        None,
                        f"{found} takes {decision.name}, and so does {other.record}",
                        "one policy for a decision",
                        code=CODE,
                    )
        return found

    def _decisions(self, taken: str, found: PolicyRecord, problems: Diagnostics) -> list[pr.Decision]:
        everything = self.program.decisions
        decisions = [
            decision
            for name, decision in everything.items()
            if name == taken or name.startswith(f"{taken}/")
            if decision.owner in self.program.names
        ]
        if not decisions:
            known = {
                name
                for full, decision in everything.items()
                if decision.owner in self.program.names
                for name in (full, f"{decision.owner}/{decision.id}")
            }
            near = nearest(taken, sorted(known)) or ""
            problems.error(
                None,
                f"{found} takes {quoted(taken)}, which no actor of {self.program.id} decides",
                "ACTOR/DECISION, a rule or a choice",
                near,
                CODE,
            )
        return decisions

    def _check_ids(self, problems: Diagnostics) -> None:
        """Luck of a policy's own stands at `ACTOR/id//purpose`: nothing else may stand there."""
        heads = {tuple(draw.text.split("/")[:2]): draw for draw in self.program.draws}
        seen: set[str] = set()
        for found in self.records:
            if found.id in seen:
                problems.error(
                    None, f"two policies have the id {quoted(found.id)}", "ids that differ", code=CODE
                )
            seen.add(found.id)
            for actor in sorted({taken.split("/")[0] for taken in found.takes}):
                draw = heads.get((actor, found.id))
                if draw is not None:
                    problems.error(
                        None,
                        f"{found} has the id of a decision of {actor}, at {draw.place}: luck would clash",
                        "another id",
                        code=CODE,
                    )


def asking(seam: Seam | None, ev: Evaluator, dt: float, number: int = 1) -> Asking | None:
    """The policies of a seam, ready to be asked in a stage of a crisis round; None without a seam."""
    return None if seam is None else Asking(seam, ev, dt, number)


class Asking:
    """The policies of a seam, asked in one stage of one turn."""

    def __init__(self, seam: Seam, ev: Evaluator, dt: float, number: int) -> None:
        self._seam = seam
        self._ev = ev
        self._dt = dt
        self._round = number
        self._reading: Reading | None = None

    def choice(self, choice: pr.Choice, asked: Any, takes: int) -> Said | None:
        """What the policy that has taken a choice over says; None if none has, or nobody is asked."""
        return self._said(choice, asked, takes)

    def rule(self, rule: pr.Rule, asked: Any) -> Said | None:
        """The same for a rule."""
        return self._said(rule, asked, 1)

    def _said(self, decision: pr.Decision, asked: Any, takes: int) -> Said | None:
        taker = self._seam.taker(decision)
        if taker is None or not asked.any():
            return None
        asked = np.broadcast_to(asked, self._ev.state.runs.shape)
        said = self._answer(taker, decision, asked, takes)
        if self._seam.twice:
            self._again(taker, decision, asked, takes, said)
        return said

    def _answer(self, taker: Taker, decision: pr.Decision, asked: Truths, takes: int) -> Said:
        policy, by = taker.policy, taker.record
        if self._reading is None:
            self._reading = Reading(self._seam.reader, self._ev)
        view = View(
            decision,
            self._ev,
            self._dt,
            asked,
            reading=self._reading,
            address=lambda purpose: self._seam.key(decision.owner, policy.id, purpose, self._round),
            takes=takes,
            number=self._round,
        )
        runs = self._ev.state.runs
        try:
            answer = policy.decide(view)
            if isinstance(decision, pr.Choice):
                return about_choice(answer, decision, view, runs, by)
            return about_rule(answer, decision, view, runs, by)
        except FoedusError as error:
            raise FoedusError(self._told(one, taker, decision, error) for one in error.diagnostics) from None
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a policy does is told as a finding
            raise self._failed(taker, decision, error) from None
        finally:
            view.close()

    def _told(self, found: Diagnostic, taker: Taker, decision: pr.Decision, error: FoedusError) -> Diagnostic:
        """What is wrong with the scenario's own expressions is not the policy's fault; all else is."""
        if found.place is not None and found.code != CODE:
            return found
        place = found.place or place_in(error, taker.policy) or home_of(taker.policy)
        return replace(found, place=place, message=f"{self._who(taker, decision)}: {found.message}")

    def _failed(self, taker: Taker, decision: pr.Decision, error: BaseException) -> FoedusError:
        what = f"{self._who(taker, decision)}: raised {raised(error)}"
        expected = "an answer"
        if isinstance(error, ValueError) and "read-only" in str(error):
            expected = (
                "a copy of what the view gives, to write to: nobody may change the world while deciding"
            )
        place = place_in(error, taker.policy) or home_of(taker.policy)
        return FoedusError.at(place, what, expected, code=CODE)

    def _who(self, taker: Taker, decision: pr.Decision) -> str:
        label = self._seam.program.clock.label(self._ev.turn)
        return f"{taker.record}, deciding {decision.name} in turn {self._ev.turn} ({label})"

    def _again(self, taker: Taker, decision: pr.Decision, asked: Truths, takes: int, said: Said) -> None:
        """Ask about every second run and about the others, backwards: what is said of a run must stay."""
        everyone = np.arange(len(asked))[::-1]
        for columns in (everyone[::2], everyone[1::2]):
            if not asked[columns].any():
                continue
            again = Asking(self._seam, _part(self._ev, columns), self._dt, self._round)
            other = again._answer(taker, decision, asked[columns], takes)
            differ = ~said.same(other, columns)
            if differ.any():
                run = int(self._ev.state.runs[columns][differ].min())
                raise FoedusError.at(
                    home_of(taker.policy),
                    f"{self._who(taker, decision)}: says something else of run {run} when it is asked again,"
                    " about other runs",
                    "an answer that follows from what is seen of that run alone",
                    code=CODE,
                )


def _part(ev: Evaluator, columns: NDArray[np.intp]) -> Evaluator:
    whole = ev.state
    part = State(whole.values[:, columns], whole.runs[columns], whole.seed, whole.stream, whole.turn)
    return Evaluator(ev.program, part, ev.turn)

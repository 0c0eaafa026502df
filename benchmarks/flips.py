"""Whether a stated flip flips: `python -m benchmarks.flips [--decisions N] [--write]`.

Takes random decisions of the flagship scenario, asks for the smallest change of one graded number that would
have flipped each, and lets the engine take the decision again with the same luck and the number so changed;
and once more with nine tenths of the change, which must not flip it.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median
from typing import Final

import numpy as np

from benchmarks.flagship import ROOT, SCENARIO, machine
from sim.analysis.accounts import Account, RuleAccount
from sim.analysis.explain import explained
from sim.analysis.flips import Flip
from sim.compile import Choice, Decision, Program, compile_scenario
from sim.engine.choose import ChoiceDecider
from sim.engine.decide import RuleDecider, Stage
from sim.engine.evaluate import Evaluator
from sim.engine.kept import Kept
from sim.engine.model import Model
from sim.engine.plan import plan_of
from sim.engine.state import State
from sim.engine.trace import ChoiceTrace, RuleTrace, Trace
from sim.engine.vectors import one
from sim.scenario import load_scenario

SEED: Final = 11
DECISIONS: Final = 1_000
PART: Final = 0.9
"""Of a change that must not flip a decision."""
_RUNS_A_DECISION: Final = 40
_PAGE: Final = ROOT / "docs" / "flips.md"


@dataclass(frozen=True, slots=True)
class Taken:
    """One decision of one turn of one run, told with what would have flipped it."""

    run: int
    turn: int
    decision: Decision
    account: Account
    take: int = 0
    """Of a choice that is taken several times in a turn: which of them."""

    @property
    def flips(self) -> tuple[Flip, ...]:
        """What would have flipped it, smallest first."""
        if isinstance(self.account, RuleAccount):
            return self.account.flips
        return self.account.takes[self.take].flips

    @property
    def outcome(self) -> float:
        """How often it fired; or 1 + index of the option, 0 for none."""
        if isinstance(self.account, RuleAccount):
            return self.account.fired
        assert isinstance(self.decision, Choice)
        options = ["", *(option.id for option in self.decision.options)]
        return float(options.index(self.account.takes[self.take].chosen))


@dataclass
class Worlds:
    """Runs of one scenario, played to the end with a trace when they are first asked for."""

    program: Program
    seed: int = SEED
    _models: dict[int, Model] = field(default_factory=dict)

    def model(self, run: int) -> Model:
        """The run, played."""
        if run not in self._models:
            self._models[run] = Model(self.program, runs=[run], seed=self.seed, trace=True).play()
        return self._models[run]

    def account(self, run: int, turn: int, name: str, *, what_if: bool) -> Account:
        """The account of one decision."""
        owner, decision = name.split("/", 1)
        found = explained(self.model(run), turn, actor=owner, decision=decision, what_if=what_if)
        return next(account for account in found.accounts if account.asked.decision == name)

    def as_taken(self, decision: Decision, round_: int) -> Decision:
        """A decision with the luck of a crisis round."""
        crisis = self.program.crisis
        if crisis is None or round_ == 1:
            return decision
        later = crisis.later[round_ - 2]
        decisions: tuple[Decision, ...] = (*later.rules, *later.choices)
        return next(one for one in decisions if one.name == decision.name)

    def taken(self, count: int, luck: int) -> Iterator[Taken]:
        """Random decisions that came up."""
        chance, names = random.Random(luck), sorted(self.program.decisions)
        runs = count // _RUNS_A_DECISION
        while count:
            run = chance.randrange(max(6, runs))
            turn, name = chance.randint(1, self.program.turns), chance.choice(names)
            if self.account(run, turn, name, what_if=False).asked.due:
                account = self.account(run, turn, name, what_if=True)
                yield Taken(
                    run, turn, self.as_taken(self.program.decisions[name], account.asked.round), account
                )
                count -= 1

    def retaken(self, taken: Taken, flip: Flip, value: float) -> float:
        """The outcome of a decision that is taken again, a number being another."""
        program, model = self.program, self.model(taken.run)
        assert model.trace is not None
        column = _found(model.trace, taken).moment.values.copy()
        if flip.kind == "figure":
            nodes = (replace(n, value=value) if n.figure == flip.target else n for n in program.nodes)
            program = replace(program, nodes=tuple(nodes))
        else:
            column[flip.target] = value
        state = State(column, np.array([taken.run], dtype=np.uint64), self.seed, 0, taken.turn - 1)
        ev, trace = Evaluator(program, state, taken.turn), Trace()
        rounds = 1 if program.crisis is None else program.crisis.counts[taken.turn]
        kept = Kept(program, state, plan_of(program))
        stage = Stage(
            ev, program.clock.dt(taken.turn), {}, kept, trace, rounds=rounds, round=taken.account.asked.round
        )
        with np.errstate(all="ignore"):
            if isinstance(taken.decision, Choice):
                ChoiceDecider(stage).take([taken.decision])
                decided = trace.choices[taken.take].chosen
            else:
                RuleDecider(stage).take([taken.decision])
                decided = trace.rules[0].fired
        return one(decided)


def _found(trace: Trace, taken: Taken) -> RuleTrace | ChoiceTrace:
    """What was recorded of a decision: a call, an answer or a vote is not taken on the state of stage 3."""
    asked: list[RuleTrace | ChoiceTrace] = [one for one in trace.rules if one.rule is taken.decision]
    asked += [one for one in trace.choices if one.choice is taken.decision]
    here = [one for one in asked if one.turn == taken.turn]
    gates = (one.gate if isinstance(one, RuleTrace) else one.taken_up for one in here)
    opened = [one for one, gate in zip(here, gates, strict=True) if np.any(gate)]
    return opened[0] if opened else here[-1]


@dataclass
class Found:
    """What came of trying."""

    decisions: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    tried: Counter[str] = field(default_factory=Counter)
    """By kind of the number changed."""
    sizes: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def found(worlds: Worlds, count: int, luck: int) -> Found:
    """Try the smallest flip of each of some random decisions."""
    result = Found()
    for taken in worlds.taken(count, luck):
        result.decisions += 1
        result.kinds["choice" if isinstance(taken.decision, Choice) else taken.decision.kind] += 1
        if taken.flips:
            flip = taken.flips[0]
            result.tried[flip.kind] += 1
            result.sizes.append(flip.size)
            wrong = failure(worlds, taken, flip)
            if wrong:
                result.failed.append(f"run {taken.run}, turn {taken.turn}, {taken.decision.name}: {wrong}")
    return result


def failure(worlds: Worlds, taken: Taken, flip: Flip) -> str:
    """What is wrong with a stated flip; "" if it does what it says."""
    if worlds.retaken(taken, flip, flip.value) != taken.outcome:
        return f"{flip.what} as it is gives another decision"
    if worlds.retaken(taken, flip, flip.needed) != flip.outcome or flip.outcome == taken.outcome:
        return f"{flip.what} at {flip.needed!r} does not flip it"
    almost = flip.value + PART * (flip.needed - flip.value)
    if worlds.retaken(taken, flip, almost) != taken.outcome:
        return f"{flip.what} at {almost!r} flips it already"
    return ""


def page(result: Found, luck: int) -> str:
    """The text of `docs/flips.md`."""
    tried = sum(result.tried.values())
    kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(result.kinds.items()))
    facts = machine()
    return f"""# Whether a stated flip flips

Written by `make flips`; not edited by hand.

`foedus explain` names the smallest change of one graded number that would have flipped a decision, the draw
and the state on which it was taken held fixed. Here {result.decisions:,} random decisions of
`{Path(SCENARIO).name}` (seed {SEED}, picked with {luck}) were asked for it. The engine then took each
decision again, with the same luck and the number changed in the Program; and once more with {PART:.0%} of the
change.

| | decisions |
| --- | ---: |
| asked: {kinds} | {result.decisions:,} |
| that some number alone would flip | {tried:,} |
| of these, by a figure of an expression | {result.tried["figure"]:,} |
| of these, by a parameter | {result.tried["parameter"]:,} |
| flipped by the stated change, and not by {PART:.0%} of it | {tried - len(result.failed):,} |
| failed | {len(result.failed):,} |

Half of the changes are smaller than {median(result.sizes):.0%} of the number. What no number alone flips is,
for the most part, a rule whose draw was far from its rate, or whose gate hangs on several things at once.

foedus {facts["foedus"]}, {facts["measured"]}.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Try, print what was found, and write the page if asked to. Returns 1 if a flip does not flip."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.flips", description=__doc__)
    parser.add_argument("--decisions", type=int, default=DECISIONS)
    parser.add_argument("--luck", type=int, default=2024, help="which decisions are picked")
    parser.add_argument("--write", action="store_true", help=f"write {_PAGE.relative_to(ROOT)}")
    asked = parser.parse_args(arguments)
    worlds = Worlds(compile_scenario(load_scenario(ROOT / SCENARIO)))
    result = found(worlds, asked.decisions, asked.luck)
    tried = sum(result.tried.values())
    print(f"{result.decisions:,} decisions, {tried:,} with a flip, {len(result.failed):,} failed")
    for line in result.failed:
        print(line, file=sys.stderr)
    if asked.write:
        _PAGE.write_text(page(result, asked.luck), "utf-8", newline="\n")
        print(f"wrote {_PAGE.relative_to(ROOT)}")
    return 1 if result.failed else 0


if __name__ == "__main__":
    sys.exit(main())

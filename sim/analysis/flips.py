"""What would have flipped a decision: the smallest change of one number, the draw and the state held fixed.

A candidate number is tried at many values at once: the run's column is repeated, one column a value, with the
same run number and so the same luck, and the engine's own deciders say what each would have done. Nothing is
assumed of the decision's form; a change is found on a grid that widens from the number as it is, and then
narrowed down.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from sim.compile import program as pr
from sim.compile.dependencies import asked_nodes
from sim.compile.intervals import Interval
from sim.compile.reach import support
from sim.compile.review.grades import STRUCTURAL
from sim.engine.choose import ChoiceDecider
from sim.engine.decide import RuleDecider, Stage
from sim.engine.evaluate import Evaluator
from sim.engine.kept import Kept
from sim.engine.plan import plan_of
from sim.engine.state import State
from sim.engine.trace import Trace
from sim.engine.vectors import Floats
from sim.text import Place

NumberKind = Literal["parameter", "figure", "state"]

_NEAREST: Final = 1e-6
_FARTHEST: Final = 1e4
_POINTS: Final = 320
_NARROWED: Final = 64
_ROUNDS: Final = 4
_BUILDING: Final = frozenset((0.0, 1.0, 2.0))
"""Numbers that a graded expression is built with."""


@dataclass(frozen=True, slots=True)
class Flip:
    """One number that would have changed the decision, and by how little."""

    what: str
    """The parameter's or variable's name, or the figure with the text of its expression."""
    kind: NumberKind
    value: float
    needed: float
    """The nearest value at which the decision is another."""
    size: float
    """Change relative to the number's own size (to 1 for a number that is 0)."""
    outcome: float
    """What would have been decided: how often it fires, or 1 + index of the option."""
    grade: pr.Grade
    place: Place
    target: int
    """Index of the figure, or row of the variable."""
    outside: bool = False
    """Whether the needed value lies outside what the parameter's distribution can give."""
    structural: bool = False
    """Whether the number says how an expression is built (the 1 of `1 - x`) more than it claims anything."""


@dataclass(frozen=True)
class Position:
    """A decision of one run in one turn, on the state on which it was taken."""

    program: pr.Program
    decision: pr.Decision
    turn: int
    column: Floats
    """Values of all variables as the decision found them, shape `(variables,)`."""
    run: int
    seed: int
    stream: int = 0
    take: int = 0
    """Of a choice that is taken several times in the turn: which of them, from 0."""
    round: int = 1
    """The crisis round."""

    def verdicts(self, kind: NumberKind, target: int, values: Floats) -> tuple[Floats, NDArray[np.bool_]]:
        """What would be decided with a number at each of the values, and where that cannot be computed.

        Both of shape `(values,)`.
        """
        # The number is put in at the nodes that read it; the state itself need not be copied for that.
        state = State(
            np.broadcast_to(self.column[:, None], (len(self.column), len(values))),
            np.full(len(values), self.run, dtype=np.uint64),
            self.seed,
            self.stream,
            self.turn - 1,
        )
        known: list[Any] = [None] * len(self.program.nodes)
        where = self.program.nodes_of_figure if kind == "figure" else self.program.nodes_of_row
        for node in where.get(target, ()):
            known[node] = values
        ev = _Lenient(self.program, state, self.turn, known)
        plan = replace(plan_of(self.program), constant=frozenset())
        trace = Trace()
        crisis = self.program.crisis
        stage = Stage(
            ev,
            self.program.clock.dt(self.turn),
            {},
            Kept(self.program, state, plan),
            trace,
            rounds=1 if crisis is None else crisis.counts[self.turn],
            round=self.round,
        )
        with np.errstate(all="ignore"):
            if isinstance(self.decision, pr.Choice):
                ChoiceDecider(stage).take([self.decision])
                decided = trace.choices[self.take].chosen
            else:
                RuleDecider(stage).take([self.decision])
                decided = trace.rules[0].fired
        return np.broadcast_to(decided, len(values)).astype(np.float64), ev.failed


class _Lenient(Evaluator):
    """Notes the columns that cannot be computed in place of stopping."""

    def __init__(self, program: pr.Program, state: State, turn: int, known: list[Any]) -> None:
        super().__init__(program, state, turn, known)
        self.failed = np.zeros(len(state.runs), dtype=bool)

    def fail(self, wrong: Any, what: str, whose: str, place: Place | None) -> None:  # noqa: ARG002 - nobody is told
        self.failed |= wrong


def numbers_behind(program: pr.Program, decision: pr.Decision) -> tuple[frozenset[int], frozenset[int]]:
    """Figures and rows that a decision is made on."""
    figures: set[int] = set()
    rows: set[int] = set()
    waiting = list(asked_nodes(decision))
    seen: set[int] = set()
    while waiting:
        index = waiting.pop()
        if index in seen:
            continue
        seen.add(index)
        node = program.nodes[index]
        waiting += node.args
        if node.op == "row":
            rows.add(node.row)
        if node.figure >= 0:
            figures.add(node.figure)
    return frozenset(figures), frozenset(rows)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A number that may be changed."""

    what: str
    kind: NumberKind
    target: int
    value: float
    grade: pr.Grade
    place: Place
    support: Interval | None = None
    """What a parameter's distribution can give."""
    structural: bool = False


def flips(position: Position) -> tuple[Flip, ...]:
    """Every graded number (figure or parameter) whose change alone flips the decision, smallest first.

    What a parameter's distribution cannot give comes after what it can, and structural numbers come last.
    """
    program = position.program
    figures, rows = numbers_behind(program, position.decision)
    asked = list(asked_nodes(position.decision))
    told = [term.node for node in asked if node in program.sources for term in program.sources[node].terms]
    nodes = [*asked, *told, *(inner for node in asked for inner in program.nodes[node].args)]
    candidates = []
    for figure in sorted(figures):
        written = program.figures[figure]
        what, alone = _named(program, written, nodes)
        candidates.append(
            _Candidate(
                what,
                "figure",
                figure,
                written.value,
                written.grade,
                written.place,
                structural=_structural(written, alone=alone),
            )
        )
    parameters = {row: parameter for parameter in program.parameters for row in parameter.rows}
    for row in sorted(rows & parameters.keys()):
        distribution = parameters[row].distribution
        candidate = _variable(position, row, "parameter", parameters[row].grade)
        found = None if distribution is None else support(distribution)
        candidates.append(replace(candidate, support=found))
    return _ranked(position, candidates)


def thresholds(position: Position) -> tuple[Flip, ...]:
    """For each variable and each other outcome, the smallest change that alone leads there, ranked."""
    _, rows = numbers_behind(position.program, position.decision)
    kinds = ("attribute", "relation", "perception", "belief")
    candidates = [
        _variable(position, row, "state", pr.Grade(""))
        for row in sorted(rows)
        if position.program.variables[row].kind in kinds
    ]
    return _ranked(position, candidates, each_outcome=True)


def _variable(
    position: Position, row: int, kind: Literal["parameter", "state"], grade: pr.Grade
) -> _Candidate:
    variable = position.program.variables[row]
    return _Candidate(variable.name, kind, row, float(position.column[row]), grade, variable.place)


def _named(program: pr.Program, figure: pr.Figure, nodes: Sequence[int]) -> tuple[str, bool]:
    """A figure as people find it: `0.3 in 0.3 * unease[CHN]`, or its key; and whether it stands alone.

    The same expression may be many actors': that of the decision's own nodes is told.
    """
    key = " ".join(str(part) for part in figure.path[-2:] if isinstance(part, str))
    own = [program.sources[node] for node in nodes if node in program.sources]
    everyone = program.sources.values()
    text = next((source.text for source in (*own, *everyone) if source.path == figure.path), key)
    alone = not any(letter.isalpha() for letter in text) or text == key
    return (key, True) if alone else (f"{figure.value:g} in {text}", False)


def _ranked(
    position: Position, candidates: Sequence[_Candidate], *, each_outcome: bool = False
) -> tuple[Flip, ...]:
    found = [
        flip for candidate in candidates for flip in _flips(position, candidate, each_outcome=each_outcome)
    ]
    return tuple(sorted(found, key=rank))


def rank(flip: Flip) -> tuple[bool, bool, float, str, float]:
    """Sort key: what is most worth arguing about first."""
    return flip.structural, flip.outside, flip.size, flip.what, flip.outcome


def _structural(figure: pr.Figure, *, alone: bool) -> bool:
    """Of a number within an expression, whether it is 0, 1 or 2; or, ungraded, one of a few more."""
    size = abs(figure.value)
    return size in STRUCTURAL if figure.grade.kind == "" else not alone and size in _BUILDING


def _outside(candidate: _Candidate, value: float) -> bool:
    known = candidate.support
    if known is None:
        return False
    return value not in known.values if known.values is not None else not known.low <= value <= known.high


def _flips(position: Position, candidate: _Candidate, *, each_outcome: bool) -> Iterator[Flip]:
    """The nearest flip of one number; or the nearest flip to each outcome."""
    value, scale = candidate.value, abs(candidate.value) or 1.0
    offsets = _grid(position, candidate, scale)
    decided, failed = position.verdicts(candidate.kind, candidate.target, value + offsets)
    before, decided, failed, offsets = decided[0], decided[1:], failed[1:], offsets[1:]
    wanted = np.unique(decided[~failed & (decided != before)])
    for outcome in wanted if each_outcome else wanted[:1]:
        hits = ~failed & (decided == outcome if each_outcome else decided != before)

        def flipped(values: Floats, outcome: float = float(outcome)) -> NDArray[np.bool_]:
            now, wrong = position.verdicts(candidate.kind, candidate.target, values)
            right: NDArray[np.bool_] = ~wrong & (now == outcome if each_outcome else now != before)
            return right

        needed = _nearest(value, offsets[hits], flipped)
        if needed is not None:
            would_be = position.verdicts(candidate.kind, candidate.target, np.array([needed]))[0][0]
            yield Flip(
                what=candidate.what,
                kind=candidate.kind,
                value=value,
                needed=needed,
                size=abs(needed - value) / scale,
                outcome=float(would_be),
                grade=candidate.grade,
                place=candidate.place,
                target=candidate.target,
                outside=_outside(candidate, needed),
                structural=candidate.structural,
            )


def _grid(position: Position, candidate: _Candidate, scale: float) -> Floats:
    """Offsets to try: none at all first, then ever wider ones on both sides, within the number's range."""
    low, high = float("-inf"), float("inf")
    if candidate.kind != "figure":
        variable = position.program.variables[candidate.target]
        low, high = variable.low, variable.high
    wide = np.geomspace(_NEAREST * scale, _FARTHEST * scale, _POINTS)
    # A number in a range can flip at its very end.
    ends = [end - candidate.value for end in (low, high) if np.isfinite(end) and end != candidate.value]
    offsets = np.concatenate([wide, -wide, ends])
    values = candidate.value + offsets
    return np.concatenate([[0.0], offsets[(values >= low) & (values <= high)]])


def _nearest(value: float, hits: Floats, flipped: Callable[[Floats], NDArray[np.bool_]]) -> float | None:
    """The value nearest to `value` at which it flips, on either side; None if the least change would do.

    A number that sits on its own threshold (the 0 of `x == 0`) has no smallest change.
    """
    best: float | None = None
    for sign in (1.0, -1.0):
        side = sign * hits
        side = side[side > 0.0]
        if len(side):
            distance = _narrowed(value, sign, float(side.min()), flipped)
            if distance is None:
                return None
            if best is None or distance < abs(best):
                best = sign * distance
    return None if best is None else value + best


def _narrowed(
    value: float, sign: float, far: float, flipped: Callable[[Floats], NDArray[np.bool_]]
) -> float | None:
    """The least distance at which it flips, between 0 and one at which it does; None if there is no least."""
    near = 0.0
    for _ in range(_ROUNDS):
        distances = np.linspace(near, far, _NARROWED + 1)[1:]
        hits = np.flatnonzero(flipped(value + sign * distances))
        if not len(hits):
            break
        first = int(hits[0])
        near, far = (float(distances[first - 1]) if first else near), float(distances[first])
    return far if near > 0.0 else None

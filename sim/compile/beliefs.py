"""What actors believe: means and spreads that signals move (rules K1 to K7 of `docs/adjudication.md`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import ClassVar

from sim.compile import program as pr
from sim.compile.compose import Composer
from sim.compile.construct import Made, Reader
from sim.compile.decisions import DecisionCompiler
from sim.compile.lower import Lowering
from sim.compile.scope import LoweringError, Scope, listed
from sim.compile.unroll import bindings_of, members_of
from sim.compile.updating import Heard, Prior, Updated, updated
from sim.scenario import beliefs as md
from sim.scenario import expressions as ex
from sim.scenario.clock import PERIODS_PER_YEAR
from sim.scenario.load import PathOf
from sim.text import Place, quoted

LASTING, SECRECY, ERROR, RANGE = "K4", "K5", "K6", "K7"


@dataclass(frozen=True)
class Held:
    """A belief of one observer, about the actors that are bound in it."""

    id: str
    part: md.Belief
    observer: str
    bindings: tuple[tuple[str, str], ...]
    place: Place

    @property
    def about(self) -> tuple[str, ...]:
        """The bound actors, in order of bound name."""
        return tuple(actor for _, actor in self.bindings)

    @property
    def name(self) -> str:
        """As rows name it: `PRK, backing` or `CHN, resolve, USA`."""
        return ", ".join((self.observer, self.id, *self.about))

    @property
    def key(self) -> str:
        """Luck key without the purpose."""
        bound = ",".join(f"{name}={member}" for name, member in self.bindings)
        return f"{self.observer}/{self.part.luck_key or self.id}/{bound}"

    @property
    def path(self) -> PathOf:
        return ("beliefs", self.id)

    @property
    def scope(self) -> Scope:
        return Scope(self.path, self.observer, dict(self.bindings))


class Beliefs:
    """The beliefs of a scenario."""

    rules: ClassVar[Mapping[str, str]] = {
        "K1": "Forgetting",
        "K2": "Weight",
        "K3": "Learning",
        "K4": "What lasts",
        "K5": "Secrecy",
        "K6": "Error",
        "K7": "Range",
    }

    def __init__(self, lowering: Lowering, made: Made, without: frozenset[str]) -> None:
        self._lowering = lowering
        self._scenario = lowering.scenario
        self._problems = lowering.builder.problems
        self._made = made
        self._without = without
        self._compose = Composer(lowering)

    def readers(self) -> Mapping[str, Reader]:
        return {
            "belief": partial(self._read, "belief"),
            "spread": partial(self._read, "spread"),
            "decided": self._lowering.asked.decided,
        }

    @cached_property
    def _held(self) -> Mapping[tuple[str, ...], Held]:
        """Every belief by its id, observer and the actors it is about; in order of name."""
        found = [
            held
            for belief_id, part in self._scenario.model.beliefs.items()
            for held in self._problems.tried(partial(self._unrolled, belief_id, part), [])
        ]
        found.sort(key=lambda held: held.name)
        return {(held.id, held.observer, *held.about): held for held in found}

    def _unrolled(self, belief_id: str, part: md.Belief) -> list[Held]:
        path: PathOf = ("beliefs", belief_id)
        place = self._scenario.place(*path)
        return [
            Held(belief_id, part, observer, bindings, place)
            for bindings in bindings_of(self._lowering, part.for_, path)
            for observer in members_of(self._lowering, part.by, (*path, "by"), dict(bindings))
        ]

    def declare(self) -> None:
        for held in self._held.values():
            declare = partial(
                self._lowering.builder.declare, kind="belief", place=held.place, title=held.part.title or ""
            )
            low, high = (held.part.low, held.part.high)
            if RANGE in self._without:
                low, high = float("-inf"), float("inf")
            declare(f"belief[{held.name}]", low=low, high=high, unit=held.part.unit or "")
            declare(f"spread[{held.name}]", low=0.0)

    # Reading

    def _read(self, row: str, tree: ex.Call, scope: Scope) -> int:
        """The mean or spread in `belief(q, O)`; of a belief with `for` the bound actors follow."""
        names = [argument.id for argument in tree.arguments if isinstance(argument, ex.Name)]
        if len(names) != len(tree.arguments) or len(names) < 2:  # noqa: PLR2004 - belief, observer
            raise LoweringError(
                scope.path,
                tree.offset,
                f"{tree.function}() asks for a belief, and whose it is",
                f"{tree.function}(BELIEF, OBSERVER), and the actors that the belief is about",
            )
        offsets = [argument.offset for argument in tree.arguments]
        beliefs = self._scenario.model.beliefs
        if names[0] not in beliefs:
            raise LoweringError(
                scope.path,
                offsets[0],
                f"there is no belief {quoted(names[0])}",
                listed(sorted(beliefs), "one that stands under 'beliefs'"),
                self._problems.meant(names[0], beliefs),
                "unknown-name",
            )
        actors = self._lowering.names.actors(names[1:], offsets[1:], scope)
        wanted = sorted(beliefs[names[0]].for_)
        if len(actors) != 1 + len(wanted):
            form = ", ".join((f"{tree.function}({names[0]}", actors[0], *wanted))
            about = f"{len(wanted)} more actors" if len(wanted) > 1 else "one more actor"
            raise LoweringError(
                scope.path,
                tree.offset,
                f"{quoted(names[0])} is about {about if wanted else 'nobody else'}",
                form + ")",
            )
        held = self._held.get((names[0], *actors))
        if held is None:
            raise self._not_held(names[0], actors, tree, scope)
        return self._compose.row(f"{row}[{held.name}]")

    def _not_held(self, belief: str, actors: Sequence[str], tree: ex.Call, scope: Scope) -> LoweringError:
        holders = sorted({held.observer for held in self._held.values() if held.id == belief})
        about = f" about {', '.join(actors[1:])}" if actors[1:] else ""
        return LoweringError(
            scope.path,
            tree.arguments[1].offset,
            f"{actors[0]} holds no belief {quoted(belief)}{about}",
            f"an observer of it: {', '.join(holders[:12])}" if holders else "an observer in its 'by'",
            code="not-of-actor",
        )

    # Moving

    def compile(self, decisions: DecisionCompiler) -> None:  # noqa: ARG002 - nothing is decided
        assignments: list[pr.Assignment] = []
        for held in self._held.values():
            assignments += self._moved(held)
        assignments.sort(key=lambda assignment: self._lowering.builder.variables[assignment.row].name)
        if assignments:
            self._made.perceiving.append(pr.Pass("beliefs", assignments=tuple(assignments)))

    def _moved(self, held: Held) -> Sequence[pr.Assignment]:
        part, scope, c, rows = held.part, held.scope, self._compose, self._lowering.builder.rows
        low, high = (None if abs(bound) == float("inf") else bound for bound in (part.low, part.high))
        before = Scope(held.path, held.observer, scope.bound, mode="initial")
        number = self._lowering.number
        mean = number(part.mean, before.at(*held.path, "mean"), low, high)
        spread = number(part.spread, before.at(*held.path, "spread"))
        self._lowering.positive(spread, "a spread", before.at(*held.path, "spread"))
        for row, node in (("belief", mean), ("spread", c.above_zero(spread))):
            self._made.initials.append(pr.Initial(rows[f"{row}[{held.name}]"], node, held.place))
        half_life = None
        if part.half_life is not None:
            half_life = self._lowering.half_life(part.half_life, scope.at(*held.path, "half_life"))
        heard = [
            signal
            for signal_id in sorted(part.signals)
            for signal in self._problems.tried(partial(self._heard, held, signal_id), ())
        ]
        if not heard and half_life is None:
            return ()
        if RANGE not in self._without:
            mean = _within(c, mean, low, high)
        found = updated(
            c,
            (c.row(f"belief[{held.name}]"), c.row(f"spread[{held.name}]")),
            Prior(mean, spread, half_life),
            heard,
            self._without,
        )
        return self._assigned(held, found)

    def _assigned(self, held: Held, found: Updated) -> Sequence[pr.Assignment]:
        rows = self._lowering.builder.rows
        whose = f"the belief {held.id} of {held.observer}"
        return (
            pr.Assignment(
                rows[f"belief[{held.name}]"],
                found.mean,
                whose,
                held.place,
                owner=held.observer,
                pushes=found.pushes,
            ),
            pr.Assignment(
                rows[f"spread[{held.name}]"],
                found.spread,
                whose,
                held.place,
                owner=held.observer,
                pushes=found.narrowed,
            ),
        )

    def _heard(self, held: Held, signal_id: str) -> Sequence[Heard]:
        """The signal as the observer hears it; none, if it is kept from it."""
        signal, c, number = held.part.signals[signal_id], self._compose, self._lowering.number
        path = (*held.path, "signals", signal_id)
        seen_by = members_of(self._lowering, signal.seen_by, (*path, "seen_by"), held.scope.bound)
        when = self._lowering.truth(signal.when, held.scope.at(*path, "when"))
        noise = number(signal.noise, held.scope.at(*path, "noise"))
        self._lowering.positive(noise, "a noise", held.scope.at(*path, "noise"))
        if signal.says is not None:
            says = number(signal.says, held.scope.at(*path, "says"))
        else:
            assert held.part.of is not None
            says = number(held.part.of, held.scope.at(*held.path, "of"))
        weight = c.div(c.const(1.0), c.mul(noise, c.above_zero(noise)))
        times = None
        if signal.per is not None and LASTING not in self._without:
            times = c.mul(c.dt_before, c.const(PERIODS_PER_YEAR[signal.per]))
            weight = c.div(times, c.mul(noise, c.above_zero(noise)))
            when = c.all(c.from_turn(2), when)
        if signal.error is not None:
            says = self._with_error(held, signal_id, signal.error, says, times)
        if held.observer not in seen_by and SECRECY not in self._without:
            return ()
        return (Heard(f"signal {signal_id}", when, says, weight),)

    def _with_error(
        self, held: Held, signal_id: str, error: ex.Expression, says: int, times: int | None
    ) -> int:
        c, path = self._compose, (*held.path, "signals", signal_id)
        spread = self._lowering.number(error, held.scope.at(*path, "error"), 0.0)
        if ERROR in self._without:
            return says
        draw = self._lowering.builder.draw(f"{held.key}/error:{signal_id}", self._scenario.place(*path))
        if times is not None:
            spread = c.div(spread, c.sqrt(times))
        return c.add(says, c.mul(spread, c.normal(draw)))


def _within(c: Composer, node: int, low: float | None, high: float | None) -> int:
    """The number, brought into a range that may be open."""
    if low is not None:
        node = c.max(node, c.const(low))
    return node if high is None else c.min(node, c.const(high))

"""Where a run starts and what is asked of it: parameters, initial values, indicators, outcomes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date

from sim.compile import program as pr
from sim.compile.declare import Start
from sim.compile.lower import Lowering
from sim.compile.scope import LoweringError, Scope
from sim.scenario import models as md
from sim.scenario.load import PathOf
from sim.text import quoted


class ResultCompiler:
    """Compiles what stands at both ends of a run."""

    def __init__(self, lowering: Lowering) -> None:
        self._lowering = lowering
        self._builder = lowering.builder
        self._scenario = lowering.scenario
        self._problems = lowering.builder.problems

    def parameters(self) -> Iterator[pr.Parameter]:
        """Parameters in order of id."""
        for name, part in sorted(self._scenario.model.parameters.items()):
            place = self._scenario.place("parameters", name)
            distribution = part.distribution
            components = distribution.components if distribution else ()
            rows = tuple(self._builder.rows[f"{name}[{c}]" if c else name] for c in components or ("",))
            draws: tuple[int, ...] = ()
            if distribution is not None:
                key = f"parameters/{part.luck_key or name}//value"
                draws = tuple(
                    self._builder.draw(f"{key}:{c}" if c else key, place) for c in components or ("",)
                )
            elif part.value is not None and not part.low <= part.value <= part.high:
                self._out_of_range(("parameters", name, "value"), part.value, part.low, part.high)
            yield pr.Parameter(
                name,
                rows,
                distribution,
                float(part.value or 0.0),
                draws,
                place,
                self._lowering.figures.grade(("parameters", name)),
            )

    def initial(self, start: Start) -> pr.Initial:
        """The initial value of an attribute or relation."""
        node = self._lowering.number(start.expression, Scope(start.path, mode="initial"))
        written = self._builder.nodes[node]
        variable = self._builder.variables[start.row]
        if written.op == "const" and (written.value < variable.low or written.value > variable.high):
            self._out_of_range(start.path, written.value, variable.low, variable.high)
        return pr.Initial(start.row, node, self._scenario.value_place(*start.path))

    def _out_of_range(self, path: PathOf, value: float, low: float, high: float) -> None:
        bounds = f"from {low:g} to {high:g}"
        if math.isinf(low):
            bounds = f"of at most {high:g}"
        elif math.isinf(high):
            bounds = f"of at least {low:g}"
        self._problems.error(
            self._scenario.value_place(*path), f"{value:g} is out of range", f"a value {bounds}"
        )

    def indicator(self, name: str) -> pr.Indicator:
        part = self._scenario.model.indicators[name]
        node = self._lowering.number(part.value, Scope(("indicators", name, "value")))
        row = self._builder.rows[name]
        title = part.title or name.replace("_", " ")
        return pr.Indicator(name, title, part.unit or "", row, node, self._scenario.place("indicators", name))

    def outcome(self, name: str) -> pr.Outcome:
        part = self._scenario.model.outcomes[name]
        path: PathOf = ("outcomes", name)
        if part.happens is not None:
            node = self._lowering.truth(part.happens, Scope((*path, "happens"), mode="outcome"))
            first, last = self._window(part, path)
        else:
            assert part.holds is not None
            assert part.at is not None
            node = self._lowering.truth(part.holds, Scope((*path, "holds"), mode="outcome"))
            first = last = self._turn_at(part.at, (*path, "at"))
        row = self._builder.rows[f"outcome.{name}"]
        return pr.Outcome(name, part.title, row, node, first, last, self._scenario.place(*path))

    def lead(self) -> tuple[str, ...]:
        """What is shown first, every name checked."""
        model = self._scenario.model
        attributes = {item.name for item in self._builder.variables if item.kind == "attribute"}
        known = sorted({*model.indicators, *model.outcomes, *attributes})
        found: dict[str, None] = {}
        for index, name in enumerate(model.lead):
            place = self._scenario.value_place("lead", index)
            if name in found:
                self._problems.error(place, f"{quoted(name)} leads already", "each name once")
            elif name not in known:
                self._problems.error(
                    place,
                    f"there is no {quoted(name)} to lead",
                    "an indicator, an outcome or an attribute such as confidence[PRK]",
                    self._problems.meant(name, known),
                    "unknown-name",
                )
            found[name] = None
        return tuple(found)

    def _window(self, part: md.Outcome, path: PathOf) -> tuple[int, int]:
        """First and last turn that end after `from` and not after `by`."""
        assert part.by is not None
        clock = self._scenario.clock
        self._played(part.by, (*path, "by"))
        turns = [
            turn
            for turn in range(1, clock.turns + 1)
            if clock.dates[turn] <= part.by and (part.from_ is None or clock.dates[turn] > part.from_)
        ]
        if not turns:
            raise LoweringError(
                (*path, "by"),
                0,
                "no turn ends in this time, so it is never asked",
                "a later date, or an earlier from",
            )
        return turns[0], turns[-1]

    def _turn_at(self, day: date, path: PathOf) -> int:
        self._played(day, path)
        clock = self._scenario.clock
        return next(turn for turn in range(1, clock.turns + 1) if clock.dates[turn] >= day)

    def _played(self, day: date, path: PathOf) -> None:
        dates = self._scenario.clock.dates
        if not dates[0] < day <= dates[-1]:
            raise LoweringError(
                path, 0, f"{day} is not played", f"a date after {dates[0]} and up to {dates[-1]}"
            )

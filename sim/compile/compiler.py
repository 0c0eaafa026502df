"""Scenario to Program. All errors of meaning are found in one pass and raised together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import TypeVar

from sim.compile import program as pr
from sim.compile.builder import Builder, TooLargeError
from sim.compile.decisions import DecisionCompiler
from sim.compile.declare import Declarer
from sim.compile.lower import Lowering
from sim.compile.movements import MovementCompiler
from sim.compile.results import ResultCompiler
from sim.compile.scope import LoweringError, Scope
from sim.compile.symbols import collect
from sim.compile.tidy import check_sets, renumbered
from sim.compile.unroll import report, unroll
from sim.scenario.load import PathOf, Scenario
from sim.text import Diagnostics, FoedusError

ItemT = TypeVar("ItemT")
MadeT = TypeVar("MadeT")


def compile_scenario(scenario: Scenario) -> pr.Program:
    """Compile a scenario.

    Raises:
        FoedusError: with every error of meaning, each with its place.
    """
    problems = Diagnostics()
    try:
        return _Compiler(scenario, problems).program()
    except TooLargeError:
        problems.error(
            scenario.place(),
            "the scenario unrolls to more than can be played",
            "fewer actors, or narrower 'for' clauses",
        )
        raise FoedusError(problems.errors) from None


class _Compiler:
    def __init__(self, scenario: Scenario, problems: Diagnostics) -> None:
        self._scenario = scenario
        self._problems = problems
        self._builder = Builder(problems)
        self._lowering = Lowering(scenario, collect(scenario, problems), self._builder)

    def program(self) -> pr.Program:
        # Names that clash would be reported again at every use.
        self._problems.raise_if_errors()
        declarer = Declarer(self._lowering, self._problems)
        declarer.values()
        unrolled = unroll(self._lowering, self._problems)
        declarer.decisions(unrolled)
        declarer.results()
        movements = MovementCompiler(self._lowering, self._problems)
        perceptions, perceived = movements.perceptions(unrolled.perceptions, self._each)
        decisions = DecisionCompiler(self._lowering, perceived)
        results = ResultCompiler(self._lowering, self._problems)
        model, builder = self._scenario.model, self._builder
        program = pr.Program(
            id=model.id,
            title=model.title,
            hash=self._scenario.hash,
            clock=self._scenario.clock,
            names={actor_id: actor.name for actor_id, actor in sorted(model.actors.items())},
            parameters=tuple(results.parameters()),
            initials=tuple(self._each(declarer.starts, results.initial)),
            injects=tuple(self._each(unrolled.injects, decisions.inject)),
            events=tuple(self._each(unrolled.events, decisions.rule)),
            perceptions=perceptions,
            rules=tuple(self._each(unrolled.rules, decisions.rule)),
            choices=tuple(self._each(unrolled.choices, decisions.choice)),
            movements=movements.movements(unrolled.dynamics, self._each),
            indicators=tuple(self._each(sorted(model.indicators), results.indicator)),
            outcomes=tuple(self._each(sorted(model.outcomes), results.outcome)),
            attributes=self._attributes(),
            # The tables come last: everything above adds to them.
            memories=builder.memories(),
            variables=tuple(builder.variables),
            draws=tuple(builder.draws),
            sources=self._lowering.sources(),
            nodes=tuple(builder.nodes),
            figures=tuple(builder.figures),
        )
        self._unused_definitions()
        check_sets(program, self._problems)
        self._problems.raise_if_errors()
        return renumbered(program, builder.sorted_rows())

    def _each(self, items: Iterable[ItemT], make: Callable[[ItemT], MadeT]) -> list[MadeT]:
        """Make one of each item; what is wrong with one does not hide what is wrong with the next."""
        made = []
        for item in items:
            try:
                made.append(make(item))
            except LoweringError as fault:
                report(fault, self._scenario, self._problems)
        return made

    def _attributes(self) -> tuple[tuple[str, str, int], ...]:
        rows = self._builder.rows
        return tuple(
            (actor_id, name, rows[f"{name}[{actor_id}]"])
            for actor_id, actor in sorted(self._scenario.model.actors.items())
            for name in sorted(actor.attributes)
        )

    def _unused_definitions(self) -> None:
        """Read definitions that nothing uses all the same, so that their errors show."""
        symbols = self._lowering.symbols
        lowering = Lowering(self._scenario, symbols, self._builder.scratch())
        faults: dict[str, list[LoweringError]] = defaultdict(list)
        for name, wanted in symbols.definitions.items():
            path: PathOf = ("definitions", name, "value")
            for shift in range(len(symbols.actors) if wanted else 1):
                # Actors differ in what they have: it is enough that the definition makes sense for some.
                rotated = symbols.actors[shift:] + symbols.actors[:shift]
                if len(rotated) < len(wanted):
                    break
                scope = Scope(path, bound=dict(zip(wanted, rotated, strict=False)), inside=(name,))
                try:
                    lowering.number(self._scenario.model.definitions[name].value, scope)
                except LoweringError as fault:
                    faults[name].append(fault)
                else:
                    faults.pop(name, None)
                    break
        for found in faults.values():
            report(found[0], self._scenario, self._problems)

"""Scenario to Program. All errors of meaning are found in one pass and raised together."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path

from sim.compile import program as pr
from sim.compile.builder import Builder, TooLargeError
from sim.compile.decisions import DecisionCompiler
from sim.compile.declare import Declarer
from sim.compile.domain import Domain, checked_rules
from sim.compile.findings import Findings, TooManyError
from sim.compile.lower import Lowering
from sim.compile.movements import MovementCompiler
from sim.compile.results import ResultCompiler
from sim.compile.symbols import collect
from sim.compile.tidy import check_sets, renumbered
from sim.compile.units import check_units
from sim.compile.unroll import unroll
from sim.compile.unused import read_unused
from sim.scenario.load import Reading, Scenario, read_scenario
from sim.text import Diagnostics, FoedusError


def load_program(path: Path | str) -> tuple[Scenario, pr.Program]:
    """Read a scenario file and all it extends, and compile it.

    Raises:
        FoedusError: with every error, of form and of meaning, each with its place.
    """
    return compile_reading(read_scenario(path))


def compile_reading(reading: Reading) -> tuple[Scenario, pr.Program]:
    """Compile what was read of a scenario.

    Raises:
        FoedusError: with every error, of form and of meaning, each with its place.
    """
    problems = Diagnostics(reading.problems)
    if reading.scenario is not None:
        try:
            program = compile_scenario(reading.scenario)
        except FoedusError as error:
            cut = reading.salvage
            problems.extend(found for found in error.diagnostics if cut is None or cut.concerns(found))
        else:
            problems.raise_if_errors()
            return reading.scenario, program
    raise FoedusError(problems)


def compile_scenario(scenario: Scenario, without: Collection[str] = ()) -> pr.Program:
    """Compile a scenario.

    Args:
        scenario: what to compile.
        without: numbers of rules of `docs/adjudication.md` to leave out, to see what hinges on them.

    Raises:
        FoedusError: with every error of meaning, each with its place; for a rule that is not there.
    """
    problems = Findings(scenario)
    left_out = checked_rules(frozenset(without))
    try:
        return _Compiler(scenario, problems, left_out).program()
    except TooLargeError as large:
        problems.too_large(large.place or scenario.place())
    except TooManyError:
        pass  # what is found is enough
    raise FoedusError(problems.errors) from None


def _by_name(choices: Iterable[pr.Choice]) -> tuple[pr.Choice, ...]:
    return tuple(sorted(choices, key=lambda choice: choice.name))


class _Compiler:
    def __init__(self, scenario: Scenario, problems: Findings, without: frozenset[str]) -> None:
        self._scenario = scenario
        self._problems = problems
        self._without = without
        self._builder = Builder(problems)
        self._lowering = Lowering(scenario, collect(scenario, problems), self._builder)
        self._domain = Domain(self._lowering, without)

    def program(self) -> pr.Program:
        self._problems.hush()
        declarer = Declarer(self._lowering)
        declarer.values()
        unrolled = unroll(self._lowering)
        declarer.decisions(unrolled)
        self._domain.declare()
        declarer.results()
        movements = MovementCompiler(self._lowering)
        perceptions, perceived = movements.perceptions(unrolled.perceptions)
        decisions = DecisionCompiler(self._lowering, perceived)
        results = ResultCompiler(self._lowering)
        each = self._problems.each
        model, builder = self._scenario.model, self._builder
        moving = movements.movements(unrolled.dynamics)
        made = self._domain.compile(decisions, moving)
        rules = tuple(each(unrolled.rules, decisions.rule))
        choices = _by_name((*each(unrolled.choices, decisions.choice), *made.choices))
        program = pr.Program(
            id=model.id,
            title=model.title,
            hash=self._hash(),
            clock=self._scenario.clock,
            names={actor_id: actor.name for actor_id, actor in sorted(model.actors.items())},
            offices=dict(sorted(made.offices.items())),
            parameters=tuple(sorted((*results.parameters(), *made.parameters), key=lambda one: one.id)),
            initials=(*each(declarer.starts, results.initial), *made.initials),
            injects=tuple(each(unrolled.injects, decisions.inject)),
            events=tuple(each(unrolled.events, decisions.rule)),
            perceptions=perceptions,
            rules=rules,
            choices=choices,
            crisis=decisions.rounds.later(rules, choices),
            movements=moving,
            indicators=tuple(each(sorted(model.indicators), results.indicator)),
            outcomes=tuple(each(sorted(model.outcomes), results.outcome)),
            attributes=self._attributes(),
            # The tables come last: everything above adds to them.
            incidents=tuple(made.incidents),
            stages=made.stages(lambda row: builder.variables[row].name),
            memories=builder.memories(),
            variables=tuple(builder.variables),
            draws=tuple(builder.draws),
            sources=self._lowering.sources(),
            nodes=tuple(builder.nodes),
            figures=tuple(builder.figures),
            scenario=self._scenario,
            without=tuple(sorted(self._without)),
        )
        read_unused(self._scenario, self._lowering.symbols, builder)
        check_sets(program, self._problems)
        check_units(self._scenario, self._problems)
        self._problems.raise_if_errors()
        program = replace(program, warnings=self._problems.doubts())
        return renumbered(program, builder.sorted_rows())

    def _hash(self) -> str:
        """Of the scenario, and of the rules that are left out."""
        if not self._without:
            return self._scenario.hash
        text = ",".join((self._scenario.hash, *sorted(self._without)))
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()

    def _attributes(self) -> tuple[tuple[str, str, int], ...]:
        rows = self._builder.rows
        return tuple(
            (actor_id, name, rows[f"{name}[{actor_id}]"])
            for actor_id, actor in sorted(self._scenario.model.actors.items())
            for name in sorted(actor.attributes)
        )

"""Scenario to Program. All errors of meaning are found in one pass and raised together."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from sim.compile import program as pr
from sim.compile.builder import Builder, TooDeepError, TooLargeError
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
from sim.scenario.doctrines import (
    check_doctrines,
    choose,
    doctrines_in_force,
    other_doctrines,
    with_doctrines,
)
from sim.scenario.load import Reading, Scenario, read_scenario
from sim.text import Diagnostics, FoedusError


def load_program(path: Path | str, doctrines: Mapping[str, str] | None = None) -> tuple[Scenario, pr.Program]:
    """Read a scenario file and all it extends, and compile it; `doctrines` as in `compile_scenario`.

    Raises:
        FoedusError: with every error, of form and of meaning, each with its place.
    """
    return compile_reading(read_scenario(path), doctrines)


def compile_reading(
    reading: Reading, doctrines: Mapping[str, str] | None = None
) -> tuple[Scenario, pr.Program]:
    """Compile what was read of a scenario; `doctrines` as in `compile_scenario`.

    Raises:
        FoedusError: with every error, of form and of meaning, each with its place.
    """
    problems = Diagnostics(reading.problems)
    if reading.scenario is not None:
        try:
            program = compile_scenario(reading.scenario, doctrines=doctrines)
        except FoedusError as error:
            cut = reading.salvage
            problems.extend(found for found in error.diagnostics if cut is None or cut.concerns(found))
        else:
            problems.raise_if_errors()
            return reading.scenario, program
    raise FoedusError(problems)


def compile_scenario(
    scenario: Scenario, without: Collection[str] = (), doctrines: Mapping[str, str] | None = None
) -> pr.Program:
    """Compile a scenario with the doctrines that are in force, and check those that are not.

    Args:
        scenario: what to compile.
        without: numbers of rules of `docs/adjudication.md` to leave out, to see what hinges on them.
        doctrines: doctrine by actor, in place of those that the scenario names itself.

    Raises:
        FoedusError: with every error of meaning, each with its place; for a rule that is not there; for a
            doctrine that is not there.
    """
    left_out = checked_rules(frozenset(without))
    played = choose(scenario, doctrines or {})
    problems = Findings(played)
    program = _compiled_in_force(played, problems, left_out)
    try:
        check_doctrines(played, problems)
        _check_others(played, problems, left_out)
    except TooManyError:
        pass
    if program is None or problems:
        raise FoedusError(problems.errors)
    return program


def _compiled_in_force(scenario: Scenario, problems: Findings, without: frozenset[str]) -> pr.Program | None:
    """The program of the scenario as it stands; None, with what is wrong noted, if it has none."""
    try:
        return _Compiler(scenario, problems, without).program()
    except TooLargeError as large:
        problems.too_large(large.place or scenario.place(), large.expected)
    except TooDeepError:
        problems.too_large(scenario.place())
    except TooManyError:
        pass  # what is found is enough
    except FoedusError:
        pass  # what it says has been noted
    return None


_sound: Final[set[tuple[str, str, str]]] = set()
"""Hashes of scenarios, with a doctrine that is not in force, that were found to be sound."""


def _check_others(scenario: Scenario, problems: Findings, without: frozenset[str]) -> None:
    """Note what is wrong with the scenario under each of the doctrines that are not in force."""
    for actor, doctrine in other_doctrines(scenario):
        if (scenario.hash, actor, doctrine) in _sound:
            continue
        other = choose(scenario, {actor: doctrine})
        found = Findings(other)
        if _compiled_in_force(other, found, without) is not None:
            _sound.add((scenario.hash, actor, doctrine))
        for finding in found:
            words = f"{finding.message}, under the doctrine {doctrine} of {actor}"
            problems.add(replace(finding, message=words))


def _by_name(choices: Iterable[pr.Choice]) -> tuple[pr.Choice, ...]:
    return tuple(sorted(choices, key=lambda choice: choice.name))


class _Compiler:
    def __init__(self, scenario: Scenario, problems: Findings, without: frozenset[str]) -> None:
        self._stated = scenario
        self._scenario = with_doctrines(scenario, without)
        self._problems = problems
        self._without = without
        self._builder = Builder(problems)
        symbols = collect(self._scenario, problems)
        self._lowering = Lowering(self._scenario, symbols, self._builder, without)
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
        decisions = DecisionCompiler(self._lowering, perceived, unrolled)
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
            doctrines=doctrines_in_force(self._stated),
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
            movements=(*moving, *made.movements),
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
        """Of the scenario as it is stated, doctrines named, and of the rules that are left out."""
        if not self._without:
            return self._stated.hash
        text = ",".join((self._stated.hash, *sorted(self._without)))
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()

    def _attributes(self) -> tuple[tuple[str, str, int], ...]:
        rows = self._builder.rows
        return tuple(
            (actor_id, name, rows[f"{name}[{actor_id}]"])
            for actor_id, actor in sorted(self._scenario.model.actors.items())
            for name in sorted(actor.attributes)
        )

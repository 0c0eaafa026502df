"""Scenario to Program. All errors of meaning are found in one pass and raised together."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path

from sim.compile import program as pr
from sim.compile.audited import check_mechanisms
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
from sim.scenario.load import PathOf, Reading, Scenario, read_scenario
from sim.text import Diagnostic, Diagnostics, FoedusError, Place, collector_at_rest, locate
from sim.text.nodes import NodePlace, places


@collector_at_rest()
def load_program(
    path: Path | str, doctrines: Mapping[str, str] | None = None, *, others: bool = False
) -> tuple[Scenario, pr.Program]:
    """Read a scenario file and all it extends, and compile it; the rest as in `compile_reading`.

    Raises:
        FoedusError: with every error, of form and of meaning, each with its place.
    """
    return compile_reading(read_scenario(path), doctrines, others=others)


@collector_at_rest()
def compile_reading(
    reading: Reading, doctrines: Mapping[str, str] | None = None, *, others: bool = False
) -> tuple[Scenario, pr.Program]:
    """Compile what was read of a scenario.

    Args:
        reading: what was read.
        doctrines: as in `compile_scenario`.
        others: look, too, for what is wrong under doctrines that are not in force, once all is sound with
            those that are.

    Raises:
        FoedusError: with every error, of form and of meaning, each with its place.
    """
    problems = Diagnostics(reading.problems)
    if reading.scenario is None:
        raise FoedusError(problems)
    played = choose(reading.scenario, doctrines or {})
    program, found = _compiled(played, frozenset(), others=others, for_use=not problems.errors)
    cut = reading.salvage
    problems.extend(one for one in found if cut is None or cut.concerns(one))
    if program is None:
        raise FoedusError(problems)
    if cut is None and not doctrines:  # under another doctrine a lever may be gone
        check_mechanisms(played, program, problems)
    problems.raise_if_errors()
    return played, program


@collector_at_rest()
def compile_scenario(
    scenario: Scenario, without: Collection[str] = (), doctrines: Mapping[str, str] | None = None
) -> pr.Program:
    """Compile a scenario with the doctrines that are in force.

    Args:
        scenario: what to compile.
        without: numbers of rules of `docs/adjudication.md` to leave out, to see what hinges on them.
        doctrines: doctrine by actor, in place of those that the scenario names itself.

    Raises:
        FoedusError: with every error of meaning, each with its place; for a rule that is not there; for a
            doctrine that is not there. What only another doctrine would do wrong is found by
            `compile_reading`.
    """
    left_out = checked_rules(frozenset(without))
    program, problems = _compiled(choose(scenario, doctrines or {}), left_out)
    if program is None or problems:
        raise FoedusError(problems.errors)
    return program


def _compiled(
    scenario: Scenario, without: frozenset[str], *, others: bool = False, for_use: bool = True
) -> tuple[pr.Program | None, Findings]:
    """The program of a scenario, if it has one, and all that is wrong; `others` as in `compile_reading`."""
    found = Findings(scenario)
    program = _compiled_in_force(scenario, found, without, for_use=for_use)
    with suppress(TooManyError):
        check_doctrines(scenario, found)
        if others and program is not None:
            _check_others(scenario, found)
    return program, found


def _check_others(scenario: Scenario, problems: Findings) -> None:
    """Note what is wrong with a sound scenario under doctrines that are not in force.

    One doctrine of each actor at a time is put in force: what is wrong is told of the one in whose words it
    stands. What stands in nobody's, or in those of several, is looked for under each alone.
    """
    for together in _rounds(other_doctrines(scenario)):
        found = _faults(scenario, dict(together))
        words = {pair: _lines(scenario, *pair) for pair in together} if found else {}
        alone: set[tuple[str, str]] = set()
        for finding in found:
            whose = [pair for pair in together if _line(finding) in words[pair]]
            if len(whose) == 1:
                _tell(finding, *whose[0], problems)
            else:
                alone |= set(together)
        for pair in sorted(alone):
            for finding in _faults(scenario, dict([pair])):
                _tell(finding, *pair, problems)


def _rounds(others: Iterable[tuple[str, str]]) -> Iterator[tuple[tuple[str, str], ...]]:
    """Actors and doctrines, in rounds in which each actor has one."""
    waiting: dict[str, list[str]] = {}
    for actor, doctrine in others:
        waiting.setdefault(actor, []).append(doctrine)
    for doctrines in zip_longest(*waiting.values()):
        pairs = zip(waiting, doctrines, strict=True)
        yield tuple((actor, doctrine) for actor, doctrine in pairs if doctrine is not None)


def _faults(scenario: Scenario, doctrines: Mapping[str, str]) -> Findings:
    """What is wrong with these doctrines in force."""
    other = choose(scenario, doctrines)
    found = Findings(other)
    _compiled_in_force(other, found, frozenset(), for_use=False)
    return found


def _tell(finding: Diagnostic, actor: str, doctrine: str, problems: Findings) -> None:
    words = f"{finding.message}, under the doctrine {doctrine} of {actor}"
    problems.add(replace(finding, message=words))


def _lines(scenario: Scenario, actor: str, doctrine: str) -> frozenset[tuple[str, int]]:
    """Lines of a doctrine, and of the policies that it brings."""
    path: PathOf = ("actors", actor, "doctrines", doctrine)
    stated = scenario.model.actors[actor].doctrines[doctrine]
    brought = (("policies", policy) for policy in stated.policy or ())
    nodes = (locate(scenario.root, one).node for one in (path, *brought))
    stood = (place for node in nodes for found in places(node).values() for place in _both(found))
    return frozenset((place.file, place.line) for place in stood)


def _both(found: NodePlace) -> tuple[Place, ...]:
    """Of a key and of its value."""
    return tuple(place for place in (found.key_place, found.value_place) if place is not None)


def _line(finding: Diagnostic) -> tuple[str, int] | None:
    return None if finding.place is None else (finding.place.file, finding.place.line)


def _compiled_in_force(
    scenario: Scenario, problems: Findings, without: frozenset[str], *, for_use: bool = True
) -> pr.Program | None:
    """The program of the scenario as it stands; None, with what is wrong noted, if it has none. One that is
    not for use is only there to be checked.
    """
    try:
        compiler = _Compiler(scenario, problems, without)
        program = compiler.checked(with_sources=for_use)
        return compiler.finished(program) if for_use else program
    except TooLargeError as large:
        problems.too_large(large.place or scenario.place(), large.expected)
    except TooDeepError:
        problems.too_large(scenario.place())
    except TooManyError:
        pass  # what is found is enough
    except FoedusError:
        pass  # what it says has been noted
    return None


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

    def checked(self, *, with_sources: bool) -> pr.Program:
        """The program, its rows in the order in which they were declared."""
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
            sources=self._lowering.sources() if with_sources else {},
            nodes=tuple(builder.nodes),
            figures=tuple(builder.figures),
            scenario=self._scenario,
            lead=results.lead(),
            without=tuple(sorted(self._without)),
        )
        read_unused(self._scenario, self._lowering.symbols, builder)
        check_sets(program, self._problems)
        check_units(self._scenario, self._problems)
        self._problems.raise_if_errors()
        return program

    def finished(self, program: pr.Program) -> pr.Program:
        """The same with its rows in order of name, and what is doubtful noted."""
        program = replace(program, warnings=self._problems.doubts())
        return renumbered(program, self._builder.sorted_rows())

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

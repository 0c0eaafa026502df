"""The public case suite, read and compiled: everything that is wrong in any of its files is said at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from sim.analysis.ordering import order_fault
from sim.compile import Program
from sim.compile.compiler import compile_reading
from sim.compile.domain import RULES
from sim.engine.orders import Order
from sim.scenario import Scenario
from sim.scenario.case import FAMILIES, Case, CaseOrder, row_of
from sim.scenario.case_file import CaseReading, check_rules, check_turns, read_case
from sim.scenario.texts import from_here
from sim.text import Diagnostics, FoedusError, nearest, quoted

SUITE: Final = Path(__file__).resolve().parents[2] / "scenarios" / "cases"
"""The suite of the checkout that this code stands in."""
_MOST_DIGITS: Final = 20


@dataclass(frozen=True)
class LoadedCase:
    """A case that is sound in form and meaning."""

    case: Case
    program: Program


def load_case(path: Path | str) -> LoadedCase:
    """Read and compile a case.

    Raises:
        FoedusError: with everything that is wrong, each with its place.
    """
    found = read_case(path)
    problems = Diagnostics(found.problems)
    compiled: tuple[Scenario, Program] | None = None
    if found.reading is not None:
        try:
            compiled = compile_reading(found.reading)
        except FoedusError as error:
            problems.extend(error.diagnostics)
    problems.extend(check_rules(found, RULES))
    if compiled is not None:
        problems.extend(check_turns(found, compiled[0]))
        problems.extend(_check_orders(found, compiled[1]))
        problems.extend(_check_rows(found, compiled[1]))
    problems.raise_if_errors()
    assert found.model is not None
    assert compiled is not None
    assert found.unworded is not None
    case = Case(found.model, compiled[0], found.root, found.file, found.text, found.unworded)
    return LoadedCase(case, compiled[1])


def _check_orders(found: CaseReading, program: Program) -> Diagnostics:
    problems = Diagnostics()
    for index, order in found.orders.items():
        fault = order_fault(program, order_of(order), partial(found.place, "orders", index))
        if fault is not None:
            problems.add(fault)
    return problems


def _check_rows(found: CaseReading, program: Program) -> Diagnostics:
    """What must hold, or hold in a share of the runs, is a condition; a row is one of the state."""
    problems = Diagnostics()
    nodes = {indicator.id: program.nodes[indicator.node] for indicator in program.indicators}
    for index, expectation in found.expectations.items():
        if expectation.row is not None and expectation.row not in program.rows:
            problems.error(
                found.place("expect", index, "row"),
                f"there is no row {quoted(expectation.row)}",
                "a row of docs/reference/semantics.md or docs/adjudication.md",
                nearest(expectation.row, program.rows) or "",
                "unknown-row",
            )
        key = "that" if expectation.that is not None else "share"
        is_condition = expectation.that is not None or expectation.share is not None
        if is_condition and nodes[row_of(index)].op != "float":
            problems.error(
                found.place("expect", index, key),
                "a number stands where a condition must",
                "a comparison such as x > 0",
            )
    return problems


def row_name(case: Case, index: int) -> str:
    """The row that an expectation is about, `index` counting from 0."""
    return case.model.expect[index].row or row_of(index)


def load_cases(paths: Iterable[Path]) -> tuple[LoadedCase, ...]:
    """Read and compile cases, in order of their numbers.

    Raises:
        FoedusError: with everything that is wrong in any of them; for a number that stands twice.
    """
    problems = Diagnostics()
    cases: dict[int, LoadedCase] = {}
    for path in paths:
        try:
            loaded = load_case(path)
        except FoedusError as error:
            problems.extend(error.diagnostics)
            continue
        before = cases.setdefault(loaded.case.number, loaded)
        if before is not loaded:
            problems.error(
                loaded.case.place("case"),
                f"case {loaded.case.number} stands in {before.case.file} already",
                "a number of its own",
            )
    problems.raise_if_errors()
    return tuple(cases[number] for number in sorted(cases))


def load_suite(
    folder: Path | None = None, named: Collection[str] = (), family: str | None = None
) -> tuple[LoadedCase, ...]:
    """Cases of a folder (by default of the suite itself), in order of their numbers.

    Args:
        folder: where the cases are.
        named: numbers of cases, or paths of files; all of the folder if there are none.
        family: only cases of this family.

    Raises:
        FoedusError: with everything that is wrong in any of them; for a number or a family that is not there.
    """
    if family is not None and family not in FAMILIES:
        expected, near = f"one of {', '.join(FAMILIES)}", nearest(family, FAMILIES) or ""
        raise FoedusError.at(None, f"there is no family {quoted(family)}", expected, near)
    where = from_here(SUITE) if folder is None else folder
    paths = _named(where, named) if named else case_files(where)
    loaded = load_cases(paths)
    return tuple(one for one in loaded if family is None or one.case.model.family == family)


def case_files(folder: Path) -> list[Path]:
    """The files of cases in a folder: those whose names begin with a number and a hyphen.

    Raises:
        FoedusError: if there are none.
    """
    found = [path for path in sorted(folder.glob("*-*.yaml")) if _number(path) is not None]
    if not found:
        where = quoted(str(folder))
        raise FoedusError.at(None, f"there are no cases in {where}", "files such as 101-name.yaml")
    return found


def _number(path: Path) -> int | None:
    """The number that the name of a case's file begins with."""
    number = path.name.partition("-")[0]
    return int(number) if _is_number(number) else None


def _is_number(text: str) -> bool:
    """Whether a text is a number that a case could have; one of thousands of digits is none to Python."""
    return text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS


def _named(folder: Path, named: Collection[str]) -> list[Path]:
    """The files of cases that are named by their numbers, or by their paths."""
    found: list[Path] = []
    for name in named:
        if not _is_number(name):
            found.append(Path(name))
            continue
        files = case_files(folder)
        numbered = [path for path in files if _number(path) == int(name)]
        if not numbered:
            raise _no_such_case(int(name), sorted({_number(path) or 0 for path in files}))
        found += numbered
    return found


def _no_such_case(number: int, known: list[int]) -> FoedusError:
    """Names the range; and the nearest number, if the one asked for lies within it."""
    near = min(known, key=lambda one: abs(one - number)) if known[0] < number < known[-1] else ""
    expected = f"the number of a case, of {known[0]} to {known[-1]}"
    return FoedusError.at(None, f"there is no case {number}", expected, str(near))


def order_of(order: CaseOrder) -> Order:
    """The order as the engine takes it."""
    return Order(order.turn, order.actor, order.decision, order.option)

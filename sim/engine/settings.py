"""Settings as data: a value that is put in place of another after a turn, in every run of an ensemble."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sim.compile import program as pr
from sim.engine.state import State
from sim.text import Diagnostic, FoedusError, nearest, quoted

SETTABLE: Final = ("parameter", "attribute", "relation", "belief")
"""Kinds of rows that may be set by hand: all else is worked out from what was done."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One value set by hand."""

    turn: int
    """The turn after which it is set; 0 for before play."""
    row: str
    """The row's name in the Program, `alarm[WEST]`."""
    value: float
    reason: str = ""


def fitting(program: pr.Program, settings: Iterable[Setting]) -> tuple[Setting, ...]:
    """Settings in order of turn, and as they were given within one.

    Raises:
        FoedusError: for a turn that is not there, or a row that is not there, is worked out, or cannot hold
            the value, all at once.
    """
    found = sorted(settings, key=lambda setting: setting.turn)
    problems = [problem for setting in found if (problem := _problem(program, setting)) is not None]
    if problems:
        raise FoedusError(problems)
    return tuple(found)


def put(program: pr.Program, state: State, setting: Setting) -> None:
    """Put the value in place of what every run has."""
    state.values[program.rows[setting.row]] = setting.value


def _problem(program: pr.Program, setting: Setting) -> Diagnostic | None:
    if not 0 <= setting.turn <= program.turns:
        return Diagnostic(None, f"a value set after turn {setting.turn}", f"a turn from 0 to {program.turns}")
    index = program.rows.get(setting.row)
    if index is None or program.variables[index].kind not in SETTABLE:
        what = "there is no" if index is None else "nobody can set"
        settable = [item.name for item in program.variables if item.kind in SETTABLE]
        near = nearest(setting.row, settable) or ""
        expected = "a parameter, attribute, relation or belief"
        return Diagnostic(None, f"{what} {quoted(setting.row)}", expected, near)
    variable = program.variables[index]
    if not (math.isfinite(setting.value) and variable.low <= setting.value <= variable.high):
        expected = f"a number from {variable.low:g} to {variable.high:g}"
        return Diagnostic(None, f"{setting.row} cannot be {setting.value:g}", expected)
    return None

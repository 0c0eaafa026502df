"""Scenario to Program: what a scenario means, as flat data."""

from sim.compile.audited import check_mechanisms
from sim.compile.compiler import compile_scenario, load_program
from sim.compile.program import (
    Choice,
    Decision,
    Deed,
    Doings,
    Draw,
    Effect,
    Indicator,
    Node,
    Option,
    Outcome,
    Program,
    Rule,
    Saying,
    Variable,
)
from sim.compile.review import find_warnings

__all__ = [
    "Choice",
    "Decision",
    "Deed",
    "Doings",
    "Draw",
    "Effect",
    "Indicator",
    "Node",
    "Option",
    "Outcome",
    "Program",
    "Rule",
    "Saying",
    "Variable",
    "check_mechanisms",
    "compile_scenario",
    "find_warnings",
    "load_program",
]

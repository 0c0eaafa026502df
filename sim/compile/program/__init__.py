"""The Program: a scenario as flat data that a backend interprets.

Tables of variables, draws, nodes (expressions as a graph without repetition), decisions, effects and
movements, each with the place in the file that it came from. Everything that can be settled before play is
settled here: quantified rules are unrolled, cadences are lists of turns, names are row numbers, sums stand in
the order of the exact rules. A backend needs nothing else.
"""

from sim.compile.program.decisions import (
    Campaign,
    Choice,
    Crisis,
    Decision,
    Deed,
    Demand,
    Doings,
    Effect,
    Nest,
    Option,
    Round,
    Rule,
    Saying,
)
from sim.compile.program.nodes import Draw, Figure, Grade, Joint, Kind, Node, Op, Source, Term, Variable
from sim.compile.program.stages import (
    Assignment,
    Incident,
    Pass,
    Push,
    Stages,
    Step,
    Waves,
    passes_of,
)
from sim.compile.program.whole import (
    Indicator,
    Initial,
    Memory,
    Movement,
    Outcome,
    Parameter,
    Perception,
    Program,
)

__all__ = [
    "Assignment",
    "Campaign",
    "Choice",
    "Crisis",
    "Decision",
    "Deed",
    "Demand",
    "Doings",
    "Draw",
    "Effect",
    "Figure",
    "Grade",
    "Incident",
    "Indicator",
    "Initial",
    "Joint",
    "Kind",
    "Memory",
    "Movement",
    "Nest",
    "Node",
    "Op",
    "Option",
    "Outcome",
    "Parameter",
    "Pass",
    "Perception",
    "Program",
    "Push",
    "Round",
    "Rule",
    "Saying",
    "Source",
    "Stages",
    "Step",
    "Term",
    "Variable",
    "Waves",
    "passes_of",
]

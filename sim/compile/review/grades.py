"""Numbers that no grade speaks for: they decide, and no ledger knows them.

Structural numbers (0, 1, a half, powers of ten ...) say how an expression is built and claim nothing about
the world. What outcomes and indicators ask is a question, not a claim.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from sim.compile import program as pr
from sim.compile.review.causes import Causes
from sim.scenario.clock import parse_duration
from sim.scenario.graded import Graded
from sim.scenario.load import PathOf
from sim.scenario.models import Parameter
from sim.text import Place, Scalar, locate

STRUCTURAL: Final = frozenset((0.0, 0.5, 1.0, 2.0, 10.0, 100.0, 1_000.0))
_QUESTIONS: Final = ("outcomes", "indicators")
_MOST_SHOWN: Final = 4
_GRADE: Final = "say how well it is known: measured, informed or assumed"


def review_grades(causes: Causes) -> None:
    """Graded parts with numbers but no grade of their own or around them."""
    found = _ungraded(causes)
    if not found:
        return
    graded = any(isinstance(part, Graded) and part.grade for part in causes.parts.values())
    if not graded:
        count = sum(map(len, found.values()))
        said = f"no number of this scenario says how well it is known, and {count} should"
        causes.warn_key(("id",), said, "give values and rules a grade, such as assumed: ...", "ungraded")
        return
    for numbers in found.values():
        places, shown = zip(*sorted(numbers), strict=True)
        causes.warning(places[0], _told(shown), _GRADE, "ungraded")


def _told(shown: Sequence[str]) -> str:
    if len(shown) == 1:
        return f"no grade speaks for {shown[0]}"
    listed = ", ".join(shown[:_MOST_SHOWN]) + (" ..." if len(shown) > _MOST_SHOWN else "")
    return f"no grade speaks for {len(shown)} numbers: {listed}"


def _ungraded(causes: Causes) -> dict[PathOf, set[tuple[Place, str]]]:
    """Numbers without a grade, by the part that should have one."""
    found: dict[PathOf, set[tuple[Place, str]]] = defaultdict(set)
    for figure in causes.program.figures:
        if figure.grade.kind or figure.path[0] in _QUESTIONS or figure.path[-1] == "says":
            continue
        if abs(figure.value) not in STRUCTURAL:
            found[_part(causes, figure.path)].add((figure.place, _written(causes, figure)))
    for name, parameter in causes.scenario.model.parameters.items():
        if parameter.grade is None and _claims(parameter):
            place = causes.scenario.place("parameters", name)
            found["parameters", name].add((place, "this parameter"))
    return found


def _claims(parameter: Parameter) -> bool:
    return parameter.value is None or abs(parameter.value) not in STRUCTURAL


def _part(causes: Causes, path: PathOf) -> PathOf:
    """The largest part around that can carry a grade: of an option, its choice."""
    for length in range(1, len(path) + 1):
        if isinstance(causes.parts.get(path[:length]), Graded):
            return path[:length]
    return path


def _written(causes: Causes, figure: pr.Figure) -> str:
    """The number as people read it: of a duration, the duration."""
    node = locate(causes.scenario.root, figure.path).node
    duration = parse_duration(node.text) if isinstance(node, Scalar) else None
    return f"{figure.value:g}" if duration is None else str(duration)

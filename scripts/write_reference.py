"""Write docs/reference/language.md: prose and examples from a template, tables from the program itself.

    python scripts/write_reference.py [--check]

With `--check` nothing is written. Exit code: 0 written or up to date, 1 out of date or something has no
meaning yet, 2 used wrongly.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, Final, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from scripts.pages import ROOT, written
from scripts.reference_rules import together
from scripts.reference_tables import FAMILIES, FUNCTIONS, NAMES, OPERATORS, READERS, SECTIONS, UNITS
from sim.compile.builder import MAX_DECISIONS, MAX_ROWS
from sim.scenario.clock import Duration, Step
from sim.scenario.distributions import Distribution
from sim.scenario.expressions import MAX_LENGTH
from sim.scenario.fields import ActorId, EvidenceId, Id, Party, UnitField
from sim.scenario.keys import (
    Key,
    PartType,
    is_part,
    keys,
    meaning,
    part_name,
    unwrapped,
    without_none,
    written_parts,
)
from sim.scenario.merge import MAX_FILES
from sim.scenario.models import ActionCall, EffectPart, Every, Members
from sim.scenario.scan import MAX_BRACKETS
from sim.scenario.trees import Expression, Statement
from sim.text.files import MAX_BYTES
from sim.text.yaml import MAX_DEPTH, MAX_NODES

TEMPLATE: Final = ROOT / "scripts" / "templates" / "language.md"
PAGE: Final = ROOT / "docs" / "reference" / "language.md"
_MARKER: Final = re.compile(r"^<!-- (\w+)(?:: ([a-z ]+))? -->$", re.MULTILINE)
_GRADES: Final = ("measured", "informed", "assumed", "disagreement", "review_by")

_SCALARS: Final[dict[Any, str]] = {
    Expression: "[expression](#expressions)",
    Statement: "[effect](#values)",
    Duration: "[duration](#values)",
    Step: "[cadence](#values)",
    date: "[date](#values)",
    Distribution: "[distribution](#distributions)",
    float: "number",
    int: "whole number",
    bool: "`true` or `false`",
    str: "text",
}
_IDS: Final[dict[Any, str]] = {
    ActorId: "actor",
    Id: "id",
    Party: "actor or tag",
    EvidenceId: "id of a fact",
    UnitField: "[unit](#units)",
}


class UnsaidError(Exception):
    """Something of the language is not in the reference."""


def page() -> str:
    """The whole page.

    Raises:
        UnsaidError: for a part, key or function without a meaning, or without a place on the page.
    """
    template = TEMPLATE.read_text("utf-8")
    made = _MARKER.sub(lambda match: _fill(match[1], match[2] or ""), template)
    placed = {match[2] for match in _MARKER.finditer(template) if match[1] == "part"}
    names = {part_name(part) for part in written_parts()}
    if placed != names:
        raise UnsaidError(f"scripts/templates/language.md: parts {sorted(placed ^ names)}")
    return made.rstrip("\n") + "\n"


def _fill(what: str, name: str) -> str:
    tables: dict[str, Callable[[], Iterator[str]]] = {
        "readers": lambda: _table(("function", "meaning"), ((f"`{s}`", m) for s, m in READERS.values())),
        "functions": lambda: _table(("function", "meaning"), ((f"`{s}`", m) for s, m in FUNCTIONS.values())),
        "names": lambda: _table(("written", "meaning"), ((f"`{s}`", m) for s, m in NAMES)),
        "operators": lambda: _table(("written", "meaning"), ((f"`{s}`", m) for s, m in OPERATORS)),
        "units": lambda: _table(
            ("written", "meaning"), ((", ".join(f"`{one}`" for one in s.split(", ")), m) for s, m in UNITS)
        ),
        "distributions": lambda: _table(
            ("family", "arguments", "meaning"), ((f"`{f}`", f"`{a}`", m) for f, (a, m) in FAMILIES.items())
        ),
        "limits": _limits,
    }
    if what in tables:
        return "\n".join(tables[what]())
    part = next((part for part in written_parts() if part_name(part) == name), None)
    if what != "part" or part is None:
        raise UnsaidError(f"scripts/templates/language.md: there is nothing to put for {what} {name}")
    return "\n".join(_part(part))


def _part(part: PartType) -> Iterator[str]:
    said = meaning(part)
    if not said:
        raise UnsaidError(f"sim/scenario/meanings.py: PARTS has no {part.__name__}")
    name = part_name(part)
    if name not in SECTIONS:
        raise UnsaidError(f"scripts/reference_tables.py: SECTIONS has no {name}")
    yield f"## {name[0].upper()}{name[1:]}"
    yield ""
    section = SECTIONS[name]
    yield f"{said} Exactly: {_linked(section)}."
    yield ""
    grades = [key.name for key in keys(part) if key.name in _GRADES]
    own = [key for key in keys(part) if key.name not in grades and key.name != "note"]
    yield from _table(("key", "type", "default", "meaning"), (_row(part, key) for key in own))
    yield ""
    more = (
        "its [grade](#grades): `measured`, `informed` or `assumed`, with `disagreement` and `review_by`; and "
    )
    yield f"Beside these: {more if grades else ''}`note`, free text."
    if rules := together(part):
        yield ""
        yield rules


def _linked(section: str) -> str:
    """Where it is fixed what a part means exactly."""
    if ".md#" in section:
        return f"[{section.partition('.')[0]}](../{section})"
    if section.startswith("../"):
        return f"[adjudication](../adjudication.md#{section[3:]})"
    return f"[semantics](semantics.md#{section})"


def _row(part: PartType, key: Key) -> tuple[str, ...]:
    if not key.meaning:
        raise UnsaidError(f"sim/scenario/meanings.py: KEYS has no meaning for {key.name} of {part.__name__}")
    return f"`{key.name}`", type_text(key.type), _default(key), key.meaning


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"


def _default(key: Key) -> str:
    if key.required:
        return "required"
    match key.default:
        case bool():
            return "`true`" if key.default else "`false`"
        case Expression():
            return f"`{key.default.text}`"
        case str() | int() | float():
            return f"`{key.default}`"
    return ""


def type_text(annotation: Any) -> str:
    """What a value of this type is, for people."""
    inner, _ = without_none(annotation)
    if inner in _IDS:
        return _IDS[inner]
    bare = unwrapped(inner)
    if bare in _SCALARS:
        return _SCALARS[bare] + _bounds(inner)
    if bare is Every:
        return "[cadence](#values) or [rate](#every)"
    if bare is Members:
        return "[for](#values), without a name"
    if is_part(bare):
        return f"[{part_name(bare)}](#{part_name(bare).replace(' ', '-')})"
    arguments = get_args(bare)
    if get_origin(bare) is dict:
        if unwrapped(arguments[1]) is Members:
            return "[for](#values)"
        return f"{type_text(arguments[1])} by {type_text(arguments[0])}"
    if get_origin(bare) is tuple:
        return _items(arguments)
    if get_origin(bare) is Literal:
        return " or ".join(f"`{value}`" for value in arguments)
    return " or ".join(type_text(argument) for argument in arguments)


def _items(arguments: tuple[Any, ...]) -> str:
    if ... not in arguments:
        return f"list of {len(arguments)}: {type_text(arguments[0])}"
    held = unwrapped(arguments[0])
    if held is ActionCall:
        return "list of [deeds](#values)"
    if held is EffectPart:
        return "list of [effects](#effect)"
    return f"list: {type_text(arguments[0])}"


def _bounds(annotation: Any) -> str:
    limits = [
        limit
        for item in get_args(annotation)[1:]
        for limit in (item.metadata if isinstance(item, FieldInfo) else (item,))
    ]
    low = next((limit.ge for limit in limits if hasattr(limit, "ge")), None)
    high = next((limit.le for limit in limits if hasattr(limit, "le")), None)
    return "" if low is None or high is None else f", {low:,} to {high:,}"


def _limits() -> Iterator[str]:
    yield f"- A file: {MAX_BYTES // 1_000_000} MB, {MAX_NODES:,} values, {MAX_DEPTH} levels of nesting."
    yield f"- A scenario: {MAX_FILES} files; written out for every actor, {MAX_ROWS:,} numbers"
    yield f"  and {MAX_DECISIONS:,} decisions. An article makes calls for each pair, and answers for each"
    yield "  party: `on`, `by` and `obliged` narrow it."
    yield f"- An expression: {MAX_LENGTH:,} characters, {MAX_BRACKETS} levels of brackets."


def main(arguments: list[str]) -> int:
    """Write the page, or with `--check` say whether it is as it would be written."""
    try:
        return written(arguments, "write_reference", __doc__, lambda: {PAGE: page()})
    except UnsaidError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""From files to a Scenario: read, extend, validate, check what it cites."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import islice
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from sim.evidence import Evidence, load_evidence
from sim.scenario import faults
from sim.scenario.clock import Clock
from sim.scenario.document import ScenarioModel
from sim.scenario.graded import Graded
from sim.scenario.kinds import SCENARIO, check_kind
from sim.scenario.merge import read_with_extends
from sim.scenario.salvage import Salvage, salvage
from sim.text import (
    Diagnostics,
    FoedusError,
    Mapping,
    Node,
    PathOf,
    Place,
    Scalar,
    beside,
    collector_at_rest,
    locate,
    nearest,
    parse_document,
    quoted,
    read_document,
    to_plain,
)

__all__ = [
    "PathOf",
    "Reading",
    "Scenario",
    "check_citations",
    "load_scenario",
    "parse_scenario",
    "parts",
    "read_scenario",
    "read_tree",
]


@dataclass(frozen=True)
class Scenario:
    """A scenario as its files state it, valid in form; what its names mean is the compiler's matter."""

    model: ScenarioModel
    root: Mapping
    """The merged tree, with the place of everything."""
    file: str
    evidence: Evidence
    idle: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Policies that an actor has under other doctrines than the one in force, by actor."""

    @cached_property
    def clock(self) -> Clock:
        return self.model.clock.clock()

    @cached_property
    def plain(self) -> dict[str, Any]:
        """The resolved scenario as plain data: everything that it extends merged in."""
        plain = to_plain(self.root)
        assert isinstance(plain, dict)
        return plain

    @cached_property
    def hash(self) -> str:
        """BLAKE2b-128 of the resolved scenario, whatever the order of its keys. 32 hexadecimal digits."""
        text = json.dumps(self.plain, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()

    @cached_property
    def parts(self) -> tuple[tuple[PathOf, BaseModel], ...]:
        """Every model of it, each with its path in the file."""
        return tuple(parts(self.model))

    def place(self, *path: str | int, offset: int = 0) -> Place:
        """Where something stands: the key's place, or, with an offset into its text, the character's."""
        found = locate(self.root, path)
        if offset and isinstance(found.node, Scalar):
            return _place_at(found.node, offset)
        return found.place

    def value_place(self, *path: str | int, offset: int = 0) -> Place:
        """Where the value of something stands, or the character of its text at the offset."""
        found = locate(self.root, path)
        return _place_at(found.node, offset) if isinstance(found.node, Scalar) else found.value_place


def _place_at(scalar: Scalar, offset: int) -> Place:
    """Where a character of a scalar stands; at once where the text stands in the file just as it is."""
    quoted_as_is = scalar.style in ("single", "double") and scalar.source[1:-1] == scalar.text
    if offset <= len(scalar.text) and (quoted_as_is or scalar.source == scalar.text):
        file, line, column = scalar.place.file, scalar.place.line, scalar.place.column
        return Place(file, line, column + quoted_as_is + offset)
    return scalar.place_at(offset)


@dataclass(frozen=True)
class Reading:
    """What was read of a scenario: whole, or in spite of its faults of form."""

    problems: Diagnostics
    scenario: Scenario | None
    """Without the faulty parts; None if too little is left."""
    salvage: Salvage | None = None
    """What was cut away, if anything was."""


def load_scenario(path: Path | str) -> Scenario:
    """Read a scenario file and all it extends.

    Raises:
        FoedusError: with every error of form, each with its place.
    """
    return _whole(read_scenario(path))


@collector_at_rest()
def read_scenario(path: Path | str) -> Reading:
    """Read a scenario file and all it extends, as far as it can be read.

    Raises:
        FoedusError: if there is no tree to read: files that are missing, or are no YAML.
    """
    return _read(read_document(Path(path), str(path)), str(path))


@collector_at_rest()
def parse_scenario(text: str, file: str = "scenario.yaml") -> Scenario:
    """Read a scenario from text; `file` is its name in messages, and what `extends` is relative to.

    Raises:
        FoedusError: with every error of form, each with its place.
    """
    return _whole(_read(parse_document(text, file), file))


def _whole(reading: Reading) -> Scenario:
    reading.problems.raise_if_errors()
    assert reading.scenario is not None
    return reading.scenario


def _read(node: Node, file: str) -> Reading:
    check_kind(node, SCENARIO)
    return read_tree(read_with_extends(node, file), file)


@collector_at_rest()
def read_tree(root: Mapping, file: str) -> Reading:
    """Read a scenario from its tree, with all that it extends merged in."""
    problems = Diagnostics()
    evidence = _evidence(root, problems)
    cited = not problems
    cut = None
    try:
        model = ScenarioModel.model_validate(to_plain(root))
    except ValidationError as error:
        problems.extend(faults.diagnostics(error, root))
        cut = salvage(root, error)
        if cut is None:
            return Reading(problems, None)
        model = cut.model
    scenario = Scenario(model, root, file, evidence)
    if cited:  # of ledgers that could not be read nothing can be said
        problems.extend(check_citations(scenario))
    return Reading(problems, scenario, cut)


def _evidence(root: Mapping, problems: Diagnostics) -> Evidence:
    """The ledgers that the scenario names, relative to the file with the line that names them."""
    node = root.get("evidence")
    if not isinstance(node, Scalar) or not isinstance(node.value, str):
        return Evidence.empty()
    directory = Path(beside(node.place.file, node.value))
    if not _is_folder(directory):
        problems.error(
            node.place, f"there is no folder {quoted(node.value)}", "a folder of ledgers, such as ../seeds"
        )
        return Evidence.empty()
    try:
        return load_evidence(directory)
    except FoedusError as error:
        problems.extend(error.diagnostics)
        return Evidence.empty()


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):  # no name that a folder could have
        return False


def parts(part: BaseModel, path: PathOf = ()) -> Iterator[tuple[PathOf, BaseModel]]:
    """The model and every model below it, with its path in the file."""
    yield path, part
    for name, key in _keys_of(type(part)):
        value = getattr(part, name)
        if value and isinstance(value, _HOLDERS):
            yield from _below(value, (*path, key))


_HOLDERS: Final = (BaseModel, dict, tuple)


@cache
def _keys_of(model: type[BaseModel]) -> tuple[tuple[str, str], ...]:
    """Fields of a model, and how the file names them."""
    return tuple((name, field.alias or name) for name, field in model.model_fields.items())


def _below(value: object, path: PathOf) -> Iterator[tuple[PathOf, BaseModel]]:
    if isinstance(value, BaseModel):
        yield from parts(value, path)
    elif isinstance(value, dict | tuple):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            if isinstance(item, _HOLDERS):
                yield from _below(item, (*path, key))


_MAX_SUGGESTIONS: Final = 20
"""Faults for which the nearest id is looked for: the ledgers hold thousands."""
_NO_LEDGERS: Final = "a line 'evidence: FOLDER' that says where the ledgers are"


def check_citations(scenario: Scenario) -> Diagnostics:
    """Every fact, base rate and disagreement that a grade names must stand in the ledgers."""
    problems = Diagnostics()
    evidence = scenario.evidence
    named = scenario.model.evidence is not None
    for path, part in scenario.parts:
        if not isinstance(part, Graded) or len(problems) >= faults.MAX_FAULTS:
            continue
        for grade in ("measured", "informed"):
            for index, cited in islice(enumerate(getattr(part, grade) or ()), faults.MAX_FAULTS):
                if not evidence.citable(cited):
                    problems.error(
                        scenario.value_place(*path, grade, index),
                        f"the ledgers have no fact {quoted(cited)}",
                        "the id of a fact or a base rate" if named else _NO_LEDGERS,
                        evidence.nearest(cited) or "" if len(problems) < _MAX_SUGGESTIONS else "",
                        code="unknown-fact",
                    )
        if part.disagreement is not None and part.disagreement not in evidence.disagreements:
            problems.error(
                scenario.value_place(*path, "disagreement"),
                f"the ledgers have no disagreement {quoted(part.disagreement)}",
                "the id of a disagreement" if named else _NO_LEDGERS,
                nearest(part.disagreement, evidence.disagreements) or "",
                code="unknown-disagreement",
            )
    return problems

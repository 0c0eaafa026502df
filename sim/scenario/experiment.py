"""An experiment: a scenario, arms that each say how they differ from it, and what to compare.

An arm is a diff on the base: narrowed parameters, doctrines, decisions taken by hand, or anything that a file
that extends the scenario could say. All arms are played on the same luck.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field, PlainValidator, StringConstraints

from sim.evidence import Evidence
from sim.scenario.doctrines import choose
from sim.scenario.document import ScenarioModel
from sim.scenario.fields import Id, Ids, Shown, several
from sim.scenario.kinds import EXPERIMENT, check_kind
from sim.scenario.load import Scenario, load_scenario, read_tree
from sim.scenario.merge import merge, read_with_extends
from sim.text import (
    Diagnostics,
    Entry,
    FoedusError,
    Mapping,
    Place,
    Scalar,
    TextModel,
    beside,
    checked,
    fail,
    locate,
    nearest,
    quoted,
    read_document,
)
from sim.text.checking import described

Title = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
BASE: Final = "base"


Turns = tuple[int, ...] | Literal["all", "due"]


_WORDS: Final[dict[str, Literal["all", "due"]]] = {"all": "all", "due": "due"}


def _turns(value: Any) -> Turns:
    if isinstance(value, str) and value in _WORDS:
        return _WORDS[value]
    if not isinstance(value, list) or not value:
        near = (nearest(value, _WORDS) or "") if isinstance(value, str) else ""
        raise fail("these are no turns", "a list of turns, or all, or due", suggestion=near)
    for index, turn in enumerate(value):
        if isinstance(turn, bool) or not isinstance(turn, int) or turn < 1:
            raise fail("this is no turn", "a whole number from 1 on", below=(index,))
    return tuple(value)


class ArmOrder(TextModel):
    """A decision taken by hand in some turns of an arm."""

    turns: Annotated[Turns, PlainValidator(_turns)]
    """Turns by number; `all`; or `due`: those in which the policy would take it up."""
    actor: Annotated[str, StringConstraints(min_length=1)]
    decision: Annotated[str, StringConstraints(min_length=1)]
    option: Annotated[str, StringConstraints(min_length=1)]
    """An option's id; for a rule `do` or `refrain`; for a count a whole number."""


class Forbidden(TextModel):
    """Options of a decision that an arm shuts at all times; the policy chooses among the others."""

    actor: Annotated[str, StringConstraints(min_length=1)]
    decision: Annotated[str, StringConstraints(min_length=1)]
    options: Annotated[
        tuple[Annotated[str, StringConstraints(min_length=1)], ...],
        BeforeValidator(several),
        Field(min_length=1),
    ]
    """Ids of options; of a rule `do`."""


class ArmModel(TextModel):
    """How an arm differs from the base."""

    title: Title | None = None
    document: str | None = None
    """The short id of the source document whose account this arm takes as true."""
    leaves: dict[str, Shown] = {}
    """Disagreements in which that document takes a position that the arm leaves out, and why."""
    doctrines: dict[str, str] = {}
    """Doctrine by actor."""
    parameters: dict[Id, Any] = {}
    """What is known of parameters in this arm, in place of what the scenario says."""
    orders: Annotated[tuple[ArmOrder, ...], BeforeValidator(several)] = ()
    forbid: Annotated[tuple[Forbidden, ...], BeforeValidator(several)] = ()
    change: dict[str, Any] = {}
    """Merged over the scenario, as a file that extends it would be."""


class AnswerModel(TextModel):
    """The one figure that answers the question, named before it is played."""

    arm: Id
    by: Id
    """An outcome or an indicator."""


class ExperimentModel(TextModel):
    """An experiment as its file states it."""

    experiment: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=80)]
    title: Title
    about: Shown | None = None
    """What is asked, and why these arms answer it."""
    question: Id | None = None
    """The id of a question of the ledgers."""
    scenario: Annotated[str, StringConstraints(min_length=1)]
    """The base, relative to the file."""
    runs: Annotated[int, Field(ge=1, le=10_000_000)] = 4_000
    seed: Annotated[int, Field(ge=0, le=2**32 - 1)] = 1
    answer: AnswerModel | None = None
    arms: Annotated[dict[Id, ArmModel], Field(min_length=1)]
    outcomes: Ids | None = None
    """Outcomes to compare; all without it."""
    indicators: Ids | None = None
    """Indicators whose values at the end are compared; all without it."""


@dataclass(frozen=True)
class Arm:
    """One arm, ready to be compiled."""

    id: str
    title: str
    scenario: Scenario
    orders: tuple[ArmOrder, ...] = ()
    forbid: tuple[Forbidden, ...] = ()


@dataclass(frozen=True)
class Experiment:
    """An experiment that is sound in form; the first arm is the base."""

    model: ExperimentModel
    arms: tuple[Arm, ...]
    root: Mapping
    file: str

    def place(self, *path: str | int) -> Place:
        """Where a value of the file stands."""
        return locate(self.root, path).value_place

    def arm_place(self, id_: str) -> Place:
        """Where an arm is named."""
        return locate(self.root, ("arms", id_)).place


def load_experiment(path: Path | str) -> Experiment:
    """Read an experiment and the scenario of every arm.

    Raises:
        FoedusError: with every error of form, each with its place.
    """
    file = str(path)
    root = read_document(Path(path), file)
    if not isinstance(root, Mapping):
        raise FoedusError.at(
            root.place, f"this file holds {described(root)}", "an experiment: a mapping of keys"
        )
    check_kind(root, EXPERIMENT)
    problems = Diagnostics()
    model = checked(ExperimentModel, root, problems)
    if model is None:
        raise FoedusError(problems.errors)
    base = _base(model, root, file)
    found = [Arm(BASE, base.model.title, base)]
    if BASE in model.arms:
        place = locate(root, ("arms", BASE)).place
        problems.error(place, f"{quoted(BASE)} is the scenario as it stands", "another name for the arm")
    for id_, arm in model.arms.items():
        try:
            found.append(_arm(id_, arm, base, root, file))
        except FoedusError as error:
            problems.extend(error.diagnostics)
    _check_watched(model, found[0].scenario.model, root, problems)
    _check_answer(model, found, root, problems)
    _check_accounts(model, base.evidence, root, problems)
    problems.raise_if_errors()
    return Experiment(model, tuple(found), root, file)


def _base(model: ExperimentModel, root: Mapping, file: str) -> Scenario:
    place = locate(root, ("scenario",)).value_place
    path = Path(beside(file, model.scenario))
    try:
        return load_scenario(path)
    except FoedusError as error:
        found = error.diagnostics[0]
        if found.code != "file" or found.place is None or found.place.file != str(path):
            raise
        missing = found.message == "there is no such file"
        named = quoted(model.scenario)
        said = f"there is no file {named}" if missing else f"{named}: {found.message}"
        near = (Path(model.scenario).parent / found.suggestion).as_posix() if found.suggestion else ""
        raise FoedusError.at(place, said, "a scenario, relative to this file", near) from error


def _arm(id_: str, arm: ArmModel, base: Scenario, root: Mapping, file: str) -> Arm:
    """The scenario of an arm: parameters and changes are merged over the base, then doctrines are chosen."""
    tree = base.root
    at = ("arms", id_)
    change = locate(root, (*at, "change")).node if arm.change else None
    if isinstance(change, Mapping):
        tree = merge(tree, read_with_extends(change, file))
    narrowed = locate(root, (*at, "parameters")).node if arm.parameters else None
    if isinstance(narrowed, Mapping):
        _check_parameters(narrowed, base)
        tree = _narrowed(tree, narrowed, base)
    scenario = base
    if tree is not base.root:
        reading = read_tree(tree, base.file)
        reading.problems.raise_if_errors()
        assert reading.scenario is not None
        scenario = reading.scenario
    if arm.doctrines:
        written = locate(root, (*at, "doctrines")).node
        scenario = choose(scenario, arm.doctrines, written if isinstance(written, Mapping) else None)
    return Arm(id_, arm.title or id_.replace("_", " "), scenario, arm.orders, arm.forbid)


def _check_parameters(narrowed: Mapping, base: Scenario) -> None:
    problems = Diagnostics()
    known = base.model.parameters
    for entry in narrowed.items:
        if entry.key not in known:
            near = nearest(entry.key, known) or ""
            problems.error(
                entry.key_place,
                f"there is no parameter {quoted(entry.key)}",
                "a parameter of the scenario",
                near,
            )
    problems.raise_if_errors()


_GRADES: Final = frozenset({"measured", "informed", "assumed"})
_KEPT: Final = ("title", "unit", "disagreement", "measured", "informed", "assumed", "luck_key")
"""What an arm says nothing of stays: the name of a parameter, and where the claim came from."""


def _narrowed(tree: Mapping, narrowed: Mapping, base: Scenario) -> Mapping:
    """The tree with parameters as the arm has them, in place of what the base says of their values."""
    entries: list[Entry] = []
    for entry in narrowed.items:
        before = locate(base.root, ("parameters", entry.key)).node
        said = (Entry("value", entry.node.place, entry.node),)
        written = entry.node.items if isinstance(entry.node, Mapping) else said
        given = {new.key for new in written}
        given |= _GRADES if given & _GRADES else set()
        kept = before.items if isinstance(before, Mapping) else ()
        kept = tuple(old for old in kept if old.key in _KEPT and old.key not in given)
        entries.append(Entry(entry.key, entry.key_place, Mapping((*kept, *written), entry.node.place)))
    place = narrowed.place
    gone = [Entry(entry.key, place, Scalar(None, place, "", "plain")) for entry in entries]
    for parameters in (gone, entries):
        over = Mapping((Entry("parameters", place, Mapping(tuple(parameters), place)),), place)
        tree = merge(tree, over)
    return tree


def _check_watched(model: ExperimentModel, base: ScenarioModel, root: Mapping, problems: Diagnostics) -> None:
    for key, asked, known in (
        ("outcomes", model.outcomes, base.outcomes),
        ("indicators", model.indicators, base.indicators),
    ):
        for index, name in enumerate(asked or ()):
            if name not in known:
                problems.error(
                    locate(root, (key, index)).value_place,
                    f"the scenario has no {key.removesuffix('s')} {quoted(name)}",
                    f"one of its {key}",
                    nearest(name, known) or "",
                )


def _check_answer(model: ExperimentModel, arms: Sequence[Arm], root: Mapping, problems: Diagnostics) -> None:
    """Note an answer by an arm that the experiment has not, or by what it does not watch or the arm lacks."""
    if model.answer is None:
        return
    base = arms[0].scenario.model
    outcomes = base.outcomes if model.outcomes is None else model.outcomes
    indicators = base.indicators if model.indicators is None else model.indicators
    for key, name, known, expected in (
        ("arm", model.answer.arm, [*model.arms], "one of the arms"),
        ("by", model.answer.by, [*outcomes, *indicators], "an outcome or an indicator that is compared"),
    ):
        if name not in known:
            place = locate(root, ("answer", key)).value_place
            problems.error(place, f"there is no {quoted(name)}", expected, nearest(name, known) or "")
            return
    for arm in arms:
        held = arm.scenario.model
        if arm.id == model.answer.arm and model.answer.by not in {*held.outcomes, *held.indicators}:
            problems.error(
                locate(root, ("answer", "by")).value_place,
                f"the arm {quoted(arm.id)} takes {quoted(model.answer.by)} away",
                "an outcome or an indicator that it has",
            )


def _check_accounts(model: ExperimentModel, evidence: Evidence, root: Mapping, problems: Diagnostics) -> None:
    """Note a question, documents and disagreements that the base's ledgers do not have."""
    if model.question is not None and model.question not in evidence.questions:
        problems.error(
            locate(root, ("question",)).value_place,
            f"the ledgers have no question {quoted(model.question)}",
            "the id of a question",
            nearest(model.question, evidence.questions) or "",
        )
    for id_, arm in model.arms.items():
        at = ("arms", id_)
        if arm.document is not None and arm.document not in evidence.documents:
            problems.error(
                locate(root, (*at, "document")).value_place,
                f"the ledgers have no document {quoted(arm.document)}",
                "the short id of a document",
                nearest(arm.document, evidence.documents) or "",
            )
        for name in arm.leaves:
            if name not in evidence.disagreements:
                problems.error(
                    locate(root, (*at, "leaves", name)).place,
                    f"the ledgers have no disagreement {quoted(name)}",
                    "the id of a disagreement",
                    nearest(name, evidence.disagreements) or "",
                )

"""The file of a case, read: the case itself, and the scenario in it, each fault with its place."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from sim.scenario.case import FAMILIES, CaseModel, CaseOrder, Expectation, row_of
from sim.scenario.kinds import CASE, check_kind
from sim.scenario.load import Reading, Scenario, read_tree
from sim.scenario.merge import merge, read_with_extends
from sim.scenario.texts import Wording, mapping_at, text_named, worded
from sim.text import (
    Diagnostics,
    Entry,
    FoedusError,
    Mapping,
    Node,
    Place,
    Scalar,
    Sequence,
    TextModel,
    checked,
    locate,
    nearest,
    quoted,
    read_document,
)
from sim.text.checking import described

P = TypeVar("P", bound=TextModel)


@dataclass(frozen=True)
class CaseReading:
    """What was read of a case: whole, or in spite of its faults of form."""

    problems: Diagnostics
    """Of the case; those of the scenario in it are in its reading."""
    model: CaseModel | None
    reading: Reading | None
    root: Mapping
    file: str
    text: Wording | None
    """Of the treaty that it is drawn from."""
    unworded: Mapping | None
    """The tree of the scenario before the treaty's words are put in."""

    @cached_property
    def expectations(self) -> dict[int, Expectation]:
        """Those of the expectations that are sound, by place in the list."""
        return _sound(Expectation, self.root, "expect")

    @cached_property
    def orders(self) -> dict[int, CaseOrder]:
        """Those of the orders that are sound, by place in the list."""
        return _sound(CaseOrder, self.root, "orders")

    def place(self, *path: str | int) -> Place:
        """Where a value of the file stands."""
        return locate(self.root, path).value_place


def _items(root: Mapping, key: str) -> tuple[Node, ...]:
    node = root.get(key)
    return node.items if isinstance(node, Sequence) else ()


def _sound(part: type[P], root: Mapping, key: str) -> dict[int, P]:
    read = ((index, checked(part, node, Diagnostics())) for index, node in enumerate(_items(root, key)))
    return {index: found for index, found in read if found is not None}


def is_case(path: Path | str) -> bool:
    """Whether a file states a case, not a scenario: it says which. False for what cannot be read."""
    try:
        root = read_document(Path(path), str(path))
    except FoedusError:
        return False
    return isinstance(root, Mapping) and root.get("case") is not None and root.get("foedus") is None


def read_case(path: Path | str) -> CaseReading:
    """Read the file of a case.

    Raises:
        FoedusError: if there is no case to read: a file that is missing, or is no mapping.
    """
    file = str(path)
    root = read_document(Path(path), file)
    if not isinstance(root, Mapping):
        raise FoedusError.at(root.place, f"this file holds {described(root)}", "a case: a mapping of keys")
    check_kind(root, CASE)
    problems = Diagnostics()
    model = checked(CaseModel, root, problems)
    if model is not None:
        _check_number(model, root, file, problems)
    text = _text(root, problems)
    tree = _scenario(root, file, problems)
    reading = None if tree is None else read_tree(_worded(tree, root, text, problems), file)
    return CaseReading(problems, model, reading, root, file, text, tree)


def _check_number(model: CaseModel, root: Mapping, file: str, problems: Diagnostics) -> None:
    family = FAMILIES[model.family]
    place = locate(root, ("case",)).value_place
    if not family.first <= model.case <= family.last:
        problems.error(
            place,
            f"{model.case} is no number of the family {quoted(model.family)}",
            f"a number from {family.first} to {family.last}",
        )
    if not Path(file).name.startswith(f"{model.case:03}-"):
        problems.error(
            place, f"the name of the file begins otherwise: {quoted(Path(file).name)}", f"{model.case:03}-..."
        )


def _text(root: Mapping, problems: Diagnostics) -> Wording | None:
    node = root.get("treaty")
    if not isinstance(node, Scalar) or node.value is None:
        return None
    try:
        return text_named(node.text, node.place)
    except FoedusError as error:
        problems.extend(error.diagnostics)
        return None


def _scenario(root: Mapping, file: str, problems: Diagnostics) -> Mapping | None:
    """The scenario of a case, its expectations being indicators."""
    inline = root.get("scenario")
    if not isinstance(inline, Mapping):
        return None
    try:
        own = read_with_extends(inline, file)
    except FoedusError as error:
        problems.extend(error.diagnostics)
        return None
    _check_free(own, problems)
    return merge(merge(_defaults(root), own), _mapping(_rows(root), inline.place))


def _worded(tree: Mapping, root: Mapping, text: Wording | None, problems: Diagnostics) -> Mapping:
    """The tree with the treaty's words, if the case is drawn from one."""
    tested = root.get("under_test")
    if not isinstance(tested, Scalar):
        return tree
    if not _has_article(tree, tested.text):
        problems.error(
            tested.place, f"the scenario has no article {quoted(tested.text)}", "COMMITMENT.ARTICLE"
        )
        return tree
    return tree if text is None else worded(tree, tested.text, text)


def _has_article(tree: Mapping, article: str) -> bool:
    commitment, _, name = article.partition(".")
    return mapping_at(tree, "commitments", commitment, "articles", name) is not None


def _defaults(root: Mapping) -> Mapping:
    """What every scenario must have, and a case need not say twice."""
    number, title = root.get("case"), root.get("title")
    text = number.text if isinstance(number, Scalar) else "0"
    known: tuple[tuple[str, Node], ...] = (
        ("foedus", Scalar(1, root.place, "1", "plain")),
        ("id", Scalar(f"case-{text}", root.place, f"case-{text}", "plain")),
        ("title", title if isinstance(title, Scalar) else Scalar("a case", root.place, "a case", "plain")),
    )
    return _mapping(known, root.place)


def _rows(root: Mapping) -> Iterator[tuple[str, Node]]:
    rows = [
        (row_of(index), entry.node)
        for index, item in enumerate(_items(root, "expect"))
        if isinstance(item, Mapping)
        for entry in item
        if entry.key in ("that", "value", "share") and isinstance(entry.node, Scalar)
    ]
    if rows:
        yield "indicators", _mapping(rows, root.place)


def _mapping(items: Iterable[tuple[str, Node]], place: Place) -> Mapping:
    return Mapping(tuple(Entry(key, node.place, node) for key, node in items), place)


def _check_free(own: Mapping, problems: Diagnostics) -> None:
    indicators = own.get("indicators")
    for entry in indicators if isinstance(indicators, Mapping) else ():
        if entry.key.startswith("expect_"):
            problems.error(
                entry.key_place, f"{quoted(entry.key)} is a name that the case itself takes", "another name"
            )


def check_turns(case: CaseReading, scenario: Scenario) -> Diagnostics:
    """Every turn that is asked about must be played."""
    problems = Diagnostics()
    last = scenario.clock.turns
    for index, expectation in case.expectations.items():
        if expectation.turn > last:
            problems.error(
                case.place("expect", index, "turn"),
                f"turn {expectation.turn} is not played",
                f"a turn from 0 to {last}",
            )
    return problems


def check_rules(case: CaseReading, known: Collection[str]) -> Diagnostics:
    """Every rule that a case names must be one of the numbers known."""
    problems = Diagnostics()
    for number in _items(case.root, "rules"):
        if isinstance(number, Scalar) and number.text not in known:
            problems.error(
                number.place,
                f"there is no rule {quoted(number.text)}",
                "a rule of docs/adjudication.md",
                nearest(number.text, known) or "",
                "unknown-rule",
            )
    return problems

"""What kind of file a file is, by the keys that only its kind has.

A file given where one of another kind belongs has one thing wrong with it, not every key that it has.
"""

from __future__ import annotations

from typing import Final

from sim.text import FoedusError, Mapping, Node

SCENARIO: Final = "a scenario"
EXPERIMENT: Final = "an experiment"
CASE: Final = "a case"
_LEDGER: Final = "a ledger of evidence"

_TOLD_BY: Final = (
    (SCENARIO, frozenset({"foedus"})),
    (SCENARIO, frozenset({"extends"})),
    (EXPERIMENT, frozenset({"experiment", "arms"})),
    (CASE, frozenset({"case", "expect"})),
    (_LEDGER, frozenset({"document", "facts"})),
    (_LEDGER, frozenset({"base_rates"})),
)
"""Kinds, each with keys that only it has, all of which it must have."""
_FOR: Final = {
    SCENARIO: "'foedus validate' reads this",
    EXPERIMENT: "'foedus experiment' plays this",
    CASE: "'foedus cases' plays this",
    _LEDGER: "a scenario names the folder of this: 'evidence: FOLDER'",
}


def check_kind(node: Node, wanted: str) -> None:
    """Refuse a file that is plainly of another kind than the one wanted.

    Raises:
        FoedusError: at the key that tells.
    """
    if not isinstance(node, Mapping):
        return
    keys = {entry.key for entry in node.items}
    kind, told = next(((kind, told) for kind, told in _TOLD_BY if told <= keys), (wanted, frozenset()))
    if kind != wanted:
        place = next(entry.key_place for entry in node.items if entry.key in told)
        raise FoedusError.at(place, f"this is {kind}, not {wanted}", f"{wanted}; {_FOR[kind]}", code="kind")

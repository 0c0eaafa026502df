"""A directory of ledgers becomes evidence: every file, every fault at once.

A number in a scenario is graded by the ids it cites, so an id must mean one thing: ids are unique over
all files, whatever kind of entry they name.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sim.evidence.facts import BaseRate, Disagreement, Evidence, Fact, Quantity
from sim.evidence.shapes import BaseRateText, DisagreementText, FactText
from sim.text import nodes
from sim.text.checking import described, one_of
from sim.text.diagnostics import Diagnostics, FoedusError, Place, quoted
from sim.text.faults import checked
from sim.text.nearest import nearest
from sim.text.yaml import read_document

__all__ = ["BaseRate", "Disagreement", "Evidence", "Fact", "Quantity", "load_evidence"]

_SECTIONS: Final[dict[str, type[FactText | BaseRateText | DisagreementText]]] = {
    "facts": FactText,
    "base_rates": BaseRateText,
    "disagreements": DisagreementText,
}


def load_evidence(directory: Path, display: str | None = None) -> Evidence:
    """Return the evidence in the `*.yaml` files of `directory`; `display` names it in places.

    The lists `facts`, `base_rates` and `disagreements` are read wherever they stand at the top of a
    file; other keys and files without any of them are left alone. Raises FoedusError with all faults of
    all files.
    """
    name = str(directory) if display is None else display
    found = Diagnostics()
    reader = _Reader(found)
    for path in _files(directory, name):
        try:
            root = read_document(path, f"{name}/{path.name}")
        except FoedusError as error:
            found.extend(error.diagnostics)
        else:
            reader.file(path.stem, root)
    found.raise_if_errors()
    return Evidence(reader.facts, reader.base_rates, reader.disagreements)


def _files(directory: Path, name: str) -> list[Path]:
    try:
        files = sorted(path for path in directory.iterdir() if path.suffix == ".yaml")
    except (OSError, ValueError):
        raise FoedusError.at(
            Place(name, 1, 1), "the evidence cannot be read", "a directory of YAML files", code="file"
        ) from None
    if not files:
        raise FoedusError.at(
            Place(name, 1, 1), "there is no evidence here", "ledgers named *.yaml", code="empty"
        )
    return files


class _Reader:
    """Takes in file after file; an id that comes twice is known by the place of the first."""

    def __init__(self, found: Diagnostics) -> None:
        self.facts: dict[str, Fact] = {}
        self.base_rates: dict[str, BaseRate] = {}
        self.disagreements: dict[str, Disagreement] = {}
        self._found = found
        self._places: dict[str, Place] = {}

    def file(self, stem: str, root: nodes.Node) -> None:
        if not isinstance(root, nodes.Mapping):
            if stem in _SECTIONS:
                self._found.error(root.place, f"the file is {described(root)}", f"'{stem}:' and a list")
            return
        sections = [entry for entry in root if entry.key in _SECTIONS]
        if stem in _SECTIONS and stem not in root:
            self._found.error(root.place, f"key '{stem}' is missing", code="missing")
        if not sections:
            self._refuse_misspelt(root)
        for entry in sections:
            self._section(entry)

    def _refuse_misspelt(self, root: nodes.Mapping) -> None:
        """Keep a ledger from being passed over because of a slip in its one key."""
        for entry in root:
            if meant := nearest(entry.key, _SECTIONS):
                self._found.error(
                    entry.key_place,
                    f"unknown key {quoted(entry.key)}",
                    one_of(_SECTIONS),
                    meant,
                    "unknown-key",
                )

    def _section(self, entry: nodes.Entry) -> None:
        if not isinstance(entry.node, nodes.Sequence):
            message = f"'{entry.key}' is {described(entry.node)}"
            self._found.error(
                entry.node.place, message, "a list of entries that each have an 'id'", code="type"
            )
            return
        for item in entry.node:
            self._item(item, _SECTIONS[entry.key])

    def _item(self, item: nodes.Node, model: type[FactText | BaseRateText | DisagreementText]) -> None:
        entry = checked(model, item, self._found)
        written = item.get("id") if isinstance(item, nodes.Mapping) else None
        if isinstance(written, nodes.Scalar) and (first := self._first_use(written)):
            message = f"id {quoted(written.text)} is used twice, first at {first}"
            self._found.error(written.place, message, "an id of its own", code="duplicate")
        elif isinstance(entry, FactText):
            self.facts[entry.id] = entry.read(item.place)
        elif isinstance(entry, BaseRateText):
            self.base_rates[entry.id] = entry.read(item.place)
        elif isinstance(entry, DisagreementText):
            self.disagreements[entry.id] = entry.read(item.place)

    def _first_use(self, written: nodes.Scalar) -> Place | None:
        """Return where the id was used before, or None if this is the first time."""
        first = self._places.setdefault(written.text, written.place)
        return None if first is written.place else first

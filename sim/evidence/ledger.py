"""A directory of ledgers becomes evidence: every file, every fault at once.

A number in a scenario is graded by the ids it cites, so an id must mean one thing: ids are unique over
all files, whatever kind of entry they name.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

from sim.evidence.account_shapes import (
    ActorText,
    CommitmentText,
    DisagreementText,
    DocumentText,
    MechanismText,
    ObservableText,
    QuestionText,
)
from sim.evidence.facts import Evidence
from sim.evidence.references import Item, check_references
from sim.evidence.shapes import BaseRateText, FactText
from sim.text import nodes
from sim.text.checking import described, one_of
from sim.text.diagnostics import Diagnostics, FoedusError, Place, quoted
from sim.text.faults import checked
from sim.text.files import MAX_BYTES
from sim.text.nearest import nearest
from sim.text.yaml import read_document

Shape = (
    type[FactText]
    | type[BaseRateText]
    | type[DisagreementText]
    | type[MechanismText]
    | type[CommitmentText]
    | type[ObservableText]
    | type[QuestionText]
    | type[ActorText]
    | type[DocumentText]
)

_SECTIONS: Final[dict[str, Shape]] = {
    "facts": FactText,
    "base_rates": BaseRateText,
    "disagreements": DisagreementText,
    "mechanisms": MechanismText,
    "commitments": CommitmentText,
    "observables": ObservableText,
    "questions": QuestionText,
    "actors": ActorText,
}
_DOCUMENT: Final = "document"
_LISTS: Final = ("fitted", "held_out")
_KEYS: Final = (*_SECTIONS, _DOCUMENT, *_LISTS)
_OTHERS: Final = ("foedus", "extends", "case", "experiment")
"""Keys by which a file says that it is no ledger, but may lie beside one."""


def load_evidence(directory: Path, display: str | None = None) -> Evidence:
    """Return the evidence in the `*.yaml` files of `directory`; `display` names it in places.

    Each list of entries is read wherever it stands at the top of a file; so are `document`, the source
    that the facts of a file come from, and the lists of base rates `fitted` and `held_out`. A file has
    no other keys; scenarios, cases and experiments may lie beside it. Raises FoedusError with all faults of
    all files.
    """
    name = str(directory) if display is None else display
    files = _files(directory, name)
    mark = _mark(files, name)
    if mark is not None and mark in _sound:
        return _sound[mark]
    evidence = _read(files, name)
    if mark is not None:
        if len(_sound) >= _KEPT:
            del _sound[next(iter(_sound))]
        _sound[mark] = evidence
    return evidence


_KEPT: Final = 4
_sound: Final[dict[bytes, Evidence]] = {}
"""Ledgers that were read of late, by a hash of what their files hold: most scenarios cite the same."""


def _mark(files: Sequence[Path], name: str) -> bytes | None:
    """A hash of what the files hold, and of what places call them; None if one cannot be read as it is."""
    made = blake2b(name.encode("utf-8", "surrogatepass"), digest_size=16)
    try:
        for path in files:
            if not path.is_file() or path.stat().st_size > MAX_BYTES:
                return None
            made.update(b"\0" + path.name.encode("utf-8", "surrogatepass") + b"\0" + path.read_bytes())
    except OSError:
        return None
    return made.digest()


def _read(files: Sequence[Path], name: str) -> Evidence:
    found = Diagnostics()
    reader = _Reader(found)
    for path in files:
        try:
            root = read_document(path, f"{name}/{path.name}")
        except FoedusError as error:
            found.extend(error.diagnostics)
        else:
            reader.file(path.stem, root)
    evidence = reader.evidence()
    if not found:  # of entries that were refused one cannot say that they are missing
        check_references(reader.items, evidence, found)
    found.raise_if_errors()
    return evidence


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
        self.items: list[Item] = []
        self._found = found
        self._entries: dict[str, dict[str, Any]] = {section: {} for section in (*_SECTIONS, "documents")}
        self._lists: dict[str, list[str]] = {key: [] for key in _LISTS}
        self._places: dict[str, Place] = {}

    def evidence(self) -> Evidence:
        lists = {key: tuple(ids) for key, ids in self._lists.items()}
        return Evidence(**self._entries, fitted=lists["fitted"], held_out=lists["held_out"])

    def file(self, stem: str, root: nodes.Node) -> None:
        if not isinstance(root, nodes.Mapping):
            section = (
                f"'{stem}:' and a list"
                if stem in _SECTIONS
                else f"a ledger: {one_of(_KEYS)} and what it holds"
            )
            self._found.error(root.place, f"the file is {described(root)}", section)
            return
        if any(key in root for key in _OTHERS):
            return
        if stem in _SECTIONS and stem not in root:
            self._found.error(root.place, f"key '{stem}' is missing", code="missing")
        for entry in root:
            if entry.key not in _KEYS:
                self._unknown(entry)
            elif entry.key == _DOCUMENT:
                self._item(entry.node, DocumentText, "documents")
            else:
                self._section(entry)

    def _unknown(self, entry: nodes.Entry) -> None:
        """A section that is passed over would be evidence that nobody knows of."""
        self._found.error(
            entry.key_place,
            f"unknown key {quoted(entry.key)}",
            one_of(_KEYS),
            nearest(entry.key, _KEYS) or "",
            "unknown-key",
        )

    def _section(self, entry: nodes.Entry) -> None:
        key = entry.key
        if not isinstance(entry.node, nodes.Sequence):
            ids = "ids of base rates" if key in _LISTS else "entries that each have an 'id'"
            message = f"'{key}' is {described(entry.node)}"
            self._found.error(entry.node.place, message, f"a list of {ids}", code="type")
        elif key in _LISTS:
            self._list(key, entry.node)
        else:
            for item in entry.node:
                self._item(item, _SECTIONS[key], key)

    def _list(self, key: str, node: nodes.Sequence) -> None:
        """A list of ids of base rates."""
        for one in node:
            if isinstance(one, nodes.Scalar):
                self._lists[key].append(one.text)
            else:
                message = f"an item of '{key}' is {described(one)}"
                self._found.error(one.place, message, "the id of a base rate", code="type")
        self.items.append(Item(key, node))

    def _item(self, node: nodes.Node, shape: Shape, section: str) -> None:
        entry = checked(shape, node, self._found)
        written = node.get("id") if isinstance(node, nodes.Mapping) else None
        if isinstance(written, nodes.Scalar) and (first := self._first_use(written)):
            message = f"id {quoted(written.text)} is used twice, first at {first}"
            self._found.error(written.place, message, "an id of its own", code="duplicate")
        elif entry is not None:
            self._entries[section][entry.id] = entry.read(node.place)
            self.items.append(Item(section, node))

    def _first_use(self, written: nodes.Scalar) -> Place | None:
        """Return where the id was used before, or None if this is the first time."""
        first = self._places.setdefault(written.text, written.place)
        return None if first is written.place else first

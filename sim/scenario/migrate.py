"""Scenario files of older versions of the format, brought up to the present one.

`foedus: N` says for which version a file was written. The step from N to N + 1 is one function in `STEPS`,
which changes the document as its author wrote it, so that comments stay; it needs nothing else but its test.
Fragments carry no version: they have that of the scenario that extends them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sim.scenario.format import scenario_shape
from sim.text import Diagnostic, FoedusError, Node, Place, Scalar, Sequence, parse_document
from sim.text import Mapping as MappingNode
from sim.text.files import read_text, write_text
from sim.text.format import written
from sim.text.written import Collection, Document, Text, written_document

Step = Callable[[Document], None]
"""Changes a document, whole or fragment, from one version to the next."""

STEPS: Final[Mapping[int, Step]] = {}
"""By the version that they lead from."""


@dataclass(frozen=True)
class Format:
    """The versions of the format that this foedus knows."""

    steps: Mapping[int, Step]

    @property
    def current(self) -> int:
        """The version that it reads."""
        return 1 + max(self.steps, default=0)


FORMAT: Final = Format(STEPS)


def wrong_version(root: Node, known: Format = FORMAT) -> Diagnostic | None:
    """What is wrong with the version that a scenario says it was written for; None if nothing is.

    To be asked first: of a file from the future (code `future-version`) nothing else can be told.
    """
    node = root.get("foedus") if isinstance(root, MappingNode) else None
    current = known.current
    expected = f"foedus: {current}" if current == 1 else f"a version from 1 to {current}"
    if node is None:
        start = Place(root.place.file, 1, 1)
        message = "the file does not say for which version of the format it was written"
        return Diagnostic(start, message, expected, code="version")
    number = node.value if isinstance(node, Scalar) else None
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        return Diagnostic(node.place, "this is no version of the format", expected, code="version")
    if number > current:
        return Diagnostic(
            node.place,
            f"the file was written for version {number} of the format, which this foedus does not know",
            f"{expected}; a newer foedus reads it",
            code="future-version",
        )
    return None


def migrate(
    text: str, file: str = "scenario.yaml", *, version: int | None = None, known: Format = FORMAT
) -> str:
    """The text in the present version of the format; as it is if it is of that version already.

    Args:
        text: a scenario or a fragment of one.
        file: its name in messages.
        version: the version of a fragment; a scenario says its own.
        known: the versions there are.

    Raises:
        FoedusError: if the text cannot be read, or its version is missing, wrong or of the future.
    """
    root = parse_document(text, file)
    own = root.get("foedus") if isinstance(root, MappingNode) else None
    if own is not None or version is None:
        if problem := wrong_version(root, known):
            raise FoedusError((problem,))
        version = _version(root)
    if version == known.current:
        return text
    document = written_document(text, file)
    for step in range(version, known.current):
        known.steps[step](document)
    if isinstance(document.root, Collection) and (member := document.root.member("foedus")):
        member.value = Text(str(known.current))
    made = written(document, scenario_shape())
    parse_document(made, file)
    return made


def migrate_files(path: Path, *, check: bool = False, known: Format = FORMAT) -> list[Path]:
    """Bring a scenario and all it extends up to the present version; return the files that change.

    All are read and changed before the first is written. With `check`, none is written.

    Raises:
        FoedusError: if one cannot be read or written, or its version is missing, wrong or of the future.
    """
    root = parse_document(read_text(path), str(path))
    if problem := wrong_version(root, known):
        raise FoedusError((problem,))
    version = _version(root)
    made: dict[Path, str] = {}
    waiting = [path]
    seen: set[Path] = set()
    while waiting:
        here = waiting.pop()
        if here.resolve() in seen:
            continue
        seen.add(here.resolve())
        text = read_text(here)
        changed = migrate(text, str(here), version=version, known=known)
        if changed != text:
            made[here] = changed
        waiting += _extended(parse_document(text, str(here)), here.parent)
    if not check:
        for changed_path, changed in made.items():
            write_text(changed_path, changed)
    return sorted(made)


def _version(root: Node) -> int:
    """The version of a file in which nothing is wrong with it."""
    assert isinstance(root, MappingNode)
    node = root.get("foedus")
    assert isinstance(node, Scalar)
    assert isinstance(node.value, int)
    return node.value


def _extended(root: Node, folder: Path) -> list[Path]:
    """The files that a file names under `extends`."""
    node = root.get("extends") if isinstance(root, MappingNode) else None
    names = node.items if isinstance(node, Sequence) else () if node is None else (node,)
    return [folder / str(name.value) for name in names if isinstance(name, Scalar)]

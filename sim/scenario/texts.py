"""The wording of real treaties, in the terms of the format: `scenarios/library/texts.yaml`.

A text takes the place of what the article of a scenario says; who the parties are, what answers cost and how
reliable they are stays. So a case can be drawn from a real treaty without writing its wording out again, and
the same situation can be played under the wording of another.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import Field, StringConstraints

from sim.scenario.merge import merge
from sim.text import (
    Diagnostics,
    Entry,
    FoedusError,
    Mapping,
    Node,
    Place,
    TextModel,
    checked,
    nearest,
    quoted,
    read_document,
)
from sim.text.checking import described

LIBRARY: Final = Path(__file__).resolve().parents[2] / "scenarios" / "library" / "texts.yaml"
"""The library of the checkout that this code stands in."""

Words = Annotated[str, StringConstraints(min_length=1, max_length=1_000, strip_whitespace=True)]


class TreatyText(TextModel):
    """An article of a treaty: what it says, and what that is in the terms of the format."""

    treaty: Words
    article: Words
    year: Annotated[int, Field(ge=1000, le=2100)]
    """Of signature."""
    parties: Words
    says: Words
    """The article in other words."""
    term: Words
    """How long it binds, and on what notice it ends."""
    commitment: dict[str, Any] = {}
    """What it settles for the treaty as a whole, as a scenario has it."""
    wording: dict[str, Any]
    """What it settles for the article, as a scenario has it."""
    note: Words | None = None
    """What the terms of the format leave out, or how they were chosen."""
    checked: Words
    """Against what the wording was held."""

    @property
    def title(self) -> str:
        """`North Atlantic Treaty (1949), article 5`; an article without a number is named by its matter."""
        numbered = "" if self.article.startswith("the ") else "article "
        return f"{self.treaty} ({self.year}), {numbered}{self.article}"


@dataclass(frozen=True, slots=True)
class Wording:
    """A text with its tree."""

    id: str
    model: TreatyText
    root: Mapping


def from_here(path: Path) -> Path:
    """The path as a person would write it in the present folder."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


@cache
def load_texts(path: Path = LIBRARY) -> MappingOf[str, Wording]:
    """Texts by id, in the order of the file.

    Raises:
        FoedusError: with everything that is wrong with the file, each with its place.
    """
    root = read_document(path, str(from_here(path)))
    if not isinstance(root, Mapping):
        raise FoedusError.at(root.place, f"this file holds {described(root)}", "texts by id")
    problems = Diagnostics()
    found = {}
    for entry in root:
        model = checked(TreatyText, entry.node, problems)
        if model is not None and isinstance(entry.node, Mapping):
            found[entry.key] = Wording(entry.key, model, entry.node)
    problems.raise_if_errors()
    return found


def text_named(name: str, place: Place | None = None) -> Wording:
    """The text of that id.

    Raises:
        FoedusError: if the library has none; `place` is where it was asked for.
    """
    texts = load_texts()
    if name not in texts:
        raise FoedusError.at(
            place,
            f"the library has no text {quoted(name)}",
            "the id of a text in scenarios/library/texts.yaml",
            nearest(name, texts) or "",
            "unknown-text",
        )
    return texts[name]


# A text in the place of what a scenario says

_OF_COMMITMENT: Final = ("kind", "acts_before_force", "breach")
_OF_ARTICLE: Final = ("honoured_from", "automatic", "forbids")
_KINDS_OF_TRIGGER: Final = ("armed_attack", "attack_by")
_WHO: Final = ("on", "by")
"""All that stays of a trigger: who the parties and their adversaries are is the scenario's."""


def worded(tree: Mapping, article: str, text: Wording) -> Mapping:
    """The tree of a scenario with the words of a treaty in place of those of one of its articles.

    Args:
        tree: with everything that it extends merged in; it has the article.
        article: `commitment.article`.
        text: what is put in its place.
    """
    commitment, _, name = article.partition(".")
    path = ("commitments", commitment)
    own, of_article = mapping_at(tree, *path), mapping_at(tree, *path, "articles", name)
    wording, settled = mapping_at(text.root, "wording"), mapping_at(text.root, "commitment")
    assert own is not None
    assert of_article is not None
    assert wording is not None
    kept = _without(of_article, (*_OF_ARTICLE, "trigger"))
    trigger = mapping_at(wording, "trigger")
    if trigger is None:  # it forbids something, and so calls nobody
        kept = Mapping((), of_article.place)
    else:
        wording = _put(wording, ("trigger",), _with_names(trigger, mapping_at(of_article, "trigger")))
    whole = _without(own, _OF_COMMITMENT)
    said = _put(tree, path, whole if settled is None else merge(whole, settled))
    return _put(said, (*path, "articles", name), merge(kept, wording))


def _with_names(trigger: Mapping, own: Mapping | None) -> Mapping:
    """What brings a text about, with the names that the scenario gives."""
    attacks = [mapping_at(own, kind) for kind in _KINDS_OF_TRIGGER] if own is not None else []
    names = [entry for attack in attacks if attack is not None for entry in attack if entry.key in _WHO]
    kinds = []
    for entry in trigger:
        below = entry.node
        if isinstance(below, Mapping):
            below = merge(Mapping(tuple(names), below.place), below)
        kinds.append(Entry(entry.key, entry.key_place, below))
    return Mapping(tuple(kinds), trigger.place)


def mapping_at(tree: Mapping, *path: str) -> Mapping | None:
    """The mapping at a path of keys, if there is one."""
    here: Node | None = tree
    for key in path:
        here = here.get(key) if isinstance(here, Mapping) else None
    return here if isinstance(here, Mapping) else None


def _without(tree: Mapping, keys: Collection[str]) -> Mapping:
    return Mapping(tuple(entry for entry in tree if entry.key not in keys), tree.place)


def _put(tree: Mapping, path: tuple[str, ...], node: Node) -> Mapping:
    """The tree with another node at a path that it has."""
    entries = []
    for entry in tree:
        below = entry.node
        if entry.key == path[0]:
            rest = path[1:]
            below = _put(below, rest, node) if rest and isinstance(below, Mapping) else node
        entries.append(Entry(entry.key, entry.key_place, below))
    return Mapping(tuple(entries), tree.place)

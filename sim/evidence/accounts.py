"""What the documents say beyond single facts: who acts, what moves what, who promised what, what is asked.

Each entry names the facts that it rests on, so that it can be traced to the documents and to a scenario.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sim.text.diagnostics import Place

Sign = Literal["+", "-", "mixed"]
"""Whether the effect moves with the cause, against it, or both ways."""
Status = Literal["stated", "implied", "aim", "alleged"]
"""How a document speaks of a mechanism: `stated`, perhaps hedged; `implied`, a step added by whoever read it;
`aim`, as what somebody wants; `alleged`, as what somebody accuses another of.
"""


@dataclass(frozen=True, slots=True)
class Document:
    """A source document."""

    id: str
    title: str
    place: Place
    author: str | None = None
    publisher: str | None = None
    date: str | None = None
    perspective: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who is spoken of."""

    id: str
    name: str
    type: str
    place: Place
    documents: tuple[str, ...] = ()
    part_of: str | None = None
    role: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Mechanism:
    """A cause and what it does."""

    id: str
    cause: str
    effect: str
    sign: Sign
    status: Status
    documents: tuple[str, ...]
    facts: tuple[str, ...]
    actors: tuple[str, ...]
    observables: tuple[str, ...]
    place: Place
    feedback: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Observable:
    """Something by which one could see a mechanism work, in words."""

    id: str
    definition: str
    place: Place


@dataclass(frozen=True, slots=True)
class Commitment:
    """A treaty, promise, policy or claim. What is None the documents do not say."""

    id: str
    name: str
    type: str
    parties: tuple[str, ...]
    documents: tuple[str, ...]
    facts: tuple[str, ...]
    place: Place
    trigger: str | None = None
    obligations: str | None = None
    latitude: str | None = None
    exit: str | None = None
    status: str | None = None
    inferred: tuple[str, ...] = ()
    """Which of the keys above are a reading, and not what a document says."""
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What an analyst would ask of a model."""

    id: str
    question: str
    mechanisms: tuple[str, ...]
    observables: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Claim:
    """What one source has to say in a disagreement."""

    source: str
    """The short id of a document, or the name of another source."""
    claim: str
    facts: tuple[str, ...]
    """Facts and base rates that it rests on."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A question on which sources differ."""

    id: str
    about: str
    claims: tuple[Claim, ...]
    place: Place
    note: str | None = None

"""The shapes in which documents, actors, mechanisms, commitments, disagreements and questions are written."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sim.evidence.accounts import (
    Actor,
    Claim,
    Commitment,
    Disagreement,
    Document,
    Mechanism,
    Observable,
    Question,
    Sign,
    Status,
)
from sim.evidence.fields import ActorId, Date, Documents, Id, Ids, Text
from sim.text.checking import TextModel, fail
from sim.text.diagnostics import Place


class DocumentText(TextModel):
    id: Text
    title: Text
    author: Text | None = None
    publisher: Text | None = None
    date: Date | None = None
    perspective: Text | None = None
    note: Text | None = None

    def read(self, place: Place) -> Document:
        return Document(place=place, **dict(self))


class ActorText(TextModel):
    id: ActorId
    name: Text
    type: Text
    part_of: ActorId | None = None
    documents: list[Text] = Field(default_factory=list)
    role: Text | None = None
    note: Text | None = None

    def read(self, place: Place) -> Actor:
        return Actor(
            id=self.id,
            name=self.name,
            type=self.type,
            place=place,
            documents=tuple(self.documents),
            part_of=self.part_of,
            role=self.role,
            note=self.note,
        )


class MechanismText(TextModel):
    id: Id
    cause: Text
    effect: Text
    sign: Sign
    status: Status
    documents: Documents
    facts: Ids
    actors: Annotated[list[ActorId], Field(min_length=1)]
    observables: Ids
    feedback: Text | None = None
    note: Text | None = None

    def read(self, place: Place) -> Mechanism:
        return Mechanism(
            id=self.id,
            cause=self.cause,
            effect=self.effect,
            sign=self.sign,
            status=self.status,
            documents=tuple(self.documents),
            facts=tuple(self.facts),
            actors=tuple(self.actors),
            observables=tuple(self.observables),
            place=place,
            feedback=self.feedback,
            note=self.note,
        )


class ObservableText(TextModel):
    id: Id
    definition: Text

    def read(self, place: Place) -> Observable:
        return Observable(self.id, self.definition, place)


class CommitmentText(TextModel):
    id: Id
    name: Text
    type: Text
    parties: Annotated[list[ActorId], Field(min_length=1)]
    trigger: Text | None = None
    obligations: Text | None = None
    latitude: Text | None = None
    exit: Text | None = None
    status: Text | None = None
    documents: Documents
    facts: Ids
    inferred: list[Literal["trigger", "obligations", "latitude", "exit", "status"]] = Field(
        default_factory=list
    )
    note: Text | None = None

    @model_validator(mode="after")
    def _inferred_is_given(self) -> Self:
        for index, key in enumerate(self.inferred):
            if getattr(self, key) is None:
                raise fail(
                    f"'{key}' is called inferred, and is not given",
                    f"key '{key}', or 'inferred' without it",
                    below=("inferred", index),
                )
        return self

    def read(self, place: Place) -> Commitment:
        return Commitment(
            id=self.id,
            name=self.name,
            type=self.type,
            parties=tuple(self.parties),
            documents=tuple(self.documents),
            facts=tuple(self.facts),
            place=place,
            trigger=self.trigger,
            obligations=self.obligations,
            latitude=self.latitude,
            exit=self.exit,
            status=self.status,
            inferred=tuple(self.inferred),
            note=self.note,
        )


class QuestionText(TextModel):
    id: Id
    question: Text
    mechanisms: Ids
    observables: Ids

    def read(self, place: Place) -> Question:
        return Question(self.id, self.question, tuple(self.mechanisms), tuple(self.observables), place)


class _ClaimText(TextModel):
    document: Text | None = None
    source: Text | None = None
    claim: Text
    facts: list[Id] = Field(default_factory=list)

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.document is None) == (self.source is None):
            raise fail(
                "a claim is of one source", "'document', the id of one, or 'source', the name of another"
            )
        return self

    def read(self) -> Claim:
        return Claim(self.document or self.source or "", self.claim, tuple(self.facts))


class DisagreementText(TextModel):
    id: Id
    about: Text
    claims: Annotated[list[_ClaimText], Field(min_length=2)]
    note: Text | None = None

    def read(self, place: Place) -> Disagreement:
        return Disagreement(
            self.id, self.about, tuple(claim.read() for claim in self.claims), place, self.note
        )

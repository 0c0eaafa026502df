"""The shapes in which facts and base rates are written, and how each is read into its own type."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from sim.evidence.facts import BaseRate, Confidence, Fact, Kind, Modality, Quantity
from sim.evidence.fields import ActorId, Date, Day, Documents, Ends, Id, Text, Unit
from sim.text.checking import TextModel, fail
from sim.text.diagnostics import Place


class _FigureText(TextModel):
    value: Ends
    low: float | None = None
    high: float | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        low, high = self.value
        if low < high and not (self.low is None and self.high is None):
            expected = "either value: [low, high] or 'low' and 'high'"
            raise fail("the range is given twice", expected, below=("value",))
        figure = self._quantity("")
        if not figure.low <= low <= high <= figure.high:
            raise fail("the range does not hold the value", "low <= value <= high", below=("value",))
        return self

    def _quantity(self, unit: str, qualifier: str = "") -> Quantity:
        low, high = self.value
        return Quantity(
            value=low if low == high else None,
            low=low if self.low is None else self.low,
            high=high if self.high is None else self.high,
            unit=unit,
            qualifier=qualifier,
        )


class _QuantityText(_FigureText):
    unit: Unit
    qualifier: str = ""

    def read(self) -> Quantity:
        return self._quantity(self.unit, self.qualifier)


class FactText(TextModel):
    id: Id
    claim: Text
    documents: Documents
    actors: list[ActorId] = Field(default_factory=list)
    kind: Kind
    modality: Modality
    date: Date | None = None
    quantity: _QuantityText | None = None
    confidence: Confidence | None = None
    attributed_to: Text | None = None
    review_by: Day | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _says_who(self) -> Self:
        if self.modality == "attributed" and self.attributed_to is None:
            raise fail("the claim is attributed, but not to anyone", "key 'attributed_to'")
        return self

    def read(self, place: Place) -> Fact:
        return Fact(
            id=self.id,
            claim=self.claim,
            documents=tuple(self.documents),
            actors=tuple(self.actors),
            kind=self.kind,
            modality=self.modality,
            place=place,
            date=self.date,
            quantity=self.quantity.read() if self.quantity else None,
            confidence=self.confidence,
            attributed_to=self.attributed_to,
            review_by=self.review_by,
            note=self.note,
        )


class BaseRateText(_FigureText):
    id: Id
    what: Text
    unit: Unit | None = None
    source: Text
    status: Text
    review_by: Day | None = None

    def read(self, place: Place) -> BaseRate:
        return BaseRate(
            id=self.id,
            what=self.what,
            quantity=self._quantity(self.unit or ""),
            source=self.source,
            status=self.status,
            place=place,
            review_by=self.review_by,
        )

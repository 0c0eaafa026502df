"""The shapes in which evidence is written, checked strictly, and how each is read into its own type."""

from __future__ import annotations

import math
import re
from datetime import date as day
from typing import Annotated, Self, TypeGuard

from pydantic import AfterValidator, ConfigDict, Field, PlainValidator, model_validator

from sim.evidence.facts import BaseRate, Confidence, Disagreement, Fact, Kind, Modality, Quantity
from sim.text.checking import TextModel, fail
from sim.text.diagnostics import Place, quoted
from sim.text.unit_text import UnitError, read_unit

_ID = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")
_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", re.ASCII)


def _id(text: str) -> str:
    if not _ID.fullmatch(text):
        words = re.sub(r"[^a-z0-9_-]+", "-", text.lower()).strip("-_")
        raise fail(
            f"{quoted(text)} is not an id",
            "lower-case letters and digits joined by single '-' or '_', a letter first",
            suggestion=words if _ID.fullmatch(words) else "",
        )
    return text


def _filled(text: str) -> str:
    if not text.strip():
        raise fail("the text is empty", "some words")
    return text.strip()


def _date(text: str) -> str:
    first, _, last = text.partition("/")
    if not (first or last) or not all(_is_date(end) for end in (first, last) if end):
        raise fail(f"{quoted(text)} is not a date", "2024, 2024-06, 2024-06-19 or two of them as 2022/2024")
    shared = min(len(first), len(last))
    if first[:shared] > last[:shared]:
        raise fail(f"{quoted(text)} ends before it begins", "the earlier date first")
    return text


def _is_date(text: str) -> bool:
    match = _DATE.fullmatch(text)
    if not match:
        return False
    try:
        day(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return False
    return True


def _unit(text: str) -> str:
    """A unit as `sim.text` reads it; a fact's figure can then be held against a number of a scenario."""
    try:
        read_unit(text)
    except UnitError as error:
        raise fail(error.message, error.expected, suggestion=error.suggestion) from None
    return text


def _ends(value: object) -> tuple[float, float]:
    """Return a number as a range of no width, `[80, 90]` as it is."""
    match value:
        case [low, high]:
            pass
        case _:
            low = high = value
    if not (_is_number(low) and _is_number(high)):
        raise fail("'value' is neither a number nor a range", "a number, or [low, high]")
    return float(low), float(high)


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


_Id = Annotated[str, AfterValidator(_id)]
_Text = Annotated[str, AfterValidator(_filled)]
_Date = Annotated[str, AfterValidator(_date)]
_Unit = Annotated[str, AfterValidator(_unit)]
_Ends = Annotated[tuple[float, float], PlainValidator(_ends)]


class _FigureText(TextModel):
    value: _Ends
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
    unit: _Unit
    qualifier: str = ""

    def read(self) -> Quantity:
        return self._quantity(self.unit, self.qualifier)


class FactText(TextModel):
    id: _Id
    claim: _Text
    documents: Annotated[list[_Text], Field(min_length=1)]
    actors: list[_Text] = Field(default_factory=list)
    kind: Kind
    modality: Modality
    date: _Date | None = None
    quantity: _QuantityText | None = None
    confidence: Confidence | None = None
    attributed_to: _Text | None = None
    note: _Text | None = None

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
            note=self.note,
        )


class BaseRateText(_FigureText):
    id: _Id
    what: _Text
    unit: _Unit | None = None
    source: _Text
    status: _Text

    def read(self, place: Place) -> BaseRate:
        return BaseRate(self.id, self.what, self._quantity(self.unit or ""), self.source, self.status, place)


class DisagreementText(TextModel):
    model_config = ConfigDict(extra="allow")
    id: _Id
    about: _Text

    def read(self, place: Place) -> Disagreement:
        return Disagreement(self.id, self.about, dict(self.model_extra or {}), place)

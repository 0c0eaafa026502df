"""Random questions about what the domain keeps: disputes, commitments, beliefs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.oracle.phrases import Phrases, Place

Question = Callable[["Phrases", "Place"], str]
BOOKS = ("called", "honoured", "hedged", "defected", "declined", "fought", "violated")


@dataclass
class Matters:
    """What can be asked about."""

    disputes: bool = False
    pacts: list[str] = field(default_factory=list)
    articles: list[tuple[str, str]] = field(default_factory=list)
    """(commitment, article)."""


def numbers(matters: Matters, *, past: bool) -> list[Question]:
    """Kinds of questions whose answer is a number."""
    found: list[Question] = []
    if matters.disputes:
        found.append(lambda phrases, place: f"0.2 * hostility({phrases.pair(place)})")
        found.append(lambda phrases, place: f"episodes({phrases.pair(place)})")
    if matters.articles:
        found.append(lambda phrases, place: _tally(phrases, place, matters, past=past))
        found.append(lambda phrases, place: _given(phrases, place, matters, past=past))
    return found


def truths(matters: Matters, *, past: bool) -> list[Question]:
    """Kinds of questions that are answered by yes or no."""
    found: list[Question] = []
    if matters.disputes:
        found += [_disputing]
    if matters.pacts:
        found.append(lambda phrases, _: _state(phrases.random, matters))
    if matters.articles:
        found.append(lambda phrases, place: _book(phrases, place, matters, past=past))
    return found


def _disputing(phrases: Phrases, place: Place) -> str:
    return f"{phrases.random.choice(['disputing', 'began'])}({phrases.pair(place)})"


def _state(random: Random, matters: Matters) -> str:
    kind = random.choice(["signed", "in_force", "suspended", "ended", "under_notice"])
    return f"{kind}({random.choice(matters.pacts)})"


def _about(phrases: Phrases, place: Place, matters: Matters, most: int, when: list[str]) -> str:
    """Commitment, article, some actors, perhaps a time."""
    random = phrases.random
    about = [*random.choice(matters.articles)]
    about += [random.choice(["any", phrases.actor(place)]) for _ in range(random.randint(0, most))]
    if when and random.random() < 0.5:
        about.append(f"'{random.choice(when)}'")
    return ", ".join(about)


def _times(phrases: Phrases, *, past: bool) -> list[str]:
    return [*phrases.words.durations, "last turn", "last turn"] if past else []


def _most(book: str) -> int:
    """How many actors a book of this name is about."""
    return 2 if book in ("called", "violated") else 3


def _book(phrases: Phrases, place: Place, matters: Matters, *, past: bool) -> str:
    book = phrases.random.choice(BOOKS)
    return f"{book}({_about(phrases, place, matters, _most(book), _times(phrases, past=past))})"


def _tally(phrases: Phrases, place: Place, matters: Matters, *, past: bool) -> str:
    book = phrases.random.choice(BOOKS)
    return f"tally({book}, {_about(phrases, place, matters, _most(book), _times(phrases, past=past))})"


def _given(phrases: Phrases, place: Place, matters: Matters, *, past: bool) -> str:
    return f"given({_about(phrases, place, matters, 3, ['last turn'] if past else [])})"

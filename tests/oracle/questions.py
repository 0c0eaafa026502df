"""Random questions about what the domain keeps: disputes, commitments, beliefs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.oracle.phrases import Phrases, Place

Question = Callable[["Phrases", "Place"], str]
BOOKS = ("called", "honoured", "hedged", "defected", "declined", "fought", "violated")


@dataclass
class Matters:
    """What can be asked about."""

    disputes: bool = False
    pacts: list[str] = field(default_factory=list)
    """Commitments."""
    articles: list[tuple[str, str]] = field(default_factory=list)
    """(commitment, article)."""
    beliefs: list[str] = field(default_factory=list)
    """`view_1, AAA`: a belief, who holds it, and whom it is about."""
    threats: dict[str, list[str]] = field(default_factory=dict)
    """Threats, each with who believes something of it."""
    words: list[tuple[str, str, list[str]]] = field(default_factory=list)
    """(`pact_1, article_0`, party who owes, all parties): answers that are owed."""
    secrets: set[str] = field(default_factory=set)
    """`pact_1, article_0`: those that nobody but the parties can come to know of."""
    decisions: list[str] = field(default_factory=list)
    """`AAA, rule_1`, `world, storm_2`: what can be decided."""
    measures: list[str] = field(default_factory=list)
    """`council_1, measure_1`."""
    mandates: list[str] = field(default_factory=list)
    drafts: list[tuple[str, list[str]]] = field(default_factory=list)
    """(`council_1, draft_1`, members)."""
    items: list[str] = field(default_factory=list)
    used: list[str] = field(default_factory=list)
    """`grain, AAA`: stocks that are used up."""
    arsenals: list[str] = field(default_factory=list)
    """`grain, AAA`: stocks that are told apart by supplier."""
    tiers: list[str] = field(default_factory=list)
    """`grain, AAA, stage_0`."""
    flows: list[str] = field(default_factory=list)
    groups: list[tuple[str, str]] = field(default_factory=list)
    """(group, matter)."""
    regimes: dict[str, dict[str, Any]] = field(default_factory=dict)
    replying: bool = False
    """Whether the expression may ask for a reply: a choice of which one is asked may not itself ask."""


def numbers(matters: Matters, *, past: bool) -> list[Question]:
    """Kinds of questions whose answer is a number."""
    found: list[Question] = []
    if matters.disputes:
        found.append(lambda phrases, place: f"0.2 * hostility({phrases.pair(place)})")
        found.append(lambda phrases, place: f"episodes({phrases.pair(place)})")
    if matters.articles:
        found.append(lambda phrases, place: _tally(phrases, place, matters, past=past))
        found.append(lambda phrases, place: _given(phrases, place, matters, past=past))
    if matters.beliefs:
        found.append(_belief)
    if matters.threats:
        found.append(_threat)
    if matters.words:
        found.append(_credibility)
    if matters.articles:
        found.append(_support)
    if matters.replying:
        found += [_reply, _reply]
    found += [_time_left] if matters.mandates else []
    found += [_votes] if matters.drafts else []
    found += [_sanctioned, _sanctioned] if matters.regimes else []
    found += [_of_goods, _of_goods] if matters.items else []
    found += [_of_flow, _of_flow] if matters.flows else []
    found += [_of_group] if matters.groups else []
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
    if matters.decisions or matters.replying:
        found.append(_decided)
    found += [_measure] if matters.measures else []
    found += [_came_of_it] if matters.drafts else []
    found += [_stance, _stance] if matters.regimes else []
    found += [_unlocked] if matters.tiers else []
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


# --- beliefs ------------------------------------------------------------------------------------------------


def _belief(phrases: Phrases, _place: Place) -> str:
    random, matters = phrases.random, phrases.words.matters
    return f"{random.choice(['belief', 'belief', 'spread'])}({random.choice(matters.beliefs)})"


def _threat(phrases: Phrases, _place: Place) -> str:
    random, threats = phrases.random, phrases.words.matters.threats
    name = random.choice(sorted(threats))
    return f"credibility({name}, {random.choice(threats[name])})"


def _credibility(phrases: Phrases, place: Place) -> str:
    random, matters = phrases.random, phrases.words.matters
    article, party, parties = random.choice(matters.words)
    observer = random.choice(parties) if article in matters.secrets else phrases.actor(place)
    return f"credibility({article}, {party}, {observer})"


def _support(phrases: Phrases, place: Place) -> str:
    observer = phrases.actor(place)
    if place.selves and phrases.random.random() < 0.5:
        return f"expected_support({phrases.pair(place)})"
    return f"expected_support({phrases.pair(place)}, {observer})"


# --- decisions ----------------------------------------------------------------------------------------------


def _strangers(phrases: Phrases, place: Place) -> list[str]:
    """Options of choices of actors who are never `self`."""
    return [asked for asked in phrases.words.standing if asked.partition(",")[0] not in place.selves]


def _reply(phrases: Phrases, place: Place) -> str:
    asked = [] if phrases.in_regime else _strangers(phrases, place)
    return f"reply({phrases.random.choice(asked)})" if asked else "0.5"


def _decided(phrases: Phrases, _place: Place) -> str:
    asked = [*phrases.words.standing, *phrases.words.matters.decisions]
    return f"decided({phrases.random.choice(asked)})" if asked else "True"


# --- bodies -------------------------------------------------------------------------------------------------


def _measure(phrases: Phrases, _place: Place) -> str:
    random, matters = phrases.random, phrases.words.matters
    if matters.mandates and random.random() < 0.4:
        return f"mandate_lapsed({random.choice(matters.mandates)})"
    return f"measure({random.choice(matters.measures)})"


def _time_left(phrases: Phrases, _place: Place) -> str:
    return f"time_left({phrases.random.choice(phrases.words.matters.mandates)})"


def _votes(phrases: Phrases, _place: Place) -> str:
    random = phrases.random
    draft, members = random.choice(phrases.words.matters.drafts)
    what = random.choice(["votes_for", "votes_against", "abstentions"])
    return random.choice([f"{what}({draft})", f"{what}({draft}, {random.choice(members)})"])


def _came_of_it(phrases: Phrases, _place: Place) -> str:
    random = phrases.random
    draft, members = random.choice(phrases.words.matters.drafts)
    what = random.choice(["tabled", "passed", "failed", "vetoed", "vetoed"])
    if what == "vetoed" and random.random() < 0.5:
        return f"vetoed({draft}, {random.choice(members)})"
    return f"{what}({draft})"


# --- sanctions ----------------------------------------------------------------------------------------------


def _sanctioned(phrases: Phrases, _place: Place) -> str:
    random = phrases.random
    name, regime = random.choice(list(phrases.words.matters.regimes.items()))
    target = random.choice(regime["targets"])
    asked = [f"{what}({name}, {target})" for what in ("exposure", "leakage", "bite")]
    asked.append(f"bite({name}, {target}, {random.choice(regime['types'])})")
    if "channels" in regime:
        asked.append(f"channels({name}, {target})")
    third = regime["third_parties"]
    if "detection" in regime and not phrases.in_regime:
        asked.append(f"detection({name}, {random.choice(third)})")
    if "secondary" in regime:
        asked.append(f"penalised({name}, {random.choice(third)}, {random.choice(regime['senders'])})")
    return str(random.choice(asked))


def _stance(phrases: Phrases, _place: Place) -> str:
    random = phrases.random
    name, regime = random.choice(list(phrases.words.matters.regimes.items()))
    asked = [f"imposes({name}, {random.choice(regime['senders'])})"]
    asked += [] if phrases.in_regime else [f"imposed({name})"]
    third = regime["third_parties"]
    if third:
        asked += [f"{what}({name}, {random.choice(third)})" for what in ("complies", "evades", "defies")]
    if "detection" in regime:
        asked.append(f"detected({name}, {random.choice(third)})")
    return str(random.choice(asked))


# --- goods and groups ---------------------------------------------------------------------------------------


def _since(phrases: Phrases) -> str:
    """Perhaps a duration."""
    if not phrases.past or phrases.random.random() < 0.6:
        return ""
    return f", '{phrases.random.choice(phrases.words.durations)}'"


def _of_goods(phrases: Phrases, place: Place) -> str:
    random, matters = phrases.random, phrases.words.matters
    stock = f"{random.choice(matters.items)}, {phrases.actor(place)}"
    asked = [f"{what}({stock}{_since(phrases)})" for what in ("made", "used")]
    if matters.tiers:
        item = random.choice(matters.tiers).partition(",")[0]
        asked.append(f"tier({item}, {phrases.actor(place)})")
    if matters.used:
        asked.append(f"shortage({random.choice(matters.used)})")
    if matters.arsenals:
        own = random.choice(matters.arsenals)
        asked += [f"concentration({own})", f"arsenal_share({own}, {phrases.actor(place)})"]
    return random.choice(asked)


def _of_flow(phrases: Phrases, _place: Place) -> str:
    random, flow = phrases.random, phrases.random.choice(phrases.words.matters.flows)
    asked = [f"{what}({flow})" for what in ("transit", "owed", "price", "shortage")]
    asked += [f"{what}({flow}{_since(phrases)})" for what in ("sent", "delivered", "lost", "paid")]
    return random.choice(asked)


def _of_group(phrases: Phrases, _place: Place) -> str:
    group, matter = phrases.random.choice(phrases.words.matters.groups)
    asked = [f"share({group}, {matter})", f"0.01 * joined({group}, {matter})", f"0.01 * members({group})"]
    return phrases.random.choice(asked)


def _unlocked(phrases: Phrases, _place: Place) -> str:
    return f"unlocked({phrases.random.choice(phrases.words.matters.tiers)})"

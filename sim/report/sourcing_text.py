"""Where numbers come from, in lines of 80 columns: values by section, facts by document, what is stale."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal

from sim.evidence import BaseRate, Document, Fact, Mechanism, Quantity
from sim.report.inventory import counted
from sim.report.plain import plain_number, with_unit
from sim.report.sourcing import GRADES, Sourcing, Value
from sim.text import printable

Part = Literal["values", "facts", "unused", "stale"]
PARTS: Final[tuple[Part, ...]] = ("values", "facts", "unused", "stale")
WIDTH: Final = 80
_COLUMN: Final = 28
"""Where the text beside a name begins; a name that reaches it has a line of its own."""
_SIGNS: Final = {"+": "moves with it", "-": "moves against it", "mixed": "moves both ways"}


def summary(found: Sourcing) -> Iterator[str]:
    """Shares of grades, and how much of the ledgers is used."""
    evidence, total = found.evidence, len(found.values)
    yield from _wrapped(f"{printable(found.title)}: {total:,} values, rules and options")
    for grade in GRADES:
        number = found.counts[grade]
        if number or grade != "ungraded":
            yield f"  {grade:<9} {number:>5,} {number / max(total, 1):>5.0%}"
    yield ""
    if not (evidence.facts or evidence.base_rates):
        yield "It names no ledgers."
        return
    used = len(evidence.facts) - len(found.unused)
    rates = sum(name in found.users for name in evidence.base_rates)
    yield f"Facts used          {used:>4} of {len(evidence.facts)}"
    yield f"Base rates used     {rates:>4} of {len(evidence.base_rates)}"
    yield f"Disagreements used  {len(found.standing_for):>4} of {len(evidence.disagreements)}"
    touched = len(evidence.mechanisms) - len(found.unused_mechanisms)
    yield f"Mechanisms touched  {touched:>4} of {len(evidence.mechanisms)}"
    weak = sum(map(found.weak, found.values))
    yield f"On little evidence  {weak:>4} of {found.counts['informed']} that are informed"
    stale = len(found.stale_values) + len(found.stale_cited)
    yield f"Stale on {found.as_of} {stale:>4}, to be looked at again"


def listing(found: Sourcing, only: Sequence[Part] = PARTS) -> Iterator[str]:
    """The parts that are asked for, each under a heading."""
    ledgers = found.evidence.facts or found.evidence.base_rates
    for part in PARTS:
        if part in only and (ledgers or part == "values"):
            yield ""
            yield from _LISTINGS[part](found)


def _values(found: Sourcing) -> Iterator[str]:
    yield "VALUES, with their facts or why they are assumed"
    shown = [value for value in found.values if value.own or value.known == "ungraded"]
    for section in dict.fromkeys(value.section for value in shown):
        for grade in GRADES:
            alike = [value for value in shown if (value.section, value.known) == (section, grade)]
            if alike:
                yield ""
                yield f"{section}, {grade}"
                for value in alike:
                    yield from _row(value.name, _support(found, value))
    inherited = len(found.values) - len(shown)
    if inherited:
        yield ""
        yield from _wrapped(f"{counted(inherited, 'values')} more: each has the grade of the part around it.")


def _support(found: Sourcing, value: Value) -> str:
    said = [printable(value.grade.reason) or ", ".join(value.grade.cited)]
    if found.weak(value):
        said.append("little evidence")
    if value.disagreement:
        said.append(f"sources differ: {value.disagreement}")
    if value.review_by:
        said.append(f"review by {value.review_by}{', past' if found.past(value.review_by) else ''}")
    return "; ".join(one for one in said if one)


def _facts(found: Sourcing) -> Iterator[str]:
    yield "FACTS, with the values that rest on them"
    evidence = found.evidence
    for number, document in _documents(found):
        used = [
            fact
            for fact in evidence.facts.values()
            if min(fact.documents) == number and fact.id in found.users
        ]
        if used:
            yield ""
            yield from _wrapped(f"{number} {_cited(document)}" if document else number)
            for fact in used:
                yield from _row(fact.id, _named(found.users[fact.id]))
    for title, names, users in (
        ("base rates", evidence.base_rates, found.users),
        ("disagreements", evidence.disagreements, found.standing_for),
    ):
        if any(name in users for name in names):
            yield ""
            yield title
            for name in names:
                if name in users:
                    yield from _row(name, _named(users[name]))


def _unused(found: Sourcing) -> Iterator[str]:
    yield f"UNUSED FACTS: {len(found.unused)} of {len(found.evidence.facts)}"
    for number, document in _documents(found):
        facts = [fact for fact in found.unused if min(fact.documents) == number]
        if facts:
            yield ""
            yield from _wrapped(f"{number} {_cited(document)}" if document else number)
            for fact in facts:
                yield from _row(fact.id, _short(fact.claim))
    evidence = found.evidence
    for kind, total, idle in (
        (
            "DISAGREEMENTS",
            len(evidence.disagreements),
            [
                (name, one.about)
                for name, one in evidence.disagreements.items()
                if name not in found.standing_for
            ],
        ),
        (
            "MECHANISMS (no fact of theirs is cited)",
            len(evidence.mechanisms),
            [(one.id, f"{one.cause}: {one.effect}") for one in found.unused_mechanisms],
        ),
    ):
        if idle:
            yield ""
            yield f"UNUSED {kind}: {len(idle)} of {total}"
            for name, about in idle:
                yield from _row(name, printable(about))


def _stale(found: Sourcing) -> Iterator[str]:
    number = len(found.stale_cited) + len(found.stale_values)
    yield f"STALE on {found.as_of}: {number}"
    for value in found.stale_values:
        yield from _row(value.name, f"{value.review_by}: {value.section}, {value.known}")
    for one in found.stale_cited:
        yield from _row(one.id, f"{one.review_by}: {_named(found.users[one.id])}")


_LISTINGS: Final = {"values": _values, "facts": _facts, "unused": _unused, "stale": _stale}


def fact_account(found: Sourcing, one: Fact | BaseRate) -> Iterator[str]:
    """A fact or base rate with its source, and everything that rests on it."""
    yield printable(one.id)
    if isinstance(one, BaseRate):
        yield from _wrapped(printable(one.what), "  ")
        yield from _field("figure", _figure(one.quantity))
        yield from _field("source", f"{printable(one.source)} ({printable(one.status)})")
        use = "fitted" if one.id in found.evidence.fitted else "context"
        yield from _field("use", "held out" if one.id in found.evidence.held_out else use)
    else:
        yield from _wrapped(printable(one.claim), "  ")
        yield from _stated(found, one)
    if one.review_by:
        yield from _field("review by", f"{one.review_by}{', past' if found.past(one.review_by) else ''}")
    yield from _field("stands at", str(one.place))
    ledgers = found.evidence
    for title, names in (
        ("mechanisms", [name for name, entry in ledgers.mechanisms.items() if one.id in entry.facts]),
        ("commitments", [name for name, entry in ledgers.commitments.items() if one.id in entry.facts]),
        (
            "differ on",
            [
                name
                for name, entry in ledgers.disagreements.items()
                if any(one.id in claim.facts for claim in entry.claims)
            ],
        ),
    ):
        if names:
            yield from _field(title, ", ".join(names))
    yield from _resting(found.users.get(one.id, ()), "no value of the scenario cites it")


def _stated(found: Sourcing, fact: Fact) -> Iterator[str]:
    for number in fact.documents:
        document = found.evidence.documents.get(number)
        yield from _field("document", f"{number} {_cited(document)}" if document else number)
    speaker = f" ({printable(fact.attributed_to)})" if fact.attributed_to else ""
    confidence = f"; confidence {fact.confidence}" if fact.confidence else ""
    yield from _field("kind", f"{fact.kind}, {fact.modality}{speaker}{confidence}")
    if fact.date:
        yield from _field("date", fact.date)
    if fact.quantity:
        yield from _field("figure", _figure(fact.quantity))
    if fact.note:
        yield from _field("note", printable(fact.note))


def mechanism_account(found: Sourcing, mechanism: Mechanism) -> Iterator[str]:
    """A mechanism with its facts, and the values that rest on them."""
    yield mechanism.id
    yield from _field("cause", printable(mechanism.cause))
    yield from _field("effect", printable(mechanism.effect))
    yield from _field("sign", f"{mechanism.sign} ({_SIGNS[mechanism.sign]})")
    yield from _field("status", f"{mechanism.status} in {', '.join(mechanism.documents)}")
    for name in mechanism.observables:
        yield from _field("seen by", f"{name}: {printable(found.evidence.observables[name].definition)}")
    for title, text in (("feedback", mechanism.feedback), ("note", mechanism.note)):
        if text:
            yield from _field(title, printable(text))
    asked = [name for name, entry in found.evidence.questions.items() if mechanism.id in entry.mechanisms]
    if asked:
        yield from _field("questions", ", ".join(asked))
    yield from _field("stands at", str(mechanism.place))
    yield ""
    yield "facts"
    for name in mechanism.facts:
        uses = len(found.users.get(name, ()))
        said = counted(uses, "uses") if uses else "no use"
        yield from _row(name, f"{printable(found.evidence.facts[name].claim)} ({said})")
    yield from _resting(found.resting_on(mechanism.facts), "no value of the scenario cites any of them")


def _resting(values: Sequence[Value], none: str) -> Iterator[str]:
    yield ""
    if not values:
        yield none
        return
    yield f"used by {counted(len(values), 'values')}"
    for value in values:
        yield from _wrapped(f"{value.known:<8}  {value.section}: {value.name}", "  ")
        yield f"            {value.place}"


def _documents(found: Sourcing) -> Iterator[tuple[str, Document | None]]:
    """All documents that facts name, declared or not."""
    named = {min(fact.documents) for fact in found.evidence.facts.values()}
    for number in sorted(named):
        yield number, found.evidence.documents.get(number)


def _cited(document: Document) -> str:
    who = ", ".join(one for one in (document.author, document.date) if one)
    return printable(f"{document.title} ({who})" if who else document.title)


def _figure(figure: Quantity) -> str:
    unit = printable(figure.unit)
    if figure.value is None:
        text = f"{plain_number(figure.low)} to {with_unit(figure.high, unit)}"
    else:
        text = with_unit(figure.value, unit)
        if figure.low < figure.high:
            text += f", from {plain_number(figure.low)} to {plain_number(figure.high)}"
    return f"{text} ({printable(figure.qualifier)})" if figure.qualifier else text


def _named(values: Iterable[Value]) -> str:
    """Values by section: `actors: RUS.need; policies: kremlin.ask, pyongyang.sell`."""
    by_section: dict[str, list[str]] = {}
    for value in values:
        by_section.setdefault(value.section, []).append(value.name)
    return printable("; ".join(f"{section}: {', '.join(names)}" for section, names in by_section.items()))


def _short(text: str) -> str:
    return textwrap.shorten(printable(text), WIDTH - _COLUMN, placeholder=" ...")


def _row(name: str, text: str) -> Iterator[str]:
    """A name, and text that is wrapped in a column of its own."""
    name = printable(name)
    lines = _wrapped(text, " " * _COLUMN) or [""]
    if len(name) > _COLUMN - 4:
        yield f"  {name}"
        yield from lines
    else:
        yield f"  {name:<{_COLUMN - 2}}{lines[0].strip()}".rstrip()
        yield from lines[1:]


def _field(title: str, text: str) -> Iterator[str]:
    first, *more = _wrapped(text, " " * 15)
    yield f"  {title:<13}{first.strip()}"
    yield from more


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)

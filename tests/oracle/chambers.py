"""Bodies with their names bound: who may table what, and how members vote on it (B1 to B3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sim.scenario.bodies import Ballot, Body, Draft
from sim.scenario.models import Choice, Every, Option, Rule
from tests.oracle.choices import ChoiceHere, OptionHere, plain_choice
from tests.oracle.deeds import Performed, read_deeds
from tests.oracle.events import Event
from tests.oracle.expressions import read_number, read_truth
from tests.oracle.names import Names, Scope, act_row, option_number, policies_of
from tests.oracle.rules import RuleHere
from tests.oracle.terms import Moment, Truth

WAYS = ("abstain", "against", "for")


@dataclass(frozen=True)
class DraftHere:
    """A draft of a body."""

    body_id: str
    body: Body
    id: str
    draft: Draft
    members: list[str]
    permanent: list[str]
    sponsors: list[str]

    def seats(self, member: str) -> float:
        return float(self.body.seats.get(member, 1))

    @property
    def measure(self) -> str | None:
        return self.draft.adopts or self.draft.renews or self.draft.ends

    def of_actor(self, actor: str, what: str) -> Event:
        bound = (("body", self.body_id), ("draft", self.id))
        luck = f"body={self.body.luck_key or self.body_id},draft={self.draft.luck_key or self.id}"
        return Event(actor, what, what, bound, f"{actor}/{what}/{luck}")

    def of_body(self, what: str) -> Event:
        owner, draft = self.body.luck_key or self.body_id, self.draft.luck_key or self.id
        return Event(self.body_id, what, what, (("draft", self.id),), f"{owner}/{what}/draft={draft}")

    def tally(self, way: str) -> str:
        return f"tally[{self.body_id}/{self.id}/{way}]"

    def row(self, kind: str, measure: str) -> str:
        return f"{kind}[{self.body_id}/{measure}]"

    def chosen(self, member: str) -> str:
        return self.of_actor(member, "vote").row("chosen")

    def tabled(self, moment: Moment) -> bool:
        return any(moment.now[self.of_actor(each, "table").row("fired")] > 0 for each in self.sponsors)


def drafts_of(names: Names) -> list[DraftHere]:
    """All of them, in order of id."""
    return [
        DraftHere(
            body_id,
            body,
            draft_id,
            draft,
            names.parties(body.members),
            names.parties(body.permanent),
            names.parties(draft.sponsor),
        )
        for body_id, body in sorted(names.model.bodies.items())
        for draft_id, draft in sorted(body.drafts.items())
    ]


# --- tabling ------------------------------------------------------------------------------------------------


def read_table(here: DraftHere, sponsor: str, names: Names) -> RuleHere:
    """The rule by which a sponsor tables a draft."""
    draft, seeing = here.draft, Scope(names, sponsor, eyes=sponsor)
    rate = draft.every.rate if draft.every else None
    numbers = {} if rate is None else {"rate": read_number(rate, seeing)}
    rule = Rule.model_construct(chance=None, count=None, campaign=None, every=draft.every, once=False)
    deeds = read_deeds(draft.tabled, Scope(names, sponsor)) if draft.tabled else ()
    gates = [_to_decide(here), _by_event(here, sponsor, names), read_truth(draft.when, seeing)]
    return RuleHere(
        here.of_actor(sponsor, "table"),
        rule,
        deeds,
        lambda moment: all(gate(moment) for gate in gates),
        None,
        numbers,
    )


def _to_decide(here: DraftHere) -> Truth:
    """B2."""
    if here.measure is None:
        return lambda _: True
    row, wanted = here.row("measure", here.measure), here.draft.adopts is None
    return lambda moment: (moment.now[row] > 0) == wanted


def _by_event(here: DraftHere, sponsor: str, names: Names) -> Truth:
    draft = here.draft
    if draft.on is not None:
        action = draft.on
        rows = [act_row("acts", *act) for act in names.acts if act[:2] == (action, sponsor)]
        return lambda moment: any(moment.now[row] > 0 for row in rows)
    if draft.ahead is not None:
        until, ahead = here.row("until", str(draft.renews)), names.calendar.in_turns(draft.ahead)
        return lambda moment: moment.now[until] - ahead == moment.turn
    return lambda _: True


# --- votes --------------------------------------------------------------------------------------------------


def ballots(here: DraftHere, member: str, names: Names) -> list[Ballot]:
    """Where to look for how a member votes, its own first."""
    entries = [
        ballot
        for policy in policies_of(names.model, names.model.actors[member])
        for ballot in policy.votes.values()
        if ballot.body == here.body_id
    ]
    named = [ballot for ballot in entries if here.id in ballot.drafts]
    return [*(named or [ballot for ballot in entries if not ballot.drafts])[:1], here.draft.votes]


def stated_options(here: DraftHere, member: str, names: Names) -> dict[str, Option]:
    found: dict[str, Option] = {}
    for way in WAYS:
        for ballot in ballots(here, member, names):
            option = getattr(ballot, "for_" if way == "for" else way)
            if option is not None:
                found[way] = option
                break
    return found


def _first(here: DraftHere, member: str, names: Names, key: str) -> object:
    stated = (getattr(ballot, key) for ballot in ballots(here, member, names))
    return next((value for value in stated if value is not None), None)


def read_vote(here: DraftHere, member: str, names: Names) -> ChoiceHere:
    """The choice by which a member votes on a draft."""
    options = stated_options(here, member, names)
    scope = Scope(names, member, eyes=member)
    temperature = _first(here, member, names, "temperature") or here.body.temperature
    status_quo = _first(here, member, names, "status_quo")
    choice = once_a_turn(options, status_quo)
    return plain_choice(
        here.of_actor(member, "vote"),
        choice,
        scope,
        temperature,  # type: ignore[arg-type]
        here.tabled,
        tuple(options_here(choice, scope, lambda option: read_deeds(option, scope))),
    )


def once_a_turn(options: dict[str, Option], status_quo: Any) -> Choice:
    every = Every.model_construct(step=None, per=None, rate=None)
    # A vote has no temperature of its own in the file: it is read beside.
    parts: dict[str, Any] = {"every": every, "status_quo": status_quo, "options": options}
    return Choice.model_construct(several=False, initial=None, **parts)


def options_here(
    choice: Choice, scope: Scope, deeds: Callable[[Option], tuple[Performed, ...]]
) -> Iterator[OptionHere]:
    for name, option in sorted(choice.options.items()):
        yield OptionHere(
            name,
            option_number(choice, name),
            read_truth(option.when, scope),
            read_number(option.utility, scope),
            deeds(option),
        )

"""Bodies as the scenario states them: who sits there, with how many seats, and what is wrong with that."""

from __future__ import annotations

from dataclasses import dataclass

from sim.compile.lower import Lowering
from sim.compile.parties import parties
from sim.compile.program import Variable
from sim.compile.records import Subject
from sim.compile.scope import LoweringError, Scope, listed
from sim.scenario.bodies import Body, Draft, Measure
from sim.scenario.load import PathOf
from sim.text import quoted

OWNERS = frozenset({"world", "injects", "parameters", "dynamics"})
"""Owners of what nobody decides: no body or regime may take their place in event keys."""


@dataclass(frozen=True)
class Motion:
    """A draft of a body, with the names of all that is decided about it."""

    id: str
    part: Draft
    path: PathOf
    sponsors: tuple[str, ...]
    tables: tuple[Subject, ...]
    """One for each sponsor."""
    votes: tuple[Subject, ...]
    """One for each member."""
    passes: Subject
    fails: Subject
    vetoed: Subject

    @property
    def title(self) -> str:
        return self.part.title or self.id.replace("_", " ")


@dataclass(frozen=True)
class Chamber:
    """A body."""

    id: str
    part: Body
    path: PathOf
    members: tuple[str, ...]
    """In order of id."""
    seats: dict[str, int]
    """Of every member."""
    permanent: frozenset[str]
    motions: dict[str, Motion]
    """In order of id."""
    lapses: dict[str, Subject]
    """For each mandate, in order of id."""

    @property
    def total(self) -> int:
        """All seats."""
        return sum(self.seats.values())

    def measure(self, id_: str) -> Measure:
        return self.part.measures[id_]

    def row(self, table: str, measure: str) -> str:
        """The name of a measure's row."""
        return f"{table}[{self.id}/{measure}]"


def chambers(lowering: Lowering) -> dict[str, Chamber]:
    """The bodies of a scenario, in order of id; what is wrong with their lists is noted."""
    return {
        body_id: _chamber(lowering, body_id, body)
        for body_id, body in sorted(lowering.scenario.model.bodies.items())
    }


def _chamber(lowering: Lowering, body_id: str, body: Body) -> Chamber:
    path: PathOf = ("bodies", body_id)
    members = parties(lowering, body.members, (*path, "members"))
    permanent = parties(lowering, body.permanent, (*path, "permanent"))
    place = lowering.scenario.place
    luck = body.luck_key or body_id
    return Chamber(
        body_id,
        body,
        path,
        members,
        {member: body.seats.get(member, 1) for member in members},
        frozenset(permanent) & frozenset(members),
        {
            draft_id: _motion(lowering, body_id, luck, members, draft_id, draft)
            for draft_id, draft in sorted(body.drafts.items())
        },
        {
            id_: Subject(
                body_id,
                "lapses",
                (("measure", id_),),
                (*path, "measures", id_),
                place(*path, "measures", id_),
                (luck, id_),
            )
            for id_, measure in sorted(body.measures.items())
            if measure.term is not None
        },
    )


def _motion(  # noqa: PLR0917 - a draft and where it belongs
    lowering: Lowering, body: str, body_luck: str, members: tuple[str, ...], draft_id: str, draft: Draft
) -> Motion:
    path: PathOf = ("bodies", body, "drafts", draft_id)
    place, luck = lowering.scenario.place(*path), draft.luck_key or draft_id
    sponsors = parties(lowering, draft.sponsor, (*path, "sponsor"))

    def of_actor(actor: str, id_: str) -> Subject:
        about = (("body", body), ("draft", draft_id))
        return Subject(actor, id_, about, path, place, (actor, body_luck, luck))

    def of_body(id_: str) -> Subject:
        return Subject(body, id_, (("draft", draft_id),), path, place, (body_luck, luck))

    return Motion(
        draft_id,
        draft,
        path,
        sponsors,
        tuple(of_actor(sponsor, "table") for sponsor in sponsors),
        tuple(of_actor(member, "vote") for member in members),
        of_body("passes"),
        of_body("fails"),
        of_body("vetoed"),
    )


class Checking:
    """Notes what cannot be: names that are not there, votes that nobody can reach."""

    def __init__(self, lowering: Lowering) -> None:
        self._lowering = lowering
        self._problems = lowering.builder.problems

    def check(self, chamber: Chamber) -> None:
        """Note what is wrong with one body."""
        self._owner(chamber)
        self._seats(chamber)
        self._reach(chamber)
        for id_, measure in chamber.part.measures.items():
            self._mandate(measure, (*chamber.path, "measures", id_))
        for motion in chamber.motions.values():
            self._motion(chamber, motion)

    def _note(self, path: PathOf, message: str, expected: str, suggestion: str = "", code: str = "") -> None:
        self._problems.fault(LoweringError(path, 0, message, expected, suggestion, code))

    def _at_key(self, path: PathOf, message: str, expected: str, code: str = "") -> None:
        self._problems.fault(LoweringError(path, 0, message, expected, code=code, at_key=True))

    def _owner(self, chamber: Chamber) -> None:
        if chamber.id in OWNERS:
            self._at_key(chamber.path, f"a body cannot be called {quoted(chamber.id)}", "another id")
        if chamber.id in self._lowering.scenario.model.sanctions:
            other = self._lowering.scenario.place("sanctions", chamber.id)
            message = f"{quoted(chamber.id)} is already a sanctions regime, at {other}"
            self._at_key(chamber.path, message, "another id", "name-clash")

    def _seats(self, chamber: Chamber) -> None:
        body, path = chamber.part, chamber.path
        members = listed(chamber.members, "a member")
        for actor in body.seats:
            if actor not in chamber.members:
                self._at_key((*path, "seats", actor), f"{actor} is no member of {chamber.id}", members)
        for index, name in enumerate(body.permanent):
            if name in self._lowering.symbols.actors and name not in chamber.members:
                where = (*path, "permanent", index)
                self._note(where, f"no veto without a seat: {name} is no member of {chamber.id}", members)
        if body.single is not None and body.single not in chamber.members:
            self._note((*path, "single"), f"{body.single} is no member of {chamber.id}", members)

    def _reach(self, chamber: Chamber) -> None:
        for key in ("at_least", "quorum"):
            wanted = getattr(chamber.part, key)
            if wanted is not None and wanted > chamber.total and chamber.members:
                seats = f"{chamber.total} seat{'s' if chamber.total > 1 else ''}"
                self._note(
                    (*chamber.path, key),
                    f"{wanted} votes where there are {seats}",
                    f"at most {chamber.total}",
                )

    def _mandate(self, measure: Measure, path: PathOf) -> None:
        clock = self._lowering.scenario.clock
        if measure.term is not None and clock.turns_in(measure.term) < 1:
            self._note((*path, "term"), "this is less than half a turn", f"{clock.turn}, or longer")
        if measure.until is not None and measure.until < clock.start:
            self._note((*path, "until"), f"{measure.until} lies before play", f"a date from {clock.start} on")

    def _motion(self, chamber: Chamber, motion: Motion) -> None:
        draft, path = motion.part, motion.path
        measures = chamber.part.measures
        for key in ("adopts", "renews", "ends"):
            wanted = getattr(draft, key)
            if wanted is not None and wanted not in measures:
                self._note(
                    (*path, key),
                    f"{chamber.id} has no measure {quoted(wanted)}",
                    listed(sorted(measures), "one that stands under its 'measures'"),
                    self._problems.meant(wanted, measures),
                    "unknown-name",
                )
        if draft.renews in measures and measures[str(draft.renews)].term is None:
            self._note(
                (*path, "renews"),
                f"{quoted(str(draft.renews))} stands until it is ended: there is nothing to renew",
                "a measure with a term",
            )
        self._action(draft, path)

    def _action(self, draft: Draft, path: PathOf) -> None:
        actions = self._lowering.symbols.actions
        if draft.on is not None and draft.on not in actions:
            self._note(
                (*path, "on"),
                f"there is no action {quoted(draft.on)}",
                listed(sorted(actions), "one that stands under 'actions'"),
                self._problems.meant(draft.on, actions),
                "unknown-name",
            )


def chamber_of(
    lowering: Lowering, found: dict[str, Chamber], name: str, scope: Scope, offset: int
) -> Chamber:
    """The body of that name.

    Raises:
        LoweringError: if there is none.
    """
    if name not in found:
        raise LoweringError(
            scope.path,
            offset,
            f"there is no body {quoted(name)}",
            listed(found, "one that stands under 'bodies'"),
            lowering.builder.problems.meant(name, found),
            "unknown-name",
        )
    return found[name]


def is_act_of(variable: Variable, action: str, actor: str) -> bool:
    """Whether a row counts how often the actor did the action, to whomever."""
    prefix = f"acts[{action}, {actor}"
    return variable.kind == "act" and variable.name[: len(prefix) + 1] in (f"{prefix}]", f"{prefix},")

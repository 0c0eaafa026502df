"""Votes: each member's choice on a draft, by its own policy where that says something, else by the draft."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, Literal

from sim.compile import program as pr
from sim.compile.bodies.chambers import Chamber, Motion, chamber_of
from sim.compile.decisions import DecisionCompiler
from sim.compile.declare import find_deeds
from sim.compile.doings import Whose
from sim.compile.lower import Lowering
from sim.compile.records import Records, Speaker, StatusQuo, Subject, Way, told
from sim.compile.scope import LoweringError, Scope, listed
from sim.scenario.bodies import Ballot, OwnBallot, Vote
from sim.scenario.load import PathOf
from sim.text import Place, quoted

WayToVote = Literal["abstain", "against", "for"]
WAYS: Final[tuple[WayToVote, ...]] = ("abstain", "against", "for")
"""In order of id."""
_FIELDS: Final[Mapping[WayToVote, str]] = {"abstain": "abstain", "against": "against", "for": "for_"}
_WORDS: Final[Mapping[WayToVote, str]] = {
    "abstain": "abstains from",
    "against": "votes against",
    "for": "votes for",
}

Stated = tuple[Ballot, PathOf]
"""A ballot and where it stands."""


@dataclass(frozen=True)
class Voter:
    """How one member votes on one draft: the ballots to look in, its own first."""

    member: str
    subject: Subject
    ballots: tuple[Stated, ...]

    def ways(self) -> dict[WayToVote, tuple[Vote, PathOf]]:
        """Its ways to vote, in order of id, each where it is stated."""
        found = {}
        for way in WAYS:
            for ballot, path in self.ballots:
                vote: Vote | None = getattr(ballot, _FIELDS[way])
                if vote is not None:
                    found[way] = (vote, (*path, way))
                    break
        return found

    def index(self, way: WayToVote) -> float | None:
        """What its `chosen` row holds when it votes so; None if it cannot."""
        ways = list(self.ways())
        return float(ways.index(way) + 1) if way in ways else None


class Ballots:
    """Whose ballot holds for whom."""

    def __init__(self, lowering: Lowering, *, own: bool) -> None:
        self._lowering = lowering
        self._model = lowering.scenario.model
        self._own = own

    def voters(self, chamber: Chamber, motion: Motion) -> tuple[Voter, ...]:
        """Every member of the body, in order of id."""
        drafted: Stated = (motion.part.votes, (*motion.path, "votes"))
        place = self._lowering.scenario.place
        found = []
        for member, subject in zip(chamber.members, motion.votes, strict=True):
            ballots = (*self._own_ballots(member, chamber.id, motion.id), drafted)
            path = ballots[0][1]
            found.append(Voter(member, replace(subject, path=path, place=place(*path)), ballots))
        return tuple(found)

    def _own_ballots(self, member: str, body: str, draft: str) -> Sequence[Stated]:
        if not self._own:
            return ()
        entries = [(ballot, path) for ballot, path in self._entries(member) if ballot.body == body]
        named = [entry for entry in entries if draft in entry[0].drafts]
        return (named or [entry for entry in entries if not entry[0].drafts])[:1]

    def _entries(self, member: str) -> Iterator[tuple[OwnBallot, PathOf]]:
        for policy in dict.fromkeys(self._model.actors[member].policy):
            if policy in self._model.policies:
                for id_, ballot in sorted(self._model.policies[policy].votes.items()):
                    yield ballot, ("policies", policy, "votes", id_)

    def check(self, chambers: dict[str, Chamber]) -> None:
        """Note ballots of bodies, drafts or seats that are not there, and two that are for one draft."""
        problems = self._lowering.builder.problems
        holders: dict[str, list[str]] = {policy: [] for policy in self._model.policies}
        for actor_id, actor in sorted(self._model.actors.items()):
            for policy in actor.policy:
                holders.get(policy, []).append(actor_id)
        for policy, actors in holders.items():
            for id_, ballot in sorted(self._model.policies[policy].votes.items()):
                path: PathOf = ("policies", policy, "votes", id_)
                foreign = self._lowering.scenario.place(*path).file != self._lowering.scenario.file
                if actors or not foreign:
                    problems.tried(partial(self._check, ballot, path, actors, chambers), None)
        for actor_id in sorted(self._model.actors):
            self._check_twice(actor_id)

    def _check(
        self, ballot: OwnBallot, path: PathOf, actors: list[str], chambers: dict[str, Chamber]
    ) -> None:
        meant = self._lowering.builder.problems.meant
        chamber = chamber_of(self._lowering, chambers, ballot.body, Scope((*path, "body")), 0)
        for index, draft in enumerate(ballot.drafts):
            if draft not in chamber.motions:
                raise LoweringError(
                    (*path, "drafts", index),
                    0,
                    f"{chamber.id} has no draft {quoted(draft)}",
                    listed(chamber.motions, "one that stands under its 'drafts'"),
                    meant(draft, chamber.motions),
                    "unknown-name",
                )
        if actors and not set(actors) & set(chamber.members):
            raise LoweringError(
                (*path, "body"), 0, f"{actors[0]} has no seat in {chamber.id}", listed(chamber.members)
            )

    def _check_twice(self, actor: str) -> None:
        seen: dict[tuple[str, str], Place] = {}
        for ballot, path in self._entries(actor):
            place = self._lowering.scenario.place(*path)
            for draft in dict.fromkeys(ballot.drafts or ("",)):
                other = seen.setdefault((ballot.body, draft), place)
                if other != place:
                    what = f"the draft {quoted(draft)}" if draft else f"all of {ballot.body}"
                    self._lowering.builder.problems.error(
                        place,
                        f"{actor} has another ballot for {what}, at {other}",
                        "one of them",
                        code="name-clash",
                    )


@dataclass(frozen=True)
class _Matter:
    """Who votes on what, and where its expressions stand."""

    chamber: Chamber
    motion: Motion
    voter: Voter
    scope: Scope


class VoteCompiler:
    """Compiles the members' choices."""

    def __init__(self, lowering: Lowering, decisions: DecisionCompiler, *, own: bool) -> None:
        self._lowering = lowering
        self._decisions = decisions
        self._records = Records(lowering, decisions)
        self._own = own

    def vote(self, chamber: Chamber, motion: Motion, voter: Voter, gate: int) -> pr.Choice | None:
        """How a member votes where the draft is tabled; None, and a note of it, if nobody says how."""
        ways = voter.ways()
        if not ways and not self._own:
            return None  # it may vote by a ballot of its own, which is left out
        if not ways:
            self._lowering.builder.problems.fault(
                LoweringError(
                    (*motion.path, "votes"),
                    0,
                    f"it is not said how {voter.member} votes",
                    "votes: {for: UTILITY, against: UTILITY} here, or in its policy",
                )
            )
            return None
        scope = Scope(
            voter.subject.path, voter.member, perceived=self._decisions.perceived.get(voter.member, {})
        )
        matter = _Matter(chamber, motion, voter, scope)
        return self._records.choice(
            voter.subject,
            [self._way(matter, way, *stated) for way, stated in ways.items()],
            gate=gate,
            pace=self._records.each_turn,
            temperature=self._temperature(matter),
            status_quo=self._status_quo(matter),
        )

    def _temperature(self, matter: _Matter) -> int:
        for ballot, path in matter.voter.ballots:
            if ballot.temperature is not None:
                return self._lowering.number(ballot.temperature, matter.scope.at(*path, "temperature"), 0.0)
        body = matter.chamber
        return self._lowering.number(body.part.temperature, matter.scope.at(*body.path, "temperature"), 0.0)

    def _status_quo(self, matter: _Matter) -> StatusQuo | None:
        ways = list(matter.voter.ways())
        for ballot, path in matter.voter.ballots:
            if ballot.status_quo is not None:
                where = (*path, "status_quo")
                return self._records.status_quo(ballot.status_quo, ways, matter.scope, where)
        return None

    def _way(self, matter: _Matter, way: WayToVote, vote: Vote, path: PathOf) -> Way:
        voter, scope = matter.voter, matter.scope
        name = self._lowering.scenario.model.actors[voter.member].name
        speaker = Speaker(path, voter.member)
        doings = self._decisions.doings.of(vote, speaker, Whose(voter.subject.key, way), path)
        return Way(
            way,
            self._lowering.number(vote.utility, scope.at(*path, "utility")),
            self._lowering.scenario.place(*path),
            None if vote.when is None else self._lowering.truth(vote.when, scope.at(*path, "when")),
            told(doings, f'{name} {_WORDS[way]} "{matter.motion.title}" ({matter.chamber.part.name})'),
        )


def find_deeds_of(lowering: Lowering, voter: Voter, found: dict[str, PathOf]) -> None:
    """Note the acts that a member's ways to vote come to."""
    for vote, path in voter.ways().values():
        find_deeds(lowering, vote.do, Scope(path, voter.member), found)

"""What votes on a draft come to: tallies, vetoes, and whether it is carried (rules B4 to B14)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sim.compile.bodies.ballots import Voter, WayToVote
from sim.compile.bodies.chambers import Chamber, Motion
from sim.compile.compose import Composer
from sim.compile.program import Term


@dataclass(frozen=True)
class Count:
    """The votes on one draft, as nodes on the state after the members have voted."""

    compose: Composer
    chamber: Chamber
    motion: Motion
    voters: tuple[Voter, ...]
    without: frozenset[str]

    # Rows

    @property
    def tabled(self) -> int:
        """Whether a sponsor has tabled it."""
        fired = [self._fired(subject.name) for subject in self.motion.tables]
        return self.compose.said(self.compose.any(*fired), f"tabled({self._ids})", self.motion.path)

    def fired(self, result: str) -> int:
        """Whether `passes`, `fails` or `vetoed` came about."""
        subjects = {"passes": self.motion.passes, "fails": self.motion.fails, "vetoed": self.motion.vetoed}
        return self._fired(subjects[result].name)

    def _fired(self, name: str) -> int:
        return self.compose.positive(self.compose.row(f"fired[{name}]"))

    def row(self, way: WayToVote) -> str:
        """The name of a tally's row."""
        return f"tally[{self.chamber.id}/{self.motion.id}/{way}]"

    @property
    def _ids(self) -> str:
        return f"{self.chamber.id}, {self.motion.id}"

    # Tallies

    def tally(self, way: WayToVote) -> int:
        """Seats that voted so; 0 where it was not tabled."""
        compose = self.compose
        parts = [self._seats(voter, self._counts_as(voter, way)) for voter in self.voters]
        return compose.when(self.tabled, compose.add(*parts), compose.const(0.0))

    def cast(self, member: str, way: WayToVote) -> int:
        """The seats of one member if it voted so; 0 where it was not tabled."""
        compose = self.compose
        counted = [
            self._seats(voter, self._counts_as(voter, way)) for voter in self.voters if voter.member == member
        ]
        return compose.when(self.tabled, compose.add(*counted), compose.const(0.0))

    def _seats(self, voter: Voter, voted: int) -> int:
        seats = 1 if "B4" in self.without else self.chamber.seats[voter.member]
        return self.compose.when(voted, self.compose.const(float(seats)), self.compose.const(0.0))

    def _counts_as(self, voter: Voter, way: WayToVote) -> int:
        voted = self._voted(voter, way)
        if way == "abstain" and "B5" in self.without:
            absent = self.compose.zero(self.compose.row(f"chosen[{voter.subject.name}]"))
            return self.compose.any(voted, absent)
        return voted

    def _voted(self, voter: Voter, way: WayToVote) -> int:
        index = voter.index(way)
        if index is None:
            return self.compose.false
        row = self.compose.row(f"chosen[{voter.subject.name}]")
        return self.compose.compare("eq", row, self.compose.const(index))

    # Vetoes

    def may_veto(self, member: str) -> bool:
        """Whether a member's vote can be a veto."""
        if self.motion.part.procedural and "B13" not in self.without:
            return False
        return self.unanimous or (member in self.chamber.permanent and "B11" not in self.without)

    def veto_of(self, member: str) -> int:
        """Whether a member that has a veto used it."""
        voter = next(voter for voter in self.voters if voter.member == member)
        if "B12" in self.without and not self.unanimous:
            return self.compose.negate(self._voted(voter, "for"))
        return self._voted(voter, "against")

    @property
    def vetoes(self) -> list[int]:
        """For each member that has a veto, whether it used it."""
        return [self.veto_of(voter.member) for voter in self.voters if self.may_veto(voter.member)]

    # Results

    @property
    def unanimous(self) -> bool:
        """Whether everybody has a veto."""
        return self.chamber.part.unanimity and "B8" not in self.without

    def passes(self) -> int:
        """Whether it passes, with the words of an explanation."""
        terms = [self._tabled, self._carried, *self._quorum()]
        if self.vetoes and not self.unanimous:
            terms.append(Term("no veto", self.compose.negate(self.compose.any(*self.vetoes))))
        return self._said(terms)

    def vetoed(self) -> int:
        """Whether nothing but a veto kept it from passing."""
        if not self.vetoes:
            return self.compose.false
        terms = [self._tabled, self._not_passed]
        if "B14" not in self.without:
            terms += [self._more_for if self.unanimous else self._carried, *self._quorum()]
        return self._said([*terms, Term("a veto", self.compose.any(*self.vetoes))])

    def fails(self) -> int:
        """Whether it failed for want of votes."""
        vetoed = Term(f"not vetoed({self._ids})", self.compose.negate(self.fired("vetoed")))
        return self._said([self._tabled, self._not_passed, vetoed])

    def _said(self, terms: list[Term]) -> int:
        node = self.compose.all(*(term.node for term in terms))
        text = " and ".join(term.text for term in terms)
        return self.compose.said(node, text, self.motion.path, terms, "and")

    @property
    def _tabled(self) -> Term:
        return Term(f"tabled({self._ids})", self.tabled)

    @property
    def _not_passed(self) -> Term:
        return Term(f"not passed({self._ids})", self.compose.negate(self.fired("passes")))

    # Rules of decision

    @property
    def _carried(self) -> Term:
        """By the rule of the body; without that rule, by more votes for than against."""
        body = self.chamber.part
        if body.at_least is not None and "B7" not in self.without:
            wanted = self._figure(body.at_least, "at_least")
            text = f"votes_for({self._ids}) >= {body.at_least}"
            return Term(text, self.compose.compare("ge", self._row("for"), wanted))
        if self.unanimous:
            return self._unanimity(blocks=body.abstention_blocks)
        if body.single is not None and "B9" not in self.without:
            text = f"votes_for({self._ids}, {body.single}) > 0"
            return Term(text, self.compose.positive(self.cast(body.single, "for")))
        if body.majority and "B6" in self.without:
            twice = self.compose.add(self._row("for"), self._row("for"))
            return Term("more than half of all", self.compose.compare("gt", twice, self._total))
        return self._more_for

    @property
    def _more_for(self) -> Term:
        text = f"votes_for({self._ids}) > votes_against({self._ids})"
        return Term(text, self.compose.compare("gt", self._row("for"), self._row("against")))

    def _unanimity(self, *, blocks: bool) -> Term:
        compose = self.compose
        if blocks:
            return Term("everybody votes for it", compose.compare("eq", self._row("for"), self._total))
        some, none = compose.positive(self._row("for")), compose.zero(self._row("against"))
        return Term(f"votes_against({self._ids}) == 0, and some for it", compose.all(some, none))

    def _quorum(self) -> Iterator[Term]:
        quorum = self.chamber.part.quorum
        if quorum is not None and "B10" not in self.without:
            cast = self.compose.add(self._row("for"), self._row("against"), self._row("abstain"))
            enough = self.compose.compare("ge", cast, self._figure(quorum, "quorum"))
            yield Term(f"at least {quorum} votes cast", enough)

    @property
    def _total(self) -> int:
        seats = len(self.voters) if "B4" in self.without else self.chamber.total
        return self.compose.const(float(seats))

    def _row(self, way: WayToVote) -> int:
        return self.compose.row(self.row(way))

    def _figure(self, value: int, key: str) -> int:
        return self.compose.lowering.figures.stated(float(value), (*self.chamber.path, key), 0)

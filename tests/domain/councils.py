"""A small council, for tests: five members whose moods settle how they vote, and what they may decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from sim.compile import Program, compile_scenario
from sim.engine.model import Model
from sim.engine.orders import Order
from sim.scenario import parse_scenario
from tests.worlds import text_of

MEMBERS: Final = ("ALAND", "BLAND", "CLAND", "DLAND", "ELAND")
FOR, AGAINST, ABSTAIN, ABSENT = 1, 2, 3, 0

BALLOT: Final = {
    "for": {"utility": 0, "when": f"mood == {FOR}"},
    "against": {"utility": 0, "when": f"mood == {AGAINST}"},
    "abstain": {"utility": 0, "when": f"mood == {ABSTAIN}"},
}
"""Each member votes as its mood has it, and is absent in mood 0."""


def council(
    moods: Mapping[str, int] = MappingProxyType({}),
    draft: Mapping[str, Any] = MappingProxyType({}),
    **body: Any,
) -> dict[str, Any]:
    """A scenario in which a draft comes up each month; `body` adds to or replaces what the council states."""
    return {
        "foedus": 1,
        "id": "council",
        "title": "Council",
        "clock": {"start": "2030-01-01", "turn": "month", "turns": 12},
        "actors": {
            member: {"name": member.capitalize(), "attributes": {"mood": moods.get(member, FOR)}}
            for member in MEMBERS
        },
        "bodies": {
            "board": {
                "name": "The Board",
                "members": list(MEMBERS),
                "temperature": 0,
                "measures": {
                    "watch": {"in_force": True, "term": "6 months"},
                    "ban": {"in_force": True},
                    "aid": {},
                },
                "drafts": {"motion": {"sponsor": "ALAND", "every": "month", "votes": BALLOT, **draft}},
                **({"majority": True} if not set(body) & {"at_least", "unanimity", "single"} else {}),
                **body,
            }
        },
    }


def compiled(plain: dict[str, Any], without: tuple[str, ...] = ()) -> Program:
    return compile_scenario(parse_scenario(text_of(plain)), without)


@dataclass(frozen=True)
class Board:
    """A body as a few numbers, and what its rules say of a vote: the text of section B, for one draft."""

    rule: str
    needed: int
    blocks: bool
    seats: Mapping[str, int]
    permanent: frozenset[str]
    quorum: int
    procedural: bool
    moods: Mapping[str, int]

    def votes(self, mood: int) -> int:
        return sum(self.seats[member] for member in MEMBERS if self.moods[member] == mood)

    @property
    def total(self) -> int:
        return sum(self.seats.values())

    def carried(self) -> bool:
        ayes, noes = self.votes(FOR), self.votes(AGAINST)
        match self.rule:
            case "majority":
                return ayes > noes
            case "at_least":
                return ayes >= self.needed
            case "single":
                return self.moods["CLAND"] == FOR
        return ayes == self.total if self.blocks else ayes > 0 and noes == 0

    def result(self) -> str:
        quorate = self.votes(FOR) + self.votes(AGAINST) + self.votes(ABSTAIN) >= self.quorum
        with_veto = frozenset(MEMBERS) if self.rule == "unanimity" else self.permanent
        opposed = {member for member in MEMBERS if self.moods[member] == AGAINST}
        veto = bool(opposed & with_veto) and not (self.procedural and self.rule != "unanimity")
        if self.carried() and quorate and (self.rule == "unanimity" or not veto):
            return "passes"
        wanted = self.votes(FOR) > self.votes(AGAINST) if self.rule == "unanimity" else self.carried()
        return "vetoed" if wanted and quorate and veto and not self.procedural else "fails"

    def scenario(self) -> dict[str, Any]:
        rules: dict[str, dict[str, Any]] = {
            "majority": {"majority": True},
            "at_least": {"at_least": self.needed},
            "unanimity": {"unanimity": True, "abstention_blocks": self.blocks},
            "single": {"single": "CLAND"},
        }
        permanent = sorted(self.permanent) if self.rule in ("majority", "at_least") else []
        return council(
            self.moods,
            {"procedural": self.procedural},
            seats=dict(self.seats),
            permanent=permanent,
            quorum=self.quorum,
            **rules[self.rule],
        )


RESULTS: Final = ("passes", "fails", "vetoed")
BY_HAND: Final = {"every": "month", "when": "elapsed < 0"}
"""Of a draft that comes up by order only."""


def fired(model: Model, result: str, draft: str = "motion") -> float:
    """Share of runs with this result."""
    return float(model[f"fired[board/{result}/draft={draft}]"].mean())


def after(plain: dict[str, Any], turns: int = 1, *orders: Order, without: tuple[str, ...] = ()) -> Model:
    """The council after some turns."""
    return Model(compiled(plain, without), runs=3, seed=1, orders=orders).play(turns)


def results(plain: dict[str, Any], *orders: Order, without: tuple[str, ...] = ()) -> list[str]:
    """What came of the draft in the first turn: one result, or none if it was not tabled."""
    model = after(plain, 1, *orders, without=without)
    return [result for result in RESULTS if fired(model, result)]

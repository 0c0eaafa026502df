"""The seats: what an actor knows, what it may do, and what each option leads to on shared luck."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rich.text import Text
from textual.app import ComposeResult

from sim import Futures, Game, Matter, Moment, knowledge, matters, printable
from tui.keymap import worded
from tui.views.view import View
from tui.widgets.border import entitle
from tui.widgets.figures import arrow
from tui.widgets.listing import Item, Listing

AHEAD: Final = 12
"""Turns that a seat's forecast looks ahead."""
RUNS: Final = 400
_OUTCOMES: Final = 3
"""Outcomes that are told beside an option: those that the options move most."""
_COSTS: Final = 3
"""Changes of its own that are told beside an option."""
_POINT: Final = 0.005
"""An outcome that no two options move further apart than this does not hinge on them."""
_JOINT: Final = " → "


@dataclass(frozen=True, slots=True)
class Weighed:
    """Forecasts for the options of one matter, from one moment."""

    moment: Moment
    seat: str
    decision: str
    options: dict[str, Futures]
    plain: Futures
    """With the policy's choice in place of an order."""
    told: str = ""
    """Of which futures it speaks, where not of all as they are."""


class KnownPane(Listing):
    """What the seat knows and believes."""

    HEADING = "What you know"
    EMPTY = "{seat} takes a seat."
    actor = ""

    def items(self, game: Game) -> Sequence[Item]:
        if self.actor not in game.program.names:
            entitle(self, self.HEADING)
            return []
        entitle(self, f"{printable(game.program.names[self.actor])}, {game.now.told.label}: what you know")
        return [
            Item(known.row, Text.assemble(known.title, "  ", (known.told, "cyan")))
            for known in knowledge(game.line, game.turn, self.actor)
        ]


class OptionsPane(Listing):
    """What the seat may do in the next turn."""

    HEADING = "Your options"
    EMPTY = "There is nothing to decide."
    actor = ""

    def __init__(self, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id)
        self.weighed: dict[str, Weighed] = {}
        """By decision, the last that was weighed."""
        self._known: tuple[Moment, str, tuple[Matter, ...]] | None = None
        """What can be decided after a moment in a seat: it is worked out once, whatever is ordered."""

    def items(self, game: Game) -> Sequence[Item]:
        if self.actor not in game.program.names or not game.at_the_end:
            said = (
                "{seat} takes a seat."
                if not self.actor
                else "This turn has been followed: {fork} forks here."
            )
            return [Item("", Text(worded(self.app, said), "dim"))]
        orders = game.orders()
        found = []
        for matter in self._matters(game):
            when = "" if matter.comes_up else f"  {_when(matter)}"
            stands = f"  stands: {matter.standing.replace('_', ' ')}" if matter.standing else ""
            pays = f"  {matter.attention}" if matter.attention else ""
            found.append(
                Item(
                    matter.decision,
                    Text.assemble(
                        (matter.title, "bold"), (f"{stands}{when}{pays}{self._told_of(game, matter)}", "dim")
                    ),
                )
            )
            ordered = orders.get(matter.decision)
            for option in matter.options:
                chosen = ordered is not None and ordered.said == option.id
                text = Text.assemble(
                    ("  ▶ " if chosen else "    ", "bold magenta"), option.id.replace("_", " ")
                )
                text.append(f"  {option.does}" if option.does else "", "dim")
                if option.costs:
                    more = f" and {len(option.costs) - _COSTS} more" if len(option.costs) > _COSTS else ""
                    text.append(f"  for you: {', '.join(option.costs[:_COSTS])}{more}", "cyan")
                if option.rung:
                    text.append(f"  rung {option.rung}", "yellow")
                text.append(self._leads_to(game, matter.decision, option.id))
                found.append(Item(f"{matter.decision}{_JOINT}{option.id}", text))
        return found

    def _matters(self, game: Game) -> tuple[Matter, ...]:
        known = self._known
        if known is None or known[0] is not game.now or known[1] != self.actor:
            known = self._known = (game.now, self.actor, matters(game.line, game.turn, self.actor))
        return known[2]

    def _weighed_here(self, game: Game, decision: str) -> Weighed | None:
        """What a decision was weighed as, if that was from this moment in this seat."""
        weighed = self.weighed.get(decision)
        if weighed is None or weighed.moment is not game.now or weighed.seat != self.actor:
            return None
        return weighed

    def _told_of(self, game: Game, matter: Matter) -> str:
        """Of which futures the lines below it speak."""
        weighed = self._weighed_here(game, matter.decision)
        return f"\n      {weighed.told}" if weighed is not None and weighed.told else ""

    def _leads_to(self, game: Game, decision: str, option: str) -> Text:
        """The outcomes that the options move most, with their share under this one, and what it changes."""
        weighed = self._weighed_here(game, decision)
        if weighed is None:
            return Text("")
        shares = {
            id_: {chance.id: (chance.title, chance.share) for chance in futures.chances()}
            for id_, futures in weighed.options.items()
        }
        if option not in shares:
            return Text("")
        plain = {chance.id: chance.share for chance in weighed.plain.chances()}

        def spread(outcome: str) -> float:
            values = [found[outcome][1] for found in shares.values()]
            return max(values) - min(values)

        lead = game.program.place_in_lead
        moved = [outcome for outcome in shares[option] if spread(outcome) >= _POINT]
        most = sorted(moved, key=lambda outcome: (-spread(outcome), lead(outcome), outcome))
        told = []
        for outcome in most[:_OUTCOMES]:
            title, share = shares[option][outcome]
            told.append(f"{printable(title)} {share:.0%} {arrow(share - plain[outcome]) or '='}")
        ahead = f"\n      {weighed.plain.last - weighed.plain.turn} turns on: "
        if not told:
            return Text(f"{ahead}no outcome hinges on it" if option == next(iter(shares)) else "", "dim")
        return Text(ahead + " · ".join(told), "green")


def _when(matter: Matter) -> str:
    """When a matter comes up that does not for sure; an order holds in that turn alone."""
    return f"{matter.when} next turn" if matter.when else "does not come up next turn"


def parted(key: str) -> tuple[str, str]:
    """Decision and option of a line; the option is "" for the line of the decision."""
    decision, _, option = key.partition(_JOINT)
    return decision, option


class SeatsView(View):
    """Knowledge on the left, options on the right."""

    def compose(self) -> ComposeResult:
        yield KnownPane("known")
        yield OptionsPane("options")

    def sit(self, actor: str) -> None:
        """Show the world as one actor knows it; as nobody does, without one."""
        for listing in (self.query_one(KnownPane), self.query_one(OptionsPane)):
            listing.needle = ""
        self.query_one(KnownPane).actor = actor
        self.query_one(OptionsPane).actor = actor

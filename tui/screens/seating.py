"""Seats and the facilitator: taking actors, orders, injects, handing over the keyboard."""

from __future__ import annotations

from textual import work

from sim import FoedusError, Game, matters, printable
from tui.keymap import worded
from tui.screens.branching import Branching
from tui.screens.dialogues import AskScreen, HandOverScreen, PickScreen
from tui.views.seats import KnownPane, SeatsView, parted


class Seating(Branching):
    """Decisions taken by hand, each with who took it and why."""

    _had_it = ""
    """The last actor whose seat was handed the keyboard."""

    @work
    async def do_seat(self) -> None:
        seats = self.game.seats
        here = self.query_one(KnownPane).actor
        said = {actor: "  (seated: hand back)" if actor == here else "  (seated: show)" for actor in seats}
        choices = [
            (actor, f"{actor}  {printable(name)}{said.get(actor, '')}")
            for actor, name in sorted(self.game.program.names.items())
        ]
        actor = await self.app.push_screen_wait(PickScreen("Take a seat", choices))
        if not actor:
            return
        if actor in seats and actor != here:
            self.query_one(SeatsView).sit(actor)
        elif actor in seats:
            self.game.leave(actor)
            self.query_one(SeatsView).sit(next(iter(self.game.seats), ""))
        else:
            self.game.seat(actor)
            self.query_one(SeatsView).sit(actor)
        self.look_at("seats")
        self.arrived()

    async def do_pass_on(self) -> None:
        seats = self.game.seats
        place = seats.index(self._had_it) + 1 if self._had_it in seats else 0
        await self._hand_over(seats[place % len(seats)])

    async def do_give_back(self) -> None:
        if not self.at_keyboard:
            said = worded(self.app, "The facilitator has the keyboard; {pass_on} hands it to a seat.")
            self.notify(said, markup=False)
            return
        await self._hand_over("")

    async def _hand_over(self, actor: str) -> None:
        """Hide the game, and what was said to whoever leaves, until the next one is there.

        What the next one sees stands beneath by then, so that nothing else is seen when the cover goes.
        """
        self.stop_playing()
        self.app.clear_notifications()
        name = printable(self.game.program.names[actor]) if actor else "the facilitator"
        await self.app.push_screen(HandOverScreen(name))
        self._let_in(actor)

    def _let_in(self, actor: str) -> None:
        """Give a seat the keyboard, or with "" the facilitator."""
        self.at_keyboard = actor
        if actor:
            self._had_it = actor
            self.query_one(SeatsView).sit(actor)
        self.look_at("seats" if actor else "situation")
        self.arrived()

    async def go_on_from(self, before: Seating, *, covered: bool) -> None:
        """Leave the keyboard of another game with who has it.

        Where the game was `covered`, because nobody had come yet, or the actor is not there any more, it is
        handed over first.
        """
        self._had_it = before._had_it
        actor = before.at_keyboard if before.at_keyboard in self.game.seats else ""
        if covered or actor != before.at_keyboard:
            await self._hand_over(actor)
        elif actor:
            self._let_in(actor)

    def before_the_turn(self) -> None:
        for actor in self.game.seats:
            left = undecided(self.game, actor)
            if left:
                # What a seat has to decide is not for others at the keyboard.
                told = ", ".join(left) if len(self.game.seats) == 1 else f"{len(left)} matters"
                self.notify(f"{actor} left to its policy: {told}.", markup=False)

    def give_order(self, key: str) -> None:
        """Order the option of a line, or, where it stands already, let the policy decide."""
        decision, option = parted(key)
        actor = self.query_one(KnownPane).actor
        if not decision:
            return
        if not option:
            self.weigh(decision)
            return
        try:
            ordered = self.game.orders().get(decision)
            if ordered is not None and ordered.said == option:
                self.game.withdraw(decision, by=actor)
            else:
                self.game.order(decision, option, by=actor)
        except FoedusError as error:
            self.refuse(error)
        self.show()

    @work
    async def do_inject(self) -> None:
        choices = [(rule.id, rule.id.replace("_", " ")) for rule in self.game.program.injects]
        inject = await self.app.push_screen_wait(PickScreen("Inject", choices))
        if inject:
            await self._order(f"injects/{inject}", ["do", "refrain"])

    @work
    async def do_override(self) -> None:
        actor = await self.app.push_screen_wait(
            PickScreen(
                "Override whom?",
                [(id_, f"{id_}  {printable(name)}") for id_, name in sorted(self.game.program.names.items())],
            )
        )
        if not actor:
            return
        found = {matter.decision: matter for matter in matters(self.game.line, self.game.turn, actor)}
        if not found:
            self.notify(f"{actor} has nothing to decide.", markup=False)
            return
        choices = [(name, matter.title) for name, matter in found.items()]
        decision = await self.app.push_screen_wait(PickScreen(f"Which decision of {actor}?", choices))
        if decision:
            await self._order(decision, [option.id for option in found[decision].options])

    async def _order(self, decision: str, options: list[str]) -> None:
        """An order of the facilitator."""
        option = await self.app.push_screen_wait(
            PickScreen(decision, [(option, option.replace("_", " ")) for option in options])
        )
        if not option:
            return
        reason = await self.app.push_screen_wait(AskScreen("Why?", "A reason for the log:"))
        if reason is None:
            return
        try:
            self.fork_if_followed()
            self.game.order(decision, option, reason=reason)
            self.notify(f"Ordered for the next turn: {decision}: {option}.", markup=False)
        except FoedusError as error:
            self.refuse(error)
        self.arrived()


def undecided(game: Game, actor: str) -> list[str]:
    """Matters of a seat that come up in the next turn and that it has not decided."""
    orders = game.orders()
    return [
        matter.title
        for matter in matters(game.line, game.turn, actor)
        if matter.comes_up and matter.decision not in orders
    ]

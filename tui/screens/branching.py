"""Branches: fork, name, compare, new luck, other doctrines, values set by hand."""

from __future__ import annotations

from textual import work

from sim import FoedusError, printable
from tui.screens.dialogues import AskScreen, PickScreen
from tui.screens.part import Part
from tui.views.branches import ComparePane, TreePane


class Branching(Part):
    """Makes branches and goes from one to another."""

    def show_branch(self, name: str) -> None:
        """Show another branch."""
        if name:
            self.game.switch(name)
            self.arrived()

    @work
    async def do_fork(self) -> None:
        name = await self.app.push_screen_wait(
            AskScreen("Fork", f"A name for the branch that leaves {self.game.line.name} here:", self._taken)
        )
        if name is not None:
            self.game.fork(name)
            self.arrived()

    def _taken(self, name: str) -> str:
        return "There is a branch of this name already." if name in self.game.lines else ""

    @work
    async def do_rename(self) -> None:
        old = self.game.line.name
        name = await self.app.push_screen_wait(
            AskScreen(
                "Rename",
                "A name for this branch:",
                lambda new: "A name, please." if not new else self._taken(new) if new != old else "",
                old,
            )
        )
        if name is not None:
            self.game.rename(name)
            self.arrived()

    def do_next_branch(self) -> None:
        names = list(self.game.lines)
        self.show_branch(names[(names.index(self.game.line.name) + 1) % len(names)])

    @work
    async def do_compare(self) -> None:
        here = self.game.line.name
        others = [name for name in self.game.lines if name != here]
        marked = self.query_one(TreePane).chosen if self.view.id == "branches" else ""
        if marked in others:
            other: str | None = marked
        elif len(others) == 1:
            other = others[0]
        else:
            other = await self.app.push_screen_wait(
                PickScreen(f"Compare {here} with", [(name, name) for name in others])
            )
        if other:
            self.query_one(ComparePane).pair = (here, other)
            self.look_at("branches")

    def do_roll_again(self) -> None:
        stream = 2 + max(line.stream for line in self.game.lines.values())
        self.game.fork(stream=stream)
        self.notify(f"{self.game.line.name}: new luck from here on (stream {stream}).", markup=False)
        self.arrived()

    @work
    async def do_doctrine(self) -> None:
        scenario = self.game.program.scenario
        assert scenario is not None
        held = dict(self.game.program.doctrines)
        choices = [
            (
                f"{actor}={name}",
                f"{printable(model.name)}: {name}{'  (in force)' if held.get(actor) == name else ''}",
            )
            for actor, model in scenario.model.actors.items()
            for name in model.doctrines
        ]
        chosen = await self.app.push_screen_wait(PickScreen("A branch with the doctrine", choices))
        if not chosen:
            return
        actor, _, name = chosen.partition("=")
        try:
            self.game.fork(doctrines={actor: name})
        except FoedusError as error:
            self.refuse(error)
        self.arrived()

    @work
    async def do_set_value(self) -> None:
        variables = [
            variable
            for variable in self.game.program.variables
            if variable.kind in ("parameter", "attribute", "relation", "belief")
        ]
        row = await self.app.push_screen_wait(
            PickScreen(
                "Set by hand",
                [(found.name, printable(f"{found.name}  {found.title}")) for found in variables],
            )
        )
        if not row:
            return
        now = self.game.value(self.game.program.rows[row])
        value = await self.app.push_screen_wait(AskScreen(row, f"It is {now:g}. A number:", _no_number))
        if not value:
            return
        reason = await self.app.push_screen_wait(AskScreen("Why?", "A reason for the log:"))
        if reason is None:
            return
        try:
            self.fork_if_followed()
            self.game.set(row, float(value), reason=reason)
        except FoedusError as error:
            self.refuse(error)
        self.arrived()

    def fork_if_followed(self) -> None:
        """The past stays as it was: what is changed there is changed on a branch."""
        if not self.game.at_the_end:
            self.game.fork()
            self.notify(f"On a branch of its own: {self.game.line.name}.", markup=False)


def _no_number(text: str) -> str:
    try:
        float(text)
    except ValueError:
        return "A number, please."
    return ""

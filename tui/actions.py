"""Every action of the application, once: bindings, footer, palette, help and keymap come from here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from textual.binding import Binding

from sim import Game, Saving

Refusal = Callable[[Game], str]
"""Why an action cannot be done now, or "". It names another action's key by its id in braces."""


def _never(game: Game) -> str:  # noqa: ARG001 - as all refusals
    """Nothing stands in its way."""
    return ""


def _at_turn_0(game: Game) -> str:
    return "This is turn 0, before play." if game.turn == 0 else ""


def _at_the_end(game: Game) -> str:
    if game.fault is not None and game.at_the_end:
        return f"The next turn cannot be played: {game.fault}"
    return "This is the last turn." if game.turn >= game.turns else ""


def _no_next_turn(game: Game) -> str:
    return "There is no turn after the last one." if game.turn >= game.turns else ""


def _one_branch(game: Game) -> str:
    return "" if len(game.lines) > 1 else "There is one branch only; {fork} forks another."


def _no_parent(game: Game) -> str:
    return "" if game.line.origin is not None else "This branch left no other; {fork} forks one that does."


def _no_injects(game: Game) -> str:
    return _no_next_turn(game) or (
        "" if game.program.injects else "The scenario has no injects; {set_value} sets a value."
    )


def _no_doctrines(game: Game) -> str:
    scenario = game.program.scenario
    has = scenario is not None and any(actor.doctrines for actor in scenario.model.actors.values())
    return "" if has else "The scenario has one doctrine for each actor."


def _no_seat(game: Game) -> str:
    return "" if game.seats else "Nobody has a seat; {seat} takes one."


def _not_saved(game: Game) -> str:
    return "" if isinstance(game.saver, Saving) else "This game is not saved: it was not begun from a file."


@dataclass(frozen=True, slots=True)
class Action:
    """Something that a person can do."""

    id: str
    """Name of the method that does it, after `do_`; under it the keymap may name other keys."""
    keys: str
    """As Textual spells them, with commas between."""
    label: str
    """One or two words for the footer."""
    help: str
    """What it does, for `?` and the palette."""
    group: str
    footer: bool = False
    refusal: Refusal = _never
    seats: bool = False
    """Whether it is for a seat at the keyboard too: it shows and changes no more than the seat may."""


_SIGNS: Final = {
    "question_mark": "?",
    "slash": "/",
    "plus": "+",
    "asterisk": "*",
    "minus": "-",
    "equals_sign": "=",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "exclamation_mark": "!",
}


def keys_said(keys: str) -> str:
    """Keys as a person reads them: `space or n`."""
    return " or ".join(_SIGNS.get(key.strip(), key.strip()) for key in keys.split(","))


ACTIONS: Final = (
    Action(
        "step",
        "space,n",
        "step",
        "play the next turn",
        "Time",
        footer=True,
        refusal=_at_the_end,
        seats=True,
    ),
    Action("back", "b", "back", "show the turn before, as it was", "Time", footer=True, refusal=_at_turn_0),
    Action("play", "p", "play", "play on, turn after turn; again to pause", "Time", refusal=_at_the_end),
    Action("faster", "plus", "faster", "play twice as fast", "Time"),
    Action("slower", "minus", "slower", "play half as fast", "Time"),
    Action("go_to", "g", "go to", "go to any turn, date or bookmark", "Time", footer=True),
    Action("next_event", "e", "next", "play on to the next event of a kind", "Time", refusal=_at_the_end),
    Action("bookmark", "m", "mark", "give this turn a name to come back to", "Log"),
    Action("note", "t", "note", "write a remark into the log", "Log"),
    Action(
        "debrief",
        "x",
        "debrief",
        "write the log as Markdown beside the saved game",
        "Log",
        refusal=_not_saved,
    ),
    Action(
        "picture", "P", "picture", "write this screen as SVG beside the saved game", "Log", refusal=_not_saved
    ),
    Action("why", "w", "why", "why what is chosen here came about", "Ask", footer=True, refusal=_at_turn_0),
    Action("fork", "f", "fork", "leave this branch here for one of its own", "Branches", footer=True),
    Action("rename", "R", "rename", "call this branch something else", "Branches"),
    Action(
        "next_branch",
        "right_square_bracket",
        "branch",
        "show the next branch",
        "Branches",
        refusal=_one_branch,
    ),
    Action("compare", "c", "compare", "two branches side by side", "Branches", refusal=_one_branch),
    Action(
        "against",
        "r",
        "runs",
        "futures of this branch against the one it left",
        "Branches",
        refusal=_no_parent,
    ),
    Action("send", "B", "batch", "play many runs of this branch into a directory", "Branches"),
    Action("stop_sending", "X", "give up", "give up the batch that is being played", "Branches"),
    Action("roll_again", "exclamation_mark", "roll again", "a branch with new luck from here on", "Branches"),
    Action("doctrine", "D", "doctrine", "a branch with another doctrine", "Branches", refusal=_no_doctrines),
    Action("seat", "s", "seat", "take an actor, or hand it back", "Hand", footer=True),
    Action(
        "pass_on",
        "h",
        "hand over",
        "hand the keyboard to the next seat",
        "Hand",
        refusal=_no_seat,
        seats=True,
    ),
    Action(
        "give_back",
        "H",
        "give back",
        "give the keyboard back to the facilitator",
        "Hand",
        refusal=_no_seat,
        seats=True,
    ),
    Action("inject", "i", "inject", "let an inject happen, or keep it from it", "Hand", refusal=_no_injects),
    Action(
        "override", "o", "override", "take a decision of any actor by hand", "Hand", refusal=_no_next_turn
    ),
    Action("set_value", "equals_sign", "set", "set a parameter, attribute, relation or belief", "Hand"),
    Action("verbose", "v", "more", "tell also of what stays as it is", "Look"),
    Action("log", "l", "log", "the log; on a narrow screen in place of this turn", "Look"),
    Action("more_panes", "u", "panes", "on a narrow screen: the panes that have no room", "Look"),
    Action("pin", "asterisk", "pin", "show an indicator or attribute first, or no longer", "Look"),
    Action("filter", "slash", "filter", "show only what has these words; esc shows all", "Look", seats=True),
    Action(
        "zoom",
        "z",
        "zoom",
        "give the pane with the cursor the whole screen",
        "Look",
        footer=True,
        seats=True,
    ),
    Action("view_situation", "1", "situation", "the situation", "Look"),
    Action("view_why", "2", "why", "why it came about", "Look"),
    Action("view_forecast", "3", "forecast", "1,000 futures from here", "Look"),
    Action("view_seats", "4", "seats", "the seats: what each knows and may do", "Look", seats=True),
    Action("view_branches", "5", "branches", "the tree of branches", "Look"),
    Action("view_facts", "6", "facts", "the facts that the scenario rests on", "Look"),
    Action("view_map", "7", "map", "the map: who is tied to whom, and how", "Look"),
    Action("keys", "question_mark", "keys", "this page", "Look", footer=True, seats=True),
    Action("quit", "q", "quit", "leave; the game is saved", "Look", footer=True, seats=True),
)
BY_ID: Final = {action.id: action for action in ACTIONS}


def bindings() -> Iterator[Binding]:
    """Textual's bindings for all of them."""
    for action in ACTIONS:
        yield Binding(
            action.keys,
            f"do('{action.id}')",
            action.label,
            show=action.footer,
            key_display=keys_said(action.keys).split(" or ", 1)[0],
            tooltip=action.help,
            id=action.id,
        )

"""The domain: commitments, sanctions and deliveries, the ladder of escalation, tension between pairs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from rich.text import Text

from sim import Game, crises, flows, ladder, pacts, pairs, regimes
from tui.widgets.border import inside
from tui.widgets.figures import short_number
from tui.widgets.listing import Item, Listing

_SHADES: Final = (("·", "dim"), ("░", "green"), ("▒", "yellow"), ("▓", "red"), ("█", "bold red"))
_RUNGS: Final = ("", "none", "threat", "display", "use of force", "war")
_RUNG_STYLES: Final = ("", "dim", "green", "yellow", "red", "bold red")
_STATE_MARKS: Final = {"in force": ("●", "green"), "signed": ("◐", "yellow"), "suspended": ("◌", "yellow")}
_ENDING: Final = ("◔", "bold red")
"""Of a commitment of which notice was given."""
TENSION: Final = "tension"
_CELL: Final = 4
"""Columns of an actor in the heat map."""
_FRAME: Final = 7
_FEWEST: Final = 3


class PactsPane(Listing):
    """Commitments with their state, then sanctions and flows."""

    HEADING = "Commitments and flows"
    EMPTY = "The scenario has none."

    def items(self, game: Game) -> Sequence[Item]:
        return [*self._pacts(game), *self._regimes(game), *self._flows(game)]

    def _pacts(self, game: Game) -> Iterator[Item]:
        # What is alive first, what is over last; within these as the scenario has them.
        for pact in sorted(pacts(game.now), key=lambda found: (not found.called, found.state == "ended")):
            mark = _ENDING if pact.notice else _STATE_MARKS.get(pact.state, ("○", "dim"))
            text = Text.assemble(mark, " ", pact.title, "  ", (pact.state, "dim"))
            if pact.notice:
                text.append(f", notice: {pact.notice} turns left", "bold red")
            if pact.called:
                counts = {"called": pact.called, "honoured": pact.honoured}
                counts |= {"hedged": pact.hedged, "defected": pact.defected}
                told = ", ".join(f"{name} {count}" for name, count in counts.items() if count)
                text.append(f"  {told}", "bold yellow")
            yield Item(f"status[{pact.id}]", text)

    def _regimes(self, game: Game) -> Iterator[Item]:
        for regime in regimes(game.now):
            told = f"  bites {short_number(regime.bite)}, leaks {regime.leakage:.0%}"
            key = f"leakage[{regime.id}/{regime.target}]"
            yield Item(key, Text.assemble(("▼", "magenta"), " ", regime.title, (told, "dim")))

    def _flows(self, game: Game) -> Iterator[Item]:
        for flow in flows(game.now):
            told = f"  so far sent {short_number(flow.sent)}, arrived {short_number(flow.delivered)}"
            told += f", stock {short_number(flow.stock)}"
            if flow.under_way:
                told += f", under way {short_number(flow.under_way)}"
            yield Item(f"delivered[{flow.id}]", Text.assemble(("→", "cyan"), " ", flow.title, (told, "dim")))


class TensionPane(Listing):
    """The escalation ladder, then tension between pairs as a heat map of letters, never of colour alone."""

    HEADING = "Escalation and tension"
    EMPTY = "No pair of actors is tense."

    def items(self, game: Game) -> Sequence[Item]:
        return [*self._ladder(game), *self._map(game)]

    def _ladder(self, game: Game) -> Iterator[Item]:
        rounds = crises(game.now)
        for (one, other), level in sorted(ladder(game.now).items(), key=lambda found: (-found[1], found[0])):
            marks = ("▮" * level + "▯" * (5 - level), _RUNG_STYLES[level])
            text = Text.assemble(marks, f" {one} {other} ", _RUNGS[level])
            if rounds.get((one, other)):
                text.append(f"  crisis, {rounds[one, other]} rounds a turn", "bold red")
            yield Item(f"hostility[{one}, {other}]", text)

    def _map(self, game: Game) -> Iterator[Item]:
        values = pairs(game.now, TENSION)
        if not values:
            return
        high = _most(game, values)
        names = _tensest(values, max((inside(self).width - _FRAME) // _CELL, _FEWEST))
        yield Item("", Text("     " + " ".join(f"{name[:3]:<3}" for name in names), "bold"))
        for one in names:
            row = Text(f"{one[:4]:<4} ", "bold")
            for other in names:
                value = values.get((one, other)) if one != other else None
                shade = _shade(value, high)
                row.append(shade[0] * 2 if shade[0] != "·" else " ·", shade[1])
                row.append(f"{_tenths(value, high):<2}", shade[1])
            yield Item(_name(game, one, names), row)
        yield Item("", Text("0 calm to 9, the tensest there can be", "dim"))


def _tensest(values: Mapping[tuple[str, str], float], most: int) -> list[str]:
    """Actors that stand in the tensest pairs, as many as have room, in order of id."""
    found: dict[str, None] = {}
    for pair in sorted(values, key=lambda pair: (-values[pair], pair)):
        found |= dict.fromkeys(pair)
    return sorted(list(found)[:most])


def _name(game: Game, one: str, names: Sequence[str]) -> str:
    """The row of the pair with the highest tension of an actor."""
    values = pairs(game.now, TENSION)
    others = [other for other in names if (one, other) in values]
    if not others:
        return ""
    most = max(others, key=lambda other: values[one, other])
    plain = f"{TENSION}[{one}, {most}]"
    return plain if plain in game.program.rows else f"{TENSION}[{most}, {one}]"


def _most(game: Game, values: Mapping[tuple[str, str], float]) -> float:
    """The upper end of the range of tension; the highest there is, where it has none."""
    for (one, other), value in values.items():
        row = game.program.rows.get(f"{TENSION}[{one}, {other}]")
        if row is not None and game.program.variables[row].high < float("inf"):
            return float(game.program.variables[row].high) or 1.0
        if value > 0:
            break
    return max((abs(value) for value in values.values()), default=0.0) or 1.0


def _tenths(value: float | None, high: float) -> str:
    """A value in tenths of the most there is."""
    return "" if value is None else str(min(max(int(value / high * 10), 0), 9))


def _shade(value: float | None, high: float) -> tuple[str, str]:
    """Five steps from nothing to the most there is."""
    if value is None:
        return (" ", "")
    return _SHADES[min(max(int(value / high * len(_SHADES)), 0), len(_SHADES) - 1)]

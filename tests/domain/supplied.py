"""Small worlds of stocks and flows, for tests, and the books of one run."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.compile import Program, compile_scenario
from sim.engine.advance import advance
from sim.engine.orders import Order
from sim.engine.start import start
from sim.scenario import parse_scenario
from tests.worlds import text_of

MAKER, USER = "MAKER", "USER"


def scenario(**parts: Any) -> dict[str, Any]:
    """A scenario's data: MAKER and USER, each with shells and oil; `parts` are its sections."""
    plain: dict[str, Any] = {
        "foedus": 1,
        "id": "supplied",
        "title": "Supplied",
        "clock": {"start": "2030-01-01", "turn": "30 days", "turns": 6},
        "actors": {
            MAKER: {"name": "Maker", "attributes": {"shells": stock(1000), "oil": stock(0)}},
            USER: {"name": "User", "attributes": {"shells": stock(0), "oil": stock(500)}},
        },
        "items": {"shells": {"unit": "1"}, "oil": {"unit": "1"}},
    }
    return {**plain, **parts}


def stock(initial: float) -> dict[str, Any]:
    return {"initial": initial, "min": 0}


def shells(**keys: Any) -> dict[str, Any]:
    """A flow of shells from MAKER to USER: 100 a day unless said otherwise."""
    return {"item": "shells", "from": MAKER, "to": USER, "per": "day", "rate": 1, **keys}


def compiled(plain: dict[str, Any], without: tuple[str, ...] = ()) -> Program:
    return compile_scenario(parse_scenario(text_of(plain)), without)


class Played:
    """The rows of some runs after every turn."""

    def __init__(
        self,
        plain: dict[str, Any],
        runs: int | list[int] = 1,
        seed: int = 1,
        orders: tuple[Order, ...] = (),
        without: tuple[str, ...] = (),
    ) -> None:
        self.program = compiled(plain, without)
        numbers = np.arange(runs) if isinstance(runs, int) else np.array(runs)
        state = start(self.program, numbers, seed)
        self.states = [state.values.copy()]
        advance(
            self.program,
            state,
            orders,
            1,
            self.program.turns,
            observe=lambda now: self.states.append(now.values.copy()),
        )

    def all(self, row: str) -> np.ndarray[Any, np.dtype[np.float64]]:
        """A row's values, shape `(turns + 1, runs)`."""
        return np.array([values[self.program.rows[row]] for values in self.states])

    def of(self, row: str) -> list[float]:
        """A row's value in the first run, turn by turn from 0 on."""
        found: list[float] = self.all(row)[:, 0].tolist()
        return found


def flow(**keys: Any) -> dict[str, Any]:
    """A scenario with one flow of shells; `keys` change it."""
    return scenario(flows={"supply": shells(**keys)})


def clock(turn: str, turns: int) -> dict[str, Any]:
    return {"start": "2030-01-01", "turn": turn, "turns": turns}

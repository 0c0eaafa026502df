"""What the flagship shows of what published base rates speak of, worked out from the rows of many runs.

Every figure is a ratio of two numbers of each run, such as launches and years, so that its interval follows
from the differences between the runs: what happens in one world is counted together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.analysis.estimates import Z95
from sim.compile import Program
from sim.engine.advance import advance
from sim.engine.start import start
from sim.engine.state import State

Rows = NDArray[np.float64]
"""A row over the turns, the state before play first, shape `(turns + 1, runs)`."""
History = Mapping[str, Rows]

SETTLING: Final = 6
"""Months at the start that figures of launches leave out: none was on at the end of June 2024."""
FORCE: Final = 4.0
WAR: Final = 5.0
_BLOCK: Final = 1024
_YEAR: Final = 12.0
LAUNCHES: Final = ("times[test_missile, PRK]", "times[test_icbm, PRK]", "times[launch_satellite, PRK]")
FULL_FORCE: Final = "fired[RUS/russia_dprk.article_4.full_force/adversary={adversary},caller=PRK]"
_VETOES: Final = ("times[veto, RUS, UN]", "times[veto_other, RUS]")
PAIRS: Final = ("KOR, PRK", "CHN, PHL", "CHN, TWN", "CHN, VNM", "CHN, JPN", "PRK, USA", "KOR, RUS")
"""Pairs of governments whose disputes are counted; that of Moscow and Kyiv is a war from the start."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """A figure, with what more runs could change."""

    value: float
    error: float
    """Standard error."""

    @property
    def interval(self) -> tuple[float, float]:
        """95%, from the normal distribution."""
        return self.value - Z95 * self.error, self.value + Z95 * self.error


def ratio(above: NDArray[Any], below: NDArray[Any] | float) -> Ratio:
    """Sum over sum of two numbers of each run, both of shape `(runs,)`.

    The standard error is that of a ratio of means, by linearisation (Cochran 1977, "Sampling Techniques").
    """
    top = np.asarray(above, dtype=np.float64)
    bottom = np.broadcast_to(np.asarray(below, dtype=np.float64), top.shape)
    if not bottom.any():
        return Ratio(float("nan"), float("nan"))
    value = float(top.sum() / bottom.sum())
    rest = top - value * bottom
    return Ratio(value, float(rest.std(ddof=1)) / float(bottom.mean()) / len(top) ** 0.5)


def rises(row: Rows) -> Rows:
    """By how much a count grew in each turn, shape `(turns, runs)`."""
    return np.diff(row, axis=0)


def launches(history: History) -> Rows:
    """Launches of all kinds a month, once the start is over, shape `(turns, runs)`."""
    return sum((rises(history[row]) for row in LAUNCHES), np.zeros(1))[SETTLING:]


def window(events: Rows, months: int) -> Ratio:
    """The share of windows of so many months with an event, over all in which one could begin."""
    seen = np.lib.stride_tricks.sliding_window_view(events > 0, months, axis=0).any(axis=-1)
    return ratio(seen.mean(axis=0), 1.0)


def after(events: Rows, then: bool) -> Ratio:
    """How often a month has an event, of those that follow one which had one, or none."""
    before, now = events[:-1] > 0, events[1:] > 0
    asked = before == then
    return ratio((now & asked).sum(axis=0), asked.sum(axis=0))


def per_year(history: History, *rows: str) -> Ratio:
    """How often, by the growth of counts from the start to the end."""
    grown = sum((history[row][-1] - history[row][0] for row in rows), np.zeros(1))
    return ratio(grown, (len(history[rows[0]]) - 1) / _YEAR)


@dataclass(frozen=True, slots=True)
class Disputes:
    """The disputes of a pair that began in play, each of shape `(runs,)`."""

    begun: NDArray[np.float64]
    forceful: NDArray[np.float64]
    """Those in which one side at least used force."""
    war: NDArray[np.float64]
    deadly: NDArray[np.float64]


def disputes(history: History, pair: str, deaths: str | None = None) -> Disputes:
    """The disputes of a pair, told apart by the number of the episode.

    Args:
        history: with the rows `hostility` and `episode` of the pair.
        pair: as rows name it.
        deaths: a count that grows where somebody is killed; without one only war is deadly.
    """
    one, other = pair.split(", ")
    level = np.maximum(history[f"hostility[{one}, {other}]"], history[f"hostility[{other}, {one}]"])
    number = history[f"episode[{pair}]"]
    first = number[0]
    killed = np.zeros_like(level)
    if deaths is not None:
        killed[1:] = rises(history[deaths])
    begun, forceful, war, deadly = np.zeros((4, level.shape[1]))
    for episode in range(1, int(number.max()) + 1):
        now = (number == episode) & (first < episode)
        begun += now.any(axis=0)
        forceful += (now & (level >= FORCE)).any(axis=0)
        war += (now & (level >= WAR)).any(axis=0)
        deadly += (now & ((killed > 0) | (level >= WAR))).any(axis=0)
    return Disputes(begun, forceful, war, deadly)


DEATHS: Final = {"KOR, PRK": "times[kill, PRK, KOR]", "CHN, PHL": "times[drown, CHN, PHL]"}


def figures(history: History) -> dict[str, Ratio]:
    """What the flagship shows, by the id of the base rate that speaks of it."""
    months = launches(history)
    active = months > 0
    icbm = rises(history["times[test_icbm, PRK]"])[SETTLING:]
    years = (len(history["times[test_icbm, PRK]"]) - 1) / _YEAR
    found = {
        "prk_launches_per_year": ratio(months.sum(axis=0), len(months) / _YEAR),
        "prk_month_active": ratio(active.mean(axis=0), 1.0),
        "prk_month_off_on": after(months, then=False),
        "prk_month_on_on": after(months, then=True),
        "prk_launches_active_month": ratio(months.sum(axis=0), active.sum(axis=0)),
        "prk_launch_window_30d": window(months, 1),
        "prk_launch_window_60d": window(months, 2),
        "prk_launch_window_90d": window(months, 3),
        "prk_launch_window_183d": window(months, 6),
        "prk_icbm_window_183d": window(icbm, 6),
        "prk_icbm_window_365d": window(icbm, 12),
        "prk_nuclear_tests_since_1998": per_year(history, "times[test_nuclear, PRK]"),
        "prk_nuclear_tests_since_2017": per_year(history, "times[test_nuclear, PRK]"),
        "prk_satellite_launches_per_year": per_year(history, "times[launch_satellite, PRK]"),
        "prk_lethal_clash": per_year(history, "times[kill, PRK, KOR]"),
        "prk_lethal_clash_since_2011": per_year(history, "times[kill, PRK, KOR]"),
        "unsc_vetoes_russia": per_year(history, *_VETOES),
        "unsc_vetoes_china": per_year(history, "times[veto, CHN, UN]"),
        "rus_shell_output": ratio(history["shell_output[RUS]"][0], 1.0),
        "chn_prk_trade_2023": ratio(history["trade_with_pyongyang[CHN]"][0], 1.0),
        "vnm_rus_trade_2023": ratio(history["trade_with_hanoi[RUS]"][0], 1.0),
        "rus_shell_fire_day": ratio(history["shell_use"][0], 365.25 / _YEAR),
    }
    every = {pair: disputes(history, pair, DEATHS.get(pair)) for pair in pairs_of(history)}
    korea = every["KOR, PRK"]
    found["mid_prk_kor"] = ratio(korea.begun, years)
    found["mid_prk_kor_force"] = ratio(korea.forceful, korea.begun)
    found["mid_prk_kor_fatal"] = ratio(korea.deadly, korea.begun)
    for pair, id_ in (("CHN, PHL", "mid_chn_phl"), ("CHN, TWN", "mid_chn_twn"), ("CHN, VNM", "mid_chn_vnm")):
        found[id_] = ratio(every[pair].begun, years)
        found[f"{id_}_fatal"] = ratio(every[pair].deadly, every[pair].begun)
    found["icb_korea_serious"] = _serious(history)
    begun = sum((each.begun for each in every.values()), np.zeros(1))
    found["mid_war_post1990"] = ratio(sum((each.war for each in every.values()), np.zeros(1)), begun)
    found["mid_force_post1990"] = ratio(sum((each.forceful for each in every.values()), np.zeros(1)), begun)
    return found


def _serious(history: History) -> Ratio:
    """The share of Korean crises in which there was war."""
    on = history["crisis[KOR, PRK]"] > 0
    war = on & (np.maximum(history["hostility[KOR, PRK]"], history["hostility[PRK, KOR]"]) >= WAR)
    return ratio(_beginnings(war), _beginnings(on))


def _beginnings(on: NDArray[np.bool_]) -> NDArray[np.int64]:
    return np.asarray((on[1:] & ~on[:-1]).sum(axis=0), dtype=np.int64)


def pairs_of(history: History) -> tuple[str, ...]:
    """Those of the pairs that the scenario keeps account of."""
    return tuple(pair for pair in PAIRS if f"episode[{pair}]" in history)


def read_rows(program: Program) -> tuple[str, ...]:
    """The rows that the figures are made of, as far as the scenario has them."""
    wanted = [*LAUNCHES, *_VETOES, *DEATHS.values(), "times[test_nuclear, PRK]", "times[veto, CHN, UN]"]
    wanted += ["shell_output[RUS]", "shell_use", "crisis[KOR, PRK]", "times[share_conventional, RUS, PRK]"]
    wanted += [f"trade_with_pyongyang[{x}]" for x in ("CHN", "RUS")]
    wanted += [f"trade_with_hanoi[{x}]" for x in ("RUS", "CHN", "USA")]
    wanted += [
        f"fired[RUS/russia_dprk.article_4.full_force/adversary={x},caller=PRK]" for x in ("KOR", "USA")
    ]
    for pair in PAIRS:
        one, other = pair.split(", ")
        wanted += [f"episode[{pair}]", f"hostility[{one}, {other}]", f"hostility[{other}, {one}]"]
    return tuple(row for row in dict.fromkeys(wanted) if row in program.rows)


def played(program: Program, runs: int, seed: int, rows: tuple[str, ...]) -> dict[str, Rows]:
    """Rows over all turns of so many runs."""
    numbers = [program.rows[row] for row in rows]
    blocks: list[NDArray[np.float64]] = []
    for first in range(0, runs, _BLOCK):
        seen: list[NDArray[np.float64]] = []

        def observe(state: State, seen: list[NDArray[np.float64]] = seen) -> None:
            seen.append(state.values[numbers])

        state = start(program, np.arange(first, min(first + _BLOCK, runs)), seed)
        observe(state)
        advance(program, state, (), 1, program.turns, observe=observe)
        blocks.append(np.stack(seen))
    whole = np.concatenate(blocks, axis=2)
    return {row: whole[:, index] for index, row in enumerate(rows)}

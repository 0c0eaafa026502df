"""Answers of policies written in Python, checked: right kind, right shape, numbers that can be used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.compile import program as pr
from sim.engine.policy import Answer, Chosen, Fires, Probability, Rate, Utilities
from sim.engine.provenance import PolicyRecord
from sim.engine.quantiles import MAX_COUNT
from sim.engine.vectors import Floats, Truths
from sim.engine.view import View, refused
from sim.text import nearest, quoted


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """What a policy answered about a decision, in one of four ways; 0 where it does not come up."""

    by: PolicyRecord
    utilities: Floats | None = None
    """Shape `(options, runs)`; what is not available holds minus infinity."""
    chosen: Floats | None = None
    """Shape `(takes, runs)`: 0, or 1 + the place of the option."""
    rate: Floats | None = None
    """A year, shape `(runs,)`; of a rule of the kind `probability` that probability."""
    times: Floats | None = None
    """How often the rule fires, shape `(runs,)`."""

    def same(self, other: Said, columns: NDArray[np.intp]) -> Truths:
        """In which of some runs another answer, about these runs only, says the same; shape `(columns,)`."""
        equal = np.ones(len(columns), dtype=np.bool_)
        for mine, theirs in zip(self._tables(), other._tables(), strict=True):
            if mine is None or theirs is None:
                equal &= mine is theirs
            else:
                equal &= (mine[..., columns] == theirs).reshape(-1, len(columns)).all(axis=0)
        return equal

    def _tables(self) -> tuple[Floats | None, ...]:
        return self.utilities, self.chosen, self.rate, self.times


def about_choice(
    answer: object, choice: pr.Choice, view: View, runs: NDArray[np.uint64], by: PolicyRecord
) -> Said:
    """An answer about a choice.

    Raises:
        FoedusError: without a place, for what cannot be meant.
    """
    if isinstance(answer, Utilities):
        return Said(by, utilities=_utilities(answer.values, choice, view, runs))
    if isinstance(answer, Chosen):
        return Said(by, chosen=_chosen(answer.options, choice, view, runs))
    raise refused(f"answers with {_kind(answer)}", f"Utilities or Chosen, for {choice.name} is a choice")


def about_rule(answer: object, rule: pr.Rule, view: View, runs: NDArray[np.uint64], by: PolicyRecord) -> Said:
    """An answer about a rule.

    Raises:
        FoedusError: without a place, for what cannot be meant.
    """
    if isinstance(answer, Fires):
        return Said(by, times=_times(answer.times, rule, view, runs))
    wanted = _NUMBERS.get(rule.kind)
    if wanted is None or not isinstance(answer, wanted):
        by_kind = f"{wanted.__name__} or Fires" if wanted else "Fires"
        raise refused(
            f"answers with {_kind(answer)}", f"{by_kind}, for {rule.name} is a rule of the kind {rule.kind}"
        )
    many, one = ("the rates", "the rate") if wanted is Rate else ("the probabilities", "the probability")
    numbers = _numbers(answer.values, many, [(view.size,), ()])
    _finite(numbers, view.asked, runs, one)
    numbers = np.where(view.asked, numbers, 0.0)
    if wanted is Probability:
        _within_1(numbers, runs)
    return Said(by, rate=numbers)


_NUMBERS: Final[dict[str, type[Rate | Probability]]] = {
    "chance": Rate,
    "count": Rate,
    "probability": Probability,
}
"""By the kind of a rule: the answer in numbers that it takes."""


def _within_1(numbers: Floats, runs: NDArray[np.uint64]) -> None:
    wrong = (numbers < 0.0) | (numbers > 1.0)
    if wrong.any():
        column = int(np.flatnonzero(wrong)[0])
        raise refused(f"the probability is {numbers[column]:g} in run {runs[column]}", "a number from 0 to 1")


def _kind(answer: object) -> str:
    if answer is None:
        return "nothing"
    name = type(answer).__name__
    return name if isinstance(answer, Answer) else f"{quoted(name)}"


def _utilities(values: object, choice: pr.Choice, view: View, runs: NDArray[np.uint64]) -> Floats:
    table = _numbers(values, "the utilities", [(len(choice.options), view.size)], "(options, runs)")
    for option, row, here in zip(choice.options, table, view.available, strict=True):
        _finite(row, here, runs, f"the utility of {quoted(option.id)}")
    worth: Floats = np.where(view.available, table, -np.inf)
    return worth


def _chosen(values: object, choice: pr.Choice, view: View, runs: NDArray[np.uint64]) -> Floats:
    several = [(view.takes, view.size)] if view.takes > 1 else []
    shapes = [(view.size,), (), *several]
    given = np.asarray(values) if not isinstance(values, str) else np.array(values)
    kind = given.dtype.kind
    if kind not in "iuUOT":
        raise refused(
            f"the chosen options are of the type {given.dtype}",
            "option ids, or their places as whole numbers",
        )
    _shaped(given, "the chosen options", shapes)
    wanted = view.asked & view.available.any(axis=0)
    if kind in "iu":
        places = np.broadcast_to(given, (view.takes, view.size)).astype(np.int64)
    else:
        places = _places(np.broadcast_to(given, (view.takes, view.size)), choice, wanted)
    beyond = wanted & ((places < -1) | (places >= len(choice.options)))
    if beyond.any():
        take, column = np.argwhere(beyond)[0]
        raise refused(
            f"chooses the option at place {places[take, column]} in run {runs[column]}",
            f"a place from 0 to {len(choice.options) - 1}, or -1 for none",
        )
    places = np.where(wanted, places, -1)
    open_ones = np.concatenate([view.available, np.ones((1, view.size), dtype=np.bool_)])  # -1 is the last
    closed = ~np.take_along_axis(open_ones, places, axis=0)
    if closed.any():
        take, column = np.argwhere(closed)[0]
        there = [
            option.id for option, here in zip(choice.options, view.available, strict=True) if here[column]
        ]
        option = choice.options[places[take, column]].id
        raise refused(
            f"chooses {quoted(option)} in run {runs[column]}, where it is not available",
            f"one of {', '.join(there)}",
        )
    return places.astype(np.float64) + 1.0


def _places(ids: NDArray[Any], choice: pr.Choice, wanted: Truths) -> NDArray[np.int64]:
    """The place of each option named; -1 for ""."""
    places = np.full(ids.shape, -2, dtype=np.int64)
    places[ids == ""] = -1
    for place, option in enumerate(choice.options):
        places[ids == option.id] = place
    unknown = (places == -2) & wanted  # noqa: PLR2004 - as above
    if unknown.any():
        name = str(ids[unknown][0])
        known = [option.id for option in choice.options]
        raise refused(
            f"chooses {quoted(name)}, which {choice.name} has not",
            f"one of {', '.join(known)}, or '' for none",
            nearest(name, known) or "",
        )
    return places


def _times(values: object, rule: pr.Rule, view: View, runs: NDArray[np.uint64]) -> Floats:
    given = np.asarray(values)
    count = rule.kind == "count"
    if given.dtype.kind not in ("biu" if count else "b"):
        wanted = "whole numbers, for a count" if count else "truth values"
        raise refused(f"says how often it fires in the type {given.dtype}", wanted)
    _shaped(given, "what fires", [(view.size,), ()])
    times = np.where(view.asked, given, 0).astype(np.float64)
    wrong = (times < 0.0) | (times > MAX_COUNT)
    if wrong.any():
        column = int(np.flatnonzero(wrong)[0])
        raise refused(
            f"fires {times[column]:,.0f} times in run {runs[column]}", f"from 0 to {MAX_COUNT:,} times"
        )
    return times


def _numbers(values: object, what: str, shapes: Sequence[tuple[int, ...]], names: str = "(runs,)") -> Floats:
    try:
        given = np.asarray(values)
    except ValueError:
        raise refused(f"{what} have no shape: rows differ in length", _expected(shapes, names)) from None
    if given.dtype.kind not in "biuf":
        raise refused(f"{what} are of the type {given.dtype}", "numbers")
    _shaped(given, what, shapes, names)
    return np.broadcast_to(given, shapes[0]).astype(np.float64)


def _shaped(
    given: NDArray[Any], what: str, shapes: Sequence[tuple[int, ...]], names: str = "(runs,)"
) -> None:
    if given.shape not in shapes:
        raise refused(f"{what} have the shape {given.shape}", _expected(shapes, names))


def _expected(shapes: Sequence[tuple[int, ...]], names: str) -> str:
    also = ", or one for all runs" if () in shapes else ""
    return f"the shape {names}, here {shapes[0]}{also}"


def _finite(values: Floats, where: Truths, runs: NDArray[np.uint64], what: str) -> None:
    wrong = where & ~np.isfinite(values)
    if wrong.any():
        run = int(runs[wrong].min())
        raise refused(f"{what} is not finite in run {run}", "a finite number wherever it counts")

"""No run ever leaves the bounds that are worked out before play; and bounds that matter are found."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.analysis.suite import SUITE, case_files, load_case
from sim.compile import Program
from sim.compile import intervals as iv
from sim.compile import program as pr
from sim.compile.bounds import Reach
from sim.compile.intervals import Interval
from sim.compile.reach import reach
from sim.engine.advance import advance
from sim.engine.evaluate import Evaluator
from sim.engine.start import start
from sim.engine.state import State
from sim.engine.trace import Trace
from sim.text import FoedusError
from tests.domain.councils import compiled as voting
from tests.domain.councils import council
from tests.domain.networks import invent
from tests.domain.promised import compiled
from tests.domain.sanctioned import compiled as sanctioned
from tests.domain.supplied import compiled as supplied
from tests.domain.test_beliefs import scenario as believing
from tests.domain.test_beliefs import summit
from tests.domain.test_crises import world as crisis
from tests.domain.test_groups import crowd
from tests.domain.test_replies import WORLD as REPLYING
from tests.strategies import scenarios
from tests.worlds import SHIPPED, shipped, world

RUNS = 40
MAY = ("nan", "infinite")
UNARY = ("positive", "float", "neg", "abs", "sqrt", "floor", "ceil", "exp", "log", "logistic", "normal_share")


def outside(values: np.ndarray, bounds: Interval) -> bool:
    """Whether some value is none of those that were said to be all."""
    return bool(Said((bounds,)).outside(np.atleast_2d(values)).any())


class Said:
    """What bounds say of as many rows of values, laid out to be held against all of them at once."""

    def __init__(self, bounds: Sequence[Interval]) -> None:
        self._low, self._high = (np.array([[getattr(one, end)] for one in bounds]) for end in ("low", "high"))
        self._nan, self._infinite = (np.array([[getattr(one, may)] for one in bounds]) for may in MAY)
        sets = {row: sorted(one.values) for row, one in enumerate(bounds) if one.values is not None}
        self._listed = list(sets)
        longest = max(map(len, sets.values()), default=0)
        self._members = np.full((len(sets), 1, longest), np.nan)
        for members, found in zip(self._members, sets.values(), strict=True):
            members[:, : len(found)] = found

    def outside(self, values: np.ndarray) -> np.ndarray:
        """Which values are none of those that were said to be all, for values of shape `(rows, runs)`."""
        nan = np.isnan(values)
        found: np.ndarray = (nan & ~self._nan) | (np.isinf(values) & ~self._infinite)
        found |= (values < self._low) | (values > self._high)
        listed = values[self._listed]
        found[self._listed] |= ~nan[self._listed] & ~(listed[:, :, None] == self._members).any(axis=2)
        return found


def check_rows(program: Program, said: Said, found: Reach, values: np.ndarray) -> None:
    for row in np.flatnonzero(said.outside(values).any(axis=1)).tolist():
        raise AssertionError((program.variables[row].name, found.rows[row], values[row]))


def check_nodes(program: Program, said: Said, found: Reach, state: State, turn: int) -> None:
    ev = Evaluator(program, state, turn)
    values = np.empty((len(program.nodes), len(state.runs)))
    for index in range(len(program.nodes)):
        values[index] = ev.value(index)
    wrong = said.outside(values)
    for index, (bad, _) in ev.bad.items():
        wrong[index] &= ~bad
    for index in np.flatnonzero(wrong.any(axis=1)).tolist():
        raise AssertionError((program.nodes[index], found.node(index), values[index]))


def check(program: Program, runs: int = RUNS) -> None:
    """Play, and look at every row and node of every turn, before and between the stages."""
    found = reach(program)
    try:
        state = start(program, np.arange(runs), 5)
    except FoedusError:
        return
    rows = Said(found.rows)
    nodes = Said([found.node(index) for index in range(len(program.nodes))])
    check_rows(program, rows, found, state.values)
    trace = Trace()
    for turn in range(1, program.turns + 1):
        try:
            advance(program, state, (), turn, turn, trace=trace)
        except FoedusError:
            return
        for values in (trace.starts[turn], trace.states[turn], state.values):
            check_rows(program, rows, found, values)
            with np.errstate(all="ignore"):
                before = State(values, state.runs, state.seed, state.stream, turn - 1)
                check_nodes(program, nodes, found, before, turn)


def test_values_out_of_their_bounds_are_seen() -> None:
    values = np.array([[-1.0, 0.0, 0.5, 1.0, 2.0, np.inf, np.nan]] * 5)
    all_of_them = replace(iv.between(-math.inf, math.inf), nan=True, infinite=True)
    bounds = (
        iv.between(0.0, 1.0),
        iv.EITHER,
        iv.point(0.5),
        replace(iv.between(-2.0, 2.0), nan=True),
        all_of_them,
    )
    assert Said(bounds).outside(values).astype(int).tolist() == [
        [1, 0, 0, 0, 1, 1, 1],
        [1, 0, 1, 0, 1, 1, 1],
        [1, 1, 0, 1, 1, 1, 1],
        [0, 0, 0, 0, 0, 1, 0],
        [0, 0, 0, 0, 0, 0, 0],
    ]


@pytest.mark.parametrize("name", SHIPPED)
def test_no_run_of_a_shipped_scenario_leaves_its_bounds(name: str) -> None:
    check(shipped(name))


@pytest.mark.parametrize(
    "program",
    [
        compiled(),
        crisis("month", 6),
        crisis("5 days", 20),
        world(believing({"signals": {"summit": summit()}, "half_life": "1 year"})),
        world(REPLYING),
        sanctioned(),
        voting(council()),
        *(supplied(invent(seed)) for seed in range(4)),
        supplied(crowd(signal="call + 0.3*share(SOUTH, support)", margin=0.1)),
    ],
)
def test_no_run_of_the_constructs_of_the_domain_leaves_its_bounds(program: Program) -> None:
    check(program)


@pytest.mark.parametrize("path", case_files(SUITE)[::9], ids=lambda path: path.stem[:3])
def test_no_run_of_a_case_of_the_suite_leaves_its_bounds(path: Path) -> None:
    check(load_case(path).program, 8)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(scenarios())
def test_no_run_of_an_invented_scenario_leaves_its_bounds(text: str) -> None:
    check(world(text))


def test_an_indicator_that_leaves_its_range_ends_the_growing() -> None:
    program = world("""
foedus: 1
id: beyond
title: Beyond
clock: {start: 2024-01-01, turn: month, turns: 12}
actors: {AAA: {name: A, attributes: {x: 1}, policy: q}}
policies: {q: {rules: {rise: {every: month, effects: [x += 1]}}}}
indicators: {twice: {title: Twice, value: "2*x[AAA]", range: [0, 1]}}
""")
    (indicator,) = program.indicators
    assert reach(program).rows[indicator.row].high == np.inf
    check(program)


BOUNDS = st.one_of(
    st.sampled_from([-math.inf, -2.0, -1.0, -0.5, 0.0, 0.3, 0.5, 1.0, 2.0, 3.0, 700.0, 1e300, math.inf]),
    st.floats(-20.0, 20.0),
)
"""Ends of intervals, finite or not."""


@st.composite
def intervals_and_members(draw: st.DrawFn, *, truths: bool = False) -> tuple[Interval, float]:
    """An interval, and a number in it."""
    if truths:
        member = draw(st.sampled_from([0.0, 1.0]))
        return draw(st.sampled_from([iv.point(member), iv.EITHER])), member
    low, high = sorted((draw(BOUNDS) + 0.0, draw(BOUNDS) + 0.0))
    low, high = min(low, 1.7e308), max(high, -1.7e308)
    member = draw(st.one_of(st.just(low), st.just(high), st.floats(low, high)))
    if math.isinf(member):
        return Interval(low, high, infinite=True), member
    return (iv.among({low, high, member}) if draw(st.booleans()) else iv.between(low, high)), member


LOGIC = ("not", "and", "or")


@pytest.mark.parametrize("op", iv.OPERATIONS)
@given(data=st.data())
def test_what_the_engine_works_out_from_members_is_a_member(op: pr.Op, data: st.DataObject) -> None:
    size = {"clamp": 3, "not": 1}.get(op, 1 if op in UNARY else 2)
    drawn = [data.draw(intervals_and_members(truths=op in LOGIC)) for _ in range(size)]
    program = shipped("first-steps")
    nodes = (
        *(pr.Node("const", (), member, truth=op in LOGIC) for _, member in drawn),
        pr.Node(op, tuple(range(size)), truth=op in LOGIC),
    )
    state = State(np.zeros((len(program.variables), 1)), np.zeros(1, np.uint64), 0, 0, 0)
    ev = Evaluator(replace(program, nodes=nodes), state, 1)
    with np.errstate(all="ignore"):
        value = np.atleast_1d(np.asarray(ev.value(size), dtype=np.float64))
    if not ev.failed_in(size):
        assert not outside(value, iv.OPERATIONS[op](*(bounds for bounds, _ in drawn))), (drawn, value)

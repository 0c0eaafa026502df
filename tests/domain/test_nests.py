"""Nested logit: how often options are chosen, and what luck they share."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.analysis.shares import shares
from sim.compile import Program
from tests.worlds import played, row, world

RUNS = 60_000
Nests = dict[str, tuple[list[str], float]]


def chooser(utilities: dict[str, float], nests: Nests | None = None, **more: Any) -> Program:
    """One actor that takes one choice in one turn; options in no nest are alone."""
    held = {option for options, _ in (nests or {}).values() for option in options}
    choice: dict[str, Any] = {
        "every": "month",
        "temperature": 0.5,
        "options": {name: {"utility": utility} for name, utility in utilities.items()},
    }
    if nests:
        choice["nests"] = {name: {"options": list(o), "scale": scale} for name, (o, scale) in nests.items()}
        alone = sorted(utilities.keys() - held)
        choice |= {"alone": alone} if alone else {}
    return world(
        {
            "foedus": 1,
            "id": "nests",
            "title": "Nests",
            "clock": {"start": "2030-01-01", "turn": "month", "turns": 1},
            "actors": {"AAA": {"name": "A", "policy": "mind"}},
            "policies": {"mind": {"choices": {"go": choice | more}}},
        }
    )


def chosen(program: Program, seed: int = 1, runs: int = RUNS) -> np.ndarray[Any, np.dtype[np.int64]]:
    """1 + index of the option in order of id, of each run."""
    return row(program, played(program, runs, seed), "chosen[AAA/go]").astype(np.int64)


def closed_form(utilities: dict[str, float], nests: Nests, temperature: float = 0.5) -> dict[str, float]:
    """Nested logit as McFadden (1978) has it."""
    held = {option for options, _ in nests.values() for option in options}
    groups = [*nests.values(), *(([option], 1.0) for option in utilities if option not in held)]
    inclusive = [
        math.log(sum(math.exp(utilities[o] / (temperature * scale)) for o in options))
        for options, scale in groups
    ]
    weights = [math.exp(scale * value) for (_, scale), value in zip(groups, inclusive, strict=True)]
    found = {}
    for (options, scale), value, weight in zip(groups, inclusive, weights, strict=True):
        for option in options:
            inside = math.exp(utilities[option] / (temperature * scale) - value)
            found[option] = weight / sum(weights) * inside
    return found


SIX = {"a": 0.1, "b": 0.4, "c": 0.0, "d": -0.2, "e": 0.3, "f": 0.2}
WORLDS: dict[str, Nests] = {
    "one nest": {"x": (["b", "c", "d"], 0.5)},
    "two nests": {"x": (["b", "c", "d"], 0.3), "y": (["e", "f"], 0.7)},
    "nearly one option": {"x": (["b", "c", "d"], 0.02)},
    "nearly apart": {"x": (["b", "c", "d", "e", "f"], 0.99)},
    "a nest of one": {"x": (["b"], 0.2), "y": (["c", "d"], 0.4)},
    "everybody in a nest": {"x": (["a", "b", "f"], 0.25), "y": (["c", "d", "e"], 0.6)},
}
LEVEL = 0.01 / len(WORLDS)
"""By Bonferroni: one of these tests fails by bad luck in a hundred such files."""


@pytest.mark.parametrize("nests", WORLDS.values(), ids=WORLDS.keys())
def test_options_are_chosen_as_often_as_the_closed_form_says(nests: Nests) -> None:
    expected = closed_form(SIX, nests)
    counts = np.bincount(chosen(chooser(SIX, nests)), minlength=7)[1:]
    tested = stats.chisquare(counts, [RUNS * expected[name] for name in sorted(SIX)])
    assert tested.pvalue > LEVEL


def test_the_closed_form_can_fail_the_test() -> None:
    # The same counts against the plain logit: the test has teeth.
    nests = WORLDS["two nests"]
    counts = np.bincount(chosen(chooser(SIX, nests)), minlength=7)[1:]
    plain = closed_form(SIX, {})
    assert stats.chisquare(counts, [RUNS * plain[name] for name in sorted(SIX)]).pvalue < 1e-9


@pytest.mark.parametrize("nests", WORLDS.values(), ids=WORLDS.keys())
def test_the_shares_that_are_told_are_those_of_the_closed_form(nests: Nests) -> None:
    names = sorted(SIX)
    groups = [([names.index(o) for o in options], scale) for options, scale in nests.values()]
    told = shares({index: SIX[name] for index, name in enumerate(names)}, 0.5, groups)
    expected = closed_form(SIX, nests)
    assert [told.options[index] for index in range(6)] == pytest.approx([expected[name] for name in names])
    assert sum(told.options.values()) == pytest.approx(1.0)
    for (options, _), share in zip(groups, told.nests, strict=True):
        assert share == pytest.approx(sum(told.options[index] for index in options))


def test_at_scale_1_every_run_is_as_without_nests() -> None:
    plain = chosen(chooser(SIX), runs=5000)
    nested = chosen(chooser(SIX, {"x": (["b", "c", "d"], 1.0), "y": (["e", "f"], 1.0)}), runs=5000)
    assert (plain == nested).all()


def test_the_nearer_the_scale_to_1_the_fewer_runs_differ() -> None:
    plain = chosen(chooser(SIX), runs=20_000)
    moved = [
        (chosen(chooser(SIX, {"x": (["b", "c", "d"], scale)}), runs=20_000) != plain).mean()
        for scale in (0.2, 0.6, 0.9, 0.99, 0.9999)
    ]
    assert moved == sorted(moved, reverse=True)
    assert moved[-1] < 0.002


def names_chosen(utilities: dict[str, float], nests: Nests, runs: int = 4000) -> list[str]:
    names = sorted(utilities)
    return [names[number - 1] for number in chosen(chooser(utilities, nests), runs=runs)]


@given(
    gone=st.sampled_from(sorted(SIX)),
    scale=st.sampled_from([0.1, 0.5, 0.9]),
    seed=st.integers(0, 5),
)
def test_an_option_less_moves_no_run_between_two_others(gone: str, scale: float, seed: int) -> None:
    nests: Nests = {"x": (["b", "c", "d"], scale), "y": (["e", "f"], 0.4)}
    fewer = {
        name: ([option for option in options if option != gone], inside)
        for name, (options, inside) in nests.items()
    }
    rest = {name: utility for name, utility in SIX.items() if name != gone}
    names, left = sorted(SIX), sorted(rest)
    before = [names[number - 1] for number in chosen(chooser(SIX, nests), seed, 600)]
    after = [left[number - 1] for number in chosen(chooser(rest, fewer), seed, 600)]
    assert all(new == old for old, new in zip(before, after, strict=True) if old != gone)


def test_who_loses_an_option_turns_to_its_like() -> None:
    nests: Nests = {"x": (["b", "c"], 0.1)}
    four = {"a": 0.0, "b": 0.0, "c": 0.0, "d": 0.0}
    before = names_chosen(four, nests)
    rest = {name: utility for name, utility in four.items() if name != "b"}
    after = names_chosen(rest, {"x": (["c"], 0.1)})
    turned = [new for old, new in zip(before, after, strict=True) if old == "b"]
    assert turned.count("c") > 0.85 * len(turned)


def test_a_closed_option_leaves_the_others_their_closed_form() -> None:
    nests: Nests = {"x": (["b", "c", "d"], 0.4)}
    options = {name: {"utility": utility} for name, utility in SIX.items()}
    options["c"]["when"] = "elapsed > 5"  # type: ignore[assignment]
    counts = np.bincount(chosen(chooser(SIX, nests, options=options)), minlength=7)[1:]
    rest = {name: utility for name, utility in SIX.items() if name != "c"}
    expected = closed_form(rest, {"x": (["b", "d"], 0.4)}) | {"c": 0.0}
    assert counts[2] == 0
    others = [0, 1, 3, 4, 5]
    wanted = [RUNS * expected[name] for name in "abdef"]
    assert stats.chisquare(counts[others], wanted).pvalue > LEVEL


def test_at_temperature_0_the_best_wins_whatever_the_nests() -> None:
    found = chosen(chooser(SIX, {"x": (["b", "c", "d"], 0.3)}, temperature=0), runs=50)
    assert set(found) == {2}


def test_takes_of_one_turn_have_luck_of_their_own() -> None:
    program = chooser(SIX, {"x": (["b", "c", "d"], 0.3)}, every="week", several=True)
    (choice,) = program.choices
    nest = choice.nests[0]
    texts = {program.draws[draw].text for draw in (*nest.draws, *nest.angles)}
    assert {"AAA/go//nest:x", "AAA/go//angle:x", "AAA/go//nest:x#2", "AAA/go//angle:x#5"} <= texts
    assert len(nest.draws) == len(nest.angles) == len(choice.options[0].draws) == 5


def test_a_scale_may_differ_from_run_to_run() -> None:
    text = {"distribution": {"discrete": {"values": [0.1, 1], "weights": [1, 1]}}}
    program = chooser({"a": 0.0, "b": 0.0, "c": 0.0})
    plain = chosen(program, runs=2000)
    document: dict[str, Any] = {
        "foedus": 1,
        "id": "nests",
        "title": "Nests",
        "clock": {"start": "2030-01-01", "turn": "month", "turns": 1},
        "parameters": {"alike": text},
        "actors": {"AAA": {"name": "A", "policy": "mind"}},
        "policies": {
            "mind": {
                "choices": {
                    "go": {
                        "every": "month",
                        "temperature": 0.5,
                        "alone": "a",
                        "nests": {"x": {"options": ["b", "c"], "scale": "alike"}},
                        "options": {name: {"utility": 0} for name in "abc"},
                    }
                }
            }
        },
    }
    drawn = world(document)
    state = played(drawn, 2000)
    apart = row(drawn, state, "alike") == 1.0
    found = row(drawn, state, "chosen[AAA/go]").astype(np.int64)
    assert 800 < apart.sum() < 1200
    assert (found[apart] == plain[apart]).all()
    assert (found[~apart] != plain[~apart]).any()

"""What actors believe: signals move it by what they are worth, and nothing else does."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engine.arithmetic import normal_quantile
from sim.engine.luck import uniform
from sim.engine.vectors import Floats
from sim.text import FoedusError
from tests.domain.followed import followed, world_without
from tests.worlds import played, row, world

LN2 = math.log(2.0)


def scenario(
    belief: dict[str, Any], *, turn: str = "30 days", turns: int = 12, **more: Any
) -> dict[str, Any]:
    """Two observers of one quantity, an inject on day 60 and another on day 90."""
    return {
        "foedus": 1,
        "id": "believing",
        "title": "Believing",
        "clock": {"start": "2030-01-01", "turn": turn, "turns": turns},
        "actors": {"PRK": {"name": "North"}, "KOR": {"name": "South", "tags": ["ally"]}},
        "world": {"attributes": {"backing": 0.7}},
        "injects": {"summit": {"at": "2030-03-02"}, "parade": {"at": "2030-04-01"}},
        "beliefs": {"resolve": {"by": "each actor", "mean": 0.4, "spread": 0.3, **belief}},
        **more,
    }


def summit(says: float | None = 0.9, noise: float = 0.2, **more: Any) -> dict[str, Any]:
    said = {} if says is None else {"says": says}
    return {"when": "decided(injects, summit)", "noise": noise, **said, **more}


def mean_and_spread(written: dict[str, Any], *without: str) -> tuple[Floats, Floats]:
    """Of the belief of the North, after every turn."""
    program = world_without(written, *without)
    means, spreads = followed(program, "belief[PRK, resolve]", "spread[PRK, resolve]")
    return means[:, 0], spreads[:, 0]


def posterior(mean: float, spread: float, *signals: tuple[float, float]) -> tuple[float, float]:
    """Bayes' rule for a normal mean, from precisions: (value, noise) of each signal."""
    precision = 1 / spread**2 + math.fsum(1 / noise**2 for _, noise in signals)
    total = mean / spread**2 + math.fsum(value / noise**2 for value, noise in signals)
    return total / precision, precision**-0.5


# How a belief moves (K1 to K4, K7)


def test_before_anything_is_heard_the_prior_stands() -> None:
    means, spreads = mean_and_spread(scenario({"signals": {"summit": summit()}}))
    assert means[:3].tolist() == [0.4] * 3  # the summit is on the first day of turn 3
    assert spreads[:3].tolist() == [0.3] * 3


def test_a_signal_moves_mean_and_spread_by_bayes_rule_and_is_heard_once() -> None:
    means, spreads = mean_and_spread(scenario({"signals": {"summit": summit()}}))
    mean, spread = posterior(0.4, 0.3, (0.9, 0.2))
    assert means[3:] == pytest.approx(np.full(10, mean), rel=1e-14)
    assert spreads[3:] == pytest.approx(np.full(10, spread), rel=1e-14)


def test_a_signal_that_says_nothing_else_says_the_truth() -> None:
    told = mean_and_spread(scenario({"of": "backing", "signals": {"summit": summit(None)}}))
    said = mean_and_spread(scenario({"signals": {"summit": summit(0.7)}}))
    assert np.array_equal(told, said)


def test_the_prior_may_differ_by_observer_and_rest_on_parameters() -> None:
    written = scenario(
        {"mean": "trust if self == PRK else 0.1"},
        parameters={"trust": {"distribution": {"uniform": [0, 1]}}},
    )
    state = played(world(written), 40, turns=1)
    trust = row(world(written), state, "trust")
    assert np.array_equal(row(world(written), state, "belief[PRK, resolve]"), trust)
    assert set(row(world(written), state, "belief[KOR, resolve]")) == {0.1}


values = st.floats(-2, 2).map(lambda x: round(x, 3))
spreads = st.floats(0.05, 2).map(lambda x: round(x, 3))


@settings(max_examples=40, deadline=None)
@given(values, spreads, st.lists(st.tuples(values, spreads), min_size=1, max_size=4))
def test_signals_of_one_turn_add_their_precisions(
    mean: float, spread: float, said: list[tuple[float, float]]
) -> None:
    signals = {f"s{index}": summit(value, noise) for index, (value, noise) in enumerate(said)}
    means, left = mean_and_spread(scenario({"mean": mean, "spread": spread, "signals": signals}, turns=4))
    expected = posterior(mean, spread, *said)
    assert (means[3], left[3]) == pytest.approx(expected, rel=1e-12, abs=1e-12)
    assert left[3] < left[2]
    everything = [mean, *(value for value, _ in said)]
    assert min(everything) - 1e-12 <= means[3] <= max(everything) + 1e-12


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(values, spreads), min_size=2, max_size=4), st.randoms(use_true_random=False))
def test_the_order_of_signals_in_the_file_means_nothing(said: list[tuple[float, float]], random: Any) -> None:
    signals = {f"s{index}": summit(value, noise) for index, (value, noise) in enumerate(said)}
    mixed = list(signals.items())
    random.shuffle(mixed)
    one = mean_and_spread(scenario({"signals": signals}, turns=4))
    other = mean_and_spread(scenario({"signals": dict(mixed)}, turns=4))
    assert np.array_equal(one, other)


def test_the_same_news_one_after_the_other_teach_as_much_as_at_once() -> None:
    later = summit(0.2, 0.4, when="decided(injects, parade)")
    apart = mean_and_spread(scenario({"signals": {"a": summit(), "b": later}}))
    at_once = mean_and_spread(scenario({"signals": {"a": summit(), "b": summit(0.2, 0.4)}}))
    assert (apart[0][4], apart[1][4]) == pytest.approx((at_once[0][4], at_once[1][4]), rel=1e-14)


@settings(max_examples=20, deadline=None)
@given(spreads, spreads)
def test_the_smaller_the_noise_the_more_a_signal_moves(one: float, other: float) -> None:
    moved = [
        mean_and_spread(scenario({"signals": {"summit": summit(2.0, noise)}}, turns=4))[0][3]
        for noise in sorted((one, other))
    ]
    assert moved[0] >= moved[1]


def test_what_was_learnt_is_forgotten_by_its_half_life() -> None:
    means, spreads = mean_and_spread(scenario({"half_life": "90 days", "signals": {"summit": summit()}}))
    assert means[6] - 0.4 == pytest.approx((means[3] - 0.4) / 2, rel=1e-12)
    assert 0.3 - spreads[9] == pytest.approx((0.3 - spreads[3]) / 4, rel=1e-12)


@pytest.mark.parametrize(("turn", "turns"), [("10 days", 36), ("5 days", 72), ("1 days", 360)])
def test_a_finer_clock_forgets_and_learns_the_same(turn: str, turns: int) -> None:
    belief = {
        "half_life": "200 days",
        "signals": {"summit": summit(), "parade": summit(0.1, 0.5, when="decided(injects, parade)")},
    }
    coarse = mean_and_spread(scenario(belief))
    fine = mean_and_spread(scenario(belief, turn=turn, turns=turns))
    every = turns // 12
    for coarser, finer in zip(coarse, fine, strict=True):
        # Both stand at the first day of a turn: turn T of one is turn (T - 1) * every + 1 of the other.
        assert coarser[1:] == pytest.approx(finer[1::every], rel=1e-11)


def test_a_signal_that_lasts_teaches_as_much_on_any_clock() -> None:
    watch = {"when": "true", "says": 0.9, "noise": 0.5, "per": "month"}
    coarse = mean_and_spread(scenario({"signals": {"watch": watch}}))
    fine = mean_and_spread(scenario({"signals": {"watch": watch}}, turn="2 days", turns=180))
    for coarser, finer in zip(coarse, fine, strict=True):
        assert coarser[1:] == pytest.approx(finer[1::15], rel=1e-11)
    months = 330 / 365.25 * 12  # eleven turns have been seen by the twelfth
    assert coarse[0][12] == pytest.approx(posterior(0.4, 0.3, (0.9, 0.5 / math.sqrt(months)))[0], rel=1e-12)


def test_a_mean_is_kept_in_its_range() -> None:
    means, _ = mean_and_spread(scenario({"range": [0, 0.5], "signals": {"summit": summit(3.0, 0.05)}}))
    assert means.max() == 0.5


# Who hears what (K5, K6)


def test_what_is_kept_secret_stays_as_uncertain_as_it_was() -> None:
    secret = scenario({"signals": {"summit": summit(seen_by=["PRK"])}})
    program = world(secret)
    south, wide, north = followed(
        program, "belief[KOR, resolve]", "spread[KOR, resolve]", "spread[PRK, resolve]"
    )
    assert set(south.ravel()) == {0.4}
    assert set(wide.ravel()) == {0.3}
    assert north[3] < 0.2


def test_a_tag_or_a_condition_may_say_who_hears() -> None:
    for hears in ("each ally", "each actor where self != PRK"):
        program = world(scenario({"signals": {"summit": summit(seen_by=hears)}}))
        south, north = followed(program, "belief[KOR, resolve]", "belief[PRK, resolve]")
        assert south[3] > 0.5
        assert set(north.ravel()) == {0.4}


def test_each_observer_errs_with_luck_of_its_own() -> None:
    program = world(scenario({"signals": {"summit": summit(error=0.1)}}))
    state = played(program, 400, seed=5, turns=3)
    gain = (1 / 0.2**2) / (1 / 0.2**2 + 1 / 0.3**2)
    keys = {draw.text: draw.key for draw in program.draws}
    for observer in ("KOR", "PRK"):
        key = keys[f"{observer}/resolve//error:summit"]
        z = normal_quantile(uniform(5, 0, np.arange(400), 3, key))
        expected = 0.4 + gain * (0.9 + 0.1 * z - 0.4)
        assert row(program, state, f"belief[{observer}, resolve]") == pytest.approx(expected, rel=1e-12)
    assert len({tuple(row(program, state, f"belief[{o}, resolve]")) for o in ("KOR", "PRK")}) == 2


def test_an_error_averages_out() -> None:
    program = world(scenario({"signals": {"summit": summit(error=0.3)}}))
    exact = world(scenario({"signals": {"summit": summit()}}))
    wrong = row(program, played(program, 20_000, turns=3), "belief[PRK, resolve]")
    right = row(exact, played(exact, turns=3), "belief[PRK, resolve]")[0]
    gain = (1 / 0.2**2) / (1 / 0.2**2 + 1 / 0.3**2)
    assert wrong.mean() == pytest.approx(right, abs=4 * gain * 0.3 / math.sqrt(20_000))
    assert wrong.std() == pytest.approx(gain * 0.3, rel=0.03)


def test_a_belief_may_be_about_each_of_several_actors() -> None:
    written = scenario({}, turns=4)
    written["actors"]["USA"] = {"name": "America", "attributes": {"will": 0.8}}
    written["beliefs"] = {
        "will_of": {
            "for": {"x": "each actor where has(x, will)"},
            "by": "each actor where self != x",
            "of": "will[x]",
            "mean": 0.5,
            "spread": 0.2,
            "signals": {"seen": {"when": "decided(injects, summit) and self != KOR", "noise": 0.2}},
        }
    }
    program = world(written)
    assert {name for name in program.rows if name.startswith("belief[")} == {
        "belief[KOR, will_of, USA]",
        "belief[PRK, will_of, USA]",
    }
    north, south = followed(program, "belief[PRK, will_of, USA]", "belief[KOR, will_of, USA]")
    assert north[3, 0] == pytest.approx(0.65)
    assert south[3, 0] == 0.5


def test_news_of_deeds_and_decisions_come_a_turn_later_and_of_injects_at_once() -> None:
    written = scenario(
        {
            "signals": {
                "deed": {"when": "happened(test, KOR)", "says": 1, "noise": 0.3, "seen_by": ["PRK"]},
                "word": {"when": "decided(KOR, talk, speak)", "says": 1, "noise": 0.3, "seen_by": ["KOR"]},
            }
        },
        actions={"test": {}},
        policies={
            "loud": {
                "rules": {"tries": {"every": "180 days", "do": "test"}},
                "choices": {
                    "talk": {
                        "every": "120 days",
                        "temperature": 0,
                        "options": {"speak": {"utility": 1}, "hush": {"utility": 0}},
                    }
                },
            }
        },
    )
    written["actors"]["KOR"]["policy"] = "loud"
    program = world(written)
    deed, north, chosen, south = followed(
        program, "acts[test, KOR]", "spread[PRK, resolve]", "chosen[KOR/talk]", "spread[KOR, resolve]"
    )
    assert [turn for turn in range(1, 13) if north[turn] < north[turn - 1]] == [2, 8]
    assert np.flatnonzero(deed[:, 0]).tolist() == [1, 7]
    assert [turn for turn in range(1, 13) if south[turn] < south[turn - 1]] == [2, 6, 10]
    assert np.flatnonzero(chosen[:, 0]).tolist() == [1, 5, 9]


@pytest.mark.parametrize(
    "reader", ["belief(resolve, self)", "decided(injects, summit)", "reply(KOR, talk, speak)"]
)
def test_policies_that_nobody_has_may_read_all_that_others_may(reader: str) -> None:
    options = {"speak": {"utility": 1}, "hush": {"utility": 0}}
    written = scenario(
        {},
        policies={
            "loud": {"choices": {"talk": {"every": "120 days", "temperature": 0, "options": options}}},
            "unused": {"rules": {"reads": {"chance": {"per": "year", "rate": reader}}}},
        },
        definitions={
            "unused": {"of": ["x"], "value": "spread(resolve, x) + (1 if decided(injects, parade) else 0)"}
        },
    )
    written["actors"]["KOR"]["policy"] = "loud"
    assert played(world(written), turns=1).turn == 1


# What hinges on each rule


@pytest.mark.parametrize("rule", ["K1", "K2", "K3", "K4", "K5", "K6", "K7"])
def test_every_rule_makes_a_difference(rule: str) -> None:
    written = scenario(
        {
            "range": [0, 0.6],
            "half_life": "1 year",
            "signals": {
                "loud": summit(0.9, 0.1, seen_by=["KOR"]),
                "quiet": summit(0.1, 0.4, error=0.1, when="decided(injects, parade)"),
                "watch": {"when": "true", "says": 0.5, "noise": 1, "per": "year"},
            },
        }
    )
    names = [f"{kind}[{actor}, resolve]" for kind in ("belief", "spread") for actor in ("KOR", "PRK")]
    whole = np.stack(followed(world_without(written), *names))
    left_out = np.stack(followed(world_without(written, rule), *names))
    assert not np.array_equal(whole, left_out)


# What cannot be


@pytest.mark.parametrize(
    ("belief", "wrong"),
    [
        (
            {"spread": "p"},
            "a number that must be above 0 is not in the initial value of spread[KOR, resolve]",
        ),
        ({"signals": {"s": summit(noise="p")}}, "a number that must be above 0 is not in the belief resolve"),  # type: ignore[arg-type]
        ({"half_life": "p", "signals": {"s": summit()}}, "a number that must be above 0 is not"),
    ],
)
def test_a_spread_that_is_not_above_zero_stops_play(belief: dict[str, Any], wrong: str) -> None:
    program = world(scenario(belief, parameters={"p": 0}))
    with pytest.raises(FoedusError, match=wrong.replace("[", r"\[")):
        played(program, 3)


def test_a_noise_is_not_asked_for_before_the_signal_is_heard() -> None:
    written = scenario({"signals": {"s": summit(noise="1 - elapsed*0")}})  # type: ignore[arg-type]
    assert played(world(written), 2).turn == 12

"""`reply`: the probability that another would choose an option now, one step deep."""

from __future__ import annotations

import copy
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.analysis.accounts import ChoiceAccount
from sim.analysis.explain import explain
from sim.text import FoedusError
from tests.domain.followed import followed, world_without
from tests.worlds import played, row, world

WORLD: dict[str, Any] = {
    "foedus": 1,
    "id": "replying",
    "title": "Replying",
    "clock": {"start": "2030-01-01", "turn": "month", "turns": 6},
    "parameters": {"heat": 0.2},
    "actors": {
        "PRK": {"name": "North", "policy": "bold", "attributes": {"nerve": 0.5}},
        "USA": {"name": "America", "policy": "firm", "attributes": {"nerve": 0.4}},
    },
    "policies": {
        "firm": {
            "choices": {
                "answer": {
                    "every": "quarter",
                    "temperature": "heat",
                    "options": {
                        "hold": {"utility": 0.1},
                        "strike": {"utility": "nerve[self] - 0.2*nerve[PRK]"},
                        "talk": {"utility": 0.2, "when": "nerve > 0.9"},
                    },
                }
            }
        },
        "bold": {
            "rules": {
                "probe": {
                    "chance": {"per": "month", "rate": "1 - reply(USA, answer, strike)"},
                    "effects": ["nerve += 0.3"],
                }
            }
        },
    },
    "indicators": {
        option: {"value": f"reply(USA, answer, {option})"} for option in ("hold", "strike", "talk")
    },
}


def changed(**changes: Any) -> dict[str, Any]:
    """The world with some parts replaced, by dotted path."""
    plain = copy.deepcopy(WORLD)
    for path, value in changes.items():
        at = plain
        *above, last = path.split(".")
        for key in above:
            at = at.setdefault(key, {})
        at[last] = value
    return plain


CHOICE = "policies.firm.choices.answer"


def shares(written: dict[str, Any], turn: int = 1) -> dict[str, float]:
    program = world(written)
    state = played(program, turns=turn)
    return {option: float(row(program, state, option)[0]) for option in ("hold", "strike", "talk")}


def logit(utilities: dict[str, float], temperature: float) -> dict[str, float]:
    weights = {option: math.exp(utility / temperature) for option, utility in utilities.items()}
    total = math.fsum(weights.values())
    return {option: weight / total for option, weight in weights.items()}


def test_a_reply_is_the_logit_of_the_others_own_utilities() -> None:
    written = changed(**{"policies.bold.rules": {}})
    expected = logit({"hold": 0.1, "strike": 0.3}, 0.2) | {"talk": 0.0}
    assert shares(written) == pytest.approx(expected, rel=1e-13)


utilities = st.floats(-30, 30).map(lambda x: round(x, 2))


@settings(max_examples=40, deadline=None)
@given(st.tuples(utilities, utilities, utilities), st.floats(0.01, 5))
def test_replies_are_probabilities_that_follow_utility(
    worth: tuple[float, float, float], temperature: float
) -> None:
    options = dict(zip(("hold", "strike", "talk"), worth, strict=True))
    written = changed(
        **{
            "parameters.heat": temperature,
            f"{CHOICE}.options": {option: {"utility": value} for option, value in options.items()},
        }
    )
    found = shares(written)
    assert math.fsum(found.values()) == pytest.approx(1.0, abs=1e-12)
    for one, other in (("hold", "strike"), ("strike", "talk")):
        assert (options[one] - options[other]) * (found[one] - found[other]) >= 0.0


def test_at_temperature_zero_the_best_has_all_and_ties_share() -> None:
    cold = {"parameters.heat": 0, "policies.bold.rules": {}}
    assert shares(changed(**cold)) == {"hold": 0.0, "strike": 1.0, "talk": 0.0}
    tied = {f"{CHOICE}.options.strike.utility": 0.1}
    assert shares(changed(**cold, **tied)) == {"hold": 0.5, "strike": 0.5, "talk": 0.0}


def test_where_no_option_is_open_every_reply_is_nought() -> None:
    closed = {
        f"{CHOICE}.options.{option}": {"utility": 1, "when": "nerve > 5"}
        for option in ("hold", "strike", "talk")
    }
    assert shares(changed(**closed)) == {"hold": 0.0, "strike": 0.0, "talk": 0.0}


def test_the_bias_for_what_is_counts() -> None:
    still: dict[str, Any] = {"policies.bold.rules": {}}
    biased = changed(**still, **{f"{CHOICE}.status_quo": {"option": "hold", "bias": 0.4}})
    assert shares(biased)["hold"] == pytest.approx(logit({"hold": 0.5, "strike": 0.3}, 0.2)["hold"])
    standing = changed(
        **still,
        **{f"{CHOICE}.status_quo": {"option": "standing", "bias": 0.4}, f"{CHOICE}.initial": "strike"},
        **{f"{CHOICE}.every": "year"},
    )
    program = world(standing)
    stands, strike = followed(program, "standing[USA/answer]", "strike", runs=50)
    for option, utilities in ((2.0, {"hold": 0.1, "strike": 0.7}), (1.0, {"hold": 0.5, "strike": 0.3})):
        here = strike[stands == option]
        assert here == pytest.approx(np.full(len(here), logit(utilities, 0.2)["strike"]))


def test_a_reply_is_told_of_a_choice_that_is_not_due() -> None:
    found = followed(world(changed(**{"policies.bold.rules": {}})), "strike")[0]
    assert len(set(found.ravel())) == 1


def test_a_reply_is_what_the_choice_itself_would_be() -> None:
    program = world(changed(**{"policies.bold.rules": {}}))
    (account,) = (a for a in explain(program, 3, 0, 1).accounts if isinstance(a, ChoiceAccount))
    assert {option.id: option.share for option in account.takes[0].options} == pytest.approx(
        shares(changed(**{"policies.bold.rules": {}})), rel=1e-12
    )


def test_the_other_is_seen_as_the_reader_perceives_it() -> None:
    sight = {"them": {"of": "nerve[USA]", "lag": "2 months"}}
    falls = {"fear": {"of": "nerve[USA]", "towards": 0, "half_life": "1 month"}}
    written = changed(
        **{"policies.bold.perceives": sight, "dynamics": falls, f"{CHOICE}.options.strike.utility": "nerve"}
    )
    seen, told = [], []
    for name in ("seen[PRK/them]", "nerve[USA]"):
        (value,) = followed(world(written), name)
        seen.append(value.ravel())
    for without in ((), ("K17",)):
        program = world_without(written, *without)
        rates = [explain(program, 1, 0, turn, actor="PRK").accounts[0].rate for turn in range(1, 7)]
        told.append([1.0 - rate.value for rate in rates if rate is not None])
    lagged = [logit({"hold": 0.1, "strike": value}, 0.2)["strike"] for value in seen[0][1:]]
    true = [logit({"hold": 0.1, "strike": value}, 0.2)["strike"] for value in seen[1][:-1]]
    assert told[0] == pytest.approx(lagged, rel=1e-12)
    assert told[1] == pytest.approx(true, rel=1e-12)


def test_without_its_rule_every_open_option_is_as_likely() -> None:
    program = world_without(WORLD, "K16")
    state = played(program, turns=1)
    assert [float(row(program, state, option)[0]) for option in ("hold", "strike", "talk")] == [0.5, 0.5, 0.0]


def test_a_choice_about_several_is_asked_for_with_their_names() -> None:
    about = {
        f"{CHOICE}.for": {"x": "each other actor"},
        f"{CHOICE}.options.strike.utility": "nerve[x]",
        "policies.bold.rules": {},
        "indicators": {"strike": {"value": "reply(USA, answer, strike, PRK)"}},
    }
    program = world(changed(**about))
    found = float(row(program, played(program, turns=1), "strike")[0])
    assert found == pytest.approx(logit({"hold": 0.1, "strike": 0.5}, 0.2)["strike"])


def test_the_order_of_options_in_the_file_means_nothing() -> None:
    options = WORLD["policies"]["firm"]["choices"]["answer"]["options"]
    turned = changed(**{f"{CHOICE}.options": dict(reversed(options.items()))})
    assert played(world(turned), 20).hashes() == played(world(WORLD), 20).hashes()


TAKEN = {"act": {"every": "month", "temperature": 1, "options": {"go": {"utility": 1}, "no": {"utility": 0}}}}


def fault(**changes: Any) -> str:
    with pytest.raises(FoedusError) as caught:
        world(changed(**changes))
    return str(caught.value.diagnostics[0]).split(": ", 1)[1]


def test_replies_are_one_step_deep() -> None:
    said = fault(**{"policies.bold.choices": TAKEN, f"{CHOICE}.options.hold.utility": "reply(PRK, act, go)"})
    assert said.startswith("USA would itself ask for a reply, at ")
    assert said.endswith("; expected replies one step deep")


def test_a_definition_hides_no_second_step() -> None:
    said = fault(
        **{
            "policies.bold.choices": TAKEN,
            "definitions": {"fear": {"value": "1 - reply(PRK, act, go)"}},
            f"{CHOICE}.options.hold.utility": "fear",
        }
    )
    assert "would itself ask for a reply" in said


def test_two_may_think_of_each_others_choices_that_think_of_nobody() -> None:
    mutual = changed(
        **{
            "policies.bold.choices": TAKEN,
            "policies.firm.rules": {
                "wary": {
                    "chance": {"per": "year", "rate": "reply(PRK, act, go)"},
                    "effects": ["nerve -= 0.1"],
                }
            },
        }
    )
    assert played(world(mutual), 4).turn == 6

"""An explanation and the outcome never disagree: from its printed terms alone each decision is recomputed.

Only the JSON document is read here, as `foedus explain --json` prints it, with arithmetic of its own.
"""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import stats

from sim.analysis.explain import explained
from sim.compile import Program
from sim.engine.model import Model
from sim.report.why import why, why_document
from sim.text import FoedusError
from tests.domain.councils import compiled as voting
from tests.domain.councils import council
from tests.domain.promised import compiled as promised
from tests.domain.sanctioned import compiled as sanctioned
from tests.domain.test_crises import world as crisis
from tests.strategies import scenarios
from tests.worlds import SHIPPED, shipped
from tests.worlds import world as compiled

SEED = 11
PERIODS = {"day": 365.25, "week": 365.25 / 7, "month": 12.0, "quarter": 4.0, "year": 1.0}
Document = dict[str, Any]


def documents(program: Program, run: int, turns: list[int] | None = None) -> list[Document]:
    """What is printed of some turns of a run (of all of them); of none after one that cannot be played."""
    found: list[Document] = []
    model = None
    while model is None or not model.finished:
        try:
            model = Model(program, runs=[run], seed=SEED, trace=True) if model is None else model
            model.step()
        except FoedusError:
            break
        if turns is None or model.turn in turns:
            document = why_document(explained(model, model.turn, what_if=False))
            found.append(json.loads(json.dumps(document, allow_nan=False)))
    return found


def value_of(worked: Document) -> float:
    """The value of an expression from its printed parts."""
    parts = worked["parts"]
    if worked["joint"] == "and":
        return float(all(part["value"] for part in asked(parts, 1.0)))
    if worked["joint"] == "or":
        return float(any(part["value"] for part in asked(parts, 0.0)))
    total = float(parts[0]["value"])
    for part in parts[1:]:
        total = total + part["value"] if part["sign"] == "+" else total - part["value"]
    return total


def asked(parts: list[Document], on: float) -> list[Document]:
    """The parts up to the one that settles it: what follows was not asked, and may have no value."""
    found = []
    for part in parts:
        found.append(part)
        if part["value"] != on:
            break
    return found


def check_worked(worked: Document | None) -> float:
    """The printed value is that of the printed parts; 1 where there is no expression."""
    if worked is None:
        return 1.0
    if worked["parts"] and worked["joint"] != ",":  # such parts are told beside it, and do not make it up
        assert value_of(worked) == pytest.approx(worked["value"], rel=1e-12, abs=1e-300)
    return float(worked["value"])


def chance(account: Document, years: float) -> float:
    """1 - exp(-rate dt), from the printed rate; or what a policy in Python says itself."""
    if account["asked"]["by"] and account["rate"] is None:
        return float(account["level"])
    yearly = max(check_worked(account["rate"]), 0.0) * PERIODS[account["per"]]
    yearly *= share(account.get("attention"))
    level = -math.expm1(-yearly * years)
    assert account["level"] == pytest.approx(level, rel=1e-9, abs=1e-15)
    return level


def share(attention: Document | None) -> float:
    """How much of its actor's attention a matter gets, from the printed budget and claims."""
    if attention is None:
        return 1.0
    budget, *claims = (part["value"] for part in attention["parts"])
    claimed = math.fsum(claims)
    part = 1.0 if claimed <= budget else budget / claimed
    assert attention["value"] == pytest.approx(part, rel=1e-12, abs=1e-300)
    return float(part)


def check(document: Document) -> None:
    for account in document["accounts"]:
        if account["asked"]["ordered"]:
            continue
        if "kind" in account:
            check_rule(account, account["asked"]["years"])
        else:
            check_choice(account, account["asked"]["years"])


# Rules


def check_rule(account: Document, years: float) -> None:
    gate = account["asked"]["due"] and check_worked(account["asked"]["gate"]) == 1.0
    gate = gate and not account["spent"] and account["campaign"] is not False
    assert account["asked"]["open"] == gate
    fired = float(gate)
    if gate and account["kind"] == "chance":
        fired = float(account["drawn"] < chance(account, years))
    elif gate and account["kind"] in ("inject", "probability") and account["rate"] is not None:
        fired = float(account["drawn"] < check_worked(account["rate"]))
    elif gate and account["kind"] == "count":
        fired = counted(account, years)
    assert account["fired"] == fired


def counted(account: Document, years: float) -> float:
    mean = account["level"]
    if account["rate"] is not None or not account["asked"]["by"]:
        stated = max(check_worked(account["rate"]), 0.0) * PERIODS[account["per"]] * years
        assert mean == pytest.approx(stated, rel=1e-9)
    if mean == 0.0:
        return 0.0
    size = account["size"]
    count = stats.poisson(mean) if size is None else stats.nbinom(size, size / (size + mean))
    return float(count.ppf(account["drawn"]))


# Choices


def check_choice(account: Document, years: float) -> None:
    taken_up = account["asked"]["due"] and check_worked(account["asked"]["gate"]) == 1.0
    if taken_up and account["rate"] is not None:
        taken_up = account["drawn"] < chance(account, years)
    standing, attended = None, False
    for take in account["takes"]:
        assert standing in (None, take["standing"])
        here = taken_up
        if take["level"] is not None:
            assert take["level"] == pytest.approx(share(account["attention"]), rel=1e-12)
            here = taken_up and take["drawn"] < take["level"]
        assert take["open"] == here
        attended = attended or here
        chosen = best(take) if here else ""
        assert take["chosen"] == chosen
        standing = chosen or take["standing"]
    assert account["asked"]["open"] == (attended if account["takes"] else taken_up)
    assert account["chosen"] == (standing if taken_up and any(t["chosen"] for t in account["takes"]) else "")


def best(take: Document) -> str:
    """The option with the highest score; of equal ones the first."""
    chosen, highest = "", -math.inf
    for option in take["options"]:
        gate = check_worked(option["gate"])
        assert option["available"] == (gate == 1.0)
        if option["available"]:
            score = check_worked(option["utility"]) + option["bias"] + take["temperature"] * option["luck"]
            assert score == pytest.approx(option["score"], rel=1e-12, abs=1e-12)
            if option["score"] > highest:
                chosen, highest = option["id"], option["score"]
    if chosen:
        assert sum(option["share"] for option in take["options"]) == pytest.approx(1.0)
    return chosen


# What it is tried on


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("run", [0, 5, 12])
def test_every_decision_of_a_shipped_scenario_is_what_its_printed_terms_make_it(name: str, run: int) -> None:
    program = shipped(name)
    turns = [1, 4, 13, program.turns]
    found = documents(program, run, turns)
    assert len(found) == len(turns)
    for document in found:
        check(document)


@pytest.mark.parametrize("program", [promised(), crisis("month", 6), sanctioned(), voting(council())])
@pytest.mark.parametrize("run", range(4))
def test_the_domain_decides_as_its_printed_terms_say(program: Program, run: int) -> None:
    for document in documents(program, run):
        check(document)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(scenarios(), st.integers(0, 50))
def test_every_decision_of_an_invented_scenario_is_what_its_printed_terms_make_it(
    text: str, run: int
) -> None:
    for document in documents(compiled(text), run, [1, 2, 5]):
        check(document)


SEVERAL = """
foedus: 1
id: several
title: Several
clock: {start: 2024-01-01, turn: quarter, turns: 8}
actors: {AAA: {name: A, attributes: {x: 1}, policy: q}}
policies:
  q:
    rules:
      often:
        count: {per: month, mean: 1 + x, size: 2}
        campaign: {per: year, starts: 3, ends: 2}
        effects: [x += 0.1]
      seldom: {chance: {per: month, rate: 0.1*x + 0.05}, when: x > 0.5 and elapsed >= 0, effects: [x -= 0.5]}
    choices:
      mood:
        every: month
        several: true
        temperature: 0.5
        status_quo: {option: standing, bias: 0.3}
        options:
          up: {utility: 0.3*x - 0.1, effects: [x += 0.2]}
          down: {utility: 0.2 - 0.1*x, when: x > 0, effects: [x -= 0.2]}
          rest: {utility: 0.1}
      visit:
        every: {per: month, rate: 0.2*x}
        temperature: 0.2
        options: {go: {utility: 0.1*x, effects: [x += 0.1]}, stay: {utility: 0.1}}
"""


def test_every_take_of_a_choice_is_told_and_each_is_what_its_printed_terms_make_it() -> None:
    program = compiled(SEVERAL)
    differ = 0
    for run in range(10):
        for document in documents(program, run):
            check(document)
            mood = next(found for found in document["accounts"] if found["asked"]["decision"] == "AAA/mood")
            assert len(mood["takes"]) == 3
            differ += len({take["chosen"] for take in mood["takes"]}) > 1
    assert differ > 20


LATER = """
foedus: 1
id: later
title: Later
clock: {start: 2024-01-01, turn: month, turns: 4}
actors: {AAA: {name: A, attributes: {x: 0.5, y: 0.25}, policy: q}}
policies:
  q:
    rules: {give: {every: month, effects: [x += y, y += 0.25]}}
    choices:
      mood: {every: month, temperature: y, options: {a: {utility: x}, b: {utility: y}}}
injects: {day: {at: 2024-01-05, probability: "y[AAA]", effects: ["x[AAA] += y[AAA]"]}}
"""


def test_what_is_told_of_a_turn_stays_what_it_was_when_the_world_goes_on() -> None:
    """Numbers that are nothing but a variable are told as they stood then."""
    model = Model(compiled(LATER), runs=[3], seed=SEED, trace=True)
    model.step()
    before = why_document(explained(model, 1, what_if=False))
    model.play()
    assert why_document(explained(model, 1, what_if=False)) == before
    check(json.loads(json.dumps(before)))
    by_name = {found["asked"]["decision"]: found for found in before["accounts"]}
    assert by_name["injects/day"]["level"] == 0.25
    did = {change["variable"]: change["value"] for change in by_name["AAA/give"]["asked"]["did"]}
    assert did == {"x[AAA]": 0.25, "y[AAA]": 0.25}


def test_a_chance_in_a_crisis_is_told_as_that_of_the_first_round() -> None:
    program = crisis("month", 6)
    model = Model(program, runs=[0], seed=SEED, trace=True)
    model.step()
    told = list(why(program, explained(model, 1, what_if=False)))
    assert any("escalate: " in line and "in round 1 of 6 of a crisis" in line for line in told)
    assert any(" chance in round 1 of 6 of a crisis, drew " in line for line in told)


def test_a_call_of_which_nothing_is_stated_has_no_empty_terms() -> None:
    program = promised()
    model = Model(program, runs=[0], seed=SEED, trace=True)
    model.play()
    turns = range(1, model.turn + 1)
    told = [line for turn in turns for line in why(program, explained(model, turn, what_if=False))]
    assert any(line.startswith("  terms of call: ") for line in told)
    assert not any(":  =" in line for line in told)

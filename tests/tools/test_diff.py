"""What one scenario changes against another: what the model would notice, and nothing else."""

from __future__ import annotations

import json
from random import Random

import pytest
from hypothesis import given, settings

from sim.scenario import Scenario, load_scenario, parse_scenario
from sim.scenario.diff import Change, change_data, diff_scenarios, render
from sim.scenario.format import format_scenario
from tests.oracle.invented import as_text
from tests.strategies import SEEDS, _shuffled, scenarios
from tests.worlds import FLAGSHIP, SCENARIOS

SMALL = (SCENARIOS / "border-clash.yaml").read_text("utf-8")


def scenario(text: str, name: str = "a.yaml") -> Scenario:
    return parse_scenario(text, str(SCENARIOS / name))


def changes(old: str, new: str, text: str = SMALL) -> list[Change]:
    """What differs once `old` is replaced by `new`, wherever it stands."""
    assert old in text
    return diff_scenarios(scenario(text), scenario(text.replace(old, new), "b.yaml"))


def told(found: list[Change]) -> list[tuple[str, str, str, str, str]]:
    return [(change.kind, change.part, change.key, change.old, change.new) for change in found]


@settings(max_examples=20)
@given(scenarios(), SEEDS)
def test_a_permuted_file_differs_in_nothing(text: str, seed: int) -> None:
    plain = parse_scenario(text).plain
    assert diff_scenarios(parse_scenario(text), parse_scenario(as_text(_shuffled(plain, Random(seed))))) == []


def test_the_flagship_permuted_and_in_one_file_differs_in_nothing() -> None:
    flagship = load_scenario(SCENARIOS / f"{FLAGSHIP}.yaml")
    permuted = scenario(as_text(_shuffled(flagship.plain, Random(3))))
    assert diff_scenarios(flagship, permuted) == []


def test_formatting_differs_in_nothing() -> None:
    assert diff_scenarios(scenario(SMALL), scenario(format_scenario(SMALL))) == []
    assert render([]) == "no differences\n"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("range: [0, 3]", "min: 0, max: 3"),
        ("lag: 3 months", "lag: 1 quarter"),
        ("every: quarter", "every: 3 months"),
        ("policy: [probing]", "policy: probing"),
        ("0.5*danger[self] +", "0.50 * danger[ self ] +"),
        ("probability: 0.5", "probability: .5"),
        ("pairs: {BEAR: {HARE: 0.4, LYNX: 0.3}}", "pairs: {HARE: {BEAR: {value: 0.4}}, LYNX: {BEAR: 0.3}}"),
        ("for: {x: each neighbour}", "for: {x: ' each  neighbour'}"),
        ("do: [probe: x]", "do: {probe: {target: x}}"),
        ("symmetric: true, range: [0, 1], default: 0.2", "symmetric: true, range: [0, 1], default: '0.2'"),
        ('{to: one actor, effects: ["tension', '{to: one actor, rung: null, effects: ["tension'),
    ],
)
def test_another_way_to_say_the_same_differs_in_nothing(old: str, new: str) -> None:
    assert changes(old, new) == []


@pytest.mark.parametrize(
    ("old", "new", "part", "key", "said"),
    [
        (
            "triangular: [2, 4, 8]",
            "triangular: [2, 4, 9]",
            "parameter probes_a_year",
            "distribution",
            ("{triangular: [2, 4, 8]}", "{triangular: [2, 4, 9]}"),
        ),
        ("turns: 36", "turns: 48", "scenario", "clock.turns", ("36", "48")),
        ("LYNX: 0.3", "LYNX: 0.2", "pair BEAR, LYNX of relation tension", "value", ("0.3", "0.2")),
        ("{initial: 1,", "{initial: 1.5,", "attribute strength of actor BEAR", "initial", ("1", "1.5")),
        (
            "takes: {amount: 0.05}",
            "takes: {amount: 0.1}",
            "argument amount of action arm",
            "default",
            ("0.05", "0.1"),
        ),
        (
            "count: {per: year",
            "count: {per: month",
            "rule probe of policy probing",
            "count.per",
            ("year", "month"),
        ),
        (
            "bias: 0.1}",
            "bias: 0.2}",
            "choice answer of policy watching",
            "status_quo.bias",
            ("0.1", "0.2"),
        ),
        (
            "utility: fear_of_war",
            "utility: 2*fear_of_war",
            "option wait of choice answer of policy watching",
            "utility",
            ("fear_of_war", "2*fear_of_war"),
        ),
        (
            "{arm: {amount: 0.1}}",
            "{arm: {amount: 0.2}}",
            "option arm of choice answer of policy watching",
            "do",
            ("arm: {amount: 0.1}", "arm: {amount: 0.2}"),
        ),
        (
            "tension[self, target] += 0.04",
            "tension[self, target] += 0.05",
            "action probe",
            "effects",
            ("tension[self, target] += 0.04", "tension[self, target] += 0.05"),
        ),
        (
            "noise: 0.15",
            "noise: 0.2",
            "perception rivals_strength of policy watching",
            "noise",
            ("0.15", "0.2"),
        ),
        ("at: 2030-10-15", "at: 2030-10-16", "inject accident", "at", ("2030-10-15", "2030-10-16")),
        (
            'holds: "tension[BEAR, HARE] < 0.3"',
            'holds: "tension[BEAR, HARE] < 0.2"',
            "outcome calm_at_the_end",
            "holds",
            ("tension[BEAR, HARE] < 0.3", "tension[BEAR, HARE] < 0.2"),
        ),
    ],
)
def test_a_change_is_told_where_it_stands(
    old: str, new: str, part: str, key: str, said: tuple[str, str]
) -> None:
    found = changes(old, new)
    assert told(found) == [("changed", part, key, *said)]
    assert found[0].changes_numbers
    line = SMALL[: SMALL.index(old)].count("\n") + 1
    assert found[0].old_place is not None
    assert found[0].new_place is not None
    assert abs(found[0].old_place.line - line) <= 1
    assert found[0].old_place.file.endswith("a.yaml")
    assert found[0].new_place.file.endswith("b.yaml")


def test_titles_notes_and_grades_change_no_number() -> None:
    found = changes('assumed: "the yardstick"', 'assumed: "x", note: "as is"')
    found += changes("title: Border clash", "title: Another")
    found += changes("aims: Take no land", "aims: Take some land")
    found += changes('says: "{self} waits"', 'says: "{self} sits"')
    assert {change.key for change in found} == {"assumed", "note", "title", "aims", "says"}
    assert not any(change.changes_numbers for change in found)
    assert render(found).startswith("What changes no number:\n")


def test_a_renamed_option_is_one_that_goes_and_one_that_comes() -> None:
    found = changes("wait", "stay")
    kinds = {
        (change.kind, change.part.split(" of ")[0], change.key) for change in found if change.changes_numbers
    }
    assert kinds == {
        ("removed", "option wait", ""),
        ("added", "option stay", ""),
        ("changed", "choice answer", "initial"),
    }
    gone = next(change for change in found if change.kind == "removed")
    assert gone.old.startswith("{utility: fear_of_war, ")
    assert gone.new == ""
    assert gone.new_place is None


def test_effects_and_deeds_are_sets_of_which_one_may_come_and_go() -> None:
    old = 'effects: ["friendship[HARE, LYNX] += 0.1"]'
    new = 'effects: ["tension[BEAR, HARE] -= 0.1", "friendship[HARE, LYNX] += 0.1"]'
    assert [(change.kind, change.key, change.new) for change in changes(old, new)] == [
        ("added", "effects", "tension[BEAR, HARE] -= 0.1")
    ]
    assert [
        (change.kind, change.old)
        for change in diff_scenarios(scenario(SMALL.replace(old, new)), scenario(SMALL))
    ] == [("removed", "tension[BEAR, HARE] -= 0.1")]


def test_the_same_effect_twice_is_one_more() -> None:
    old = 'effects: ["strength[self] += amount"]'
    new = 'effects: ["strength[self] += amount", "strength[self] += amount"]'
    assert told(changes(old, new)) == [("added", "action arm", "effects", "", "strength[self] += amount")]


def test_what_is_added_inside_a_part_is_told_with_its_key() -> None:
    found = changes("initial: wait\n", "initial: wait\n        several: true\n")
    assert told(found) == [("changed", "choice answer of policy watching", "several", "false", "true")]
    found = changes('range: [0, 3], assumed: "the yardstick"', 'assumed: "the yardstick"')
    assert told(found) == [("removed", "attribute strength of actor BEAR", "range", "[0, 3]", "")]


def test_worlds_and_tags_are_compared_too() -> None:
    world = "world:\n  attributes: {oil: 80}\n  rules: {r: {every: year, effects: [oil += 1]}}\nactions:\n"
    found = changes("actions:\n", world)
    assert [(change.kind, change.part) for change in found] == [
        ("added", "attribute oil of the world"),
        ("added", "rule r of the world"),
    ]
    found = changes("tags: [neighbour]   ", "tags: [small, neighbour]")
    assert told(found)[0][:3] == ("changed", "actor HARE", "tags")


def test_the_changes_are_data_and_text() -> None:
    found = changes("temperature: 0.15", "temperature: 0.2") + changes("title: Border clash", "title: B")
    data = json.loads(json.dumps(change_data(found)))
    assert data[0]["part"] == "choice answer of policy watching"
    assert data[0]["old_place"].endswith("a.yaml:72:9")
    assert data[1]["changes_numbers"] is False
    text = render(found)
    assert (
        "What changes for the model:\n  choice answer of policy watching\n    ~ temperature: 0.15 -> 0.2  ("
        in text
    )
    assert "What changes no number:\n  scenario\n    ~ title: Border clash -> B  (" in text


def test_long_values_are_cut_in_text_and_whole_in_data() -> None:
    long = " + ".join(["fear_of_war"] * 30)
    found = changes("utility: fear_of_war,", f"utility: {long},")
    assert found[0].new == long
    assert "..." in render(found)
    assert max(map(len, render(found).splitlines())) < 400


def test_ballots_and_parts_of_regimes_are_told_by_name_and_lists_are_sets() -> None:
    base = (
        SMALL
        + """
bodies:
  council:
    name: Council
    members: [HARE, LYNX]
    majority: true
    temperature: 0
    drafts: {peace: {sponsor: HARE, every: month, votes: {for: 1, against: 0}}}
sanctions:
  ban: {name: Ban, senders: [HARE, LYNX], targets: BEAR, exposure: 0.5, measures: {trade: 0.5}}
"""
    )
    assert changes("members: [HARE, LYNX]", "members: [LYNX, HARE]", base) == []
    assert changes("senders: [HARE, LYNX]", "senders: [LYNX, HARE]", base) == []
    (vote,) = changes("votes: {for: 1", "votes: {for: 2", base)
    assert told([vote]) == [("changed", "draft peace of body council", "votes.for.utility", "1", "2")]
    (severity,) = changes("{trade: 0.5}", "{trade: 0.6}", base)
    assert told([severity]) == [("changed", "regime ban", "measures.trade.severity", "0.5", "0.6")]

"""Experiments: arms differ from the base by what they say and by nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.analysis.experiments import Answer, answer, prepare
from sim.report.answers import answer_document, answer_page, notes, tables
from sim.report.differences import points
from sim.scenario.experiment import load_experiment
from sim.text import FoedusError
from tests.worlds import SCENARIOS

BASE = (SCENARIOS / "border-clash.yaml").as_posix()
HEAD = f"""
experiment: trial
title: A trial
scenario: {BASE}
runs: 300
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "trial.yaml"
    path.write_text(HEAD + text, "utf-8")
    return path


def answered(folder: Path, text: str) -> Answer:
    return answer(prepare(load_experiment(written(folder, text))))


def faults(folder: Path, text: str) -> list[str]:
    with pytest.raises(FoedusError) as caught:
        prepare(load_experiment(written(folder, text)))
    return [str(found).removeprefix(f"{folder}/") for found in caught.value.diagnostics]


def test_an_arm_that_changes_nothing_differs_in_no_run(tmp_path: Path) -> None:
    (arm,) = answered(tmp_path, "arms: {same: {change: {title: Another}}}").arms
    assert all(effect.paired.difference == 0.0 for effect in arm.outcomes)
    assert all(effect.paired.rises == effect.paired.falls == 0 for effect in arm.indicators)


@pytest.mark.parametrize(
    ("says", "known"),
    [
        ("{}", True),
        ("{change: {title: Another}}", True),
        ("{parameters: {probes_a_year: {distribution: {triangular: [2.0, 4, 8]}, assumed: anew}}}", True),
        ("{parameters: {probes_a_year: {distribution: {triangular: [2, 4, 9]}}}}", False),
        ("{orders: [{turns: [1], actor: BEAR, decision: probe/x=HARE, option: refrain}]}", False),
        ("{forbid: [{actor: BEAR, decision: probe/x=HARE, options: do}]}", False),
        ("{change: {clock: {turns: 37}}}", False),
        ("{change: {outcomes: {calm_at_the_end: null}}}", False),
    ],
)
def test_an_arm_that_says_nothing_that_is_played_is_warned_of_at_its_place(
    tmp_path: Path, says: str, known: bool
) -> None:
    loaded = prepare(load_experiment(written(tmp_path, f"arms:\n  same: {says}\n")))
    if not known:
        assert loaded.warnings == ()
        return
    (warning,) = loaded.warnings
    assert str(warning).startswith(f"{tmp_path}/trial.yaml:7:3: warning: the arm 'same' changes nothing")
    (arm,) = answer(loaded, runs=20).arms
    assert arm.unchanged
    assert all(effect.paired.rises == effect.paired.falls == 0 for effect in arm.indicators)


def test_an_arm_with_a_stranger_differs_in_no_run(tmp_path: Path) -> None:
    """Luck is addressed: who has no tie with the others moves nothing of theirs."""
    owl = "{name: Owlland, attributes: {age: {initial: 1, assumed: x}}}"
    (arm,) = answered(tmp_path, f"arms: {{more: {{change: {{actors: {{OWL: {owl}}}}}}}}}").arms
    assert all(effect.paired.rises == effect.paired.falls == 0 for effect in arm.indicators)


def test_an_order_an_narrowed_parameter_and_a_change_have_their_effect(tmp_path: Path) -> None:
    found = answered(
        tmp_path,
        """
arms:
  quiet: {parameters: {probes_a_year: 2}}
  friends: {title: Friends, change: {relations: {friendship: {default: 0.8}}}}
  refrain: {orders: [{turns: [1, 2, 3, 4, 5, 6], actor: BEAR, decision: probe/x=HARE, option: refrain}]}
outcomes: [calm_at_the_end]
""",
    )
    assert [arm.title for arm in found.arms] == ["quiet", "Friends", "refrain"]
    for arm in found.arms:
        (calm,) = arm.outcomes
        assert calm.id == "calm_at_the_end"
        assert calm.paired.only_arm > calm.paired.only_base


def test_what_an_arm_says_of_a_parameter_stands_in_place_of_what_the_base_says(tmp_path: Path) -> None:
    """The quantile that luck picks stays: a narrower range moves each run towards it."""
    text = "arms: {narrow: {parameters: {probes_a_year: {distribution: {uniform: [5, 6]}}}}}"
    base, arm = load_experiment(written(tmp_path, text)).arms
    stated = arm.scenario.model.parameters["probes_a_year"]
    assert stated.assumed == base.scenario.model.parameters["probes_a_year"].assumed
    assert stated.distribution != base.scenario.model.parameters["probes_a_year"].distribution


def test_an_answer_is_told_on_a_terminal_as_a_page_and_as_data(tmp_path: Path) -> None:
    found = answered(tmp_path, "arms: {quiet: {title: A quiet bear, parameters: {probes_a_year: 2}}}")
    assert len(list(tables(found))) == 2
    page = answer_page(found)
    assert page.startswith("# A trial\n")
    assert "## A quiet bear" in page
    (arm,) = answer_document(found)["arms"]
    assert {outcome["id"] for outcome in arm["outcomes"]} == {"calm_at_the_end", "they_band_together"}


def test_what_an_arm_takes_away_or_adds_is_named_in_the_answer(tmp_path: Path) -> None:
    owl = 'owl: {title: An owl, value: "0"}'
    found = answered(
        tmp_path,
        f"""
arms:
  less: {{title: Less, change: {{outcomes: {{calm_at_the_end: null}}, indicators: {{bond: null}}}}}}
  more: {{title: More, change: {{indicators: {{{owl}}}}}}}
""",
    )
    less, more = found.arms
    assert [(one.kind, one.id) for one in less.lost] == [
        ("outcome", "calm_at_the_end"),
        ("indicator", "bond"),
    ]
    assert [(one.kind, one.id) for one in more.gained] == [("indicator", "owl")]
    assert less.gained == more.lost == ()
    lost = "the outcome 'The border is calm at the end', the indicator 'Friendship of the neighbours'"
    assert list(notes(found)) == [
        f"Less: takes away {lost}: nothing to compare",
        "More: adds the indicator 'An owl': nothing to compare",
        f"Where the arms differ most: not every arm has {lost}",
    ]
    page = answer_page(found)
    assert f"This arm takes away {lost}: nothing to compare." in page
    assert f"Left out of these tables: not every arm has {lost}." in page
    document = answer_document(found)["arms"]
    assert [one["id"] for one in document[0]["lost"]] == ["calm_at_the_end", "bond"]
    assert [one["title"] for one in document[1]["gained"]] == ["An owl"]


def test_what_is_not_compared_is_not_missed(tmp_path: Path) -> None:
    text = "arms: {less: {change: {outcomes: {calm_at_the_end: null}}}}\noutcomes: [they_band_together]"
    found = answered(tmp_path, text)
    assert list(notes(found)) == []


def test_points_carry_a_sign_and_few_digits() -> None:
    assert [points(value) for value in (0.0, 0.1234, -0.01234, 0.00123)] == ["0", "+12", "-1.2", "+0.12"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("arms: {base: {}}", "'base' is the scenario as it stands"),
        ("arms: {}", "empty"),
        ("arms: {a: {parameters: {probes_a_yaer: 2}}}", "there is no parameter 'probes_a_yaer'"),
        ("arms: {a: {change: {actors: {BEAR: {polcy: x}}}}}", "polcy"),
        ("arms: {a: {orders: [{turns: [99], actor: BEAR, decision: probe/x=HARE, option: do}]}}", "turn 99"),
        (
            "arms: {a: {orders: [{turns: [1], actor: BEAR, decision: prob, option: do}]}}",
            "BEAR has no decision 'prob'",
        ),
        ("arms: {a: {}}\noutcomes: [clam]", "'clam'"),
        ("arms: {a: {}}\nindicators: [nothing]", "'nothing'"),
        ("arms: {a: {titel: x}}", "titel"),
        (
            "arms: {a: {change: {outcomes: {calm_at_the_end: null}}}}\nanswer: {arm: a, by: calm_at_the_end}",
            "trial.yaml:7:22: the arm 'a' takes 'calm_at_the_end' away",
        ),
        ("arms: {a: {}}\nquestion: q99", "the ledgers have no question 'q99'"),
    ],
)
def test_what_is_wrong_is_said_at_its_place(tmp_path: Path, text: str, expected: str) -> None:
    found = faults(tmp_path, text)
    assert any(expected in line for line in found), found
    assert all(line.split(":")[1].isdigit() and line.split(":")[2].isdigit() for line in found)


@pytest.mark.parametrize(
    ("doctrines", "column", "expected"),
    [
        ("{RUS: spoilr}", 24, "RUS has no doctrine 'spoilr'; .*did you mean 'spoiler'"),
        ("{RSU: spoiler}", 19, "there is no actor 'RSU' to have a doctrine; .*did you mean 'RUS'"),
        ("{FIJ: spoiler}", 19, "there is no actor 'FIJ' to have a doctrine"),
    ],
)
def test_a_doctrine_that_is_not_there_is_named_where_it_is_asked_for(
    tmp_path: Path, doctrines: str, column: int, expected: str
) -> None:
    path = tmp_path / "trial.yaml"
    flagship = SCENARIOS / "pyongyang-hanoi-2024.yaml"
    text = f"experiment: t\ntitle: T\nscenario: {flagship}\narms:\n  a: {{doctrines: {doctrines}}}\n"
    path.write_text(text, "utf-8")
    with pytest.raises(FoedusError, match=rf"^{path}:5:{column}: {expected}"):
        load_experiment(path)


def test_a_scenario_that_is_not_there_is_named_where_it_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "trial.yaml"
    path.write_text("experiment: t\ntitle: T\nscenario: nowhere.yaml\narms: {a: {}}\n", "utf-8")
    with pytest.raises(FoedusError, match=r"trial.yaml:3:11: there is no file 'nowhere.yaml'"):
        load_experiment(path)


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ("world.yml", "there is no file 'world.yml'; expected a scenario, .*; did you mean 'world.yaml'"),
        ("./parts/../parts", "'./parts/../parts': this is a directory; expected a scenario"),
        ("w" * 300, "cannot be read: file name too long; expected a scenario"),
    ],
    ids=["misspelt", "directory", "long"],
)
def test_a_scenario_that_cannot_be_had_is_refused_where_it_is_named(
    tmp_path: Path, named: str, expected: str
) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "world.yaml").touch()
    path = tmp_path / "trial.yaml"
    path.write_text(f"experiment: t\ntitle: T\nscenario: {named}\narms: {{a: {{}}}}\n", "utf-8")
    with pytest.raises(FoedusError, match=rf"trial.yaml:3:11: .*{expected}"):
        load_experiment(path)


def test_a_base_of_another_folder_is_named_by_its_plain_path(tmp_path: Path) -> None:
    (tmp_path / "arms").mkdir()
    (tmp_path / "world.yaml").write_text("foedus: 1\nid: world\n", "utf-8")
    path = tmp_path / "arms" / "trial.yaml"
    path.write_text("experiment: t\ntitle: T\nscenario: ../world.yaml\narms: {a: {}}\n", "utf-8")
    with pytest.raises(FoedusError, match=rf"^{tmp_path}/world.yaml:1:1: "):
        load_experiment(path)


def test_what_only_an_arm_breaks_in_the_scenario_names_the_arm(tmp_path: Path) -> None:
    (first, *_) = faults(tmp_path, "arms: {fine: {}, short: {change: {clock: {turns: 3}}}}")
    assert "border-clash.yaml:98:9: in the arm 'short': 2030-10-15 is not played" in first


def test_a_page_shows_escape_codes_and_obeys_none(tmp_path: Path) -> None:
    text = r'arms: {quiet: {title: "red \e[31m", parameters: {probes_a_year: 2}}}'
    page = answer_page(answered(tmp_path, text))
    assert "\x1b" not in page
    assert r"## red \x1b[31m" in page

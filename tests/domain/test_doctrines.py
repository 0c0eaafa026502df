"""Doctrines: alternative accounts of an actor, one of which is in force."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.batch import read_batch, run_batch, write_batch
from sim.compile import Program, compile_scenario
from sim.engine.model import Model
from sim.scenario import Scenario, parse_scenario
from sim.scenario.doctrines import choose, other_doctrines, parse_doctrines
from sim.text import FoedusError
from tests.worlds import played, row, text_of

SCENARIO: dict[str, Any] = {
    "foedus": 1,
    "id": "doctrines",
    "title": "Doctrines",
    "clock": {"start": "2030-01-01", "turn": "month", "turns": 12},
    "parameters": {
        "pace": {"distribution": {"uniform": [0, 10]}, "range": [1, 8], "unit": "1", "assumed": "x"},
        "nerve": {"distribution": {"normal": [0, 1]}, "assumed": "x"},
    },
    "actors": {
        "RUS": {
            "name": "Russia",
            "attributes": {"boldness": {"initial": 0.5, "range": [0, 1]}, "raids": 0, "deals": 0},
            "policy": "core",
            "doctrine": "trader",
            "doctrines": {
                "trader": {"policy": ["core", "trade"]},
                "spoiler": {
                    "title": "Spoil whatever the West builds",
                    "policy": ["core", "spoil"],
                    "attributes": {"boldness": 0.9},
                    "parameters": {"pace": {"distribution": {"uniform": [6, 12]}, "assumed": "y"}},
                },
                "patient": {"attributes": {"boldness": 0.1}},
            },
        },
        "USA": {"name": "America"},
    },
    "policies": {
        "core": {
            "rules": {"raid": {"chance": {"per": "year", "rate": "pace*boldness"}, "effects": ["raids += 1"]}}
        },
        "trade": {
            "choices": {
                "offer": {
                    "every": "month",
                    "temperature": 1,
                    "initial": "wait",
                    "options": {
                        "wait": {"utility": 0},
                        "deal": {"utility": 0.5, "effects": ["deals += 1"]},
                    },
                }
            }
        },
        "spoil": {"rules": {"boast": {"every": "month", "effects": ["boldness += 0.01"]}}},
    },
    "outcomes": {
        "dealt": {"title": "A deal", "happens": "holds(RUS, offer, deal)", "by": "2031-01-01"},
        "waits": {"title": "It waits", "happens": "holds(RUS, offer, wait)", "by": "2031-01-01"},
    },
}


def scenario(**changes: Any) -> Scenario:
    return parse_scenario(text_of(SCENARIO | changes))


def program(doctrine: str) -> Program:
    return compile_scenario(scenario(), doctrines={"RUS": doctrine})


def test_its_policies_stand_in_place_of_the_actors() -> None:
    assert set(program("trader").decisions) == {"RUS/raid", "RUS/offer"}
    assert set(program("spoiler").decisions) == {"RUS/raid", "RUS/boast"}
    assert set(program("patient").decisions) == {"RUS/raid"}


def test_without_a_doctrine_in_force_the_actor_acts_by_what_it_states() -> None:
    rus = {key: value for key, value in SCENARIO["actors"]["RUS"].items() if key != "doctrine"}
    plain = compile_scenario(scenario(actors=SCENARIO["actors"] | {"RUS": rus}))
    assert plain.doctrines == ()
    assert set(plain.decisions) == {"RUS/raid"}
    assert row(plain, played(plain, turns=0), "boldness[RUS]")[0] == 0.5


def test_it_narrows_a_parameter_within_the_range_that_the_scenario_states() -> None:
    wide, narrow = program("trader"), program("spoiler")
    before, after = (row(one, played(one, 500, turns=0), "pace") for one in (wide, narrow))
    assert before.min() == 1
    assert before.max() == 8
    assert after.min() >= 6
    assert after.max() == 8  # from 6 to 12, but the scenario keeps it to 8
    (variable,) = (variable for variable in narrow.variables if variable.name == "pace")
    assert variable.unit == "1"


def test_a_parameter_keeps_its_luck_under_every_doctrine() -> None:
    wide, narrow = program("trader"), program("spoiler")
    before, after = (row(one, played(one, 300, turns=0), "pace") for one in (wide, narrow))
    u = (before[(before > 1) & (before < 8)]) / 10
    assert after[(before > 1) & (before < 8)] == pytest.approx(np.minimum(6 + 6 * u, 8))
    nerves = [row(one, played(one, 300, turns=0), "nerve") for one in (wide, narrow)]
    assert (nerves[0] == nerves[1]).all()


def test_it_begins_otherwise() -> None:
    assert row(program("spoiler"), played(program("spoiler"), turns=0), "boldness[RUS]")[0] == 0.9
    assert row(program("patient"), played(program("patient"), turns=0), "boldness[RUS]")[0] == 0.1


def test_two_doctrines_that_share_a_rule_differ_by_its_effect_alone() -> None:
    # The same draws meet another rate: whoever raids when patient would raid as a trader too.
    trader, patient = (Model(program(name), runs=800, seed=3, trace=True) for name in ("trader", "patient"))
    for model in (trader, patient):
        model.play(1)
        assert model.trace is not None
    drawn = [model.trace.rules[0].drawn for model in (trader, patient) if model.trace is not None]
    assert (drawn[0] == drawn[1]).all()
    bold, meek = trader["fired[RUS/raid]"] > 0, patient["fired[RUS/raid]"] > 0
    assert bold[meek].all()
    assert bold.sum() > meek.sum() > 0


def test_what_the_doctrine_leaves_out_does_not_happen() -> None:
    for name in ("spoiler", "patient"):
        one = program(name)
        state = played(one, 50)
        assert not row(one, state, "outcome.dealt").any()
        assert not row(one, state, "outcome.waits").any()
    trader = program("trader")
    assert row(trader, played(trader, 50), "outcome.dealt").all()


def test_choosing_is_the_same_as_writing() -> None:
    rus = SCENARIO["actors"]["RUS"] | {"doctrine": "spoiler"}
    written = compile_scenario(scenario(actors=SCENARIO["actors"] | {"RUS": rus}))
    chosen = program("spoiler")
    assert written.hash == chosen.hash
    assert written.doctrines == chosen.doctrines == (("RUS", "spoiler"),)
    assert played(written, 20).hashes() == played(chosen, 20).hashes()


def test_programs_of_different_doctrines_have_different_hashes() -> None:
    hashes = {program(name).hash for name in ("trader", "spoiler", "patient")}
    assert len(hashes) == 3
    assert compile_scenario(scenario()).hash == program("trader").hash


def test_a_snapshot_of_one_doctrine_does_not_go_on_under_another() -> None:
    snapshot = Model(program("trader"), runs=2, seed=1).play(3).snapshot()
    with pytest.raises(FoedusError):
        Model.restore(program("spoiler"), snapshot)


def test_the_certificate_of_a_batch_names_the_doctrine(tmp_path: Path) -> None:
    result = run_batch(scenario(), 20, 1, doctrines={"RUS": "spoiler"})
    assert result.manifest.doctrines == {"RUS": "spoiler"}
    read = read_batch(write_batch(result, tmp_path / "batch"))
    assert read.manifest.doctrines == {"RUS": "spoiler"}
    # The scenario in it is the one that was played: it plays the same again.
    assert read.manifest.scenario is not None
    again = run_batch(parse_scenario(text_of(read.manifest.scenario)), 20, 1)
    assert again.manifest.hash == result.manifest.hash
    assert again.manifest.digest == result.manifest.digest


def test_a_compiled_scenario_has_its_doctrines_already() -> None:
    with pytest.raises(FoedusError, match="has its doctrines already"):
        run_batch(program("spoiler"), 20, 1, doctrines={"RUS": "trader"})


def test_python_chooses_doctrines_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "doctrines.yaml"
    path.write_text(text_of(SCENARIO), "utf-8")
    assert sim.load(path, doctrines={"RUS": "patient"}).hash == program("patient").hash


def test_the_others_are_those_that_are_not_in_force() -> None:
    assert list(other_doctrines(scenario())) == [("RUS", "patient"), ("RUS", "spoiler")]
    assert list(other_doctrines(choose(scenario(), {"RUS": "spoiler"}))) == [
        ("RUS", "patient"),
        ("RUS", "trader"),
    ]


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ({"RUS": "spoler"}, "RUS has no doctrine 'spoler'; expected one of patient, spoiler, trader; "),
        (
            {"RSU": "spoiler"},
            "there is no actor 'RSU' to have a doctrine; expected 'RUS'; did you mean 'RUS'",
        ),
        ({"USA": "spoiler"}, "USA has no doctrine 'spoiler'; expected doctrines in actors.USA"),
    ],
)
def test_a_doctrine_that_is_not_there_is_refused_with_the_nearest(named: dict[str, str], said: str) -> None:
    with pytest.raises(FoedusError) as caught:
        compile_scenario(scenario(), doctrines=named)
    assert said in str(caught.value.diagnostics[0])


def test_everything_wrong_with_a_choice_of_doctrines_is_said_at_once() -> None:
    with pytest.raises(FoedusError) as caught:
        compile_scenario(scenario(), doctrines={"RUS": "x", "USA": "y", "PRC": "z"})
    assert len(caught.value.diagnostics) == 3


@pytest.mark.parametrize("text", ["RUS", "RUS=", "=spoiler", ""])
def test_a_command_names_actor_and_doctrine(text: str) -> None:
    with pytest.raises(FoedusError, match="names no doctrine"):
        parse_doctrines([text])


def test_a_command_names_one_doctrine_an_actor() -> None:
    assert parse_doctrines(["RUS=spoiler", "PRC=bold"]) == {"RUS": "spoiler", "PRC": "bold"}
    with pytest.raises(FoedusError, match="two doctrines are named for RUS"):
        parse_doctrines(["RUS=spoiler", "RUS=trader"])

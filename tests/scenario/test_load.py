"""From files to a Scenario: ids of all kinds, what is cited, its places, and what a broken one leaves."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.evidence import load_evidence
from sim.scenario import load_scenario, parse_scenario
from sim.scenario.load import read_scenario
from sim.text import FoedusError

HEAD = "foedus: 1\nid: s\ntitle: S\nclock: {start: 2030-01-01, turn: month, turns: 12}\n"
ACTORS = "actors:\n  KOR: {name: Korea}\n"
LEDGERS = Path(__file__).parent.parent.parent / "seeds"


def faults(text: str) -> list[str]:
    with pytest.raises(FoedusError) as caught:
        parse_scenario(text)
    return [str(found).removeprefix("scenario.yaml:") for found in caught.value.diagnostics]


def test_words_that_yaml_once_took_for_truth_are_ids_like_others() -> None:
    scenario = parse_scenario(
        HEAD
        + "actors: {NO: {name: Norway, tags: [no, on]}, ON: {name: Ontario}, Y: {name: Yonder}}\n"
        + "parameters: {yes: 1, on: 2, off: 3, y: 4, n: 5, null_: 6}\n"
    )
    assert list(scenario.model.actors) == ["NO", "ON", "Y"]
    assert scenario.model.actors["NO"].tags == ("no", "on")
    assert list(scenario.model.parameters) == ["yes", "on", "off", "y", "n", "null_"]


def test_a_number_or_a_text_may_stand_for_the_mapping_that_it_would_open() -> None:
    short = parse_scenario(
        HEAD
        + "actors: {A: {name: A, tags: t, attributes: {x: 1}, policy: p}, B: {name: B}}\n"
        + "relations: {r: {pairs: {A: {B: 2}}}}\n"
        + "indicators: {i: 'x[A]'}\ndefinitions: {d: 3}\nparameters: {q: 4}\n"
        + "actions: {go: {effects: x += 1}}\n"
        + "policies: {p: {rules: {r: {every: month, for: each other actor, do: go}}}}\n"
    )
    long = parse_scenario(
        HEAD
        + "actors: {A: {name: A, tags: [t], attributes: {x: {initial: 1}}, policy: [p]}, B: {name: B}}\n"
        + "relations: {r: {pairs: {A: {B: {value: 2}}}}}\n"
        + "indicators: {i: {value: 'x[A]'}}\ndefinitions: {d: {value: 3}}\nparameters: {q: {value: 4}}\n"
        + "actions: {go: {effects: [{effect: x += 1}]}}\n"
        + "policies: {p: {rules: {r: {every: month, for: {other: each other actor}, do: [go]}}}}\n"
    )
    assert short.model == long.model


def test_the_hash_is_of_what_is_said_not_of_how_it_is_written() -> None:
    one = parse_scenario(HEAD + "parameters: {a: 1, b: 2}\n" + ACTORS)
    other = parse_scenario(ACTORS + "# a note\n" + HEAD + "parameters:\n  b: 2\n  a: 1\n")
    changed = parse_scenario(HEAD + "parameters: {a: 1, b: 3}\n" + ACTORS)
    assert one.hash == other.hash
    assert len(one.hash) == 32
    assert one.hash != changed.hash


def test_characters_of_texts_have_places_however_they_are_written() -> None:
    scenario = parse_scenario(
        HEAD
        + ACTORS
        + "indicators:\n  a: 1 + 2\n  b: '1 + 2'\n  c: {value: \"1\\u0020+ 2\"}\n  d: >\n    1\n    + 2\n"
    )
    places = [str(scenario.value_place("indicators", name, "value", offset=4)) for name in "abcd"]
    assert places == ["scenario.yaml:8:10", "scenario.yaml:9:11", "scenario.yaml:10:24", "scenario.yaml:13:7"]
    assert str(scenario.place("indicators", "c", "value")) == "scenario.yaml:10:7"


def test_what_is_cited_must_stand_in_the_ledgers(tmp_path: Path) -> None:
    known = min(load_evidence(LEDGERS).facts)
    path = tmp_path / "s.yaml"
    path.write_text(
        HEAD
        + ACTORS
        + f"evidence: {LEDGERS}\nparameters:\n  a: {{value: 1, informed: [{known}, {known}x]}}\n"
        + "  b: {value: 1, assumed: why, disagreement: none-such}\n"
    )
    with pytest.raises(FoedusError) as caught:
        load_scenario(path)
    first, second = caught.value.diagnostics
    assert (first.message, first.suggestion) == (f"the ledgers have no fact '{known}x'", known)
    assert second.message == "the ledgers have no disagreement 'none-such'"
    assert first.place is not None
    assert first.place.line == 9


def test_ledgers_are_looked_for_from_the_file_that_names_them(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "base.yaml").write_text("evidence: ledgers\n")
    (tmp_path / "main.yaml").write_text("extends: below/base.yaml\n" + HEAD + ACTORS)
    with pytest.raises(FoedusError, match=r"below/base.yaml:1:11: there is no folder 'ledgers'"):
        load_scenario(tmp_path / "main.yaml")
    (tmp_path / "below" / "ledgers").symlink_to(LEDGERS)
    load_scenario(tmp_path / "main.yaml")


# --- what is left of a broken scenario ----------------------------------------------------------------------


def left(tmp_path: Path, text: str) -> tuple[list[str], set[str]]:
    """Messages, and the names that were cut away."""
    path = tmp_path / "s.yaml"
    path.write_text(HEAD + text)
    reading = read_scenario(path)
    assert reading.scenario is not None
    assert reading.salvage is not None
    return [found.message for found in reading.problems], reading.salvage.words


def test_a_sound_scenario_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(HEAD + ACTORS)
    reading = read_scenario(path)
    assert reading.scenario == load_scenario(path)
    assert reading.salvage is None


def test_an_expression_that_cannot_be_read_costs_itself_alone(tmp_path: Path) -> None:
    said, gone = left(tmp_path, ACTORS + "indicators: {a: 1 +, b: 2}\n")
    assert said == ["a value is missing after '+'"]
    assert gone == set()


def test_what_is_cut_away_takes_its_names_along(tmp_path: Path) -> None:
    said, gone = left(
        tmp_path,
        "actors:\n  KOR: {name: Korea}\n  USA: {name: 3}\n"
        "  prk: {name: P, attributes: {shells: 1}, tags: [big]}\n"
        "parameters: {pace: fast}\nparametres: {rate: 1}\n",
    )
    assert len(said) == 4
    assert {"PRK", "shells", "big", "pace", "rate"} <= gone
    assert "USA" not in gone


def test_too_little_may_be_left_to_read_on(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(HEAD.replace("2030-01-01", "soon") + ACTORS)
    assert read_scenario(path).scenario is None
    path.write_text(HEAD + "actors: {}\n")
    assert read_scenario(path).scenario is None


def test_faults_of_form_are_all_told() -> None:
    said = faults(HEAD + "actors: {KOR: {nam: K}}\nparameters: {a: x, B: 1}\nrung: 3\n")
    assert [line.partition(";")[0] for line in said] == [
        "5:10: key 'name' is missing",
        "5:16: unknown key 'nam'",
        "6:17: 'a' is the text 'x'",
        "6:20: 'B' cannot be an id here",
        "7:1: unknown key 'rung'",
    ]

"""The JSON Schema: takes whatever the models take, and refuses what is broken in form."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from pydantic import ValidationError

from sim.scenario import ScenarioModel, load_scenario
from sim.scenario.clock import parse_date, parse_duration, parse_step
from sim.scenario.expressions import ExpressionError, parse_expression, parse_statement
from sim.scenario.keys import keys, meaning, part_name, written_parts
from sim.scenario.merge import read_with_extends
from sim.scenario.schema import DIALECT, scenario_schema
from sim.scenario.schema_values import COMMON
from sim.text import FoedusError, parse_document, read_document, to_plain
from tests.oracle.invented import invent
from tests.strategies import SEEDS
from tests.worlds import SCENARIOS, SHIPPED, world

FILES = sorted(
    path
    for path in SCENARIOS.rglob("*.yaml")
    if path.parent.name not in ("cases", "experiments") and path.name != "texts.yaml"
)
BROKEN = sorted((Path(__file__).parent.parent / "broken").rglob("*.yaml"))
WRITTEN = Draft202012Validator(scenario_schema())
WHOLE = Draft202012Validator(scenario_schema(whole=True))
SMALL = to_plain(read_document(SCENARIOS / "border-clash.yaml"))


def faults(validator: Draft202012Validator, data: object) -> list[str]:
    return [f"{list(error.absolute_path)}: {error.message}" for error in validator.iter_errors(data)]


def broken_in_form(data: object) -> bool:
    """Whether the models refuse the data for more than grammar and comparison, of which no schema knows."""
    try:
        ScenarioModel.model_validate(data)
    except ValidationError as error:
        found = error.errors(include_url=False)
        return any(not is_grammar(fault["input"]) and not is_comparison(fault) for fault in found)
    return False


def is_comparison(fault: Any) -> bool:
    """Whether a fault is that of two values beside each other."""
    asked = fault.get("ctx", {}).get("expected", "")
    words = ("lower bound", "<=", "a weight for each value", "shorter turns", "another actor")
    return any(word in asked for word in words)


def is_grammar(value: object) -> bool:
    """Whether a value is a text that is neither an expression nor an effect."""
    return isinstance(value, str) and not (reads(parse_expression, value) or reads(parse_statement, value))


def reads(parse: Callable[[str], object], text: str) -> bool:
    try:
        parse(text)
    except ExpressionError:
        return False
    return True


def accepted(data: object) -> bool:
    try:
        ScenarioModel.model_validate(data)
    except ValidationError:
        return False
    return True


def test_the_schema_is_a_schema_and_json() -> None:
    for schema in (scenario_schema(), scenario_schema(whole=True)):
        Draft202012Validator.check_schema(schema)
        assert schema["$schema"] == DIALECT
        assert json.loads(json.dumps(schema)) == schema


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_shipped_file_is_taken_as_written(path: Path) -> None:
    assert faults(WRITTEN, to_plain(read_document(path))) == []


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_scenario_is_taken_as_a_whole(name: str) -> None:
    assert faults(WHOLE, load_scenario(SCENARIOS / f"{name}.yaml").plain) == []


@settings(max_examples=20)
@given(SEEDS, st.integers(1, 3))
def test_every_scenario_that_uses_the_whole_format_is_taken(seed: int, size: int) -> None:
    assert faults(WHOLE, invent(seed, size)) == []
    assert faults(WRITTEN, invent(seed, size)) == []


VALUES: Final[list[Any]] = (
    [
        None,
        True,
        0,
        1,
        -1.5,
        24.5,
        float("inf"),
        [],
        {},
        "",
        "x",
        "PRK",
        "1 +",
        "once",
        "each actor",
        "each other",
    ]
    + ["6 months", "2 weeks", "0 weeks", "half a year", "quarter", "2024-07-01", "2024-13-01", "2030-01-31"]
    + [
        "x += 1",
        "x == 1",
        ["a"],
        {"a": 1},
        [1, 2],
        [0, 1, 2],
        {"per": "year", "rate": 1},
        {"uniform": [0, 1]},
    ]
    + [
        {"beta": [1, 2]},
        {"beta": [1, 2, 3]},
        {"discrete": {"values": [1], "weights": [1]}},
        {"dirichlet": {"a": 1}},
    ]
)
KEYS: Final = sorted(
    {key.name for part in written_parts() for key in keys(part)} | {"nonsense", "Foo", "step"}
)


def spoilt(seed: int) -> dict[str, Any]:
    """A valid scenario with one thing in it changed, added or taken away."""
    random = Random(seed)
    data = copy.deepcopy(invent(random.randrange(40), 1))
    here = random.choice(list(containers(data)))
    value = copy.deepcopy(random.choice(VALUES))
    if isinstance(here, list):
        here.append(value)
    elif random.random() < 0.2 and here:
        del here[random.choice(list(here))]
    else:
        here[random.choice([*here, random.choice(KEYS)])] = value
    return data


def containers(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        yield value
        for below in value.values() if isinstance(value, dict) else value:
            yield from containers(below)


@given(SEEDS)
def test_the_schema_and_the_models_agree_on_form(seed: int) -> None:
    data = spoilt(seed)
    if accepted(data):
        assert faults(WHOLE, data) == []
    elif broken_in_form(data):
        assert faults(WHOLE, data) != []


@pytest.mark.parametrize(
    "part",
    [
        "beliefs: {x: {by: each actor, mean: 0, spread: 1, signals: {s: {when: true, noise: 1}}}}",
        "threats: {x: {by: AAA, to: BBB, if: a, then: b, within: 1 day, credibility: {spread: 1, noise: 1}}}",
        "dynamics: {drift: {of: x, towards: 1, half_life: true}}",
        "policies: {p: {rules: {r: {once: true, crisis: [AAA, BBB, CCC]}}}}",
        "policies: {p: {votes: {v: {body: b, for: {utility: 1, expects: {x: 1}}}}}}",
    ],
)
def test_what_the_models_alone_would_find_the_schema_finds_too(part: str) -> None:
    start = "foedus: 1\nid: x\ntitle: X\nclock: {start: 2024-01-01, turn: month, turns: 1}\n"
    data = to_plain(parse_document(f"{start}actors: {{AAA: {{name: A}}, BBB: {{name: B}}}}\n{part}", "a"))
    with pytest.raises(ValidationError) as caught:
        ScenarioModel.model_validate(data)
    assert caught.value.error_count() == 1
    assert broken_in_form(data)
    assert faults(WHOLE, data) != []


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_every_file_that_is_broken_in_form_is_refused(path: Path) -> None:
    try:
        root = read_with_extends(read_document(path), str(path))
    except FoedusError:
        return  # no YAML, or a file that is missing: nothing for a schema to look at
    whole = to_plain(root)
    if broken_in_form(whole):
        assert faults(WRITTEN, to_plain(read_document(path))) + faults(WHOLE, whole) != []


@pytest.mark.parametrize(
    "fragment",
    [
        "actors: {TWN: null}",
        "policies: {beijing: {choices: {voice: {temperature: 0.3}}}}",
        "foedus: 1\nextends: other.yaml\nactors: {PRK: {tags: [a]}}",
        "parameters: {pace: 3}",
        "{}",
    ],
)
def test_a_file_that_others_complete_may_leave_out_and_take_away(fragment: str) -> None:
    assert faults(WRITTEN, to_plain(parse_document(fragment, "a"))) == []


@pytest.mark.parametrize(
    "fragment",
    [
        "actor: {}",
        "actors: {prk: {}}",
        "parameters: {x: {valu: 1}}",
        "clock: {turns: many}",
        "actions: {a: {to: all}}",
    ],
)
def test_a_fragment_is_checked_all_the_same(fragment: str) -> None:
    assert len(faults(WRITTEN, to_plain(parse_document(fragment, "a")))) > 0


@pytest.mark.parametrize("key", ["id", "title", "clock", "actors"])
def test_a_whole_scenario_lacks_nothing(key: str) -> None:
    assert isinstance(SMALL, dict)
    assert any(
        key in fault for fault in faults(WRITTEN, {name: SMALL[name] for name in SMALL if name != key})
    )


@cache
def patterns(name: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": COMMON})


TIMES = st.from_regex(r" ?[0-9]{1,3}(\.[0-9])? ?(day|week|month|quarter|year|yeer)s? ?", fullmatch=True)


@given(TIMES | st.text(st.characters(max_codepoint=126), max_size=12))
def test_durations_and_cadences_are_told_as_the_clock_tells_them(text: str) -> None:
    assert patterns("duration").is_valid(text) == (parse_duration(text) is not None)
    assert patterns("cadence").is_valid(text) == (parse_step(text) is not None)


@given(st.dates().map(str) | st.from_regex(r"20[0-9]{2}-[01][0-9]-[0-3][0-9]", fullmatch=True))
def test_every_date_is_taken(text: str) -> None:
    if parse_date(text) is not None:
        assert patterns("date").is_valid(text)
    elif patterns("date").is_valid(text):
        assert text[-2:] in ("29", "30", "31")  # no pattern knows the months


def test_every_part_and_every_key_says_what_it_means() -> None:
    definitions = scenario_schema()["$defs"]
    for part in written_parts():
        definition = definitions[part_name(part).replace(" ", "_")]
        mapping = next((form for form in definition.get("anyOf", ()) if "properties" in form), definition)
        assert all(value["description"] for value in mapping["properties"].values()), part_name(part)
        assert all(key.meaning for key in keys(part))
        assert meaning(part)


def test_the_smallest_whole_scenario_is_taken_by_both() -> None:
    clock = "{start: 2030-01-01, turn: month, turns: 1}"
    text = f"foedus: 1\nid: a\ntitle: A\nclock: {clock}\nactors: {{A: {{name: a}}}}\n"
    assert world(text).turns == 1
    assert faults(WRITTEN, to_plain(parse_document(text, "a"))) == []

"""Scenarios in canonical form: keys in the order of the format, and not a bit of any result moved."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings

from sim.compile import compile_scenario
from sim.scenario import load_scenario, parse_scenario
from sim.scenario.diff import diff_scenarios
from sim.scenario.document import ScenarioModel
from sim.scenario.format import format_file, format_scenario, scenario_shape
from sim.scenario.keys import keys, written_parts
from sim.scenario.models import Choice, Parameter, Rule
from sim.text import FoedusError
from sim.text.files import write_text
from sim.text.format import WIDTH, meaning
from tests.strategies import permuted, scenarios
from tests.tools.test_reference import EXAMPLES
from tests.worlds import SCENARIOS, SHIPPED, history

FILES = sorted(
    path
    for path in SCENARIOS.rglob("*.yaml")
    if path.parent.name not in ("cases", "experiments") and path.name != "texts.yaml"
)
SMALL = (SCENARIOS / "border-clash.yaml").read_text("utf-8")


@cache
def in_form(path: Path) -> str:
    return format_scenario(path.read_text("utf-8"), path.name)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_shipped_file_can_be_formatted(path: Path) -> None:
    text = path.read_text("utf-8")
    made = in_form(path)
    assert format_scenario(made, path.name) == made
    assert meaning(made, "a") == meaning(text, "b")


@pytest.fixture(scope="module")
def formatted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all of them in canonical form, beside the ledgers."""
    folder = tmp_path_factory.mktemp("formatted") / "scenarios"
    for path in FILES:
        copy = folder / path.relative_to(SCENARIOS)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(in_form(path), "utf-8")
    (folder.parent / "seeds").symlink_to(SCENARIOS.parent / "seeds")
    return folder


@pytest.mark.parametrize("name", SHIPPED)
def test_formatting_changes_no_hash_of_a_scenario_or_of_a_state(name: str, formatted: Path) -> None:
    before = load_scenario(SCENARIOS / f"{name}.yaml")
    after = load_scenario(formatted / f"{name}.yaml")
    assert after.hash == before.hash
    played_after = history(compile_scenario(after), [0, 7], seed=5)
    assert played_after == history(compile_scenario(before), [0, 7], seed=5)


@settings(max_examples=20)
@given(scenarios().flatmap(permuted))
def test_any_scenario_keeps_its_meaning_and_its_hash(text: str) -> None:
    made = format_scenario(text)
    assert format_scenario(made) == made
    before, after = parse_scenario(text), parse_scenario(made)
    assert after.hash == before.hash
    assert diff_scenarios(before, after) == []


def test_a_permuted_scenario_comes_out_with_its_keys_in_one_order() -> None:
    one = format_scenario("title: T\nid: t\nfoedus: 1\n")
    assert one == "foedus: 1\nid: t\ntitle: T\n"
    rule = "world: {rules: {r: {assumed: why, chance: {rate: 1, per: year}, when: x, for: {y: each a}}}}"
    assert format_scenario(rule).index("for:") < format_scenario(rule).index("when:")
    assert "{per: year, rate: 1}" in format_scenario(rule)


def test_ids_keep_the_authors_order() -> None:
    text = "actors:\n  B: {name: b}\n  A: {name: a}\n"
    assert format_scenario(text) == text


@pytest.mark.parametrize("text", [text for _, text in EXAMPLES])
def test_the_examples_of_the_reference_are_in_canonical_form(text: str) -> None:
    assert format_scenario(text) == text


def test_a_part_begins_with_whom_and_when_and_ends_with_its_grade_and_what_hangs_below() -> None:
    names = {part: [key.name for key in keys(part)] for part in (ScenarioModel, Rule, Choice, Parameter)}
    assert names[ScenarioModel][:3] == ["foedus", "id", "title"]
    assert names[Rule][:3] == ["for", "when", "chance"]
    assert names[Choice][-1] == "options"
    assert names[Parameter][:3] == ["title", "value", "distribution"]
    assert (
        names[Parameter].index("unit") < names[Parameter].index("measured") < names[Parameter].index("note")
    )


def test_the_shape_knows_every_key_of_the_format() -> None:
    shape = scenario_shape()
    assert set(shape.keys) == {key.name for key in keys(ScenarioModel)}
    option = shape.below("policies").below("any").below("choices").below("any").below("options").below("any")
    assert option.keys[:2] == ("when", "utility")
    assert option.below("do").below(None).below("squeeze").keys == ("target",)
    assert all(keys(part) for part in written_parts())


def test_a_file_is_rewritten_only_if_it_must_and_only_if_asked(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a:   1\n", "utf-8")
    path.chmod(0o640)
    assert format_file(path, check=True)
    assert path.read_text("utf-8") == "a:   1\n"
    assert format_file(path)
    assert path.read_text("utf-8") == "a: 1\n"
    assert path.stat().st_mode & 0o777 == 0o640
    assert not format_file(path)
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_reached_by_a_link_is_rewritten_where_it_is(tmp_path: Path) -> None:
    path, link = tmp_path / "a.yaml", tmp_path / "b.yaml"
    path.write_text("a:   1\n", "utf-8")
    link.symlink_to(path)
    assert format_file(link)
    assert link.is_symlink()
    assert path.read_text("utf-8") == "a: 1\n"


def test_a_file_that_cannot_be_replaced_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a:   1\n", "utf-8")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(FoedusError, match="cannot be written: no space left"):
        write_text(path, "a: 1\n")
    assert path.read_text("utf-8") == "a:   1\n"
    assert list(tmp_path.iterdir()) == [path]


def test_a_line_is_as_long_as_its_longest_text_and_no_longer() -> None:
    made = format_scenario(SMALL)
    brackets = [line for line in made.splitlines() if line.rstrip().endswith(("}", "]")) and "#" not in line]
    assert brackets
    assert max(map(len, brackets)) <= WIDTH

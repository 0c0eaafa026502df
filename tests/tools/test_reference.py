"""The language reference: it is up to date, complete, and every example on it runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts.pages import ROOT
from scripts.reference_tables import FAMILIES, FUNCTIONS, READERS
from scripts.write_reference import PAGE, UnsaidError, main, page, type_text
from sim.compile import compile_scenario
from sim.scenario import Scenario, parse_scenario, parts
from sim.scenario import distributions as ds
from sim.scenario import trees as ex
from sim.scenario.expressions import FUNCTIONS as LANGUAGE
from sim.scenario.keys import keys, part_name, written_parts
from sim.scenario.merge import merge
from sim.text import FoedusError, Mapping, parse_document, to_plain
from tests.domain.promised import changed
from tests.worlds import played, text_of

FILE = str(PAGE.with_name("example.yaml"))
EXAMPLES = re.findall(
    r"^```yaml (scenario|fragment)\n(.*?)^```$", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE
)
HEAD = next(text for _, text in EXAMPLES if "\nactions:" in text)


def resolved(kind: str, text: str) -> str:
    """An example as a whole scenario."""
    if kind == "scenario":
        return text
    head, over = parse_document(HEAD, FILE), parse_document(text, FILE)
    assert isinstance(head, Mapping)
    assert isinstance(over, Mapping)
    plain = to_plain(merge(head, over))
    assert isinstance(plain, dict)
    return text_of(plain)


@cache
def examples() -> tuple[Scenario, ...]:
    return tuple(parse_scenario(resolved(kind, text), FILE) for kind, text in EXAMPLES)


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_every_example_of_the_reference_runs(number: int) -> None:
    program = compile_scenario(parse_scenario(resolved(*EXAMPLES[number]), FILE))
    assert played(program, runs=8, turns=2).turn == 2


def test_the_page_is_as_its_generator_writes_it() -> None:
    assert PAGE.read_text("utf-8") == page()
    assert main(["--check"]) == 0


def test_the_generator_says_how_it_is_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--force"]) == 2
    assert "write_reference.py [--check]" in capsys.readouterr().err


def test_every_key_of_the_format_stands_in_an_example() -> None:
    given = {
        (part_name(type(part)), field)
        for scenario in examples()
        for _, part in parts(scenario.model)
        for field in part.model_fields_set
    }
    given |= {("scenario", "extends")} if any("\nextends:" in text for _, text in EXAMPLES) else set()
    shared = (
        "note",
        "measured",
        "informed",
        "assumed",
        "disagreement",
        "review_by",
        "title",
        "unit",
        "min",
        "max",
    )
    own = {(part_name(part), key.field) for part in written_parts() for key in keys(part)}
    assert {found for found in own if found[1] not in shared} - given == set()
    assert {field for _, field in given} >= set(shared)


def test_every_function_and_every_distribution_stands_in_the_tables_and_in_an_example() -> None:
    assert set(FUNCTIONS) == set(LANGUAGE)
    assert set(FAMILIES) == set(ds.FAMILIES)
    trees = [tree for scenario in examples() for tree in every_tree(scenario)]
    used = {tree.function for tree in trees if isinstance(tree, ex.Call | ex.Reduce)}
    drawn = {
        parameter.distribution.family
        for scenario in examples()
        for parameter in scenario.model.parameters.values()
        if parameter.distribution is not None
    }
    assert set(READERS) == set(ex.READERS)
    assert used == set(LANGUAGE) | set(READERS)
    assert drawn == set(ds.FAMILIES)


def every_tree(scenario: Scenario) -> Iterator[Any]:
    waiting: list[Any] = [
        getattr(part, field) for _, part in parts(scenario.model) for field in part.model_fields_set
    ]
    while waiting:
        here = waiting.pop()
        if isinstance(here, tuple):
            waiting += here
        elif hasattr(here, "__dataclass_fields__"):
            yield here
            waiting += [getattr(here, name) for name in here.__dataclass_fields__]


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^a-z0-9 -]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def test_the_links_of_the_page_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]*)#?([^)]*)\)", PAGE.read_text("utf-8"))
    assert len(links) > 100
    for page_name, anchor in links:
        linked = PAGE.parent / page_name if page_name else PAGE
        assert linked.is_file(), page_name
        assert not anchor or anchor in anchors(linked), anchor


def test_a_part_without_a_meaning_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scripts.write_reference.meaning", lambda _: "")
    with pytest.raises(UnsaidError, match=r"meanings.py: PARTS has no ScenarioModel"):
        page()


def test_no_type_is_left_to_python_to_name() -> None:
    for part in written_parts():
        for key in keys(part):
            assert not re.search(r"class|typing|sim\.", type_text(key.type)), key.name
    assert ROOT.joinpath("scripts/templates/language.md").is_file()
    assert yaml.safe_load(HEAD)["id"] == "reference"


ARTICLE = """\
Needs `trigger` or `forbids`. `trigger` needs `ladder` and `honoured_from`. `breach` needs `forbids`. \
`disclosed` needs `secret: true`. `reliability` and `obligation` exclude each other. \
`forbids` excludes `trigger`, `honoured_from` and `credibility`."""
TRIGGER = "Needs `armed_attack` or `attack_by`. `armed_attack` and `attack_by` exclude each other."


@pytest.mark.parametrize(
    ("name", "rules"),
    [
        ("Article", ARTICLE),
        ("Trigger", TRIGGER),
        ("Notice", "`on` and `when` exclude each other."),
        ("Clock", ""),
    ],
)
def test_a_part_says_which_keys_need_or_exclude_which(name: str, rules: str) -> None:
    section = PAGE.read_text("utf-8").split(f"\n## {name}\n")[1].split("\n## ")[0]
    said = re.findall(r"^(?:Needs `|`).*\.$", section, re.MULTILINE)
    assert said == ([rules] if rules else [])


@pytest.mark.parametrize(
    ("key", "value", "other"),
    [
        ("obligation", 1, "reliability"),
        ("forbids", "force", "trigger"),
        ("breach", "ends", "forbids"),
        ("disclosed", "true", "secret"),
    ],
)
def test_what_is_said_of_an_article_holds(key: str, value: object, other: str) -> None:
    sound = changed({})
    parse_scenario(text_of(sound))
    sound["commitments"]["pact"]["articles"]["article_1"][key] = value
    with pytest.raises(FoedusError, match=other):
        parse_scenario(text_of(sound))

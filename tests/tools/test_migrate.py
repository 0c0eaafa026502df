"""Files of older versions come up to the present one with their comments; future ones are refused."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from sim.scenario.format import format_scenario
from sim.scenario.migrate import FORMAT, Format, migrate, migrate_files, wrong_version
from sim.text import FoedusError, parse_document
from sim.text.written import Collection, Document, Text
from tests.worlds import SCENARIOS

OLD: Final = """\
# What it is about
foedus: 1
title: Old # never changed
countries: # to become actors
  A: {name: a}
"""
NEW: Final = """\
# What it is about
foedus: 2
title: Old  # never changed

actors:  # to become actors
  A: {name: a}
"""


def countries_become_actors(document: Document) -> None:
    """A step such as a version 2 of the format might need."""
    assert isinstance(document.root, Collection)
    member = document.root.member("countries")
    if member is not None:
        member.key = Text("actors")


FUTURE: Final = Format({1: countries_become_actors})


def test_the_present_version_is_the_one_that_the_models_read() -> None:
    assert FORMAT.current == 1
    text = (SCENARIOS / "first-steps.yaml").read_text("utf-8")
    assert migrate(text) == text
    assert wrong_version(parse_document(text, "a")) is None
    future = wrong_version(parse_document("foedus: 2\n", "a"))
    assert future is not None
    assert future.code == "future-version"


def test_a_step_changes_the_file_and_keeps_its_comments() -> None:
    assert migrate(OLD, known=FUTURE) == NEW
    assert migrate(NEW, known=FUTURE) == NEW
    assert format_scenario(NEW).startswith("# What it is about\nfoedus: 2\n")


def test_steps_are_taken_one_after_the_other() -> None:
    taken = []
    known = Format({1: lambda _: taken.append(1), 2: lambda _: taken.append(2), 3: lambda _: taken.append(3)})
    assert migrate("foedus: 2\n", known=known) == "foedus: 4\n"
    assert taken == [2, 3]


def test_a_fragment_has_the_version_of_the_scenario_that_extends_it() -> None:
    assert migrate("countries: {}\n", version=1, known=FUTURE) == "actors: {}\n"
    assert migrate("countries: {}\n", version=2, known=FUTURE) == "countries: {}\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "foedus: 2\n",
            r"a\.yaml:1:9: .*version 2 of the format.*expected foedus: 1; a newer foedus reads it",
        ),
        ("title: x\n", r"a\.yaml:1:1: the file does not say for which version.*expected foedus: 1"),
        ("- 1\n", r"a\.yaml:1:1: the file does not say"),
        ("title: x\nfoedus: one\n", r"a\.yaml:2:9: this is no version of the format; expected foedus: 1"),
        ("foedus: 0\n", r"a\.yaml:1:9: this is no version"),
        ("foedus: 1.0\n", r"a\.yaml:1:9: this is no version"),
        ("foedus: true\n", r"a\.yaml:1:9: this is no version"),
        ("foedus: {}\n", r"a\.yaml:1:9: this is no version"),
        ("foedus: [\n", r"a\.yaml:1:10: "),
    ],
)
def test_a_version_that_is_missing_wrong_or_of_the_future_is_refused(text: str, said: str) -> None:
    with pytest.raises(FoedusError, match=said):
        migrate(text, "a.yaml")


def test_a_future_version_says_what_this_foedus_reads() -> None:
    with pytest.raises(FoedusError, match=r"version 3 of the format.*expected a version from 1 to 2"):
        migrate("foedus: 3\n", known=FUTURE)


def test_a_scenario_is_migrated_with_all_that_it_extends(tmp_path: Path) -> None:
    main, part, deep = tmp_path / "main.yaml", tmp_path / "part.yaml", tmp_path / "deep.yaml"
    main.write_text("foedus: 1\nextends: part.yaml\n", "utf-8")
    part.write_text("extends: [deep.yaml, main.yaml]\ncountries: {A: 1}\n", "utf-8")
    deep.write_text("other: 1\n", "utf-8")
    assert migrate_files(main, check=True, known=FUTURE) == [main, part]
    assert part.read_text("utf-8").startswith("extends: [deep")
    assert migrate_files(main, known=FUTURE) == [main, part]
    assert "actors: {A: 1}" in part.read_text("utf-8")
    assert main.read_text("utf-8").startswith("foedus: 2\n")
    assert migrate_files(main, known=FUTURE) == []


def test_nothing_is_written_if_one_file_cannot_be_read(tmp_path: Path) -> None:
    main = tmp_path / "main.yaml"
    main.write_text("foedus: 1\nextends: missing.yaml\n", "utf-8")
    with pytest.raises(FoedusError, match="no such file"):
        migrate_files(main, known=FUTURE)
    assert main.read_text("utf-8").startswith("foedus: 1\n")

"""A file given where one of another kind belongs: one fault, at the key that tells, and where it belongs."""

from __future__ import annotations

import pytest

from tests.cli.command import ROOT, foedus

CLASH = "scenarios/border-clash.yaml"
FRIENDS = "scenarios/experiments/border-friends.yaml"
CASE = "scenarios/cases/005-a-rate-is-a-chance-a-turn.yaml"
LEDGER = "seeds/001-editorial-strategic-defiance.yaml"
RATES = "seeds/base_rates.yaml"


@pytest.mark.parametrize(
    ("command", "file", "expected"),
    [
        (
            "experiment",
            CLASH,
            "this is a scenario, not an experiment; expected an experiment; 'foedus validate'",
        ),
        ("experiment", CASE, "this is a case, not an experiment; expected an experiment; 'foedus cases'"),
        (
            "validate",
            FRIENDS,
            "this is an experiment, not a scenario; expected a scenario; 'foedus experiment'",
        ),
        ("run", CASE, "this is a case, not a scenario; expected a scenario; 'foedus cases' plays this"),
        (
            "information",
            LEDGER,
            "this is a ledger of evidence, not a scenario; expected a scenario; a scenario names",
        ),
        ("evidence", RATES, "this is a ledger of evidence, not a scenario"),
        ("cases", CLASH, "this is a scenario, not a case; expected a case; 'foedus validate' reads this"),
    ],
)
def test_a_file_of_another_kind_is_named_in_one_line(command: str, file: str, expected: str) -> None:
    path = str(ROOT / file)
    found = foedus(command, path)
    assert found.exit_code == 1
    (line,) = found.stderr.splitlines()
    place, said = line.removeprefix(path).split(": ", 1)
    assert said.startswith(expected)
    assert all(part.isdigit() for part in place[1:].split(":"))

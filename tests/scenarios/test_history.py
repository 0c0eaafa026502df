"""What happened is told beside what was given for it, and the page is current."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.write_history import PAGE, comparison, main, record, scenario
from sim.evidence import load_evidence
from sim.scenario import parts
from sim.scenario.graded import Graded

ROOT = Path(__file__).parents[2]
NAMES = tuple(record())


@pytest.mark.parametrize("name", NAMES)
def test_the_page_is_current(name: str) -> None:
    # The scenario's hash stands in it, so that the accounts of actors need not be played again.
    assert "\n".join(comparison(name, record()[name])) in PAGE.read_text("utf-8")


def test_it_takes_one_option() -> None:
    assert main(["--wrong"]) == 2


@pytest.mark.parametrize("name", NAMES)
def test_every_outcome_has_its_answer_and_a_naive_rate(name: str) -> None:
    read = scenario(name)
    assert {entry.outcome for entry in record()[name]} == set(read.model.outcomes)
    assert {entry.naive for entry in record()[name]} <= set(read.evidence.base_rates)
    for entry in record()[name]:
        assert entry.happened == bool(entry.date), entry.outcome
        assert not entry.given or entry.given in read.model.outcomes


@pytest.mark.parametrize("name", NAMES)
def test_what_happened_came_within_the_time_of_its_outcome(name: str) -> None:
    model = scenario(name).model
    for entry in record()[name]:
        ends = model.outcomes[entry.outcome].by or model.outcomes[entry.outcome].at
        if entry.happened:
            assert str(model.clock.start) <= entry.date <= str(ends), entry.outcome


@pytest.mark.parametrize("name", NAMES)
def test_the_base_case_cites_no_account_written_by_those_who_knew_the_end(name: str) -> None:
    accounts = {fact for fact in scenario(name).evidence.facts if fact.startswith("account-")}
    assert accounts
    cited = {
        fact
        for path, part in parts(scenario(name).model)
        if isinstance(part, Graded) and "doctrines" not in path
        for fact in (*(part.measured or ()), *(part.informed or ()))
    }
    assert cited.isdisjoint(accounts)


@pytest.mark.parametrize("name", NAMES)
def test_every_fact_of_a_ledger_is_dated_no_later_than_the_first_day(name: str) -> None:
    facts = load_evidence(ROOT / "seeds" / "history" / name, name).facts.values()
    first = str(scenario(name).model.clock.start)
    for fact in facts:
        last = (fact.date or "").split("/")[-1]
        assert last, fact.id
        assert last <= first or first.startswith(last), fact.id

"""The ledgers of this repository: how much they hold, and that they hold together."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.evidence import Evidence, load_evidence

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = {"000", "001", "002", "003", "004"}


@pytest.fixture(scope="module")
def seeds() -> Evidence:
    return load_evidence(ROOT / "seeds", "seeds")


def test_the_ledgers_hold_what_was_read_in_the_documents(seeds: Evidence) -> None:
    held = {
        "documents": 5,
        "actors": 53,
        "facts": 267,
        "mechanisms": 79,
        "observables": 101,
        "commitments": 58,
        "questions": 30,
        "disagreements": 28,  # 26 among the documents, two with published figures
        "base_rates": 132,
    }
    assert {section: len(getattr(seeds, section)) for section in held} == held


def test_every_document_is_one_of_the_five_and_says_who_speaks(seeds: Evidence) -> None:
    assert set(seeds.documents) == DOCUMENTS
    assert all(document.date and document.perspective for document in seeds.documents.values())
    assert {document for fact in seeds.facts.values() for document in fact.documents} == DOCUMENTS


def test_a_fact_stands_in_the_file_of_the_first_document_that_states_it(seeds: Evidence) -> None:
    for fact in seeds.facts.values():
        assert Path(fact.place.file).name.startswith(f"{min(fact.documents)}-"), fact.id


def test_every_fact_says_how_far_it_is_believed(seeds: Evidence) -> None:
    assert all(fact.confidence and fact.actors for fact in seeds.facts.values())
    doubtful = {"hedged", "alleged"}
    assert all(fact.confidence != "high" for fact in seeds.facts.values() if fact.modality in doubtful)


def test_26_disagreements_are_among_the_documents(seeds: Evidence) -> None:
    among = [
        one
        for one in seeds.disagreements.values()
        if sum(claim.source in DOCUMENTS for claim in one.claims) > 1
    ]
    assert len(among) == 26


def test_what_is_alleged_or_an_aim_is_marked(seeds: Evidence) -> None:
    status = {name: one.status for name, one in seeds.mechanisms.items()}
    assert status["undermine-peace-summit"] == "alleged"
    assert {name for name, one in status.items() if one == "aim"} == {
        "crisis-pulls-us-to-asia",
        "nato-asia-coupling",
        "architecture-talk-erodes-alliances",
        "russia-literacy-response",
    }
    mixed = {name for name, one in seeds.mechanisms.items() if one.sign == "mixed"}
    assert mixed == {
        "crisis-pulls-us-to-asia",
        "rok-threat-russia-deters",
        "rules-decay-hits-middle-powers",
        "signal-to-xi",
    }


def test_each_observable_is_of_a_mechanism(seeds: Evidence) -> None:
    seen = {name for one in seeds.mechanisms.values() for name in one.observables}
    assert seen == set(seeds.observables)


def test_what_is_fitted_is_not_held_out(seeds: Evidence) -> None:
    assert not set(seeds.fitted) & set(seeds.held_out)
    assert (len(seeds.fitted), len(seeds.held_out)) == (28, 10)

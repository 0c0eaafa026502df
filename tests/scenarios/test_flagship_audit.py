"""The flagship's audit: every mechanism of the ledgers stands in it, with the sign that the ledgers have."""

from __future__ import annotations

import re

from tests.scenarios.ensembles import flagship
from tests.worlds import SCENARIOS

PAGE = SCENARIOS.parent / "docs" / "mechanisms.md"


def test_every_mechanism_of_the_ledgers_is_asked_about_and_no_other() -> None:
    scenario = flagship()
    assert scenario.model.mechanisms.keys() == scenario.evidence.mechanisms.keys()


def test_a_sign_is_that_of_the_ledgers_or_a_note_says_why_it_is_not() -> None:
    scenario = flagship()
    for id_, mechanism in scenario.model.mechanisms.items():
        assert mechanism.sign == scenario.evidence.mechanisms[id_].sign or mechanism.note, id_


def test_what_is_watched_is_an_observable_of_the_ledgers_or_a_note_says_why_it_is_not() -> None:
    scenario = flagship()
    for id_, mechanism in scenario.model.mechanisms.items():
        observables = {name.removesuffix("_index") for name in scenario.evidence.mechanisms[id_].observables}
        assert mechanism.observable.removesuffix("_index") in observables or mechanism.note, id_


def test_the_smallest_effect_that_matters_is_the_same_for_all() -> None:
    assert {mechanism.least for mechanism in flagship().model.mechanisms.values()} == {0.1}


def test_the_page_names_every_mechanism_that_has_no_link() -> None:
    stated = flagship().model.mechanisms
    weakness = PAGE.read_text("utf-8").partition("- **One step.**")[2].partition("- **The only way.**")[0]
    alone = {id_ for id_, mechanism in stated.items() if mechanism.through is None}
    assert set(re.findall(r"`([a-z0-9-]+)`", weakness)) == alone
    assert f"In {len(alone)} of the flagship's {len(stated)} mechanisms" in weakness
    assert all("one step: " in (stated[id_].note or "") for id_ in alone)

"""The JSON Schema takes every case of the suite, and refuses what a case may not say."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from sim.scenario.case import CaseModel, CaseOrder, Expectation
from sim.scenario.case_schema import file_schema
from sim.text import parse_document, read_document, to_plain
from tests.cases.written import CASE
from tests.worlds import SCENARIOS, SHIPPED

SCHEMA = file_schema()
VALID = Draft202012Validator(SCHEMA)
CASES = sorted((SCENARIOS / "cases").glob("*-*.yaml"))
SOUND: Any = to_plain(parse_document(CASE, "case.yaml"))


def changed(**changes: Any) -> Any:
    made = copy.deepcopy(SOUND)
    for key, value in changes.items():
        if value is None:
            del made[key]
        else:
            made[key] = value
    return made


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_every_case_and_every_scenario_is_accepted() -> None:
    scenarios = [SCENARIOS / f"{name}.yaml" for name in SHIPPED]
    refused = [
        path.name for path in (*CASES, *scenarios) if not VALID.is_valid(to_plain(read_document(path)))
    ]
    assert len(CASES) > 150
    assert refused == []


def test_it_has_the_keys_of_the_models() -> None:
    for name, model in (("case", CaseModel), ("case_order", CaseOrder), ("case_expectation", Expectation)):
        part = SCHEMA["$defs"][name]
        assert set(part["properties"]) == set(model.model_fields)
        assert set(part["required"]) == {
            key for key, field in model.model_fields.items() if field.is_required()
        }
        assert all(key["description"] for key in part["properties"].values())


@pytest.mark.parametrize(
    "wrong",
    [
        changed(reason=None),
        changed(reasn="because"),
        changed(family="sequence_of_pley"),
        changed(case=0),
        changed(expect=[]),
        changed(expect=[{"turn": 1, "that": True, "value": 1, "equals": 1}]),
        changed(expect=[{"turn": 1, "value": 1}]),
        changed(expect=[{"turn": 1, "that": True, "equals": 1}]),
        changed(expect=[{"turn": 1, "share": True}]),
        changed(expect=[{"turn": 1, "value": 1, "between": [1]}]),
        changed(treaty="nato_5"),
        changed(scenario={**SOUND["scenario"], "actrs": {}}),
        changed(orders=[{"turn": 1, "actor": "A"}]),
    ],
)
def test_a_case_that_is_broken_in_form_is_refused(wrong: Any) -> None:
    assert VALID.is_valid(SOUND)
    assert not VALID.is_valid(wrong)

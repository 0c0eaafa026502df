"""The JSON Schema of any file that foedus reads: a scenario, a part of one, or a case of the public suite."""

from __future__ import annotations

from typing import Any, Final

from sim.scenario.case import FAMILIES
from sim.scenario.schema import Schema, scenario_schema

_TEXT: Final[Schema] = {"type": "string", "minLength": 1, "maxLength": 1_000}
_EXPRESSION: Final[Schema] = {"type": ["string", "number", "boolean"]}
_NUMBER: Final[Schema] = {"type": "number"}
_KINDS: Final = ("that", "value", "row", "share")

_KEYS: Final[dict[str, tuple[Schema, str]]] = {
    "case": (
        {"type": "integer", "minimum": 1, "maximum": 999},
        "Its number; the name of the file begins with it.",
    ),
    "title": (_TEXT, "What it shows."),
    "family": ({"enum": list(FAMILIES)}, "The part of the adjudication that it is about."),
    "situation": (_TEXT, "Two sentences in plain words."),
    "treaty": (_TEXT, "A text of the library, in place of the wording of the article under test."),
    "under_test": (
        {"type": "string", "pattern": r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$"},
        "The article, COMMITMENT.ARTICLE, whose wording is the point.",
    ),
    "orders": ({"type": "array", "items": {"$ref": "#/$defs/case_order"}}, "Decisions taken by hand."),
    "seed": ({"type": "integer", "minimum": 0, "maximum": 2**32 - 1}, "Of all luck; 0 if not given."),
    "expect": (
        {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/case_expectation"}},
        "What must hold when a turn has been played.",
    ),
    "reason": (_TEXT, "Why it comes out so, by the rules."),
    "rules": (
        {"type": "array", "items": {"type": "string", "pattern": "^[A-Z][0-9]+$"}},
        "Rules of adjudication without which it would come out otherwise.",
    ),
    "note": (_TEXT, "For readers."),
}
_REQUIRED: Final = ("case", "title", "family", "situation", "scenario", "expect", "reason")

_ORDER: Final[Schema] = {
    "type": "object",
    "properties": {
        "turn": {"type": "integer", "minimum": 1, "description": "In which it is carried out."},
        "actor": {**_TEXT, "description": "Whose decision it is."},
        "decision": {**_TEXT, "description": "Its rule or choice, with bindings after a slash."},
        "option": {**_TEXT, "description": "An option of a choice; do or refrain of a rule."},
    },
    "required": ["turn", "actor", "decision", "option"],
    "additionalProperties": False,
}

_EXPECTATION: Final[Schema] = {
    "type": "object",
    "properties": {
        "turn": {
            "type": "integer",
            "minimum": 0,
            "description": "The turn that has been played; 0 is before play.",
        },
        "that": {**_EXPRESSION, "description": "A condition that holds in every run."},
        "value": {**_EXPRESSION, "description": "A number that is the same in every run."},
        "row": {**_TEXT, "description": "A row of the state by its name."},
        "share": {**_EXPRESSION, "description": "A condition that holds in a share of the runs."},
        "equals": {**_NUMBER, "description": "What a value or row is."},
        "between": {
            "type": "array",
            "items": _NUMBER,
            "minItems": 2,
            "maxItems": 2,
            "description": "Bounds of a value or row.",
        },
        "of": {"type": "number", "minimum": 0, "maximum": 1, "description": "The share of the runs."},
    },
    "required": ["turn"],
    "additionalProperties": False,
    "oneOf": [{"required": [kind]} for kind in _KINDS],
    "allOf": [
        {
            "if": {"anyOf": [{"required": ["value"]}, {"required": ["row"]}]},
            "then": {"oneOf": [{"required": ["equals"]}, {"required": ["between"]}]},
            "else": {"not": {"anyOf": [{"required": ["equals"]}, {"required": ["between"]}]}},
        }
    ],
    "dependentRequired": {"share": ["of"], "of": ["share"]},
}


def file_schema() -> Schema:
    """The JSON Schema of a file: of a case if it says which, otherwise of a scenario."""
    scenario = scenario_schema()
    definitions = scenario["$defs"] | {"case": _case(scenario["else"])}
    definitions |= {"case_order": _ORDER, "case_expectation": _EXPECTATION}
    asked = {key: value for key, value in scenario.items() if key in ("if", "then", "else")}
    return {
        **{key: scenario[key] for key in ("$schema", "title", "description", "type")},
        "if": {"required": ["case"]},
        "then": {"$ref": "#/$defs/case"},
        "else": asked,
        "$defs": definitions,
    }


def _case(scenario: Schema) -> Schema:
    known: dict[str, Any] = {name: {**held, "description": says} for name, (held, says) in _KEYS.items()}
    known["scenario"] = {
        **scenario,
        "description": "A scenario like any other; foedus, id and title may be left out.",
    }
    return {
        "type": "object",
        "title": "foedus case",
        "properties": known,
        "required": list(_REQUIRED),
        "additionalProperties": False,
        "dependentRequired": {"treaty": ["under_test"]},
    }

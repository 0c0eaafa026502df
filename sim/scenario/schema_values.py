"""What single values of the format look like, as JSON Schema: dates, durations, distributions, deeds."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from sim.scenario.clock import Duration, Step
from sim.scenario.distributions import FAMILIES, MIN_CONCENTRATION, Distribution
from sim.scenario.trees import Expression, Statement

Schema = dict[str, Any]

LARGEST: Final = 1.7976931348623157e308
_UNITS: Final = "day|week|month|quarter|year"
_ARGUMENTS: Final = {
    "uniform": ("low", "high"),
    "normal": ("mean", "sd"),
    "lognormal": ("median", "sigma"),
    "triangular": ("low", "mode", "high"),
    "pert": ("low", "mode", "high"),
    "beta": ("alpha", "beta", "low", "high"),
}
_AT_LEAST: Final[Schema] = {
    "sd": {"minimum": 0},
    "sigma": {"minimum": 0},
    "median": {"exclusiveMinimum": 0},
    "alpha": {"exclusiveMinimum": 0},
    "beta": {"exclusiveMinimum": 0},
}
"""Bounds of arguments. Which of two is the larger no schema can say."""
_OPTIONAL: Final = {"beta": 2}
"""How many arguments at the end may be left out together."""


def ref(name: str) -> Schema:
    """A reference to a definition of the schema."""
    return {"$ref": f"#/$defs/{name}"}


def _text(description: str, pattern: str) -> Schema:
    """A text of this form; editors show the description where it is not."""
    return {
        "type": "string",
        "description": description,
        "pattern": pattern,
        "patternErrorMessage": description,
    }


def _family(name: str) -> Schema:
    """The arguments of a distribution, as a list or by name."""
    number = ref("number")
    if name == "discrete":
        weight = {"allOf": [number, {"minimum": 0}]}
        return {
            "type": "object",
            "properties": {
                "values": {"type": "array", "items": number, "minItems": 1},
                "weights": {"type": "array", "items": weight, "contains": {"exclusiveMinimum": 0}},
            },
            "required": ["values", "weights"],
            "additionalProperties": False,
        }
    if name == "dirichlet":
        return {
            "type": "object",
            "propertyNames": {"pattern": "^[A-Za-z_][A-Za-z0-9_]*$"},
            "additionalProperties": {"allOf": [number, {"minimum": MIN_CONCENTRATION}]},
            "minProperties": 2,
        }
    names = _ARGUMENTS[name]
    bounds = [
        {"allOf": [number, _AT_LEAST[argument]]} if argument in _AT_LEAST else number for argument in names
    ]
    forms: list[Schema] = []
    for count in sorted({len(names), len(names) - _OPTIONAL.get(name, 0)}):
        used = names[:count]
        forms += [
            {"type": "array", "prefixItems": bounds[:count], "minItems": count, "maxItems": count},
            {
                "type": "object",
                "properties": dict(zip(used, bounds, strict=False)),
                "required": list(used),
                "additionalProperties": False,
            },
        ]
    return {"anyOf": forms, "description": f"{name}: [{', '.join(names)}]"}


def deed(value: Schema) -> Schema:
    """An item of `do`, whose arguments look like `value`."""
    action = {"type": "string", "pattern": "^[a-z][a-z0-9_]*$", "maxLength": 80}
    arguments = {
        "type": "object",
        "properties": {"target": {"type": ["string", "null"]}},
        "patternProperties": {"^(?!target$)[a-z][a-z0-9_]*$": value},
        "additionalProperties": False,
    }
    named = {
        "type": "object",
        "patternProperties": {action["pattern"]: {"anyOf": [{"type": ["string", "null"]}, arguments]}},
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }
    description = "`ACTION`, `ACTION: TARGET` or `ACTION: {target: ACTOR, NAME: VALUE}`"
    return {"anyOf": [action, named], "description": description}


_EXPRESSION: Final = "An expression, such as 0.5*confidence[PRK] + 0.1; == compares."
_NO_EFFECT: Final = r"^(?![\s\S]*(^|[^=<>!])=([^=]|$))[\s\S]*\S"
_EXAMPLE_DATE: Final = "A date, such as 2024-07-01."
_ACTOR: Final[Schema] = {"type": "string", "pattern": "^[A-Z][A-Z0-9_]*$", "maxLength": 40}
_MEMBERS: Final[Schema] = {
    "anyOf": [
        {
            "type": "string",
            "pattern": r"^\s*each\s+(other\s+)?[a-z][a-z0-9_]*(\s+where\s+[\s\S]*\S[\s\S]*)?\s*$",
            "examples": ["each actor", "each other actor"],
        },
        {"type": "array", "items": _ACTOR, "minItems": 1, "uniqueItems": True},
    ],
    "description": "Over whom it runs: `each actor`, `each other TAG where CONDITION`, or a list of actors.",
}
COMMON: Final[Schema] = {
    "number": {"type": "number", "minimum": -LARGEST, "maximum": LARGEST},
    "expression": {
        "anyOf": [_text(_EXPRESSION, _NO_EFFECT), ref("number"), {"type": "boolean"}],
        "description": "An expression, such as 0.5*confidence[PRK] + 0.1.",
    },
    "effect_text": _text(
        "A change, such as tension[self, target] += 0.1.", r"^[^=]*[^=<>!*/%|&^]=(?!=)[\s\S]*\S"
    ),
    "duration": _text(
        "A number and a unit, such as 6 months.",
        rf"^\s*[0-9]{{1,6}}(\.[0-9]{{1,6}})?\s+({_UNITS})s?\s*$",
    ),
    "duration_or_expression": _text("A duration, such as 6 months, or an expression in years.", _NO_EFFECT),
    "cadence": {
        "anyOf": [
            {"enum": _UNITS.split("|")},
            _text(
                "A whole number of units, such as 2 weeks.",
                rf"^\s*(?!0+[.\s])[0-9]{{1,6}}(\.0{{1,6}})?\s+({_UNITS})s?\s*$",
            ),
        ],
        "description": "A unit of time, or a whole number of them.",
    },
    "date": _text(_EXAMPLE_DATE, r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"),
    "distribution": {
        "type": "object",
        "properties": {family: _family(family) for family in FAMILIES},
        "additionalProperties": False,
        # Exactly one; with maxProperties editors would not offer the second half of a choice of one.
        "oneOf": [{"required": [family]} for family in FAMILIES],
    },
    "members": _MEMBERS,
    "for": {
        "anyOf": [
            ref("members"),
            {
                "type": "object",
                "patternProperties": {"^[a-z][a-z0-9_]*$": ref("members")},
                "additionalProperties": False,
            },
        ],
        "description": "A name and over whom it runs, such as {x: each neighbour}; without one, `other`.",
    },
}
SCALARS: Final[dict[Any, Schema]] = {
    Expression: ref("expression"),
    Statement: ref("effect_text"),
    Duration: ref("duration"),
    Step: ref("cadence"),
    date: ref("date"),
    Distribution: ref("distribution"),
    float: ref("number"),
    float | str: {"anyOf": [ref("number"), {"type": "string"}]},
}
PLAIN: Final[dict[Any, Schema]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
}

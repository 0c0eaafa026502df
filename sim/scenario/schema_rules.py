"""What the keys of one part ask of each other, as JSON Schema: the models' own checks, for editors.

By the class that makes the check. A key that is null counts as left out, as it does for the models.
"""

from __future__ import annotations

from typing import Any, Final

Schema = dict[str, Any]


def _has(*names: str) -> Schema:
    """These keys are there, and not null."""
    return {"required": list(names), "properties": {name: {"not": {"type": "null"}} for name in names}}


def _needs(name: str, *others: str) -> Schema:
    return {"if": _has(name), "then": _has(*others)}


def _excludes(name: str, *others: str, message: str) -> Schema:
    absent = {"type": "null", "errorMessage": message}
    return {"if": _has(name), "then": {"properties": dict.fromkeys(others, absent)}}


def _one_of(*names: str, message: str) -> list[Schema]:
    """At most one of these keys."""
    return [_excludes(name, *names[:place], message=message) for place, name in enumerate(names) if place]


def _any_of(*names: str) -> Schema:
    return {"anyOf": [_has(name) for name in names]}


_ONCE: Final[Schema] = {"required": ["once"], "properties": {"once": {"const": True}}}
_NOBODY: Final[list[Any]] = [[], None]
_TYPES: Final = ("trade", "arms", "military", "financial", "travel", "other")


def _is(name: str) -> Schema:
    """The key is there, and true."""
    return {"required": [name], "properties": {name: {"const": True}}}


def _somebody(name: str) -> Schema:
    """The list is there, and not empty."""
    return {"required": [name], "properties": {name: {"not": {"enum": _NOBODY}}}}


def _ends(name: str, kind: str) -> Schema:
    """Where the lever is of this kind, so are both of its ends."""
    ends: Schema = {end: {"type": kind} for end in ("from", "to")}
    return {"if": _has(name), "then": {"properties": ends}}


def _alone(rule: Schema, *others: str) -> Schema:
    """Where one rule of decision holds, none of these does."""
    flags, values = ("majority", "unanimity"), ("at_least", "single")
    message = "a body decides by one rule"
    absent = {name: {"type": "null", "errorMessage": message} for name in others if name in values}
    false = {name: {"const": False, "errorMessage": message} for name in others if name in flags}
    return {"if": rule, "then": {"properties": absent | false}}


_EMPTY_LADDER: Final[Schema] = {"properties": {"ladder": {"maxProperties": 0}}}
_MONTHS: Final[Schema] = {
    "required": ["turn"],
    "properties": {"turn": {"type": "string", "pattern": "month|quarter|year"}},
}

RULES: Final[dict[str, list[Schema]]] = {
    "Graded": _one_of("measured", "informed", "assumed", message="a value has one grade"),
    "Bounded": [_excludes("range", "min", "max", message="the range says it already")],
    "ClockPart": [
        {
            "if": _MONTHS,
            "then": {
                "properties": {
                    "start": {"pattern": "-(0[1-9]|1[0-9]|2[0-8])$", "errorMessage": "not every month has it"}
                }
            },
        }
    ],
    "Parameter": [
        _any_of("value", "distribution"),
        *_one_of("value", "distribution", message="it has a value, or it is drawn"),
    ],
    "Every": [{"required": ["per", "rate"]}],
    "Rule": [
        {"anyOf": [*(_has(name) for name in ("chance", "count", "every")), _ONCE]},
        *_one_of("chance", "count", "every", message="a rule has one pace"),
        {"if": _has("count"), "then": {"properties": {"once": {"const": False}}}},
        _needs("campaign", "count"),
    ],
    "Choice": [
        _needs("pressing", "attention"),
        _needs("alone", "nests"),
        _needs("value_function", "reference"),
    ],
    "Perception": [_needs("noise", "half_life"), _needs("half_life", "noise"), _any_of("lag", "noise")],
    "Dynamics": [
        _needs("towards", "half_life"),
        _needs("half_life", "towards"),
        _any_of("towards", "growth", "drift", "noise"),
        *_one_of("towards", "growth", "drift", message="an entry moves in one way"),
        _excludes("noise", "growth", "drift", message="noise stands alone or beside towards"),
    ],
    "Action": [
        {
            "if": {"anyOf": [_has("hostility"), _is("settles"), _is("stands_down")]},
            "then": {"required": ["to"], "properties": {"to": {"const": "one actor"}}},
        },
        {"if": _has("hostility"), "then": {"not": {"anyOf": [_is("settles"), _is("stands_down")]}}},
        {"if": _is("settles"), "then": {"not": _is("stands_down")}},
        _needs("scope", "hostility"),
    ],
    "Attack": [{"properties": {name: {"not": {"enum": [[]]}} for name in ("on", "by")}}],
    "Trigger": [
        _any_of("armed_attack", "attack_by"),
        *_one_of("armed_attack", "attack_by", message="one trigger"),
    ],
    "Belief": [
        {
            "if": {"not": _has("of")},
            "then": {"properties": {"signals": {"additionalProperties": _has("says")}}},
        }
    ],
    "Threat": [{"properties": {"credibility": _has("mean")}}],
    "Notice": _one_of("on", "when", message="notice is given once"),
    "Commitment": [{"properties": {"parties": {"type": "array", "minItems": 2, "uniqueItems": True}}}],
    "Article": [
        _any_of("trigger", "forbids"),
        *_one_of("trigger", "forbids", message="an article asks for answers or forbids something"),
        {"if": _has("trigger"), "then": {**_has("ladder", "honoured_from"), "not": _EMPTY_LADDER}},
        {"if": _has("forbids"), "then": {"properties": {"ladder": {"maxProperties": 0}}}},
        _excludes(
            "forbids", "honoured_from", message="an article that forbids something asks for no answers"
        ),
        _needs("breach", "forbids"),
        *_one_of("reliability", "obligation", message="a promise weighs what its reliability says"),
        _excludes("forbids", "credibility", message="an article that forbids something asks for no answers"),
        {
            "if": _has("disclosed"),
            "then": {"required": ["secret"], "properties": {"secret": {"const": True}}},
        },
    ],
    "Vote": [{"properties": {"expects": {"enum": [{}, None], "errorMessage": "a vote has no gains"}}}],
    "Measure": [
        _needs("until", "term"),
        {"if": _has("until"), "then": _is("in_force")},
        _needs("lapsed", "term"),
    ],
    "Draft": [
        _any_of("every", "on", "ahead"),
        *_one_of("every", "on", "ahead", message="a draft has one pace"),
        *_one_of("adopts", "renews", "ends", message="a draft is about one measure"),
        _needs("ahead", "renews"),
    ],
    "Body": [
        {"anyOf": [_is("majority"), _is("unanimity"), _has("at_least"), _has("single")]},
        _alone(_is("majority"), "unanimity", "at_least", "single"),
        _alone(_is("unanimity"), "at_least", "single"),
        _alone(_has("at_least"), "single"),
        {
            "if": {"anyOf": [_is("unanimity"), _has("single")]},
            "then": {"properties": {"permanent": {"enum": _NOBODY, "errorMessage": "no veto here"}}},
        },
        {"if": _is("abstention_blocks"), "then": _is("unanimity")},
    ],
    "SanctionMeasures": [_any_of(*_TYPES)],
    "Compliance": [
        {
            "if": {"required": ["initial"], "properties": {"initial": {"const": "defy"}}},
            "then": _has("defy"),
        }
    ],
    "Regime": [
        {"if": _somebody("third_parties"), "then": _has("compliance")},
        {"if": _has("compliance"), "then": _somebody("third_parties")},
        _needs("detection", "compliance"),
        _needs("detected", "detection"),
        _needs("secondary", "detection"),
    ],
    "Interdiction": [_needs("says", "chance"), _needs("luck_key", "chance")],
    "Payment": [
        _any_of("item", "flow"),
        *_one_of("item", "flow", message="a payment is made in an item or by a flow"),
        _excludes("flow", "priority", message="the flow that pays has the priority"),
    ],
    "Flow": [
        _needs("rate", "per"),
        _needs("capacity", "per"),
        {"if": _has("per"), "then": _any_of("rate", "capacity")},
    ],
    "Lever": [
        _any_of("parameter", "initial", "decision"),
        *_one_of("parameter", "initial", "decision", message="a lever moves one thing"),
        _ends("parameter", "number"),
        _ends("initial", "number"),
        _ends("decision", "string"),
    ],
    "Link": [{"anyOf": [_somebody("rows"), _somebody("decisions")]}],
    "Outcome": [
        _any_of("happens", "holds"),
        _needs("happens", "by"),
        _excludes("happens", "holds", "at", message="an outcome happens or holds"),
        _needs("holds", "at"),
        _excludes("holds", "by", "from", message="holds is asked on one date"),
    ],
}

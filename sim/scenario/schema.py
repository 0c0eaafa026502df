"""The format as a JSON Schema (draft 2020-12), for editors that complete and check while one types.

Made from the models, with the shorthands that a file may use. What only the compiler can know (names,
expressions, order of bounds) it leaves to `foedus validate`. A file that extends others, or is there to be
extended, may leave out anything and take away what it inherits with null; so the schema holds every part
twice, as a whole file has it and as others have it.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt, MaxLen, MinLen
from pydantic import StringConstraints
from pydantic.fields import FieldInfo

from sim.scenario.bodies import Vote
from sim.scenario.choice import Attention, Claim
from sim.scenario.clock import Duration
from sim.scenario.commitments import CallPart, RungOfLadder
from sim.scenario.document import ScenarioModel
from sim.scenario.flows import Origin
from sim.scenario.keys import Key, PartType, is_part, keys, meaning, part_name, unwrapped, written_parts
from sim.scenario.models import (
    ActionCall,
    Argument,
    Attribute,
    Definition,
    EffectPart,
    Every,
    Indicator,
    Members,
    Pair,
    Parameter,
    Start,
)
from sim.scenario.sanctions import SanctionMeasure
from sim.scenario.schema_rules import RULES
from sim.scenario.schema_values import COMMON, PLAIN, SCALARS, deed, ref

Schema = dict[str, Any]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
NULL: Final[Schema] = {"type": "null"}
_SHORT: Final[dict[PartType, str]] = {
    Parameter: "value",
    Attribute: "initial",
    Pair: "value",
    Definition: "value",
    Indicator: "value",
    EffectPart: "effect",
    CallPart: "utility",
    RungOfLadder: "cost",
    Argument: "default",
    Vote: "utility",
    SanctionMeasure: "severity",
    Start: "initial",
    Attention: "budget",
    Claim: "weight",
    Origin: "share",
}
"""Parts that a bare value may stand for, and the key that it is then the value of."""


def scenario_schema(*, whole: bool = False) -> Schema:
    """The JSON Schema of a scenario file as it is written, fragments included.

    With `whole`, that of a resolved scenario: everything that it extends merged in, nothing left out.
    """
    whole_parts, fragments = _Parts(""), _Parts("_of_fragment")
    scenario = whole_parts.reference(ScenarioModel)
    definitions = COMMON | whole_parts.definitions()
    head: Schema = {"$schema": DIALECT, "title": "foedus scenario", "description": meaning(ScenarioModel)}
    if whole:
        return {**head, **scenario, "$defs": definitions}
    complete = {"required": ["foedus"], "properties": {"extends": False}}
    return {
        **head,
        "type": "object",
        "if": complete,
        "then": scenario,
        "else": fragments.reference(ScenarioModel),
        "$defs": definitions | fragments.definitions(),
    }


class _Parts:
    """The schema of every part, of whole files or of fragments."""

    def __init__(self, suffix: str) -> None:
        self._suffix = suffix
        self._is_fragment = bool(suffix)

    def reference(self, part: PartType) -> Schema:
        return ref(part_name(part).replace(" ", "_") + self._suffix)

    def definitions(self) -> Schema:
        made = {}
        for part in written_parts():
            made[part_name(part).replace(" ", "_") + self._suffix] = self._part(part)
        value = ref("expression")
        return made | {f"deed{self._suffix}": deed({"anyOf": [value, NULL]} if self._is_fragment else value)}

    def _part(self, part: PartType) -> Schema:
        mapping = self._mapping(part)
        short = _SHORT.get(part)
        if part is Every:
            return {"anyOf": [ref("cadence"), mapping]}
        if short is None:
            return mapping
        key = next(key for key in keys(part) if key.name == short)
        return {"anyOf": [self.of(key.type), mapping]}

    def _mapping(self, part: PartType) -> Schema:
        known = keys(part)
        made: Schema = {
            "type": "object",
            "properties": {key.name: self._key(key) for key in known},
            "additionalProperties": False,
        }
        if self._is_fragment:
            return made
        if required := [key.name for key in known if key.required]:
            made["required"] = required
        if rules := [rule for owner in part.__mro__ for rule in RULES.get(owner.__name__, ())]:
            made["allOf"] = rules
        return made

    def _key(self, key: Key) -> Schema:
        made = self.of(key.type)
        if key.nullable or self._is_fragment:
            made = {"anyOf": [made, NULL]}
        return {**made, "description": key.meaning}

    def of(self, annotation: Any) -> Schema:
        """What a file may write for a value of this type."""
        bare = unwrapped(annotation)
        if bare in SCALARS:
            return SCALARS[bare]
        if bare is Members:
            return ref("members")
        if is_part(bare):
            return self.reference(bare)
        origin = get_origin(bare)
        if origin is dict:
            return self._ids(annotation, bare)
        if origin is tuple:
            return self._items(annotation, bare)
        if origin is Literal:
            values = get_args(bare)
            return {"const": values[0]} if len(values) == 1 else {"enum": list(values)}
        if Duration in get_args(bare):
            return ref("duration_or_expression")
        return {**PLAIN[bare], **_limits(annotation)}

    def _ids(self, annotation: Any, bare: Any) -> Schema:
        key, value = get_args(bare)
        if unwrapped(value) is Members:
            return ref("for")
        held = self.of(value)
        if self._is_fragment:
            held = {"anyOf": [held, NULL]}
        if is_part(unwrapped(value)):
            held = {**held, "title": part_name(unwrapped(value)), "description": meaning(unwrapped(value))}
        made: Schema = {"type": "object", "additionalProperties": False}
        if get_origin(unwrapped(key)) is Literal:
            made["properties"] = dict.fromkeys(get_args(unwrapped(key)), held)
        else:
            limits = _limits(key)
            made["patternProperties"] = {limits["pattern"]: held}
            made["propertyNames"] = {"maxLength": limits["maxLength"]}
        if not self._is_fragment and "minLength" in (limits := _limits(annotation)):
            made["minProperties"] = limits["minLength"]
        return made

    def _items(self, annotation: Any, bare: Any) -> Schema:
        first, *rest = get_args(bare)
        if rest != [...]:
            pair = [self.of(item) for item in (first, *rest)]
            return {"type": "array", "prefixItems": pair, "minItems": len(pair), "maxItems": len(pair)}
        item = ref(f"deed{self._suffix}") if unwrapped(first) is ActionCall else self.of(first)
        several: Schema = {"type": "array", "items": item}
        if not self._is_fragment and "minLength" in (limits := _limits(annotation)):
            several["minItems"] = limits["minLength"]
        if "maxLength" in (limits := _limits(annotation)):
            several["maxItems"] = limits["maxLength"]
        return {"anyOf": [item, several]}


def _limits(annotation: Any) -> Schema:
    """Lengths, bounds and patterns that an annotation sets."""
    made: Schema = {}
    if get_origin(annotation) is not Annotated:
        return made
    for limit in _flat(get_args(annotation)[1:]):
        match limit:
            case StringConstraints():
                found = {
                    "pattern": limit.pattern,
                    "minLength": limit.min_length,
                    "maxLength": limit.max_length,
                }
                made |= {name: value for name, value in found.items() if value is not None}
            case Ge():
                made["minimum"] = limit.ge
            case Le():
                made["maximum"] = limit.le
            case Gt():
                made["exclusiveMinimum"] = limit.gt
            case Lt():
                made["exclusiveMaximum"] = limit.lt
            case MinLen():
                made["minLength"] = limit.min_length
            case MaxLen():
                made["maxLength"] = limit.max_length
    return made


def _flat(metadata: tuple[Any, ...]) -> list[Any]:
    return [
        limit for item in metadata for limit in (item.metadata if isinstance(item, FieldInfo) else (item,))
    ]

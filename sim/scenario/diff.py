"""What one scenario changes against another, for the model: part by part, whatever the order of the files.

Compared is what the files say once shorthands are spelled out and `extends` is merged. The order of keys and
of lists that are sets does not count; nor do blanks in an expression, unless in an effect or an argument,
whose text settles the order in which equal effects are summed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields, is_dataclass, replace
from datetime import date
from typing import Any, Final, Literal

from pydantic import BaseModel

from sim.scenario.clock import Duration, Step
from sim.scenario.graded import Bounded
from sim.scenario.keys import Key, keys, part_name
from sim.scenario.load import PathOf, Scenario
from sim.scenario.models import ActionCall, EffectPart, Every, Members, Relation, World
from sim.scenario.trees import Expression, Name, Statement
from sim.text import Place, locate, printable, to_plain
from sim.text.quoting import bracketed

Kind = Literal["added", "removed", "changed"]

WORDS: Final = frozenset(
    """
    id title name summary note aims says unit rung evidence
    measured informed assumed disagreement review_by
    """.split()
)
"""Keys that speak to people only: a change of theirs changes no number."""
_SETS: Final = frozenset(
    {
        *("tags", "policy", "drafts", "members", "permanent", "sponsor", "relieves", "by"),
        *("senders", "targets", "third_parties", "alone", "options", "measured", "informed"),
    }
)
_BOUNDS: Final = ("range", "min", "max")
_SHOWN: Final = 100
"""Characters of a value that a rendered line shows."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs."""

    kind: Kind
    part: str
    """What it belongs to: `option calm of choice answer of policy guard`."""
    key: str
    """What of it: `chance.rate`; "" for the whole part."""
    old: str
    """The value in the first scenario; "" if it has none."""
    new: str
    old_place: Place | None
    new_place: Place | None
    changes_numbers: bool
    """False for what only people read: titles, notes, grades."""


def diff_scenarios(a: Scenario, b: Scenario) -> list[Change]:
    """What `b` changes against `a`, in the order of the format and of ids."""
    return list(_Differ(a, b).parts(a.model, b.model, _Here("scenario", (), ())))


def change_data(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """The changes as plain data, for programs."""
    return [
        asdict(change)
        | {
            "old_place": None if change.old_place is None else str(change.old_place),
            "new_place": None if change.new_place is None else str(change.new_place),
        }
        for change in changes
    ]


def render(changes: Iterable[Change]) -> str:
    """The changes for people to read; those that change no number apart."""
    found = list(changes)
    if not found:
        return "no differences\n"
    sections = (
        ("What changes for the model:", [change for change in found if change.changes_numbers]),
        ("What changes no number:", [change for change in found if not change.changes_numbers]),
    )
    return "\n".join("\n".join([heading, *_lines(listed)]) + "\n" for heading, listed in sections if listed)


_SIGNS: Final = {"added": "+", "removed": "-", "changed": "~"}


def _lines(changes: Iterable[Change]) -> Iterator[str]:
    part = ""
    for change in changes:
        places = ", ".join(str(place) for place in (change.old_place, change.new_place) if place is not None)
        values = " -> ".join(_cut(value) for value in (change.old, change.new) if value)
        if not change.key:
            part = ""
            yield f"  {_SIGNS[change.kind]} {change.part}: {values}  ({places})"
            continue
        if change.part != part:
            part = change.part
            yield f"  {part}"
        yield f"    {_SIGNS[change.kind]} {change.key}: {values}  ({places})"


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."


@dataclass(frozen=True, slots=True)
class _Here:
    """A part in both scenarios: what people call it, its path in each, and the key inside it so far."""

    label: str
    a: PathOf
    b: PathOf
    key: str = ""
    is_words: bool = False

    def below(self, name: str) -> _Here:
        """A value under a key of the same part."""
        key = f"{self.key}.{name}" if self.key else name
        return replace(self, a=(*self.a, name), b=(*self.b, name), key=key)

    def at(self, a: PathOf, b: PathOf) -> _Here:
        """The same key elsewhere."""
        return replace(self, a=a, b=b)

    def part(self, name: str, a: PathOf, b: PathOf) -> _Here:
        """A part inside this one."""
        inside = "" if self.label == "scenario" else f" of {self.label}"
        return _Here(f"{name}{inside}", (*self.a, *a), (*self.b, *b))


_Parts = dict[str, tuple[PathOf, BaseModel]]
"""Parts by what people call them in their section, each with its path in there."""


class _Differ:
    def __init__(self, a: Scenario, b: Scenario) -> None:
        self._a = a
        self._b = b

    def parts(self, a: BaseModel, b: BaseModel, here: _Here) -> Iterator[Change]:
        """What differs between two parts of one kind."""
        for key in keys(type(a)):
            old, new = getattr(a, key.field), getattr(b, key.field)
            if isinstance(a, Bounded) and isinstance(b, Bounded) and key.name in _BOUNDS:
                if key.name == _BOUNDS[0]:
                    yield from self._bounds(a, b, here)
            elif isinstance(a, Relation) and isinstance(b, Relation) and key.name == "pairs":
                yield from self._ids(_pairs(a), _pairs(b), here, key.name)
            elif isinstance(old, dict) and _holds_parts({**old, **new}):
                yield from self._ids(_by_id(old), _by_id(new), here, key.name)
            else:
                below = replace(here.below(key.name), is_words=key.name in WORDS)
                yield from self._key(key, old, new, below)

    def _key(self, key: Key, old: Any, new: Any, here: _Here) -> Iterator[Change]:
        if isinstance(old, dict):
            for name in sorted({*old, *new}):
                yield from self._value(old.get(name), new.get(name), here.below(name))
        elif key.name in ("do", "effects"):
            yield from self._items(old, new, here)
        elif isinstance(old, World):
            yield from self.parts(old, new, _Here("the world", here.a, here.b))
        elif (
            isinstance(old, BaseModel) and isinstance(new, BaseModel) and not isinstance(old, Every | Members)
        ):
            yield from self.parts(old, new, here)
        else:
            yield from self._value(old, new, here)

    def _value(self, old: Any, new: Any, here: _Here) -> Iterator[Change]:
        sets = here.key.rpartition(".")[2] in _SETS
        if _meaning(old, as_set=sets) != _meaning(new, as_set=sets):
            yield self._change(self._said(old, self._a, here.a), self._said(new, self._b, here.b), here)

    def _bounds(self, a: Bounded, b: Bounded, here: _Here) -> Iterator[Change]:
        if (a.low, a.high) == (b.low, b.high):
            return
        used = [next((key for key in _BOUNDS if getattr(part, key) is not None), "range") for part in (a, b)]
        below = here.below("range").at((*here.a, used[0]), (*here.b, used[1]))
        yield self._change(_bounds_said(a), _bounds_said(b), below)

    def _ids(self, old: _Parts, new: _Parts, here: _Here, section: str) -> Iterator[Change]:
        for id_ in sorted({*old, *new}):
            path_a, a = old.get(id_, ((), None))
            path_b, b = new.get(id_, ((), None))
            either = b if a is None else a
            assert either is not None
            name = "pair" if section == "pairs" else part_name(type(either))
            inside = here.part(f"{name} {id_}", (section, *path_a), (section, *path_b))
            if a is not None and b is not None:
                yield from self.parts(a, b, inside)
            else:
                text_a = "" if a is None else _written(self._a, inside.a)
                text_b = "" if b is None else _written(self._b, inside.b)
                yield self._change(text_a, text_b, inside)

    def _items(self, old: tuple[Any, ...], new: tuple[Any, ...], here: _Here) -> Iterator[Change]:
        """Deeds or effects: sets, in which one that only changed its value is told as changed."""
        gone, come = _left_over(old, new), _left_over(new, old)
        for index, item in gone:
            like = [other for other in come if _subject(other[1]) == _subject(item)]
            twins = [other for _, other in gone if _subject(other) == _subject(item)]
            place = here.at((*here.a, index), here.b)
            if len(like) == len(twins) == 1:
                come.remove(like[0])
                place = place.at(place.a, (*here.b, like[0][0]))
                yield self._change(_item_said(item), _item_said(like[0][1]), place)
            else:
                yield self._change(_item_said(item), "", place)
        for index, item in come:
            yield self._change("", _item_said(item), here.at(here.a, (*here.b, index)))

    def _change(self, old: str, new: str, here: _Here) -> Change:
        kind: Kind = "added" if not old else "removed" if not new else "changed"
        return Change(
            kind,
            here.label,
            here.key,
            printable(old),
            printable(new),
            self._a.place(*here.a) if old else None,
            self._b.place(*here.b) if new else None,
            changes_numbers=not here.is_words,
        )

    def _said(self, value: Any, scenario: Scenario, path: PathOf) -> str:
        """A value as its author would write it; "" for none."""
        match value:
            case None | () | False:
                return "" if value is not False else "false"
            case Expression() | Statement():
                return value.text
            case Duration() | Step() | date() | str():
                return str(value)
            case True:
                return "true"
            case int() | float():
                return f"{value:.15g}"
        return _written(scenario, path)


def _by_id(held: dict[str, BaseModel]) -> _Parts:
    return {name: ((name,), part) for name, part in held.items()}


def _pairs(relation: Relation) -> _Parts:
    """Pairs by their two actors; where the relation is symmetric, whichever comes first."""
    return {
        ", ".join(sorted((first, second)) if relation.symmetric else (first, second)): ((first, second), pair)
        for first, held in relation.pairs.items()
        for second, pair in held.items()
    }


def _holds_parts(held: dict[str, Any]) -> bool:
    return any(isinstance(value, BaseModel) and not isinstance(value, Members) for value in held.values())


def _written(scenario: Scenario, path: PathOf) -> str:
    return bracketed(to_plain(locate(scenario.root, path).node))


def _bounds_said(part: Bounded) -> str:
    if part.range is not None:
        return f"[{part.low:.15g}, {part.high:.15g}]"
    bounds = [
        f"{name} {value:.15g}" for name, value in (("min", part.min), ("max", part.max)) if value is not None
    ]
    return ", ".join(bounds)


def _left_over(items: tuple[Any, ...], others: tuple[Any, ...]) -> list[tuple[int, Any]]:
    """The items that the others do not have, with their places in the list."""
    spare = Counter(_item_said(item) for item in others)
    left = []
    for index, item in enumerate(items):
        said = _item_said(item)
        if spare[said]:
            spare[said] -= 1
        else:
            left.append((index, item))
    return left


def _subject(item: ActionCall | EffectPart) -> tuple[str, str]:
    """What a deed or effect is about, whatever its value."""
    if isinstance(item, ActionCall):
        return item.action, item.target or ""
    target = item.effect.target
    return (target.id, "") if isinstance(target, Name) else (target.name, ", ".join(target.keys))


def _item_said(item: ActionCall | EffectPart) -> str:
    if isinstance(item, EffectPart):
        return item.effect.text + (f" (priority {item.priority})" if item.priority else "")
    if not item.arguments:
        return item.action if item.target is None else f"{item.action}: {item.target}"
    arguments = [f"{name}: {value.text}" for name, value in sorted(item.arguments.items())]
    target = [] if item.target is None else [f"target: {item.target}"]
    return f"{item.action}: {{{', '.join(target + arguments)}}}"


def _meaning(value: Any, *, as_set: bool = False) -> Any:
    """What is compared: equal for equal meanings."""
    match value:
        case Expression():
            return _meaning(value.tree)
        case Duration():
            return value.days
        case Step():
            return value.nominal_days
        case Members():
            return value.set, value.other, sorted(value.listed), _meaning(value.where)
        case BaseModel():
            return [(key.name, _meaning(getattr(value, key.field))) for key in keys(type(value))]
        case tuple():
            found = [_meaning(item) for item in value]
            return sorted(found) if as_set else found
    if is_dataclass(value) and not isinstance(value, type):
        return type(value).__name__, [
            _meaning(getattr(value, field.name)) for field in fields(value) if "offset" not in field.name
        ]
    return value

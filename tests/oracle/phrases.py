"""Random expressions, by type, over the names that are in scope where they stand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from random import Random
from typing import Any

from tests.oracle import questions
from tests.oracle.questions import Matters, Question


@dataclass
class Words:
    """The names of an invented scenario."""

    actors: list[str]
    common: list[str] = field(default_factory=list)
    """Attributes that every actor has."""
    special: dict[str, list[str]] = field(default_factory=dict)
    """Attributes that some actors have, and who."""
    world: list[str] = field(default_factory=list)
    relations: list[str] = field(default_factory=list)
    parameters: list[str] = field(default_factory=list)
    """With components: `share[oil]`."""
    definitions: list[str] = field(default_factory=list)
    actor_definitions: list[str] = field(default_factory=list)
    """Definitions of one actor."""
    tags: list[str] = field(default_factory=list)
    actions: dict[str, bool] = field(default_factory=dict)
    """Action, and whether it has a target."""
    standing: list[str] = field(default_factory=list)
    """`CHN, course, wait`: what `holds` can ask."""
    attentive: list[str] = field(default_factory=list)
    """Actors with a budget of attention."""
    days: list[str] = field(default_factory=list)
    durations: list[str] = field(default_factory=list)
    hostile: list[str] = field(default_factory=list)
    """Hostile actions, for anybody to do."""
    peaceful: list[str] = field(default_factory=list)
    """Actions that settle a dispute, or stand down from it."""
    scopes: list[str] = field(default_factory=list)
    """Scopes of hostile actions."""
    quarrelsome: list[str] = field(default_factory=list)
    """Who can be hostile to everybody else."""
    sketches: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Commitments, beliefs and threats: as much of each as others must know to ask about it."""
    matters: Matters = field(default_factory=Matters)
    """What the domain keeps."""


@dataclass(frozen=True)
class Place:
    """Where an expression stands."""

    selves: tuple[str, ...] = ()
    """Who `self` may be; nobody where there is no `self`."""
    others: tuple[str, ...] = ()
    """Names that are never `self`: bound names, `target`."""
    anyone: tuple[str, ...] = ()
    """Bound names that may be any actor."""
    takes: tuple[str, ...] = ()
    start: bool = False
    """Only parameters are known."""
    depth: int = 3
    """How many levels may still come."""

    @property
    def deeper(self) -> Place:
        return replace(self, depth=self.depth - 1)


class Phrases:
    """Writes expressions. With `daring`, some have no value in some runs."""

    def __init__(self, random: Random, words: Words, *, past: bool = True, daring: bool = False) -> None:
        self.random = random
        self.words = words
        self.past = past
        self.daring = daring
        self.bound = 0
        self.in_regime = False
        """Whether a regime's own conditions may be asked about: not where they would lead in a circle."""

    def fresh(self) -> str:
        """A name for a generator to bind, never used before."""
        self.bound += 1
        return f"m{self.bound}"

    def literal(self) -> str:
        return self.random.choice(["0", "1", "0.25", "0.5", "2", "-1", "-0.3", "1.7", "3e-1", "0.1"])

    # --- who ------------------------------------------------------------------------------------------------

    def actor(self, place: Place) -> str:
        names = [*self.words.actors, *place.others, *place.anyone, *(["self"] if place.selves else [])]
        return self.random.choice(names)

    def pair(self, place: Place) -> str:
        """Two names that never stand for one actor."""
        first, second = self.random.sample(self.words.actors, 2)
        if place.selves and self.random.random() < 0.7:
            strangers = [actor for actor in self.words.actors if actor not in place.selves]
            if place.others or strangers:
                first, second = "self", self.random.choice([*place.others, *strangers])
        if self.random.random() < 0.5:
            first, second = second, first
        return f"{first}, {second}"

    def variable(self, place: Place) -> str:
        """An attribute or a relation."""
        words = self.words
        kinds: list[Callable[[], str]] = [lambda: f"{self.random.choice(words.common)}[{self.actor(place)}]"]
        if words.relations:
            kinds.append(lambda: f"{self.random.choice(words.relations)}[{self.pair(place)}]")
        if words.world:
            kinds.append(lambda: self.random.choice(words.world))
        if words.special:
            kinds.append(self._special)
        if place.selves:
            kinds.append(lambda: self.random.choice(words.common))
        return self.random.choice(kinds)()

    def _special(self) -> str:
        name = self.random.choice(list(self.words.special))
        return f"{name}[{self.random.choice(self.words.special[name])}]"

    # --- numbers --------------------------------------------------------------------------------------------

    def number(self, place: Place = Place()) -> str:
        if place.depth <= 0:
            return self._atom(place)
        return self.random.choice(self._numbers(place))(place.deeper)

    def tame(self, place: Place, low: float = -1, high: float = 1) -> str:
        """A number within bounds."""
        return f"clamp({self.number(place)}, {low:g}, {high:g})"

    def _atom(self, place: Place) -> str:
        atoms: list[Callable[[], str]] = [
            self.literal,
            *[lambda: self.random.choice(self.words.parameters)] * bool(self.words.parameters),
        ]
        if not place.start:
            atoms += [lambda: self.variable(place)] * 3
            atoms.append(lambda: "elapsed")
        if self.words.definitions and not place.start:
            atoms.append(lambda: self.random.choice(self.words.definitions))
        if self.words.attentive and not place.start:
            atoms.append(lambda: f"attention({self.random.choice(self.words.attentive)})")
        if place.takes:
            atoms += [lambda: self.random.choice(place.takes)] * 2
        return self.random.choice(atoms)()

    def _numbers(self, place: Place) -> list[Callable[[Place], str]]:
        kinds: list[Callable[[Place], str]] = [
            self._atom,
            self._atom,
            self._binary,
            self._binary,
            self._function,
            self._choice,
        ]
        if place.start:
            return kinds
        kinds += [self._conditional, self._truth_as_number]
        kinds += [self._generator, self._generator] if place.depth > 1 else []
        kinds += [self._definition] if self.words.actor_definitions else []
        kinds += [self._lag] if self.past else []
        kinds += [self._times] if self.words.actions else []
        return kinds + self._asking(questions.numbers(self.words.matters, past=self.past))

    def _asking(self, asked: list[Question]) -> list[Callable[[Place], str]]:
        return [partial(each, self) for each in asked]

    def _binary(self, place: Place) -> str:
        left, right = self.number(place), self.number(place)
        form = self.random.choice(
            ["{0} + {1}", "{0} - {1}", "{0} * {1}", "({0}) - ({1})", "({0}) * ({1})", "-({0}) + {1}"]
            + ["(({0}) / ({1}) if ({1}) != 0 else {0})", "({0}) / (1 + abs({1}))", "({0}) ** 2"]
            + ["clamp({0}, 0.1, 3) ** clamp({1}, -2, 2)", "0.5 * ({0}) + 0.25 * ({1})"]
            + ["({0}) / ({1})", "({0}) ** ({1})"] * self.daring
        )
        return form.format(left, right)

    def _function(self, place: Place) -> str:
        form = self.random.choice(
            ["abs({0})", "sqrt(abs({0}))", "floor({0})", "ceil({0})", "exp(clamp({0}, -3, 3))"]
            + ["log(1 + abs({0}))", "logistic({0})", "log(0.01 + ({0}) ** 2)"]
            + ["sqrt({0})", "log({0})"] * self.daring
        )
        return form.format(self.number(place))

    def _choice(self, place: Place) -> str:
        first, second, third = self.number(place), self.number(place), self.number(place)
        form = self.random.choice(
            [
                "min({0}, {1})",
                "max({0}, {1}, {2})",
                "clamp({0}, -1, 1)",
                "mean({0}, {1}, {2})",
                "sum({0}, {1})",
            ]
        )
        return form.format(first, second, third)

    def _conditional(self, place: Place) -> str:
        if self.words.special and self.random.random() < 0.3:
            actor, name = self.actor(place), self.random.choice(list(self.words.special))
            return f"({name}[{actor}] if has({actor}, {name}) else {self.number(place)})"
        return f"({self.number(place)} if {self.truth(place)} else {self.number(place)})"

    def _truth_as_number(self, place: Place) -> str:
        return f"0.5 * ({self.truth(place)})"

    def _definition(self, place: Place) -> str:
        return f"{self.random.choice(self.words.actor_definitions)}[{self.actor(place)}]"

    def _lag(self, place: Place) -> str:
        return f"lag({self.variable(place)}, '{self.random.choice(self.words.durations)}')"

    def _times(self, place: Place) -> str:
        if self.past and self.random.random() < 0.5:
            return f"recent({self._act(place)}, '{self.random.choice(self.words.durations)}')"
        return f"times({self._act(place)})"

    def _act(self, place: Place) -> str:
        action = self.random.choice(list(self.words.actions))
        who = self.random.choice(["any", self.actor(place)])
        if not self.words.actions[action] or self.random.random() < 0.3:
            return f"{action}, {who}"
        return f"{action}, {who}, {self.random.choice(['any', self.actor(place)])}"

    def _members(self, place: Place) -> tuple[str, str, Place]:
        """A bound name, the rest of its generator, and the place inside."""
        name = self.fresh()
        sets = ["actors", *self.words.tags, *(["others"] * 2 if place.selves else [])]
        chosen = self.random.choice(sets)
        conditions = ["", "", f" if {name} != {self.actor(place)}"]
        if self.words.tags:
            conditions.append(
                f" if {name} {self.random.choice(['in', 'not in'])} {self.random.choice(self.words.tags)}"
            )
        inside = place
        if chosen == "others":
            inside = replace(place, others=(*place.others, name))
        else:
            inside = replace(place, anyone=(*place.anyone, name))
        return name, f"for {name} in {chosen}{self.random.choice(conditions)}", inside

    def _generator(self, place: Place) -> str:
        if self.words.special and self.random.random() < 0.2:
            name, attribute = self.fresh(), self.random.choice(list(self.words.special))
            return f"sum({attribute}[{name}] for {name} in actors if has({name}, {attribute}))"
        _, members, inside = self._members(place)
        if self.random.random() < 0.3:
            return f"count({self.truth(inside)} {members})"
        if self.random.random() < 0.5:
            return f"sum({self.number(inside)} {members})"
        name = self.fresh()  # over all actors: there is no mean of none
        body = self.number(replace(place, anyone=(*place.anyone, name)))
        return f"{self.random.choice(['mean', 'min', 'max'])}({body} for {name} in actors)"

    # --- truth ----------------------------------------------------------------------------------------------

    def truth(self, place: Place = Place()) -> str:
        kinds: list[Callable[[Place], str]] = [self._comparison, self._comparison, self._comparison]
        if place.depth > 0:
            kinds += [self._logic, self._logic]
            kinds += [self._any, self._settled] if place.depth > 1 else []
            kinds += [lambda _: f"after('{self.random.choice(self.words.days)}')"] * bool(self.words.days)
            kinds += [lambda inner: f"happened({self._act(inner)})"] * bool(self.words.actions)
            kinds += [lambda _: f"holds({self.random.choice(self.words.standing)})"] * bool(
                self.words.standing
            )
            kinds += self._asking(questions.truths(self.words.matters, past=self.past))
        return self.random.choice(kinds)(place.deeper)

    def _comparison(self, place: Place) -> str:
        left, right = self._atom(place), self.number(replace(place, depth=min(place.depth, 1)))
        sign = self.random.choice(["<", "<=", ">", ">=", "<", ">", "==", "!="])
        if self.random.random() < 0.1:
            return f"({self.literal()} < {left} <= {right})"
        return f"({left}) {sign} ({right})"

    def _logic(self, place: Place) -> str:
        form = self.random.choice(
            ["({0} and {1})", "({0} or {1})", "not ({0})", "({0} and not ({1}))", "({0} if {1} else {0})"]
            + ["(True and {0})", "(False or {0})"]
        )
        return form.format(self.truth(place), self.truth(place))

    def _any(self, place: Place) -> str:
        _, members, inside = self._members(place)
        return f"{self.random.choice(['any', 'all'])}({self.truth(inside)} {members})"

    def _settled(self, place: Place) -> str:
        """A condition that is settled before any run."""
        actor = self.actor(place)
        kinds = [f"{actor} == {self.actor(place)}", f"{actor} != {self.actor(place)}"]
        kinds += [f"{actor} in {tag}" for tag in self.words.tags]
        kinds += [f"has({actor}, {name})" for name in self.words.special]
        if self.words.special and self.random.random() < 0.3:
            name = self.random.choice(list(self.words.special))
            return f"(has({actor}, {name}) and {name}[{actor}] > {self.literal()})"
        return f"({self.random.choice(kinds)} or {self.truth(place)})"

"""Section 7 of the semantics: choices, and the orders that overrule them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sim.scenario.expressions import Expression
from sim.scenario.models import Choice, Option
from tests.oracle.adjudicate import Decided, Done, arguments
from tests.oracle.arithmetic import log
from tests.oracle.deeds import Performed, read_deeds
from tests.oracle.events import Event
from tests.oracle.expressions import read_number, read_truth
from tests.oracle.faults import Fault, Undefined
from tests.oracle.names import Scope, option_number
from tests.oracle.rules import crisis_of
from tests.oracle.terms import Number, Truth, finite
from tests.oracle.turns import Turn
from tests.oracle.worth import (
    NestHere,
    ReferenceHere,
    ValueFunctionHere,
    prospects,
    read_expected,
    read_nests,
    read_references,
    read_value_function,
)


@dataclass(frozen=True, slots=True)
class OptionHere:
    id: str
    number: float
    when: Truth
    utility: Number
    deeds: tuple[Performed, ...]
    expected: dict[str, Number] = field(default_factory=dict)


@dataclass(frozen=True)
class ChoiceHere:
    """A choice with its names bound."""

    event: Event
    choice: Choice
    when: Truth
    temperature: Number
    bias: Number | None
    rate: Number | None
    options: tuple[OptionHere, ...]
    """In order of id."""
    references: dict[str, ReferenceHere] = field(default_factory=dict)
    value_function: ValueFunctionHere | None = None
    """For choices with reference points."""
    nests: tuple[NestHere, ...] = ()
    matter: bool = False
    """Whether it claims the attention of an actor with a budget."""
    crisis: tuple[str, str] | None = None
    """The pair in whose crises it is taken in rounds."""

    def purposes(self) -> Iterator[str]:
        if self.rate is not None:
            yield "taken_up"
        elif self.matter:
            yield "attends"
        for option in self.options:
            yield f"option:{option.id}"
        for nest in self.nests:
            yield f"nest:{nest.id}"
            yield f"angle:{nest.id}"

    def rows(self) -> Iterator[tuple[str, float]]:
        yield self.event.row("chosen"), 0.0
        initial = self.choice.initial
        yield self.event.row("standing"), 0.0 if initial is None else option_number(self.choice, initial)
        for reference in self.references.values():
            yield reference.row, 0.0

    def decide(self, turn: Turn, order: str | None) -> Decided:
        now = turn.moment.now
        standing = now[self.event.row("standing")]
        picks: list[OptionHere | None] = []
        if order is not None:
            ordered = self._option(order)
            picks += [ordered] * max(self._due(turn), 1)
            standing = ordered.number
        else:
            for take in range(1, self._takes(turn) + 1):
                picked = self._pick(turn, standing, take) if self._attends(turn, take) else None
                picks.append(picked)
                standing = picked.number if picked else standing
        last = picks[-1] if picks else None
        writes = {
            self.event.row("chosen"): last.number if last else 0.0,
            self.event.row("standing"): standing,
        }
        done = (
            Done(self.event.key + _suffix(take), pick.id, pick.deeds, arguments(pick.deeds, turn.moment))
            for take, pick in enumerate(picks, 1)
            if pick is not None
        )
        return Decided(writes, tuple(done))

    def _option(self, name: str) -> OptionHere:
        for option in self.options:
            if option.id == name:
                return option
        raise Fault(f"{self.event.name} has no option {name}")

    def _due(self, turn: Turn) -> int:
        step = self.choice.every.step
        if step is None:
            return 1
        due = 1 if turn.crisis else turn.calendar.due(step, turn.number)
        return due if self.choice.several else min(due, 1)

    def _takes(self, turn: Turn) -> int:
        """How often the matter is taken up this turn."""
        due = self._due(turn)
        if due == 0 or not self.when(turn.moment):
            return 0
        if self.rate is None:
            return due
        assert self.choice.every.per is not None
        attention = self._attention(turn) if self.matter else None
        chance = turn.chance(self.rate, self.choice.every.per, attention)
        return int(turn.u(self.event, "taken_up") < chance)

    def _attention(self, turn: Turn) -> float:
        return turn.moment.now[f"attention[{self.event.owner}]"]

    def _attends(self, turn: Turn, take: int) -> bool:
        """Rule Q13."""
        if not self.matter or self.rate is not None:
            return True
        return turn.u(self.event, f"attends{_suffix(take)}") < self._attention(turn)

    def _pick(self, turn: Turn, standing: float, take: int) -> OptionHere | None:
        """The available option of the highest score, or None if none is available."""
        temperature = finite(self.temperature(turn.moment), "temperature")
        if temperature < 0:
            raise Undefined(f"the temperature is {temperature}")
        bias = finite(self.bias(turn.moment), "bias") if self.bias is not None else 0.0
        felt = self.value_function.numbers(turn.moment) if self.references and self.value_function else None
        nests = [(nest.options, self._nest(turn, nest, take)) for nest in self.nests]
        best, best_score = None, 0.0
        for option in self.options:
            if not option.when(turn.moment):
                continue
            value = option.utility(turn.moment)
            if felt is not None:
                for term in prospects(self.references, option.expected, felt, turn.moment):
                    value = value + term
            value = finite(value, f"worth of {option.id}")
            if self._favoured(option, standing):
                value = value + bias
            u = turn.u(self.event, f"option:{option.id}{_suffix(take)}")
            noise = -log(-log(u))
            for options, (scale, shared) in nests:
                if option.id in options:
                    noise = scale * noise + shared
            score = value + temperature * noise
            if best is None or score > best_score:
                best, best_score = option, score
        return best

    def _nest(self, turn: Turn, nest: NestHere, take: int) -> tuple[float, float]:
        u = turn.u(self.event, f"nest:{nest.id}{_suffix(take)}")
        v = turn.u(self.event, f"angle:{nest.id}{_suffix(take)}")
        return nest.luck(turn.moment, u, v)

    def _favoured(self, option: OptionHere, standing: float) -> bool:
        status_quo = self.choice.status_quo
        if status_quo is None:
            return False
        if status_quo.option == "standing":
            return option.number == standing
        return option.id == status_quo.option


def _suffix(take: int) -> str:
    return "" if take == 1 else f"#{take}"


def plain_choice(  # noqa: PLR0917 - all of a choice
    event: Event,
    choice: Choice,
    scope: Scope,
    temperature: Expression,
    when: Truth,
    options: tuple[OptionHere, ...],
) -> ChoiceHere:
    """A choice of the domain's own: without nests, reference points or claims to attention."""
    rate = choice.every.rate
    return ChoiceHere(
        event,
        choice,
        when,
        read_number(temperature, scope),
        read_number(choice.status_quo.bias, scope) if choice.status_quo else None,
        None if rate is None else read_number(rate, scope),
        options,
    )


def read_choice(event: Event, choice: Choice, scope: Scope) -> ChoiceHere:
    def option_here(name: str, option: Option) -> OptionHere:
        return OptionHere(
            name,
            option_number(choice, name),
            read_truth(option.when, scope),
            read_number(option.utility, scope),
            read_deeds(option, scope),
            read_expected(option, scope),
        )

    return ChoiceHere(
        event,
        choice,
        read_truth(choice.when, scope),
        read_number(choice.temperature, scope),
        read_number(choice.status_quo.bias, scope) if choice.status_quo else None,
        read_number(choice.every.rate, scope) if choice.every.rate else None,
        tuple(option_here(name, choice.options[name]) for name in sorted(choice.options)),
        read_references(event, choice, scope),
        read_value_function(choice.value_function, scope),
        read_nests(choice, scope),
        choice.attention is not None and scope.names.model.actors[event.owner].attention is not None,
        crisis_of(choice.crisis, scope),
    )

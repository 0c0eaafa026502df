"""What another actor would probably choose, one step deep (rules K16 and K17 of `docs/adjudication.md`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

from sim.compile.asked import AskedOption
from sim.compile.compose import Composer
from sim.compile.construct import Made, Reader
from sim.compile.decisions import DecisionCompiler
from sim.compile.lower import Lowering
from sim.compile.prospects import ProspectCompiler
from sim.compile.scope import LoweringError, Scope
from sim.compile.unroll import Instance
from sim.scenario import expressions as ex
from sim.scenario import models as md

REPLY, PERCEIVED = "K16", "K17"
_TOO_DEEP: Final = "reply-in-reply"


class Replies:
    """The function `reply(ACTOR, choice, option)`."""

    rules: ClassVar[Mapping[str, str]] = {"K16": "Reply", "K17": "As the reader sees it"}

    def __init__(self, lowering: Lowering, made: Made, without: frozenset[str]) -> None:  # noqa: ARG002 - adds no passes
        self._lowering = lowering
        self._compose = Composer(lowering)
        self._prospects = ProspectCompiler(lowering)
        self._without = without

    def readers(self) -> Mapping[str, Reader]:
        return {"reply": self._reply}

    def declare(self) -> None:
        """Nothing: a reply is worked out where it is asked for."""

    def compile(self, decisions: DecisionCompiler) -> None:
        """Nothing, for the same reason."""

    def _reply(self, tree: ex.Call, scope: Scope) -> int:
        asked = self._lowering.asked.option(tree, scope, "how likely another would choose an option")
        if asked.actor == scope.self_id:
            raise LoweringError(
                scope.path,
                tree.arguments[0].offset,
                f"{asked.actor} would ask for its own reply",
                "another actor",
            )
        if scope.replying:
            raise LoweringError(
                scope.path,
                tree.offset,
                f"{asked.actor}'s reply is asked for in what another would reply",
                "replies one step deep",
                code=_TOO_DEEP,
            )
        try:
            return self._probability(asked, scope)
        except LoweringError as fault:
            if fault.code != _TOO_DEEP:
                raise
            where = self._lowering.scenario.value_place(*fault.path, offset=fault.offset)
            raise LoweringError(
                scope.path,
                tree.offset,
                f"{asked.actor} would itself ask for a reply, at {where}",
                "replies one step deep",
            ) from None

    def _probability(self, asked: AskedOption, scope: Scope) -> int:
        """The logit probability of the option among those that are open."""
        c, options = self._compose, asked.options
        if asked.idle:
            return c.const(0.0)
        inner = Scope(
            asked.path,
            asked.actor,
            dict(asked.bindings),
            perceived={} if PERCEIVED in self._without else scope.perceived,
            replying=True,
        )
        gates = {option: self._open(asked, option, inner) for option in options}
        weights = self._weights(asked, gates, inner)
        total = c.add(*(weights[option] for option in options))
        some = c.any(*(gates[option] for option in options))
        return c.when(some, c.div(weights[asked.option], total), c.const(0.0))

    def _open(self, asked: AskedOption, option: str, scope: Scope) -> int:
        when = asked.choice.options[option].when
        if when is None:
            return self._compose.true
        tree = (*asked.path, "options", option, "when")
        return self._lowering.strictly_true(when, scope.at(*tree))

    def _weights(self, asked: AskedOption, gates: Mapping[str, int], scope: Scope) -> Mapping[str, int]:
        """What each option counts: exp((v - best) / T) where it is open, else 0."""
        c, none = self._compose, self._compose.const(0.0)
        if REPLY in self._without:
            return {option: c.number(gate) for option, gate in gates.items()}
        temperature = self._lowering.strictly(asked.choice.temperature, scope.at(*asked.path, "temperature"))
        if "Q1" in self._without:
            temperature = none
        lowest = c.const(float("-inf"))
        values = {
            option: c.when(gates[option], self._value(asked, option, scope), lowest)
            for option in asked.options
        }
        best = c.max(*(values[option] for option in asked.options))
        loose = c.positive(temperature)
        likely = {option: c.exp(c.div(c.sub(values[option], best), temperature)) for option in asked.options}
        for nest in () if "Q4" in self._without else sorted(asked.choice.nests):
            scale = self._lowering.strictly(
                asked.choice.nests[nest].scale, scope.at(*asked.path, "nests", nest, "scale")
            )
            here = {
                option: (gates[option], values[option])
                for option in asked.options
                if option in asked.choice.nests[nest].options
            }
            likely |= self._in_nest(here, best, temperature, scale)
        weights = {}
        for option in asked.options:
            firm = c.number(c.compare("eq", values[option], best))
            weight = c.when(loose, likely[option], firm)
            weights[option] = c.when(gates[option], weight, none)
        return weights

    def _in_nest(
        self, options: Mapping[str, tuple[int, int]], best: int, temperature: int, scale: int
    ) -> Mapping[str, int]:
        """What the options of a nest count, of gates and values: the whole, parted among the open ones."""
        c = self._compose
        top = c.max(*(value for _, value in options.values()))
        loose = c.mul(temperature, scale)
        parts = {
            option: c.when(gate, c.exp(c.div(c.sub(value, top), loose)), c.const(0.0))
            for option, (gate, value) in options.items()
        }
        total = c.add(*parts.values())
        whole = c.exp(c.add(c.div(c.sub(top, best), temperature), c.mul(scale, c.log(total))))
        return {option: c.div(c.mul(whole, part), total) for option, part in parts.items()}

    def _value(self, asked: AskedOption, option: str, scope: Scope) -> int:
        """Its utility, with its prospect and the bias for what is."""
        c, path = self._compose, asked.path
        part = asked.choice
        utility = self._lowering.strictly(
            part.options[option].utility, scope.at(*path, "options", option, "utility")
        )
        felt = self._prospects.felt(self._instance(asked), option, scope)
        utility = c.add(utility, *(term.node for term in felt))
        if part.status_quo is None or part.status_quo.option not in (option, "standing"):
            return utility
        if "Q3" in self._without:
            return utility
        bias = self._lowering.strictly(part.status_quo.bias, scope.at(*path, "status_quo", "bias"))
        biased = c.add(utility, bias)
        if part.status_quo.option == option:
            return biased
        number = c.const(float(asked.options.index(option) + 1))
        stands = c.compare("eq", c.row(f"standing[{asked.name}]"), number)
        return c.when(stands, biased, utility)

    def _instance(self, asked: AskedOption) -> Instance[md.Choice]:
        """The choice as its actor takes it."""
        place = self._lowering.scenario.place(*asked.path)
        return Instance(asked.choice, asked.actor, asked.id, asked.bindings, asked.path, place, asked.actor)

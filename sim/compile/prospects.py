"""What options of a choice are worth: utility, and the gains and losses that they are expected to bring."""

from __future__ import annotations

from collections.abc import Iterator

from sim.compile import program as pr
from sim.compile.compose import Composer
from sim.compile.lower import Lowering
from sim.compile.nests import needs
from sim.compile.scope import LoweringError, Scope, listed
from sim.compile.unroll import Instance
from sim.scenario import choice as ch
from sim.scenario import expressions as ex
from sim.scenario import models as md
from sim.text import quoted


class ProspectCompiler:
    """Puts together the worth of options. `docs/adjudication.md`, rules Q5 and Q7 to Q10."""

    def __init__(self, lowering: Lowering) -> None:
        self._lowering = lowering
        self._without = lowering.without
        self._compose = Composer(lowering)

    def worth(self, instance: Instance[md.Choice], option_id: str, scope: Scope) -> int:
        """The node of an option's utility with its prospect, but without the status-quo bias."""
        option = instance.part.options[option_id]
        where = scope.at(*instance.path, "options", option_id, "utility")
        utility = self._lowering.number(option.utility, where)
        felt = self.felt(instance, option_id, scope)
        if not felt:
            return utility
        worth = self._compose.add(utility, *(term.node for term in felt))
        text, own = self._lowering.terms(option.utility, where)
        return self._compose.said(worth, f"{text}, with gains and losses", where.path, (*own, *felt))

    def felt(self, instance: Instance[md.Choice], option_id: str, scope: Scope) -> list[pr.Term]:
        """What an option's gains and losses come to, quantity by quantity in order of id."""
        return [
            term
            for quantity in sorted(instance.part.reference)
            for term in self._felt(instance, option_id, quantity, scope)
        ]

    def demands(self, instance: Instance[md.Choice], scope: Scope) -> Iterator[pr.Demand]:
        """What the numbers of the value function must be."""
        if instance.part.reference:
            aversion, gains, losses = self._value_function(instance, scope)
            path = (*instance.path, "value_function")
            demand = self._lowering.demand
            yield from demand(aversion, "the aversion to losses", (*path, "aversion"), 0.0)
            yield from demand(gains, "the power of gains", (*path, "gains"), 0.0, above=True)
            yield from demand(losses, "the power of losses", (*path, "losses"), 0.0, above=True)

    def check(self, instance: Instance[md.Choice]) -> None:
        """Note quantities that options expect something of and the choice does not have, and the reverse."""
        part, problems = instance.part, self._lowering.builder.problems
        if part.value_function is not None and not part.reference:
            problems.fault(needs((*instance.path, "value_function"), "reference"))
        expected = {quantity for option in part.options.values() for quantity in option.expects}
        for option_id, option in sorted(part.options.items()):
            for quantity in sorted(option.expects.keys() - part.reference.keys()):
                problems.fault(
                    LoweringError(
                        (*instance.path, "options", option_id, "expects", quantity),
                        0,
                        f"the choice has no reference point for {quoted(quantity)}",
                        listed(sorted(part.reference), f"reference: {{{quantity}: {{...}}}} in the choice"),
                        problems.meant(quantity, part.reference),
                        "unknown-name",
                        at_key=True,
                    )
                )
        for quantity in sorted(part.reference.keys() - expected):
            problems.fault(
                LoweringError(
                    (*instance.path, "reference", quantity),
                    0,
                    f"no option expects anything of {quoted(quantity)}",
                    f"an option that does, by expects: {{{quantity}: ...}}",
                    at_key=True,
                )
            )

    def _felt(
        self, instance: Instance[md.Choice], option_id: str, quantity: str, scope: Scope
    ) -> Iterator[pr.Term]:
        """What is felt of one quantity."""
        make, number, part = self._compose, self._lowering.number, instance.part.reference[quantity]
        path = (*instance.path, "reference", quantity)
        weight = number(part.weight, scope.at(*path, "weight"))
        now = number(part.of, scope.at(*path, "of"))
        expects = instance.part.options[option_id].expects
        row = f"reference[{instance.name}, {quantity}]"
        words, expected = "as it is", now
        if quantity in expects:
            there = scope.at(*instance.path, "options", option_id, "expects", quantity)
            expected = number(expects[quantity], there)
            words = self._lowering.terms(expects[quantity], there)[0]
        elif "Q9" in self._without:
            return
        change = make.sub(expected, now if "Q5" in self._without else make.row(row))
        size = weight
        if "Q10" not in self._without:
            change = make.when(make.compare("lt", weight, make.const(0.0)), make.neg(change), change)
            size = make.abs(weight)
        yield pr.Term(
            f"{quantity} ({words}) against {row}", make.mul(size, self._value(instance, change, scope))
        )

    def _value(self, instance: Instance[md.Choice], change: int, scope: Scope) -> int:
        """The value function of Tversky and Kahneman (1992)."""
        make = self._compose
        aversion, gains, losses = self._value_function(instance, scope)
        gain = make.power(change, gains)
        loss = make.neg(make.mul(aversion, make.power(make.neg(change), losses)))
        return make.when(make.compare("lt", change, make.const(0.0)), loss, gain)

    def _value_function(self, instance: Instance[md.Choice], scope: Scope) -> tuple[int, int, int]:
        """Aversion to losses, power of gains, power of losses."""
        part, one = instance.part.value_function or ch.ValueFunction(), self._compose.const(1.0)
        aversion, gains, losses = (
            self._number(key, part, scope.at(*instance.path, "value_function", key))
            for key in ("aversion", "gains", "losses")
        )
        if "Q7" in self._without:
            aversion = one
        return (aversion, one, one) if "Q8" in self._without else (aversion, gains, losses)

    def _number(self, key: str, part: ch.ValueFunction, where: Scope) -> int:
        """A number of the value function, as the file has it or as it was measured."""
        expression: ex.Expression = getattr(part, key)
        if key in part.model_fields_set:
            return self._lowering.number(expression, where)
        assert isinstance(expression.tree, ex.Number)
        node = self._lowering.figures.standard(
            expression.tree.value, where.path, "Tversky and Kahneman (1992)"
        )
        return self._compose.said(node, expression.text, where.path)

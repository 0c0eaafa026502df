"""A Program in which some options are never open: what an actor may not do, whatever its policy would."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sim.compile import program as pr


def forbidding(program: pr.Program, options: Iterable[tuple[str, str]]) -> pr.Program:
    """The same Program with options shut, in every turn and crisis round.

    Args:
        program: what is played.
        options: a decision's name and an option's id; of a rule `do`, so that it never fires.
    """
    shut = frozenset(options)
    if not shut:
        return program
    never = len(program.nodes)
    close = _Closing(shut, never)
    crisis = program.crisis
    if crisis is not None:
        crisis = replace(crisis, later=tuple(close.round(one) for one in crisis.later))
    return replace(
        program,
        nodes=(*program.nodes, pr.Node("const", value=0.0, truth=True)),
        injects=close.rules(program.injects),
        events=close.rules(program.events),
        rules=close.rules(program.rules),
        choices=close.choices(program.choices),
        crisis=crisis,
        stages=program.stages.with_passes(close.of_pass),
    )


class _Closing:
    """Shuts the gates of what is forbidden."""

    def __init__(self, shut: frozenset[tuple[str, str]], never: int) -> None:
        self._shut = shut
        self._never = never

    def rules(self, rules: tuple[pr.Rule, ...]) -> tuple[pr.Rule, ...]:
        return tuple(
            replace(rule, gate=self._never) if (rule.name, "do") in self._shut else rule for rule in rules
        )

    def choices(self, choices: tuple[pr.Choice, ...]) -> tuple[pr.Choice, ...]:
        return tuple(self._choice(choice) for choice in choices)

    def round(self, one: pr.Round) -> pr.Round:
        return replace(one, rules=self.rules(one.rules), choices=self.choices(one.choices))

    def of_pass(self, step: pr.Pass) -> pr.Pass:
        return replace(step, rules=self.rules(step.rules), choices=self.choices(step.choices))

    def _choice(self, choice: pr.Choice) -> pr.Choice:
        options = tuple(
            replace(option, gate=self._never) if (choice.name, option.id) in self._shut else option
            for option in choice.options
        )
        return replace(choice, options=options) if options != choice.options else choice

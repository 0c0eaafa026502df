"""Nests of a choice's options: every option in one of them or alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from sim.compile import program as pr
from sim.compile.lower import Lowering
from sim.compile.scope import LoweringError, Scope, listed
from sim.compile.unroll import Instance
from sim.scenario import models as md
from sim.scenario.load import PathOf
from sim.text import quoted

DrawsOf = Callable[[str], tuple[int, ...]]
"""The draws of a purpose, one for each take of a turn."""


class NestCompiler:
    """Turns the nests of choices into the Program's."""

    def __init__(self, lowering: Lowering) -> None:
        self._lowering = lowering
        self._problems = lowering.builder.problems

    def nests(self, instance: Instance[md.Choice], scope: Scope, draws: DrawsOf) -> tuple[pr.Nest, ...]:
        """The nests in order of id; what is wrong with them is noted."""
        part, ids = instance.part, sorted(instance.part.options)
        if part.nests:
            for fault in self._faults(part, ids, instance.path):
                self._problems.fault(fault)
        elif part.alone:
            self._problems.fault(needs((*instance.path, "alone"), "nests"))
        made = tuple(
            pr.Nest(
                id=nest_id,
                options=tuple(index for index, option in enumerate(ids) if option in nest.options),
                scale=self._lowering.number(nest.scale, scope.at(*instance.path, "nests", nest_id, "scale")),
                draws=draws(f"nest:{nest_id}"),
                angles=draws(f"angle:{nest_id}"),
            )
            for nest_id, nest in sorted(part.nests.items())
        )
        return () if "Q4" in self._lowering.without else made

    def demands(self, instance: Instance[md.Choice], nests: Sequence[pr.Nest]) -> Iterator[pr.Demand]:
        """A scale is above 0 and at most 1."""
        for nest in nests:
            path = (*instance.path, "nests", nest.id, "scale")
            what = f"the scale of nest {nest.id}"
            yield from self._lowering.demand(nest.scale, what, path, 0.0, 1.0, above=True)

    def _faults(self, part: md.Choice, ids: Sequence[str], path: PathOf) -> Iterator[LoweringError]:
        taken: dict[str, PathOf] = {}
        for where, option in _named(part):
            here: PathOf = (*path, *where)
            if option not in ids:
                yield LoweringError(
                    here,
                    0,
                    f"there is no option {quoted(option)}",
                    listed(ids),
                    self._problems.meant(option, ids),
                    "unknown-name",
                )
            elif option in taken:
                other = self._lowering.scenario.value_place(*taken[option])
                yield LoweringError(
                    here,
                    0,
                    f"{quoted(option)} has its place already, at {other}",
                    "each option in one nest, or alone",
                )
            taken.setdefault(option, here)
        left = [option for option in ids if option not in taken]
        if left and taken.keys() <= set(ids):
            yield LoweringError(
                (*path, "nests"),
                0,
                f"no nest holds {' or '.join(map(quoted, left))}",
                f"each option in one nest, or alone: [{', '.join(left)}]",
                at_key=True,
            )


def needs(path: PathOf, other: str) -> LoweringError:
    """What to say of a key that means nothing by itself."""
    return LoweringError(
        path, 0, f"{path[-1]} says nothing without {other}", f"{other} beside it", at_key=True
    )


def _named(part: md.Choice) -> Iterator[tuple[PathOf, str]]:
    """Every option that a nest or `alone` names, with its path in the choice."""
    for nest_id, nest in sorted(part.nests.items()):
        for index, option in enumerate(nest.options):
            yield ("nests", nest_id, "options", index), option
    for index, option in enumerate(part.alone):
        yield ("alone", index), option

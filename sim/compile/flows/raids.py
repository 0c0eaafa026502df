"""Raids on what is at sea: chance events, decided when everything has been sent (pass *raid*)."""

from __future__ import annotations

from collections.abc import Iterator

from sim.compile import program as pr
from sim.compile.compose import Composer
from sim.compile.flows.network import Line, Network
from sim.compile.lower import Lowering
from sim.compile.sayings import SayingCompiler
from sim.scenario.clock import PERIODS_PER_YEAR
from sim.scenario.flows import Interdiction


def raids(lowering: Lowering, network: Network, without: frozenset[str]) -> Iterator[pr.Rule]:
    """A rule for each flow that can be raided."""
    if "F8" not in without:
        for line in network.lines.values():
            if line.part.interdiction is not None:
                yield from _raid(lowering, line, line.part.interdiction, without)


def _raid(
    lowering: Lowering, line: Line, interdiction: Interdiction, without: frozenset[str]
) -> Iterator[pr.Rule]:
    if interdiction.chance is None:
        return
    c, builder = Composer(lowering), lowering.builder
    path = (*line.path, "interdiction")
    place = lowering.scenario.place(*path)
    at_sea = line.delay > 0 and "F9" not in without
    exposed = f"transit[{line.id}]" if at_sea else f"shipment[{line.id}]"
    where = line.scope.at(*path, "chance", "rate")
    rate = lowering.number(interdiction.chance.rate, where, 0.0)
    yield pr.Rule(
        name=f"flows/{line.id}",
        owner="flows",
        id=line.id,
        bindings=(),
        kind="chance",
        gate=c.said(c.positive(c.row(exposed)), f"{exposed} > 0", path),
        rate=builder.node("mul", rate, c.const(PERIODS_PER_YEAR[interdiction.chance.per])),
        size=None,
        due=None,
        draw=builder.draw(f"flows/{interdiction.luck_key or line.id}//intercepted", place),
        fired=builder.rows[f"fired[flows/{line.id}]"],
        ever=None,
        campaign=None,
        doings=pr.Doings(sayings=(_said(lowering, line, interdiction),)),
        place=place,
        path=path,
        grade=lowering.figures.grade(path),
    )


def _said(lowering: Lowering, line: Line, interdiction: Interdiction) -> pr.Saying:
    if interdiction.says is None:
        return pr.Saying((f"{line.title}: raided on the way",))
    scope = line.scope.at(*line.path, "interdiction", "says")
    return SayingCompiler(lowering).saying(interdiction.says, scope)

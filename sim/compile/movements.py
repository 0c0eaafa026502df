"""What moves without being decided: perceptions and dynamics."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sim.compile import program as pr
from sim.compile.history import MAX_LAG
from sim.compile.lower import Lowering
from sim.compile.scope import LoweringError
from sim.compile.unroll import Instance
from sim.scenario import models as md
from sim.scenario.clock import PERIODS_PER_YEAR
from sim.scenario.load import PathOf
from sim.text import Place


class MovementCompiler:
    """Compiles perceptions and dynamics."""

    def __init__(self, lowering: Lowering) -> None:
        self._lowering = lowering
        self._builder = lowering.builder
        self._scenario = lowering.scenario
        self._problems = lowering.builder.problems

    # Perceptions

    def perceptions(
        self, instances: Sequence[Instance[md.Perception]]
    ) -> tuple[tuple[pr.Perception, ...], Mapping[str, Mapping[int, int]]]:
        """The perceptions, and for each actor which row it sees in place of which."""
        made = self._problems.each(instances, self._perception)
        perceived: dict[str, dict[int, int]] = defaultdict(dict)
        places: dict[tuple[str, int], Place] = {}
        for perception in made:
            other = places.setdefault((perception.owner, perception.of), perception.place)
            if other != perception.place or perception.of in perceived[perception.owner]:
                name = self._builder.variables[perception.of].name
                self._problems.error(
                    perception.place,
                    f"{perception.owner} sees {name} already, at {other}",
                    "one perception of each variable",
                )
            perceived[perception.owner][perception.of] = perception.seen
        return tuple(made), perceived

    def _perception(self, instance: Instance[md.Perception]) -> pr.Perception:
        part, scope, path = instance.part, instance.scope(), instance.path
        row = self._lowering.names.variable(part.of.tree, scope.at(*path, "of"))
        turns = 0 if part.lag is None else self._scenario.clock.turns_in(part.lag)
        if turns > MAX_LAG:
            raise LoweringError(
                (*path, "lag"), 0, f"this reaches {turns:,} turns back", f"at most {MAX_LAG:,}"
            )
        if part.lag is not None:
            self._doubt_lag(turns, (*path, "lag"))
        noise = half_life = draw = None
        if part.noise is not None and part.half_life is not None:
            noise = self._lowering.number(part.noise, scope.at(*path, "noise"), 0.0)
            half_life = self._lowering.half_life(part.half_life, scope.at(*path, "half_life"))
            draw = self._builder.draw(f"{instance.key}/error", instance.place)
        rows = self._builder.rows
        seen, seen_of = rows[f"seen[{instance.name}]"], self._builder.variables[row]
        self._builder.variables[seen] = pr.Variable(
            f"seen[{instance.name}]",
            "perception",
            seen_of.low,
            seen_of.high,
            seen_of.unit,
            seen_of.title,
            instance.place,
        )
        return pr.Perception(
            name=instance.name,
            owner=instance.owner,
            of=row,
            source=row if turns == 0 else self._builder.recall(row, turns),
            error=rows[f"error[{instance.name}]"],
            seen=seen,
            noise=noise,
            half_life=half_life,
            draw=draw,
            place=instance.place,
        )

    def _doubt_lag(self, turns: int, path: PathOf) -> None:
        played = self._scenario.clock.turns
        if turns == 0:
            said, advice = "less than half a turn, so that nothing is seen late", "half a turn or more"
        else:
            said, advice = "as long as all of play, so that only the first value is seen", "less"
        self._problems.doubt(
            path,
            0,
            doubtful=turns == 0 or turns >= played,
            message=f"this is {said}",
            advice=f"give it {advice}",
            code="time",
        )

    # Dynamics

    def movements(self, instances: Sequence[Instance[md.Dynamics]]) -> tuple[pr.Movement, ...]:
        """One movement for each row that moves, in order of row name."""
        by_row: dict[int, list[Instance[md.Dynamics]]] = defaultdict(list)
        for row, instance in self._problems.each(instances, self._moved):
            by_row[row].append(instance)
        variables = self._builder.variables
        groups = sorted(by_row.items(), key=lambda item: variables[item[0]].name)
        made = self._problems.each(groups, lambda group: self._movement(*group))
        return tuple(movement for movement in made if movement is not None)

    def _moved(self, instance: Instance[md.Dynamics]) -> tuple[int, Instance[md.Dynamics]]:
        scope = instance.scope().at(*instance.path, "of")
        return self._lowering.names.variable(instance.part.of.tree, scope), instance

    def _movement(self, row: int, instances: Sequence[Instance[md.Dynamics]]) -> pr.Movement | None:
        drifts = sorted((i for i in instances if i.part.drift is not None), key=lambda i: i.key)
        others = [i for i in instances if i.part.drift is None]
        if self._conflict(row, others, drifts):
            return None
        towards = half_life = growth = noise = draw = None
        for main in others:
            part, scope, path = main.part, main.scope(), main.path
            if part.towards is not None and part.half_life is not None:
                towards = self._lowering.number(part.towards, scope.at(*path, "towards"))
                half_life = self._lowering.half_life(part.half_life, scope.at(*path, "half_life"))
            if part.growth is not None:
                growth = self._yearly(part.growth, main, "growth")
            if part.noise is not None:
                noise = self._lowering.number(part.noise, scope.at(*path, "noise"), 0.0)
                draw = self._builder.draw(f"{main.key}/noise", main.place)
        return pr.Movement(
            row=row,
            towards=towards,
            half_life=half_life,
            growth=growth,
            drifts=tuple(self._yearly(i.part.drift, i, "drift") for i in drifts if i.part.drift is not None),
            noise=noise,
            draw=draw,
            places=tuple(i.place for i in (*others, *drifts)),
        )

    def _conflict(
        self, row: int, others: Sequence[Instance[md.Dynamics]], drifts: Sequence[Instance[md.Dynamics]]
    ) -> bool:
        name = self._builder.variables[row].name
        if len(others) > 1:
            self._problems.error(
                others[1].place,
                f"{name} moves already, at {others[0].place}",
                "one entry with towards, growth or noise for each variable",
            )
            return True
        if others and drifts and others[0].part.growth is not None:
            self._problems.error(
                drifts[0].place,
                f"{name} grows, at {others[0].place}, and cannot drift besides",
                "the drift as part of the growth",
            )
            return True
        return False

    def _yearly(self, rate: md.Rate, instance: Instance[md.Dynamics], key: str) -> int:
        node = self._lowering.number(rate.rate, instance.scope().at(*instance.path, key, "rate"))
        return self._builder.node("mul", node, self._builder.const(PERIODS_PER_YEAR[rate.per]))

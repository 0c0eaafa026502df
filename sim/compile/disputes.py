"""Disputes between actors: levels of hostility, episodes, who began, and how they end (rules E1 to E9)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from sim.compile import program as pr
from sim.compile.construct import Reader
from sim.compile.ground import Ground
from sim.compile.pacts import LEVELS, Pair
from sim.compile.scope import LoweringError, Scope, listed
from sim.scenario import expressions as ex
from sim.scenario.commitments import Escalation
from sim.scenario.load import PathOf
from sim.text import quoted

RULES: Final[Mapping[str, str]] = {
    "E1": "Level",
    "E2": "Episode",
    "E3": "First force",
    "E4": "Quiet",
    "E5": "War",
    "E6": "Settlement",
    "E7": "Standing down",
    "E8": "Crisis",
    "E9": "Rounds",
}
_FORCE: Final = LEVELS["force"]
_WAR: Final = LEVELS["war"]
_PATH: Final[PathOf] = ("escalation",)
UNSCOPED: Final = "unscoped"


def ordered(pair: Pair) -> Pair:
    """The pair in order of id."""
    return (min(pair), max(pair))


class Disputes:
    """Rows and passes of disputes."""

    def __init__(self, ground: Ground) -> None:
        self._g = ground
        self._place = ground.lowering.scenario.place(*_PATH)

    def declare(self) -> None:
        """Rows of every pair of actors with any hostility between them."""
        g, place = self._g, self._place
        for pair in sorted(g.pacts.hostile):
            for name in self.incident_rows(pair):
                g.row(name, place, low=0.0, high=_WAR)
        for one, other in g.pacts.dyads:
            for a, b in ((one, other), (other, one)):
                g.row(f"hostility[{a}, {b}]", place, low=1.0, high=_WAR)
                g.row(f"began[{a}, {b}]", place, low=0.0, high=1.0)
                g.row(f"offer[{a}, {b}]", place, low=0.0, high=2.0)
                for kind, pairs in (("settles", g.pacts.settling), ("stands_down", g.pacts.standing_down)):
                    if (a, b) in pairs:
                        g.row(f"{kind}[{a}, {b}]", place, low=0.0, high=1.0)
            g.row(f"episode[{one}, {other}]", place, low=0.0)
            g.row(f"calm[{one}, {other}]", place, low=0.0)
            if self._rounds():
                g.row(f"crisis[{one}, {other}]", place, low=0.0, high=1.0)

    def _rounds(self) -> bool:
        """Whether any decision is taken in crisis rounds."""
        policies = self._g.lowering.scenario.model.policies.values()
        pairs = [rule.crisis for policy in policies for rule in policy.rules.values()]
        pairs += [choice.crisis for policy in policies for choice in policy.choices.values()]
        return any(pair is not None for pair in pairs)

    def incident_rows(self, pair: Pair) -> list[str]:
        """Names of the rows that say what A did to B: in all, without scope, and by scope."""
        names, scopes = [f"incident[{pair[0]}, {pair[1]}]"], self._g.pacts.scopes(pair)
        if scopes:
            names += [f"incident[{pair[0]}, {pair[1]}, {scope}]" for scope in (UNSCOPED, *scopes)]
        return names

    def start(self) -> None:
        """Levels before play, and what stage 4 writes."""
        g = self._g
        levels = self._levels()
        for pair in g.pacts.dyads:
            ways = (pair, pair[::-1])
            for a, b in ways:
                level = levels.get((a, b), 1.0)
                self._starts(f"hostility[{a}, {b}]", level)
                self._starts(f"began[{a}, {b}]", float(level >= _FORCE))
            self._starts(f"episode[{pair[0]}, {pair[1]}]", float(any(way in levels for way in ways)))
        for pair in sorted(g.pacts.hostile):
            by_scope = g.pacts.acts.get(pair, {})
            for name in self.incident_rows(pair):
                scope = name[:-1].split(", ")[2] if name.count(", ") > 1 else None
                actions = [
                    action
                    for own, names in sorted(by_scope.items())
                    if scope in (None, own or UNSCOPED)
                    for action in sorted(names)
                ]
                self._incident(name, actions, pair)
        for kind, pairs in (("settles", g.pacts.settling), ("stands_down", g.pacts.standing_down)):
            for pair in sorted(pairs):
                if f"{kind}[{pair[0]}, {pair[1]}]" in g.lowering.builder.rows:
                    actions = [
                        name
                        for name, action in sorted(g.lowering.scenario.model.actions.items())
                        if getattr(action, kind)
                    ]
                    self._incident(f"{kind}[{pair[0]}, {pair[1]}]", actions, pair)

    def _starts(self, row: str, value: float) -> None:
        self._g.made.initials.append(self._g.initial(row, self._g.compose.const(value), self._place))

    def _levels(self) -> dict[Pair, float]:
        """Levels of hostility before play."""
        lowering = self._g.lowering
        stated = lowering.scenario.model.escalation or Escalation()
        found = {}
        for one, others in stated.disputes.items():
            for other, level in others.items():
                path: PathOf = (*_PATH, "disputes", one, other)
                fault = self._fault_of(one, other, path)
                if fault is None:
                    found[one, other] = LEVELS[level]
                else:
                    lowering.builder.problems.fault(fault)
        return found

    def _fault_of(self, one: str, other: str, path: PathOf) -> LoweringError | None:
        known = self._g.lowering.scenario.model.actors
        for actor, where in ((one, path[:-1]), (other, path)):
            if actor not in known:
                meant = self._g.lowering.builder.problems.meant(actor, known)
                return LoweringError(
                    where,
                    0,
                    f"there is no actor {quoted(actor)}",
                    listed(sorted(known)),
                    meant,
                    "unknown-name",
                    at_key=True,
                )
        if one == other:
            return LoweringError(path, 0, f"{one} is paired with itself", "two actors", at_key=True)
        if ordered((one, other)) not in self._g.pacts.dyads:
            return LoweringError(
                path,
                0,
                f"{one} and {other} can do each other nothing hostile",
                "two actors of which one has an action with hostility towards the other",
                at_key=True,
            )
        return None

    def _incident(self, name: str, actions: list[str], pair: Pair) -> None:
        rows, model = self._g.lowering.builder.rows, self._g.lowering.scenario.model
        done = [
            (rows[f"acts[{action}, {pair[0]}, {pair[1]}]"], model.actions[action])
            for action in actions
            if f"acts[{action}, {pair[0]}, {pair[1]}]" in rows
        ]
        self._g.made.incidents.append(
            pr.Incident(
                rows[name],
                tuple(acts for acts, _ in done),
                tuple(1.0 if action.hostility is None else LEVELS[action.hostility] for _, action in done),
            )
        )

    # Nodes

    def fresh(self) -> int:
        """Whether anything hostile was done in the stage just played."""
        c = self._g.compose
        return c.any(*(c.positive(c.row(f"incident[{a}, {b}]")) for a, b in sorted(self._g.pacts.hostile)))

    def happened(self, pair: Pair) -> int:
        """What A did to B in the stage just played: a level."""
        c = self._g.compose
        return c.row(f"incident[{pair[0]}, {pair[1]}]") if pair in self._g.pacts.hostile else c.const(0.0)

    def either(self, pair: Pair) -> int:
        """Whether there was an incident of the pair, either way."""
        c = self._g.compose
        return c.any(c.positive(self.happened(pair)), c.positive(self.happened(pair[::-1])))

    def on(self, pair: Pair) -> int:
        """Whether a dispute of the pair is on."""
        c = self._g.compose
        first, second = ordered(pair)
        one = c.const(1.0)
        return c.any(
            c.compare("gt", c.row(f"hostility[{first}, {second}]"), one),
            c.compare("gt", c.row(f"hostility[{second}, {first}]"), one),
        )

    def episode(self, pair: Pair) -> int:
        """The number of the pair's present or last dispute."""
        first, second = ordered(pair)
        return self._g.compose.row(f"episode[{first}, {second}]")

    def both_began(self, pair: Pair) -> int:
        """Whether both used force first."""
        return self._g.compose.all(self.began(pair), self.began(pair[::-1]))

    def began(self, pair: Pair) -> int:
        """Whether A was first to use force on B."""
        c = self._g.compose
        return c.positive(c.row(f"began[{pair[0]}, {pair[1]}]"))

    # Passes

    def after_acts(self) -> pr.Pass:
        """Pass *disputes*, on what stage 4 did."""
        return pr.Pass("disputes", assignments=self._g.in_order(self._assigned(ending=True)))

    def after_answers(self) -> Iterator[pr.Assignment]:
        """What pass *joining* makes of the answers of a wave."""
        return self._assigned(ending=False)

    def _assigned(self, *, ending: bool) -> Iterator[pr.Assignment]:
        g = self._g
        for pair in g.pacts.dyads:
            ended = self._settled(pair) if ending else g.compose.false
            for one in (pair, pair[::-1]):
                yield g.assign(
                    f"hostility[{one[0]}, {one[1]}]",
                    self._level(one, ended, ending=ending),
                    self._place,
                    "E1",
                )
                if g.on("E3"):
                    yield g.assign(f"began[{one[0]}, {one[1]}]", self._first(one, ended), self._place, "E3")
                if ending and g.on("E6"):
                    yield g.assign(f"offer[{one[0]}, {one[1]}]", self._offer(one, ended), self._place, "E6")
            yield from self._counted(pair)

    def _level(self, pair: Pair, ended: int, *, ending: bool) -> int:
        g, c = self._g, self._g.compose
        incident, level = self.happened(pair), c.row(f"hostility[{pair[0]}, {pair[1]}]")
        if g.on("E1"):
            risen = c.max(level, incident)
        else:
            risen = c.when(c.positive(incident), incident, level)
        if ending and pair in g.pacts.standing_down and g.on("E7"):
            calm = c.all(c.positive(c.row(f"stands_down[{pair[0]}, {pair[1]}]")), c.zero(incident))
            risen = c.when(calm, c.const(1.0), risen)
        return c.when(ended, c.const(1.0), risen)

    def _first(self, pair: Pair, ended: int) -> int:
        c = self._g.compose
        a, b = pair
        first = c.all(
            c.compare("ge", self.happened(pair), c.const(_FORCE)), c.zero(c.row(f"began[{b}, {a}]"))
        )
        began = c.when(first, c.const(1.0), c.row(f"began[{a}, {b}]"))
        return c.when(ended, c.const(0.0), began)

    def _offered(self, pair: Pair) -> int:
        """The pair's offer after this stage, before it can be taken up."""
        c = self._g.compose
        before = c.row(f"offer[{pair[0]}, {pair[1]}]")
        fallen = c.max(c.sub(before, c.const(1.0)), c.const(0.0))
        if pair not in self._g.pacts.settling:
            return fallen
        return c.when(c.positive(c.row(f"settles[{pair[0]}, {pair[1]}]")), c.const(2.0), fallen)

    def _settled(self, pair: Pair) -> int:
        g, c = self._g, self._g.compose
        if not g.on("E6"):
            return c.false
        offers = (c.positive(self._offered(one)) for one in (pair, pair[::-1]))
        return c.all(*offers, c.negate(self.either(pair)))

    def _offer(self, pair: Pair, ended: int) -> int:
        c = self._g.compose
        return c.when(ended, c.const(0.0), self._offered(pair))

    def _counted(self, pair: Pair) -> Iterator[pr.Assignment]:
        g, c = self._g, self._g.compose
        either = self.either(pair)
        episode, calm = f"episode[{pair[0]}, {pair[1]}]", f"calm[{pair[0]}, {pair[1]}]"
        if not g.on("E2"):
            return
        begins = c.number(c.all(either, c.negate(self.on(pair))))
        yield g.assign(episode, c.add(c.row(episode), begins), self._place, "E2")
        yield g.assign(calm, c.when(either, c.const(0.0), c.row(calm)), self._place, "E2")

    def at_first(self) -> Iterator[pr.Assignment]:
        """After stage 2: how long it has been quiet, and who is in crisis."""
        yield from self._growing_calm()
        yield from self._crises()

    def _growing_calm(self) -> Iterator[pr.Assignment]:
        """One more turn without an incident, unless one comes."""
        g, c = self._g, self._g.compose
        for pair in g.pacts.dyads:
            name = f"calm[{pair[0]}, {pair[1]}]"
            grown = c.add(c.row(name), c.number(self.on(pair)))
            yield g.assign(name, grown, self._place, "E4")

    def _crises(self) -> Iterator[pr.Assignment]:
        """Which pairs are in crisis in this turn."""
        g, c = self._g, self._g.compose
        if not self._rounds():
            return
        for pair in g.pacts.dyads:
            levels = [c.row(f"hostility[{a}, {b}]") for a, b in (pair, pair[::-1])]
            stands = c.compare("ge", c.max(*levels), c.const(LEVELS["display"]))
            crisis = c.number(stands) if g.on("E8") else c.const(0.0)
            yield g.assign(f"crisis[{pair[0]}, {pair[1]}]", crisis, self._place, "E8")

    def ending(self) -> Iterator[pr.Assignment]:
        """Stage 7: disputes that have been quiet for long enough."""
        g, c = self._g, self._g.compose
        if not g.on("E4"):
            return
        stated = g.lowering.scenario.model.escalation or Escalation()
        quiet = g.turns(stated.quiet, (*_PATH, "quiet"))
        for pair in g.pacts.dyads:
            over = [c.compare("ge", c.row(f"calm[{pair[0]}, {pair[1]}]"), c.const(float(quiet)))]
            if g.on("E5"):
                over += [
                    c.compare("lt", c.row(f"hostility[{a}, {b}]"), c.const(_WAR))
                    for a, b in (pair, pair[::-1])
                ]
            ended = c.all(self.on(pair), *over)
            for a, b in (pair, pair[::-1]):
                for name, value in ((f"hostility[{a}, {b}]", 1.0), (f"began[{a}, {b}]", 0.0)):
                    yield g.assign(name, c.when(ended, c.const(value), c.row(name)), self._place, "E4")

    # What expressions read

    def readers(self) -> dict[str, Reader]:
        """Functions of two actors."""
        return {
            "hostility": lambda tree, scope: self._read(tree, scope, "hostility", 1.0),
            "began": lambda tree, scope: self._read(tree, scope, "began", 0.0),
            "episodes": lambda tree, scope: self._read(tree, scope, "episode", 0.0),
            "disputing": self._disputing,
        }

    def _pair(self, tree: ex.Call, scope: Scope) -> Pair:
        names = [argument.id for argument in tree.arguments if isinstance(argument, ex.Name)]
        if len(names) != 2 or len(tree.arguments) != 2:  # noqa: PLR2004 - a pair
            raise LoweringError(
                scope.path,
                tree.offset,
                f"{tree.function}() is about two actors",
                f"{tree.function}(PRK, KOR)",
            )
        offsets = [argument.offset for argument in tree.arguments]
        first, second = self._g.lowering.names.actors(names, offsets, scope)
        if first == second:
            raise LoweringError(scope.path, offsets[1], f"{first} and itself", "two different actors")
        return first, second

    def _read(self, tree: ex.Call, scope: Scope, table: str, otherwise: float) -> int:
        pair, c = self._pair(tree, scope), self._g.compose
        if table == "episode":
            pair = ordered(pair)
        name = f"{table}[{pair[0]}, {pair[1]}]"
        there = name in self._g.lowering.builder.rows
        value = c.row(name) if there else c.const(otherwise)
        return c.positive(value) if table == "began" else value

    def _disputing(self, tree: ex.Call, scope: Scope) -> int:
        pair = ordered(self._pair(tree, scope))
        known = f"hostility[{pair[0]}, {pair[1]}]" in self._g.lowering.builder.rows
        return self.on(pair) if known else self._g.compose.false

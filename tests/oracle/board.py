"""A scenario made ready to be played: every decision, perception and movement with its names bound.

Two passes: who decides, acts and perceives is known before any expression is read, since expressions ask.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from sim.scenario.models import Choice, Perception, Rule
from tests.oracle import parameters
from tests.oracle.attention import AttentionHere, read_attention, read_claim, share_of
from tests.oracle.beliefs import Beliefs
from tests.oracle.choices import ChoiceHere, read_choice
from tests.oracle.councils import Councils
from tests.oracle.credit import Credits
from tests.oracle.deeds import acts
from tests.oracle.disputes import Disputes
from tests.oracle.events import Event, events
from tests.oracle.expressions import read_number, read_truth
from tests.oracle.faults import Fault
from tests.oracle.flows import Flows
from tests.oracle.goods import Goods
from tests.oracle.groups import Groups
from tests.oracle.injects import InjectHere, read_inject
from tests.oracle.means import moves
from tests.oracle.minds import Minds
from tests.oracle.movement import (
    DynamicsHere,
    PerceptionHere,
    read_dynamics,
    read_perception,
)
from tests.oracle.names import Names, Playable, Scope, act_row, names_of, policies_of
from tests.oracle.promises import Promises
from tests.oracle.readings import readers
from tests.oracle.rules import RuleHere, read_rule
from tests.oracle.sanctions import Sanctions
from tests.oracle.terms import Number, Truth
from tests.oracle.voting import Bodies
from tests.oracle.worth import ReferenceHere

Stands = tuple[Event, Scope]


@dataclass
class Board:
    names: Names
    disputes: Disputes
    promises: Promises
    beliefs: Beliefs
    credits: Credits
    bodies: Bodies
    sanctions: Sanctions
    goods: Goods
    groups: Groups
    injects: list[InjectHere] = field(default_factory=list)
    world_rules: list[RuleHere] = field(default_factory=list)
    perceptions: list[PerceptionHere] = field(default_factory=list)
    decisions: list[RuleHere | ChoiceHere] = field(default_factory=list)
    dynamics: dict[str, list[DynamicsHere]] = field(default_factory=dict)
    """Row to all its entries."""
    initial: dict[str, Number] = field(default_factory=dict)
    """Row of an attribute or relation to its value before play."""
    indicators: dict[str, Number] = field(default_factory=dict)
    outcomes: dict[str, Truth] = field(default_factory=dict)
    attention: list[AttentionHere] = field(default_factory=list)

    @property
    def flows(self) -> Flows:
        return Flows(self.names, self.goods, self.dynamics)

    def references(self) -> list[ReferenceHere]:
        """The reference points of all choices."""
        choices = [here for here in self.decisions if isinstance(here, ChoiceHere)]
        return [reference for here in choices for reference in here.references.values()]

    def first_deciders(self) -> list[InjectHere | RuleHere]:
        """What is decided in stage 1."""
        return [*self.injects, *self.world_rules]

    def rows(self) -> dict[str, float]:
        """The rows of decisions and acts as they stand before play."""
        rows = [row for here in (*self.first_deciders(), *self.decisions) for row in here.rows()]
        for act in self.names.acts:
            rows += [(act_row("acts", *act), 0.0), (act_row("times", *act), 0.0)]
        rows += [(here.row, 0.0) for here in self.attention]
        if len(dict(rows)) != len(rows):
            raise Fault("two decisions have one name")
        domain = self.promises.start() | self.disputes.start(
            rounds=any(
                any(rule.crisis for rule in policy.rules.values())
                or any(choice.crisis for choice in policy.choices.values())
                for policy in self.names.model.policies.values()
            )
        )
        domain |= self.bodies.start() | self.sanctions.start()
        if not domain.keys().isdisjoint(dict(rows)):
            raise Fault("two things have one name")
        return dict(rows) | domain


def prepare(scenario: Playable) -> Board:
    """Read the scenario.

    Raises:
        Fault: it cannot be played.
    """
    names = names_of(scenario)
    disputes = Disputes(names)
    promises = Promises(names, disputes)
    board = Board(
        names,
        disputes,
        promises,
        Beliefs(names),
        Credits(names, promises),
        Bodies(names),
        Sanctions(names),
        Goods(names),
        Groups(names),
    )
    rules, choices, perceptions = _stand(names)
    disputes.find()
    board.promises.find()
    board.beliefs.find()
    board.bodies.find()
    board.sanctions.find()
    names.readers.update(readers(disputes, board.promises))
    names.readers["attention"] = share_of
    names.readers.update(Minds(names, promises, board.beliefs, board.credits).readers())
    names.readers.update(Councils(board.bodies).readers())
    for part in (board.sanctions, board.flows, board.groups):
        names.readers.update(part.readers())
    for event, perception, scope in perceptions:
        here = read_perception(event, perception, scope)
        seen = names.seen.setdefault(event.owner, {})
        if here.row in seen:
            raise Fault(f"{event.owner} perceives {here.row} twice")
        seen[here.row] = event.row("seen")
        board.perceptions.append(here)
    board.decisions += [read_rule(event, rule, _seeing(scope)) for event, rule, scope in rules]
    board.decisions += [read_choice(event, choice, _seeing(scope)) for event, choice, scope in choices]
    _read_attention(board, choices)
    board.promises.read()
    board.credits.read()
    board.beliefs.read()
    board.bodies.read()
    board.sanctions.read()
    board.decisions += [choice for here in board.sanctions.all for choice in here.choices()]
    _read_nature(board)
    names.moving.update(row for row, entries in board.dynamics.items() if any(map(moves, entries)))
    board.goods.read()
    board.groups.read()
    _read_start(board)
    _check_keys(board)
    board.rows()
    return board


def _seeing(scope: Scope) -> Scope:
    return Scope(scope.names, scope.me, None, scope.bound, eyes=scope.me)


def _stand(
    names: Names,
) -> tuple[
    list[tuple[Event, Rule, Scope]], list[tuple[Event, Choice, Scope]], list[tuple[Event, Perception, Scope]]
]:
    """All rules, choices and perceptions of actors. Notes which acts and standing options there are."""
    rules, choices, perceptions = [], [], []
    for actor in names.actors:
        mine = Scope(names, actor)
        for policy in policies_of(names.model, names.model.actors[actor]):
            for name, rule in policy.rules.items():
                for event, scope in events(actor, name, rule.luck_key, rule.for_, mine):
                    rules.append((event, rule, scope))
                    names.acts.update(acts(rule, scope))
            for name, choice in policy.choices.items():
                for event, scope in events(actor, name, choice.luck_key, choice.for_, mine):
                    choices.append((event, choice, scope))
                    bound = tuple(bound for _, bound in event.bound)
                    names.standing[actor, name, bound] = event.row("standing")
                    for option in choice.options.values():
                        names.acts.update(acts(option, scope))
            for name, perception in policy.perceives.items():
                for event, scope in events(actor, name, perception.luck_key, perception.for_, mine):
                    perceptions.append((event, perception, scope))
    return rules, choices, perceptions


def _read_attention(board: Board, choices: list[tuple[Event, Choice, Scope]]) -> None:
    """Who has a budget, and what claims it: choices in order of name."""
    names = board.names
    in_order = sorted(choices, key=lambda found: f"{found[0].owner}/{found[0].name}")
    for actor in names.actors:
        part = names.model.actors[actor].attention
        if part is not None:
            matters = [
                read_claim(choice.attention, choice.pressing or choice.when, _seeing(scope))
                for event, choice, scope in in_order
                if event.owner == actor and choice.attention is not None
            ]
            board.attention.append(read_attention(actor, part, matters, _seeing(Scope(names, actor))))


def _read_nature(board: Board) -> None:
    """What belongs to no actor."""
    names, model = board.names, board.names.model
    plain = Scope(names)
    for name, inject in model.injects.items():
        board.injects.append(read_inject(Event("injects", name, inject.luck_key or name), inject, plain))
    for name, rule in model.world.rules.items():
        for event, scope in events("world", name, rule.luck_key, rule.for_, plain):
            board.world_rules.append(read_rule(event, rule, scope))
    for name, entry in model.dynamics.items():
        for event, scope in events("dynamics", name, entry.luck_key, entry.for_, plain):
            here = read_dynamics(event, entry, scope)
            board.dynamics.setdefault(here.row, []).append(here)
    for name, indicator in model.indicators.items():
        board.indicators[name] = read_number(indicator.value, plain)
    for name, outcome in model.outcomes.items():
        board.outcomes[name] = read_truth(outcome.happens or outcome.holds, Scope(names, outcome=True))


def _read_start(board: Board) -> None:
    """Initial values: expressions over parameters."""
    names, model = board.names, board.names.model
    start = Scope(names, start=True)
    for name, attribute in model.world.attributes.items():
        board.initial[name] = read_number(attribute.initial, start)
    for actor in names.actors:
        for name, attribute in model.actors[actor].attributes.items():
            board.initial[f"{name}[{actor}]"] = read_number(attribute.initial, start)
    for name, relation in model.relations.items():
        default = read_number(relation.default, start)
        rows = [row for row in names.ranges if row.startswith(f"{name}[") and row not in board.initial]
        board.initial.update(dict.fromkeys(rows, default))
        given = Counter[str]()
        for first, pairs in relation.pairs.items():
            for second, pair in pairs.items():
                row = names.relation_row(name, first, second)
                given[row] += 1
                board.initial[row] = read_number(pair.value, start)
        if any(count > 1 for count in given.values()):
            raise Fault(f"{name} states a pair twice")


def _key_texts(board: Board) -> Iterator[str]:
    yield from parameters.purposes(board.names.model)
    entries = [entry for entries in board.dynamics.values() for entry in entries]
    yield from board.promises.purposes()
    yield from board.beliefs.purposes()
    yield from board.bodies.purposes()
    yield from board.sanctions.purposes()
    yield from board.flows.purposes()
    for here in (*board.first_deciders(), *board.decisions, *board.perceptions, *entries):
        for purpose in here.purposes():
            yield here.event.purpose(purpose)


def _check_keys(board: Board) -> None:
    twice = [text for text, count in Counter(_key_texts(board)).items() if count > 1]
    if twice:
        raise Fault(f"two draws with one key: {twice[0]}")

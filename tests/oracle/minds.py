"""What expressions read of beliefs: what is believed, expected of allies, and of what others would do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, reduce
from operator import add

from sim.scenario import expressions as tree
from sim.scenario.models import Choice, Rule
from tests.oracle.beliefs import Beliefs
from tests.oracle.choices import read_choice
from tests.oracle.credit import Credits
from tests.oracle.events import Event
from tests.oracle.faults import Fault
from tests.oracle.names import Names, Scope, option_number, policies_of
from tests.oracle.promises import Promises
from tests.oracle.replies import replied, weighed
from tests.oracle.terms import Claim, Moment, Number, Quantity, Term, Truth

Arguments = tuple[tree.Expr, ...]


@dataclass(frozen=True)
class Minds:
    """Reads beliefs, credibility and decisions for expressions."""

    names: Names
    promises: Promises
    beliefs: Beliefs
    credits: Credits

    def readers(self) -> dict[str, Callable[[Arguments, Scope], Term]]:
        return {
            "belief": partial(self._belief, "belief"),
            "spread": partial(self._belief, "spread"),
            "credibility": self._credibility,
            "expected_support": self._support,
            "reply": self._reply,
            "decided": self._decided,
        }

    def _belief(self, kind: str, arguments: Arguments, scope: Scope) -> Term:
        name, *who = ids(arguments)
        observer, *about = [scope.actor(actor) for actor in who]
        row = f"{kind}[{', '.join((observer, name, *about))}]"
        if row not in self.beliefs.rows:
            raise Fault(f"there is no {row}")
        return Quantity(lambda moment: moment.now[row])

    # --- credibility ----------------------------------------------------------------------------------------

    def _credibility(self, arguments: Arguments, scope: Scope) -> Term:
        names = ids(arguments)
        if len(names) == 2:
            row = f"credibility[{names[0]}, {scope.actor(names[1])}]"
            return Quantity(lambda moment: moment.now[row])
        party, observer = (scope.actor(name) for name in names[2:])
        return Quantity(self._believed(f"{names[0]}.{names[1]}", party, observer))

    def _believed(self, name: str, party: str, observer: str) -> Number:
        """The chance that a party honours a call, in somebody's eyes; settled when it is asked."""
        row = f"credibility[{name}, {party}, {observer}]"

        def value(moment: Moment) -> float:
            if row in moment.now:
                return moment.now[row]
            return self.promises.answers.ladders[name].reliability(moment)

        return value

    def _support(self, arguments: Arguments, scope: Scope) -> Term:
        """K13 to K15."""
        who = [scope.actor(name) for name in ids(arguments)]
        victim, adversary, observer = who if len(who) == 3 else [*who, scope.actor("self")]
        parts: list[Number] = []
        for name, pact, article in self.credits.articles():
            assert article.trigger is not None
            attack = article.trigger.armed_attack
            if attack is None:
                continue
            protected = pact.parties if "party" in attack.on else attack.on
            meant = "any" in attack.by or adversary in attack.by
            if victim not in protected or not meant:
                continue
            if adversary in pact.parties and not attack.among_parties:
                continue
            counts = partial(self._counts, name, observer)
            parts += [
                partial(self._expected, name, self._believed(name, party, observer), counts)
                for party in sorted(set(article.obliged or pact.parties) - {victim, adversary})
            ]
        return Quantity(lambda moment: reduce(add, [part(moment) for part in parts], 0.0))

    def _counts(self, name: str, observer: str, moment: Moment) -> bool:
        pact_name, _, article_id = name.partition(".")
        pact = self.names.model.commitments[pact_name]
        binds = self.promises.lives.binds(moment.now, name, pact)
        return binds and self.credits.knows(name, pact, pact.articles[article_id], observer, moment)

    def _expected(self, name: str, believed: Number, counts: Truth, moment: Moment) -> float:
        if not counts(moment):
            return 0.0
        return believed(moment) * self.promises.answers.ladders[name].expected_help(moment)

    # --- decisions ------------------------------------------------------------------------------------------

    def _choice(self, actor: str, name: str) -> Choice | None:
        policies = policies_of(self.names.model, self.names.model.actors[actor])
        return next((policy.choices[name] for policy in policies if name in policy.choices), None)

    def _decided(self, arguments: Arguments, scope: Scope) -> Term:
        owner, name, *rest = ids(arguments)
        if owner not in ("injects", "world"):
            owner = scope.actor(owner)
            choice = self._choice(owner, name)
            if choice is not None:
                option, *about = rest
                row = f"chosen[{_called(owner, name, _bound(choice, about, scope))}]"
                wanted = option_number(choice, option)
                return Claim(lambda moment: moment.now[row] == wanted)
            if not self._has_rule(owner, name) and self._is_idle(owner, name):
                return Claim(lambda _: False)
        bound = {} if owner == "injects" else _bound(self._rule(owner, name), rest, scope)
        fired = f"fired[{_called(owner, name, bound)}]"
        return Claim(lambda moment: moment.now[fired] > 0)

    def _has_rule(self, owner: str, name: str) -> bool:
        return any(
            name in policy.rules for policy in policies_of(self.names.model, self.names.model.actors[owner])
        )

    def _rule(self, owner: str, name: str) -> Rule:
        model = self.names.model
        if owner == "world":
            return model.world.rules[name]
        policies = policies_of(model, model.actors[owner])
        return next(policy.rules[name] for policy in policies if name in policy.rules)

    def _reply(self, arguments: Arguments, scope: Scope) -> Term:
        """K16 and K17."""
        who, name, option, *about = ids(arguments)
        actor = scope.actor(who)
        choice = self._choice(actor, name)
        if choice is None and self._is_idle(actor, name):
            return Quantity(lambda _: 0.0)
        if choice is None or option not in choice.options or actor == scope.me:
            raise Fault(f"{actor} has no such choice or option, or asks itself")
        bound = _bound(choice, about, scope)
        there = Scope(self.names, actor, None, bound, eyes=scope.eyes, over_the_turn=scope.over_the_turn)
        event = Event(actor, name, choice.luck_key or name, tuple(sorted(bound.items())))
        return Quantity(partial(replied, read_choice(event, weighed(choice), there), option))

    def _is_idle(self, actor: str, name: str) -> bool:
        """D6: whether the actor would have such a rule or choice under another doctrine."""
        policies = [self.names.model.policies[each] for each in self.names.idle[actor]]
        return any(name in policy.choices or name in policy.rules for policy in policies)


def ids(arguments: Arguments) -> list[str]:
    found = [argument.id for argument in arguments if isinstance(argument, tree.Name)]
    if len(found) != len(arguments):
        raise Fault("names are wanted here")
    return found


def _bound(part: Choice | Rule, about: list[str], scope: Scope) -> dict[str, str]:
    """The actors that a decision is about, by bound name."""
    return dict(zip(sorted(part.for_), [scope.actor(name) for name in about], strict=True))


def _called(owner: str, name: str, bound: dict[str, str]) -> str:
    about = ",".join(f"{each}={actor}" for each, actor in sorted(bound.items()))
    return f"{owner}/{name}/{about}" if about else f"{owner}/{name}"

"""Calls on commitments as a seat weighs them: they come up in the course of a turn, after an attack.

Whether to call, whether to recognise a disputed claim, and how to answer are weighed as if they had come up:
as if the event had come about, as if the victim had called, as if the claim were recognised. What an answer
gives, within capacity, and what it does are what the passes of the turn make of it (rules C13 to C23).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sim.compile import Program
from sim.compile import program as pr
from sim.engine.evaluate import Evaluator
from sim.engine.orders import DO, REFRAIN
from sim.report.plain import plain_number
from sim.scenario.commitments import RUNGS, Article, Commitment
from sim.session.options import Matter, SeatOption, costs, does, mean, open_to, rung_of, supposed
from sim.text import printable

_EVENT, _DECIDED = 1.0, 2.0
_CALLED: Final = 1.0
"""As the row `chosen` of a call has it."""
_SIGNED, _IN_FORCE = 1, 2
_COST: Final = "cost"
"""The term of a rung's utility that is what it costs."""
_ATTACKS: Final = {
    "threat": "threatens",
    "display": "shows force to",
    "force": "attacks",
    "war": "goes to war with",
}
"""By the least that brings an article about."""
_FORCE: Final = {"limited_force": "uses force against", "full_force": "goes to war with"}
_NONE: Final = "none"


@dataclass(frozen=True, slots=True)
class _Article:
    """An article, who would call on it, and against whom."""

    program: Program
    pact_id: str
    id: str
    caller: str
    adversary: str

    @property
    def pact(self) -> Commitment:
        assert self.program.scenario is not None
        return self.program.scenario.model.commitments[self.pact_id]

    @property
    def part(self) -> Article:
        return self.pact.articles[self.id]

    @property
    def key(self) -> str:
        return f"{self.pact_id}.{self.id}"

    @property
    def event(self) -> str:
        return f"event[{self.key}, {self.caller}, {self.adversary}]"

    @property
    def call(self) -> str:
        return f"chosen[{self.caller}/{self.key}.call/adversary={self.adversary}]"

    def name(self, actor: str) -> str:
        return self.program.names[actor]

    def told(self) -> str:
        """`Article 4 of the treaty, against South Korea`."""
        article = self.part.title or self.id.replace("_", " ")
        pact = self.pact.title or self.pact_id.replace("_", " ")
        return f"{article} ({pact}) against {self.name(self.adversary)}"

    def attack(self) -> str:
        """What brings it about."""
        trigger = self.part.trigger
        assert trigger is not None
        first, second = self.adversary, self.caller
        if trigger.attack_by is not None:
            first, second = second, first
        attack = trigger.armed_attack or trigger.attack_by
        assert attack is not None
        return printable(f"if {self.name(first)} {_ATTACKS[attack.scale]} {self.name(second)}")


def calls(ev: Evaluator, actor: str) -> Iterator[Matter]:
    """What an actor may have to decide in the turn about articles that bind then.

    Args:
        ev: of the turn, over what the actor believes, once it is `cleared`.
        actor: whose seat it is.
    """
    for step in ev.program.stages.passes():
        if step.id not in ("calls", "recognitions", "answers"):
            continue
        for decision in step.decisions:
            article = _article(ev.program, decision)
            if decision.owner == actor and _binds(ev, article):
                if isinstance(decision, pr.Rule):
                    yield _recognition(decision, article)
                elif step.id == "calls":
                    yield _call(ev, decision, article)
                else:
                    yield _answer(ev, decision, article)


def _article(program: Program, decision: pr.Decision) -> _Article:
    pact, article, _ = decision.id.split(".")
    bound = dict(decision.bindings)
    return _Article(program, pact, article, bound.get("caller", decision.owner), bound["adversary"])


def _binds(ev: Evaluator, article: _Article) -> bool:
    """Whether it may bind in the turn: the pass of commitments says what the status is then."""
    row = ev.program.rows[f"status[{article.pact_id}]"]
    moves = {move.row: move.node for step in ev.program.stages.perceiving for move in _moves(step)}
    status = ev.value(moves[row]) if row in moves else ev.state.values[row]
    binding = status == _IN_FORCE
    if article.pact.acts_before_force:
        binding = binding | (status == _SIGNED)
    return bool(binding.any())


def _moves(step: pr.Step) -> tuple[pr.Assignment, ...]:
    return step.assignments if isinstance(step, pr.Pass) and step.id == "commitments" else ()


def _call(ev: Evaluator, choice: pr.Choice, article: _Article) -> Matter:
    here = supposed(ev, {article.event: _EVENT, f"chosen[{choice.name}]": 0.0})
    owing = ", ".join(
        article.name(other.owner)
        for step in ev.program.stages.passes()
        if step.id == "answers"
        for other in step.choices
        if other.id == f"{article.key}.answer" and dict(other.bindings) == _parties(article)
    )
    options = tuple(
        SeatOption(
            option.id,
            printable(f"asks {owing}") if option.id == "call" else "",
            (),
            mean(here, option.utility),
            0,
        )
        for option in choice.options
    )
    title = printable(f"call on {article.told()}")
    return Matter(choice.name, title, comes_up=False, standing="", options=options, when=article.attack())


def _parties(article: _Article) -> dict[str, str]:
    return {"adversary": article.adversary, "caller": article.caller}


def _recognition(rule: pr.Rule, article: _Article) -> Matter:
    least = (article.part.honoured_from or _NONE).replace("_", " ")
    options = (
        SeatOption(DO, f"less than {least} then falls short of what was promised", (), None, 0),
        SeatOption(REFRAIN, f"less than {least} then declines the claim", (), None, 0),
    )
    title = printable(f"recognise the claim of {article.name(article.caller)} under {article.told()}")
    when = f"if {article.name(article.caller)} calls and may have begun it"
    return Matter(rule.name, title, comes_up=False, standing="", options=options, when=printable(when))


def _answer(ev: Evaluator, choice: pr.Choice, article: _Article) -> Matter:
    """As if the claim were recognised; rungs from the lowest."""
    parties = f"adversary={article.adversary},caller={article.caller}"
    recognised = f"fired[{choice.owner}/{article.key}.recognise/{parties}]"
    asked = {article.event: _DECIDED, article.call: _CALLED, recognised: 1.0, f"chosen[{choice.name}]": 0.0}
    here = supposed(ev, asked)
    order = {option: place for place, option in enumerate((_NONE, *RUNGS))}
    places = sorted(range(len(choice.options)), key=lambda place: order[choice.options[place].id])
    options = tuple(
        _rung(here, choice, place, article) for place in places if open_to(here, choice.options[place].gate)
    )
    caller = article.name(article.caller)
    title = printable(f"answer {caller} under {article.told()}")
    return Matter(
        choice.name, title, comes_up=False, standing="", options=options, when=printable(f"if {caller} calls")
    )


def _rung(ev: Evaluator, choice: pr.Choice, place: int, article: _Article) -> SeatOption:
    option, owner = choice.options[place], choice.owner
    key = f"{article.key}, {owner}, {article.caller}, {article.adversary}"
    chosen = supposed(ev, {f"chosen[{choice.name}]": place + 1.0})
    given, weight = _shares(chosen, f"given[{key}]"), _shares(chosen, f"load[{owner}]")
    follows = ev.program.decisions.get(
        f"{owner}/{article.key}.{option.id}/adversary={article.adversary},caller={article.caller}"
    )
    done: list[str] = [_books(article.part, option.id)]
    cost: list[str] = []
    rung = 0
    if option.id in _FORCE:
        done.append(f"{_FORCE[option.id]} {article.name(article.adversary)}")
    if follows is not None and isinstance(follows, pr.Rule):
        then = supposed(chosen, {f"given[{key}]": given})
        done.append(does(then, follows.doings, owner))
        cost += costs(then, follows.doings, owner)
        rung = rung_of(ev.program, follows.doings)
    if option.id != _NONE:
        late = f", {article.part.delay} later" if article.part.delay is not None else ""
        done.append(f"gives {plain_number(given)} of full help{late}")
        cost = [*_price(ev, option), *_weighs(ev.program, owner, weight, given), *cost]
    told = ", ".join(part for part in done if part)
    return SeatOption(option.id, printable(told), tuple(cost), mean(ev, option.utility), rung)


def _books(article: Article, rung: str) -> str:
    """How the answer to a claim that is recognised is booked (C23)."""
    if rung == _NONE:
        return "breaks the promise"
    least = article.honoured_from
    met = least is not None and RUNGS.index(rung) >= RUNGS.index(least)
    return "keeps the promise" if met else "hedges"


def _shares(ev: Evaluator, name: str) -> float:
    """What the pass of shares makes of a row (C19)."""
    row = ev.program.rows[name]
    for step in ev.program.stages.passes():
        for assignment in step.assignments if step.id == "shares" else ():
            if assignment.row == row:
                return mean(ev, assignment.node) or 0.0
    return 0.0


def _weighs(program: Program, owner: str, weight: float, given: float) -> Iterator[str]:
    """What an answer takes of the owner's capacity, if that has a limit."""
    assert program.scenario is not None
    if program.scenario.model.actors[owner].capacity is None:
        return
    short = f", which has {plain_number(given)}" if given < weight else ""
    yield f"{plain_number(weight)} of your capacity{short}"


def _price(ev: Evaluator, option: pr.Option) -> Iterator[str]:
    source = ev.program.sources.get(option.utility)
    for term in () if source is None else source.terms:
        price = mean(ev, term.node) if term.text == _COST else None
        if price is not None:
            yield f"cost {plain_number(price)}"

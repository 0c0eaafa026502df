"""A run in plain words, turn by turn: who did what and why, what happened, what it led to.

Every sentence is made from what the engine recorded while it decided (the trace) and from the states before
and after the turn. Nothing is guessed afterwards, so a sentence can be checked against the rows it speaks of.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any, Final, Literal, get_args

import numpy as np

from sim.analysis.shares import shares_of
from sim.compile import program as pr
from sim.engine.evaluate import Evaluator
from sim.engine.model import Model
from sim.engine.state import State
from sim.engine.trace import ChoiceTrace, Moment, RuleTrace, Trace
from sim.report.plain import chance_and_draw, percent, plain_number, uniform, with_unit
from sim.text import printable

Kind = Literal["outcome", "inject", "event", "act", "choice", "again", "indicator", "standing", "missed"]
"""What a sentence is about, most important first: an outcome that came about, an inject, an event of the
world, a rule of an actor, a choice that changed something, a choice that repeats its deeds, an indicator that
moved; and, only when asked for, a choice that leaves things as they are, an inject that did not happen."""

_RANK: Final = {kind: rank for rank, kind in enumerate(get_args(Kind))}

NOTABLE_OF_RANGE: Final = 0.05
"""An indicator with a range moves notably by this part of it in a turn."""
NOTABLE_OF_VALUE: Final = 0.10
"""One without a range, by this part of its larger value."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One thing that happened."""

    actor: str
    """Id of the actor who acts; `world` or `injects` for what nobody does; "" for outcomes and indicators."""
    text: str
    """What happened, without a full stop: `China presses North Korea quietly`."""
    kind: Kind
    detail: str = ""
    """Why: `34% chance this month, drew 0.21`."""
    about: str = ""
    """Name of the decision in the Program; id of the outcome or indicator."""

    def __str__(self) -> str:
        if not self.detail:
            return f"{self.text}."
        return f"{self.text} ({self.detail})." if ": " in self.text else f"{self.text}: {self.detail}."


@dataclass(frozen=True, slots=True)
class Told:
    """A turn in plain words, most important first."""

    turn: int
    label: str
    sentences: tuple[Sentence, ...]

    @property
    def heading(self) -> str:
        return f"{self.label} (turn {self.turn})"

    @property
    def news(self) -> Told:
        """The same without what leaves things as they are, and what did not happen."""
        kept = tuple(sentence for sentence in self.sentences if sentence.kind not in ("standing", "missed"))
        return replace(self, sentences=kept)


def story(model: Model, last: int | None = None, *, verbose: bool = False) -> Iterator[Told]:
    """Play a model on, and tell each turn as it ends.

    Args:
        model: a world of one run, made with `trace=True`.
        last: turn to play up to, or to the end.
        verbose: tell also of choices that leave things as they are, and of what did not happen.

    Raises:
        ValueError: for a model of several runs, or without a trace.
        FoedusError: for a value that cannot be computed.
    """
    if model.trace is None or len(model.state.runs) != 1:
        raise ValueError("a story is told of one run, played with trace=True")
    last = model.program.turns if last is None else min(last, model.program.turns)
    while model.turn < last:
        before = model.state.copy()
        model.step()
        yield tell(model.program, before, model.state, model.trace, verbose=verbose)


def tell(
    program: pr.Program, before: State, after: State, trace: Trace, *, column: int = 0, verbose: bool = False
) -> Told:
    """Tell one turn of one run.

    Args:
        program: what was played.
        before: the state at the end of the turn before.
        after: the state at the end of the turn to tell.
        trace: what the engine recorded of the turn (and perhaps of others).
        column: the run's place in the states.
        verbose: as in `story`.
    """
    teller = _Teller(program, before, after, trace, column, verbose=verbose)
    found = [*teller.outcomes(), *teller.rules(), *teller.choices(), *teller.indicators()]
    found.sort(key=lambda sentence: (_RANK[sentence.kind], sentence.actor, sentence.about))
    return Told(after.turn, program.clock.label(after.turn), tuple(found))


class _Teller:
    """Makes the sentences of one turn."""

    def __init__(
        self,
        program: pr.Program,
        before: State,
        after: State,
        trace: Trace,
        column: int,
        *,
        verbose: bool,
    ) -> None:
        self._program = program
        self._state = before
        self._before = before.values[:, column]
        self._after = after.values[:, column]
        self._turn = after.turn
        self._run = after.runs[column]
        self._trace = trace
        self._verbose = verbose
        self._period = period(program)
        self._evaluators: dict[Moment, Evaluator] = {}
        self._lasting = {choice.name for choice in program.choices}

    # What came of it

    def outcomes(self) -> Iterator[Sentence]:
        for outcome in self._program.outcomes:
            if self._after[outcome.row] == self._turn:
                yield Sentence("", f"Outcome: {printable(outcome.title)}", "outcome", about=outcome.id)

    def indicators(self) -> Iterator[Sentence]:
        for indicator in self._program.indicators:
            old, new = float(self._before[indicator.row]), float(self._after[indicator.row])
            if abs(new - old) < self._notable(indicator, old, new) or plain_number(old) == plain_number(new):
                continue
            now = with_unit(new, printable(indicator.unit))
            moved = f"{now}, {'up' if new > old else 'down'} from {plain_number(old)}"
            text = f"{printable(indicator.title)}: {moved}"
            yield Sentence("", _capital(text), "indicator", about=indicator.id)

    def _notable(self, indicator: pr.Indicator, old: float, new: float) -> float:
        variable = self._program.variables[indicator.row]
        width = variable.high - variable.low
        if np.isfinite(width) and width > 0.0:
            return NOTABLE_OF_RANGE * width
        return NOTABLE_OF_VALUE * max(abs(old), abs(new))

    # Rules, events and injects

    def rules(self) -> Iterator[Sentence]:
        for traced in self._of_turn(self._trace.rules):
            times = float(self._at(traced.fired, traced.moment))
            if times > 0.0:
                yield from self._fired(traced, times)
            elif (
                self._verbose and traced.rule.kind == "inject" and bool(self._at(traced.gate, traced.moment))
            ):
                text = f"It does not come to this: {_words(traced.rule.id)}"
                yield Sentence(traced.rule.owner, text, "missed", self._why_rule(traced), traced.rule.name)

    def _fired(self, traced: RuleTrace, times: float) -> Iterator[Sentence]:
        rule = traced.rule
        kind: Kind = "act"
        if rule.owner == "injects":
            kind = "inject"
        elif rule.owner == "world":
            kind = "event"
        texts = self._sayings(rule.doings, traced, times) or [self._plain_rule(rule, times)]
        yield from _sentences(rule.owner, texts, kind, self._why_rule(traced), rule.name)

    def _plain_rule(self, rule: pr.Rule, times: float) -> str:
        """For a rule that says nothing: its id."""
        text = _words(rule.id) + _in_brackets(self._whom(rule.doings, rule.bindings))
        if rule.kind == "count" and times != 1.0:
            text += f", {times:,.0f} times"
        return _capital(text) if rule.owner in ("world", "injects") else f"{self._name(rule.owner)}: {text}"

    def _why_rule(self, traced: RuleTrace) -> str:
        if traced.ordered:
            return "decided by hand"
        if traced.level is None:
            return _by(traced, "decided ")
        why = f"{_by(traced)}, " if traced.by else ""
        level, drawn = (float(self._at(value, traced.moment)) for value in (traced.level, traced.drawn))
        span = self._span(traced)
        if traced.rule.kind == "count":
            return f"{why}{plain_number(level)} expected {span}, drew {uniform(drawn)}"
        chance, draw = chance_and_draw(level, drawn)
        when = "" if traced.rule.kind in ("inject", "probability") else f" {span}"
        return f"{why}{chance} chance{when}, drew {draw}"

    # Choices

    def choices(self) -> Iterator[Sentence]:
        taken: dict[str, list[tuple[ChoiceTrace, int, bool]]] = {}
        stands: dict[str, int] = {}
        for traced in self._of_turn(self._trace.choices):
            chosen = int(self._at(traced.chosen, traced.moment))
            if chosen == 0:
                continue
            name = traced.choice.name
            stood = stands.get(name, int(self._before[traced.choice.standing]))
            stands[name] = chosen
            # What is asked anew each time (a vote, an answer) is news however it was answered before.
            kept = name in self._lasting and _kept(traced.choice, chosen - 1, stood)
            taken.setdefault(name, []).append((traced, chosen - 1, kept))
        for takes in taken.values():
            yield from self._takes(takes)

    def _takes(self, takes: list[tuple[ChoiceTrace, int, bool]]) -> Iterator[Sentence]:
        """Takes of one choice that come to the same are one sentence."""
        found: dict[str, tuple[int, Sentence]] = {}
        for traced, index, kept in takes:
            for sentence in self._chosen(traced, index, kept=kept):
                count, first = found.get(sentence.text, (0, sentence))
                found[sentence.text] = (count + 1, first)
        for count, sentence in found.values():
            if sentence.kind == "standing" and not self._verbose:
                continue
            if count == 1:
                yield sentence
            else:
                once = sentence.detail and f"; the first time {sentence.detail}"
                yield replace(sentence, detail=f"{count} times {self._period}{once}")

    def _chosen(self, traced: ChoiceTrace, index: int, *, kept: bool) -> Iterator[Sentence]:
        choice, option = traced.choice, traced.choice.options[index]
        doings = option.doings[traced.take]
        kind: Kind = "choice"
        if kept:
            kind = "again" if doings.deeds or doings.effects else "standing"
        why = self._why_choice(traced, index)
        if kind == "again":
            why = f"again, {why.partition(';')[0]}"
        texts = self._sayings(doings, traced, 1.0) or [self._plain_option(choice, option, doings, kept)]
        yield from _sentences(choice.owner, texts, kind, why, choice.name)

    def _plain_option(self, choice: pr.Choice, option: pr.Option, doings: pr.Doings, kept: bool) -> str:
        """For an option that says nothing: its id."""
        verb = "stays with" if kept else "chooses"
        whom = self._whom(doings, choice.bindings)
        matter = _words(choice.id) + (f", {whom}" if whom else "")
        return f"{self._name(choice.owner)} {verb} {_words(option.id)} ({matter})"

    def _why_choice(self, traced: ChoiceTrace, index: int) -> str:
        """How likely it was, and what the option that came next would have needed."""
        if traced.ordered:
            return "decided by hand"
        if not traced.utilities:
            return _by(traced, "decided ")
        shares = self.shares(traced)
        if len(shares) == 1:
            return "the only option open"
        likely = f"{percent(shares[index])} likely" + _by(traced, " ")
        scores = {other: float(self._at(traced.scores[other], traced.moment)) for other in shares}
        following = max((other for other in shares if other != index), key=lambda other: scores[other])
        short = plain_number(scores[index] - scores[following], ".2g")
        option = _words(traced.choice.options[following].id)
        return f"{likely}; {option} ({percent(shares[following])}) would have needed {short} more utility"

    def shares(self, traced: ChoiceTrace) -> dict[int, float]:
        """Probability of each available option."""
        return dict(shares_of(traced, self._place(traced.moment)).options)

    # Words

    def _sayings(self, doings: pr.Doings, traced: RuleTrace | ChoiceTrace, times: float) -> list[str]:
        return [self._said(saying, traced.moment, times) for saying in doings.sayings]

    def _evaluator(self, moment: Moment) -> Evaluator:
        """On the state that the decisions of a moment were taken on."""
        if moment not in self._evaluators:
            before = self._state
            state = State(moment.values, moment.runs, before.seed, before.stream, before.turn)
            self._evaluators[moment] = Evaluator(self._program, state, self._turn)
        return self._evaluators[moment]

    def _said(self, saying: pr.Saying, moment: Moment, times: float) -> str:
        evaluator = self._evaluator(moment)
        words = []
        for piece in saying.pieces:
            if isinstance(piece, str):
                words.append(piece)
                continue
            node, spec = piece
            with np.errstate(all="ignore"):
                value = times if node < 0 else float(self._at(evaluator.value(node), moment))
            words.append(plain_number(value, spec))
        return _capital(printable("".join(words)).strip().removesuffix("."))

    def _name(self, id_: str) -> str:
        """Of an actor, a body or a regime; what has no name is told by its id."""
        known = self._program.names.get(id_) or self._program.offices.get(id_)
        return printable(known) if known else _words(id_)

    def _whom(self, doings: pr.Doings, bindings: tuple[tuple[str, str], ...]) -> str:
        """What is done to whom, or else for whom it is decided."""
        if doings.deeds:
            deeds = (
                _words(deed.action) + (f" {self._name(deed.target)}" if deed.target else "")
                for deed in doings.deeds
            )
            return ", ".join(dict.fromkeys(deeds))
        return ", ".join(self._name(actor) for _, actor in bindings)

    def _of_turn(self, traces: list[Any]) -> list[Any]:
        """What was recorded of the run in the turn; the last turns stand at the end."""
        later = takewhile(lambda traced: traced.turn >= self._turn, reversed(traces))
        here = [traced for traced in later if traced.turn == self._turn and self._run in traced.moment.runs]
        return here[::-1]

    def _at(self, values: Any, moment: Moment) -> Any:
        """The run's entry of a vector, or the value that all runs share."""
        array = np.asarray(values)
        return array.item() if array.ndim == 0 else array[self._place(moment)].item()

    def _place(self, moment: Moment) -> int:
        """The run's place among those of a moment."""
        return int(np.flatnonzero(moment.runs == self._run)[0])

    def _span(self, traced: RuleTrace) -> str:
        """What a chance stands for."""
        moment = traced.moment
        if self._at(traced.crisis, moment):
            return f"in round {moment.round} of {moment.rounds} of a crisis"
        return self._period


def _by(traced: RuleTrace | ChoiceTrace, before: str = "") -> str:
    """The policy written in Python that decided, if one did."""
    return f"{before}by policy {traced.by.id}" if traced.by else ""


def _kept(choice: pr.Choice, index: int, stood: int) -> bool:
    """Whether the choice leaves things as they were; before the first one, the status quo does."""
    return stood == index + 1 if stood else choice.status_quo == index


def _sentences(actor: str, texts: list[str], kind: Kind, detail: str, about: str) -> Iterator[Sentence]:
    """The first of a decision's sentences carries the reason."""
    for number, text in enumerate(texts):
        yield Sentence(actor, text, kind, "" if number else detail, about)


def period(program: pr.Program) -> str:
    """How people speak of a turn's length: `this month`, `these 2 weeks`."""
    step = program.clock.turn
    return f"this {step.unit}" if step.number == 1 else f"these {step.number} {step.unit}s"


def _words(name: str) -> str:
    return name.replace("_", " ")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _in_brackets(text: str) -> str:
    return f" ({text})" if text else ""

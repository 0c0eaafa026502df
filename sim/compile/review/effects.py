"""Effects that change nothing, and decisions of which nothing comes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from sim.compile import program as pr
from sim.compile.review.causes import Causes, in_words, owned
from sim.scenario import models as md
from sim.scenario.load import PathOf
from sim.text import Place

_TAKE_OUT: Final = "mend it, or take it out"


def review_effects(causes: Causes) -> None:
    """What decisions do."""
    _without_effect(causes)
    for decisions in causes.decisions.values():
        for doings in _ways(decisions):
            _cancelling(causes, doings)
    _idle(causes)


def _ways(decisions: Iterable[pr.Decision]) -> Iterator[list[pr.Doings]]:
    """What is done at once: by a rule, by one option; for everyone for whom it was written out."""
    ways: dict[str, list[pr.Doings]] = defaultdict(list)
    for decision in decisions:
        if isinstance(decision, pr.Rule):
            ways[""].append(decision.doings)
        else:
            for option in decision.options:
                ways[option.id].append(option.doings[0])
    yield from ways.values()


# Effects of nothing


def _without_effect(causes: Causes) -> None:
    """Effects that change nothing, whoever has them."""
    found: dict[Place, list[pr.Effect]] = defaultdict(list)
    for decisions in causes.decisions.values():
        for doings in (done for way in _ways(decisions) for done in way):
            for effect in doings.effects:
                found[effect.place].append(effect)
    for place, effects in found.items():
        said = {_nothing(causes, effect) for effect in effects}
        if len(said) == 1 and (message := said.pop()):
            causes.warning(place, message, _TAKE_OUT, "no-effect")


def _nothing(causes: Causes, effect: pr.Effect) -> str:
    """Why an effect changes nothing; "" if it may change something."""
    value = causes.reach.node(effect.value)
    if effect.operator != "=":
        if not value.one or value.low != 0.0:
            return ""
        written = any(_is_zero(causes.program, index) for index in causes.program.nodes[effect.value].args)
        return "this adds nothing" + ("" if written else causes.because(effect.value))
    if causes.program.nodes[effect.value] == pr.Node("row", row=effect.row):
        return "this sets a variable to what it is"
    now = causes.reach.rows[effect.row]
    if value.one and now.one and value.low == now.low:
        return f"this sets a variable to what it is: it {in_words(now)}"
    return ""


def _is_zero(program: pr.Program, index: int) -> bool:
    node = program.nodes[index]
    return node.op == "const" and node.value == 0.0


# Effects that cancel


def _cancelling(causes: Causes, ways: Sequence[pr.Doings]) -> None:
    """Pairs of effects of which one takes back what the other gives, for everyone."""
    pairs: set[tuple[Place, Place]] | None = None
    for doings in ways:
        found = set(_pairs(causes.program, doings.effects))
        pairs = found if pairs is None else pairs & found
    for first, second in sorted(pairs or ()):
        said = f"this takes back what the effect at {first} gives in the same moment"
        causes.warning(second, said, "mend one of them, or take both out", "cancels")


def _pairs(program: pr.Program, effects: Sequence[pr.Effect]) -> Iterator[tuple[Place, Place]]:
    waiting: dict[int, list[tuple[bool, pr.Effect]]] = defaultdict(list)
    for effect in sorted(effects, key=lambda effect: effect.place):
        if effect.operator == "=":
            continue
        gives = (effect.operator == "+=") != (program.nodes[effect.value].op == "neg")
        others = waiting[effect.row]
        for index, (other_gives, other) in enumerate(others):
            if gives != other_gives and _same_size(program, other.value, effect.value):
                yield other.place, effect.place
                del others[index]
                break
        else:
            others.append((gives, effect))


def _same_size(program: pr.Program, one: int, other: int) -> bool:
    """Whether two nodes are one number but for the sign in front, wherever their constants are written."""
    one, other = (
        program.nodes[index].args[0] if program.nodes[index].op == "neg" else index for index in (one, other)
    )
    return _same(program, one, other)


def _same(program: pr.Program, one: int, other: int) -> bool:
    if one == other:
        return True
    a, b = program.nodes[one], program.nodes[other]
    if (a.op, a.value, a.row, len(a.args)) != (b.op, b.value, b.row, len(b.args)):
        return False
    return a.op != "row" and all(_same(program, *pair) for pair in zip(a.args, b.args, strict=True))


# Decisions of which nothing comes


def _idle(causes: Causes) -> None:
    """Rules that do nothing, and choices between things that make no difference."""
    for path, decisions in causes.decisions.items():
        first = decisions[0]
        done = [doings for way in _ways(decisions) for doings in way]
        if any(doings.effects or doings.deeds for doings in done):
            continue
        if isinstance(first, pr.Choice):
            if not any(causes.asked(decision) for decision in decisions):
                said = "no option of this choice does anything, and nothing asks which one holds"
                causes.warn_key(path, said, "give an option an effect, or ask for one with holds()", "idle")
        elif not _speaks(causes, path) and not any(causes.asked(decision) for decision in decisions):
            what = owned(first)
            causes.warn_key(path, f"this {what} does nothing", "give it an effect, or take it out", "idle")


def _speaks(causes: Causes, path: PathOf) -> bool:
    part = causes.parts.get(path)
    return isinstance(part, md.Doing | md.Inject) and part.says is not None

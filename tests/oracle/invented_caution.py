"""What weighs on random choices beside utility: nests, gains and losses, attention."""

from __future__ import annotations

from collections.abc import Sequence

from tests.oracle.inventor import Inventor, Part
from tests.oracle.phrases import Place


def nests(inventor: Inventor, place: Place, options: Sequence[str]) -> Part:
    """Every option in one of some nests, or alone."""
    if not inventor.has("nests") or inventor.chance(0.5):
        return {}
    groups: dict[str, list[str]] = {}
    for option in options:
        groups.setdefault(inventor.pick(["", "mild", "harsh"]), []).append(option)
    alone = groups.pop("", [])
    if not groups:
        return {}
    made: Part = {
        name: {"options": inside[0] if len(inside) == 1 else inside, "scale": scale(inventor, place)}
        for name, inside in groups.items()
    }
    return {"nests": made} | ({"alone": alone} if alone or inventor.chance(0.2) else {})


def scale(inventor: Inventor, place: Place) -> float | str:
    if inventor.phrases.daring and inventor.chance(0.3):
        return unbounded(inventor, place)
    scales: list[float | str] = [1, 0.5, 0.1, inventor.phrases.tame(place, 0.05, 1)]
    return inventor.pick(scales)


def unbounded(inventor: Inventor, place: Place) -> str:
    """A number that may lie anywhere, but is no constant: that would be an error at once."""
    return f"0 * elapsed + {inventor.phrases.number(place)}"


def losses(inventor: Inventor, place: Place, options: Part) -> Part:
    """Reference points; the options are told what they expect."""
    if not inventor.has("losses") or inventor.chance(0.5):
        return {}
    reference: Part = {}
    for quantity in ["arms", "name"][: inventor.random.randint(1, 2)]:
        reference[quantity] = {
            "of": inventor.phrases.number(place),
            "half_life": inventor.half_life(place),
            "weight": inventor.pick([1, 0.5, -0.5, inventor.phrases.tame(place)]),
        }
        sure = inventor.pick(list(options))
        for name, option in options.items():
            if name == sure or inventor.chance(0.5):
                expected = inventor.pick([0, 0.5, inventor.phrases.number(place)])
                option.setdefault("expects", {})[quantity] = expected
    made: Part = {"reference": reference}
    if inventor.chance(0.6):
        tame = inventor.phrases.tame
        made["value_function"] = {
            "aversion": inventor.pick([1, 3, tame(place, 0, 4)]),
            "gains": inventor.pick([1, 0.5, tame(place, 0.1, 1)]),
            "losses": inventor.pick([0.8, 1.2, tame(place, 0.1, 2)]),
        }
        for key in list(made["value_function"]):
            if inventor.chance(0.3):
                del made["value_function"][key]
        if inventor.phrases.daring and inventor.chance(0.3):
            made["value_function"]["losses"] = unbounded(inventor, place)
    return made


def matter(inventor: Inventor, place: Place) -> Part:
    """What a choice claims of attention, if somebody who takes it has a budget."""
    budgeted = set(inventor.words.attentive) & set(place.selves)
    if not budgeted or inventor.chance(0.3):
        return {}
    made: Part = {"attention": inventor.pick([1, 0.5, inventor.phrases.number(place)])}
    return made | ({"pressing": inventor.phrases.truth(place)} if inventor.chance(0.5) else {})


def name_attentive(inventor: Inventor) -> None:
    """Who has a budget."""
    if inventor.section("attention"):
        inventor.words.attentive = [name for name in inventor.words.actors if inventor.chance(0.6)]


def attention(inventor: Inventor, actors: Part) -> None:
    """Give them their budgets."""
    inventor.section("attention", "budgets")
    for name in inventor.words.attentive:
        place = Place((name,))
        budget = inventor.pick([0, 0.5, 1, inventor.phrases.tame(place, 0, 2)])
        if inventor.phrases.daring and inventor.chance(0.2):
            budget = unbounded(inventor, place)
        claims: Part = {}
        for claim in ["home", "war"][: inventor.random.randint(0, 2)]:
            weight = inventor.pick([0.3, inventor.phrases.number(place)])
            when = {"when": inventor.phrases.truth(place)} if inventor.chance(0.5) else {}
            claims[claim] = {"weight": weight} | when if when or inventor.chance(0.5) else weight
        whole: Part = {"budget": budget} | ({"claims": claims} if claims else {})
        actors[name]["attention"] = budget if not claims and inventor.chance(0.5) else whole

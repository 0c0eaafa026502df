"""What the actors of a random setting believe of each other, and what they threaten."""

from __future__ import annotations

from typing import Any, Final

from tests.oracle.inventor import PERIODS, Inventor, Part
from tests.oracle.phrases import Place

BEFORE_PLAY: Final = Place(start=True, depth=1)
BOUNDS: Final[list[Part]] = [{}, {"range": [0, 1]}, {"min": -2}, {"max": 3}]


def name_beliefs(inventor: Inventor) -> None:
    """Who believes what and who threatens whom, so that others can ask."""
    words = inventor.words
    if inventor.section("beliefs"):
        for number in inventor.some():
            held, asked = _holders(inventor)
            words.sketches[f"view_{number}"] = held
            words.matters.beliefs += [f"view_{number}, {about}" for about in asked]
    if inventor.section("threats"):
        for number in inventor.some():
            by, to = inventor.random.sample(words.actors, 2)
            limits: list[Part] = [{}, {}, {"by": words.actors[:2]}, {"by": f"each actor where self != {to}"}]
            limit = inventor.pick(limits)
            whom = {0: words.actors}.get(len(limit)) or (
                words.actors[:2] if limit["by"] == words.actors[:2] else [x for x in words.actors if x != to]
            )
            words.sketches[f"warning_{number}"] = {"by": by, "to": to, "credibility": limit}
            believers = [actor for actor in whom if actor != by]
            if believers:
                words.matters.threats[f"warning_{number}"] = believers


def _holders(inventor: Inventor) -> tuple[Part, list[str]]:
    """Who holds a belief and about whom, as the format says it and one by one."""
    actors = inventor.words.actors
    two, last = actors[:2], actors[-2:]
    kinds: list[tuple[Part, list[str]]] = [
        ({"by": "each actor"}, actors),
        ({"by": two}, two),
        ({"by": f"each actor where self != {actors[0]}"}, actors[1:]),
        ({"by": "each actor", "for": {"x": last}}, [f"{a}, {b}" for a in actors for b in last]),
        (
            {"by": "each actor where self != x", "for": {"x": "each actor"}},
            [f"{a}, {b}" for a in actors for b in actors if a != b],
        ),
    ]
    return inventor.pick(kinds)


def beliefs(inventor: Inventor) -> Part:
    made: Part = {}
    for name, part in inventor.words.sketches.items():
        if not name.startswith("view"):
            continue
        inventor.section("beliefs", name)
        bound = ("x",) if "for" in part else ()
        place = Place(tuple(inventor.words.actors), (), bound, depth=2)
        belief: Part = part | inventor.pick(BOUNDS) | inventor.luck_key()
        mean = inventor.phrases.number(BEFORE_PLAY)
        bare = mean.lstrip("-").replace(".", "").replace("e-", "").isdigit()  # must be in the range as it is
        belief["mean"] = 0.5 if bare else mean
        belief["spread"] = inventor.pick([0.3, f"0.1 + abs({inventor.phrases.tame(BEFORE_PLAY)})"])
        if inventor.chance(0.5):
            belief["half_life"] = inventor.half_life(place)
        if inventor.chance(0.6):
            belief["of"] = inventor.phrases.number(place)
        signals = {
            inventor.fresh(inventor.pick("zam")): signal(inventor, place, of="of" in belief)
            for _ in inventor.some(0)
        }
        made[name] = belief | ({"signals": signals} if signals else {})
    return made


def signal(inventor: Inventor, place: Place, *, of: bool) -> Part:
    made: Part = {"when": inventor.phrases.truth(place), "noise": noise(inventor, place)}
    if not of or inventor.chance(0.5):
        made["says"] = inventor.pick([1, inventor.phrases.number(place)])
    if inventor.chance(0.4):
        made["per"] = inventor.pick(PERIODS)
    if inventor.chance(0.4):
        made["error"] = inventor.pick([0.2, f"abs({inventor.phrases.tame(place)})"])
    if inventor.chance(0.3):
        tags = [f"each {tag}" for tag in inventor.words.tags]
        made["seen_by"] = inventor.pick(
            [inventor.words.actors[:1], f"each actor where self != {inventor.words.actors[0]}", *tags]
        )
    return made


def noise(inventor: Inventor, place: Place) -> Any:
    """Nearly always above 0."""
    return inventor.pick([0.2, 0.5, f"0.05 + abs({inventor.phrases.tame(place)})"])


# --- words --------------------------------------------------------------------------------------------------


def credibility(inventor: Inventor, *, stated: bool) -> Part:
    """How far a word is believed."""
    place = Place(tuple(inventor.words.actors), depth=1)
    made: Part = {"spread": inventor.pick([0.2, f"0.1 + abs({inventor.phrases.tame(BEFORE_PLAY)})"])}
    made["noise"] = noise(inventor, place)
    if stated or inventor.chance(0.4):
        made["mean"] = inventor.pick([0.5, inventor.phrases.tame(BEFORE_PLAY, 0, 1)])
    if inventor.chance(0.4):
        made["half_life"] = inventor.half_life(place)
    return made


def threats(inventor: Inventor) -> Part:
    made: Part = {}
    for name, sketch in inventor.words.sketches.items():
        if not name.startswith("warning"):
            continue
        inventor.section("threats", name)
        place = Place((sketch["by"],), ("target",))
        made[name] = sketch | {
            "if": inventor.phrases.truth(place),
            "then": inventor.phrases.truth(place),
            "within": inventor.pick(inventor.words.durations),
            "credibility": sketch["credibility"] | credibility(inventor, stated=True),
        }
    return made

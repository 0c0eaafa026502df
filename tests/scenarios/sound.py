"""What every scenario beside the flagship is held to, and ensembles of them under orders and doctrines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache

from sim.compile import Program, compile_scenario, find_warnings
from sim.engine.orders import Order
from sim.scenario import Scenario, load_scenario, parse_scenario, parts
from sim.scenario.bodies import Aftermath, Ballot, OwnBallot, Vote
from sim.scenario.commitments import RungOfLadder
from sim.scenario.graded import Graded
from sim.scenario.models import Indicator
from tests.scenarios.ensembles import SCENARIOS, Played, play

WITHIN = (RungOfLadder, Aftermath, Ballot, Vote)
"""As well known as what they stand in."""
BASE_RUNS = 600
DOCTRINE_RUNS = 200


@cache
def scenario(name: str) -> Scenario:
    """A shipped scenario."""
    return load_scenario(SCENARIOS / f"{name}.yaml")


@lru_cache(maxsize=1)
def compiled(name: str) -> Program:
    """A shipped scenario under its own doctrines."""
    return compile_scenario(scenario(name))


def edited(name: str, edit: str, **doctrines: str) -> Program:
    """A shipped scenario with an edit in YAML laid over it, under doctrines by actor."""
    text = f"extends: {name}.yaml\n{edit}"
    return compile_scenario(parse_scenario(text, str(SCENARIOS / "edited.yaml")), doctrines=doctrines)


@lru_cache(maxsize=3)  # a history is a hundred megabytes or so
def under(name: str, actor: str = "", doctrine: str = "", runs: int = DOCTRINE_RUNS) -> Played:
    """The scenario as it stands, or under a doctrine."""
    if not actor:
        return play(compiled(name), runs)
    return play(compile_scenario(scenario(name), doctrines={actor: doctrine}), runs)


def ordered(name: str, orders: Iterable[Order], runs: int = DOCTRINE_RUNS) -> Played:
    """The same luck, with some decisions taken by hand."""
    return play(compiled(name), runs, orders)


def every_turn(name: str, actor: str, decision: str, option: str) -> list[Order]:
    """One option in all turns: for options that do nothing, since an order does not wait for its cadence."""
    return [Order(turn, actor, decision, option) for turn in range(1, scenario(name).model.clock.turns + 1)]


def assert_sound(name: str) -> None:
    """Nothing doubtful, every value graded, every policy with its aims, and enough to ask for."""
    read, made = scenario(name), compiled(name)
    assert [str(warning) for warning in find_warnings(read, made)] == []
    ungraded = [
        path
        for path, part in parts(read.model)
        if isinstance(part, Graded)
        and not isinstance(part, Indicator)
        and part.grade is None
        and (not isinstance(part, WITHIN) or isinstance(part, OwnBallot))
    ]
    assert ungraded == []
    assert [policy for policy, told in read.model.policies.items() if not told.aims] == []
    assert len(made.outcomes) >= 6
    assert read.model.summary


def assert_sane(played: Played, spans: Mapping[str, tuple[float, float]]) -> None:
    """Every outcome is as frequent as its span says, and no outcome is without one."""
    assert set(spans) == {outcome.id for outcome in played.program.outcomes}
    shares = {outcome: played.share(outcome) for outcome in spans}
    assert {
        outcome: share
        for outcome, share in shares.items()
        if not spans[outcome][0] <= share <= spans[outcome][1]
    } == {}

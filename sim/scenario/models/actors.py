"""Who acts, and other accounts of how."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator

from sim.scenario.choice import Attention
from sim.scenario.fields import ExpressionField, Id, Ids, Shown
from sim.scenario.graded import Graded, Name, Part
from sim.scenario.models.quantities import Attribute, Parameter
from sim.scenario.shorthand import spelled_out
from sim.text import fail


def _position(value: object) -> object:
    """`[latitude, longitude]`, both on the globe."""
    given = value if isinstance(value, list | tuple) else ()
    numbers = [one for one in given if isinstance(one, int | float) and not isinstance(one, bool)]
    if len(given) != 2 or len(numbers) != 2 or abs(numbers[0]) > 90 or abs(numbers[1]) > 180:  # noqa: PLR2004 - a globe
        raise fail("this is no place on the globe", "[latitude, longitude] within [-90, 90] and [-180, 180]")
    return tuple(map(float, numbers))


Position = Annotated[tuple[float, float], BeforeValidator(_position)]
"""Latitude and longitude in degrees."""


class Start(Graded):
    """What an attribute is at the start under a doctrine. A bare value is its `initial`."""

    initial: ExpressionField


class Doctrine(Part):
    """Another account of an actor: what is not said here is as the actor and the scenario have it."""

    title: Name | None = None
    aims: Shown | None = None
    policy: Ids | None = None
    """By which policies it then acts, in place of the actor's own."""
    attributes: dict[Id, Annotated[Start, spelled_out("initial")]] = {}
    """What attributes of the actor then are at the start."""
    parameters: dict[Id, Annotated[Parameter, spelled_out("value")]] = {}
    """What is then known of parameters of the scenario."""


class Actor(Part):
    name: Name
    at: Position | None = None
    """Latitude and longitude in degrees, for maps."""
    tags: Ids = ()
    attributes: dict[Id, Annotated[Attribute, spelled_out("initial")]] = {}
    policy: Ids = ()
    capacity: ExpressionField | None = None
    """How much its answers to calls may weigh in a turn; without it there is no limit."""
    aims: Shown | None = None
    attention: Annotated[Attention, spelled_out("budget")] | None = None
    """How much it can attend to at once. Without it, everything."""
    doctrine: Id | None = None
    """Which of its doctrines is in force, unless who plays chooses another."""
    doctrines: dict[Id, Doctrine] = {}
    """Other accounts of how it acts, of which one at a time is in force."""

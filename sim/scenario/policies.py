"""Policies: how an actor acts."""

from __future__ import annotations

from sim.scenario.bodies import OwnBallot
from sim.scenario.fields import Id, Shown
from sim.scenario.graded import Part
from sim.scenario.models import Choice, Perception, Rule


class Policy(Part):
    aims: Shown | None = None
    rules: dict[Id, Rule] = {}
    choices: dict[Id, Choice] = {}
    perceives: dict[Id, Perception] = {}
    votes: dict[Id, OwnBallot] = {}

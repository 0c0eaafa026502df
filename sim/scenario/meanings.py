"""What the parts of the format and their keys mean, where the models do not say it themselves.

One sentence or two for each, for people: editors show them beside a key, and the language reference prints
them. What they mean exactly is fixed in `docs/reference/semantics.md`.
"""

from __future__ import annotations

from typing import Final

NAMES: Final = {
    "ScenarioModel": "scenario",
    "ClockPart": "clock",
    "EffectPart": "effect",
    "StatusQuo": "status quo",
    "ActionCall": "deed",
    "Reference": "reference point",
    "ValueFunction": "value function",
    "Start": "start of an attribute",
    "Pair": "value of a pair",
    "CallPart": "call",
    "RungDoing": "rung",
    "RungOfLadder": "rung of a ladder",
    "OwnBallot": "own ballot",
    "SanctionMeasure": "sanction",
    "SanctionMeasures": "sanctions by type",
}
"""What people call a part whose class has another name."""

PARTS: Final = {
    "ScenarioModel": (
        "The file itself. A file without `foedus` is a fragment: others take it in with `extends`, and "
        "nothing is required of it."
    ),
    "ClockPart": "When play starts, how long a turn is and how many there are.",
    "Actor": "A state or organisation that has attributes and acts by policies.",
    "Attribute": (
        "A number that an actor or the world has, and that changes in play. A bare value is its `initial`."
    ),
    "Pair": "A relation's value at the start for one pair of actors. A bare value is its `value`.",
    "Action": (
        "A deed with effects, which rules and options do. In it `self` is who does it and `target` to whom."
    ),
    "EffectPart": (
        "A change of one attribute or relation: `V += x`, `V -= x` or `V = x`. A bare text is its `effect`."
    ),
    "Policy": "How an actor acts. Several actors may share one, and an actor may have several.",
    "Rule": "Something that happens by chance, at a pace or once, while its condition holds.",
    "Rate": "A rate and the period that it is for.",
    "Count": "How often something happens that can happen several times a turn.",
    "Campaign": "Spells of activity: a `count` is 0 outside them.",
    "Choice": (
        "A decision between options: the one with the highest utility is the likeliest, but not the only one."
    ),
    "Option": "One of the ways that a choice can go.",
    "StatusQuo": "A bias for what is.",
    "Inject": "An event on a given date, certain or not.",
    "Indicator": "A number to watch and to report. Nothing in the model reads it, but outcomes may.",
}
"""By class; the class's own docstring comes first."""

KEYS: Final = {
    "Part.note": "Free text for readers. It changes nothing.",
    "Graded.review_by": "When somebody should look again whether this still holds.",
    "Bounded.range": "Lowest and highest value, `[low, high]`: what goes beyond is held at the bound.",
    "Bounded.min": "Lowest value, for what has no highest.",
    "Bounded.max": "Highest value, for what has no lowest.",
    "Bounded.unit": (
        "What it is counted in, such as `rounds` or `billion USD per year`. A pure number has none."
    ),
    "Bounded.title": "What reports call it.",
    "ScenarioModel.foedus": "Version of the format.",
    "ScenarioModel.id": "Name of the scenario for programs and folders: small letters, digits, hyphens.",
    "ScenarioModel.title": "Name of the scenario for people.",
    "ScenarioModel.summary": "What it is about, in a few sentences.",
    "ScenarioModel.extends": (
        "Files to build on, relative to this one. Mappings merge key by key and the later file wins; a key "
        "set to null takes away what was inherited."
    ),
    "ScenarioModel.evidence": "Folder of the ledgers that grades cite, relative to this file.",
    "ScenarioModel.clock": "The calendar of play.",
    "ScenarioModel.parameters": "What we do not know, or may argue about: fixed or drawn once a run.",
    "ScenarioModel.actors": "Who acts. An id is made of capital letters, digits and underscores.",
    "ScenarioModel.world": "What belongs to no actor.",
    "ScenarioModel.relations": "Numbers between two actors.",
    "ScenarioModel.definitions": "Named expressions: writing the name is the same as writing the expression.",
    "ScenarioModel.actions": "What actors can do.",
    "ScenarioModel.policies": "How actors decide.",
    "ScenarioModel.dynamics": "What moves by itself.",
    "ScenarioModel.injects": "What happens on a date.",
    "ScenarioModel.indicators": "What to watch.",
    "ScenarioModel.outcomes": "What to count over many runs.",
    "ScenarioModel.lead": "Indicators, outcomes and attributes that are shown first, in order.",
    "ClockPart.start": "First day of turn 1. With turns of months, quarters or years: day 1 to 28.",
    "ClockPart.turn": "Length of a turn.",
    "ClockPart.turns": "How many turns are played.",
    "Parameter.value": "Its value in every run.",
    "Parameter.distribution": "What it is drawn from, once a run.",
    "Parameter.luck_key": "Id to draw under, so that a renamed parameter keeps its draws.",
    "Attribute.initial": "Its value at the start: an expression over parameters.",
    "Pair.value": "The value at the start: an expression over parameters.",
    "Relation.symmetric": "Whether it is one number for both directions.",
    "Relation.default": "The value at the start of every pair that `pairs` leaves out.",
    "Relation.pairs": "Values at the start, by actor and other actor.",
    "Actor.name": "What reports and logs call it.",
    "Actor.at": "Its place on maps: `[latitude, longitude]` in degrees, north and east positive.",
    "Actor.tags": "Sets that it belongs to: `for` and sums can run over a tag.",
    "Actor.attributes": "Its numbers.",
    "Actor.policy": "By which policies it acts.",
    "Doctrine.title": "What reports call it.",
    "Doctrine.aims": "What it wants under it, in its own words. It changes nothing.",
    "Start.initial": "Its value at the start: an expression over parameters.",
    "Actor.aims": "What it wants, in its own words. It changes nothing.",
    "Rate.per": "The period that the rate is for.",
    "Rate.rate": "How much or how often in that period, on average.",
    "Count.per": "The period that the mean is for.",
    "Count.mean": "How often in that period, on average, while the condition holds.",
    "Campaign.per": "The period that both rates are for.",
    "Campaign.starts": "How often a campaign starts while there is none.",
    "Campaign.ends": "How often a running campaign ends.",
    "EffectPart.effect": "The change.",
    "EffectPart.priority": "Which of several `=` on one variable wins: the highest.",
    "Doing.do": "What is done: `ACTION`, `ACTION: TARGET` or `ACTION: {target: ACTOR, NAME: VALUE}`.",
    "Doing.effects": "Effects beside those of the actions.",
    "Doing.says": (
        "How logs and reports tell it. In braces stand actors (`{self}`, a bound name), `{count}`, and "
        "expressions with a format: `{tension[self, x]:.2f}`."
    ),
    "Argument.default": "Its value where a `do` gives none.",
    "Argument.unit": "What it is counted in. A pure number has none.",
    "Action.to": "Whether it is done to somebody.",
    "Action.effects": "What it changes.",
    "Action.says": (
        "How logs and reports tell it. In braces stand actors (`{self}`, `{target}`) and expressions with a "
        "format: `{amount:.2f}`."
    ),
    "Deciding.when": "The condition that it needs.",
    "Deciding.luck_key": "Id to draw under, so that a renamed rule keeps its draws.",
    "Deciding.for": "One of it for each of several actors, each with its own luck.",
    "Every.per": "The period that the rate is for.",
    "Every.rate": "How often the matter is taken up in that period, on average, at random times.",
    "Rule.chance": "It fires at random at this rate, at most once a turn.",
    "Rule.count": "It can happen several times a turn, on average this often.",
    "Rule.every": "It fires at this pace.",
    "Rule.once": "Whether it fires once a run only; alone, it fires as soon as its condition holds.",
    "Rule.campaign": "It happens in spells only. Needs a `count`.",
    "Option.utility": "What it is worth to who decides.",
    "Option.when": "The condition under which it can be taken.",
    "StatusQuo.bias": "What is added to that option's utility.",
    "Choice.every": "How often the matter is taken up. In between, the last option stands.",
    "Choice.when": "The condition under which it is taken up.",
    "Choice.several": "Whether it may be taken several times a turn, where a turn is longer than its pace.",
    "Choice.temperature": "How loosely utility decides: at 0 the best option always wins.",
    "Choice.status_quo": "A bias for one option, or for the one that stands.",
    "Choice.initial": "The option that stands at the start.",
    "Choice.options": "What can be chosen.",
    "Choice.luck_key": "Id to draw under, so that a renamed choice keeps its draws.",
    "Choice.for": "One choice for each of several actors, each with its own luck.",
    "Perception.of": "The attribute or relation that is seen.",
    "Perception.lag": "How late it is seen.",
    "Perception.noise": "Standard deviation of the error. Needs a `half_life`.",
    "Perception.half_life": "Time for half of an error to pass: a duration, or an expression in years.",
    "Perception.luck_key": "Id to draw under, so that a renamed perception keeps its draws.",
    "Perception.for": "One perception for each of several actors.",
    "Policy.aims": "What it is after, in words. It changes nothing.",
    "Policy.rules": "What is done at random, at a pace or once.",
    "Policy.choices": "What is weighed.",
    "Policy.votes": "How it votes in bodies, where drafts do not say it well enough.",
    "Policy.perceives": "What is seen late or wrongly; all else is seen as it is.",
    "Dynamics.of": "The attribute or relation that moves.",
    "Dynamics.towards": "The value that it returns to. Needs a `half_life`.",
    "Dynamics.half_life": "Time for half of the way: a duration, or an expression in years.",
    "Dynamics.growth": "Rate of exponential growth.",
    "Dynamics.drift": "What is added in a period. A variable may have several drifts.",
    "Dynamics.noise": "Standard deviation per square root of a year of what is added at random.",
    "Dynamics.luck_key": "Id to draw under, so that a renamed entry keeps its draws.",
    "Dynamics.for": "One movement for each of several actors.",
    "OwnBallot.body": "The body in which it votes.",
    "Measure.title": "What logs and reports call it.",
    "Draft.title": "What logs and reports call it.",
    "Body.name": "What logs and reports call it.",
    "Regime.name": "What logs and reports call it.",
    "Aftermath.effects": "What changes.",
    "Aftermath.says": "How logs and reports tell it, in place of a sentence of the program's own.",
    "World.attributes": "Numbers that belong to no actor.",
    "World.rules": "Events that nobody decides on.",
    "Inject.at": "The day on which it happens; it must lie in play.",
    "Inject.when": "The condition under which it happens on that day.",
    "Inject.probability": "Its probability, 0 to 1; without it, it is certain.",
    "Inject.effects": "What it changes.",
    "Inject.says": "How logs and reports tell it.",
    "Inject.luck_key": "Id to draw under, so that a renamed inject keeps its draw.",
    "Definition.value": "The expression.",
    "Definition.of": "Names for actors, given in brackets where it is used: `danger[self]`.",
    "Definition.unit": "What its value is counted in; without it, what its expression comes to.",
    "Definition.title": "What reports call it.",
    "Indicator.value": "The expression, computed at the end of every turn.",
    "Outcome.title": "What reports call it.",
    "Outcome.happens": "The condition that may come true. Needs `by`.",
    "Outcome.holds": "The condition that is looked at on one date. Needs `at`.",
    "Outcome.from": "Only turns that end after this day count.",
    "Outcome.by": "Only turns that end by this day count, the next one beginning on it at the latest.",
    "Outcome.at": "`holds` is looked at when the first turn ends that reaches this day.",
}
"""By declaring class and key; the text under the field in the model comes first."""

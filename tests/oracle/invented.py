"""Random scenarios that use every construct of the format, legal by construction."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any, Final

from sim.scenario.clock import Clock, parse_step
from tests.oracle.dates import Calendar
from tests.oracle.phrases import Phrases, Place, Words

Part = dict[str, Any]

CONSTRUCTS: Final = (
    *("parameters", "slow_parameters", "world", "special", "relations", "tags", "definitions", "actions"),
    *("rules", "counts", "choices", "for", "once", "perceives", "dynamics", "injects", "world_rules"),
    *("indicators", "outcomes", "past", "sets", "luck_keys", "two_policies", "daring"),
)
PERIODS: Final = ("day", "week", "month", "quarter", "year")
RATES: Final = {"day": 0.02, "week": 0.1, "month": 0.4, "quarter": 1.2, "year": 5.0}
"""A lively rate per period."""


def invent(seed: int, size: int = 2, constructs: frozenset[str] = frozenset(CONSTRUCTS)) -> Part:
    """A scenario as plain data. The same arguments give the same scenario."""
    return _Inventor(seed, size, constructs).scenario()


class _Inventor:
    def __init__(self, seed: int, size: int, constructs: frozenset[str]) -> None:
        self.seed = seed
        self.size = size
        self.constructs = constructs
        self.random = Random(f"{seed}/start")
        self.words = Words(["AAA", "BBB", "CCC", "D_2"][: self.random.randint(2, 4)])
        self.phrases = Phrases(self.random, self.words)
        self.priority = 0
        self.names = 0
        self.clock = self._clock()
        self.calendar = Calendar(
            Clock(date.fromisoformat(self.clock["start"]), _step(self.clock["turn"]), self.clock["turns"])
        )
        days = [day + timedelta(days=extra) for day in self.calendar.dates for extra in (0, 1, 5)]
        self.days = [day.isoformat() for day in days if self.calendar.start < day < self.calendar.dates[-1]]
        self.words.days = self.days or [self.clock["start"]]
        self.words.durations = ["1 day", "2 weeks", "1 month", "45 days", "1.5 quarters", "1 year"]
        if self.calendar.step.nominal_days < 10:  # else a year would be a great many rows
            self.words.durations = ["1 day", "1.5 weeks", "1 month", "8 days"]

    def has(self, construct: str) -> bool:
        return construct in self.constructs

    def section(self, name: str) -> bool:
        """Turn to a section, if it is wanted: its random numbers depend on no other."""
        self.random = Random(f"{self.seed}/{name}")
        self.phrases = Phrases(
            self.random,
            self.words,
            past=self.has("past"),
            daring=self.has("daring") and self.random.random() < 0.3,
        )
        return self.has(name)

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def some(self, low: int = 1) -> range:
        return range(self.random.randint(low, low + self.size))

    def fresh(self, prefix: str) -> str:
        self.names += 1
        return f"{prefix}_{self.names}"

    # --- the whole ------------------------------------------------------------------------------------------

    def scenario(self) -> Part:
        scenario: Part = {"foedus": 1, "id": "invented", "title": "Invented", "clock": self.clock}
        scenario["parameters"] = self._parameters()
        scenario["actors"] = self._actors()
        scenario["world"] = {"attributes": self._world(), "rules": {}}
        scenario["relations"] = self._relations()
        scenario["definitions"] = self._definitions()
        self._name_actions()
        policies = self._name_policies(scenario["actors"])
        scenario["policies"] = {name: self._policy(name, who) for name, who in policies.items()}
        scenario["actions"] = self._actions()
        scenario["dynamics"] = self._dynamics()
        scenario["world"]["rules"] = self._world_rules()
        scenario["injects"] = self._injects()
        scenario["indicators"] = self._indicators()
        scenario["outcomes"] = self._outcomes()
        return {key: part for key, part in scenario.items() if part or key == "world"}

    def _clock(self) -> Part:
        turn = self.random.choice(
            ["day", "3 days", "10 days", "week", "2 weeks", "month", "month", "2 months", "quarter", "year"]
        )
        start = date(2023, 1, 1) + timedelta(days=self.random.randrange(900))
        if self.chance(0.2):
            start = self.random.choice(
                [date(2024, 2, 28), date(2024, 2, 29), date(2023, 12, 31), date(2024, 1, 30)]
            )
        if "day" not in turn and "week" not in turn:
            start = start.replace(day=min(start.day, 28))
        return {"start": start.isoformat(), "turn": turn, "turns": self.random.randint(1, 4 + 2 * self.size)}

    def _parameters(self) -> Part:
        parameters: Part = {}
        families: list[Part] = [
            {"uniform": [-1, 1.5]},
            {"normal": {"sd": 0.5, "mean": 0.2}},
            {"lognormal": [0.5, 0.4]},
            {"triangular": [0.05, 0.2, 0.7]},
            {"triangular": {"low": 0, "mode": 0, "high": 1}},
            {"discrete": {"values": [0, 0.5, 2], "weights": [1, 0, 3]}},
        ]
        if self.section("parameters"):
            for index in self.some():
                parameter: Any = {"distribution": self.random.choice(families)}
                if self.chance(0.4):
                    parameter |= self.random.choice([{"range": [0.1, 0.9]}, {"min": 0}, {"max": 0.5}])
                parameters[f"p{index}"] = self.random.choice([parameter, parameter, 0.25, {"value": 2}])
                self.words.parameters.append(f"p{index}")
        if self.section("slow_parameters") and self.chance(0.5):
            slow: list[Part] = [{"pert": [0, 0.2, 1]}, {"beta": [2, 3]}, {"beta": [0.5, 1.5, -1, 2]}]
            parameters["slow"] = {"distribution": self.random.choice(slow)}
            self.words.parameters.append("slow")
            if self.chance(0.3):
                parameters["share"] = {"distribution": {"dirichlet": {"oil": 1, "arms": 2.5, "aid": 0.3}}}
                self.words.parameters += ["share[oil]", "share[aid]"]
        return parameters

    def _actors(self) -> Part:
        self.section("actors")
        self.words.common = [f"mood_{letter}" for letter in "abc"[: 1 + self.size]]
        actors: Part = {name: {"name": name.title(), "attributes": {}} for name in self.words.actors}
        for attribute in self.words.common:
            for actor in actors.values():
                actor["attributes"][attribute] = self._attribute()
        if self.section("special"):
            owners = self.random.sample(self.words.actors, self.random.randint(1, len(self.words.actors)))
            self.words.special = {"shells": owners}
            for owner in owners:
                actors[owner]["attributes"]["shells"] = self._attribute()
        if self.section("tags"):
            self.words.tags = ["near", "rich"]
            for tag, owner in zip(self.words.tags, self.random.sample(self.words.actors, 2), strict=True):
                for name, actor in actors.items():
                    if name == owner or self.chance(0.4):
                        actor.setdefault("tags", []).append(tag)
        return actors

    def _attribute(self) -> Any:
        """Often with a range; the value an expression over parameters."""
        value: Any = self.random.choice([0, 0.5, 1, 0.3, self.phrases.tame(Place(start=True, depth=1))])
        bounds: Part = self.random.choice([{"range": [0, 1]}, {"min": -2}, {"max": 3}, {"range": [-1, 1]}])
        if "range" in bounds and isinstance(value, str):
            return {"initial": value} | bounds
        return self.random.choice([value, {"initial": value}, {"initial": value} | bounds])

    def _world(self) -> Part:
        if not self.section("world"):
            return {}
        self.words.world = ["heat", "price"][: self.size]
        return {name: self._attribute() for name in self.words.world}

    def _relations(self) -> Part:
        if not self.section("relations"):
            return {}
        relations: Part = {}
        for name, symmetric in [("tension", True), ("trust", False)][: self.size]:
            relation: Part = {"symmetric": True} if symmetric else {}
            relation |= self.random.choice([{}, {"range": [0, 1]}, {"min": -1}])
            relation |= self.random.choice(
                [{}, {"default": 0.5}, {"default": self.phrases.tame(Place(start=True, depth=1))}]
            )
            first, second = self.random.sample(self.words.actors, 2)
            value = self.random.choice([0.75, {"value": 0.25}, self.phrases.tame(Place(start=True, depth=1))])
            relation |= self.random.choice([{}, {"pairs": {first: {second: value}}}])
            relations[name] = relation
        self.words.relations = list(relations)
        return relations

    def _definitions(self) -> Part:
        if not self.section("definitions"):
            return {}
        definitions: Part = {"need": self.phrases.number(Place(depth=2))}
        self.words.definitions.append("need")
        definitions["strength"] = {
            "of": ["who"],
            "value": self.phrases.number(Place(anyone=("who",), depth=2)),
        }
        self.words.actor_definitions.append("strength")
        if self.has("own_definitions"):
            definitions["zeal"] = f"{self.words.common[0]}[self] + {self.phrases.tame(Place(depth=1))}"
            self.words.own_definitions.append("zeal")
        return definitions

    # --- what is done ---------------------------------------------------------------------------------------

    def _name_actions(self) -> None:
        if self.section("actions"):
            self.words.actions = {"press": True, "arm": True, "test": False}

    def _actions(self) -> Part:
        actions: Part = {}
        self.section("actions")
        for name, targeted in self.words.actions.items():
            takes = {"force": 0.5, "amount": 1} if name == "press" else {}
            place = Place(
                tuple(self.words.actors), ("target",) if targeted else (), takes=tuple(takes), depth=2
            )
            effects = [self._effect(place) for _ in self.some(0)]
            actions[name] = {"to": "one actor"} if targeted else {}
            actions[name] |= {"takes": takes} if takes else {}
            actions[name] |= {"effects": effects} if effects else {}
        return actions

    def _effect(self, place: Place) -> str:
        sign = self.random.choice(["+=", "-="])
        amount = self.random.choice(
            ["0.1", "-0.05", f"0.1 * {self.phrases.tame(place)}", self.phrases.tame(place)]
        )
        return f"{self.phrases.variable(place)} {sign} {amount}"

    def _set(self, variable: str, place: Place) -> Part:
        """An effect that sets, at a priority of its own."""
        self.priority += 1
        return {
            "effect": f"{variable} = {self.phrases.tame(place)}",
            "priority": self.priority * self.random.choice([1, -1]),
        }

    def _doing(self, place: Place, own: str | None) -> Part:
        """`do` and `effects`; `own` is a variable that no other instance of this decision sets."""
        doing: Part = {}
        effects: list[Any] = [self._effect(place) for _ in self.some(0)]
        if own is not None and self.has("sets") and self.chance(0.4):
            effects.append(self._set(own, place))
        if effects:
            doing["effects"] = effects[0] if len(effects) == 1 and self.chance(0.3) else effects
        calls = [self._call(place) for _ in self.some(0)] if self.words.actions and place.selves else []
        if calls:
            doing["do"] = calls
        return doing

    def _call(self, place: Place) -> Any:
        targets = [*place.others, *(actor for actor in self.words.actors if actor not in place.selves)]
        if not targets or self.chance(0.2):
            return "test"
        target = self.random.choice(targets)
        if self.chance(0.5):
            return {"arm": target}
        return {
            "press": {"target": target} | ({"force": self.phrases.tame(place)} if self.chance(0.7) else {})
        }

    # --- policies -------------------------------------------------------------------------------------------

    def _name_policies(self, actors: Part) -> dict[str, tuple[str, ...]]:
        """Who has which policy; some share one, some have two."""
        self.section("policies")
        held: dict[str, list[str]] = {}
        for name, actor in actors.items():
            if self.chance(0.2):
                continue
            actor["policy"] = [f"mind_{self.random.randint(1, 2)}"]
            if self.has("two_policies") and self.chance(0.3):
                actor["policy"].append("habit")
            for policy in actor["policy"]:
                held.setdefault(policy, []).append(name)
        return {policy: tuple(who) for policy, who in sorted(held.items())}

    def _policy(self, name: str, who: tuple[str, ...]) -> Part:
        policy: Part = {"rules": {}, "choices": {}, "perceives": {}}
        if self.section("choices"):
            self.random = Random(f"{self.seed}/choices/{name}")
            self.phrases.random = self.random
            for _ in self.some(0):
                self._choice(policy["choices"], who)
        if self.section("rules"):
            self.random = Random(f"{self.seed}/rules/{name}")
            self.phrases.random = self.random
            for _ in self.some():
                place, bound = self._bound(who)
                rule = bound | self._rule(place)
                own = self.random.choice(self.words.common) if not bound else None
                policy["rules"][self.fresh("rule")] = rule | self._doing(place, own) | self._luck_key()
        if self.section("perceives"):
            self.random = Random(f"{self.seed}/perceives/{name}")
            policy["perceives"] = self._perceives(name, who)
        return {key: part for key, part in policy.items() if part}

    def _luck_key(self) -> Part:
        return {"luck_key": self.fresh("old")} if self.has("luck_keys") and self.chance(0.2) else {}

    def _bound(self, who: tuple[str, ...]) -> tuple[Place, Part]:
        """Perhaps a `for`, and the place inside."""
        plain = Place(who)
        if not self.has("for") or self.chance(0.5):
            return plain, {}
        tag = self.random.choice([*self.words.tags, "actor"])
        kinds: list[tuple[Place, Any]] = [
            (Place(who, ("other",)), f"each other {tag}"),
            (
                Place(who, ("x",)),
                {"x": f"each other actor where x != {self.random.choice(self.words.actors)}"},
            ),
            (Place(who, (), ("x",)), {"x": f"each {tag}"}),
            (Place(who, ("y",), ("x",)), {"y": f"each other {tag}", "x": "each actor where x != y"}),
            (Place(who, (), ("x",)), {"x": self.random.sample(self.words.actors, 2)}),
        ]
        if self.words.special:
            kinds.append((Place(who, ("other",)), "each other actor where has(other, shells)"))
        place, members = self.random.choice(kinds)
        return place, {"for": members}

    def _rule(self, place: Place) -> Part:
        """How often it fires, and when."""
        rule: Part = {"when": self.phrases.truth(place)} if self.chance(0.5) else {}
        kind = self.random.choice(["chance", "chance", "count", "every", "rate", "once"])
        if kind == "count" and self.has("counts"):
            return rule | self._count(place)
        if kind == "every":
            steps = self._cadences(1)
            rule["every"] = self.random.choice(steps) if steps else self._rate(place)
        elif kind == "rate":
            rule["every"] = self._rate(place)
        elif kind == "once" and self.has("once"):
            rule["once"] = True
        else:
            rule["chance"] = self._rate(place)
        if self.has("once") and self.chance(0.3):
            rule["once"] = True
        return rule

    def _rate(self, place: Place) -> Part:
        per = self.random.choice(PERIODS)
        plain = RATES[per]
        return {"per": per, "rate": self.random.choice([plain, f"{plain} * ({self.phrases.number(place)})"])}

    def _count(self, place: Place) -> Part:
        per = self.random.choice(PERIODS)
        mean = f"{3 * RATES[per]} * {self.phrases.tame(place, -0.2, 2)}"
        count: Part = {"per": per, "mean": self.random.choice([3 * RATES[per], mean])}
        if self.chance(0.5):
            count["size"] = self.random.choice(
                [RATES[per], f"{RATES[per]} * {self.phrases.tame(place, 0.1, 2)}"]
            )
        rule: Part = {"count": count}
        if self.chance(0.5):
            starts, ends = self._rate(place), self._rate(place)
            rule["campaign"] = {
                "per": ends["per"],
                "starts": self.random.choice([0, 1, starts["rate"]]),
                "ends": ends["rate"],
            }
        return rule

    def _cadences(self, most: int) -> list[str]:
        """Those that come up at most so often in every turn."""
        cadences = ["day", "10 days", "week", "2 weeks", "6 weeks", "month", "2 months", "quarter", "year"]
        turns = range(1, self.calendar.turns + 1)
        return [
            text for text in cadences if max(self.calendar.due(_step(text), turn) for turn in turns) <= most
        ]

    def _choice(self, choices: Part, who: tuple[str, ...]) -> None:
        place, bound = self._bound(who)
        name = self.fresh("course")
        choice: Part = bound | {"every": self._rate(place)}
        several = self._cadences(4)
        if several and self.chance(0.7):
            choice["every"] = self.random.choice(several)
            if choice["every"] not in self._cadences(1) or self.chance(0.2):
                choice["several"] = True
        choice["temperature"] = self.random.choice([0, 0.2, 1, f"abs({self.phrases.number(place)})"])
        if self.chance(0.4):
            choice["when"] = self.phrases.truth(place)
        self.priority += 1
        options = {
            self.fresh(self.random.choice("zam")): self._option(place, not bound)
            for _ in range(self.random.randint(1, 3))
        }
        if self.chance(0.6):
            favoured = self.random.choice([*options, "standing"])
            choice["status_quo"] = {
                "option": favoured,
                "bias": self.random.choice([0.5, self.phrases.tame(place)]),
            }
        if self.chance(0.4):
            choice["initial"] = self.random.choice(list(options))
        choices[name] = choice | {"options": options} | self._luck_key()
        if bound == {"for": "each other actor"}:
            pairs = [(actor, other) for actor in who for other in self.words.actors if other != actor]
            self.words.standing += [
                f"{actor}, {name}, {option}, {other}" for actor, other in pairs for option in options
            ]
        if not bound:
            self.words.standing += [f"{actor}, {name}, {option}" for actor in who for option in options]

    def _option(self, place: Place, alone: bool) -> Part:
        option: Part = {"utility": self.random.choice(["0", "0.5", self.phrases.number(place)])}
        if self.chance(0.3):
            option["when"] = self.phrases.truth(place)
        option |= self._doing(place, None)
        if alone and self.has("sets") and self.chance(0.4):  # options of one choice may share a priority
            effect = f"{self.words.common[0]} = {self.phrases.tame(place)}"
            listed = option.get("effects", [])
            listed = [listed] if isinstance(listed, str) else listed
            option["effects"] = [*listed, {"effect": effect, "priority": self.priority}]
        return option

    def _perceives(self, name: str, who: tuple[str, ...]) -> Part:
        """No variable twice by one actor, whatever policies it has."""
        mine = 1 if name == "habit" else 0
        attribute = self.words.common[mine % len(self.words.common)]
        strangers = [actor for actor in self.words.actors if actor not in who]
        seen: list[tuple[str, Part]] = []
        if mine < len(self.words.common):
            seen = [(f"{attribute}[other]", {"for": "each other actor"}), (f"{attribute}[self]", {})]
            seen += [(f"{attribute}[{self.random.choice(self.words.actors)}]", {}), (attribute, {})]
        if self.words.relations and not mine:
            seen.append(
                (
                    f"{self.words.relations[0]}[{self.random.choice(['self, x', 'x, self'])}]",
                    {"for": {"x": "each other actor"}},
                )
            )
            seen += [(f"{self.words.relations[-1]}[{stranger}, self]", {}) for stranger in strangers[:1]]
        seen += [(self.words.world[0], {})] if self.words.world and mine else []
        perceives: Part = {}
        taken: set[str] = set()
        for _ in self.some(0):
            of, bound = self.random.choice(seen) if seen else ("", {})
            variable = of.split("[")[0]
            if not of or variable in taken:
                continue
            taken.add(variable)
            perceives[self.fresh("eye")] = (
                {"of": of} | bound | self._perception(Place(who, depth=1)) | self._luck_key()
            )
        return perceives

    def _perception(self, place: Place) -> Part:
        perception: Part = {}
        if self.has("past") and self.chance(0.6):
            perception["lag"] = self.random.choice(self.words.durations)
        if not perception or self.chance(0.6):
            perception["noise"] = self.random.choice(["0.2", f"abs({self.phrases.number(place)})"])
            perception["half_life"] = self._half_life(place)
        return perception

    def _half_life(self, place: Place) -> str:
        return self.random.choice(["2 weeks", "3 months", "1.5 years", self.phrases.tame(place, 0.05, 2)])

    # --- what happens by itself -----------------------------------------------------------------------------

    def _dynamics(self) -> Part:
        dynamics: Part = {}
        if not self.section("dynamics"):
            return dynamics
        everyone: list[tuple[str, Part, Place]] = [
            (f"{name}[other]", {"for": "each actor"}, Place(anyone=("other",))) for name in self.words.common
        ]
        one: list[tuple[str, Part, Place]] = [
            (f"{name}[{self.words.actors[0]}]", {}, Place()) for name in self.words.common
        ]
        pairs: list[tuple[str, Part, Place]] = [
            (
                f"{name}[x, y]",
                {"for": {"x": "each actor", "y": "each actor where x != y"}},
                Place(anyone=("x", "y")),
            )
            for name in self.words.relations
        ]
        ordered: dict[str, list[tuple[str, Part, Place]]] = {
            name: [everyone[index], one[index]] for index, name in enumerate(self.words.common)
        }
        ordered |= {name: [(name, {}, Place())] for name in self.words.world}
        for name, kinds in ordered.items():
            if self.chance(0.6):
                of, bound, place = self.random.choice(kinds)
                dynamics[self.fresh(f"lead_{name}")] = (
                    {"of": of} | bound | self._lead(place) | self._luck_key()
                )
        driven = [kind for kinds in ordered.values() for kind in kinds]
        grown = {entry["of"].split("[")[0] for entry in dynamics.values() if "growth" in entry}
        for of, bound, place in driven + pairs:
            if self.chance(0.3) and of.split("[")[0] not in grown:
                drift = {"per": self.random.choice(PERIODS), "rate": f"0.1 * {self.phrases.tame(place)}"}
                dynamics[self.fresh("drift")] = {"of": of} | bound | {"drift": drift}
        if pairs and self.chance(0.5) and "trust" in self.words.relations:
            of, bound, place = pairs[-1]
            if not any(entry["of"] == of for entry in dynamics.values()):
                dynamics[self.fresh("lead_pair")] = {"of": of} | bound | self._lead(place)
        return dynamics

    def _lead(self, place: Place) -> Part:
        towards = {"towards": self.phrases.tame(place), "half_life": self._half_life(place)}
        noise = {"noise": self.random.choice(["0.3", f"abs({self.phrases.tame(place)})"])}
        growth = {
            "growth": {
                "per": self.random.choice(["month", "year"]),
                "rate": f"0.1 * {self.phrases.tame(place)}",
            }
        }
        return self.random.choice([towards, towards | noise, noise, growth])

    def _world_rules(self) -> Part:
        rules: Part = {}
        if not self.section("world_rules"):
            return rules
        for _ in self.some(0):
            place, bound = Place(), {}
            if self.has("for") and self.chance(0.4):
                place, bound = (
                    Place(anyone=("x",)),
                    {"for": {"x": f"each {self.random.choice([*self.words.tags, 'actor'])}"}},
                )
            own = self.words.world[0] if self.words.world and not bound else None
            rules[self.fresh("storm")] = (
                bound | self._rule(place) | self._doing(place, own) | self._luck_key()
            )
        return rules

    def _injects(self) -> Part:
        injects: Part = {}
        if not self.section("injects"):
            return injects
        for _ in self.some(0):
            inject: Part = {"at": self.random.choice([self.clock["start"], *self.days])}
            if self.chance(0.4):
                inject["when"] = self.phrases.truth()
            if self.chance(0.5):
                inject["probability"] = self.random.choice([0.5, self.phrases.tame(Place(), 0, 1)])
            inject |= self._doing(Place(), self.words.common[0] + f"[{self.words.actors[0]}]")
            injects[self.fresh("news")] = inject | self._luck_key()
        return injects

    def _indicators(self) -> Part:
        if not self.section("indicators"):
            return {}
        values: list[Any] = [self.phrases.number() for _ in self.some()]
        return {
            f"index_{number}": self.random.choice([value, {"value": value}])
            for number, value in enumerate(values)
        }

    def _outcomes(self) -> Part:
        outcomes: Part = {}
        if not self.section("outcomes"):
            return outcomes
        days = [*self.days, self.calendar.dates[-1].isoformat()]
        for _ in self.some(0):
            outcome: Part = {"title": "Something"}
            if self.chance(0.3):
                outcome |= {"holds": self.phrases.truth(), "at": self.random.choice(days)}
            else:
                first, last = sorted([self.random.choice(days), self.random.choice(days)])
                outcome |= {"happens": self.phrases.truth(), "by": last}
                if first < last and self.chance(0.4):
                    outcome["from"] = first
            outcomes[self.fresh("outcome")] = outcome
        return outcomes


def _step(text: str) -> Any:
    step = parse_step(text)
    assert step is not None
    return step

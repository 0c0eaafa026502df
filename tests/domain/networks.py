"""Random networks of items and flows, for properties that must hold of all of them."""

from __future__ import annotations

from random import Random
from typing import Any

ACTORS = ("ALAND", "BLAND", "CLAND", "DLAND")
ITEMS = ("arms", "food", "lore", "oil")


def invent(seed: int, turn: str = "month", turns: int = 8) -> dict[str, Any]:
    """A valid scenario with everything that items and flows can have, in random combination."""
    return _Inventor(Random(seed)).scenario(turn, turns)


class _Inventor:
    def __init__(self, random: Random) -> None:
        self.random = random
        self.held = {item: sorted(random.sample(ACTORS, random.randint(2, len(ACTORS)))) for item in ITEMS}

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def amount(self) -> Any:
        """A rate: a number, or an expression over a stock, time or a variable that moves."""
        number = round(10 ** self.random.uniform(-2, 3), 3)
        kinds = [number, number, f"{number}*(1 + elapsed)", f"{number}*pace", f"{number}*tide"]
        item = self.random.choice(ITEMS)
        kinds.append(f"0.3*{item}[{self.random.choice(self.held[item])}]")
        return self.random.choice(kinds)

    def scenario(self, turn: str, turns: int) -> dict[str, Any]:
        actors = {
            actor: {
                "name": actor.title(),
                "policy": "meddling",
                "attributes": {
                    item: {"initial": self.random.choice([0.5, 7, 300, "100*pace"]), "min": 0}
                    for item in ITEMS
                    if actor in self.held[item]
                },
            }
            for actor in ACTORS
        }
        flows = {f"flow_{number}": self.flow() for number in range(self.random.randint(1, 8))}
        self.pay_by_flows(flows)
        return {
            "foedus": 1,
            "id": "network",
            "title": "Network",
            "clock": {"start": "2030-01-01", "turn": turn, "turns": turns},
            "parameters": {"pace": {"distribution": {"uniform": [0.5, 2]}}},
            "world": {"attributes": {"tide": {"initial": 1, "range": [0.2, 3]}}},
            "dynamics": {"tides": {"of": "tide", **self.movement()}},
            "actors": actors,
            "items": {item: self.item(item) for item in ITEMS},
            "flows": flows,
            "policies": {"meddling": {"rules": self.meddling()}},
        }

    def movement(self) -> dict[str, Any]:
        return self.random.choice(
            [
                {"towards": 2, "half_life": "3 months"},
                {"growth": {"per": "year", "rate": 2}},
                {"drift": {"per": "year", "rate": -2}},
                {"noise": 0.4},
            ]
        )

    def meddling(self) -> dict[str, Any]:
        """Effects of other stages on stocks."""
        item = self.random.choice(ITEMS)
        holder = self.random.choice(self.held[item])
        effect = self.random.choice([f"{item}[{holder}] += 11.3", f"{item}[{holder}] -= 40.7"])
        return {"meddles": {"chance": {"per": "year", "rate": 3}, "effects": effect}}

    def item(self, item: str) -> dict[str, Any]:
        plain: dict[str, Any] = {"unit": "1", "copied": item == "lore"}
        for key, probability in (("made", 0.5), ("used", 0.5)):
            plain[key] = {actor: self.entry(key) for actor in self.held[item] if self.chance(probability)}
        if self.chance(0.5):
            holder = self.random.choice(self.held[item])
            others = [actor for actor in ACTORS if actor != holder]
            plain["arsenal"] = {holder: {self.random.choice(others): 0.3}}
        if self.chance(0.5):
            plain["tiers"] = {"tier": {"stock": 50, "after": "2 months"}}
        return plain

    def entry(self, key: str) -> dict[str, Any]:
        plain: dict[str, Any] = {"per": self.random.choice(["week", "month", "year"]), "rate": self.amount()}
        if key == "made" and self.chance(0.5):
            plain["capacity"] = self.amount()
        if key == "used":
            plain["priority"] = self.random.randint(-1, 1)
        if self.chance(0.2):
            plain["when"] = "elapsed > 0.2"
        return plain

    def flow(self) -> dict[str, Any]:
        item = self.random.choice(ITEMS)
        sender, recipient = self.random.sample(self.held[item], 2)
        plain: dict[str, Any] = {
            "item": item,
            "from": sender,
            "to": recipient,
            "per": "month",
            "rate": self.amount(),
            "priority": self.random.randint(-1, 1),
        }
        if self.chance(0.4):
            plain["capacity"] = self.amount()
        if self.chance(0.6):
            plain["delay"] = self.random.choice(["10 days", "1 month", "3 months"])
        if self.chance(0.2):
            plain["when"] = "elapsed < 0.4"
        if self.chance(0.5):
            plain["interdiction"] = {"share": round(self.random.random(), 2)}
            if "delay" in plain and self.chance(0.6):
                plain["interdiction"]["chance"] = {"per": "year", "rate": 6}
        means = [
            other
            for other in ITEMS
            if other not in (item, "lore") and {sender, recipient} <= set(self.held[other])
        ]
        if means and self.chance(0.6):
            plain["payment"] = self.payment()
            plain["payment"]["item"] = self.random.choice(means)
            plain["payment"]["priority"] = self.random.randint(-1, 1)
        return plain

    def payment(self) -> dict[str, Any]:
        return {"price": self.random.choice([0.1, 1, 3.7, "pace"]), "credit": self.chance(0.4)}

    def pay_by_flows(self, flows: dict[str, Any]) -> None:
        """Some flows take on paying for others that run the other way."""
        for name, payer in list(flows.items()):
            if "flow" in payer.get("payment", {}):
                continue
            paid = [
                other
                for other in flows.values()
                if (other["from"], other["to"]) == (payer["to"], payer["from"])
                and other["item"] != payer["item"]
                and "rate" in other
                and "flow" not in other.get("payment", {})
            ]
            if paid and self.chance(0.7) and "rate" in payer:
                del payer["rate"]
                payer.pop("payment", None)
                if "capacity" not in payer:
                    del payer["per"]
                for other in paid[: self.random.randint(1, 2)]:
                    other["payment"] = {**self.payment(), "flow": name}

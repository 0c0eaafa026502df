"""Expressions made to agree in their units are accepted; with one name exchanged they are refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from sim.compile import compile_scenario
from sim.scenario import parse_scenario
from sim.text import PURE, FoedusError, Unit, read_unit

NAMES = {
    "shells": "rounds",
    "salvo": "rounds",
    "crates": "thousand rounds",
    "made": "rounds per month",
    "yearly": "rounds/year",
    "soldiers": "persons",
    "money": "billion USD",
    "pay": "USD per person",
    "portion": "percent",
    "calm": "",
    "nerve": "",
    "wait": "years",
}
UNITS = {name: read_unit(text) if text else PURE for name, text in NAMES.items()}
PARAMETERS = "".join(
    f"  {name}: {{value: 1{f', unit: {text}' if text else ''}}}\n" for name, text in NAMES.items()
)
HEAD = f"""\
foedus: 1
id: random
title: Random
clock: {{start: 2030-01-01, turn: month, turns: 2}}
actors: {{A: {{name: A}}, B: {{name: B}}}}
parameters:
{PARAMETERS}"""


@dataclass
class Maker:
    """Writes expressions in a given unit. Every name in them matters to some unit around it."""

    random: Random
    bound: int = 0

    def of(self, unit: Unit, depth: int) -> str:
        """An expression that comes to the unit."""
        named = [name for name, own in UNITS.items() if own.same(unit)]
        if depth <= 0 or self.random.random() < 0.1:
            if named and self.random.random() < 0.8:
                return self.random.choice(named)
            return f"{self.random.randint(1, 9)}['{unit}']"
        makers: list[Callable[[Unit, int], str]] = [
            *(self._sum, self._product, self._quotient, self._call, self._branch, self._over, self._scaled),
            self._root,
        ]
        if unit.is_pure:
            makers += [self._function, self._truth, self._power]
        return self.random.choice(makers)(unit, depth - 1)

    def other(self) -> Unit:
        """A unit to multiply with."""
        return UNITS[self.random.choice(list(UNITS))]

    def _sum(self, unit: Unit, depth: int) -> str:
        signs = (self.random.choice("+-") for _ in range(self.random.randint(1, 3)))
        number = f" {self.random.choice('+-')} {self.random.randint(1, 99)}" * self.random.randint(0, 1)
        return (
            f"({self.of(unit, depth)}{''.join(f' {sign} {self.of(unit, depth)}' for sign in signs)}{number})"
        )

    def _product(self, unit: Unit, depth: int) -> str:
        other = self.other()
        return f"{self.of(unit / other, depth)}*{self.of(other, depth)}"

    def _quotient(self, unit: Unit, depth: int) -> str:
        other = self.other()
        return f"{self.of(unit * other, depth)}/({self.of(other, depth)})"

    def _scaled(self, unit: Unit, depth: int) -> str:
        return f"{self.random.randint(2, 9)}*({self.of(unit, depth)})/{self.random.randint(2, 9)}"

    def _call(self, unit: Unit, depth: int) -> str:
        function = self.random.choice(["min", "max", "sum", "mean", "clamp", "abs", "floor", "ceil"])
        count = {"clamp": 3, "min": 2, "max": 2}.get(function, 1)
        return f"{function}({', '.join(self.of(unit, depth) for _ in range(count))})"

    def _branch(self, unit: Unit, depth: int) -> str:
        return f"({self.of(unit, depth)} if {self._compared(depth)} else {self.of(unit, depth)})"

    def _over(self, unit: Unit, depth: int) -> str:
        function = self.random.choice(["sum", "max", "mean"])
        return f"{function}({self.of(unit, depth)} for {self._name()} in actors)"

    def _name(self) -> str:
        self.bound += 1
        return f"x{self.bound}"

    def _root(self, unit: Unit, depth: int) -> str:
        if self.random.random() < 0.5:
            return f"sqrt({self.of(unit * unit, depth)})"
        return f"({self.of(unit ** Fraction(1, 2), depth)})**2"

    def _function(self, _: Unit, depth: int) -> str:
        return f"{self.random.choice(['exp', 'log', 'logistic'])}({self.of(PURE, depth)})"

    def _power(self, _: Unit, depth: int) -> str:
        return f"({self.of(PURE, depth)})**({self.of(PURE, depth)})"

    def _truth(self, _: Unit, depth: int) -> str:
        counted = f"count({self._compared(depth)} for {self._name()} in actors)"
        return self.random.choice([f"({self._compared(depth)})", counted])

    def _compared(self, depth: int) -> str:
        unit = self.other()
        return f"{self.of(unit, depth)} {self.random.choice(['<', '>=', '=='])} {self.of(unit, depth)}"


def refused(expression: str, unit: Unit) -> list[str]:
    """What is said of an indicator with this expression and this unit."""
    text = f'{HEAD}indicators:\n  seen: {{value: "{expression}", unit: "{unit}"}}\n'
    try:
        compile_scenario(parse_scenario(text, "s"))
    except FoedusError as error:
        return [str(found) for found in error.diagnostics]
    return []


def made(seed: int) -> tuple[Random, str, Unit]:
    """An expression of some hundred characters and its unit."""
    random = Random(seed)
    maker = Maker(random)
    while True:
        unit = maker.other() if random.random() < 0.7 else maker.other() * maker.other()
        expression = maker.of(unit, random.randint(1, 4))
        if len(expression) < 1_000:
            return random, expression, unit


def exchanged(random: Random, expression: str) -> str | None:
    """The expression with one of its names exchanged for one in another unit; None if it has none."""
    words = [(name, at) for name in NAMES for at in _places(expression, name)]
    if not words:
        return None
    name, at = random.choice(sorted(words))
    other = random.choice([one for one in NAMES if not UNITS[one].same(UNITS[name])])
    return expression[:at] + other + expression[at + len(name) :]


def _places(expression: str, name: str) -> list[int]:
    """Where a name stands, not counting what stands in quotes."""
    found, quoted = [], False
    for at, character in enumerate(expression):
        quoted ^= character == "'"
        around = expression[at - 1 : at] + expression[at + len(name) : at + len(name) + 1]
        if not quoted and expression.startswith(name, at) and not any(c.isalnum() for c in around):
            found.append(at)
    return found


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**32))
def test_what_agrees_by_construction_is_accepted(seed: int) -> None:
    _, expression, unit = made(seed)
    assert refused(expression, unit) == []


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**32))
def test_one_name_of_another_unit_is_refused_where_it_stands(seed: int) -> None:
    random, expression, unit = made(seed)
    wrong = exchanged(random, expression)
    if wrong is None:
        return
    said = refused(wrong, unit)
    assert said
    line = HEAD.count("\n") + 2
    assert all(one.startswith(f"s:{line}:") for one in said)

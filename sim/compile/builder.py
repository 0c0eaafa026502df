"""The tables of a Program while it is being built, and the order they are given at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from sim.compile.findings import Findings
from sim.compile.keys import event_key
from sim.compile.program import Draw, Figure, Kind, Memory, Node, Op, Variable
from sim.scenario.load import PathOf
from sim.text import Place, quoted

MAX_NODES = 1_000_000
MAX_ROWS = 100_000
MAX_DECISIONS = 10_000
MAX_DEPTH = 400
"""Operations that wait for each other: a sum over n actors is n deep."""


NodeKey = tuple[Op, tuple[int, ...], float, int, bool, int, int]
"""The fields of a node: nodes are equal if these are."""


class TooLargeError(Exception):
    """The scenario unrolls to more than the engine should be asked to carry."""

    def __init__(self, place: Place | None = None, expected: str = "") -> None:
        super().__init__()
        self.place = place
        self.expected = expected
        """What would make it smaller, where the usual advice does not."""


class TooDeepError(Exception):
    """An expression is longer, written out, than a backend can follow."""


@dataclass
class Builder:
    """Adds variables, draws and nodes; equal nodes are one node."""

    problems: Findings
    variables: list[Variable] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    draws: list[Draw] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    _node_index: dict[NodeKey, int] = field(default_factory=dict)
    _draw_index: dict[str, int] = field(default_factory=dict)
    _keys: dict[int, str] = field(default_factory=dict)
    _figure_index: dict[tuple[object, ...], int] = field(default_factory=dict)
    _memory: dict[int, list[int]] = field(default_factory=dict)
    _depths: list[int] = field(default_factory=list)

    def scratch(self) -> Builder:
        """A copy to try things on: what is added there leaves no trace here."""
        return Builder(
            self.problems,
            list(self.variables),
            dict(self.rows),
            list(self.draws),
            list(self.nodes),
            list(self.figures),
            dict(self._node_index),
            dict(self._draw_index),
            dict(self._keys),
            dict(self._figure_index),
            {row: list(rows) for row, rows in self._memory.items()},
            list(self._depths),
        )

    def forget_draws(self) -> None:
        """Leave every address of luck free again: what is tried on a copy may take the same ones."""
        self.draws.clear()
        self._draw_index.clear()
        self._keys.clear()

    def declare(
        self,
        name: str,
        kind: Kind,
        place: Place,
        *,
        low: float = float("-inf"),
        high: float = float("inf"),
        unit: str = "",
        title: str = "",
    ) -> int:
        """A new row; its number holds until the rows are sorted."""
        row = len(self.variables)
        if row >= MAX_ROWS:
            raise TooLargeError(place)
        self.variables.append(Variable(name, kind, low, high, unit, title, place))
        self.rows[name] = row
        return row

    def draw(self, text: str, place: Place) -> int:
        """An address of luck. Two draws with one address would be one and the same luck: an error."""
        if text in self._draw_index:
            self.problems.error(
                place,
                f"the luck key {quoted(text)} is taken, at {self.draws[self._draw_index[text]].place}",
                "ids, or luck_keys, that differ",
                code="luck-clash",
            )
            return self._draw_index[text]
        key = event_key(text)
        other = self._keys.setdefault(key, text)
        if other != text:
            self.problems.error(
                place, f"the luck keys {quoted(text)} and {quoted(other)} collide", "a luck_key"
            )
        self._draw_index[text] = len(self.draws)
        self.draws.append(Draw(text, key, place))
        return self._draw_index[text]

    def node(
        self,
        op: Op,
        *args: int,
        value: float = 0.0,
        row: int = -1,
        truth: bool = False,
        figure: int = -1,
        draw: int = -1,
    ) -> int:
        key = (op, args, value, row, truth, figure, draw)
        index = self._node_index.get(key)
        return self._added(key) if index is None else index

    def _added(self, key: NodeKey) -> int:
        """A node that is not there yet: most that are asked for are, and cost no more than their key."""
        if len(self.nodes) >= MAX_NODES:
            raise TooLargeError
        depth = 1 + max((self._depths[argument] for argument in key[1]), default=0)
        if depth > MAX_DEPTH:
            raise TooDeepError
        self._depths.append(depth)
        index = self._node_index[key] = len(self.nodes)
        self.nodes.append(Node(*key))
        return index

    def const(self, value: float) -> int:
        return self.node("const", value=value)

    def written(self, value: float, path: PathOf, offset: int, make: Callable[[], Figure]) -> int:
        """A number of the file: a constant of its own, however many equal ones there are."""
        key = (path, offset)
        if key not in self._figure_index:
            self._figure_index[key] = len(self.figures)
            self.figures.append(make())
        return self.node("const", value=value, figure=self._figure_index[key])

    def read(self, row: int) -> int:
        return self.node("row", row=row)

    def reads(self, nodes: Iterable[int]) -> frozenset[int]:
        """Rows that the values of these nodes depend on."""
        waiting, seen = list(nodes), set[int]()
        while waiting:
            node = waiting.pop()
            if node not in seen:
                seen.add(node)
                waiting += self.nodes[node].args
        return frozenset(self.nodes[node].row for node in seen if self.nodes[node].op == "row")

    def recall(self, row: int, turns: int) -> int:
        """The row that holds what `row` was at the end of the turn `turns` back (at least 1)."""
        remembered = self._memory.setdefault(row, [])
        variable = self.variables[row]
        while len(remembered) < turns:
            name = f"{variable.name}@{len(remembered) + 1}"
            remembered.append(self.declare(name, "memory", variable.place))
        return remembered[turns - 1]

    def memories(self) -> tuple[Memory, ...]:
        return tuple(Memory(row, tuple(rows)) for row, rows in self._memory.items())

    def sorted_rows(self) -> list[int]:
        """New number of each row: rows in order of name."""
        order = sorted(range(len(self.variables)), key=lambda row: self.variables[row].name)
        renumbered = [0] * len(order)
        for new, old in enumerate(order):
            renumbered[old] = new
        return renumbered

"""A causal diagram as text: Mermaid, which many pages draw by themselves, or the language of Graphviz."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final, Literal

from sim.analysis.causal import Diagram, Kind, Notion, Tie
from sim.analysis.signs import DOWN, UNKNOWN, UP

Format = Literal["mermaid", "dot"]

_MERMAID: Final[dict[Kind, tuple[str, str]]] = {
    "stock": ("[", "]"),
    "decision": ("([", "])"),
    "construct": ("[[", "]]"),
    "indicator": (">", "]"),
    "outcome": ("{{", "}}"),
}
_DOT: Final[dict[Kind, str]] = {
    "stock": "box",
    "decision": "ellipse",
    "construct": "box3d",
    "indicator": "cds",
    "outcome": "hexagon",
}
_SIGNS: Final = {UP: "+", DOWN: "−", UNKNOWN: ""}  # noqa: RUF001 - a minus sign, as in the tables of loops
READING: Final = (
    "Boxes are stocks and indices, rounded boxes decisions, framed boxes treaties, flows, bodies and "
    "disputes. An arrow with + says that more of the one makes more of the other, one with a minus sign that "
    "it makes less; without a sign it depends, as it mostly does where a choice has several options."
)


def drawn(diagram: Diagram, ties: Sequence[Tie], format_: Format = "mermaid") -> str:
    """The ties and the notions at their ends."""
    names = sorted({name for tie in ties for name in (tie.cause, tie.effect)})
    number = {name: f"n{index}" for index, name in enumerate(names)}
    notions = [diagram.notions[name] for name in names]
    if format_ == "dot":
        return _dot(notions, ties, number)
    lines = ["flowchart LR"]
    for notion in notions:
        opened, closed = _MERMAID[notion.kind]
        lines.append(f'  {number[notion.name]}{opened}"{_mermaid_text(label(notion))}"{closed}')
    for tie in ties:
        sign = _SIGNS[tie.sign]
        arrow = f'-- "{sign}" -->' if sign else "-->"
        lines.append(f"  {number[tie.cause]} {arrow} {number[tie.effect]}")
    return "\n".join(lines) + "\n"


def overview(diagram: Diagram, format_: Format = "mermaid", least: int = 1) -> str:
    """The themes, and how many notions one moves and another reads; arrows for `least` or more."""
    counted = theme_ties(diagram, least)
    names = sorted({name for pair in counted for name in pair})
    number = {name: f"n{index}" for index, name in enumerate(names)}
    if format_ == "dot":
        nodes = [f'  {number[name]} [label="{name}", shape=box];' for name in names]
        ends = [f'  {number[a]} -> {number[b]} [label="{count}"];' for (a, b), count in counted.items()]
        return "\n".join(("digraph causes {", "  rankdir=LR;", *nodes, *ends, "}")) + "\n"
    nodes = [f'  {number[name]}["{name}"]' for name in names]
    ends = [f'  {number[a]} -- "{count}" --> {number[b]}' for (a, b), count in counted.items()]
    return "\n".join(("flowchart LR", *nodes, *ends)) + "\n"


def theme_ties(diagram: Diagram, least: int = 1) -> dict[tuple[str, str], int]:
    """For each two themes: how many notions the first moves and the second reads, `least` or more."""
    moved: dict[str, set[str]] = {theme: set() for theme in diagram.themes}
    read: dict[str, set[str]] = {theme: set() for theme in diagram.themes}
    for tie in diagram.ties:
        for theme in tie.themes:
            moved[theme].add(tie.effect)
            read[theme].add(tie.cause)
    counted = Counter(
        {(a, b): len(moved[a] & read[b]) for a in diagram.themes for b in diagram.themes if a != b}
    )
    return {pair: count for pair, count in sorted(counted.items()) if count >= least}


def of_theme(diagram: Diagram, theme: str) -> tuple[Tie, ...]:
    """What one file says moves what."""
    return tuple(tie for tie in diagram.ties if theme in tie.themes)


def around(diagram: Diagram, name: str, steps: int = 1) -> tuple[Tie, ...]:
    """The ties within so many steps of a notion, in both directions."""
    near = {name}
    found: set[Tie] = set()
    for _ in range(steps):
        touching = {tie for tie in diagram.ties if tie.cause in near or tie.effect in near}
        found |= touching
        near |= {end for tie in touching for end in (tie.cause, tie.effect)}
    return tuple(tie for tie in diagram.ties if tie in found)


def along(diagram: Diagram, stations: Sequence[str]) -> tuple[Tie, ...]:
    """The shortest way from each notion to the next; a loop ends with the one that it begins with.

    Raises:
        LookupError: with the two names between which there is no way.
    """
    found: dict[Tie, None] = {}
    for start, end in pairwise(stations):
        way = diagram.way(start, end)
        if not way:
            raise LookupError(start, end)
        found.update(dict.fromkeys(way))
    return tuple(found)


def sign_of(ties: Iterable[Tie]) -> int:
    """Of a way: the product of its signs."""
    sign = UP
    for tie in ties:
        sign *= tie.sign
    return sign


def label(notion: Notion) -> str:
    """What a picture calls it: its title, and whose it is."""
    if notion.kind == "stock" and notion.title == notion.name:
        head, _, inside = notion.name.removesuffix("]").partition("[")
        return f"{head.replace('_', ' ')} {inside.replace(', ', ' and ')}".strip()
    return notion.title


def _dot(notions: Sequence[Notion], ties: Sequence[Tie], number: dict[str, str]) -> str:
    nodes = [
        f'  {number[notion.name]} [label="{_dot_text(label(notion))}", shape={_DOT[notion.kind]}];'
        for notion in notions
    ]
    ends = [f'  {number[tie.cause]} -> {number[tie.effect]} [label="{_SIGNS[tie.sign]}"];' for tie in ties]
    return "\n".join(("digraph causes {", "  rankdir=LR;", *nodes, *ends, "}")) + "\n"


def _dot_text(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _mermaid_text(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")

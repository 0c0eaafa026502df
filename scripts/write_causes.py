"""Write the causal diagram of the flagship, drawn from its Program: a page, and a picture in the scenario's.

    python scripts/write_causes.py [--check]

With `--check` nothing is written. Exit code: 0 written or up to date, 1 out of date, 2 used wrongly.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap
from typing import Final

from scripts.pages import ROOT, written
from sim.analysis.causal import Diagram
from sim.compile import compile_scenario
from sim.report.diagram import READING, along, drawn, of_theme, overview
from sim.scenario import load_scenario

SCENARIO: Final = ROOT / "scenarios" / "pyongyang-hanoi-2024.yaml"
PAGE: Final = ROOT / "docs" / "scenarios" / "pyongyang-hanoi-2024-causes.md"
BESIDE: Final = ROOT / "docs" / "scenarios" / "pyongyang-hanoi-2024.md"
BEGIN: Final = "<!-- written by scripts/write_causes.py -->"
END: Final = "<!-- end -->"
STRONG: Final = 9
"""Notions that one theme moves and another reads, from which on the overview draws an arrow."""
_READ_ONLY: Final = ("watched", "outcomes")
"""Themes that move nothing."""


_HEAD: Final = """\
# What moves what after Pyongyang and Hanoi

Drawn from the compiled scenario by `scripts/write_causes.py`; not edited by hand. `foedus diagram` draws any
other part of it: a theme, what is around something, the shortest way from one thing to another.

{reading}

Where no way leads from one thing to another, a change of the first changes no bit of the second. A way says
that something can have an effect, not how great it is: `foedus experiment` says that.

## Loops

The stations are those of the [scenario's page](pyongyang-hanoi-2024.md#loops); between them runs the shortest
way that the scenario has.
"""
_THEMES: Final = """\
What each file of the scenario says moves what. Indicators and outcomes move nothing, and are left out.
"""


@dataclass(frozen=True)
class Loop:
    """A loop of the scenario's page, by its stations; the Program has the ways between them."""

    title: str
    says: str
    stations: tuple[str, ...]


LOOPS: Final = (
    Loop(
        "Emboldenment",
        "Backing makes Kim bold, what he does welds his foes together, and that brings more backing.",
        (
            *("commitment[RUS]", "confidence[PRK]", "PRK/icbm_test", "tension[KOR, PRK]"),
            *("alignment[KOR, USA]", "RUS/stand_with_kim", "commitment[RUS]"),
        ),
    ),
    Loop(
        "Restraint",
        "Tests make Beijing uneasy; it leans on Pyongyang, and there are fewer.",
        ("PRK/icbm_test", "unease[CHN]", "CHN/handle_pyongyang", "restraint[PRK]", "PRK/icbm_test"),
    ),
    Loop(
        "Substitution",
        "What Moscow sends takes the place of Chinese trade, and with it goes a part of Beijing's hold.",
        ("RUS/feed_pyongyang", "trade_with_pyongyang[RUS]", "restraint[PRK]", "PRK/icbm_test"),
    ),
    Loop(
        "Need",
        "The more shells Russia makes itself, the less it needs Kim's, and the less it pays for them.",
        ("shell_output[RUS]", "need[RUS]", "asking_price[PRK]", "RUS/share_technology"),
    ),
    Loop(
        "Seoul and Moscow",
        "What Moscow passes on brings Seoul nearer to arming Kyiv, and that brings Moscow to pass on more.",
        (
            *("tech_missile[PRK]", "belief[KOR, passed_on]", "KOR/arms_for_kyiv", "grievance[RUS]"),
            *("RUS/share_technology", "tech_missile[PRK]"),
        ),
    ),
    Loop(
        "Blind sanctions",
        "A veto ends the monitoring, less is seen and more dared, and the next draft is vetoed, too.",
        ("RUS/vote", "body unsc", "compliance", "bite[PRK]", "confidence[PRK]", "PRK/icbm_test", "RUS/vote"),
    ),
    Loop(
        "Western arms",
        "Arms for Kyiv aggrieve Moscow; what it stirs in Korea draws attention from Europe; fewer follow.",
        (
            *("aid[USA]", "grievance[RUS]", "RUS/share_technology", "tension[KOR, PRK]", "bandwidth[USA]"),
            *("USA/aid_for_kyiv", "aid[USA]"),
        ),
    ),
    Loop(
        "Bandwidth",
        "A crisis in one theatre thins American attention, and others are probed.",
        ("tension[KOR, PRK]", "bandwidth[USA]", "CHN/strait", "tension[CHN, TWN]"),
    ),
    Loop(
        "Hedging",
        "Pressure at sea makes Hanoi buy arms and drill for oil, which moves its neighbours again.",
        ("tension[CHN, VNM]", "arms_demand[VNM]", "VNM/order_arms", "VNM/drill", "tension[CHN, VNM]"),
    ),
    Loop(
        "Bypass",
        "Financial pressure opens other channels, which relieve what it presses on.",
        ("financial_pressure", "sanctions west_on_russia", "bypass[RUS]"),
    ),
    Loop(
        "Arms race",
        "Who is afraid buys arms; a part of the money becomes Russian shells.",
        ("tension[CHN, PHL]", "arms_demand[VNM]", "arms_income[RUS]", "shell_output[RUS]", "war_intensity"),
    ),
)


def picture(text: str) -> list[str]:
    """A picture in Mermaid, as Markdown has it."""
    return ["```mermaid", text.rstrip(), "```", ""]


def page(diagram: Diagram) -> str:
    """The page of causes, whole."""
    lines = [_HEAD.format(reading="\n".join(wrap(READING, 110)))]
    for loop in LOOPS:
        lines += [
            f"### {loop.title}",
            "",
            loop.says,
            "",
            *picture(drawn(diagram, along(diagram, loop.stations))),
        ]
    lines += ["## Themes", "", *_themes(diagram)]
    return "\n".join(lines).rstrip() + "\n"


def _themes(diagram: Diagram) -> Iterator[str]:
    yield _THEMES
    for theme in diagram.themes:
        if theme in _READ_ONLY:
            continue
        ties = of_theme(diagram, theme)
        yield f"<details><summary>{theme}: {len(ties)} ties</summary>"
        yield ""
        yield from picture(drawn(diagram, ties))
        yield "</details>"
        yield ""


def with_overview(text: str, diagram: Diagram) -> str:
    """The scenario's page with the picture of its themes as it is now."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page has no {BEGIN} ... {END}")
    return "\n".join([before + BEGIN, "", *picture(overview(diagram, least=STRONG)), END]) + after


def main(arguments: list[str]) -> int:
    """Write the pages, or with `--check` say whether they are as they would be written."""
    return written(arguments, "write_causes", __doc__, _pages)


def _pages() -> dict[Path, str]:
    diagram = Diagram(compile_scenario(load_scenario(SCENARIO)))
    return {PAGE: page(diagram), BESIDE: with_overview(BESIDE.read_text("utf-8"), diagram)}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""`foedus diagram`: what moves what in a scenario, as a picture."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

import sim
from sim.cli.command import app
from sim.cli.options import Doctrines, ScenarioFile, scenario_under
from sim.cli.output import problems_shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.analysis.causal import Diagram, Tie


class Language(StrEnum):
    """What the picture is written in."""

    MERMAID = "mermaid"
    DOT = "dot"


@app.command(
    epilog="\b\nExample:\n  foedus diagram scenarios/pyongyang-hanoi-2024.yaml --around 'confidence[PRK]'\n"
    "  foedus diagram scenarios/pyongyang-hanoi-2024.yaml --theme war --format dot | dot -Tsvg > war.svg"
)
def diagram(
    scenario: ScenarioFile,
    *,
    theme: Annotated[
        str | None, typer.Option(metavar="FILE", help="What one file of the scenario says, by its name: war.")
    ] = None,
    near: Annotated[
        str | None, typer.Option("--around", metavar="NAME", help="What moves this, and what it moves.")
    ] = None,
    steps: Annotated[int, typer.Option(min=1, max=9, help="How many steps around it.")] = 1,
    through: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME", help="The shortest way by these, in order; the first once more for a loop."
        ),
    ] = None,
    language: Annotated[Language, typer.Option("--format", help="What to write it in.")] = Language.MERMAID,
    doctrines: Doctrines = None,
) -> None:
    """Draw what moves what: all themes, one of them, what is around something, or a way.

    A scenario of a single file has one theme, and is drawn whole.
    """
    from sim.analysis.causal import Diagram  # noqa: PLC0415
    from sim.report import diagram as told  # noqa: PLC0415
    from sim.text import FoedusError  # noqa: PLC0415

    with problems_shown(as_json=False):
        if sum(asked is not None for asked in (theme, near, through)) > 1:
            raise FoedusError.at(
                None, "several pictures are asked for", "one of --theme, --around, --through"
            )
        whole = Diagram(sim.compile_scenario(scenario_under(scenario, doctrines)))
        if theme is not None:
            _known(theme, whole.themes, "theme")
            ties = told.of_theme(whole, theme)
        elif near is not None:
            _known(near, whole.notions, "notion")
            ties = told.around(whole, near, steps)
        elif through is not None:
            ties = _loop(whole, through)
        elif len(whole.themes) == 1:
            ties = whole.ties
        else:
            typer.echo(told.overview(whole, language.value), nl=False)
            return
        typer.echo(told.drawn(whole, ties, language.value), nl=False)


def _loop(whole: Diagram, through: list[str]) -> tuple[Tie, ...]:
    from sim.report.diagram import along  # noqa: PLC0415
    from sim.text import FoedusError, quoted  # noqa: PLC0415

    for name in through:
        _known(name, whole.notions, "notion")
    try:
        return along(whole, through)
    except LookupError as error:
        start, end = error.args
        said = f"no way leads from {quoted(start)} to {quoted(end)}"
        raise FoedusError.at(None, said, "two between which there is one") from None


def _known(name: str, names: Iterable[str], kind: str) -> None:
    from sim.text import FoedusError, nearest, quoted  # noqa: PLC0415

    known = list(names)
    if name not in known:
        raise FoedusError.at(
            None,
            f"the diagram has no {kind} {quoted(name)}",
            f"one of its {kind}s",
            nearest(name, known) or "",
        )

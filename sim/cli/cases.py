"""`foedus cases`: the public case suite, and the treaty-text lab."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import sim
from sim.cli.command import app
from sim.cli.options import MAX_RUN, AsJson
from sim.cli.output import PROBLEMS, open_console, print_json, problems_shown, say_text


@app.command(
    epilog="\b\nExample:\n  foedus cases\n  foedus cases 1 --runs 1000\n"
    "  foedus cases --family sequence_of_play\n  foedus cases --text nato_5"
)
def cases(
    named: Annotated[
        list[str] | None,
        typer.Argument(metavar="[CASE]...", help="Numbers or files of cases; all without one."),
    ] = None,
    *,
    family: Annotated[str | None, typer.Option(metavar="F", help="Only the cases of this family.")] = None,
    runs: Annotated[
        int, typer.Option(min=1, max=MAX_RUN + 1, metavar="N", help="How many runs of each.")
    ] = 1,
    without: Annotated[
        list[str] | None,
        typer.Option(metavar="RULE", help="Leave this rule of adjudication out; list what changes."),
    ] = None,
    text: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Try situations under this treaty's wording; print a docket."),
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option("--in", metavar="DIR", help="Where the cases are; those of foedus by default."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Play the public case suite, and hold what comes of each case against what it expects."""
    from sim.analysis.cases import judge, judge_without  # noqa: PLC0415
    from sim.analysis.suite import load_suite  # noqa: PLC0415
    from sim.compile.domain import checked_rules  # noqa: PLC0415
    from sim.report import cases as told  # noqa: PLC0415

    with problems_shown(as_json):
        if text is not None:
            _lab(folder, named or (), family, text, runs, as_json=as_json)
            return
        checked_rules(frozenset(without or ()))
        loaded = load_suite(folder, named or (), family)
        if without:
            found = [judge_without(one.case, without, runs) for one in loaded]
            verdicts = [verdict for verdict in found if not verdict.passed]
            title = f"Without {', '.join(without)}, {len(verdicts)} of {len(loaded)} cases come out otherwise"
            ok = bool(verdicts)
        else:
            verdicts = [judge(one, runs) for one in loaded]
            title = told.summary(verdicts)
            ok = all(verdict.passed for verdict in verdicts)
        if as_json:
            print_json({"ok": ok, "runs": runs, "cases": [told.case_document(one) for one in verdicts]})
        elif len(verdicts) == 1 and len(loaded) == 1:
            for line in told.case_account(verdicts[0]):
                say_text(line)
        else:
            open_console().print(told.case_table(verdicts))
            say_text(title)
    if not ok:
        raise typer.Exit(PROBLEMS)


def _lab(
    folder: Path | None,
    named: list[str] | tuple[()],
    family: str | None,
    text: str,
    runs: int,
    *,
    as_json: bool,
) -> None:
    """The treaty-text lab."""
    from sim.analysis.docket import try_text  # noqa: PLC0415
    from sim.analysis.suite import load_suite  # noqa: PLC0415
    from sim.report import docket as told  # noqa: PLC0415
    from sim.scenario.texts import text_named  # noqa: PLC0415

    wording = text_named(text)
    loaded = [one for one in load_suite(folder, named, family) if one.case.model.under_test is not None]
    trials = [try_text(one, wording, runs) for one in loaded]
    if as_json:
        shown = {"text": text, "title": wording.model.title, "says": wording.model.says, "runs": runs}
        print_json({"ok": True, **shown, "cases": [told.trial_document(trial) for trial in trials]})
        return
    say_text(f"{sim.printable(wording.model.title)}: {sim.printable(wording.model.says)}")
    open_console().print(told.docket_table(trials, text))
    say_text(told.docket_summary(trials, wording.model))

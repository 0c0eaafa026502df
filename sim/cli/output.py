"""What commands share of output: results to stdout, what is wrong to stderr."""

from __future__ import annotations

import json
import os
import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, NoReturn

import typer

import sim

if TYPE_CHECKING:
    from rich.console import Console

    from sim.report.account import Line

PROBLEMS: Final = 1
WRONGLY_USED: Final = 2
INTERRUPTED: Final = 130
READER_GONE: Final = 141
"""As a shell reports a command that wrote to a pipe nobody reads."""

_NARROWEST: Final = 40
PLAIN_WIDTH: Final = 140
"""Width of tables where no terminal says how wide it is."""


def end_with(message: str, code: int) -> NoReturn:
    """Say why a command ends, and end it."""
    typer.echo(f"foedus: {message}", err=True)
    raise typer.Exit(code)


def open_console(stderr: bool = False) -> Console:
    """Plain text but on a terminal that wants colours: no colours, no other escape codes either."""
    from rich.console import Console  # noqa: PLC0415 - `--help` needs none

    stream = sys.stderr if stderr else sys.stdout
    plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb" or not stream.isatty()
    return Console(
        file=stream,
        color_system=None if plain else "auto",
        force_terminal=False if plain else None,
        width=None if stream.isatty() else PLAIN_WIDTH,
        markup=False,
        highlight=False,
        emoji=False,
    )


def say(console: Console, line: Line) -> None:
    """A paragraph: wrapped on a terminal, one line elsewhere."""
    from rich.padding import Padding  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    indent = 0 if line.heading else 2
    if console.is_terminal:
        console.print(Padding(Text(line.text, "bold" if line.heading else ""), (0, 0, 0, indent)))
    else:
        typer.echo(" " * indent + line.text)


def say_text(line: str) -> None:
    """A line of text as it is; on a terminal wrapped, with what reads on set in."""
    if not sys.stdout.isatty():
        typer.echo(line)
        return
    indent = " " * (len(line) - len(line.lstrip()))
    width = max(shutil.get_terminal_size().columns, _NARROWEST)
    parts = textwrap.wrap(
        line.lstrip(),
        width,
        initial_indent=indent,
        subsequent_indent=indent + "    ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    typer.echo("\n".join(parts))


def print_json(document: dict[str, Any]) -> None:
    """Print the one document of a command that was asked for JSON."""
    typer.echo(json.dumps(document, indent=2, allow_nan=False))


def plain_diagnostics(diagnostics: Iterable[sim.Diagnostic]) -> list[dict[str, Any]]:
    """Diagnostics as they stand in a document."""
    return [
        {
            "file": None if found.place is None else sim.printable(found.place.file),
            "line": None if found.place is None else found.place.line,
            "column": None if found.place is None else found.place.column,
            "severity": found.severity,
            "code": found.code,
            "message": found.message,
            "expected": found.expected,
            "suggestion": found.suggestion,
            "advice": found.advice,
        }
        for found in diagnostics
    ]


def show_diagnostics(diagnostics: Iterable[sim.Diagnostic]) -> None:
    """Say what is wrong or doubtful, a line each, to stderr."""
    for found in diagnostics:
        typer.echo(str(found), err=True)


@contextmanager
def problems_shown(as_json: bool) -> Iterator[None]:
    """What is wrong with the input is shown, and ends the command."""
    try:
        yield
    except sim.FoedusError as error:
        show_diagnostics(error.diagnostics)
        if as_json:
            print_json({"ok": False, "diagnostics": plain_diagnostics(error.diagnostics)})
        raise typer.Exit(PROBLEMS) from None

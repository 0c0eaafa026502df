"""The command itself: its name, its options, and a clean end whatever becomes of it."""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

import sim
from sim.cli.output import (
    INTERRUPTED,
    PROBLEMS,
    READER_GONE,
    WRONGLY_USED,
    end_with,
    plain_diagnostics,
    print_json,
)


class _Foedus(TyperGroup):
    """Ends every command cleanly, whatever becomes of its output or of the patience of who waits for it."""

    def invoke(self, ctx: Any) -> Any:
        if isinstance(sys.stdout, TextIOWrapper):
            # A terminal that has no letter for something gets its escape, not a traceback.
            sys.stdout.reconfigure(errors="backslashreplace")
        as_json = "--json" in ctx.args
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except TyperException as error:
            if as_json and error.exit_code == WRONGLY_USED:
                wrong = sim.Diagnostic(None, error.format_message(), code="usage")
                print_json({"ok": False, "diagnostics": plain_diagnostics([wrong])})
            raise
        except KeyboardInterrupt:
            end_with("interrupted", INTERRUPTED)
        except BrokenPipeError:
            # Python flushes stdout once more when it ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(READER_GONE) from None
        except OSError as error:
            end_with(f"the output cannot be written: {(error.strerror or str(error)).lower()}", PROBLEMS)
        except MemoryError:
            end_with("there is not enough memory for this", PROBLEMS)
        return result


app = typer.Typer(
    name="foedus",
    cls=_Foedus,
    help="Play scenarios of treaties, arms and sanctions forward, once or many thousand times.",
    epilog="\b\nExample:\n  foedus run scenarios/first-steps.yaml --seed 7",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Run the command line."""
    app(prog_name="foedus")


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"foedus {sim.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass

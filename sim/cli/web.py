"""`foedus play --web`: the command line that every page runs, and what is said before the first one opens."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import typer

from sim.cli.output import PROBLEMS, WRONGLY_USED, end_with

PORT: Final = 8_000


def in_a_page() -> bool:
    """Whether this process is one that a page has begun."""
    return "web_driver" in os.environ.get("TEXTUAL_DRIVER", "")


def play_line(
    scenario: Path | None,
    *,
    seed: int,
    run: int,
    session: Path | None,
    resume: Path | None,
    python: Sequence[str],
    doctrines: Sequence[str],
    watch: bool,
) -> tuple[str, ...]:
    """The line that plays the same game in a process of its own."""

    def words() -> Iterator[str]:
        yield from (sys.executable, "-m", "sim.cli", "play", f"--seed={seed}", f"--run={run}")
        for name, file in (("session", session), ("resume", resume)):
            if file is not None:
                yield f"--{name}={file}"
        yield from (f"--python={name}" for name in python)
        yield from (f"--doctrine={doctrine}" for doctrine in doctrines)
        if watch:
            yield "--watch"
        if scenario is not None:
            yield from ("--", str(scenario))

    return tuple(words())


def serve(line: Sequence[str], port: int) -> None:
    """Serve a line on the loopback interface until Ctrl-C."""
    try:
        from tui.serving import HOST, listen, served  # noqa: PLC0415
    except ModuleNotFoundError:
        end_with("--web needs the extra 'serve': pip install 'foedus[serve]'", WRONGLY_USED)
    try:
        listening = listen(port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            end_with(f"port {port} is taken: --port names another, and --port 0 any that is free", PROBLEMS)
        end_with(f"port {port} cannot be had: {(error.strerror or str(error)).lower()}", PROBLEMS)
    typer.echo(f"http://{HOST}:{listening.getsockname()[1]}")
    typer.echo("It has no login, and serves this machine only: whoever uses this machine can play as you.")
    typer.echo("Every page is a game of its own, saved after every turn. Ctrl-C ends them all.")
    sys.stdout.flush()
    served(line, listening)

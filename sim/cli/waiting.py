"""Long work: processes to share it among, and a bar that says how far it has come."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from sim.cli.output import open_console

ALONE: Final = 4_096
"""Batches up to this size are played by one process: others would take longer to start than to help."""


def cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def workers_for(runs: int, asked: int | None) -> int:
    """Processes to play so many runs on, if the line does not say."""
    if asked is not None:
        return asked
    return 1 if runs <= ALONE else cores()


@contextmanager
def progress(runs: int, what: str = "runs") -> Iterator[Callable[[int], None] | None]:
    """A bar on a terminal; nothing elsewhere."""
    console = open_console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    from rich import progress as bars  # noqa: PLC0415

    columns = (
        bars.BarColumn(),
        bars.MofNCompleteColumn(),
        bars.TextColumn(f"{what},"),
        bars.TimeRemainingColumn(),
    )
    with bars.Progress(*columns, console=console, transient=True) as shown:
        task = shown.add_task("", total=runs)
        yield lambda done: shown.update(task, completed=done)

"""Pages that a script writes: how it is run, and how it is told whether they are as it would write them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent


def written(
    arguments: list[str], script: str, about: str | None, make: Callable[[], Mapping[Path, str]]
) -> int:
    """Write the pages, or with `--check` say whether they are as they would be written.

    Args:
        arguments: of the command line.
        script: what to run to write them, as people are told.
        about: what the script does, for who runs it wrongly.
        make: the pages by file.

    Returns:
        The exit code: 0 written or up to date, 1 out of date, 2 used wrongly.
    """
    if set(arguments) - {"--check"}:
        print(about, file=sys.stderr)
        return 2
    made = make()
    if not arguments:
        for file, text in made.items():
            file.write_text(text, "utf-8", newline="")
        return 0
    stale = [file for file, text in made.items() if not file.is_file() or file.read_text("utf-8") != text]
    for file in stale:
        print(f"{file.relative_to(ROOT)} is out of date: python scripts/{script}.py", file=sys.stderr)
    return 1 if stale else 0

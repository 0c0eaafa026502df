"""Files that somebody may mean who has begun to type a name: for shells that complete it.

Looks in the folder named so far, and one folder deeper where the name of one has been begun. Never fails:
what cannot be read is not offered.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final

MOST: Final = 200
"""Names offered: nobody reads more."""
_HEAD: Final = 16_384
"""Bytes of a file that are looked at."""
_VERSION: Final = re.compile(rb"^foedus[ \t]*:", re.MULTILINE)


def yaml_files(begun: str) -> list[str]:
    """YAML files whose names begin so."""
    return _offered(begun, _is_yaml)


def scenario_files(begun: str) -> list[str]:
    """Those of them that are whole scenarios, not parts of one."""
    return _offered(begun, lambda path: _is_yaml(path) and _is_whole(path))


def files_ending(begun: str, ending: str) -> list[str]:
    """Files whose names begin so and end so."""
    return _offered(begun, lambda path: path.name.endswith(ending) and path.is_file())


def folders_with(begun: str, file: str) -> list[str]:
    """Folders whose names begin so and that hold a certain file."""
    return _offered(begun, lambda path: (path / file).is_file())


def _is_yaml(path: Path) -> bool:
    return path.suffix in (".yaml", ".yml") and path.is_file()


def _is_whole(path: Path) -> bool:
    with path.open("rb") as file:
        return _VERSION.search(file.read(_HEAD)) is not None


def _offered(begun: str, wanted: Callable[[Path], bool]) -> list[str]:
    return list(islice(_found(begun, wanted), MOST))


def _found(begun: str, wanted: Callable[[Path], bool]) -> Iterator[str]:
    folder, begin = os.path.split(begun)
    for name in _names(folder, begin):
        here = os.path.join(folder, name)  # noqa: PTH118 - what was typed stays as it was typed
        if _safely(here, wanted):
            yield here
        elif begin and Path(here).is_dir():
            for inner in _names(here, ""):
                there = os.path.join(here, inner)  # noqa: PTH118
                if _safely(there, wanted):
                    yield there


def _names(folder: str, begin: str) -> list[str]:
    """Names in a folder that begin so; hidden ones only if asked for."""
    try:
        names = os.listdir(os.path.expanduser(folder) or ".")  # noqa: PTH111, PTH208 - as typed
    except (OSError, ValueError):
        return []
    return sorted(name for name in names if name.startswith(begin) and (begin or not name.startswith(".")))


def _safely(path: str, wanted: Callable[[Path], bool]) -> bool:
    try:
        return wanted(Path(path).expanduser())
    except (OSError, ValueError, RuntimeError):
        return False

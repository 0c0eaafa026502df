"""The flagship with names that a terminal or a page would obey, wherever people can write something."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import yaml

import sim
from sim import Program
from tests.cli.command import ROOT

MARKUP: Final = "[red]"
NAME: Final = "pyongyang-hanoi-2024"
_IN_FILES: Final = f"{MARKUP}\n\t\u200b\u2028<b>"
"""What a file may hold: markup, ends of lines, signs without width."""
_IN_PROGRAMS: Final = "\x1b[31m\x1b]0;gone\x07\u202e\x9b2J\r"
"""What only a Program that comes from elsewhere can hold: escape codes, and signs that turn writing round."""
_WRITTEN: Final = ("title", "says", "claim", "statement", "publisher", "author", "quote", "note", "summary")
"""Keys under which people write what is shown, beside the names of actors."""


class _Loader(yaml.SafeLoader):
    """Takes `on` and `no` for the words that they are."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - as its parent declares it
        first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:bool"]
        for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), ["t", "f"])


def hostile(folder: Path) -> Program:
    """A Program of the flagship's files as they would be in a folder, all texts made hostile."""
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    scenarios = folder / "scenarios"
    shutil.copytree(ROOT / "scenarios", scenarios, ignore=shutil.ignore_patterns("cases", "experiments"))
    written = [
        scenarios / f"{NAME}.yaml",
        *(scenarios / NAME).rglob("*.yaml"),
        *(folder / "seeds").glob("*.yaml"),
    ]
    for path in (*written, *(scenarios / "library").rglob("*.yaml")):
        document = yaml.load(path.read_text("utf-8"), _Loader)  # noqa: S506 - as safe as its parent
        path.write_text(yaml.safe_dump(_spoilt(document), sort_keys=False, width=10_000), "utf-8")
    program = sim.load(scenarios / f"{NAME}.yaml")
    return replace(
        program,
        title=program.title + _IN_PROGRAMS,
        names={actor: name + _IN_PROGRAMS for actor, name in program.names.items()},
        outcomes=tuple(replace(found, title=found.title + _IN_PROGRAMS) for found in program.outcomes),
        indicators=tuple(replace(found, title=found.title + _IN_PROGRAMS) for found in program.indicators),
        variables=tuple(
            replace(found, title=found.title and found.title + _IN_PROGRAMS) for found in program.variables
        ),
    )


def _spoilt(node: Any, key: str = "") -> Any:
    if isinstance(node, dict):
        return {name: _spoilt(part, str(name)) for name, part in node.items()}
    if isinstance(node, list):
        return [_spoilt(part, key) for part in node]
    if isinstance(node, str) and (key in _WRITTEN or (key == "name" and re.search(r"[a-z]", node))):
        return f"{node} {_IN_FILES}"
    return node

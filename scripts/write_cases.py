"""Write docs/cases.md: every rule of adjudication with the cases that hinge on it, and every case.

    python scripts/write_cases.py [--check]

With `--check` nothing is written. Exit code: 0 written or up to date, 1 out of date, 2 used wrongly.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sim.analysis.suite import SUITE, load_suite
from sim.scenario.case import FAMILIES, Case

ROOT: Final = Path(__file__).resolve().parent.parent
RULES: Final = ROOT / "docs" / "adjudication.md"
PAGE: Final = ROOT / "docs" / "cases.md"
_RULE: Final = re.compile(r"^(?:- )?\*\*([A-Z]\d+) ([^*]+?)\.\*\*", re.MULTILINE)
_CHAPTER: Final = re.compile(r"^## ([A-Z])\. (.+)$", re.MULTILINE)
_INTRODUCTION: Final = """\
# The public case suite

Written by `scripts/write_cases.py` from `scenarios/cases/` and [adjudication](adjudication.md). How to read
and to add a case: [scenarios/cases/README.md](../scenarios/cases/README.md). `foedus cases` plays them all.
"""


def rules_of_document() -> dict[str, str]:
    """Number and title of every rule of adjudication, as its document has them."""
    return dict(_RULE.findall(RULES.read_text("utf-8")))


def page() -> str:
    """The whole page."""
    cases = [loaded.case for loaded in load_suite(SUITE)]
    return "\n".join((_INTRODUCTION, *_rules(cases), *_cases(cases)))


def _rules(cases: list[Case]) -> Iterator[str]:
    yield "## Rules and the cases that hinge on them\n"
    chapters = dict(_CHAPTER.findall(RULES.read_text("utf-8")))
    rules = rules_of_document()
    for letter, title in chapters.items():
        own = {number: name for number, name in rules.items() if number.startswith(letter)}
        if not own:
            continue
        yield f"### {letter}. {title}\n"
        yield "| rule | title | cases |\n|---|---|---|"
        for number, name in sorted(own.items(), key=lambda rule: int(rule[0][1:])):
            hinging = ", ".join(str(case.number) for case in cases if number in case.model.rules)
            yield f"| {number} | {name} | {hinging} |"
        yield ""


def _cases(cases: list[Case]) -> Iterator[str]:
    yield f"## All {len(cases)} cases\n"
    for name, family in FAMILIES.items():
        own = [case for case in cases if case.model.family == name]
        if not own:
            continue
        yield f"### {family.title}\n"
        yield "| case | title | rules |\n|---|---|---|"
        for case in own:
            link = f"[{case.number}](../scenarios/cases/{Path(case.file).name})"
            yield f"| {link} | {case.model.title} | {', '.join(case.model.rules)} |"
        yield ""


def main(arguments: list[str]) -> int:
    """Write the page, or with `--check` say whether it is as it would be written."""
    if set(arguments) - {"--check"}:
        print(__doc__, file=sys.stderr)
        return 2
    made = page()
    if not arguments:
        PAGE.write_text(made, "utf-8", newline="")
        return 0
    if PAGE.is_file() and PAGE.read_text("utf-8") == made:
        return 0
    print(f"{PAGE.relative_to(ROOT)} is out of date: python scripts/write_cases.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

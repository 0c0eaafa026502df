"""Write docs/cases.md: every rule of adjudication with the cases that hinge on it, and every case.

    python scripts/write_cases.py [--check]

With `--check` nothing is written. Exit code: 0 written or up to date, 1 out of date, 2 used wrongly.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scripts.pages import ROOT, written
from sim.analysis.suite import SUITE, case_files
from sim.scenario.case import FAMILIES, CaseModel
from sim.scenario.case_file import read_case
from sim.scenario.texts import TreatyText, Wording, load_texts

RULES: Final = ROOT / "docs" / "adjudication.md"
PAGE: Final = ROOT / "docs" / "cases.md"
_RULE: Final = re.compile(r"^(?:- )?\*\*([A-Z]\d+) ([^*]+?)\.\*\*", re.MULTILINE)
_CHAPTER: Final = re.compile(r"^## ([A-Z])\. (.+)$", re.MULTILINE)
_INTRODUCTION: Final = """\
# The public case suite

Written by `scripts/write_cases.py` from `scenarios/cases/` and [adjudication](adjudication.md). How to read
and to add a case: [scenarios/cases/README.md](../scenarios/cases/README.md). `foedus cases` plays them all.
"""
_LIBRARY: Final = """\
Real treaties, cited by article and put in the terms of the format in
[scenarios/library/texts.yaml](../scenarios/library/texts.yaml), which also says in other words what they
say, and how that was checked. `foedus cases --text nato_5` plays every situation under its words.
"""
_ATTACKS: Final = {"armed_attack": "attack on a party", "attack_by": "attack by a party"}


@dataclass(frozen=True)
class _Listed:
    """What the page says of a case."""

    model: CaseModel
    text: Wording | None
    file: str

    @classmethod
    def read(cls, path: Path) -> _Listed:
        found = read_case(path)
        found.problems.raise_if_errors()
        assert found.model is not None
        return cls(found.model, found.text, path.name)


def rules_of_document() -> dict[str, str]:
    """Number and title of every rule of adjudication, as its document has them."""
    return dict(_RULE.findall(RULES.read_text("utf-8")))


def page() -> str:
    """The whole page."""
    cases = [_Listed.read(path) for path in case_files(SUITE)]
    return "\n".join((_INTRODUCTION, *_rules(cases), *_cases(cases), *_texts(cases)))


def _rules(cases: list[_Listed]) -> Iterator[str]:
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
            hinging = ", ".join(str(case.model.case) for case in cases if number in case.model.rules)
            yield f"| {number} | {name} | {hinging} |"
        yield ""


def _cases(cases: list[_Listed]) -> Iterator[str]:
    yield f"## All {len(cases)} cases\n"
    for name, family in FAMILIES.items():
        own = [case for case in cases if case.model.family == name]
        if not own:
            continue
        yield f"### {family.title}\n"
        yield "| case | title | treaty | rules |\n|---|---|---|---|"
        for case in own:
            link = f"[{case.model.case}](../scenarios/cases/{case.file})"
            treaty = "" if case.text is None else case.text.model.title
            yield f"| {link} | {case.model.title} | {treaty} | {', '.join(case.model.rules)} |"
        yield ""


def _texts(cases: list[_Listed]) -> Iterator[str]:
    texts = load_texts()
    yield f"## All {len(texts)} treaty texts\n"
    yield _LIBRARY
    yield "| text | article | in the terms of the format | cases |\n|---|---|---|---|"
    for name, text in texts.items():
        drawn = ", ".join(str(case.model.case) for case in cases if case.text and case.text.id == name)
        yield f"| `{name}` | {text.model.title} | {_terms(text.model)} | {drawn} |"


def _terms(text: TreatyText) -> str:
    """What the text settles, in a line."""
    wording = text.wording
    if "forbids" in wording:
        return f"{text.commitment['kind']}: forbids {wording['forbids']}"
    ((kind, attack),) = wording["trigger"].items()
    scope = attack.get("scope") or []
    parts = [
        f"{text.commitment['kind']}: {_ATTACKS[kind]} of scale {attack['scale']}",
        f"scope {scope if isinstance(scope, str) else ', '.join(scope) or 'territory alone'}",
        "unprovoked" if attack.get("unprovoked") else "",
        "among parties too" if attack.get("among_parties") else "",
        f"honoured from {wording['honoured_from'].replace('_', ' ')}",
        "automatic" if wording.get("automatic") else "",
    ]
    return "; ".join(part for part in parts if part)


def main(arguments: list[str]) -> int:
    """Write the page, or with `--check` say whether it is as it would be written."""
    return written(arguments, "write_cases", __doc__, lambda: {PAGE: page()})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

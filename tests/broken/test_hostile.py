"""Scenarios that no one would write by hand: too large, too deep, or no text at all. Refused, and in time."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from sim.compile import load_program
from sim.text import FoedusError

HEAD = "foedus: 1\nid: broken\ntitle: Broken\nclock: {start: 2030-01-01, turn: month, turns: 12}\n"


def actors(number: int, more: str = "") -> str:
    return "actors:\n" + "".join(f"  A{index}: {{name: Actor {index}{more}}}\n" for index in range(number))


def indicator(expression: str) -> str:
    return f"indicators: {{watched: '{expression}'}}\n"


def policy(rule: str) -> str:
    return f"policies: {{m: {{rules: {{r: {{once: true, {rule}}}}}}}}}\n"


TWO = HEAD + actors(2)
MINDED = HEAD + actors(2, ", policy: m")
X = ", attributes: {x: 1}"

CASES: dict[str, tuple[str | bytes, str]] = {
    "nothing": ("", "1:1: the file is empty; expected a YAML document"),
    "white space": (" \n\n", "1:1: the file is empty"),
    "another encoding": (HEAD.encode("utf-16"), "1:1: the file is written in UTF-16"),
    "a byte that is not UTF-8": (HEAD.encode() + b"note: caf\xe9\n", "5:10: the byte 0xe9 is not UTF-8"),
    "no text at all": (bytes(range(256)) * 40, "3:115: the byte 0x80 is not UTF-8"),
    "a zero": (TWO.encode() + b"note: a\0b\n", "8:8: the character U+0000 is not allowed in YAML"),
    "50 MB": (b"a: " + b"x" * 50_000_000, "1:1: the file is too large: 50,000,003 bytes"),
    "9 MB of text": (
        HEAD + "note: " + "x" * 9_000_000 + "\n" + actors(2) + "polices: 1\n",
        "9:1: unknown key",
    ),
    "brackets without end": (HEAD + "note: " + "[" * 100_000, "5:106: the nesting is too deep"),
    "mappings in mappings": (
        HEAD + "".join("  " * level + f"k{level}:\n" for level in range(400)),
        "105:201: the nesting is too deep",
    ),
    "an alias bomb": (
        HEAD
        + "a: &a [x, x, x, x, x, x, x, x, x]\n"
        + "".join(
            f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(9)
        ),
        "10:12: the document is too large",
    ),
    "an alias of itself": (HEAD + "note: &a [*a]\n", "5:11: the alias 'a' stands inside what it names"),
    "a million operators": (
        TWO + indicator("1+" * 500_000 + "1"),
        "8:24: the expression has 1,000,001 characters; expected at most 4,000",
    ),
    "a million brackets": (TWO + indicator("(" * 500_000 + "1" + ")" * 500_000), "8:24: the expression has"),
    "a million letters in a sentence": (
        MINDED + policy(f"says: '{'x' * 10**6}'"),
        "8:47: 'says' is the text",
    ),
    "a million braces": (MINDED + policy(f"says: '{'{{' * 500_000}'"), "8:47: 'says' is the text"),
    "a thousand actors, each to each": (
        HEAD + actors(1_000) + "relations: {tension: {}}\n",
        "1006:13: written out, this is more than can be played",
    ),
    "a million rules": (
        HEAD + actors(100, ", policy: m") + policy("for: {a: each actor, b: each actor, c: each actor}"),
        "106:40: written out, this is more than can be played",
    ),
    "sums in sums in sums": (
        HEAD
        + actors(100)
        + indicator("sum(sum(sum(sum(1 for a in actors) for b in actors) for c in actors) for d in actors)"),
        "106:24: written out, this is more than can be played",
    ),
    "a sum over many": (
        HEAD + actors(600, X) + indicator("sum(x[a] for a in actors)"),
        "606:24: written out, this is too long to be worked out",
    ),
    "a chain of comparisons": (
        TWO + indicator("1 if " + " < ".join(["1"] * 900) + " else 0"),
        "8:24: written out, this is too long to be worked out",
    ),
    "definitions that double": (
        TWO
        + "definitions:\n  d0: oops\n"
        + "".join(f"  d{i}: d{i - 1} + d{i - 1}\n" for i in range(1, 39))
        + indicator("d38"),
        "9:7: unknown name 'oops'",
    ),
    "conditions in conditions": (
        TWO + indicator("1 if 1 > 2 else " * 95 + "oops"),
        f"8:{24 + 95 * 16}: unknown name 'oops'",
    ),
    "dates and cadences on a long clock": (
        HEAD.replace("month, turns: 12", "day, turns: 10000")
        + actors(2, ", policy: m")
        + "policies: {m: {rules: {"
        + ", ".join(f"r{i}: {{every: {i + 1} days, when: \"after('2040-01-01')\"}}" for i in range(100))
        + "}}}\n"
        + indicator("oops"),
        "9:24: unknown name 'oops'",
    ),
    "a memory of 100,000 rows": (
        HEAD.replace("month", "day")
        + actors(100, X)
        + indicator('sum(lag(x[a], "1000 days") for a in actors)'),
        "105:38: written out, this is more than can be played",
    ),
    "many that are wrong for everyone": (
        HEAD
        + actors(40)
        + "definitions: {"
        + ", ".join(f"d{i}: {{of: [x, y], value: 'a[x, y]'}}" for i in range(100))
        + "}\n",
        "46:40: unknown name 'a'",
    ),
    "more faults than anyone reads": (
        TWO + "parameters:\n" + "".join(f"  p{i}: x\n" for i in range(5_000)),
        "9:7: 'p0' is the text 'x'; expected a number",
    ),
    "a sum with more faults than anyone reads": (
        TWO + indicator("sum(" + ", ".join(["oops"] * 600) + ")"),
        "8:28: unknown name 'oops'",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_hostile_input_is_refused_at_its_place_and_in_time(case: str, tmp_path: Path) -> None:
    text, said = CASES[case]
    path = tmp_path / "broken.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    started = time.process_time()
    with pytest.raises(FoedusError) as caught:
        load_program(path)
    taken = time.process_time() - started
    assert str(caught.value.diagnostics[0]).removeprefix(f"{path}:").startswith(said)
    assert len(caught.value.diagnostics) <= 501
    assert taken < 4


def test_the_first_500_of_many_faults_are_told_and_the_rest_counted(tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text(TWO + "parameters:\n" + "".join(f"  p{i}: x\n" for i in range(600)))
    with pytest.raises(FoedusError) as caught:
        load_program(path)
    last = caught.value.diagnostics[-1]
    assert len(caught.value.diagnostics) == 501
    assert last.message == "and 100 faults more that are not listed"
    assert last.place is not None
    assert last.place.line == 509


@pytest.mark.parametrize("name", ["nowhere.yaml", "", "a\0b.yaml", "x" * 300])
def test_a_scenario_that_is_not_there_is_an_error_like_any_other(name: str, tmp_path: Path) -> None:
    with pytest.raises(FoedusError) as caught:
        load_program(tmp_path / name)
    assert caught.value.diagnostics[0].place is not None

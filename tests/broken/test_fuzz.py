"""Scenarios damaged at random: each is read and played, or refused with places; nothing else ever happens.

`FOEDUS_HYPOTHESIS=deep` looks much further.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.compile import load_program
from sim.text import FoedusError
from tests.strategies import scenarios
from tests.worlds import SCENARIOS, played

TOKEN: Final = re.compile(r"[A-Za-z_0-9.]+|\s+|[^\w\s]")
WRITTEN: Final = [(SCENARIOS / f"{name}.yaml").read_text("utf-8") for name in ("first-steps", "border-clash")]
PLAIN: Final = [yaml.safe_load(text) for text in WRITTEN]
TOKENS: Final = sorted({token for text in WRITTEN for token in TOKEN.findall(text) if not token.isspace()})
ODD: Final = [
    *"'\"{}[]:,#-\t\n|>%@`~&*!?",
    *("null", "true", "no", ".inf", ".nan", "1e400", "-0", "0x1f", "9" * 260, "**", "//", "lambda", "import"),
    *(
        "\x1b",
        "\u202e",
        "\u00e9",
        "\u2028",
        "\U0001f600",
        "self",
        "target",
        "other",
        "actors",
        "any",
        "if",
        "else",
    ),
    *(
        "for",
        "in",
        "where",
        "each",
        "-1",
        "1e308",
        "2024-02-30",
        "6 months",
        "count",
        "{self",
        "{x:,.0f}",
        "<<",
    ),
]
VALUES: Final[list[Any]] = [
    *(None, True, -1, 0, 1e308, -1e308, float("nan"), float("inf"), "", [], {}, "x", [1], {"a": 1}, 10**200),
    *(value for plain in PLAIN for value in plain.values()),
    *ODD,
]
SEEDS: Final = st.integers(0, 2**32 - 1)


def damaged(text: str, random: Random) -> str:
    """The text with one stretch, line or token gone, doubled, moved or replaced."""
    lines, tokens = text.split("\n"), TOKEN.findall(text) or [""]
    line, other = random.randrange(len(lines)), random.randrange(len(lines))
    token, another = random.randrange(len(tokens)), random.randrange(len(tokens))
    at = random.randrange(len(text) + 1)
    match random.randrange(9):
        case 0:
            del lines[line]
        case 1:
            lines.insert(other, lines[line])
        case 2:
            lines[line], lines[other] = lines[other], lines[line]
        case 3:
            lines[line] = random.choice(("", " ", "  ", "    ")) + lines[line].lstrip(" ")
        case 4:
            tokens[token] = random.choice(TOKENS)
        case 5:
            tokens[token], tokens[another] = tokens[another], tokens[token]
        case 6:
            tokens.insert(token, random.choice(ODD))
        case 7:
            return text[:at] + text[at + random.randrange(1, 40) :]
        case 8:
            tokens[token] = random.choice(ODD)
    return "\n".join(lines) if "\n".join(lines) != text else "".join(tokens)


def paths(plain: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(plain, dict | list):
        for key, value in plain.items() if isinstance(plain, dict) else enumerate(plain):
            yield (*path, key)
            yield from paths(value, (*path, key))


def below(plain: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        plain = plain[key]
    return plain


def bent(plain: Any, random: Random) -> None:
    """Take out, rename or replace one part of a scenario's data, so that it stays YAML."""
    known = list(paths(plain))
    if not known:
        return
    path = random.choice(known)
    above, key = below(plain, path[:-1]), path[-1]
    match random.randrange(5):
        case 0:
            del above[key]
        case 1:
            above[key] = deepcopy(random.choice(VALUES))
        case 2:
            above[key] = deepcopy(below(plain, random.choice(known)))
        case 3 if isinstance(above, dict):
            above[random.choice([*TOKENS, "x", "KOR"])] = above.pop(key)
        case _ if isinstance(above[key], str):
            above[key] = damaged(above[key], random)


def bent_text(plain: dict[str, Any], seed: int, times: int) -> str:
    random, plain = Random(seed), deepcopy(plain)
    for _ in range(times):
        bent(plain, random)
    return yaml.dump(plain, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True)


def damaged_text(text: str, seed: int, times: int) -> str:
    random = Random(seed)
    for _ in range(times):
        text = damaged(text, random)
    return text


@pytest.fixture(name="survives")
def _survives(tmp_path: Path) -> Callable[[str], None]:
    """A check that a text is read and played, or refused with places, in time."""

    def survives(text: str) -> None:
        path = tmp_path / "damaged.yaml"
        path.write_bytes(text.encode("utf-8", "replace"))
        lines = len(re.split(r"\r\n|\r|\n", text))
        started = time.process_time()
        found: FoedusError | None = None
        try:
            program = load_program(path)[1]
            assert time.process_time() - started < 2
            if program.turns <= 100 and len(program.variables) < 500:
                played(program, 2)
        except FoedusError as error:
            found = error
        assert time.process_time() - started < 4
        for diagnostic in found.diagnostics if found else ():
            assert str(diagnostic).isprintable()
            assert diagnostic.place is not None
            assert 1 <= diagnostic.place.line <= lines
            assert diagnostic.place.column >= 1

    return survives


TEXTS = st.one_of(st.sampled_from(WRITTEN), scenarios())
FUZZ = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@FUZZ
@given(st.builds(damaged_text, TEXTS, SEEDS, st.integers(1, 4)))
def test_a_damaged_text_is_read_or_refused(survives: Callable[[str], None], text: str) -> None:
    survives(text)


@FUZZ
@given(
    st.builds(
        bent_text,
        st.one_of(st.sampled_from(PLAIN), scenarios().map(yaml.safe_load)),
        SEEDS,
        st.integers(1, 3),
    )
)
def test_bent_data_is_read_or_refused(survives: Callable[[str], None], text: str) -> None:
    survives(text)

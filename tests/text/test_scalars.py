"""Plain scalars mean what the core schema of YAML 1.2 says, not what YAML 1.1 said."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.text.scalars import MAX_DIGITS, resolve


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("True", True),
        ("FALSE", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("0", 0),
        ("-7", -7),
        ("+7", 7),
        ("010", 10),
        ("0o17", 15),
        ("0x1F", 31),
        ("1e3", 1000.0),
        ("3.0e+6", 3e6),
        ("1.", 1.0),
        (".5", 0.5),
        ("-.5E-1", -0.05),
        ("6.02e23", 6.02e23),
        (".inf", math.inf),
        ("-.INF", -math.inf),
    ],
)
def test_words_and_numbers_of_the_core_schema(text: str, value: object) -> None:
    assert resolve(text) == value
    assert type(resolve(text)) is type(value)


def test_not_a_number_is_a_float() -> None:
    value = resolve(".nan")
    assert isinstance(value, float)
    assert math.isnan(value)


@pytest.mark.parametrize(
    "text",
    [
        *("NO", "No", "no", "on", "off", "yes", "Y", "n"),  # booleans in YAML 1.1
        *("tRUE", "nULL", "None"),
        *("1_000", "12:30", "190:20:30", "0b101"),  # numbers in YAML 1.1
        *("2024-07-01", "2024-07-01T12:00:00Z"),  # dates in YAML 1.1
        *("0o8", "-0x1", "-0o7", "0x", "1e", "e3", ".", "-", "+", "..5", "1.2.3", "--1", "<<", "="),
        "1\N{ARABIC-INDIC DIGIT TWO}",
        "\N{ARABIC-INDIC DIGIT TWO}",
        "PRK",
    ],
)
def test_everything_else_is_text(text: str) -> None:
    assert resolve(text) == text


def test_a_number_beyond_any_double_is_refused() -> None:
    assert float(resolve("9" * MAX_DIGITS) or 0) > 1e249
    assert float(resolve("0x" + "f" * (MAX_DIGITS - 2)) or 0) > 1e298
    with pytest.raises(ValueError, match="characters"):
        resolve("9" * (MAX_DIGITS + 1))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_as_python_writes_them_keep_every_bit(number: float) -> None:
    assert resolve(repr(number)) == number


@given(st.integers())
def test_integers_as_python_writes_them_are_themselves(number: int) -> None:
    assert resolve(str(number)) == number

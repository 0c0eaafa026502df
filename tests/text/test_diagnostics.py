"""Findings are shown whole, in order, once, and can do nothing to the terminal that shows them."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.text import Diagnostic, Diagnostics, FoedusError, Place, in_order, printable, quoted

HERE = Place("file.yaml", 41, 9)


def test_a_diagnostic_says_where_what_and_what_instead() -> None:
    found = Diagnostic(HERE, "unknown key 'chanse'", "one of chance, every", "chance")
    assert (
        str(found)
        == "file.yaml:41:9: unknown key 'chanse'; expected one of chance, every; did you mean 'chance'?"
    )


def test_a_warning_says_that_it_is_one() -> None:
    assert str(Diagnostic(HERE, "nothing cites this", severity="warning")) == (
        "file.yaml:41:9: warning: nothing cites this"
    )


def test_a_diagnostic_without_a_place_starts_with_its_message() -> None:
    assert str(Diagnostic(None, "no scenario was named")) == "no scenario was named"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", r"\x1b[31mred\x1b[0m"),
        ("two\nlines\r\n", r"two\nlines\r\n"),
        ("bell\x07 null\x00 delete\x7f", r"bell\x07 null\x00 delete\x7f"),
        ("\x9b31m", r"\x9b31m"),
        ("evil\u202etxt", r"evil\u202etxt"),
        ("zero\u200bwidth", r"zero\u200bwidth"),
        ("lone \ud800", r"lone \ud800"),
        ("no\u00a0break", r"no\xa0break"),
        ("Ünïcode 平壤 Москва", "Ünïcode 平壤 Москва"),
    ],
)
def test_invisible_characters_are_made_visible(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(st.text(st.characters()))
def test_whatever_is_shown_is_one_line_without_control_characters(text: str) -> None:
    assert printable(text).isprintable()
    assert str(Diagnostic(Place(text, 1, 1), text, text, text)).isprintable()
    assert printable(printable(text)) == printable(text)


def test_a_long_name_is_cut_where_it_is_quoted() -> None:
    assert quoted("x" * 10**6, limit=10) == "'xxxxxxx...'"


def test_an_error_holds_all_findings_in_order_of_place_each_once() -> None:
    late, early = Diagnostic(Place("a.yaml", 10, 1), "late"), Diagnostic(Place("a.yaml", 9, 5), "early")
    other, general = Diagnostic(Place("b.yaml", 1, 1), "other"), Diagnostic(None, "general")
    error = FoedusError([late, other, early, general, late])
    assert error.diagnostics == (general, early, late, other)
    assert str(error).splitlines() == [
        "general",
        "a.yaml:9:5: early",
        "a.yaml:10:1: late",
        "b.yaml:1:1: other",
    ]


def test_an_error_crosses_from_one_process_to_another() -> None:
    error = FoedusError.at(HERE, "no such actor", "an actor", "PRK", code="name")
    assert pickle.loads(pickle.dumps(error)).diagnostics == error.diagnostics  # noqa: S301


def test_an_error_about_nothing_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="at least one"):
        FoedusError([])


def test_warnings_alone_stop_nothing() -> None:
    found = Diagnostics()
    found.warning(HERE, "odd")
    found.raise_if_errors()
    assert [each.message for each in found.warnings] == ["odd"]


def test_errors_are_raised_together_and_without_the_warnings() -> None:
    found = Diagnostics()
    found.error(HERE, "second")
    found.warning(Place("file.yaml", 1, 1), "odd")
    found.error(Place("file.yaml", 2, 1), "first")
    found.error(HERE, "second")
    assert [each.message for each in found] == ["odd", "first", "second"]
    with pytest.raises(FoedusError) as caught:
        found.raise_if_errors()
    assert [each.message for each in caught.value.diagnostics] == ["first", "second"]


def test_findings_made_elsewhere_can_be_taken_in() -> None:
    error = FoedusError.at(HERE, "wrong")
    found = Diagnostics()
    found.extend(error.diagnostics)
    assert tuple(found) == error.diagnostics
    assert len(found) == 1


def test_an_error_stands_before_a_warning_in_the_same_place() -> None:
    warning, error = Diagnostic(HERE, "a", severity="warning"), Diagnostic(HERE, "b")
    assert in_order([warning, error]) == (error, warning)

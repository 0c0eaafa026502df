"""Units: what is read of text, how they multiply, when they are the same."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.clock import UNIT_DAYS
from sim.text import PURE, Unit, UnitError, read_unit
from sim.text.unit_words import MEASURES, SCALES, singular

WORDS = [*MEASURES, "rounds", "persons", "USD", "barrels", "artillery shells"]


@st.composite
def units(draw: st.DrawFn) -> Unit:
    """A product of up to four powers, a square root among them."""
    made = PURE
    for word in draw(st.lists(st.sampled_from(WORDS), max_size=4)):
        halves = [-4, -2, 2, 4] if word in SCALES else [-4, -2, 1, 2, 6]
        made *= read_unit(word) ** Fraction(draw(st.sampled_from(halves)), 2)
    return made


@pytest.mark.parametrize(
    ("text", "powers"),
    [
        ("rounds", {"round": 1}),
        ("round", {"round": 1}),
        ("Rounds", {"round": 1}),
        ("launches", {"launch": 1}),
        ("allies", {"ally": 1}),
        ("vetoes", {"veto": 1}),
        ("crises", {"crisis": 1}),
        ("gas", {"gas": 1}),
        ("people", {"person": 1}),
        ("rounds per month", {"round": 1, "month": -1}),
        ("rounds/month", {"round": 1, "month": -1}),
        ("per year", {"year": -1}),
        ("1/year", {"year": -1}),
        ("year^-1", {"year": -1}),
        ("1", {}),
        ("share", {}),
        ("share of trade", {}),
        ("percent", {"percent": 1}),
        ("%", {"percent": 1}),
        ("per cent", {"percent": 1}),
        ("percent of GDP per year", {"percent": 1, "year": -1}),
        ("billion USD per year", {"billion": 1, "usd": 1, "year": -1}),
        ("thousand tonnes of oil per day", {"thousand": 1, "tonne": 1, "day": -1}),
        ("per thousand persons", {"thousand": -1, "person": -1}),
        ("thousand", {"thousand": 1}),
        ("artillery shells", {"artillery shell": 1}),
        ("monthly reports", {"monthly report": 1}),
        ("km^2", {"km": 2}),
        ("km\u00b2", {"km": 2}),
        ("km**0.5", {"km": Fraction(1, 2)}),
        ("USD per month per person", {"usd": 1, "month": -1, "person": -1}),
        ("rounds*km/day", {"round": 1, "km": 1, "day": -1}),
        ("rounds per round", {}),
        ("mines", {"mine": 1}),
        ("work-days", {"work-day": 1}),
        ("d\u00e9put\u00e9s", {"d\u00e9put\u00e9": 1}),
    ],
)
def test_a_unit_is_a_product_of_powers_of_words(text: str, powers: dict[str, int]) -> None:
    assert dict(read_unit(text).powers) == powers


@pytest.mark.parametrize(
    ("text", "offset", "message", "suggestion"),
    [
        ("", 0, "the unit is empty", ""),
        ("  ", 0, "the unit is empty", ""),
        ("x" * 101, 0, "the unit has 101 characters", ""),
        ("rounds per", 10, "a word is missing here", ""),
        ("rounds//month", 7, "a word is missing here", ""),
        ("per per year", 4, "a word is missing here", ""),
        ("*km", 0, "a word is missing here", ""),
        ("km^2^2", 4, "'2' does not fit here", ""),
        ("km^100", 2, "the power '100' is beyond any unit", ""),
        ("1 km", 2, "'km' does not fit here", ""),
        ("USD per mnth", 8, "'mnth' is not known here", "month"),
        ("USD per yaers", 8, "'yaers' is not known here", "year"),
        ("milion rounds", 0, "'milion' is not known here", "million"),
        ("persons an year", 8, "'an' is no part of a unit", "persons per year"),
        ("shells daily", 7, "'daily' is not how a unit is written", "per day"),
        ("USD bn", 4, "'bn' is not how a unit is written", "billion"),
        ("GDP percent", 4, "'percent' is a unit of its own, and stands beside other words", ""),
        ("millions of persons", 0, "the number word 'millions' has no plural here", "million"),
        ("12 persons", 0, "the number '12' is no unit", ""),
        ("1,000 persons", 0, "the number '1,000' is no unit", ""),
        ("\u20ac", 0, "'\u20ac' is the sign of several currencies", "EUR"),
        ("rounds?", 6, "'?' is no part of a unit", ""),
        ("_", 0, "'_' is no part of a unit", ""),
        ("of", 0, "'of' stands between words", ""),
        ("percent of", 8, "'of' stands between words", ""),
    ],
)
def test_what_is_no_unit_is_refused_at_its_character(
    text: str, offset: int, message: str, suggestion: str
) -> None:
    with pytest.raises(UnitError) as caught:
        read_unit(text)
    assert (caught.value.offset, caught.value.message) == (offset, message)
    assert caught.value.suggestion == suggestion


@given(st.text(max_size=40) | st.text("abps /*^1%", max_size=12))
def test_any_text_is_a_unit_or_is_refused_within_itself(text: str) -> None:
    refused = None
    try:
        assert read_unit(str(read_unit(text))).powers == read_unit(text).powers
    except UnitError as error:
        refused = error
    assert refused is None or (0 <= refused.offset <= len(text) and (refused.expected or refused.suggestion))


@given(units())
def test_a_unit_that_was_worked_out_is_written_as_it_is_read(unit: Unit) -> None:
    assert read_unit(str(unit)).powers == unit.powers


@given(units(), units())
def test_units_multiply_and_divide(one: Unit, other: Unit) -> None:
    assert (one * other).powers == (other * one).powers
    assert (one * other / other).powers == one.powers
    assert (one / one).is_pure
    assert ((one * other) ** Fraction(2)).same(one ** Fraction(2) * other ** Fraction(2))


@given(units(), units())
def test_how_many_of_one_the_other_is_holds_both_ways(one: Unit, other: Unit) -> None:
    there, back = one.times(other), other.times(one)
    assert (there is None) == (back is None)
    if there is not None and back is not None:
        assert there * back == pytest.approx(1)
        assert one.same(other) == (there == pytest.approx(1, rel=1e-9))


@pytest.mark.parametrize(
    ("one", "other", "times"),
    [
        ("thousand rounds", "rounds", 1000),
        ("rounds per month", "rounds per year", 12),
        ("rounds per day", "rounds per year", 365.25),
        ("per quarter", "per month", 1 / 3),
        ("percent", "share", 0.01),
        ("million USD", "billion USD", 0.001),
        ("thousand thousand USD", "million USD", 1),
        ("km^2", "metre^2", 1e6),
        ("tonnes", "kg", 1000),
        ("hours", "weeks", 1 / 168),
        ("USD", "EUR", None),
        ("rounds", "shells", None),
        ("rounds", "1", None),
        ("percent of GDP", "percent of trade", 1),
    ],
)
def test_what_measures_the_same_differs_by_a_factor(one: str, other: str, times: float | None) -> None:
    found = read_unit(one).times(read_unit(other))
    assert found is None if times is None else found == pytest.approx(times, rel=1e-12)


def test_times_are_as_long_as_durations() -> None:
    assert {word: MEASURES[word].size for word in UNIT_DAYS} == dict(UNIT_DAYS)


def test_what_is_counted_is_a_word_that_measures_nothing() -> None:
    counting = ["rounds", "launches", "artillery shells"]
    assert all(read_unit(text).counts for text in counting)
    assert not any(read_unit(text).counts for text in ("1", "USD", "TIV", "km", "percent", "rounds per year"))


def test_every_measure_is_read_as_one_word() -> None:
    for word, measure in MEASURES.items():
        assert dict(read_unit(word).powers) == dict(read_unit(measure.plural).powers) == {word: 1}
        assert singular(measure.plural).casefold() == word

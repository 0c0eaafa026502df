"""What a scalar may be where an id, a number, a cadence, a text, an expression or a distribution stands."""

from __future__ import annotations

import math

import pytest

from sim.scenario import parse_scenario
from sim.scenario.distributions import FAMILIES, Distribution
from sim.scenario.expressions import Number
from sim.text import FoedusError

HEAD = (
    "foedus: 1\nid: s\ntitle: S\nclock: {start: 2030-01-01, turn: month, turns: 12}\n"
    "actors: {KOR: {name: K}}\n"
)


def fault(text: str) -> str:
    with pytest.raises(FoedusError) as caught:
        parse_scenario(HEAD + text)
    assert len(caught.value.diagnostics) == 1
    return str(caught.value).removeprefix("scenario.yaml:")


@pytest.mark.parametrize("number", [".inf", "-.inf", ".nan", "1e400", "-1e999"])
@pytest.mark.parametrize(
    "where",
    [
        "parameters: {a: %s}",
        "parameters: {a: {value: %s}}",
        "parameters: {a: {value: 1, range: [0, %s]}}",
        "parameters: {a: {value: 1, min: %s}}",
        "parameters: {a: {distribution: {normal: [%s, 1]}}}",
        "parameters: {a: {distribution: {discrete: {values: [%s], weights: [1]}}}}",
        "parameters: {a: {distribution: {dirichlet: {x: 1, y: %s}}}}",
        "world: {attributes: {a: %s}}",
        "world: {attributes: {a: {initial: 1, max: %s}}}",
        "relations: {a: {default: %s}}",
        "indicators: {a: %s}",
        "indicators: {a: '1 + %s'}",
        "definitions: {a: %s}",
        "actions: {a: {takes: {b: %s}}}",
        "dynamics: {a: {of: 'x[KOR]', noise: %s}}",
        "injects: {a: {at: 2030-05-01, probability: %s}}",
        "clock: {turns: %s}",
        "foedus: %s",
    ],
)
def test_no_number_that_is_not_finite_is_taken_anywhere(where: str, number: str) -> None:
    text = HEAD.replace("foedus: 1\n", "") if where.startswith("foedus") else HEAD
    if where.startswith("clock"):
        text = text.replace("turns: 12}", f"turns: {number}" + "}")
        where = ""
    if "'" in where and "." in number:
        number = "1e999"  # as text, '.inf' is no number at all
    with pytest.raises(FoedusError) as caught:
        parse_scenario(text + (where % number if where else ""))
    assert caught.value.diagnostics[0].place is not None
    assert caught.value.diagnostics[0].place.line in (4, 5, 6)


@pytest.mark.parametrize(
    ("where", "column"),
    [
        ("parameters: {a: true}", 17),
        ("parameters: {a: {value: 1, range: [0, true]}}", 39),
        ("parameters: {a: {value: 1, max: false}}", 33),
        ("parameters: {a: {distribution: {uniform: [true, 2]}}}", 43),
        ("actions: {a: {takes: {b: true}}}", 26),
        ("actions: {a: {rung: true}}", 21),
    ],
)
def test_true_is_no_number(where: str, column: int) -> None:
    assert fault(where).startswith(f"6:{column}: ")


def test_a_truth_value_may_be_an_expression() -> None:
    scenario = parse_scenario(HEAD + "indicators: {a: true, b: 'true'}\n")
    assert scenario.model.indicators["a"].value.tree == scenario.model.indicators["b"].value.tree


@pytest.mark.parametrize(("text", "number"), [("0.1", 0.1), ("1e-3", 1e-3), ("7", 7.0), ("0x10", 16.0)])
def test_a_number_of_the_file_is_the_same_number_in_an_expression(text: str, number: float) -> None:
    scenario = parse_scenario(HEAD + f"indicators: {{a: {text}}}\n")
    assert scenario.model.indicators["a"].value.tree == Number(number, 0)


def test_a_whole_number_of_249_digits_is_a_double() -> None:
    scenario = parse_scenario(HEAD + f"parameters: {{a: {'9' * 249}}}\n")
    assert math.isclose(scenario.model.parameters["a"].value or 0, 1e249)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("every: monthly", "month"),
        ("every: dayly", "day"),
        ("every: 2 weks", "2 weeks"),
        ("every: 3month", "3 months"),
    ],
)
def test_the_nearest_cadence_is_suggested(said: str, meant: str) -> None:
    text = f"policies: {{p: {{rules: {{r: {{{said}}}}}}}}}\n"
    assert fault(text).endswith(f"did you mean '{meant}'?")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("parameters: {Rate: 1}", "did you mean 'rate'?"),
        ("parameters: {trade-share: 1}", "did you mean 'trade_share'?"),
        ("relations: {t: {pairs: {kor: {PRK: 1}}}}", "did you mean 'KOR'?"),
        ("evidence: 3", "did you mean '\"3\"'?"),
        ("injects: {a: {at: 2030-05-01, luck_key: Old Key}}", "did you mean 'old_key'?"),
    ],
)
def test_the_id_that_was_meant_is_suggested(text: str, said: str) -> None:
    assert fault(text).endswith(said)


@pytest.mark.parametrize("character", ["\\e", "\\0", "\\x7f", "\\x9b", "\\u202e", "\\u2066", "\\u200f"])
@pytest.mark.parametrize("where", ["title", "summary", "note"])
def test_text_for_people_cannot_move_their_cursor(where: str, character: str) -> None:
    text = HEAD.replace("title: S\n", "") if where == "title" else HEAD
    with pytest.raises(FoedusError, match=r"cannot be shown; expected plain text"):
        parse_scenario(text + f'{where}: "S{character}"\n')


def test_text_for_people_may_be_in_any_script_and_on_several_lines() -> None:
    title = "\u8a66\u9a13 \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 \U0001f54a\ufe0f Tr\u1ea7n"
    scenario = parse_scenario(HEAD.replace("title: S", f"title: {title}") + "summary: |\n  one\n\n  \t two\n")
    assert scenario.model.title == title
    assert scenario.model.summary == "one\n\n\t two\n"


@pytest.mark.parametrize(
    ("written", "numbers"),
    [
        ("{uniform: [1, 2]}", (1, 2)),
        ("{uniform: {high: 2, low: 1}}", (1, 2)),
        ("{normal: [0, 0]}", (0, 0)),
        ("{lognormal: {median: 2, sigma: 0.5}}", (2, 0.5)),
        ("{triangular: [0, 0, 1]}", (0, 0, 1)),
        ("{pert: {low: 0, mode: 1, high: 1}}", (0, 1, 1)),
        ("{beta: [2, 3]}", (2, 3, 0, 1)),
        ("{beta: {alpha: 2, beta: 3, low: -1, high: 1}}", (2, 3, -1, 1)),
    ],
)
def test_the_arguments_of_a_distribution_are_told_by_order_or_by_name(
    written: str, numbers: tuple[float, ...]
) -> None:
    scenario = parse_scenario(HEAD + f"parameters: {{a: {{distribution: {written}}}}}\n")
    assert scenario.model.parameters["a"].distribution == Distribution(written[1:].partition(":")[0], numbers)


def test_shares_are_in_order_of_their_names() -> None:
    scenario = parse_scenario(HEAD + "parameters: {a: {distribution: {dirichlet: {oil: 2, GAS: 1}}}}\n")
    assert scenario.model.parameters["a"].distribution == Distribution(
        "dirichlet", (1, 2), components=("GAS", "oil")
    )


@pytest.mark.parametrize("family", [*FAMILIES, "cauchy"])
@pytest.mark.parametrize("arguments", ["~", "3", "[]", "{}", "[1, 2, 3, 4, 5]", "{low: x}", "text", "[x, y]"])
def test_what_is_no_argument_of_a_distribution_has_a_place_and_a_form(family: str, arguments: str) -> None:
    said = fault(f"parameters: {{a: {{distribution: {{{family}: {arguments}}}}}}}\n")
    assert said.startswith("6:")
    assert "; expected " in said

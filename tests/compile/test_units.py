"""Units of a scenario: what agrees is accepted, what does not is refused at its place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim.compile import compile_scenario
from sim.scenario import parse_scenario
from sim.text import FoedusError

WORLD = """\
foedus: 1
id: units
title: Units
clock: {start: 2030-01-01, turn: month, turns: 12}
parameters:
  made: {value: 10, unit: rounds per month}
  tests_a_year: {value: 2, unit: tests per year}
  pace: 2
actors:
  KOR: {name: South Korea, attributes: {calm: 0.5}}
  PRK:
    name: North Korea
    policy: mind
    attributes:
      calm: 0.5
      shells: {initial: 100, min: 0, unit: rounds}
      stock: {initial: 1, unit: thousand rounds}
      guns: {initial: 10, unit: guns}
relations: {trade: {unit: billion USD per year}}
actions: {fire: {takes: {salvo: {default: 5, unit: rounds}}, effects: [shells -= salvo]}}
policies: {mind: {rules: {war: {every: month, do: [fire]}}}}
"""


def refused(text: str) -> list[str]:
    """What is said of a scenario, without the file's name; nothing if it is accepted."""
    try:
        compile_scenario(parse_scenario(text, "s.yaml"))
    except FoedusError as error:
        return [str(found).removeprefix("s.yaml:") for found in error.diagnostics]
    return []


def value(expression: str, unit: str = "") -> list[str]:
    """What is said of an indicator with this expression: from its column in the expression on."""
    declared = f", unit: {unit}" if unit else ""
    said = refused(f'{WORLD}indicators:\n  seen: {{value: "{expression}"{declared}}}\n')
    first = len('  seen: {value: "') + 1
    line = WORLD.count("\n") + 2
    for one in said:
        assert one.startswith(f"{line}:")
    return [re.sub(r"^\d+:(\d+)", lambda match: str(int(match[1]) - first), one) for one in said]


@pytest.mark.parametrize(
    ("expression", "unit"),
    [
        ("shells[PRK]", "rounds"),
        ("shells[PRK] + 3e6 - 5 + shells[PRK]", "rounds"),
        ("2*shells[PRK] - shells[PRK]/3 + (shells[PRK] - 1)*calm[PRK]", "rounds"),
        ("-shells[PRK] + +shells[PRK]", "rounds"),
        ("shells[PRK]/guns[PRK]", "rounds per gun"),
        ("shells[PRK]*(1/shells[PRK])", ""),
        ("shells[PRK] + stock[PRK]*1000['per thousand']", "rounds"),
        ("shells[PRK]/1000['per thousand'] - stock[PRK]", "thousand rounds"),
        ("made*elapsed*12['months per year'] + shells[PRK]", "rounds"),
        ("made*12['months per year']*elapsed", "rounds"),
        ("calm[PRK] + 0.1['per year']*elapsed", "share"),
        ("calm[PRK]*100['percent']", "percent"),
        ("abs(shells[PRK] - 3) + floor(shells[PRK]) + ceil(2.5)", "rounds"),
        ("sqrt(shells[PRK]*shells[PRK]) + shells[PRK]**2/shells[PRK]", "rounds"),
        ("shells[PRK]**-1*shells[PRK]**(1/2)*shells[PRK]**0.5", ""),
        ("2**(calm[PRK] + 1) + calm[PRK]**pace + exp(shells[PRK]/100['rounds'])", ""),
        ("log(calm[PRK] + 1) + logistic(calm[PRK])", "index"),
        ("min(shells[PRK], 5, 2*shells[PRK]) + max(3, shells[PRK])", "rounds"),
        ("clamp(shells[PRK], 0, 1000) + clamp(5, shells[PRK], shells[PRK])", "rounds"),
        ("sum(shells[PRK], shells[PRK]) + mean(shells[PRK], 3)", "rounds"),
        ("sum(calm[x] for x in actors)/count(calm[x] > 0.5 for x in actors)", ""),
        ("lag(shells[PRK], '2 months') + shells[PRK]", "rounds"),
        ("shells[PRK] if shells[PRK] > 50 and not calm[PRK] > 0.5 else 0", "rounds"),
        ("(shells[PRK] > 50)*shells[PRK] + (0 < calm[PRK] < 1)*shells[PRK]", "rounds"),
        ("shells[PRK]*has(PRK, shells) + shells[PRK]*after('2030-06-01')", "rounds"),
        ("shells[PRK]*happened(fire, PRK)", "rounds"),
        ("times(fire, PRK) + calm[PRK]", ""),
        ("times(fire, PRK) + 2*recent(fire, PRK, '2 months')", "salvos"),
        ("count(calm[x] > 0.5 for x in actors)", "actors"),
        ("trade[KOR, PRK]/1['billion']", "USD per year"),
        ("3", "rounds"),
        ("2*3 + 1", "rounds"),
        ("made*guns[PRK]", "rounds*guns/month"),
        ("1 if PRK == KOR or shells[PRK] > 3 else 0", ""),
    ],
)
def test_what_agrees_is_accepted(expression: str, unit: str) -> None:
    assert value(expression, unit) == []


@pytest.mark.parametrize(
    ("expression", "unit", "said"),
    [
        ("shells[PRK] + calm[PRK]", "", "14: a pure number is added to rounds; expected rounds"),
        ("shells[PRK] + calm[PRK]", "share", "0: rounds are added to a pure number"),
        ("calm[PRK] - shells[PRK]", "", "12: rounds are subtracted from a pure number"),
        ("calm[KOR] + calm[PRK] + shells[PRK] + calm[PRK]", "", "24: rounds are added to a pure number"),
        ("2*(shells[PRK] + calm[PRK])", "", "17: a pure number is added to rounds"),
        ("2*shells[PRK] + calm[PRK]", "", "16: a pure number is added to rounds"),
        ("shells[PRK]*calm[PRK] + calm[PRK]", "", "24: a pure number is added to rounds"),
        ("shells[PRK] > calm[PRK]", "", "14: a pure number is compared with rounds"),
        ("shells[PRK]", "guns", "0: the value of 'seen' is in rounds; expected guns"),
        ("shells[PRK]*guns[PRK]", "rounds", "0: the value of 'seen' is in guns*rounds; expected rounds"),
        (
            "elapsed",
            "months",
            "0: the value of 'seen' is in years (a factor of 12); expected months, as by * 12[",
        ),
        ("calm[PRK]*3['guns']", "rounds", "0: the value of 'seen' is in guns; expected rounds"),
        ("times(fire, PRK) + shells[PRK]", "", "19: rounds are added to a pure number"),
        ("times(fire, PRK)*calm[PRK]", "salvos", "0: the value of 'seen' is a pure number; expected salvos"),
        ("times(fire, PRK)", "USD", "0: the value of 'seen' is a pure number; expected USD"),
    ],
)
def test_what_disagrees_is_refused_at_the_part_that_is_odd(expression: str, unit: str, said: str) -> None:
    (only,) = value(expression, unit)
    assert only.startswith(said)


def test_each_odd_part_is_told_at_its_own_place() -> None:
    found = value("shells[PRK] + calm[PRK] + 3 + calm[KOR] + min(guns[PRK], shells[PRK])")
    assert [one.split(":")[0] for one in found] == ["14", "30", "57"]


@pytest.mark.parametrize(
    ("own", "other", "factor"),
    [
        ("rounds per month", "rounds per year", "12['months per year']"),
        ("thousand rounds", "rounds", "1000['per thousand']"),
        ("percent", "1", "100['percent']"),
        ("million USD", "billion USD", "1000['million per billion']"),
        ("days", "years", "365.25['days per year']"),
        ("USD per day", "thousand USD per month", ""),
        ("kg per week", "tonnes per quarter", ""),
    ],
)
def test_another_size_is_refused_until_the_named_factor_is_written(own: str, other: str, factor: str) -> None:
    text = WORLD.replace(
        "pace: 2", f"{{pace: 2, a: {{value: 1, unit: {own}}}, b: {{value: 1, unit: {other}}}"
    )
    text = WORLD.replace("  pace: 2", f"  a: {{value: 1, unit: {own}}}\n  b: {{value: 1, unit: '{other}'}}")
    for one, two in (("a", "b"), ("b", "a")):
        (said,) = refused(f'{text}indicators: {{seen: {{value: "{one} + {two}"}}}}')
        assert "(a factor of " in said
        written = re.search(r"as by ([*/] \S+\['[^']+'\])", said)
        assert written is not None
        assert factor in written[1]
        assert refused(f'{text}indicators: {{seen: {{value: "{one} + {two} {written[1]}"}}}}') == []


def test_the_weight_that_an_error_offers_is_accepted() -> None:
    (said,) = value("calm[PRK] + 0.3*stock[PRK]")
    assert said.endswith("as by 0.3['per thousand rounds'] for 0.3")
    assert value("calm[PRK] + 0.3['per thousand rounds']*stock[PRK]") == []


def unitless(text: str) -> str:
    """The same without any unit."""
    return re.sub(r"unit: [a-zA-Z ]+(?=})|\['[^']+'\]", "", text)


BARE = unitless(WORLD).replace("{default: 5, }", "5").replace(", }", "}")


def test_a_unit_changes_no_number() -> None:
    watched = "indicators: {seen: \"2['rounds']*calm[PRK] + shells[PRK]\"}"
    counted = compile_scenario(parse_scenario(WORLD + watched))
    bare = compile_scenario(parse_scenario(BARE + unitless(watched)))
    assert counted.nodes == bare.nodes
    assert [variable.name for variable in counted.variables] == [variable.name for variable in bare.variables]


def test_without_any_unit_time_is_a_number_like_the_others() -> None:
    odd = (
        'indicators: {seen: "calm[PRK] + 0.1*elapsed"}\n'
        'dynamics: {m: {of: "calm[PRK]", towards: 1, half_life: 2*pace}}'
    )
    assert refused(f"{BARE}{odd}") == []
    assert len(refused(f"{WORLD}{odd}")) == 2


def test_a_number_may_bring_the_only_unit() -> None:
    (said,) = refused(f"{BARE}indicators: {{seen: \"calm[PRK] + 3['rounds']\"}}")
    assert "rounds are added to a pure number" in said


@pytest.mark.parametrize(
    ("rate", "agrees"),
    [
        ("2", True),
        ("pace*calm", True),
        ("tests_a_year", True),
        ("tests_a_year*exp(calm)", True),
        ("3['per year']", True),
        ("3['tests per month']", False),
        ("3['per month']", False),
        ("shells", False),
        ("elapsed", False),
        ("3['USD per year']", False),
        ("3['percent per year']", False),
    ],
)
@pytest.mark.parametrize(
    "pace",
    [
        "chance: {{per: year, rate: {0}}}",
        "count: {{per: year, mean: {0}}}",
        "every: {{per: year, rate: {0}}}",
    ],
)
def test_a_rate_is_a_number_or_counts_something_in_its_period(pace: str, rate: str, agrees: bool) -> None:
    rule = pace.format(f'"{rate}"')
    text = WORLD.replace(
        "{war: {every: month, do: [fire]}}", "{war: {every: month, do: [fire]}, b: {" + rule + "}}"
    )
    assert (refused(text) == []) is agrees


@pytest.mark.parametrize(
    ("rate", "agrees"),
    [
        ("made", True),
        ("5", True),
        ("0.1*shells[PRK]", True),
        ("made*12['months per year']", False),
        ("calm[PRK]", False),
        ("guns[PRK]", False),
    ],
)
def test_a_drift_is_in_the_unit_of_its_variable_with_or_without_the_period(rate: str, agrees: bool) -> None:
    entry = f'dynamics: {{m: {{of: "shells[PRK]", drift: {{per: month, rate: "{rate}"}}}}}}'
    assert (refused(f"{WORLD}{entry}") == []) is agrees


def test_a_definition_without_a_unit_has_that_of_its_expression() -> None:
    text = f'{WORLD}definitions: {{d: {{of: [x], value: "shells[x]*2"}}, e: "d[PRK] + 1", f: 5}}\n'
    assert refused(f"{text}indicators: {{one: {{value: e, unit: rounds}}, two: f + pace}}") == []
    assert len(refused(f"{text}indicators: {{one: {{value: e, unit: guns}}, two: f + e}}")) == 2


def test_a_definition_is_found_wanting_once_however_often_it_is_used() -> None:
    text = f'{WORLD}definitions: {{d: {{of: [x], value: "calm[x] + shells[PRK]"}}, e: "d[PRK]*2 + d[KOR]"}}\n'
    (said,) = refused(f'{text}indicators: {{one: e, two: "d[PRK]"}}')
    assert "rounds are added to a pure number" in said


def test_an_argument_may_be_called_as_what_changes_is() -> None:
    text = WORLD.replace("{salvo: {default: 5, unit: rounds}}", "{shells: 0.5}")
    assert refused(text.replace("shells -= salvo", "\"shells -= 10['rounds']*shells\"")) == []
    (said,) = refused(text.replace("shells -= salvo", "shells -= shells"))
    assert "what is subtracted from 'shells' is a pure number; expected rounds" in said


def test_a_policy_of_many_actors_is_told_of_once() -> None:
    armed = "shells: {initial: 1, unit: rounds}, guns: {initial: 1, unit: guns}"
    text = WORLD.replace("{calm: 0.5}}", f"{{calm: 0.5, {armed}}}, policy: mind}}")
    (said,) = refused(text.replace("[shells -= salvo]", "[shells -= salvo, guns -= salvo]"))
    assert "what is subtracted from 'guns' is in rounds; expected guns" in said


def test_what_others_wrote_for_other_worlds_is_not_looked_at(tmp_path: Path) -> None:
    rules = "{rules: {r: {every: month, effects: [shells -= calm]}}}"
    actions = "actions: {idle: {effects: [shells -= calm]}}"
    (tmp_path / "part.yaml").write_text(f"policies: {{other: {rules}}}\n{actions}\n")
    text = WORLD.replace("title: Units", "title: Units\nextends: part.yaml")
    compile_scenario(parse_scenario(text, str(tmp_path / "s.yaml")))
    used = text.replace("policy: mind", "policy: [mind, other]")
    with pytest.raises(FoedusError, match="what is subtracted from 'shells' is a pure number"):
        compile_scenario(parse_scenario(used, str(tmp_path / "s.yaml")))
    own = WORLD.replace("actions: {fire", "actions: {idle: {effects: [shells -= calm]}, fire")
    assert len(refused(own)) == 1


def test_a_long_chain_of_definitions_is_followed_as_far_as_it_is_read() -> None:
    chain = "".join(f"  d{number}: d{number + 1} + 1\n" for number in range(400))
    said = refused(f"{WORLD}definitions:\n{chain}  d400: shells[PRK]\n")
    assert said
    assert all("nested too deeply" in one for one in said)


@pytest.mark.parametrize(
    "expression",
    [
        "3['thousand rounds']**1e300 + calm[PRK]",
        "shells[PRK]**(1/1e-320) + calm[PRK]",
        f"{'(' * 20}stock[PRK]{')**99' * 20} + calm[PRK]*{'(' * 20}shells[PRK]{')**99' * 20}",
        "shells[PRK]**0 + calm[PRK]",
        "3['rounds^99']*3['rounds^99'] + 1['rounds^99']**2",
        "sqrt(" * 50 + "shells[PRK]" + ")" * 50 + "/shells[PRK]**(1/1125899906842624)",
    ],
)
def test_powers_beyond_all_units_break_nothing(expression: str) -> None:
    assert all("Error" not in one for one in value(expression))


def test_a_clash_of_names_is_the_only_thing_that_is_said_of_them() -> None:
    said = refused(f'{WORLD}definitions: {{shells: "calm[PRK]", d: "shells[PRK] + calm[PRK]"}}')
    assert said
    assert all("already" in one for one in said)

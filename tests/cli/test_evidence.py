"""`foedus evidence`: values with their facts, facts with what uses them; what is unused; what is stale."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.evidence import load_evidence
from tests.cli.command import ROOT, document, foedus
from tests.cli.test_completion import offered

LEDGER = """\
document: {id: "000", title: A paper, author: A. Writer, date: "2029"}
facts:
  - id: trade-billion
    claim: Trade between the two came to two billion dollars.
    documents: ["000"]
    kind: figure
    modality: asserted
    confidence: high
    review_by: 2030-06-30
    quantity: {value: 2, unit: billion USD per year}
  - id: north-bold
    claim: The North is bold.
    documents: ["000"]
    kind: opinion
    modality: hedged
    confidence: low
  - {id: south-calm, claim: The South is calm., documents: ["000"], kind: opinion, modality: hedged}
base_rates:
  - id: raids_per_year
    what: raids
    value: 1.5
    low: 1
    high: 2
    unit: per year
    source: a list
    status: seen
fitted: [raids_per_year]
disagreements:
  - id: how-bold
    about: How bold the North is
    claims:
      - {document: "000", claim: bold, facts: [north-bold]}
      - {source: a yearbook, claim: raids often, facts: [raids_per_year]}
mechanisms:
  - id: boldness-raids
    cause: Boldness of the North
    effect: Raids on the border
    sign: "+"
    status: implied
    documents: ["000"]
    facts: [north-bold, south-calm]
    actors: [NORTH]
    observables: [raids]
observables: [{id: raids, definition: raids a year}]
questions: [{id: q1, question: What if it calms down?, mechanisms: [boldness-raids], observables: [raids]}]
"""
SCENARIO = """\
foedus: 1
id: sourced
title: Sourced
evidence: ledgers
clock: {start: 2030-01-01, turn: month, turns: 12}
parameters:
  rate: {value: 1.5, unit: per year, informed: raids_per_year, disagreement: how-bold}
  habit: {value: 0.3, assumed: "nobody has counted; 0.1-0.5", review_by: 2030-03-01}
actors:
  NORTH:
    name: the North
    attributes: {boldness: {initial: 0.5, range: [0, 1], informed: north-bold}}
    policy: raider
  SOUTH: {name: the South, attributes: {boldness: {initial: 0.2, range: [0, 1], assumed: calmer}}}
relations:
  trade:
    unit: million USD per year
    assumed: no trade is counted but theirs
    pairs: {NORTH: {SOUTH: {value: 2000, measured: trade-billion}}}
policies:
  raider:
    rules:
      raid:
        chance: {per: year, rate: "rate*habit*boldness"}
        effects: ["trade[NORTH, SOUTH] -= 1"]
        informed: [north-bold, raids_per_year]
"""


@pytest.fixture
def sourced(here: Path) -> Path:
    """A scenario with a ledger of its own; the command runs beside it."""
    (here / "ledgers").mkdir()
    (here / "ledgers" / "all.yaml").write_text(LEDGER, "utf-8")
    (here / "sourced.yaml").write_text(SCENARIO, "utf-8")
    return here


def said(*arguments: str) -> list[str]:
    result = foedus("evidence", "sourced.yaml", *arguments)
    assert result.exit_code == 0, result.stderr
    return result.stdout.splitlines()


@pytest.mark.usefixtures("sourced")
def test_the_shares_come_first_and_then_each_value_with_its_facts() -> None:
    lines = said("--as-of", "2030-01-01")
    assert lines[:11] == [
        "Sourced: 7 values, rules and options",
        "  measured      1   14%",
        "  informed      3   43%",
        "  assumed       3   43%",
        "",
        "Facts used             2 of 3",
        "Base rates used        1 of 1",
        "Disagreements used     1 of 1",
        "Mechanisms touched     1 of 1",
        "On little evidence     1 of 3 that are informed",
        "Stale on 2030-01-01    0, to be looked at again",
    ]
    assert "  rate                      raids_per_year; sources differ: how-bold" in lines
    assert "  raider.raid               north-bold, raids_per_year" in lines
    assert "  NORTH.boldness            north-bold; little evidence" in lines
    assert lines[lines.index("relations, measured") + 1] == "  trade.NORTH.SOUTH         trade-billion"


@pytest.mark.usefixtures("sourced")
def test_each_fact_stands_with_what_uses_it() -> None:
    lines = said("--only", "facts")
    assert "000 A paper (A. Writer, 2029)" in lines
    assert "  north-bold                actors: NORTH.boldness; policies: raider.raid" in lines
    assert "  raids_per_year            parameters: rate; policies: raider.raid" in lines
    assert "  how-bold                  parameters: rate" in lines
    assert not any(line.startswith(("VALUES", "UNUSED", "STALE")) for line in lines)


@pytest.mark.usefixtures("sourced")
def test_a_fact_that_nothing_cites_is_listed_as_unused() -> None:
    lines = said("--only", "unused")
    assert "UNUSED FACTS: 1 of 3" in lines
    assert "  south-calm                The South is calm." in lines


def test_a_mechanism_of_which_no_fact_is_cited_is_listed_as_unused(sourced: Path) -> None:
    ledger = LEDGER.replace("facts: [north-bold, south-calm]", "facts: [south-calm]")
    (sourced / "ledgers" / "all.yaml").write_text(ledger, "utf-8")
    lines = said("--only", "unused")
    assert "UNUSED MECHANISMS (no fact of theirs is cited): 1 of 1" in lines
    assert "  boldness-raids            Boldness of the North: Raids on the border" in lines


@pytest.mark.usefixtures("sourced")
@pytest.mark.parametrize(
    ("day", "stale"),
    [
        ("2030-03-01", []),
        ("2030-03-02", ["  habit                     2030-03-01: parameters, assumed"]),
        (
            "2030-07-01",
            [
                "  habit                     2030-03-01: parameters, assumed",
                "  trade-billion             2030-06-30: relations: trade.NORTH.SOUTH",
            ],
        ),
    ],
)
def test_what_should_have_been_looked_at_before_a_day_is_stale_on_it(day: str, stale: list[str]) -> None:
    lines = said("--only", "stale", "--as-of", day)
    start = lines.index(f"STALE on {day}: {len(stale)}")
    assert lines[start + 1 :] == stale


@pytest.mark.usefixtures("sourced")
def test_without_a_day_it_is_today() -> None:
    assert any(line.startswith("Stale on 20") for line in said("--only", "stale"))


@pytest.mark.usefixtures("sourced")
def test_a_fact_is_told_with_its_document_its_figure_and_what_rests_on_it() -> None:
    lines = said("--fact", "trade-billion", "--as-of", "2031-01-01")
    assert lines[0] == "trade-billion"
    assert "  document     000 A paper (A. Writer, 2029)" in lines
    assert "  kind         figure, asserted; confidence high" in lines
    assert "  figure       2 billion USD per year" in lines
    assert "  review by    2030-06-30, past" in lines
    assert lines[-2:] == ["  measured  relations: trade.NORTH.SOUTH", "            sourced.yaml:19:21"]


@pytest.mark.usefixtures("sourced")
def test_a_base_rate_is_told_with_its_source_and_its_use() -> None:
    lines = said("--fact", "raids_per_year")
    assert "  figure       1.5 per year, from 1 to 2" in lines
    assert "  source       a list (seen)" in lines
    assert "  use          fitted" in lines
    assert "  differ on    how-bold" in lines


@pytest.mark.usefixtures("sourced")
def test_a_mechanism_is_told_with_its_sign_and_what_rests_on_its_facts() -> None:
    lines = said("--mechanism", "boldness-raids")
    assert "  sign         + (moves with it)" in lines
    assert "  status       implied in 000" in lines
    assert "  seen by      raids: raids a year" in lines
    assert "  questions    q1" in lines
    assert "  north-bold                The North is bold. (2 uses)" in lines
    assert "  south-calm                The South is calm. (no use)" in lines
    assert "used by 2 values" in lines


@pytest.mark.usefixtures("sourced")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("--fact", "trade-bilion"),
            (
                "the ledgers have no fact 'trade-bilion'; expected the id of a fact or a base rate; "
                "did you mean 'trade-billion'?"
            ),
        ),
        (
            ("--mechanism", "boldnes-raids"),
            (
                "the ledgers have no mechanism 'boldnes-raids'; expected the id of a mechanism; "
                "did you mean 'boldness-raids'?"
            ),
        ),
        (("--as-of", "yesterday"), "'yesterday' is not a date; expected year-month-day, such as 2024-07-01"),
        (("--only", "stal"), "there is no part 'stal'; expected one of facts, stale, unused, values"),
    ],
)
def test_what_is_not_known_is_refused_with_the_nearest(arguments: tuple[str, ...], message: str) -> None:
    result = foedus("evidence", "sourced.yaml", *arguments)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith(message)


@pytest.mark.usefixtures("sourced")
@pytest.mark.parametrize(("fact", "faults"), [("trade-billion", 1), ("trade-bilion", 2)])
def test_nothing_is_told_of_a_fact_beside_a_mechanism_that_is_not_there(fact: str, faults: int) -> None:
    """What is asked for is looked up before anything is printed, and all of it."""
    asked = ("evidence", "sourced.yaml", "--fact", fact, "--mechanism", "boldnes-raids")
    result = foedus(*asked)
    assert (result.exit_code, result.stdout) == (1, "")
    assert len(result.stderr.splitlines()) == faults
    assert "did you mean 'boldness-raids'?" in result.stderr
    assert len(document(foedus(*asked, "--json"))["diagnostics"]) == faults


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "value: 2000",
            "value: 2100",
            "19:36: this is 2100 million USD per year, and 'trade-billion' holds 2000",
        ),
        (
            "million USD per year",
            "rounds per year",
            "19:52: 'trade-billion' is in billion USD per year, and this",
        ),
        ("measured: trade-billion", "measured: north-bold", "19:52: 'north-bold' holds no figure"),
        ("informed: north-bold}", "informed: north-bald}", "the ledgers have no fact 'north-bald'"),
    ],
)
def test_a_value_that_its_fact_does_not_hold_is_an_error_at_its_place(
    sourced: Path, old: str, new: str, message: str
) -> None:
    (sourced / "sourced.yaml").write_text(SCENARIO.replace(old, new, 1), "utf-8")
    result = foedus("evidence", "sourced.yaml")
    assert result.exit_code == 1
    assert message in result.stderr


@pytest.mark.usefixtures("sourced")
def test_the_whole_account_is_one_document_for_programs() -> None:
    found = document(foedus("evidence", "sourced.yaml", "--json", "--as-of", "2030-04-01"))
    assert found["ok"]
    assert found["grades"] == {"measured": 1, "informed": 3, "assumed": 3, "ungraded": 0}
    (raid,) = [value for value in found["values"] if value["path"] == "policies.raider.rules.raid"]
    assert (raid["grade"], raid["facts"]) == ("informed", ["north-bold", "raids_per_year"])
    assert (raid["decisions"], raid["file"], raid["line"]) == (["NORTH/raid"], "sourced.yaml", 23)
    assert found["unused"] == ["south-calm"]
    assert found["stale"] == {"values": ["parameters.habit"], "cited": []}
    one = document(foedus("evidence", "sourced.yaml", "--json", "--fact", "north-bold"))
    assert one["fact"]["used_by"] == ["actors.NORTH.attributes.boldness", "policies.raider.rules.raid"]
    mechanism = document(foedus("evidence", "sourced.yaml", "--json", "--mechanism", "boldness-raids"))
    assert [fact["id"] for fact in mechanism["facts"]] == ["north-bold", "south-calm"]
    assert mechanism["mechanism"]["sign"] == "+"
    short = document(foedus("evidence", "sourced.yaml", "--json", "--only", "unused"))
    assert "values" not in short
    assert "unused" in short


def test_a_scenario_without_ledgers_says_so(here: Path) -> None:
    assert here.joinpath("clean.yaml").exists()
    result = foedus("evidence", "clean.yaml")
    assert result.exit_code == 0
    assert "It names no ledgers." in result.stdout
    assert "UNUSED" not in result.stdout


def test_ids_of_facts_and_mechanisms_are_completed(sourced: Path) -> None:
    assert offered(sourced, "foedus evidence sourced.yaml --fact r") == ["raids_per_year"]
    assert offered(sourced, "foedus evidence sourced.yaml --fact tr") == ["trade-billion"]
    assert offered(sourced, "foedus evidence sourced.yaml --mechanism b") == ["boldness-raids"]
    assert offered(sourced, "foedus evidence sourced.yaml --only s") == ["stale"]
    assert offered(sourced, "foedus evidence broken.yaml --fact r") == []
    (sourced / "below").mkdir()
    (sourced / "below" / "next.yaml").write_text("extends: ../sourced.yaml\n", "utf-8")
    assert offered(sourced, "foedus evidence below/next.yaml --fact r") == ["raids_per_year"]


def test_ledgers_and_files_above_are_named_by_their_plain_paths(sourced: Path) -> None:
    (sourced / "below").mkdir()
    (sourced / "below" / "next.yaml").write_text("extends: ../sourced.yaml\nevidence: ../ledgers\n", "utf-8")
    told = foedus("evidence", "below/next.yaml", "--fact", "trade-billion").stdout
    assert "\n  stands at    ledgers/all.yaml:" in told
    assert "            sourced.yaml:" in told
    broken = sourced / "ledgers" / "all.yaml"
    broken.write_text(broken.read_text("utf-8") + "sources: []\n", "utf-8")
    assert foedus("validate", "below/next.yaml").stderr.startswith("ledgers/all.yaml:")


def test_every_fact_of_the_seeds_is_used_by_the_flagship_or_listed_as_unused() -> None:
    flagship = str(ROOT / "scenarios" / "pyongyang-hanoi-2024.yaml")
    found = document(foedus("evidence", flagship, "--json", "--as-of", "2024-07-01"))
    used = {fact["id"] for fact in found["facts"] if fact["used_by"]}
    seeds = load_evidence(ROOT / "seeds")
    assert used | set(found["unused"]) == set(seeds.facts)
    assert not used & set(found["unused"])
    assert found["grades"]["ungraded"] == 0
    assert found["stale"] == {"values": [], "cited": []}
    lines = foedus("evidence", flagship).stdout.splitlines()
    assert max(map(len, lines)) <= 80
    listed = {
        line.split()[0] for line in lines[lines.index("FACTS, with the values that rest on them") :] if line
    }
    assert set(seeds.facts) <= listed

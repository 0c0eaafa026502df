"""Evidence is read whole or refused whole, with the place of everything that is wrong with it."""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from sim.evidence import Claim, Evidence, Quantity, load_evidence
from sim.text import FoedusError, Place

ROOT = Path(__file__).resolve().parents[2]

LEDGER = """\
document: {id: "000", title: A paper}
facts:
  - id: arms-shells-5m
    claim: Up to five million shells may have been sent.
    documents: ["000"]
    actors: [PRK, RUS]
    kind: figure
    modality: attributed
    attributed_to: KOR
    date: 2024-06
    quantity: {value: 5.0e+6, unit: artillery shells, qualifier: up to}
    confidence: moderate
    note: a minister's words
  - id: chn-trade-share
    claim: Most North Korean trade is with China.
    documents: ["000"]
    kind: figure
    modality: asserted
    review_by: 2025-06-30
    quantity: {value: [80, 90], unit: percent}
"""
RATES = """\
base_rates:
  - {id: mid_prk_kor, what: disputes, value: 0.3, low: 0.1, high: 0.5, unit: per year, source: COW, status: V}
"""
DISAGREEMENTS = """\
disagreements:
  - id: tech-sharing-depth
    about: how far Russia will share technology
    claims:
      - {document: "000", claim: little, facts: [arms-shells-5m]}
      - {source: a yearbook, claim: much, facts: [mid_prk_kor]}
"""

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes files, named by keyword without their ending, and returns their directory."""

    def writer(**texts: str) -> Path:
        for name, text in texts.items():
            (tmp_path / f"{name}.yaml").write_text(text, "utf-8")
        return tmp_path

    return writer


def complaints(directory: Path) -> list[str]:
    with pytest.raises(FoedusError) as caught:
        load_evidence(directory, "seeds")
    return str(caught.value).splitlines()


def test_facts_rates_and_disagreements_are_read(write: Write) -> None:
    evidence = load_evidence(write(a=LEDGER, base_rates=RATES, disagreements=DISAGREEMENTS), "seeds")
    fact = evidence.facts["arms-shells-5m"]
    assert fact.quantity == Quantity(5e6, 5e6, 5e6, "artillery shells", "up to")
    assert (fact.documents, fact.actors, fact.date) == (("000",), ("PRK", "RUS"), "2024-06")
    assert (fact.attributed_to, fact.confidence) == ("KOR", "moderate")
    assert fact.place == Place("seeds/a.yaml", 3, 5)
    rate = evidence.base_rates["mid_prk_kor"]
    assert rate.quantity == Quantity(0.3, 0.1, 0.5, "per year")
    assert rate.place == Place("seeds/base_rates.yaml", 2, 5)
    question = evidence.disagreements["tech-sharing-depth"]
    assert question.claims == (
        Claim("000", "little", ("arms-shells-5m",)),
        Claim("a yearbook", "much", ("mid_prk_kor",)),
    )
    assert evidence.facts["chn-trade-share"].review_by == date(2025, 6, 30)
    assert evidence.documents["000"].title == "A paper"


def test_a_range_alone_has_no_value_but_holds_what_lies_in_it(write: Write) -> None:
    quantity = load_evidence(write(a=LEDGER)).quantity("chn-trade-share")
    assert quantity is not None
    assert quantity.value is None
    assert [quantity.holds(number) for number in (79.9, 80, 85, 90, 90.1)] == [False, True, True, True, False]


def test_a_value_without_a_range_holds_itself_alone(write: Write) -> None:
    quantity = load_evidence(write(a=LEDGER)).quantity("arms-shells-5m")
    assert quantity is not None
    assert quantity.holds(5_000_000)
    assert not quantity.holds(5_000_001)


def test_facts_and_rates_may_be_cited_but_not_disagreements(write: Write) -> None:
    evidence = load_evidence(write(a=LEDGER, base_rates=RATES, disagreements=DISAGREEMENTS))
    assert evidence.citable("chn-trade-share")
    assert evidence.citable("mid_prk_kor")
    assert not evidence.citable("tech-sharing-depth")
    assert evidence.nearest("chn_trade_shares") == "chn-trade-share"
    assert evidence.nearest("mid_prk_jpn") == "mid_prk_kor"
    assert evidence.quantity("mid_prk_kor") is not None
    assert evidence.quantity("nothing") is None


def test_a_scenario_without_evidence_can_cite_nothing() -> None:
    evidence = Evidence.empty()
    assert not evidence.citable("chn-trade-share")
    assert evidence.nearest("chn-trade-share") is None


def test_evidence_crosses_from_one_process_to_another(write: Write) -> None:
    evidence = load_evidence(write(a=LEDGER, base_rates=RATES))
    assert pickle.loads(pickle.dumps(evidence)) == evidence  # noqa: S301


def test_an_id_used_twice_is_named_with_both_places(write: Write) -> None:
    again = "facts:\n- {id: mid_prk_kor, claim: x, documents: [a], kind: event, modality: asserted}\n"
    both = "[{document: a, claim: x}, {document: b, claim: y}]"
    same = f"disagreements:\n- {{id: mid_prk_kor, about: x, claims: {both}}}\n"
    said = complaints(write(base_rates=RATES, z=again, zz=same))
    twice = "id 'mid_prk_kor' is used twice, first at seeds/base_rates.yaml:2:10; expected an id of its own"
    assert said == [f"seeds/z.yaml:2:8: {twice}", f"seeds/zz.yaml:2:8: {twice}"]


BAD = """\
facts:
- id: Bad Id
  clam: x
  documents: [000]
  kind: figura
  modality: hedged
  date: 2024-13
  quantity: {value: .inf, unit: days}
- 3
- id: second
  claim: " "
  documents: []
  kind: event
  modality: attributed
  date: 2017
  quantity: {value: 1}
"""


def test_all_faults_of_all_files_are_told_at_once(write: Write) -> None:
    said = complaints(write(bad=BAD, worse="facts: [\n", worst="facts: x\n"))
    assert [line.split(";")[0] for line in said] == [
        "seeds/bad.yaml:2:3: key 'claim' is missing",
        "seeds/bad.yaml:2:7: 'Bad Id' is not an id",
        "seeds/bad.yaml:3:3: unknown key 'clam'",
        "seeds/bad.yaml:4:15: item 1 of 'documents' is the number '000'",
        "seeds/bad.yaml:5:9: 'kind' is the text 'figura'",
        "seeds/bad.yaml:7:9: '2024-13' is not a date",
        "seeds/bad.yaml:8:21: 'value' is neither a number nor a range",
        "seeds/bad.yaml:9:3: this is the number '3'",
        "seeds/bad.yaml:11:11: the text is empty",
        "seeds/bad.yaml:12:3: 'documents' is empty",
        "seeds/bad.yaml:15:9: 'date' is the number '2017'",
        "seeds/bad.yaml:16:3: key 'unit' is missing",
        "seeds/worse.yaml:1:9: a value is missing here",
        "seeds/worst.yaml:1:8: 'facts' is the text 'x'",
    ]
    assert said[1].endswith("did you mean 'bad-id'?")
    assert said[4].endswith("did you mean 'figure'?")


def fact(**parts: str) -> str:
    lines = {"id": "a", "claim": "x", "documents": '["0"]', "kind": "event", "modality": "asserted", **parts}
    return "facts:\n- " + "\n  ".join(f"{key}: {value}" for key, value in lines.items()) + "\n"


@pytest.mark.parametrize(
    "date",
    ['"2017"', "2024-06", "2024-06-19", "2024-02-29", "2022/2024", "1991/", "/1945-08", "2024-06/2024"],
)
def test_a_date_is_a_day_a_month_a_year_or_a_span(write: Write, date: str) -> None:
    evidence = load_evidence(write(a=fact(date=date)))
    assert evidence.facts["a"].date == date.strip('"')


@pytest.mark.parametrize(
    ("date", "words"),
    [
        *(
            (date, "is not a date")
            for date in ("2023-02-29", "24-06", "June", "/", "1/2/3", "2024-6", "2024-06-1")
        ),
        ("2024/2022", "ends before it begins"),
        ("2024-07/2024-06-30", "ends before it begins"),
    ],
)
def test_a_day_not_in_the_calendar_is_no_date(write: Write, date: str, words: str) -> None:
    (said,) = complaints(write(a=fact(date=date)))
    assert said.startswith(f"seeds/a.yaml:7:9: '{date}' {words}; expected ")


@pytest.mark.parametrize(
    ("quantity", "place", "words"),
    [
        ("{value: [1, 2, 3], unit: x}", "7:14", "'value' is neither a number nor a range"),
        ("{value: true, unit: x}", "7:21", "'value' is neither a number nor a range"),
        ("{value: many, unit: x}", "7:21", "'value' is neither a number nor a range"),
        ("{value: [2, 1], unit: x}", "7:14", "the range does not hold the value"),
        ("{value: 3, low: 1, high: 2, unit: x}", "7:21", "the range does not hold the value"),
        ("{value: [1, 2], low: 1, unit: x}", "7:14", "the range is given twice"),
        ("{value: 1, unit: rounds per mnth}", "7:30", "'mnth' is not known here"),
        ("{value: 1, unit: 3 rounds}", "7:30", "the number '3' is no unit"),
        ('{value: 1, unit: ""}', "7:31", "the unit is empty"),
        ("{value: 1, low: .nan, unit: x}", "7:29", "'low' is the number '.nan'"),
    ],
)
def test_a_quantity_is_a_number_or_a_range_in_order(
    write: Write, quantity: str, place: str, words: str
) -> None:
    (said,) = complaints(write(a=fact(quantity=quantity)))
    assert said.startswith(f"seeds/a.yaml:{place}: {words}")


def test_an_attributed_claim_names_who_made_it(write: Write) -> None:
    (said,) = complaints(write(a=fact(modality="attributed")))
    assert said == (
        "seeds/a.yaml:2:3: the claim is attributed, but not to anyone; expected key 'attributed_to'"
    )


@pytest.mark.parametrize("wrong", ["A-b", "1a", "a--b", "a b", "-a", "é", "a_"])
def test_an_id_is_snake_or_kebab_case(write: Write, wrong: str) -> None:
    (said,) = complaints(write(a=fact(id=f'"{wrong}"')))
    assert said.startswith(f"seeds/a.yaml:2:8: '{wrong}' is not an id")


def test_files_of_another_kind_may_lie_beside_ledgers(write: Write) -> None:
    directory = write(a=LEDGER, world="foedus: 1\nactors: {}\n", arms="experiment: x\narms: {}\n")
    (directory / "README.md").write_text("facts: [\n")
    assert len(load_evidence(directory).facts) == 2


def test_a_ledger_is_not_passed_over_for_a_slip_in_its_key(write: Write) -> None:
    (said,) = complaints(write(a=LEDGER.replace("facts:", "fact:")))
    assert said.endswith(
        "unknown key 'fact'; expected one of actors, base_rates, commitments, disagreements, document, "
        "facts, fitted, held_out, mechanisms, observables, questions; did you mean 'facts'?"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sources:\n- {id: a}\n", "1:1: unknown key 'sources'; expected one of actors, "),
        ("mechanisms: []\nreading: [x]\n", "2:1: unknown key 'reading'; expected one of actors, "),
        ("- 1\n", "1:1: the file is a list; expected a ledger: one of actors, "),
        ("reading\n", "1:1: the file is the text 'reading'; expected a ledger: one of actors, "),
    ],
)
def test_what_is_no_section_of_a_ledger_is_refused_in_any_file(write: Write, text: str, said: str) -> None:
    (found,) = complaints(write(a=LEDGER, other=text))
    assert found.startswith(f"seeds/other.yaml:{said}")


def test_a_section_that_is_nearly_one_names_it(write: Write) -> None:
    (found,) = complaints(write(a=LEDGER, other="observabels: []\n"))
    assert found.endswith("did you mean 'observables'?")


def test_all_ledgers_of_the_repository_have_sections_only() -> None:
    """Those that no scenario cites too."""
    folders = {path.parent for path in (ROOT / "seeds").rglob("*.yaml")} - {ROOT / "seeds" / "history"}
    assert len(folders) >= 3
    for folder in folders:
        load_evidence(folder)


def test_a_file_named_for_its_list_must_hold_it(write: Write) -> None:
    said = complaints(write(base_rates="rates: []\n", disagreements="- x\n"))
    assert said[0] == "seeds/base_rates.yaml:1:1: key 'base_rates' is missing"
    assert said[-1].startswith("seeds/disagreements.yaml:1:1: the file is a list; expected ")


def test_a_place_without_evidence_is_an_error(tmp_path: Path) -> None:
    assert complaints(tmp_path) == ["seeds:1:1: there is no evidence here; expected ledgers named *.yaml"]
    missing = complaints(tmp_path / "nowhere")
    assert missing == ["seeds:1:1: the evidence cannot be read; expected a directory of YAML files"]
    (tmp_path / "file").write_text("")
    assert complaints(tmp_path / "file") == missing


def test_ledgers_are_read_anew_when_a_file_changes(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    shutil.copytree(Path(__file__).parents[2] / "seeds", seeds)
    first = load_evidence(seeds)
    assert load_evidence(seeds) is first
    path = next(path for path in seeds.glob("0*.yaml") if "confidence: high" in path.read_text("utf-8"))
    path.write_text(path.read_text("utf-8").replace("confidence: high", "confidence: low", 1), "utf-8")
    changed = load_evidence(seeds)
    differing = [id_ for id_, fact in first.facts.items() if changed.facts[id_].confidence != fact.confidence]
    assert len(differing) == 1

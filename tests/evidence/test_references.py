"""Whatever an entry of the ledgers names must stand there, and say what it is named for."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.evidence import Mechanism, load_evidence
from sim.text import FoedusError

PAPER = """\
document: {id: "000", title: A paper}
facts:
  - id: shells-sent
    claim: The North sent shells.
    documents: ["000"]
    actors: [NORTH]
    kind: event
    modality: asserted
"""
SECOND = """\
document: {id: "001", title: Another paper}
facts:
  - {id: shells-fired, claim: They were fired., documents: ["001"], kind: event, modality: asserted}
"""
ACTORS = """\
actors:
  - {id: NORTH, name: the North, type: state}
  - {id: SOUTH, name: the South, type: state}
"""
MECHANISMS = """\
mechanisms:
  - id: shells-prolong-war
    cause: Shells from the North
    effect: Length of the war
    sign: "+"
    status: stated
    documents: ["000"]
    facts: [shells-sent]
    actors: [NORTH, SOUTH]
    observables: [war_length]
"""
OBSERVABLES = """\
observables:
  - {id: war_length, definition: months until a truce}
"""
QUESTIONS = """\
questions:
  - {id: q1, question: What if they stop?, mechanisms: [shells-prolong-war], observables: [war_length]}
"""
COMMITMENTS = """\
commitments:
  - id: north-south-1990
    name: A pact
    type: treaty
    parties: [NORTH, SOUTH]
    exit: a year's notice
    documents: ["000"]
    facts: [shells-sent]
    inferred: [exit]
"""
RATES = """\
base_rates:
  - {id: wars_per_year, what: wars, value: 0.1, unit: wars per year, source: a list, status: seen}
fitted: [wars_per_year]
held_out: []
"""
WHOLE = {
    "a": PAPER,
    "b": SECOND,
    "actors": ACTORS,
    "mechanisms": MECHANISMS,
    "observables": OBSERVABLES,
    "questions": QUESTIONS,
    "commitments": COMMITMENTS,
    "base_rates": RATES,
}


def read(folder: Path, **changed: str) -> list[str]:
    """What is wrong with the whole set when some of its files are others."""
    for name, text in {**WHOLE, **changed}.items():
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    try:
        load_evidence(folder, "seeds")
    except FoedusError as error:
        return str(error).splitlines()
    return []


def test_a_mechanism_is_read_with_cause_effect_and_sign(tmp_path: Path) -> None:
    assert read(tmp_path) == []
    evidence = load_evidence(tmp_path, "seeds")
    mechanism = evidence.mechanisms["shells-prolong-war"]
    assert isinstance(mechanism, Mechanism)
    assert (mechanism.cause, mechanism.effect) == ("Shells from the North", "Length of the war")
    assert (mechanism.sign, mechanism.status, mechanism.facts) == ("+", "stated", ("shells-sent",))
    assert evidence.observables["war_length"].definition == "months until a truce"
    assert evidence.commitments["north-south-1990"].inferred == ("exit",)
    assert evidence.commitments["north-south-1990"].trigger is None
    assert evidence.questions["q1"].mechanisms == ("shells-prolong-war",)
    assert evidence.actors["NORTH"].name == "the North"
    assert (evidence.fitted, evidence.held_out) == (("wars_per_year",), ())


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("mechanisms", "shells-sent", "shels-sent", "8:13: the ledgers have no fact 'shels-sent'"),
        ("mechanisms", "war_length", "war-length", "10:19: the ledgers have no observable 'war-length'"),
        ("mechanisms", "SOUTH", "SOUHT", "9:21: the ledgers have no actor 'SOUHT'"),
        ("mechanisms", '["000"]', '["00"]', "7:17: the ledgers have no document '00'"),
        ("questions", "[shells-p", "[shell-p", "2:57: the ledgers have no mechanism 'shell-prolong-war'"),
        ("commitments", "[NORTH, ", "[NORT, ", "5:15: the ledgers have no actor 'NORT'"),
        ("a", "[NORTH]", "[NORTHE]", "6:14: the ledgers have no actor 'NORTHE'"),
        ("base_rates", "[wars_per_year]", "[wars_a_year]", "3:10: the ledgers have no base rate"),
    ],
)
def test_an_id_that_names_nothing_is_refused_with_the_nearest(
    tmp_path: Path, file: str, old: str, new: str, said: str
) -> None:
    (told,) = read(tmp_path, **{file: WHOLE[file].replace(old, new)})
    assert told.startswith(f"seeds/{file}.yaml:{said}")
    assert "did you mean" in told


def test_a_document_that_states_none_of_the_facts_is_refused(tmp_path: Path) -> None:
    (said,) = read(tmp_path, mechanisms=MECHANISMS.replace('["000"]', '["000", "001"]'))
    assert said == (
        "seeds/mechanisms.yaml:7:24: document '001' states none of the facts that are named here; "
        "expected '000', or a fact of that document"
    )


def test_each_claim_of_a_disagreement_rests_on_its_own_document(tmp_path: Path) -> None:
    claims = """\
disagreements:
  - id: were-they-fired
    about: Whether the shells were fired
    claims:
      - {document: "001", claim: they were, facts: [shells-fired]}
      - {document: "000", claim: they were kept, facts: [shells-fired]}
"""
    (said,) = read(tmp_path, disagreements=claims)
    assert said.startswith("seeds/disagreements.yaml:6:20: document '000' states none of the facts")
    assert read(tmp_path, disagreements=claims.replace("kept, facts: [shells-fired]", "kept")) == []


def test_what_is_held_out_is_not_fitted(tmp_path: Path) -> None:
    (said,) = read(tmp_path, base_rates=RATES.replace("held_out: []", "held_out: [wars_per_year]"))
    assert said == (
        "seeds/base_rates.yaml:4:12: 'wars_per_year' is held out, and fitted at seeds/base_rates.yaml:3:10; "
        "expected a rate in one of the two lists"
    )


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("wars_per_year", "3:9: 'fitted' is the text 'wars_per_year'; expected a list of ids of base rates"),
        ("[{a: b}]", "3:10: an item of 'fitted' is a mapping; expected the id of a base rate"),
        ("[[wars_per_year]]", "3:10: an item of 'fitted' is a list; expected the id of a base rate"),
    ],
)
def test_what_is_fitted_is_a_list_of_ids(tmp_path: Path, written: str, said: str) -> None:
    (told,) = read(tmp_path, base_rates=RATES.replace("fitted: [wars_per_year]", f"fitted: {written}"))
    assert told == f"seeds/base_rates.yaml:{said}"


def test_what_is_called_inferred_is_given(tmp_path: Path) -> None:
    (said,) = read(tmp_path, commitments=COMMITMENTS.replace("[exit]", "[trigger]"))
    assert said.startswith("seeds/commitments.yaml:9:16: 'trigger' is called inferred, and is not given")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"+"', '"?"', "5:12: 'sign' is the text '?'; expected one of +, -, mixed"),
        (
            "stated",
            "state",
            "6:13: 'status' is the text 'state'; expected one of aim, alleged, implied, stated",
        ),
        ("[war_length]", "[]", "10:5: 'observables' is empty; expected at least 1 entry"),
    ],
)
def test_a_mechanism_has_a_sign_and_a_status(tmp_path: Path, old: str, new: str, said: str) -> None:
    (told,) = read(tmp_path, mechanisms=MECHANISMS.replace(old, new))
    assert told.startswith(f"seeds/mechanisms.yaml:{said}")


def test_a_small_folder_need_not_declare_its_actors_and_documents(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(PAPER.split("\n", 1)[1], "utf-8")
    assert load_evidence(tmp_path).facts["shells-sent"].actors == ("NORTH",)

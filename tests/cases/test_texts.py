"""The library of treaty texts, and the lab that plays situations under other treaties' words."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from sim.analysis.docket import Docket, reworded, try_text
from sim.analysis.suite import SUITE, LoadedCase, case_files, load_case
from sim.report.docket import docket_lines
from sim.scenario.texts import load_texts, text_named
from sim.text import FoedusError
from tests.cases.written import CASE, write
from tests.cli.command import document, foedus

TEXTS = load_texts()
FILES = {path.stem: path for path in case_files(SUITE)}
TESTED = [name for name, path in FILES.items() if "\nunder_test: " in path.read_text("utf-8")]
DRAWN = [name for name in TESTED if "\ntreaty: " in FILES[name].read_text("utf-8")]
FORBIDDING = sorted(name for name, text in TEXTS.items() if "forbids" in text.model.wording)


@cache
def case(number: int) -> LoadedCase:
    return load_case(next(path for name, path in FILES.items() if name.startswith(f"{number:03}-")))


def under(number: int, text: str, runs: int = 1) -> Docket:
    return try_text(case(number), text_named(text), runs).other


def said(number: int, text: str) -> list[str]:
    return docket_lines(case(number).case, under(number, text))


def test_the_library_holds_real_treaties_and_many_cases_are_drawn_from_them() -> None:
    assert len(TEXTS) >= 50
    assert len(DRAWN) >= 30


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_says_what_it_is_and_how_it_was_checked(name: str) -> None:
    text = TEXTS[name].model
    assert re.fullmatch(r"[a-z][a-z0-9_]*", name)
    assert text.says.endswith(".")
    assert re.match("knowledge of|held against", text.checked)
    assert ("forbids" in text.wording) != ("trigger" in text.wording)


@pytest.mark.parametrize("name", TEXTS)
def test_every_text_can_take_the_place_of_any_other(name: str) -> None:
    for number in (103, 222, 382):
        own = case(number).case
        scenario, program = reworded(own, own.model.under_test or "", TEXTS[name])
        article = scenario.model.commitments["pact"].articles["article_1"]
        assert (article.forbids is not None) == (name in FORBIDDING)
        assert program.rows


@pytest.mark.parametrize("name", DRAWN)
def test_under_its_own_text_a_case_comes_out_the_same(name: str) -> None:
    loaded = load_case(FILES[name])
    assert loaded.case.text is not None
    assert not try_text(loaded, loaded.case.text).differs


def test_the_same_clash_is_a_casus_foederis_in_manila_and_none_in_seoul() -> None:
    assert not under(135, "us_philippines_4").empty
    assert under(135, "us_rok_3").empty


def test_the_same_help_honours_one_text_and_hedges_another() -> None:
    assert said(283, "russia_dprk_4")[1].endswith("materiel; honoured")
    assert said(283, "soviet_dprk_1")[1].endswith("materiel; hedged")


def test_a_claim_that_one_text_lets_through_another_leaves_to_be_believed() -> None:
    assert "claim undisputed" in said(224, "franco_russian_1")[1]
    assert "claim disputed, not recognised" in said(224, "triple_alliance_2")[1]


def test_a_pact_of_defence_reworded_as_one_of_non_aggression_is_broken_by_a_party_only() -> None:
    assert under(222, "molotov_ribbentrop_1").empty
    assert said(130, "molotov_ribbentrop_1") == ["May 1973: Iceland breaks it towards Britain"]


def test_a_docket_counts_runs() -> None:
    (call,) = under(223, "franco_soviet_2", 1_000).calls
    (answer,) = call.answers
    assert (call.events, call.calls, answer.disputed) == (1_000, 1_000, 1_000)
    books = dict(answer.books)
    assert books["declined"] == 1_000 - answer.recognised
    assert books["declined"] + books["defected"] == 1_000


def test_who_the_parties_and_their_adversaries_are_stays() -> None:
    own = case(154).case
    scenario, _ = reworded(own, "pact.article_1", TEXTS["nato_5"])
    trigger = scenario.model.commitments["pact"].articles["article_1"].trigger
    assert trigger is not None
    assert trigger.armed_attack is not None
    assert (trigger.armed_attack.by, trigger.armed_attack.scope) == (("A",), ("vessels", "islands"))


# Asked for wrongly


def test_a_text_that_is_not_there_is_named_with_the_nearest() -> None:
    with pytest.raises(FoedusError, match=r"no text 'nato_55'.*did you mean 'nato_5'"):
        text_named("nato_55")
    result = foedus("cases", "--text", "nato_55")
    assert result.exit_code == 1
    assert "did you mean 'nato_5'?" in result.stderr


@pytest.mark.parametrize(
    ("added", "expected"),
    [
        ("treaty: nato_55\nunder_test: pact.article_1\n", "5:9: the library has no text 'nato_55'"),
        ("treaty: nato_5\n", "1:1: the treaty's words have no place"),
        ("under_test: pact.article_1\n", "5:13: the scenario has no article 'pact.article_1'"),
        ("under_test: pact\n", "5:13: 'under_test' is the text 'pact'"),
    ],
)
def test_what_is_wrong_with_a_treaty_of_a_case_is_said_at_its_place(
    tmp_path: Path, added: str, expected: str
) -> None:
    path = write(tmp_path, CASE.replace("scenario:\n", f"{added}scenario:\n"))
    with pytest.raises(FoedusError) as caught:
        load_case(path)
    assert str(caught.value.diagnostics[0]).removeprefix(f"{path}:").startswith(expected)


def test_a_library_says_everything_that_is_wrong_with_it(tmp_path: Path) -> None:
    broken = tmp_path / "texts.yaml"
    broken.write_text("one: {treaty: A, yeer: 1900}\ntwo: 3\n", "utf-8")
    with pytest.raises(FoedusError) as caught:
        load_texts(broken)
    found = [str(one).removeprefix(f"{broken}:") for one in caught.value.diagnostics]
    assert any(line.startswith("1:18: unknown key 'yeer'") and "'year'" in line for line in found)
    assert any(line.startswith("2:6: ") for line in found)


# The command


def test_the_lab_prints_a_docket_and_marks_what_differs() -> None:
    result = foedus("cases", "103", "109", "--text", "us_philippines_4")
    assert result.exit_code == 0
    assert "*103" in result.stdout
    assert " 109" in result.stdout
    assert "Bland calls against Aland" in result.stdout
    assert "1 of 2 situations" in result.stdout


def test_a_program_reads_the_docket() -> None:
    found = document(foedus("cases", "103", "--text", "us_philippines_4", "--runs", "10", "--json"))
    (one,) = found["cases"]
    assert (found["text"], one["case"], one["differs"]) == ("us_philippines_4", 103, True)
    assert one["own"]["calls"] == []
    (call,) = one["other"]["calls"]
    assert (call["caller"], call["adversary"], call["events"]) == ("B", "A", 10)

"""The program that fuzzes: its inputs can be made again, and what fails is kept and told."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from benchmarks import fuzz
from benchmarks.fuzz import Corpus, main
from sim.text import Diagnostic, FoedusError, Place

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(name="kept")
def _kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(fuzz, "_KEPT", tmp_path)
    return tmp_path


def test_an_input_is_made_from_its_number_alone() -> None:
    one, other = Corpus(), Corpus()
    forward = [one.input(1, number).data for number in range(30)]
    assert [other.input(1, number).data for number in reversed(range(30))] == forward[::-1]
    assert [one.input(2, number).data for number in range(30)] != forward


def test_every_level_and_every_kind_of_file_is_damaged() -> None:
    corpus = Corpus()
    made = [corpus.input(1, number) for number in range(300)]
    assert {given.level for given in made} == {"bytes", "tokens", "tree"}
    assert {given.kind for given in made} == {"scenario", "part", "ledger"}
    sound = [given for given in made if given.data == (ROOT / given.origin).read_bytes()]
    assert len(sound) < 30


def test_some_inputs_are_tried_and_none_fails(
    kept: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """How long each takes is measured by `make fuzz` alone: here other tests share the processor."""
    monkeypatch.setattr(fuzz, "LIMIT", 5.0)
    figures = fuzz.fuzzed(3, iter(range(40)), 10)
    assert figures.failed == []
    assert sum(figures.verdicts.values()) == 40
    assert figures.verdicts["refused"] > 10
    assert not list(kept.iterdir())
    assert capsys.readouterr().err == ""
    assert "| all | 40 |" in fuzz.page(figures, 10)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ZeroDivisionError("oh"), "ZeroDivisionError: oh"),
        (FoedusError([Diagnostic(None, "somewhere")]), "without a place"),
        (FoedusError([Diagnostic(Place("elsewhere.yaml", 1, 1), "odd")]), "placed in another file"),
    ],
)
def test_what_fails_is_kept_with_the_command_that_tries_it_again(
    error: Exception,
    said: str,
    kept: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    number = next(n for n in itertools.count() if Corpus().input(1, n).kind == "scenario")

    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr(fuzz, "flagship_seconds", lambda: 1.0)
    monkeypatch.setattr(fuzz, "load_program", fails)
    assert main(["--input", str(number)]) == 1
    (file,) = kept.iterdir()
    assert file.read_bytes() == Corpus().input(1, number).data
    told = capsys.readouterr().err
    assert said in told
    assert f"python -m benchmarks.fuzz --seed 1 --input {number}" in told

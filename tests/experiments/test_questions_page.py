"""The page of questions has a line for each, with the figure that its experiment names."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.write_questions import PAGE, figures, files, page
from sim.analysis.experiments import answer, prepare
from sim.report.answers import answer_document
from sim.scenario.experiment import load_experiment
from sim.text import FoedusError
from tests.experiments.test_questions import stated
from tests.worlds import SCENARIOS

FRIENDS = SCENARIOS / "experiments" / "border-friends.yaml"


@pytest.mark.parametrize("path", files(), ids=lambda path: path.stem)
def test_every_question_has_its_line(path: Path) -> None:
    model = stated(path.stem)
    assert model.answer is not None
    assert model.answer.arm in model.arms
    assert model.answer.by in {*(model.outcomes or ()), *(model.indicators or ())}
    text = PAGE.read_text("utf-8")
    arm = model.arms[model.answer.arm]
    assert f"[{model.title}](../../scenarios/experiments/{path.name}) | {arm.title} | " in text


def test_a_page_is_made_of_answers(tmp_path: Path) -> None:
    path = tmp_path / "friends.yaml"
    base = (SCENARIOS / "border-clash.yaml").as_posix()
    text = FRIENDS.read_text("utf-8").replace("../border-clash.yaml", base)
    path.write_text(
        f"{text}  idle: {{title: Nothing at all}}\nanswer: {{arm: quiet, by: calm_at_the_end}}\n", "utf-8"
    )
    experiment = load_experiment(path)
    document = answer_document(answer(prepare(experiment), runs=300))
    made = page({"friends": document}, {"friends": experiment}, "ab")
    assert "| The bear probes twice a year | The border is calm at the end |" in made
    assert "- border-friends: Nothing at all" in made


def test_a_figure_has_points_or_a_unit() -> None:
    share = {"base": 0.1, "arm": 0.2, "difference": 0.1, "interval": [0.05, 0.15]}
    assert figures(share) == ("10%", "20%", "+10 points", "+5.0 to +15")
    mean = {**share, "unit": "rounds"}
    assert figures(mean) == ("0.1 rounds", "0.2 rounds", "+0.1", "+0.05 to +0.15")


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ("{arm: quite, by: calm_at_the_end}", "there is no 'quite'"),
        ("{arm: quiet, by: clam_at_the_end}", "there is no 'clam_at_the_end'"),
    ],
)
def test_an_answer_by_what_is_not_there_is_refused(tmp_path: Path, named: str, expected: str) -> None:
    path = tmp_path / "friends.yaml"
    base = (SCENARIOS / "border-clash.yaml").as_posix()
    text = FRIENDS.read_text("utf-8").replace("../border-clash.yaml", base)
    path.write_text(f"{text}answer: {named}\n", "utf-8")
    with pytest.raises(FoedusError, match=rf"friends.yaml:\d+:\d+: {expected}"):
        load_experiment(path)

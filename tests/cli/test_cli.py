"""The command as people and programs use it: what it prints, where, and with which exit code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import sim
from tests.cases.written import edited, write
from tests.cli.command import BROKEN, CLEAN, ESCAPE, ROOT, document, foedus
from tests.story.quarrel import QUARREL

COMMANDS = ("validate", "run", "batch", "report", "play", "replay")
pytestmark = pytest.mark.usefixtures("here")


# Help, version, wrong use


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command_shows_an_example(command: str) -> None:
    result = foedus(command, "--help")
    assert result.exit_code == 0
    assert re.search(rf"Example:\n  +foedus {command} ", result.stdout)


def test_help_names_every_command() -> None:
    result = foedus("--help")
    assert result.exit_code == 0
    assert all(re.search(rf"^  {command} ", result.stdout, re.MULTILINE) for command in COMMANDS)


def test_the_examples_of_the_help_run(here: Path) -> None:
    (here / "scenarios").symlink_to(ROOT / "scenarios")
    for command in ("validate", "run", "batch", "report"):
        examples = re.findall(r"^ +foedus (.*)$", foedus(command, "--help").stdout, re.MULTILINE)
        assert examples
        for example in examples:
            result = foedus(*example.split())
            assert result.exit_code == 0, (example, result.output)


def test_the_version_is_shown() -> None:
    result = foedus("--version")
    assert (result.exit_code, result.stdout) == (0, f"foedus {sim.__version__}\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("validat",), "Did you mean 'validate'?"),
        (("run", "x.yaml", "--sede", "3"), "--seed"),
        (("run",), "SCENARIO"),
        (("run", "x.yaml", "--seed", "-1"), "--seed"),
        (("run", "x.yaml", "--seed", str(2**32)), "--seed"),
        (("run", "x.yaml", "--seed", "seven"), "--seed"),
        (("run", "x.yaml", "--run", str(2**34)), "--run"),
        (("run", "x.yaml", "--turns", "0"), "--turns"),
        (("batch", "x.yaml"), "--runs"),
        (("batch", "x.yaml", "--runs", "0"), "--runs"),
        (("batch", "x.yaml", "--runs", "3", "--workers", "0"), "--workers"),
        (("validate",), "SCENARIO"),
        (("report",), "DIR"),
        ((), "Usage"),
    ],
)
def test_wrong_use_is_explained_and_ends_with_2(arguments: tuple[str, ...], said: str) -> None:
    result = foedus(*arguments)
    assert result.exit_code == 2
    assert said in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run", "good.yaml", "--seed", "seven", "--json"), "--seed"),
        (("validate", "--json"), "SCENARIO"),
        (("batch", "good.yaml", "--json"), "--runs"),
        (("explain", "--json", "good.yaml", "--turn", "1", "--trun", "2"), "--trun"),
        (("nonsense", "--json"), "nonsense"),
    ],
)
def test_wrong_use_is_told_to_programs_in_json(arguments: tuple[str, ...], said: str) -> None:
    result = foedus(*arguments)
    assert result.exit_code == 2
    found = document(result)
    assert found["ok"] is False
    (diagnostic,) = found["diagnostics"]
    assert (diagnostic["code"], diagnostic["file"]) == ("usage", None)
    assert said in diagnostic["message"]
    assert said in result.stderr


# validate


def test_a_scenario_in_order_is_summed_up_in_a_line() -> None:
    result = foedus("validate", "clean.yaml")
    assert result.exit_code == 0
    assert result.stderr == ""
    assert result.stdout == (
        "clean.yaml: ok: first-steps, 24 turns of a month, 2 actors, 1 parameter, 2 decisions, 1 outcome; "
        "9 values: 100% assumed\n"
    )


def test_what_is_doubtful_is_shown_with_its_place_and_is_no_error() -> None:
    result = foedus("validate", "good.yaml")
    assert result.exit_code == 0
    assert result.stdout == (
        "good.yaml: ok: quarrel, 12 turns of a month, 2 actors, 1 parameter, 9 decisions, 2 outcomes; "
        "23 values: 4% assumed, 96% ungraded\n"
    )
    lines = result.stderr.splitlines()
    assert all(re.match(r"good\.yaml:\d+:\d+: warning: .+; .+", line) for line in lines)
    assert "good.yaml:34:7: warning: this rule does nothing; give it an effect, or take it out" in lines


def test_who_wants_it_strict_ends_with_1_on_a_warning() -> None:
    assert foedus("validate", "good.yaml", "--strict").exit_code == 1
    assert foedus("validate", "clean.yaml", "--strict").exit_code == 0


def test_a_probe_says_that_it_was_one_and_warns_in_the_same_form(here: Path) -> None:
    text = CLEAN.replace("utility: 1 - patience", "utility: -9 - patience")
    (here / "lopsided.yaml").write_text(text, "utf-8")
    result = foedus("validate", "lopsided.yaml", "--probe")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[1:] == ["lopsided.yaml: probed: 200 runs of seed 0 were played"]
    place = next(number for number, line in enumerate(text.splitlines(), 1) if "firm: {" in line)
    assert result.stderr.startswith(
        f"lopsided.yaml:{place}:11: warning: this option was never chosen in 200 runs;"
    )
    found = document(foedus("validate", "lopsided.yaml", "--probe", "--json"))
    assert found["files"][0]["probe"] == {"runs": 200, "seed": 0}
    assert found["diagnostics"][0]["code"] == "probe-never-chosen"
    assert "probe" not in document(foedus("validate", "lopsided.yaml", "--json"))["files"][0]


def test_a_probe_that_cannot_be_played_is_an_error() -> None:
    result = foedus("validate", "stuck.yaml", "--probe")
    assert result.exit_code == 1
    assert "division by zero" in result.stderr
    assert foedus("validate", "stuck.yaml").exit_code == 0


@pytest.mark.parametrize("command", [("run",), ("batch", "--runs", "2", "--out", "some")])
def test_warnings_keep_nobody_from_playing(command: tuple[str, ...]) -> None:
    result = foedus(*command, "good.yaml")
    assert (result.exit_code, result.stderr) == (0, "")


def test_all_errors_of_all_files_are_shown_with_their_places(here: Path) -> None:
    (here / "worse.yaml").write_text("foedus: 1\nid: [\n", "utf-8")
    result = foedus("validate", "broken.yaml", "clean.yaml", "missing.yaml", "worse.yaml")
    assert result.exit_code == 1
    assert result.stdout.startswith("clean.yaml: ok")
    lines = result.stderr.splitlines()
    assert len(lines) >= 4
    assert all(re.match(r"(broken|missing|worse)\.yaml:\d+:\d+: .+", line) for line in lines)
    for wrong, right in (("chanse", "chance"), ("temprature", "temperature")):
        number = next(number for number, line in enumerate(BROKEN.splitlines(), 1) if wrong in line)
        said = next(line for line in lines if line.startswith(f"broken.yaml:{number}:") and wrong in line)
        assert said.endswith(f"did you mean '{right}'?")
    assert "missing.yaml:1:1: there is no such file" in lines


@pytest.mark.parametrize("command", ["validate", "run"])
def test_faults_of_form_do_not_hide_faults_of_meaning(command: str) -> None:
    result = foedus(command, str(ROOT / "tests" / "broken" / "form-and-meaning.yaml"))
    assert result.exit_code == 1
    assert "unknown key 'chanse'" in result.stderr
    assert "unknown name 'clam'" in result.stderr


def test_an_error_that_two_scenarios_inherit_is_shown_once(here: Path) -> None:
    for name in ("one", "two"):
        (here / f"{name}.yaml").write_text("extends: broken.yaml\n", "utf-8")
    assert foedus("validate", "one.yaml", "two.yaml").stderr == foedus("validate", "broken.yaml").stderr


def test_cases_are_checked_like_scenarios(here: Path) -> None:
    write(here)
    write(here, edited(("strength[A] > 0.7", "strenth[A] > 0.7"), ("case: 1", "case: 2")), "002-wrong.yaml")
    result = foedus("validate", "001-strength.yaml", "002-wrong.yaml", "clean.yaml")
    assert result.exit_code == 1
    first, second = result.stdout.splitlines()
    assert first == ("001-strength.yaml: ok: case 1, sequence of play, 2 expectations; foedus cases plays it")
    assert second.startswith("clean.yaml: ok: first-steps")
    assert result.stderr.startswith("002-wrong.yaml:16:22: unknown name 'strenth'")
    held = document(foedus("validate", "001-strength.yaml", "--json"))["files"]
    assert held == [
        {
            "file": "001-strength.yaml",
            "ok": True,
            "case": 1,
            "title": "Strength grows",
            "family": "sequence_of_play",
            "turns": 2,
        }
    ]


@pytest.mark.parametrize("option", [("--probe",), ("--doctrine", "A=bold")])
def test_what_only_scenarios_have_is_not_asked_of_a_case(here: Path, option: tuple[str, ...]) -> None:
    write(here)
    result = foedus("validate", "001-strength.yaml", *option)
    assert result.exit_code == 1
    assert result.stderr == (
        "001-strength.yaml:1:1: a case takes no --doctrine, --python or --probe; expected a scenario\n"
    )


def test_validate_answers_programs_in_json() -> None:
    good, broken = foedus("validate", "good.yaml", "--json"), foedus("validate", "broken.yaml", "--json")
    assert (good.exit_code, broken.exit_code) == (0, 1)
    found = document(good)
    assert found["ok"] is True
    assert {diagnostic["severity"] for diagnostic in found["diagnostics"]} == {"warning"}
    assert all(diagnostic["advice"] for diagnostic in found["diagnostics"])
    assert document(foedus("validate", "clean.yaml", "--json"))["diagnostics"] == []
    entry = found["files"][0]
    assert entry["grades"] == {"measured": 0, "informed": 0, "assumed": 1, "ungraded": 22}
    numbers = {name: entry[name] for name in ("turns", "actors", "parameters", "decisions", "outcomes")}
    assert numbers == {"turns": 12, "actors": 2, "parameters": 1, "decisions": 9, "outcomes": 2}
    assert entry["hash"] == sim.load("good.yaml").hash
    found = document(broken)
    assert found["ok"] is False
    assert found["files"] == [{"file": "broken.yaml", "ok": False}]
    for diagnostic in found["diagnostics"]:
        assert set(diagnostic) == {
            "file",
            "line",
            "column",
            "severity",
            "code",
            "message",
            "expected",
            "suggestion",
            "advice",
        }
        assert diagnostic["file"] == "broken.yaml"
        assert diagnostic["line"] > 1
        assert diagnostic["severity"] == "error"


def test_options_inherit_the_grade_of_their_choice_and_pairs_that_of_their_relation(here: Path) -> None:
    graded = QUARREL.replace("        temperature: 1\n", "        temperature: 1\n        assumed: a guess\n")
    graded = graded.replace("trust: {default", "trust: {assumed: a guess, default")
    (here / "graded.yaml").write_text(graded, "utf-8")
    assert document(foedus("validate", "graded.yaml", "--json"))["files"][0]["grades"]["assumed"] == 1 + 3 + 2


# What is wrong with the input is no reason for a traceback


@pytest.mark.parametrize("command", [("validate",), ("run",), ("batch", "--runs", "2")])
@pytest.mark.parametrize(
    "path", ["missing.yaml", "broken.yaml", ".", "empty.yaml", "binary.yaml", "list.yaml"]
)
def test_a_bad_file_is_explained_and_ends_with_1(here: Path, command: tuple[str, ...], path: str) -> None:
    (here / "empty.yaml").touch()
    (here / "binary.yaml").write_bytes(bytes(range(256)))
    (here / "list.yaml").write_text("- 1\n", "utf-8")
    result = foedus(*command, path)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert re.match(rf"{re.escape(path)}:\d+:\d+: ", result.stderr)
    assert "Traceback" not in result.output
    assert sorted(entry.name for entry in here.iterdir() if entry.is_dir()) == []


@pytest.mark.parametrize("command", [("run",), ("batch", "--runs", "2")])
def test_a_value_that_cannot_be_computed_is_explained(here: Path, command: tuple[str, ...]) -> None:
    result = foedus(*command, "stuck.yaml")
    assert result.exit_code == 1
    assert re.fullmatch(
        r"stuck\.yaml:\d+:\d+: division by zero in the indicator oil: run 0, turn 4 \(Apr 2030\)\n",
        result.stderr,
    )
    assert not (here / "runs").exists()


@pytest.mark.parametrize("command", [("run",), ("batch", "--runs", "2")])
def test_a_failure_is_one_document_for_programs(command: tuple[str, ...]) -> None:
    result = foedus(*command, "stuck.yaml", "--json")
    assert result.exit_code == 1
    found = document(result)
    assert found["ok"] is False
    assert found["diagnostics"][0]["code"] == "while-running"


def test_escape_codes_are_shown_as_text(here: Path) -> None:
    (here / "odd.yaml").write_text(QUARREL.replace("A quarrel", r'"A \e[31mquarrel"'), "utf-8")
    odd = f"odd{ESCAPE}[31m"
    (here / odd).write_text("a: [", "utf-8")
    for arguments in (
        ("validate", "odd.yaml"),
        ("validate", odd),
        ("run", f"missing{ESCAPE}[31m.yaml"),
        ("batch", "good.yaml", "--runs", "8", "--out", f"kept{ESCAPE}[31m"),
        ("batch", "good.yaml", "--runs", "8", "--out", f"kept{ESCAPE}[31m"),
        ("report", f"kept{ESCAPE}[31m"),
        ("report", f"missing{ESCAPE}[31m"),
        (f"valid{ESCAPE}[31m",),
        ("run", "good.yaml", f"--{ESCAPE}[31m"),
    ):
        result = foedus(*arguments)
        assert ESCAPE not in result.output, arguments
        assert r"\x1b" in result.output or "U+001B" in result.output, arguments


# run


def test_a_run_is_told_turn_by_turn() -> None:
    result = foedus("run", "good.yaml", "--seed", "11", "--run", "3")
    assert result.exit_code == 0
    model = sim.Model(sim.load("good.yaml"), runs=[3], seed=11, trace=True)
    lines = ["A quarrel: seed 11, run 3"]
    for told in sim.story(model):
        lines += ["", told.heading, *(f"  {sentence}" for sentence in told.sentences)]
        if not told.sentences:
            lines.append("  Nothing of note.")
    assert result.stdout.splitlines()[: len(lines)] == lines
    rest = result.stdout.splitlines()[len(lines) :]
    assert rest[:2] == ["", "Outcomes"]
    for outcome in model.program.outcomes:
        turn = int(model[f"outcome.{outcome.id}"][0])
        said = f"  {model.program.clock.label(turn)}: {outcome.title}." if turn else outcome.title
        assert any(said in line for line in rest)


def test_a_run_can_be_cut_short() -> None:
    result = foedus("run", "good.yaml", "--seed", "11", "--turns", "2")
    assert result.exit_code == 0
    assert re.findall(r"\(turn (\d+)\)", result.stdout) == ["1", "2"]
    assert "Not after 2 turns: " in result.stdout
    assert foedus("run", "good.yaml", "--turns", "99").stdout == foedus("run", "good.yaml").stdout


def test_verbose_tells_more() -> None:
    quiet = foedus("run", "good.yaml", "--seed", "11").stdout.splitlines()
    loud = foedus("run", "good.yaml", "--seed", "11", "--verbose").stdout.splitlines()
    assert len(loud) > len(quiet)
    assert set(quiet) - {"  Nothing of note."} <= set(loud)


def test_run_answers_programs_in_json() -> None:
    found = document(foedus("run", "good.yaml", "--seed", "11", "--run", "3", "--json"))
    model = sim.Model(sim.load("good.yaml"), runs=[3], seed=11)
    hashes = []
    model.play(observe=lambda state: hashes.append(state.hash()))
    assert (found["ok"], found["id"], found["seed"], found["run"]) == (True, "quarrel", 11, 3)
    assert [turn["hash"] for turn in found["turns"]] == hashes
    for turn in found["turns"]:
        for sentence in turn["sentences"]:
            assert set(sentence) == {"actor", "text", "kind", "detail", "about"}
    assert found["outcomes"] == {
        outcome.id: int(model[f"outcome.{outcome.id}"][0]) or None for outcome in model.program.outcomes
    }
    assert found["indicators"]["oil"] == model["oil"][0]


# batch and report


def test_a_batch_is_counted_and_kept() -> None:
    result = foedus("batch", "good.yaml", "--runs", "300", "--seed", "11", "--out", "kept/here")
    assert result.exit_code == 0
    assert result.stderr == ""
    kept = sim.read_batch("kept/here")
    for outcome in kept.manifest.outcomes:
        line = next(line for line in result.stdout.splitlines() if outcome.title in line)
        assert f"{outcome.happened:,}" in line
    assert result.stdout.splitlines()[-1] == "written to kept/here"


def test_a_batch_has_a_name_of_its_own() -> None:
    result = foedus("batch", "good.yaml", "--runs", "5", "--seed", "9")
    assert result.stdout.splitlines()[-1] == f"written to {Path('runs') / 'quarrel-seed-9'}"
    assert sim.read_batch("runs/quarrel-seed-9").manifest.runs == 5


def test_an_older_batch_gives_way_to_force_only() -> None:
    arguments = ("batch", "good.yaml", "--seed", "1", "--out", "kept")
    assert foedus(*arguments, "--runs", "5").exit_code == 0
    refused = foedus(*arguments, "--runs", "6")
    assert refused.exit_code == 1
    assert "--force" in refused.stderr
    assert sim.read_batch("kept").manifest.runs == 5
    assert foedus(*arguments, "--runs", "6", "--force").exit_code == 0
    assert sim.read_batch("kept").manifest.runs == 6


def test_batch_and_report_answer_programs_in_json(here: Path) -> None:
    found = document(foedus("batch", "good.yaml", "--runs", "40", "--seed", "11", "--out", "kept", "--json"))
    kept = sim.read_batch("kept")
    assert (found["ok"], found["runs"], found["seed"], found["digest"]) == (
        True,
        40,
        11,
        kept.manifest.digest,
    )
    assert Path(found["directory"]) == here / "kept"
    counts = {outcome["id"]: outcome["happened"] for outcome in found["outcomes"]}
    assert counts == {outcome.id: outcome.happened for outcome in kept.manifest.outcomes}
    page = document(foedus("report", "kept", "--json"))
    assert page["ok"] is True
    assert "<html" in Path(page["page"]).read_text("utf-8")


def test_a_report_names_its_page() -> None:
    foedus("batch", "good.yaml", "--runs", "40", "--seed", "11", "--out", "kept")
    result = foedus("report", "kept")
    assert result.exit_code == 0
    assert Path(result.stdout.strip()).is_file()


@pytest.mark.parametrize("name", ["missing", "good.yaml", "empty"])
def test_a_report_of_what_is_no_batch_is_refused(here: Path, name: str) -> None:
    (here / "empty").mkdir()
    result = foedus("report", name)
    assert result.exit_code == 1
    assert name in result.stderr
    assert result.stdout == ""

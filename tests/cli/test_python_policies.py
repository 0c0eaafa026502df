"""Policies written in Python on the command line: only by the flag, and told in every result."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import sim
from tests.cli.command import document, foedus, on_a_terminal, process

HAWK = """
import sys
from sim import Chosen, Policy

print("imported", file=sys.stderr)

class Hawk(Policy):
    id = "hawk"
    takes = ("WEST/answer",)

    def decide(self, view):
        return Chosen("firm")

class Herd(Policy):
    id = "herd"
    takes = ("WEST/answer",)

    def decide(self, view):
        return Chosen("firm" if view["alarm"].mean() > 0.3 else "calm")

class Blind(Policy):
    id = "blind"
    takes = ("WEST/answer",)

    def decide(self, view):
        return Chosen(view["alram"])
"""
pytestmark = pytest.mark.usefixtures("here")


@pytest.fixture(autouse=True)
def _hawk(here: Path) -> Iterator[None]:
    (here / "hawk_mod.py").write_text(HAWK, "utf-8")
    path = sys.path.copy()
    yield
    sys.path[:] = path
    sys.modules.pop("hawk_mod", None)


def test_without_the_flag_no_python_is_run() -> None:
    for command in (("run", "good.yaml"), ("validate", "good.yaml"), ("batch", "good.yaml", "--runs", "2")):
        result = foedus(*command)
        assert result.exit_code == 0
        assert "imported" not in result.stderr
    assert "hawk_mod" not in sys.modules


def test_run_tells_what_the_policy_decided() -> None:
    result = foedus("run", "good.yaml", "--python", "hawk_mod:Hawk", "--turns", "1")
    assert result.exit_code == 0
    assert "Decided in Python: hawk: hawk_mod:Hawk(); takes WEST/answer; source " in result.stdout
    assert "Westland mans the border: decided by policy hawk." in result.stdout


def test_runs_json_names_the_policy_and_its_source() -> None:
    found = document(foedus("run", "good.yaml", "--python", "hawk_mod:Hawk", "--json"))
    (policy,) = found["policies"]
    assert (policy["id"], policy["module"], policy["name"]) == ("hawk", "hawk_mod", "Hawk")
    assert len(policy["source"]) == 32
    assert document(foedus("run", "good.yaml", "--json"))["policies"] == []


def test_explain_tells_who_decided() -> None:
    arguments = ("explain", "good.yaml", "--turn", "2", "--actor", "WEST", "--python", "hawk_mod:Hawk")
    result = foedus(*arguments)
    assert result.exit_code == 0
    assert "Westland: answer: chose firm" in result.stdout
    assert "decided by policy hawk (hawk_mod:Hawk)" in result.stdout


def test_a_batch_is_the_same_on_workers_and_its_certificate_names_the_policy(here: Path) -> None:
    digests = []
    for workers in ("1", "2"):
        done = process(
            *("batch", "good.yaml", "--runs", "600", "--workers", workers, "--out", f"w{workers}"),
            *("--python", "hawk_mod:Hawk", "--json"),
            cwd=here,
        )
        assert done.returncode == 0, done.stderr
        found = json.loads(done.stdout)
        assert found["policies"][0]["name"] == "Hawk"
        digests.append(found["digest"])
    assert digests[0] == digests[1]
    (record,) = sim.read_batch(here / "w2").manifest.policies
    assert (record.module, record.name) == ("hawk_mod", "Hawk")
    assert foedus("report", "w2").exit_code == 0
    assert "hawk_mod:Hawk" in (here / "w2" / "report.html").read_text("utf-8")


def test_the_command_finds_modules_of_the_current_folder_but_no_library_there(here: Path) -> None:
    (here / "numpy.py").write_text("raise RuntimeError('not this one')", "utf-8")
    command = Path(sys.executable).with_name("foedus")
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [command, "run", "good.yaml", "--turns", "1", "--python", "hawk_mod:Hawk"],
        cwd=here,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "decided by policy hawk" in done.stdout


def test_validate_tries_whether_a_policy_decides_each_run_on_its_own() -> None:
    assert foedus("validate", "good.yaml", "--python", "hawk_mod:Hawk").exit_code == 0
    result = foedus("validate", "good.yaml", "--python", "hawk_mod:Herd")
    assert result.exit_code == 1
    assert "hawk_mod.py:18:1: policy herd (hawk_mod:Herd), deciding WEST/answer in turn" in result.stderr
    assert "says something else of run" in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize("command", ["run", "explain", "batch", "validate"])
@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("hawk_md", "there is no module and no installed policy 'hawk_md'"),
        ("hawk_mod:Hwak", "has no 'Hwak'; expected one of Hawk, Herd, Blind; did you mean 'Hawk'"),
        ("hawk_mod", "takes WEST/answer, and so does policy"),
        ("hawk_mod:Blind", "hawk_mod.py:26:23: policy blind (hawk_mod:Blind), deciding WEST/answer in"),
        ("hawk_mod:Blind", "asks for 'alram' as WEST: unknown name 'alram'"),
    ],
)
def test_bad_policies_are_told_and_end_with_1(command: str, name: str, told: str) -> None:
    more = {"explain": ("--turn", "2"), "batch": ("--runs", "3")}.get(command, ())
    result = foedus(command, "good.yaml", *more, "--python", name)
    assert result.exit_code == 1
    assert told in result.stderr
    assert "Traceback" not in result.output
    as_json = document(foedus(command, "good.yaml", *more, "--python", name, "--json"))
    assert as_json["ok"] is False
    assert as_json["diagnostics"][0]["code"] == "policy"
    assert not Path("runs").exists()


def test_play_shows_a_run_with_the_policy(here: Path) -> None:
    code, said = on_a_terminal("play", "good.yaml", "--python", "hawk_mod:Hwak", cwd=here)
    assert code == 1
    assert "has no 'Hwak'" in said


def test_every_command_that_plays_has_the_flag() -> None:
    for command in ("validate", "run", "explain", "batch", "play"):
        assert "--python" in foedus(command, "--help").stdout

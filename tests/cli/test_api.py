"""The public names of `sim`: what they are, and that asking for them is what loads them."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import FunctionType

import pytest

import sim

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("altair", "mesa", "numpy", "pandas", "polars", "pydantic", "scipy", "textual")


def loaded(code: str) -> set[str]:
    """Heavy packages that a fresh Python has loaded after running the code."""
    script = f"import sys\n{code}\nprint('loaded:', *(name for name in {HEAVY!r} if name in sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.splitlines()[-1].split()[1:])


def test_loading_tells_of_faults_of_form_and_of_meaning_at_once() -> None:
    with pytest.raises(sim.FoedusError) as caught:
        sim.load(ROOT / "tests" / "broken" / "form-and-meaning.yaml")
    said = [str(found) for found in caught.value.diagnostics]
    assert any("unknown key" in line for line in said)
    assert any("unknown name" in line for line in said)


def test_the_public_names_are_these() -> None:
    assert sorted(sim.__all__) == [
        "Against",
        "Answer",
        "BatchResult",
        "Chance",
        "Chosen",
        "Diagnostic",
        "Difference",
        "Entry",
        "Explanation",
        "Fan",
        "Fires",
        "FlowState",
        "FoedusError",
        "Forecaster",
        "Futures",
        "Game",
        "GivenUpError",
        "KINDS",
        "Known",
        "Line",
        "Link",
        "Matter",
        "Model",
        "Moment",
        "Order",
        "PactState",
        "Policy",
        "PolicyRecord",
        "Probability",
        "Program",
        "RESULTS_VERSION",
        "Rate",
        "RegimeState",
        "Replay",
        "Saving",
        "Scenario",
        "SeatOption",
        "Sending",
        "Sentence",
        "Snapshot",
        "State",
        "Told",
        "Utilities",
        "View",
        "__version__",
        "against",
        "among",
        "check_policies",
        "cited_facts",
        "coming_up",
        "compile_scenario",
        "crises",
        "debrief",
        "decisions_here",
        "difference",
        "entry_text",
        "explain",
        "explained",
        "fact_lines",
        "files_behind",
        "find_warnings",
        "first_difference",
        "flows",
        "free_directory",
        "knowledge",
        "ladder",
        "links",
        "load",
        "load_policies",
        "load_scenario",
        "matters",
        "nearest",
        "open_run",
        "outcome_table",
        "pacts",
        "pairs",
        "plain_number",
        "printable",
        "quoted",
        "read_batch",
        "read_manifest",
        "regimes",
        "resume",
        "run_batch",
        "send",
        "sending",
        "session_path",
        "story",
        "tell",
        "why_here",
        "with_unit",
        "write_batch",
        "write_report",
        "write_session",
        "write_text",
    ]


@pytest.mark.parametrize("name", sim.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(sim, name) is not None


@pytest.mark.parametrize("name", sorted(set(sim.__all__) - {"__version__", "RESULTS_VERSION"}))
def test_every_public_name_says_what_it_is(name: str) -> None:
    told = getattr(sim, name).__doc__
    assert told
    assert not told.startswith(f"{name}(")  # what a dataclass says of itself


@pytest.mark.parametrize(
    "name",
    "Model load load_scenario load_policies check_policies compile_scenario explain explained"
    " run_batch read_batch write_batch write_report".split(),
)
def test_what_may_refuse_its_input_says_so(name: str) -> None:
    told = inspect.getdoc(getattr(sim, name)) or ""
    assert "FoedusError: " in told.partition("Raises:")[2]


@pytest.mark.parametrize("name", ["View", "Model"])
def test_every_array_says_its_shape(name: str) -> None:
    kind = getattr(sim, name)
    members = {own: getattr(part, "fget", part) for own, part in vars(kind).items() if own[:1] != "_"}
    members["__getitem__"] = vars(kind)["__getitem__"]
    arrays = [
        member
        for member in members.values()
        if isinstance(member, FunctionType)
        and re.search("NDArray|Floats|Truths|Ints", str(member.__annotations__.get("return")))
    ]
    assert arrays
    for member in arrays:
        told = " ".join((inspect.getdoc(member) or "").split())
        assert re.search(r"`\((\w+, )?runs,?\)`", told), member.__qualname__


def test_types_and_values_are_found_in_the_same_places() -> None:
    """What a type checker is told and what is imported must not drift apart."""
    tree = ast.parse((ROOT / "sim" / "__init__.py").read_text("utf-8"))
    told = {
        alias.name: node.module
        for branch in ast.walk(tree)
        if isinstance(branch, ast.If)
        for node in branch.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert told == sim._HOME_OF
    assert set(sim.__all__) == {*told, "load", "__version__"}


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'modle'"):
        sim.modle  # noqa: B018


def test_all_names_are_listed() -> None:
    assert set(sim.__all__) <= set(dir(sim))


def test_the_version_is_that_of_the_distribution() -> None:
    assert (
        sim.__version__ == tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    )


def test_importing_sim_loads_nothing_heavy() -> None:
    assert loaded("import sim") == set()


def test_checking_a_scenario_loads_no_mesa() -> None:
    heavy = loaded("import sim; sim.load('scenarios/first-steps.yaml')")
    assert heavy.isdisjoint({"mesa", "pandas", "polars", "altair", "textual"})


def test_help_loads_nothing_heavy() -> None:
    code = "sys.argv = ['foedus', '--help']\nfrom sim.cli import main\ntry: main()\nexcept SystemExit: pass"
    assert loaded(code) == set()


def test_a_loaded_scenario_can_be_played() -> None:
    program = sim.load(ROOT / "scenarios" / "first-steps.yaml")
    model = sim.Model(program, runs=3, seed=7).play()
    assert model["patience[SOUTH]"].shape == (3,)

"""The house is in order: what the README promises is there, and nothing of one person's machine is."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
ORACLE = ROOT / "tests" / "oracle"

# Put together here, so that this file passes its own test.
HOME = re.compile(r"(?<![\w.~-])/(?:home|root|Users|work)/")
REGISTRY = re.compile("index" + r"-url|(?:py" + r"pi|python" + r"hosted)\.org|registry\.npm", re.IGNORECASE)


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def project() -> dict[str, Any]:
    return tomllib.loads(read("pyproject.toml"))


def repository_files() -> list[Path]:
    """Every file git tracks, or would if it were added now."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def lines_matching(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in repository_files()
        for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1)
        if pattern.search(line)
    ]


def recipes() -> dict[str, str]:
    """Target -> the commands under it, from the Makefile."""
    found: dict[str, str] = {}
    target = ""
    for line in read("Makefile").splitlines():
        if match := re.match(r"([a-z]+):(?!=)", line):
            target = match[1]
            found[target] = ""
        elif target and line.startswith("\t"):
            found[target] += line.strip() + "\n"
        else:
            target = ""
    return found


def pins() -> dict[str, str]:
    lines = [line for line in read("constraints.txt").splitlines() if not line.startswith("#")]
    return dict(line.split("==") for line in lines)


def test_every_make_command_of_the_readme_is_in_the_makefile() -> None:
    told = set(re.findall(r"(?:^|`)make ([a-z]+)", read("README.md"), re.MULTILINE))
    assert {"run", "test"} <= told
    assert told <= recipes().keys()


def test_the_readme_tells_every_make_command() -> None:
    told = set(re.findall(r"\| `make ([a-z]+)`", read("README.md")))
    assert told == recipes().keys() - {"help"}


def test_make_run_validates_plays_and_reports_one_scenario() -> None:
    verbs = re.findall(r"foedus (\w+)", recipes()["run"])
    assert verbs == ["validate", "batch", "report"]


def test_the_links_of_the_readme_lead_somewhere() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", read("README.md"))
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_ci_runs_the_checks_and_the_tests() -> None:
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    commands = script.read_text("utf-8").splitlines()
    assert "set -euo pipefail" in commands
    assert commands[-2:] == ["make check", "make test"]


def test_no_file_names_a_folder_of_somebodys_machine() -> None:
    assert lines_matching(HOME) == []


def test_no_file_names_a_package_registry() -> None:
    assert lines_matching(REGISTRY) == []


@pytest.mark.parametrize("folder", ["home", "root", "Users", "work"])
def test_a_machines_folder_is_told_from_other_paths(folder: str) -> None:
    assert HOME.search(f"in '/{folder}/ann/x'")
    assert not HOME.search(f"https://example.org/{folder}/news, src/{folder}/x and ~/{folder}/x")


def test_every_package_is_pinned_to_one_version() -> None:
    lines = [line for line in read("constraints.txt").splitlines() if not line.startswith("#")]
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+", line)] == []
    names = [canonicalize_name(name) for name in pins()]
    assert len(names) == len(set(names)) == len(lines)


def test_the_pins_are_within_the_bounds_of_every_dependency() -> None:
    metadata = project()["project"]
    required = [*metadata["dependencies"], *metadata["optional-dependencies"]["dev"]]
    pinned = {canonicalize_name(name): version for name, version in pins().items()}
    for requirement in map(Requirement, required):
        assert ">=" in str(requirement.specifier), f"{requirement.name} has no lower bound"
        assert requirement.specifier.contains(pinned[canonicalize_name(requirement.name)]), str(requirement)


def test_the_distribution_is_foedus_and_so_is_its_command() -> None:
    metadata = project()["project"]
    assert metadata["name"] == "foedus"
    assert metadata["scripts"] == {"foedus": "sim.cli:main"}
    assert metadata["requires-python"] == ">=3.11"
    assert metadata["license"] == "Apache-2.0"
    assert "Apache License" in read("LICENSE")


def test_both_packages_are_shipped_and_typed() -> None:
    packages = project()["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert packages == ["sim", "tui"]
    for package in packages:
        assert (ROOT / package / "py.typed").is_file()
        assert ast.get_docstring(ast.parse(read(f"{package}/__init__.py")))


def test_every_room_has_its_place_in_the_order_of_imports() -> None:
    contracts = {contract["id"]: contract for contract in project()["tool"]["importlinter"]["contracts"]}
    layers = contracts["rooms"]["layers"]
    assert layers[0] == "cli"
    assert sorted(layers) == sorted(path.parent.name for path in (ROOT / "sim").glob("*/__init__.py"))
    private = {f"sim.{room}" for room in layers[1:]}
    assert set(contracts["tui"]["forbidden_modules"]) == private
    assert set(contracts["no-upward"]["source_modules"]) == private


def test_results_and_the_environment_stay_out_of_the_repository() -> None:
    for made in (
        "runs/pyongyang-hanoi-2024/report.html",
        ".venv/bin/foedus",
        ".mypy_cache/x",
        "sim/__pycache__/x.pyc",
    ):
        assert subprocess.run(["git", "check-ignore", "-q", made], cwd=ROOT, check=False).returncode == 0, (
            made
        )
    assert (
        subprocess.run(["git", "check-ignore", "-q", "sim/cli/command.py"], cwd=ROOT, check=False).returncode
        == 1
    )


def test_the_changelog_names_the_results_version() -> None:
    changelog = read("CHANGELOG.md")
    assert "\n## [Unreleased]\n" in changelog
    assert re.search(r"^Results version: \d+\.$", changelog, re.MULTILINE)


def imported_modules(source: str, module: str) -> set[str]:
    """Dotted names that the module's text imports, at whatever depth, relative ones resolved."""
    package = module.split(".")[:-1]
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            parent = ".".join([*base, *([node.module] if node.module else [])])
            found |= {f"{parent}.{alias.name}" for alias in node.names}
    return found


def foreign_to_the_oracle(source: str, module: str) -> list[str]:
    """Imports that would have the oracle share code with what it checks."""
    own = ("sim.text", "sim.scenario", "tests.oracle")
    watched = {
        "sim",
        "tui",
        "tests",
        "benchmarks",
        "scripts",
        "numpy",
        "scipy",
        "mesa",
        "polars",
        "pandas",
        "numba",
    }
    return sorted(
        name
        for name in imported_modules(source, module)
        if name.split(".")[0] in watched
        and not any(name == room or name.startswith(f"{room}.") for room in own)
    )


def test_the_oracle_shares_no_code_with_what_it_checks() -> None:
    modules = sorted(ORACLE.rglob("*.py"))
    assert modules
    for path in modules:
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        assert foreign_to_the_oracle(path.read_text("utf-8"), name) == [], name


@pytest.mark.parametrize(
    "line",
    [
        "import numpy as np",
        "from numpy import exp",
        "from sim.engine.arithmetic import exp",
        "from sim import engine",
        "import sim",
        "import sim.compile.program",
        "from ..engine import worlds",
        "def f():\n    from sim.compile import program",
    ],
)
def test_an_oracle_that_borrows_is_found_out(line: str) -> None:
    assert foreign_to_the_oracle(line, "tests.oracle.turn")


def test_an_oracle_may_read_scenarios_and_itself() -> None:
    source = (
        "import math\nfrom sim.text import Place\nfrom sim.scenario.models import Actor\nfrom . import rules"
    )
    assert foreign_to_the_oracle(source, "tests.oracle.turn") == []

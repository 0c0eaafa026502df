"""Policies written in Python found by name, and only by one that is given."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sim.engine.model import Model
from sim.engine.policy_loading import load_policies
from sim.text import FoedusError
from tests.policy.policies import Keen
from tests.worlds import shipped

Write = Callable[[str, str], None]

GOOD = """
from dataclasses import dataclass
from sim import Chosen, Policy

@dataclass(frozen=True)
class Calm(Policy):
    option: str = "calm"
    id = "calm"
    takes = ("SOUTH/answer",)

    def decide(self, view):
        return Chosen(self.option)

class Unfinished(Policy):
    id = "unfinished"
    takes = ("SOUTH/answer",)

word = "calm"
"""
INSTALLED = """Metadata-Version: 2.1
Name: some-policies
Version: 1.2
"""
ENTRIES = """[foedus.policies]
calm = {module}:Calm
lost = {module}:Clam
gone = no_such_package:Calm
"""


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Write]:
    """Writes modules that can be imported from here, and forgets them."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.chdir(tmp_path)
    before = set(sys.modules)

    def written(name: str, text: str) -> None:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")

    yield written
    for name in set(sys.modules) - before:
        del sys.modules[name]


def refused(*names: str) -> list[str]:
    with pytest.raises(FoedusError) as caught:
        load_policies(*names)
    assert {found.code for found in caught.value.diagnostics} == {"policy"}
    return [str(found) for found in caught.value.diagnostics]


def test_a_module_stands_for_all_policies_that_it_defines(write: Write) -> None:
    write("calm_ones.py", GOOD)
    (policy,) = load_policies("calm_ones")
    assert (policy.id, type(policy).__module__) == ("calm", "calm_ones")
    model = Model(shipped("first-steps"), 5, policies=[policy]).play()
    assert (model["standing[SOUTH/answer]"] == 1.0).all()


def test_a_name_in_a_module_is_a_class_or_an_instance(write: Write) -> None:
    write("calm_ones.py", GOOD + "FIRM = Calm(option='firm')\n")
    assert [str(policy) for policy in load_policies("calm_ones:Calm", "calm_ones:FIRM")] == [
        "Calm(option='calm')",
        "Calm(option='firm')",
    ]
    # An instance at the top says how its class is to be played.
    assert [str(policy) for policy in load_policies("calm_ones")] == ["Calm(option='firm')"]


def test_what_a_module_has_imported_is_not_its_own(write: Write) -> None:
    write("others.py", "from tests.policy.policies import Keen\n")
    assert refused("others") == [
        "the module others defines no policy; expected a class derived from sim.Policy that has a decide"
    ]
    assert load_policies("others:Keen") == (Keen(),)


def test_a_policy_in_a_package_is_found(write: Write) -> None:
    write("house/__init__.py", "")
    write("house/rooms/calm_ones.py", GOOD)
    assert load_policies("house.rooms.calm_ones:Calm")[0].id == "calm"
    (said,) = refused("house.rooms.calm_one")
    assert said.endswith("did you mean 'house.rooms.calm_ones'?")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("calm_one", "there is no module and no installed policy 'calm_one'"),
        ("calm_one", "did you mean 'calm_ones'?"),
        ("calm_ones:Clam", "the module calm_ones has no 'Clam'; expected Calm; did you mean 'Calm'?"),
        ("calm_ones:Calm.more", "the module calm_ones has no 'Calm.more'"),
        ("calm_ones:word", "'calm_ones:word' is not a policy; expected a class derived from sim.Policy"),
        ("calm_ones:dataclass", "'calm_ones:dataclass' is not a policy"),
        ("calm_ones:Unfinished", "'calm_ones:Unfinished' cannot be made: TypeError: Can't instantiate"),
        ("calm_ones.py", "'calm_ones.py' is not the name of a module"),
        ("calm_ones.py", "did you mean 'calm_ones'?"),
        ("house/calm.py", "did you mean 'house.calm'?"),
        ("../calm.py", "expected one as Python imports it, such as package.module"),
        ("", "'' is not the name of a module"),
        (":Calm", "'' is not the name of a module"),
        ("calm ones", "'calm ones' is not the name of a module"),
    ],
)
def test_what_is_not_there_is_told_with_the_nearest_name(write: Write, name: str, told: str) -> None:
    write("calm_ones.py", GOOD)
    (said,) = refused(name)
    assert told in said


def test_all_that_is_not_there_is_told_at_once() -> None:
    assert len(refused("no_such_module", "sim.text:nothing", "tests.policy.policies:Kene")) == 3


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("import sim\nx = 1/0\n", "broken.py:2:5: the module broken cannot be imported: ZeroDivisionError: "),
        ("def f(:\n", "broken.py:1:7: the module broken cannot be imported: SyntaxError: "),
        ("import no_such_thing\n", "broken.py:1:1: the module broken cannot be imported: ModuleNotFound"),
        ("from sim import Polcy\n", "broken.py:1:1: the module broken cannot be imported: ImportError: "),
        ("raise SystemExit\n", "broken.py:1:1: the module broken cannot be imported: SystemExit"),
        ("x = '\\x00\x00'\n", "the module broken cannot be imported: "),
    ],
)  # fmt: skip
def test_a_module_that_cannot_be_imported_says_where(write: Write, text: str, told: str) -> None:
    write("broken.py", text)
    (said,) = refused("broken")
    assert told in said


def test_the_innermost_line_of_the_module_itself_is_told(write: Write) -> None:
    write("below.py", "def fail():\n    raise RuntimeError('no')\n")
    write("above.py", "import below\n\n\nbelow.fail()\n")
    (said,) = refused("above")
    assert said.startswith("above.py:4:1: the module above cannot be imported: RuntimeError: no")


# Installed policies


@pytest.fixture
def installed(write: Write) -> None:
    write("calm_ones.py", GOOD)
    write("some_policies-1.2.dist-info/METADATA", INSTALLED)
    write("some_policies-1.2.dist-info/entry_points.txt", ENTRIES.format(module="calm_ones"))


@pytest.mark.usefixtures("installed")
def test_an_installed_policy_is_found_by_its_name() -> None:
    (policy,) = load_policies("calm")
    assert type(policy).__module__ == "calm_ones"


@pytest.mark.usefixtures("installed")
def test_an_installed_policy_that_cannot_be_loaded_says_why() -> None:
    lost, gone, clam = refused("lost")[0], refused("gone")[0], refused("clam")[0]
    assert lost == "the module calm_ones has no 'Clam'; expected Calm; did you mean 'Calm'?"
    assert "there is no module and no installed policy 'no_such_package'" in gone
    assert clam.endswith("did you mean 'calm'?")


@pytest.mark.usefixtures("installed")
def test_nothing_is_imported_that_is_not_named() -> None:
    Model(shipped("first-steps"), 2).play()
    with pytest.raises(FoedusError):
        load_policies("no_such_module")
    assert "calm_ones" not in sys.modules

"""What results tell of policies written in Python: certificates, snapshots, batches, worker processes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.batch import BatchResult, Manifest, read_batch, run_batch, write_batch
from sim.batch.tally import GRAIN
from sim.engine.model import Model
from sim.engine.policy import Answer, Chosen, Policy
from sim.engine.policy_loading import restored
from sim.engine.provenance import PolicyRecord, record
from sim.engine.snapshot import Snapshot
from sim.engine.view import View
from sim.report.page import render, write_report
from sim.scenario import Scenario, load_scenario
from sim.text import FoedusError
from tests.policy.policies import Dice, Follower, Keen, Same
from tests.worlds import SCENARIOS, shipped

RUNS = 2 * GRAIN + 70
POLICIES = Path(__file__).with_name("policies.py")


def first_steps() -> Scenario:
    return load_scenario(SCENARIOS / "first-steps.yaml")


@pytest.fixture(scope="module")
def batch() -> BatchResult:
    return run_batch(first_steps(), RUNS, 3, policies=[Keen()])


# Certificates


def test_a_record_names_module_class_settings_and_source() -> None:
    found = record(Keen(more=0.25))
    assert found == PolicyRecord(
        id="keen",
        takes=("SOUTH/answer",),
        module="tests.policy.policies",
        name="Keen",
        settings={"takes": ("SOUTH/answer",), "option": "firm", "more": 0.25},
        version="",
        source=hashlib.blake2b(POLICIES.read_bytes(), digest_size=16).hexdigest(),
    )
    assert str(found) == "policy keen (tests.policy.policies:Keen)"


def test_a_record_is_of_every_file_that_the_policy_is_written_in() -> None:
    class Keener(Keen):
        pass

    ours, theirs = Path(__file__).read_bytes(), POLICIES.read_bytes()
    assert record(Keener()).source == hashlib.blake2b(ours + theirs, digest_size=16).hexdigest()


def test_a_record_has_the_version_of_the_package() -> None:
    class Foreign(Keen):
        pass

    Foreign.__module__ = "numpy.random"
    assert record(Foreign()).version == np.__version__


def test_a_policy_that_no_file_holds_has_no_source() -> None:
    names: dict[str, Any] = {"Policy": Policy}
    exec("class Typed(Policy):\n    id = 'a'\n    takes = ('A/b',)\n    def decide(self, view): ...", names)  # noqa: S102
    names["Typed"].__module__ = "builtins"
    assert record(names["Typed"]()).source == ""


def test_the_certificate_of_a_batch_names_its_policies(batch: BatchResult, tmp_path: Path) -> None:
    assert batch.manifest.policies == (record(Keen()),)
    kept = read_batch(write_batch(batch, tmp_path / "batch"))
    assert kept.manifest.policies == batch.manifest.policies
    again = Manifest.from_json(batch.manifest.to_json(), "manifest.json")
    assert again.policies[0].settings == {"takes": ("SOUTH/answer",), "option": "firm", "more": 0.5}


def test_a_batch_without_policies_says_so_and_an_older_one_can_be_read() -> None:
    manifest = run_batch(first_steps(), 3, 1).manifest
    assert manifest.policies == ()
    plain = json.loads(manifest.to_json())
    del plain["policies"]
    assert Manifest.from_json(json.dumps(plain), "manifest.json") == manifest


def test_a_damaged_record_is_refused(batch: BatchResult) -> None:
    plain = json.loads(batch.manifest.to_json())
    plain["policies"][0]["settings"] = 3
    with pytest.raises(FoedusError, match=r"manifest.json is damaged at policies.0.settings"):
        Manifest.from_json(json.dumps(plain), "manifest.json")


def test_the_report_names_them_too(batch: BatchResult, tmp_path: Path) -> None:
    page = render(batch)
    assert "Decided in Python" in page
    assert "tests.policy.policies:Keen(takes=" in page
    assert record(Keen()).source in page
    assert "Decided in Python" not in render(run_batch(first_steps(), 3, 1))
    assert write_report(write_batch(batch, tmp_path / "batch")).is_file()


# Batches


def test_blocks_and_workers_change_no_bit(batch: BatchResult) -> None:
    for other in (
        run_batch(first_steps(), RUNS, 3, policies=[Keen()], block=GRAIN),
        run_batch(first_steps(), RUNS, 3, policies=[Keen()], workers=2),
    ):
        assert other.manifest.digest == batch.manifest.digest
        assert other.manifest.policies == batch.manifest.policies


def test_luck_of_a_policys_own_reaches_workers() -> None:
    dice = Dice(("SOUTH/answer", "NORTH/raid_the_border"))
    alone = run_batch(first_steps(), RUNS, 3, policies=[dice])
    crew = run_batch(shipped("first-steps"), RUNS, 3, policies=[dice], workers=2)
    assert alone.manifest.digest == crew.manifest.digest


def test_a_run_of_a_batch_is_the_run_that_is_played_alone(batch: BatchResult) -> None:
    for run in (0, 300, RUNS - 1):
        model = Model(shipped("first-steps"), [run], seed=3, policies=[Keen()]).play()
        assert model.state.hash() == batch.runs["hash"][run]


def test_the_policy_makes_the_difference(batch: BatchResult) -> None:
    written = run_batch(first_steps(), RUNS, 3)
    assert written.manifest.digest != batch.manifest.digest
    firm = [(result.runs["outcome.firmness"] > 0).sum() for result in (written, batch)]
    assert firm[1] > firm[0]


def test_a_policy_that_workers_cannot_find_is_refused_before_play() -> None:
    class Local(Policy):
        id = "local"
        takes = ("SOUTH/answer",)

        def decide(self, view: View) -> Answer:  # noqa: ARG002 - whatever it sees
            return Chosen("calm")

    assert len(run_batch(first_steps(), 300, 1, policies=[Local]).runs) == 300
    with pytest.raises(FoedusError) as caught:
        run_batch(first_steps(), 300, 1, workers=2, policies=[Local])
    said = str(caught.value)
    assert "policy local (" in said
    assert "cannot be sent to worker processes: they find a policy by its module and name" in said
    assert "expected a class at the top of a module that can be imported, or one worker" in said


def test_another_process_has_the_very_same_policy_or_none() -> None:
    found = record(Keen(more=0.3))
    assert restored([found]) == (Keen(more=0.3),)
    for changed, told in (
        (replace(found, source="0" * 32), "is not as it was when the batch was played: another source"),
        (replace(found, name="Kene"), "has no 'Kene'; expected one of"),
        (replace(found, module="tests.policy.polices"), "did you mean 'tests.policy.policies'?"),
        (replace(found, settings={"less": 1}), "cannot be made: TypeError: "),
    ):
        with pytest.raises(FoedusError) as caught:
            restored([changed])
        assert told in str(caught.value)


def test_a_policy_that_does_not_fit_is_refused_before_play() -> None:
    with pytest.raises(FoedusError, match="takes 'SOUTH/anwser', which no actor of first-steps decides"):
        run_batch(first_steps(), 3, 1, policies=[Keen(("SOUTH/anwser",))])


@pytest.mark.parametrize("workers", [1, 2])
def test_a_policy_that_fails_ends_the_batch_with_its_place(workers: int) -> None:
    with pytest.raises(FoedusError) as caught:
        run_batch(first_steps(), RUNS, 3, workers=workers, policies=[Keen(option="frm")])
    (found,) = caught.value.diagnostics
    assert found.place is not None
    assert found.place.file.endswith("policies.py")
    assert found.suggestion == "firm"


# Snapshots


def test_a_snapshot_in_hand_goes_on_with_its_policies() -> None:
    program = shipped("first-steps")
    model = Model(program, 20, seed=2, policies=[Keen()]).play(7)
    again = Model.restore(program, model.snapshot())
    assert again.play().state.hashes() == model.play().state.hashes()


def test_a_snapshot_on_disk_names_them_and_asks_for_them(tmp_path: Path) -> None:
    program = shipped("first-steps")
    model = Model(program, 20, seed=2, policies=[Keen(more=0.3)]).play(7)
    model.snapshot().save(tmp_path / "world")
    snapshot = Snapshot.load(tmp_path / "world")
    assert snapshot.policies == (record(Keen(more=0.3)),)
    assert snapshot.played_by == ()
    again = Model.restore(program, snapshot, policies=[Keen(more=0.3)])
    assert again.play().state.hashes() == model.play().state.hashes()


def test_other_policies_are_refused(tmp_path: Path) -> None:
    program = shipped("first-steps")
    Model(program, 2, policies=[Keen()]).play(3).snapshot().save(tmp_path / "world")
    snapshot = Snapshot.load(tmp_path / "world")
    with pytest.raises(
        FoedusError, match=r"the snapshot was played with policy keen \(.*\), which is not given"
    ):
        Model.restore(program, snapshot)
    with pytest.raises(FoedusError, match="is not as it was when the snapshot was played: another settings"):
        Model.restore(program, snapshot, policies=[Keen(more=0.1)])
    edited = replace(snapshot.policies[0], source="0" * 32)
    with pytest.raises(FoedusError, match="another source"):
        Model.restore(program, replace(snapshot, policies=(edited,)), policies=[Keen()])
    with pytest.raises(FoedusError) as caught:
        Model.restore(program, snapshot, policies=[Follower])
    assert len(caught.value.diagnostics) == 2
    bare = Model(program, 2).play(3).snapshot()
    with pytest.raises(FoedusError, match="the snapshot was played without policy keen"):
        Model.restore(program, bare, policies=[Keen()])


def test_a_model_with_policies_knows_them() -> None:
    model = Model(shipped("first-steps"), 2, policies=[Keen, Same(("NORTH/raid_the_border",))])
    assert [policy.id for policy in model.policies] == ["keen", "same"]
    assert model.policy_records[0] == record(Keen())
    assert Model(shipped("first-steps"), 2).policies == ()


@dataclass(frozen=True)
class Tuned(Keen):
    """Two of a kind can play side by side, if their ids differ."""

    id: str = "tuned"


def test_two_of_a_class_can_decide_for_two_actors() -> None:
    program = shipped("border-clash")
    hare = Tuned(("HARE/answer",), "arm", 0.4, id="hare")
    lynx = Tuned(("LYNX/answer",), "wait", 0.4, id="lynx")
    model = Model(program, 10, policies=[hare, lynx]).play()
    assert [found.id for found in model.policy_records] == ["hare", "lynx"]

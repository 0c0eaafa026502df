"""A batch on disk is whole or not there, is never overwritten by mistake, and damage is noticed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from sim.batch import BatchResult, check_directory, files, read_batch, run_batch, write_batch
from sim.text import FoedusError
from tests.batch.worlds import small

ROOT = Path(__file__).resolve().parent.parent.parent
TABLES = ("runs.parquet", "indicators.parquet", "histograms.parquet")


@pytest.fixture(scope="module")
def batch() -> BatchResult:
    return run_batch(small(), 30, 7)


@pytest.fixture(scope="module")
def other() -> BatchResult:
    return run_batch(small(), 30, 8)


@pytest.fixture
def written(batch: BatchResult, tmp_path: Path) -> Path:
    return write_batch(batch, tmp_path / "out")


def test_what_is_written_is_what_is_read(batch: BatchResult, written: Path) -> None:
    found = read_batch(written)
    assert found.manifest == batch.manifest
    for name, table in batch.tables.items():
        assert table.equals(found.tables[name])


def test_a_batch_is_a_manifest_three_tables_and_their_checksums(written: Path) -> None:
    assert sorted(path.name for path in written.iterdir()) == sorted([*TABLES, "SHA256SUMS", "manifest.json"])
    assert list(written.parent.iterdir()) == [written]


def test_other_programs_can_read_the_tables(batch: BatchResult, written: Path) -> None:
    hashes = pl.scan_parquet(written / "runs.parquet").select("hash").collect()
    assert hashes.equals(batch.runs.select("hash"))
    plain = json.loads((written / "manifest.json").read_text("utf-8"))
    assert (plain["runs"], plain["seed"], plain["scenario"]["id"]) == (30, 7, "small")
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=written, check=True)


def test_folders_above_are_made(batch: BatchResult, tmp_path: Path) -> None:
    assert read_batch(write_batch(batch, tmp_path / "a" / "b")).manifest == batch.manifest


def test_an_existing_batch_stays_without_force(other: BatchResult, written: Path) -> None:
    with pytest.raises(FoedusError, match="exists already"):
        write_batch(other, written)
    assert read_batch(written).manifest.seed == 7


def test_force_replaces_a_batch_and_its_report(other: BatchResult, written: Path) -> None:
    (written / "report.html").write_text("old")
    write_batch(other, written, force=True)
    assert read_batch(written).manifest.seed == 8
    assert not (written / "report.html").exists()
    assert list(written.parent.iterdir()) == [written]


def test_force_fills_an_empty_directory(batch: BatchResult, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    assert read_batch(write_batch(batch, tmp_path / "out", force=True)).manifest == batch.manifest


@pytest.mark.parametrize(
    ("name", "text"),
    [("notes.txt", "mine"), ("manifest.json", '{"name": "some web page"}'), ("report.html", "mine too")],
)
def test_force_does_not_replace_what_is_not_ours(
    batch: BatchResult, tmp_path: Path, name: str, text: str
) -> None:
    target = tmp_path / "out"
    target.mkdir()
    (target / name).write_text(text)
    with pytest.raises(FoedusError, match="and stays"):
        write_batch(batch, target, force=True)
    assert (target / name).read_text() == text
    assert len(list(target.iterdir())) == 1


def test_force_does_not_take_a_strangers_file_along(other: BatchResult, written: Path) -> None:
    (written / "notes.txt").write_text("mine")
    with pytest.raises(FoedusError, match=r"holds 'notes.txt'"):
        write_batch(other, written, force=True)
    assert read_batch(written).manifest.seed == 7


@pytest.mark.parametrize("force", [False, True])
def test_a_file_in_the_way_stays(batch: BatchResult, tmp_path: Path, force: bool) -> None:
    target = tmp_path / "out"
    target.write_text("mine")
    with pytest.raises(FoedusError, match="not a directory"):
        write_batch(batch, target, force=force)
    assert target.read_text() == "mine"


def test_a_refusal_can_be_had_before_the_runs(written: Path) -> None:
    check_directory(written.parent / "new")
    check_directory(written, force=True)
    with pytest.raises(FoedusError):
        check_directory(written)


def test_an_error_while_writing_leaves_nothing(
    batch: BatchResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "_write_text", full)
    with pytest.raises(FoedusError, match="no space left"):
        write_batch(batch, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_an_error_while_replacing_leaves_the_old_batch(
    other: BatchResult, written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename

    def stubborn(self: Path, target: Path) -> Path:
        if self.name.endswith(".partial"):
            raise OSError(13, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", stubborn)
    with pytest.raises(FoedusError, match="permission denied"):
        write_batch(other, written, force=True)
    assert read_batch(written).manifest.seed == 7
    assert list(written.parent.iterdir()) == [written]


KILLED = """
import os, signal, sys
from pathlib import Path
from sim.batch import files

def die(text, path):
    os.kill(os.getpid(), signal.SIGKILL)

files._write_text = die  # all tables are written then, the manifest is not
files.write_batch(files.read_batch(sys.argv[1]), sys.argv[2], force=True)
"""


def test_killed_while_writing_no_half_directory_is_left(written: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILLED, str(written), str(tmp_path / "new")]
    ended = subprocess.run(command, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert ended.returncode == -signal.SIGKILL
    assert not (tmp_path / "new").exists()


def test_what_a_killed_batch_left_is_cleared_away_by_the_next(written: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILLED, str(written), str(tmp_path / "new")]
    subprocess.run(command, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)})
    (left,) = tmp_path.glob(".new.*.partial")
    result = read_batch(written)
    for name in (
        left.name.replace(left.name.split(".")[2].split("-")[0], "0" * 8),  # of another machine
        files._hidden(tmp_path / "new", "partial").name,  # of a process that is alive: this one
        ".mine.partial",
        ".new.partial",
    ):
        (tmp_path / name).mkdir()
    kept = set(tmp_path.glob(".*")) - {left}
    write_batch(result, tmp_path / "other")
    assert set(tmp_path.glob(".*")) == kept


def test_an_older_batch_put_aside_stays_until_the_new_one_is_there(
    batch: BatchResult, tmp_path: Path
) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    name = files._hidden(tmp_path / "out", "replaced").name.replace(f"-{os.getpid()}-", f"-{gone.pid}-")
    (tmp_path / name).mkdir()
    write_batch(batch, tmp_path / "other")
    assert (tmp_path / name).exists()
    write_batch(batch, tmp_path / "out")
    write_batch(batch, tmp_path / "third")
    assert not (tmp_path / name).exists()


@pytest.mark.parametrize("inside", [".", "below"])
def test_a_directory_that_one_is_in_is_not_replaced(
    other: BatchResult, written: Path, inside: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if inside == "below":
        written = written.parent
    monkeypatch.chdir(written if inside == "." else next(written.iterdir()))
    for directory in (written, Path(os.path.relpath(written))):
        with pytest.raises(FoedusError, match="you are in it"):
            write_batch(other, directory, force=True)
    assert Path.cwd().exists()


def test_a_missing_directory_is_told(tmp_path: Path) -> None:
    with pytest.raises(FoedusError, match=r"there is no directory .*nowhere"):
        read_batch(tmp_path / "nowhere")


def test_a_foreign_directory_is_told(tmp_path: Path) -> None:
    with pytest.raises(FoedusError, match=r"it has no manifest\.json"):
        read_batch(tmp_path)
    (tmp_path / "manifest.json").write_text('{"name": "some web page"}')
    with pytest.raises(FoedusError, match="is not of foedus"):
        read_batch(tmp_path)


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def flipped(data: bytes) -> bytes:
    return data[:100] + bytes([data[100] ^ 1]) + data[101:]


def emptied(_: bytes) -> bytes:
    return b""


@pytest.mark.parametrize("harm", [cut, flipped, emptied])
@pytest.mark.parametrize("name", [*TABLES, "manifest.json", "SHA256SUMS"])
def test_damage_is_told(written: Path, name: str, harm: Callable[[bytes], bytes]) -> None:
    path = written / name
    path.write_bytes(harm(path.read_bytes()))
    with pytest.raises(FoedusError, match=r"damaged|is not of foedus"):
        read_batch(written)


@pytest.mark.parametrize("name", [*TABLES, "SHA256SUMS"])
def test_a_missing_file_is_told(written: Path, name: str) -> None:
    (written / name).unlink()
    with pytest.raises(FoedusError, match=f"{name} is missing"):
        read_batch(written)


def rewritten(directory: Path, old: str, new: str) -> None:
    """The manifest edited, and its checksum with it."""
    path = directory / "manifest.json"
    before = files._sum(path)
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    sums = directory / "SHA256SUMS"
    sums.write_text(sums.read_text().replace(before, files._sum(path)))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"foedus_batch": 1', '"foedus_batch": 99', "has format 99; expected format 1"),
        ('"results": ', '"results": 10', "has results version 10"),
        ('"seed": 7', '"seed": "seven"', "damaged at seed"),
        ('"seed": 7', '"sead": 7', "damaged at"),
        ('"digest": "', '"digest": "0', "not those that its manifest was written for"),
    ],
)
def test_a_batch_of_another_make_is_told(written: Path, old: str, new: str, said: str) -> None:
    rewritten(written, old, new)
    with pytest.raises(FoedusError, match=said):
        read_batch(written)

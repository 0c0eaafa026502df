"""A batch on disk: a directory that is there whole or not at all.

`manifest.json` is the certificate; `runs.parquet`, `indicators.parquet` and `histograms.parquet` are the
tables of a `BatchResult`; `SHA256SUMS` has a checksum of each, as `sha256sum --check` reads it. Everything is
written into a hidden directory beside the target, which takes its name in one step. What a killed process
leaves of such a directory is cleared away by the next batch that is written beside it.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import secrets
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import polars as pl

from sim.batch.digest import digest
from sim.batch.manifest import Manifest
from sim.batch.result import BatchResult
from sim.batch.run_table import SLICE
from sim.text import Diagnostics, FoedusError, quoted

MANIFEST: Final = "manifest.json"
REPORT: Final = "report.html"
"""What `sim.report` adds to the directory."""
_TABLES: Final = ("runs", "indicators", "histograms")
_SUMS: Final = "SHA256SUMS"
_SUMMED: Final = (*(f"{name}.parquet" for name in _TABLES), MANIFEST)
_OURS: Final = frozenset({*_SUMMED, _SUMS, REPORT})


def write_batch(result: BatchResult, directory: Path | str, force: bool = False) -> Path:
    """Write the result as a new directory, and return its path.

    Killed at any moment, it leaves either no directory of that name or a whole one (beside it a hidden one
    may be left over, until the next batch is written there). With `force` an empty directory or an older
    batch gives way, once the new one is complete.

    Raises:
        FoedusError: if the directory exists and may not be replaced, or cannot be written.
    """
    target = Path(directory).absolute()
    check_directory(target, force)
    made = _hidden(target, "partial")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        for left in _left_over(target.parent):
            shutil.rmtree(left, ignore_errors=True)
        made.mkdir()
        for name, table in result.lazy_tables.items():
            _write_table(table, made / f"{name}.parquet")
        _write_text(result.manifest.to_json(), made / MANIFEST)
        _write_text("".join(f"{_sum(made / name)}  {name}\n" for name in _SUMMED), made / _SUMS)
        _take_name(made, target)
    except OSError as error:
        raise FoedusError.at(
            None, f"{directory} cannot be written: {_reason(error)}", "a place to write to", code="file"
        ) from None
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return target


def check_directory(directory: Path | str, force: bool = False) -> None:
    """Refuse now what `write_batch` would refuse later, after all the runs.

    Raises:
        FoedusError: if something stands there that may not be replaced.
    """
    path = Path(directory)
    if not os.path.lexists(path):
        return
    if not path.is_dir() or path.is_symlink():
        raise FoedusError.at(None, f"{directory} is not a directory", "a new directory", code="exists")
    if not force:
        raise FoedusError.at(
            None,
            f"{directory} exists already",
            "a new directory, or --force to replace a batch",
            code="exists",
        )
    if Path.cwd().is_relative_to(path.resolve()):
        raise FoedusError.at(
            None,
            f"{directory} cannot be replaced: you are in it",
            "a new directory, or this command given from outside",
            code="exists",
        )
    names = _names(path)
    if names and MANIFEST not in names:
        raise FoedusError.at(
            None, f"{directory} is not a batch of foedus, and stays", "a new directory", code="exists"
        )
    strange = sorted(names - _OURS)
    if strange:
        raise FoedusError.at(
            None,
            f"{directory} holds {quoted(strange[0])}, which is not of foedus, and stays",
            "a new directory, or that file moved away",
            code="exists",
        )
    if names:
        _is_ours(path)


def _is_ours(directory: Path) -> None:
    """A batch of another version may be replaced, a directory that has a manifest by chance may not."""
    text = _read_text(directory / MANIFEST)
    if '"foedus_batch"' not in text:
        raise FoedusError.at(
            None, f"{directory} is not a batch of foedus, and stays", "a new directory", code="exists"
        )


def read_manifest(directory: Path | str) -> Manifest:
    """The certificate of a batch alone, which says what was played; its tables are not looked at.

    Raises:
        FoedusError: for a directory that is missing or is not of foedus, or a certificate that is damaged or
            of another version.
    """
    path = Path(directory)
    if not path.is_dir():
        raise FoedusError.at(
            None, f"there is no directory {directory}", "a directory that foedus batch wrote", code="batch"
        )
    if not (path / MANIFEST).is_file():
        raise FoedusError.at(
            None,
            f"{directory} is not a batch of foedus: it has no {MANIFEST}",
            "a directory that foedus batch wrote",
            code="batch",
        )
    return Manifest.from_json(_read_text(path / MANIFEST), str(path / MANIFEST))


def read_batch(directory: Path | str) -> BatchResult:
    """Read what `write_batch` wrote.

    Raises:
        FoedusError: for a directory that is missing, is not of foedus, is damaged, or is of another version.
    """
    path = Path(directory)
    manifest = read_manifest(path)
    _check_sums(path)
    tables = {name: _read_table(path / f"{name}.parquet") for name in _TABLES}
    if digest({name: table.iter_columns() for name, table in tables.items()}) != manifest.digest:
        raise FoedusError.at(
            None,
            f"{directory} is damaged: its tables are not those that its manifest was written for",
            "the directory as foedus batch wrote it",
            code="batch",
        )
    return BatchResult(manifest, tables["runs"], tables["indicators"], tables["histograms"])


def _check_sums(directory: Path) -> None:
    """Before any table is opened: a reader of Parquet may stumble over a damaged one."""
    if not (directory / _SUMS).is_file():
        raise FoedusError.at(None, f"{directory / _SUMS} is missing: the directory is damaged", code="batch")
    lines = (line.partition("  ") for line in _read_text(directory / _SUMS).splitlines())
    known = {name: found for found, _, name in lines}
    problems = Diagnostics()
    for name in _SUMMED:
        path = directory / name
        if not path.is_file():
            problems.error(None, f"{path} is missing: the directory is damaged", code="batch")
        elif _sum(path) != known.get(name):
            problems.error(None, f"{path} is damaged: it is not as foedus wrote it", code="batch")
    problems.raise_if_errors()


def _sum(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise FoedusError.at(None, f"{path} cannot be read: {_reason(error)}", code="file") from None


def _write_table(table: pl.LazyFrame, path: Path) -> None:
    with path.open("wb") as file:
        try:
            table.sink_parquet(file, row_group_size=SLICE)
        except pl.exceptions.ComputeError as error:  # what the system told Polars stands at its end
            raise OSError(str(error).rpartition("underlying IO error: ")[2]) from None
        _settle(file.fileno())


def _write_text(text: str, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        _settle(file.fileno())


def _settle(descriptor: int) -> None:
    """On disk before the directory takes its name, so that a power cut cannot leave empty files under it."""
    os.fsync(descriptor)


def _take_name(made: Path, target: Path) -> None:
    """Rename; what stood there is put aside first, and comes back if that fails."""
    if not target.exists():
        made.rename(target)
        return
    aside = _hidden(target, "replaced")
    target.rename(aside)
    try:
        made.rename(target)
    except BaseException:
        aside.rename(target)
        raise
    shutil.rmtree(aside, ignore_errors=True)


_HIDDEN: Final = re.compile(
    r"\.(?P<name>.+)\.(?P<host>[0-9a-f]{8})-(?P<pid>[0-9]+)-[0-9a-f]{8}\.(?P<what>\w+)"
)


def _host() -> str:
    """A short name of this machine, among others that may share the disk."""
    return hashlib.blake2b(platform.node().encode(), digest_size=4).hexdigest()


def _hidden(target: Path, what: str) -> Path:
    """A name beside the target that says whose it is."""
    return target.parent / f".{target.name}.{_host()}-{os.getpid()}-{secrets.token_hex(4)}.{what}"


def _left_over(folder: Path) -> Iterator[Path]:
    """Hidden directories of processes of this machine that are no more.

    An older batch that was put aside stays, unless the one that replaces it is there.
    """
    for path in sorted(folder.glob(".*")):
        match = _HIDDEN.fullmatch(path.name)
        if match and match["host"] == _host() and not _alive(int(match["pid"])):
            whole = match["what"] == "replaced" and (folder / match["name"]).exists()
            if match["what"] == "partial" or whole:
                yield path


def _alive(process: int) -> bool:
    if sys.platform == "win32":  # where to ask would be to end it
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _names(directory: Path) -> frozenset[str]:
    try:
        return frozenset(path.name for path in directory.iterdir())
    except OSError as error:
        raise FoedusError.at(None, f"{directory} cannot be read: {_reason(error)}", code="file") from None


def _read_text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        raise FoedusError.at(None, f"{path} is damaged: it is no longer UTF-8", code="batch") from None
    except OSError as error:
        raise FoedusError.at(None, f"{path} cannot be read: {_reason(error)}", code="file") from None


def _read_table(path: Path) -> pl.DataFrame:
    try:
        return pl.read_parquet(path, hive_partitioning=False, glob=False)
    except OSError as error:
        raise FoedusError.at(None, f"{path} cannot be read: {_reason(error)}", code="file") from None
    except pl.exceptions.PolarsError:
        raise FoedusError.at(None, f"{path} is damaged: it is no longer Parquet", code="batch") from None


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()

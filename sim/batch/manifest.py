"""The birth certificate of a batch: what was played, with which luck, by which versions, what came of it."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config

from sim.batch.run_table import RunTable
from sim.compile import Program
from sim.engine.orders import Order
from sim.engine.provenance import PolicyRecord
from sim.engine.settings import Setting
from sim.engine.state import RESULTS_VERSION
from sim.scenario import Clock, Scenario
from sim.text import FoedusError, Place

FORMAT: Final = 1
"""Of the directory; rises when files or columns change their meaning."""


@dataclass(frozen=True, slots=True)
class Versions:
    """What computed it."""

    foedus: str
    results: int
    """Equal scenario, seed and run give equal numbers under equal results versions."""
    python: str
    numpy: str
    polars: str

    @classmethod
    def here(cls) -> Versions:
        return cls(
            version("foedus"), RESULTS_VERSION, platform.python_version(), np.__version__, pl.__version__
        )


@dataclass(frozen=True, slots=True)
class OutcomeCount:
    """An outcome and how often it came about."""

    id: str
    title: str
    first: int
    """First and last turn in which it is asked."""
    last: int
    happened: int
    """Runs in which it came about."""


@dataclass(frozen=True, slots=True)
class IndicatorName:
    id: str
    title: str
    unit: str


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True)
class Manifest:
    """All that is needed to know a batch, and to play it or any run of it again."""

    foedus_batch: int
    """`FORMAT`; the mark by which a directory is known as a batch."""
    versions: Versions
    id: str
    title: str
    hash: str
    """Of the resolved scenario."""
    files: tuple[str, ...]
    """Files that the scenario was read from, as seen from the folder that holds them all."""
    clock: Clock
    seed: int
    stream: int
    runs: int
    orders: tuple[Order, ...]
    created: str
    """UTC, to the second: `2025-01-31T09:30:00Z`."""
    parameters: tuple[str, ...]
    outcomes: tuple[OutcomeCount, ...]
    indicators: tuple[IndicatorName, ...]
    """In the order of the scenario, where that is kept, so that the author's first stands first."""
    digest: str
    """Of the tables; see `sim.batch.digest`. Equal for equal batches, however they were split among blocks
    and workers."""
    scenario: dict[str, Any] | None
    """The resolved scenario as plain data; None for a batch played from a Program alone."""
    policies: tuple[PolicyRecord, ...] = ()
    """Policies written in Python that decided in place of the scenario's own."""
    doctrines: dict[str, str] = field(default_factory=dict)
    """The doctrine in force of each actor that has one."""
    settings: tuple[Setting, ...] = ()
    """Values set by hand in every run, in order of turn."""
    left_out: tuple[str, ...] = ()
    """Of runs of a branch of a game, what they do not share with it, in words."""

    def to_json(self) -> str:
        """Text for `manifest.json`."""
        return json.dumps(_adapter().dump_python(self, mode="json"), indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str, file: str) -> Manifest:
        """Read the text of a `manifest.json`; `file` names it in errors.

        Raises:
            FoedusError: if it is damaged, is something else's, or of another version.
        """
        try:
            plain = json.loads(text)
        except ValueError:
            raise FoedusError.at(None, f"{file} is damaged: it is no longer JSON", code="batch") from None
        if not isinstance(plain, dict) or "foedus_batch" not in plain:
            raise FoedusError.at(
                None, f"{file} is not of foedus", "a directory that foedus batch wrote", code="batch"
            )
        if plain["foedus_batch"] != FORMAT:
            raise FoedusError.at(
                None, f"{file} has format {plain['foedus_batch']}", f"format {FORMAT}", code="batch"
            )
        try:
            manifest = _adapter().validate_python(plain)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            raise FoedusError.at(
                None, f"{file} is damaged at {where}: {first['msg'].lower()}", code="batch"
            ) from None
        if manifest.versions.results != RESULTS_VERSION:
            raise FoedusError.at(
                None,
                f"{file} has results version {manifest.versions.results} (foedus {manifest.versions.foedus})",
                f"results version {RESULTS_VERSION}: run the batch again, or read it with that foedus",
                code="batch",
            )
        return manifest


@cache
def _adapter() -> TypeAdapter[Manifest]:
    return TypeAdapter(Manifest)


def manifest_of(
    program: Program,
    scenario: Scenario | None,
    *,
    seed: int,
    stream: int,
    orders: tuple[Order, ...],
    settings: tuple[Setting, ...],
    left_out: tuple[str, ...],
    policies: tuple[PolicyRecord, ...],
    table: RunTable,
    digest: str,
) -> Manifest:
    """The certificate of a batch just played; `table` has a row for each run."""
    plain = scenario.plain if scenario is not None else None
    indicators = [IndicatorName(item.id, item.title, item.unit) for item in program.indicators]
    return Manifest(
        foedus_batch=FORMAT,
        versions=Versions.here(),
        id=program.id,
        title=program.title,
        hash=program.hash,
        files=_files(program),
        clock=program.clock,
        seed=seed,
        stream=stream,
        runs=len(table),
        orders=orders,
        created=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        parameters=tuple(item.name for item in program.variables if item.kind == "parameter"),
        outcomes=tuple(
            OutcomeCount(
                item.id,
                item.title,
                item.first,
                item.last,
                int((table.column(f"outcome.{item.id}") > 0).sum()),
            )
            for item in program.led_outcomes
        ),
        indicators=tuple(_in_order_of(plain, program, indicators)),
        digest=digest,
        scenario=plain,
        policies=policies,
        doctrines=dict(program.doctrines),
        settings=settings,
        left_out=left_out,
    )


def _in_order_of(
    plain: dict[str, Any] | None, program: Program, indicators: Iterable[IndicatorName]
) -> list[IndicatorName]:
    """Those that lead, then the others as the scenario has them."""
    order = list((plain or {}).get("indicators") or ())
    place = {id_: index for index, id_ in enumerate(order)}
    return sorted(
        indicators,
        key=lambda item: (program.place_in_lead(item.id), place.get(item.id, len(order)), item.id),
    )


def _files(program: Program) -> tuple[str, ...]:
    """The files that the Program came from. No folder of somebody's machine goes into a result."""
    tables = replace(program, scenario=None)
    paths = sorted({Path(place.file).resolve() for place in _places(tables)})
    if not paths:
        return ()
    folder = Path(os.path.commonpath([path.parent for path in paths]))
    return tuple(path.relative_to(folder).as_posix() for path in paths)


def _places(part: Any) -> Iterator[Place]:
    """Every place in a Program."""
    if isinstance(part, Place):
        yield part
    elif isinstance(part, tuple):
        for item in part:
            yield from _places(item)
    elif is_dataclass(part):
        for item in fields(part):
            yield from _places(getattr(part, item.name))

"""A world put aside: everything that is needed to go on from a turn, on disk or in memory."""

from __future__ import annotations

import io
import json
import os
import tempfile
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compile import program as pr
from sim.engine.luck import MAX_RUN
from sim.engine.orders import Order
from sim.engine.policy import Policy
from sim.engine.provenance import PolicyRecord
from sim.engine.state import RESULTS_VERSION, State
from sim.text import FoedusError

_FORMAT = 1


@dataclass(frozen=True)
class Snapshot:
    """A state with the orders given so far, and the scenario and results version it belongs to."""

    state: State
    orders: tuple[Order, ...]
    scenario: str
    """Hash of the scenario."""
    results_version: int = RESULTS_VERSION
    policies: tuple[PolicyRecord, ...] = ()
    """Policies written in Python that it was played with."""
    played_by: tuple[Policy, ...] = field(default=(), repr=False, compare=False)
    """The policies themselves; never on disk, since reading a file must not run anything."""

    def fits(self, program: pr.Program) -> None:
        """Refuse a program or version that the snapshot was not made with.

        Raises:
            FoedusError: if going on would not be the same world.
        """
        if self.scenario != program.hash:
            raise FoedusError.at(
                None, "the snapshot is of another scenario, or the scenario was edited since"
            )
        shape = (len(program.variables), len(self.state.runs))
        sound = self.state.values.dtype == np.float64 and self.state.runs.dtype == np.uint64
        if self.state.values.shape != shape or not sound or not 0 <= self.state.turn <= program.turns:
            raise FoedusError.at(None, "the snapshot is damaged", "a snapshot as foedus saved it")
        if self.results_version != RESULTS_VERSION:
            raise FoedusError.at(
                None,
                f"the snapshot has results version {self.results_version}",
                f"results version {RESULTS_VERSION}",
            )

    def save(self, path: Path) -> None:
        """Write the snapshot: whole, or not at all."""
        head = {
            "format": _FORMAT,
            "scenario": self.scenario,
            "results_version": self.results_version,
            "seed": self.state.seed,
            "stream": self.state.stream,
            "turn": self.state.turn,
            "orders": [asdict(order) for order in self.orders],
            "policies": [policy.plain for policy in self.policies],
        }
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr("head.json", json.dumps(head, indent=1))
                archive.writestr("values.npy", _bytes(self.state.values))
                archive.writestr("runs.npy", _bytes(self.state.runs))
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise

    @classmethod
    def load(cls, path: Path) -> Snapshot:
        """Read a snapshot.

        Raises:
            FoedusError: for a file that is missing or is not a snapshot.
        """
        try:
            with zipfile.ZipFile(path) as archive:
                head = json.loads(archive.read("head.json"))
                if head["format"] != _FORMAT:
                    raise FoedusError.at(
                        None, f"{path}: snapshot format {head['format']}", f"format {_FORMAT}"
                    )
                values = np.load(io.BytesIO(archive.read("values.npy")), allow_pickle=False)
                runs = np.load(io.BytesIO(archive.read("runs.npy")), allow_pickle=False)
            seed, stream, turn = (_whole(head, key) for key in ("seed", "stream", "turn"))
            state = State(values, runs, seed, stream, turn)
            orders = tuple(_order(order) for order in head["orders"])
            policies = tuple(PolicyRecord.of(plain) for plain in head.get("policies", ()))
            return cls(state, orders, head["scenario"], _whole(head, "results_version"), policies)
        except OSError as error:
            raise FoedusError.at(None, f"{path}: {error.strerror or error}", "a snapshot") from None
        except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, TypeError, RuntimeError):
            raise FoedusError.at(None, f"{path} is not a snapshot", "a file that foedus saved") from None


def _whole(head: dict[str, Any], key: str) -> int:
    number = head[key]
    if type(number) is not int or not 0 <= number < 2**32:
        raise ValueError(key)
    return number


def _order(plain: dict[str, Any]) -> Order:
    order = Order(**plain)
    texts = (order.actor, order.decision, order.option, order.reason)
    if type(order.turn) is not int or not all(isinstance(text, str) for text in texts):
        raise ValueError("an order")
    return order


def _bytes(array: NDArray[Any]) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def forked(
    state: State, runs: Sequence[int] | NDArray[Any] | None = None, stream: int | None = None
) -> State:
    """A copy of the state that goes its own way.

    Args:
        state: where to fork.
        runs: run numbers of the copy, shape `(runs,)`. Numbers that the state has keep their own columns; an
            ensemble of one gives its column to any numbers.
        stream: the copy's luck; the same stream without it, so that an unchanged fork equals its parent.

    Raises:
        ValueError: for a run that the state does not hold.
    """
    copy = state.copy()
    if stream is not None:
        copy.stream = stream
    if runs is None:
        return copy
    wanted = np.asarray(runs)
    if (
        wanted.ndim != 1
        or wanted.dtype.kind not in "ui"
        or (wanted.size and not 0 <= wanted.min() <= wanted.max() <= MAX_RUN)
    ):
        raise ValueError(f"run numbers must be integers from 0 to {MAX_RUN} in one dimension")
    columns = _columns(state, wanted.astype(np.uint64))
    return State(state.values[:, columns], wanted.astype(np.uint64), copy.seed, copy.stream, copy.turn)


def _columns(state: State, wanted: NDArray[np.uint64]) -> NDArray[np.intp]:
    if len(state.runs) == 1:
        return np.zeros(len(wanted), dtype=np.intp)
    order = np.argsort(state.runs, kind="stable")
    found = np.searchsorted(state.runs, wanted, sorter=order)
    columns = order[np.minimum(found, len(order) - 1)]
    missing = wanted[state.runs[columns] != wanted]
    if missing.size:
        raise ValueError(f"there is no run {int(missing[0])} here")
    return columns

"""Blocks played by several processes, handed back in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self, TypeVar

from sim.batch.block import Beat, Block, Job, play_block
from sim.batch.crew import Crew, beat
from sim.batch.tally import Bins
from sim.engine.policy_loading import restored
from sim.engine.provenance import PolicyRecord, record

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")
Span = tuple[int, int]
"""First run of a block, and the one after its last."""


class Workers:
    """Some processes that have the job at hand and wait for blocks. Use as a context manager."""

    def __init__(self, job: Job, number: int, *, behind: bool = False) -> None:
        self._crew = Crew(_Parcel.of(job), number, behind=behind)

    def play(self, spans: Sequence[Span], bins: Bins) -> Iterator[Block]:
        """The blocks in the order of the spans; at most two a process are under way or waiting.

        Raises:
            FoedusError: of the first block in order that fails, or if a process was killed.
        """
        return self.each(_block, ((span, bins) for span in spans))

    def each(self, task: Callable[[Job, ItemT, Beat], ResultT], items: Iterable[ItemT]) -> Iterator[ResultT]:
        """What a function of a module makes of the job and each item, in the order of the items.

        Raises:
            FoedusError: of the first in order that fails, or if a process was killed.
            GivenUpError: if `give_up` was called meanwhile.
        """
        return self._crew.each(_on_job, ((task, item) for item in items))

    def give_up(self) -> None:
        """Nobody wants what was begun so far."""
        self._crew.give_up()

    def __enter__(self) -> Self:
        self._crew.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._crew.__exit__(kind, error, trace)


@dataclass(frozen=True, slots=True)
class _Parcel:
    """A job on its way to another process. Policies written in Python travel by name, never as code."""

    job: Job
    policies: tuple[PolicyRecord, ...]

    @classmethod
    def of(cls, job: Job) -> _Parcel:
        """The parcel of a job; the scenario's text goes along only where policies may ask for it."""
        program = job.program if job.policies else replace(job.program, scenario=None)
        records = tuple(record(policy) for policy in job.policies)
        return cls(replace(job, program=program, policies=()), records)

    def opened(self) -> Job:
        """The job, as this process can do it.

        Raises:
            FoedusError: for policies that are not here, or not as they were.
        """
        return replace(self.job, policies=restored(self.policies))


_job: Job | None = None
"""In a worker: the job, once it has been opened."""


def _on_job(parcel: _Parcel, asked: tuple[Callable[[Job, ItemT, Beat], ResultT], ItemT]) -> ResultT:
    global _job  # noqa: PLW0603 - a worker does many things with one job
    if _job is None:
        _job = parcel.opened()
    task, item = asked
    return task(_job, item, beat)


def _block(job: Job, block: tuple[Span, Bins], beat: Beat) -> Block:
    (first, last), bins = block
    return play_block(job, first, last, bins, beat)

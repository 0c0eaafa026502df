"""Blocks played by several processes, handed back in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self

from sim.batch.block import Block, Job, play_block
from sim.batch.crew import Crew, beat
from sim.batch.tally import Bins
from sim.engine.policy_loading import restored
from sim.engine.provenance import PolicyRecord, record

Span = tuple[int, int]
"""First run of a block, and the one after its last."""


class Workers:
    """Some processes that have the job at hand and wait for blocks. Use as a context manager."""

    def __init__(self, job: Job, number: int) -> None:
        self._crew = Crew(_Parcel.of(job), number)

    def play(self, spans: Sequence[Span], bins: Bins) -> Iterator[Block]:
        """The blocks in the order of the spans; at most two a process are under way or waiting.

        Raises:
            FoedusError: of the first block in order that fails, or if a process was killed.
        """
        return self._crew.each(_play, ((span, bins) for span in spans))

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


def _play(parcel: _Parcel, block: tuple[Span, Bins]) -> Block:
    global _job  # noqa: PLW0603 - a worker plays many blocks of one job
    if _job is None:
        _job = parcel.opened()
    (first, last), bins = block
    return play_block(_job, first, last, bins, beat)

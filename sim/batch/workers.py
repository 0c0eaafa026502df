"""Blocks played by several processes, handed back in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any, Self, TypeVar

from sim.batch.block import Beat, Block, Job, play_block
from sim.batch.crew import Crew, beat
from sim.batch.tally import Bins
from sim.engine.policy_loading import restored
from sim.engine.provenance import PolicyRecord, record

Span = tuple[int, int]
"""First run of a block, and the one after its last."""
T = TypeVar("T")


class Workers:
    """Some processes that have the job at hand and wait for blocks. Use as a context manager."""

    def __init__(self, job: Job, number: int) -> None:
        self._crew = Crew(_Parcel.of(job), number)

    def play(self, spans: Sequence[Span], bins: Bins) -> Iterator[Block]:
        """The blocks in the order of the spans; at most two a process are under way or waiting.

        Raises:
            FoedusError: of the first block in order that fails, or if a process was killed.
        """
        return self.each(_block, ((first, last, bins) for first, last in spans))

    def each(self, task: Callable[..., T], arguments: Iterable[tuple[Any, ...]]) -> Iterator[T]:
        """What a task gives for each of some arguments, in their order; at most two a process are under
        way or waiting.

        Args:
            task: a function at the top of a module. It is called with the job, the arguments and a `Beat`.
            arguments: of each call, without the job.

        Raises:
            FoedusError: of the first call in order that fails, or if a process was killed.
            GivenUpError: if `give_up` was called meanwhile.
        """
        return self._crew.each(_on_the_job, ((task, given) for given in arguments))

    def give_up(self) -> None:
        """Nobody wants what was asked for so far: it ends within a turn."""
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


def _block(job: Job, first: int, last: int, bins: Bins, pulse: Beat) -> Block:
    return play_block(job, first, last, bins, pulse)


def _on_the_job(parcel: _Parcel, asked: tuple[Callable[..., T], tuple[Any, ...]]) -> T:
    global _job  # noqa: PLW0603 - a worker does many tasks of one job
    if _job is None:
        _job = parcel.opened()
    task, arguments = asked
    return task(_job, *arguments, beat)

"""Blocks played by several processes, handed back in order.

Processes are spawned, never forked: the parent may have threads. They die with the parent however it ends,
leave Ctrl-C to it, and stop within a turn when it gives up.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing.connection import wait
from multiprocessing.synchronize import Event
from types import TracebackType
from typing import Any, Self, TypeVar

from sim.batch.block import Beat, Block, Job, play_block
from sim.batch.tally import Bins
from sim.engine.policy_loading import restored
from sim.engine.provenance import PolicyRecord, record
from sim.text import FoedusError

Span = tuple[int, int]
"""First run of a block, and the one after its last."""
T = TypeVar("T")


class GivenUpError(Exception):
    """Nobody wants the work any more that this was a part of."""


class Workers:
    """Some processes that have the job at hand and wait for blocks. Use as a context manager.

    A script that starts them must be guarded by `if __name__ == "__main__":`, as with all spawned processes.
    """

    def __init__(self, job: Job, number: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._stop = context.Event()
        self._wanted = context.Value("Q", 0)
        self._number = number
        self._pool = ProcessPoolExecutor(number, context, _begin, (_Parcel.of(job), self._stop, self._wanted))
        with _interrupts_held_back():
            for _ in range(number):
                self._pool.submit(_nothing)  # starts a process, which gets ready meanwhile

    def play(self, spans: Sequence[Span], bins: Bins) -> Iterator[Block]:
        """The blocks in the order of the spans.

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
        ahead: deque[Future[T]] = deque()
        wanted = self._wanted.value
        try:
            for given in arguments:
                with _interrupts_held_back():  # a process may start here too
                    ahead.append(self._pool.submit(_do, task, given, wanted))
                if len(ahead) >= 2 * self._number:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()
        except BrokenProcessPool:
            raise FoedusError.at(
                None,
                "a worker process was ended from outside, perhaps for want of memory",
                "fewer workers, or smaller blocks",
                code="worker",
            ) from None

    def give_up(self) -> None:
        """Nobody wants what was asked for so far: it ends within a turn."""
        with self._wanted.get_lock():
            self._wanted.value += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Processes started meanwhile never see Ctrl-C; the parent sees it afterwards."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


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


_parcel: _Parcel | None = None
_stop: Event | None = None
_wanted: Any = None
_job: Job | None = None
"""In a worker: what it was started with, and the job once it has been opened."""


def _begin(parcel: _Parcel, stop: Event, wanted: Any) -> None:
    global _parcel, _stop, _wanted  # a worker's initialiser has no other way to hand things to its tasks
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _parcel, _stop, _wanted = parcel, stop, wanted
    threading.Thread(target=_die_with_parent, daemon=True).start()


def _die_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _nothing() -> None:
    """The task that has a process started."""


def _block(job: Job, first: int, last: int, bins: Bins, beat: Beat) -> Block:
    return play_block(job, first, last, bins, beat)


def _do(task: Callable[..., T], arguments: tuple[Any, ...], wanted: int) -> T:
    global _job  # noqa: PLW0603 - as above
    assert _parcel is not None
    if _job is None:
        _job = _parcel.opened()

    def beat() -> None:
        if (_stop is not None and _stop.is_set()) or _wanted.value != wanted:
            raise GivenUpError

    beat()
    return task(_job, *arguments, beat)

"""Processes that share something and do task after task on it, handing results back in order.

Processes are spawned, never forked: the parent may have threads. They die with the parent however it ends,
leave Ctrl-C to it, and stop at their next `beat` when it gives up.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.connection import wait
from multiprocessing.synchronize import Event
from types import TracebackType
from typing import Any, Final, Generic, Self, TypeVar

from sim.text import FoedusError

BEHIND: Final = 10
"""What is added to the niceness of processes that stand back."""

SharedT = TypeVar("SharedT")
ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")


class Crew(Generic[SharedT]):
    """Some processes that have something at hand and wait for tasks. Use as a context manager.

    A script that starts them must be guarded by `if __name__ == "__main__":`, as with all spawned processes.

    Args:
        shared: what they have at hand.
        number: how many.
        behind: whether they stand back where somebody else wants the processor, such as the screen of a game.
    """

    def __init__(self, shared: SharedT, number: int, *, behind: bool = False) -> None:
        context = multiprocessing.get_context("spawn")
        self._stop = context.Event()
        self._number = number
        self._wanted = context.Value("Q", 0)
        self._pool = ProcessPoolExecutor(number, context, _begin, (shared, self._stop, self._wanted, behind))
        with interrupts_held_back():
            for _ in range(number):
                self._pool.submit(_nothing)  # starts a process, which gets ready meanwhile

    def each(self, task: Callable[[SharedT, ItemT], ResultT], items: Iterable[ItemT]) -> Iterator[ResultT]:
        """The task's results in the order of the items; at most two a process are under way or waiting.

        Args:
            task: a function of a module, called with what is shared and an item.
            items: what it is done on.

        Raises:
            FoedusError: of the first task in order that fails, or if a process was killed.
            GivenUpError: if `give_up` was called meanwhile, or the crew was sent home.
        """
        ahead: deque[Future[ResultT]] = deque()
        wanted = self._wanted.value
        try:
            for item in items:
                if self._stop.is_set():
                    raise GivenUpError
                with interrupts_held_back():  # a process may start here too
                    ahead.append(self._pool.submit(_do, task, item, wanted))
                if len(ahead) >= 2 * self._number:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()
        except CancelledError:  # it waited for its turn while another thread closed the crew
            raise GivenUpError from None
        except BrokenProcessPool:
            raise FoedusError.at(
                None,
                "a worker process was ended from outside, perhaps for want of memory",
                "fewer workers, or smaller blocks",
                code="worker",
            ) from None

    def give_up(self) -> None:
        """Nobody wants what was begun so far: it ends at its next `beat`. What is begun later is done."""
        with self._wanted.get_lock():
            self._wanted.value += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._pool.shutdown(wait=True, cancel_futures=True)


def beat() -> None:
    """In a worker: end the task at hand if the parent has given up."""
    if (_stop is not None and _stop.is_set()) or (_wanted is not None and _wanted.value != _mine):
        raise GivenUpError


@contextmanager
def interrupts_held_back() -> Iterator[None]:
    """Processes started meanwhile never see Ctrl-C; the parent sees it afterwards."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    seen: list[int] = []
    # What this thread holds back a thread of a library may get, and Python then tells the main one.
    main = threading.current_thread() is threading.main_thread()
    handler = signal.getsignal(signal.SIGINT) if main else None
    if handler is not None:
        signal.signal(signal.SIGINT, lambda number, _: seen.append(number))
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        if handler is not None:
            signal.signal(signal.SIGINT, handler)
        if seen:
            signal.raise_signal(signal.SIGINT)


class GivenUpError(Exception):
    """Nobody wants the work any more that this was a part of."""


_shared: Any = None
_stop: Event | None = None
_wanted: Any = None
"""In a worker: what it was started with."""
_mine = 0
"""In a worker: what `_wanted` was when the task at hand was begun."""


def _begin(shared: Any, stop: Event, wanted: Any, behind: bool) -> None:
    global _shared, _stop, _wanted  # a worker's initialiser has no other way to hand things to its tasks
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _shared, _stop, _wanted = shared, stop, wanted
    gc.freeze()  # what is at hand stays: the collector of cycles need not walk over it
    if behind and sys.platform != "win32":
        os.nice(BEHIND)
    threading.Thread(target=_die_with_parent, daemon=True).start()


def _die_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _nothing() -> None:
    """The task that has a process started."""


def _do(task: Callable[[Any, ItemT], ResultT], item: ItemT, wanted: int) -> ResultT:
    global _mine  # noqa: PLW0603 - `beat` is called from far below
    _mine = wanted
    beat()
    return task(_shared, item)

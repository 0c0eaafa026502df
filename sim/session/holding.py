"""A file held by one process: two that play one saved game would undo each other's turns."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_TAKEN: Final = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)
"""What the system says of a lock that another has; all else means that there are no locks."""


@dataclass(slots=True)
class Hold:
    """A file that this process holds, by a lock on a hidden file beside it.

    The system gives the lock up when the process ends, however it ends.
    """

    _lock: Path
    _descriptor: int | None
    """None where no lock can be made."""

    def release(self) -> None:
        """Let others have it."""
        if self._descriptor is not None:
            with suppress(OSError):
                self._lock.unlink()
            os.close(self._descriptor)
            self._descriptor = None


def hold(path: Path) -> Hold | None:
    """Hold a file, which need not be there yet; None where another game holds it.

    Where no lock can be made (a folder that cannot be written, a disk without locks) nothing is checked.
    """
    lock = path.absolute().with_name(f".{path.name}.lock")
    with suppress(OSError):
        lock.parent.mkdir(parents=True, exist_ok=True)
    while True:
        try:
            descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError:
            return Hold(lock, None)
        if not _locked(descriptor):
            os.close(descriptor)
            return None
        if _stands(lock, descriptor):
            return Hold(lock, descriptor)
        os.close(descriptor)  # whoever had it took the file away meanwhile


def _locked(descriptor: int) -> bool:
    """Lock an open file; False where another has it."""
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 - each system has its own

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in _TAKEN
    return True


def _stands(lock: Path, descriptor: int) -> bool:
    """Whether the name still stands for the file that was opened."""
    try:
        return os.path.samestat(lock.stat(), os.fstat(descriptor))
    except OSError:
        return False

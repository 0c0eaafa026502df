"""Where in a policy written in Python something went wrong."""

from __future__ import annotations

import linecache
import traceback
from pathlib import Path
from types import FunctionType

from sim.engine.policy import Policy
from sim.text import Place


def place_in(error: BaseException, policy: Policy) -> Place | None:
    """The innermost line of the policy's own module on the way to an error; None if there is none."""
    files = {
        part.__code__.co_filename
        for kind in type(policy).__mro__
        if issubclass(kind, Policy) and kind is not Policy
        for part in vars(kind).values()
        if isinstance(part, FunctionType)
    }
    return place_in_files(error, files)


def home_of(policy: Policy) -> Place | None:
    """Where the policy's `decide` begins."""
    decide = getattr(type(policy), "decide", None)
    if not isinstance(decide, FunctionType):
        return None
    return Place(shown(decide.__code__.co_filename), decide.__code__.co_firstlineno, 1)


def place_in_files(error: BaseException, files: set[str]) -> Place | None:
    """The innermost line of some files on the way to an error."""
    if isinstance(error, SyntaxError) and error.filename is not None:
        return Place(shown(error.filename), error.lineno or 1, error.offset or 1)
    own = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename in files]
    if not own:
        return None
    frame = own[-1]
    line = frame.lineno or 1
    # Columns come in bytes; people count characters.
    text = linecache.getline(frame.filename, line).encode()
    column = len(text[: frame.colno or 0].decode(errors="replace")) + 1
    return Place(shown(frame.filename), line, column)


def shown(file: str) -> str:
    """A file as people here would name it."""
    path = Path(file)
    try:
        return str(path.relative_to(Path.cwd())) if path.is_absolute() else file
    except (ValueError, OSError):
        return file


def raised(error: BaseException) -> str:
    """An exception in words: `ZeroDivisionError: division by zero`."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__

"""From a path to text: every way a file can fail to be readable UTF-8, said in plain words.

Size and kind are looked at before anything is read, so that a directory, a pipe that would never end
or a stray gigabyte is refused at once.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
from contextlib import suppress
from itertools import islice
from pathlib import Path

from sim.text.diagnostics import FoedusError, Place
from sim.text.nearest import nearest

MAX_BYTES = 10_000_000
"""Largest file read, in bytes (10 MB)."""

_OTHER_ENCODINGS = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)


def read_text(path: Path, display: str | None = None) -> str:
    """Return the text of the UTF-8 file at `path`, without a byte order mark; line ends as they are.

    `display` names the file in errors (by default the path as given). Raises FoedusError.
    """
    file = str(path) if display is None else display
    return decode(_read_bytes(path, file), file)


def beside(file: str, name: str) -> str:
    """The path that a line of `file` names as seen from it, plain: without `.` and `..` in the midst.

    It stays as it is written where that is another place: behind a link to a folder.
    """
    written = str(Path(file).parent / name)
    plain = os.path.normpath(written)
    try:
        return plain if os.path.realpath(plain) == os.path.realpath(written) else written
    except ValueError:  # no name that a file could have
        return written


def write_text(path: Path, text: str) -> None:
    """Give a file this text, in one step; the file may be a new one. Line ends stay as they are.

    Raises:
        FoedusError: if it cannot be written; what stood there before then stands.
    """
    target = path.resolve()
    made = target.with_name(f".{target.name}.{secrets.token_hex(4)}.partial")
    try:
        old = target.stat().st_mode & 0o7777 if target.exists() else None
        made.touch(mode=0o666 if old is None else 0o600, exist_ok=False)
        made.write_text(text, "utf-8", newline="")
        if old is not None:
            made.chmod(old)
        made.replace(target)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise FoedusError.at(None, f"{path} cannot be written: {reason}", code="file") from None
    finally:
        made.unlink(missing_ok=True)


def check_writable(path: Path) -> None:
    """Refuse a file that `write_text` could not write, before long work is begun for it.

    Raises:
        FoedusError: if it is a directory, or no file can be made beside it.
    """
    target = path.resolve()
    probe = target.with_name(f".{target.name}.{secrets.token_hex(4)}.partial")
    try:
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        probe.touch(exist_ok=False)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise FoedusError.at(None, f"{path} cannot be written: {reason}", code="file") from None
    finally:
        with suppress(OSError):
            probe.unlink(missing_ok=True)


def decode(data: bytes, file: str) -> str:
    """Return `data` decoded from UTF-8; a FoedusError points at the first byte that is not."""
    for mark, encoding in _OTHER_ENCODINGS:
        if data.startswith(mark):
            raise FoedusError.at(
                Place(file, 1, 1),
                f"the file is written in {encoding}",
                "a file saved as UTF-8",
                code="encoding",
            )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8").removeprefix("\ufeff")
        raise FoedusError.at(
            place_in(before, len(before), file),
            f"the byte 0x{data[error.start]:02x} is not UTF-8",
            "a file saved as UTF-8",
            code="encoding",
        ) from None
    return text.removeprefix("\ufeff")


def place_in(text: str, index: int, file: str) -> Place:
    r"""Return the place of the character `text[index]`; lines end at `\n`, `\r\n` or `\r`."""
    breaks = text.count("\n", 0, index) + text.count("\r", 0, index) - text.count("\r\n", 0, index)
    begin = max(text.rfind("\n", 0, index), text.rfind("\r", 0, index)) + 1
    return Place(file, breaks + 1, index - begin + 1)


def _read_bytes(path: Path, file: str) -> bytes:
    place = Place(file, 1, 1)
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise FoedusError.at(place, "this is a directory", "a file", code="file")
        if not stat.S_ISREG(found.st_mode):
            raise FoedusError.at(place, "this is not a regular file", "a file on disk", code="file")
        if found.st_size > MAX_BYTES:
            raise _too_large(place, found.st_size)
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise FoedusError.at(
            place, "there is no such file", suggestion=_neighbour(path) or "", code="file"
        ) from None
    except PermissionError:
        raise FoedusError.at(
            place, "the file may not be read", "permission to read it", code="file"
        ) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise FoedusError.at(place, f"the file cannot be read: {reason.lower()}", code="file") from None
    if len(data) > MAX_BYTES:
        raise _too_large(place, len(data))
    return data


def _too_large(place: Place, size: int) -> FoedusError:
    return FoedusError.at(
        place,
        f"the file is too large: {size:,} bytes",
        f"at most {MAX_BYTES:,} bytes",
        code="limit",
    )


def _neighbour(path: Path) -> str | None:
    """Return the name in the same directory most like the one that is missing."""
    try:
        with os.scandir(path.parent) as entries:
            return nearest(path.name, [entry.name for entry in islice(entries, 1000)])
    except OSError:
        return None

"""A first scenario for somebody who begins: small, commented, and running as it stands."""

from __future__ import annotations

import re
import unicodedata
from importlib import resources
from pathlib import Path
from typing import Final

from sim.text import FoedusError, printable, quoted
from sim.text.quoting import one_line

MAX_NAME: Final = 80
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]*")
_TEMPLATE: Final = "new-scenario.yaml"
_FALLBACK: Final = "my-scenario"


def scaffold(name: str, directory: Path | str) -> Path:
    """Write a new scenario `NAME.yaml` into the directory, and return its path.

    Raises:
        FoedusError: if the name cannot be an id, there is no such directory, or the file exists.
    """
    if len(name) > MAX_NAME or not _NAME.fullmatch(name):
        raise FoedusError.at(
            None,
            f"{quoted(name)} cannot be the name of a scenario",
            f"small letters, digits and hyphens, at most {MAX_NAME}",
            valid_name(name),
            code="name",
        )
    folder = Path(directory)
    if not folder.is_dir():
        raise FoedusError.at(None, f"there is no directory {quoted(str(folder))}", "a directory", code="file")
    path = folder / f"{name}.yaml"
    text = scaffold_text(name)
    try:
        with path.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
    except FileExistsError:
        raise FoedusError.at(
            None,
            f"{printable(str(path))} exists already",
            "another name",
            _next_name(name, folder),
            code="exists",
        ) from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise FoedusError.at(None, f"{path} cannot be written: {reason}", code="file") from None
    return path


def scaffold_text(name: str) -> str:
    """The text of a new scenario of this name."""
    template = resources.files("sim.scenario").joinpath(_TEMPLATE).read_text("utf-8")
    title = name.replace("-", " ").strip().capitalize()
    template = template.replace("id: NAME", f"id: {one_line(name)}").replace("TITLE", one_line(title))
    return template.replace("NAME", name)


def valid_name(name: str) -> str:
    """The nearest name that a scenario can have."""
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    made = re.sub(r"[^a-z0-9]+", "-", re.sub(r"\.ya?ml$", "", plain)).strip("-")
    return made[:MAX_NAME].rstrip("-") or _FALLBACK


def _next_name(name: str, folder: Path) -> str:
    """The name with the lowest number that is free."""
    stem = name[: MAX_NAME - 4]
    return next(
        f"{stem}-{number}" for number in range(2, 10_000) if not (folder / f"{stem}-{number}.yaml").exists()
    )

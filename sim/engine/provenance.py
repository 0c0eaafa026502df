"""Which policies written in Python a result was made with: what a certificate says of them."""

from __future__ import annotations

import hashlib
import inspect
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields, is_dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from sim.engine.policy import Policy
from sim.engine.view import CODE, refused
from sim.text import Diagnostics, quoted

Setting = str | bool | int | float | None
Settings = dict[str, Setting | tuple[Setting, ...]]


@dataclass(frozen=True, slots=True)
class PolicyRecord:
    """A policy written in Python, as a result names it."""

    id: str
    takes: tuple[str, ...]
    module: str
    name: str
    """Of the class in the module."""
    settings: Settings
    """Values by name, of a policy that is a dataclass."""
    version: str
    """Of the package that the module belongs to; "" for a module that belongs to none."""
    source: str
    """BLAKE2b-128 of the files that the class and its bases are written in, 32 hexadecimal digits; "" for
    one that no file holds."""

    def __str__(self) -> str:
        return f"policy {self.id} ({self.module}:{self.name})"

    @property
    def told(self) -> str:
        """All of it on a line."""
        settings = ", ".join(f"{name}={value!r}" for name, value in self.settings.items())
        parts = [f"{self.module}:{self.name}({settings})", f"takes {', '.join(self.takes)}"]
        parts += [f"version {self.version}"] if self.version else []
        parts += [f"source {self.source}"] if self.source else []
        return f"{self.id}: {'; '.join(parts)}"

    @classmethod
    def of(cls, plain: dict[str, Any]) -> PolicyRecord:
        """The record that `plain` is of.

        Raises:
            ValueError, KeyError, TypeError, AttributeError: for what is none.
        """
        settings = {name: _as_tuple(value) for name, value in plain["settings"].items()}
        return cls(**{**plain, "takes": tuple(plain["takes"]), "settings": settings})

    @property
    def plain(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)


def record(policy: Policy) -> PolicyRecord:
    """The record of a policy.

    Raises:
        FoedusError: without a place, if the policy holds what a record cannot tell.
    """
    kind = type(policy)
    return PolicyRecord(
        id=policy.id,
        takes=tuple(policy.takes),
        module=kind.__module__,
        name=kind.__qualname__,
        settings=_settings(policy),
        version=_version(kind.__module__),
        source=_source(kind),
    )


def refuse_others(recorded: Sequence[PolicyRecord], given: Sequence[PolicyRecord], what: str) -> None:
    """Refuse policies other than those that something was made with.

    Args:
        recorded: what it was made with.
        given: what it is to go on with.
        what: such as `the snapshot`.

    Raises:
        FoedusError: for one that is missing, one too many, or one that is not as it was.
    """
    problems = Diagnostics()
    then, now = {found.id: found for found in recorded}, {found.id: found for found in given}
    for name, old in then.items():
        if name not in now:
            problems.error(None, f"{what} was played with {old}, which is not given", str(old), code=CODE)
        elif now[name] != old:
            differ = [
                part.name
                for part in fields(PolicyRecord)
                if getattr(old, part.name) != getattr(now[name], part.name)
            ]
            problems.error(
                None,
                f"{old} is not as it was when {what} was played: another {', another '.join(differ)}",
                "the policy as it was",
                code=CODE,
            )
    for name, new in now.items():
        if name not in then:
            problems.error(
                None, f"{what} was played without {new}", "the policies that it was played with", code=CODE
            )
    problems.raise_if_errors()


def _settings(policy: Policy) -> Settings:
    held: Any = policy  # a subclass may be a dataclass, although Policy is none
    known = [part.name for part in fields(held)] if is_dataclass(held) else []
    extra = sorted(set(getattr(policy, "__dict__", {})) - set(known))
    if extra:
        raise refused(
            f"holds {quoted(extra[0])}, of which no result would tell",
            "a dataclass, whose fields are its settings",
        )
    settings = {name: getattr(policy, name) for name in known}
    for name, value in settings.items():
        if not _plain(value):
            raise refused(
                f"has the setting {quoted(name)} of the type {quoted(type(value).__name__)}",
                "a number, a text, a truth value, or a tuple of them",
            )
    return settings


def _as_tuple(value: Any) -> Any:
    """JSON knows lists only."""
    return tuple(value) if isinstance(value, list) else value


def _plain(value: object) -> bool:
    parts = value if isinstance(value, tuple) else (value,)
    return all(part is None or type(part) in (str, bool, int, float) for part in parts)


def _version(module: str) -> str:
    package = module.partition(".")[0]
    try:
        return version(package)
    except (PackageNotFoundError, ValueError):
        stated = getattr(sys.modules.get(package), "__version__", "")
        return stated if isinstance(stated, str) else ""


def _source(kind: type[Policy]) -> str:
    """Of every file that a part of the policy is written in, the class's own first."""
    files = dict.fromkeys(_files(base for base in kind.__mro__ if issubclass(base, Policy)))
    found = hashlib.blake2b(digest_size=16)
    try:
        for file in files:
            found.update(Path(file).read_bytes())
    except OSError:
        return ""
    return found.hexdigest() if files else ""


def _files(kinds: Iterable[type[Policy]]) -> Iterable[str]:
    for kind in kinds:
        if kind is not Policy:
            try:
                yield inspect.getfile(kind)
            except (TypeError, OSError):  # written at a prompt
                continue

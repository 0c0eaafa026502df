"""Policies written in Python, found by name: of an installed package's entry point, or of a module.

Nothing is imported but what is named here, by the one who runs foedus; no scenario and no file of results can
name any.
"""

from __future__ import annotations

import pkgutil
import sys
from collections.abc import Iterable
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from inspect import isabstract
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from sim.engine.policy import Policy
from sim.engine.policy_place import place_in_files, raised
from sim.engine.provenance import PolicyRecord, record, refuse_others
from sim.engine.view import CODE
from sim.text import Diagnostics, FoedusError, nearest, quoted

GROUP: Final = "foedus.policies"
"""Entry points of this group are policies: a name, and the class that it stands for."""


def load_policies(*names: str) -> tuple[Policy, ...]:
    """Policies by name; importing them runs their modules.

    Args:
        names: each the name of an installed policy (an entry point of the group `foedus.policies`; it comes
            before a module of that name), a `MODULE` with all policies defined in it, or `MODULE:NAME`, a
            class derived from `Policy` or an instance of one.

    Raises:
        FoedusError: for what is not there, is no policy, or cannot be imported, all at once.
    """
    problems = Diagnostics()
    found: list[Policy] = []
    for name in names:
        try:
            found += _named(name)
        except FoedusError as error:
            problems.extend(error.diagnostics)
    problems.raise_if_errors()
    return tuple(found)


def made(policies: Iterable[Policy | type[Policy]]) -> tuple[Policy, ...]:
    """Instances as they are, and one of each class.

    Raises:
        FoedusError: for what is no policy, or cannot be made without arguments.
    """
    return tuple(_made(policy, getattr(policy, "__qualname__", repr(policy))) for policy in policies)


def restored(records: Iterable[PolicyRecord]) -> tuple[Policy, ...]:
    """The policies that some records tell of, as another process has them.

    Raises:
        FoedusError: if they are not there, or not as they were.
    """
    records = tuple(records)
    policies = tuple(
        _made(_reached(_imported(found.module), found.name), str(found), **found.settings)
        for found in records
    )
    refuse_others(records, [record(policy) for policy in policies], "the batch")
    return policies


def check_sendable(policies: Iterable[Policy]) -> None:
    """Refuse policies that other processes could not find by module and name.

    Raises:
        FoedusError: for each of them.
    """
    problems = Diagnostics()
    for policy in policies:
        found = record(policy)
        held: Any = None if found.module == "__main__" else sys.modules.get(found.module)
        for part in found.name.split("."):
            held = getattr(held, part, None)
        if held is not type(policy):
            problems.error(
                None,
                f"{found} cannot be sent to worker processes: they find a policy by its module and name",
                "a class at the top of a module that can be imported, or one worker",
                code=CODE,
            )
    problems.raise_if_errors()


def _named(name: str) -> list[Policy]:
    installed = {entry.name: entry for entry in entry_points(group=GROUP)}
    if name in installed:
        return [_made(_of_entry(installed[name]), name)]
    path, _, attribute = name.partition(":")
    module = _imported(path, tuple(installed))
    if not attribute:
        return _all_in(module)
    return [_made(_reached(module, attribute), name)]


def _reached(module: ModuleType, attribute: str) -> object:
    """What a dotted name in a module stands for."""
    held: Any = module
    for part in attribute.split("."):
        if not hasattr(held, part):
            known = [own for own, value in vars(module).items() if _is_policy(value)]
            raise FoedusError.at(
                None,
                f"the module {module.__name__} has no {quoted(attribute)}",
                _one_of(known),
                nearest(attribute, known or vars(module)) or "",
                CODE,
            )
        held = getattr(held, part)
    return held


def _one_of(known: list[str]) -> str:
    if not known:
        return "a policy, and it defines none"
    return f"one of {', '.join(known)}" if len(known) > 1 else known[0]


def _of_entry(entry: EntryPoint) -> object:
    return _reached(_imported(entry.module), entry.attr)


def _is_policy(value: object) -> bool:
    kind = isinstance(value, type) and issubclass(value, Policy) and not isabstract(value)
    return kind or isinstance(value, Policy)


def _all_in(module: ModuleType) -> list[Policy]:
    own = [
        (name, value)
        for name, value in vars(module).items()
        if _is_policy(value)
        and (value if isinstance(value, type) else type(value)).__module__ == module.__name__
    ]
    # An instance at the top of a module is how its author wants the class to be played.
    played = {type(value) for _, value in own if isinstance(value, Policy)}
    chosen = [(name, value) for name, value in own if value not in played]
    if not chosen:
        raise FoedusError.at(
            None,
            f"the module {module.__name__} defines no policy",
            "a class derived from sim.Policy that has a decide",
            code=CODE,
        )
    return [_made(value, f"{module.__name__}:{name}") for name, value in chosen]


def _made(held: object, name: str, **settings: Any) -> Policy:
    if isinstance(held, Policy):
        return held
    if not (isinstance(held, type) and issubclass(held, Policy)):
        raise FoedusError.at(
            None, f"{quoted(name, 200)} is not a policy", "a class derived from sim.Policy", code=CODE
        )
    try:
        return held(**settings)
    except Exception as error:  # noqa: BLE001 - whatever an author's class does is told as a finding
        raise FoedusError.at(
            None,
            f"{quoted(name, 200)} cannot be made: {raised(error)}",
            "a class that can be made, without arguments, and has a decide",
            code=CODE,
        ) from None


def _imported(path: str, installed: Iterable[str] = ()) -> ModuleType:
    if not all(part.isidentifier() for part in path.split(".")) or path.endswith(".py"):
        parts = Path(path.removesuffix(".py")).parts
        dotted = ".".join(parts) if all(part.isidentifier() for part in parts) else ""
        raise FoedusError.at(
            None,
            f"{quoted(path)} is not the name of a module",
            "one as Python imports it, such as package.module",
            dotted if path.endswith(".py") else nearest(path, installed) or "",
            CODE,
        )
    try:
        return import_module(path)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{path}.".startswith(f"{error.name}."):
            raise _broken(path, error) from None
        known = [*installed, *_neighbours(path)]
        raise FoedusError.at(
            None,
            f"there is no module and no installed policy {quoted(path)}",
            "one that Python can import from here",
            nearest(path, known) or "",
            CODE,
        ) from None
    except Exception as error:  # noqa: BLE001 - as above
        raise _broken(path, error) from None
    except SystemExit as error:
        raise _broken(path, error) from None


def _broken(path: str, error: BaseException) -> FoedusError:
    """A module that is there, but ends in an error when it is imported."""
    own = "/".join(path.split("."))
    files = {
        frame.f_code.co_filename
        for frame in _frames(error)
        if frame.f_code.co_filename.replace("\\", "/")
        .removesuffix("/__init__.py")
        .removesuffix(".py")
        .endswith(own)
    }
    return FoedusError.at(
        place_in_files(error, files),
        f"the module {path} cannot be imported: {raised(error)}",
        "a module without errors",
        code=CODE,
    )


def _frames(error: BaseException) -> Iterable[Any]:
    trace = error.__traceback__
    while trace is not None:
        yield trace.tb_frame
        trace = trace.tb_next


def _neighbours(path: str) -> list[str]:
    """Names of modules that stand where this one was looked for."""
    package, _, _ = path.rpartition(".")
    if package:
        held = sys.modules.get(package)
        places = list(getattr(held, "__path__", ()))
        return [f"{package}.{found.name}" for found in pkgutil.iter_modules(places)]
    here = str(Path.cwd())
    return [found.name for found in pkgutil.iter_modules([here])]

"""Damages files at random and reads them: `python -m benchmarks.fuzz [--minutes M] [--seed S] [--write]`.

Every input must be read, compiled and looked through, or be refused with places inside its files; nothing
else, and in less than a second. What fails is kept as a file, with the command that tries it again.

Inputs have numbers: input N of seed S is the same everywhere. Shipped scenarios, their parts, the ledgers,
and the broken and doubtful scenarios of the tests are damaged by bytes, tokens, lines, parts of the tree and
expressions, once or several times.
"""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import median
from typing import Any, Final

import yaml

from benchmarks import mutations
from benchmarks.flagship import ROOT, SCENARIO, machine
from sim.compile import Program, find_warnings, load_program
from sim.evidence import load_evidence
from sim.scenario import Scenario
from sim.text import Diagnostic, FoedusError

LIMIT: Final = 1.0
"""Seconds of processor time that no input may take."""
HANGS: Final = 60
"""Seconds on the clock after which an input is given up."""
MOST_TOLD: Final = 501
MINUTES: Final = 10.0
_REPEATS: Final = 3
_KEPT: Final = ROOT / "runs" / "fuzz"
_PAGE: Final = ROOT / "docs" / "fuzzing.md"
_PARTS: Final = 0.06
_LEDGERS: Final = 0.1
"""Shares of the inputs that are parts of the flagship, and ledgers; the rest are whole small scenarios."""


class HangsError(Exception):
    """An input that is given up."""


@dataclass(frozen=True, slots=True)
class Input:
    """A damaged file among sound ones."""

    number: int
    kind: str
    """`scenario`, `part` or `ledger`."""
    level: str
    """What was damaged."""
    origin: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of an input."""

    seconds: float
    """Processor time."""
    verdict: str
    """`sound`, `refused`, or what is wrong."""
    ok: bool


class Corpus:
    """The files that are damaged."""

    def __init__(self) -> None:
        scenarios = ROOT / "scenarios"
        tests = [
            path for name in ("broken", "doubtful") for path in sorted((ROOT / "tests" / name).glob("*.yaml"))
        ]
        small = [path for path in sorted(scenarios.glob("*.yaml")) if path != ROOT / SCENARIO]
        self.small = [*small * 20, *tests]
        self.parts = [ROOT / SCENARIO, *sorted((scenarios / Path(SCENARIO).stem).glob("*.yaml"))]
        self.ledgers = sorted((ROOT / "seeds").glob("*.yaml"))
        self._plain: dict[Path, Any] = {}
        texts = [path.read_text("utf-8") for path in (*small, *self.parts)]
        self.tokens = sorted({t for text in texts for t in mutations.TOKEN.findall(text) if not t.isspace()})

    def plain(self, path: Path) -> Any:
        """A file's data; None if it is no YAML."""
        if path not in self._plain:
            try:
                self._plain[path] = yaml.load(path.read_bytes(), yaml.CSafeLoader)
            except (yaml.YAMLError, ValueError):
                self._plain[path] = None
        return self._plain[path]

    def input(self, seed: int, number: int) -> Input:
        """Input `number` of a seed."""
        random = Random(f"{seed}-{number}")
        share = random.random()
        kind, pool = "scenario", self.small
        if share < _PARTS:
            kind, pool = "part", self.parts
        elif share < _PARTS + _LEDGERS:
            kind, pool = "ledger", self.ledgers
        path = random.choice(pool)
        level = random.choice(("bytes", "tokens", "tree", "tree"))
        times = random.choice((1, 1, 1, 2, 3, 6))
        data = self._damaged(path, level, times, random)
        return Input(number, kind, level, str(path.relative_to(ROOT)), data[: mutations.MAX_BYTES])

    def _damaged(self, path: Path, level: str, times: int, random: Random) -> bytes:
        if level == "tree" and self.plain(path) is not None:
            try:
                return self._bent(deepcopy(self.plain(path)), times, random)
            except RecursionError:  # nested beyond what can be written that way: by hand, then
                return path.read_bytes() + b"note: " + b"[" * random.randrange(1, 9_999)
        data = path.read_bytes()
        for _ in range(times):
            if level == "bytes":
                data = mutations.broken_bytes(data, random)
            else:
                text = data.decode("utf-8", "replace")
                data = mutations.damaged(text, random, self.tokens).encode("utf-8", "replace")
        return data

    def _bent(self, plain: Any, times: int, random: Random) -> bytes:
        for _ in range(times):
            mutations.bent(plain, random, self.tokens)
        return mutations.written(plain).encode("utf-8", "surrogatepass")


Loaded = tuple[Scenario, Program]


class Reader:
    """Reads inputs in a folder of its own, each among the sound files that it belongs to."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for name in ("scenarios", "seeds"):
            shutil.copytree(ROOT / name, folder / name)

    def path(self, origin: str) -> Path:
        """Where the damaged file stands."""
        inside = origin if origin.startswith(("scenarios/", "seeds/")) else f"scenarios/{Path(origin).name}"
        return self._folder / inside

    def tried(self, given: Input) -> Tried:
        """Put the file in its place, read it, and put the sound one back."""
        path = self.path(given.origin)
        before = path.read_bytes() if path.exists() else None
        path.write_bytes(given.data)
        try:
            tried = self._read(given, path)
            for _ in range(
                _REPEATS if tried.seconds > LIMIT else 0
            ):  # what else the machine does is no fault
                again = self._read(given, path)
                tried = again if again.seconds < tried.seconds else tried
        finally:
            if before is None:
                path.unlink()
            else:
                path.write_bytes(before)
        if tried.ok and tried.seconds > LIMIT:
            return Tried(tried.seconds, f"took {tried.seconds:.2f} s", ok=False)
        return tried

    def _read(self, given: Input, path: Path) -> Tried:
        begin = time.process_time()
        signal.alarm(HANGS)
        try:
            verdict, told, sound = self._outcome(given, path)
            seconds = time.process_time() - begin
            if sound is not None:
                told = find_warnings(*sound)
        except HangsError:
            return Tried(time.process_time() - begin, f"hangs for {HANGS} s", ok=False)
        except Exception:  # noqa: BLE001 - that is what is looked for
            return Tried(time.process_time() - begin, traceback.format_exc(), ok=False)
        finally:
            signal.alarm(0)
        wrong = next((fault for found in told if (fault := self._fault(found, path))), "")
        if len(told) > MOST_TOLD:
            wrong = f"{len(told)} findings"
        return Tried(seconds, wrong or verdict, ok=not wrong)

    def _outcome(self, given: Input, path: Path) -> tuple[str, Sequence[Diagnostic], Loaded | None]:
        """What came of reading it: a verdict, what is wrong, and what of it may be warned of."""
        try:
            if given.kind == "ledger":
                load_evidence(path.parent)
                return "sound", (), None
            whole = self._folder / SCENARIO if given.kind == "part" else path
            return "sound", (), load_program(whole)
        except FoedusError as error:
            return "refused", error.diagnostics, None

    def _fault(self, found: Diagnostic, path: Path) -> str:
        """What is wrong with a finding; "" if it is as it should be."""
        if not str(found).isprintable():
            return f"not printable: {found!r}"
        place = found.place
        if place is None:
            return f"without a place: {found}"
        file = Path(place.file)
        if file.is_file() and file.resolve().is_relative_to(self._folder.resolve()):
            text = file.read_bytes().decode("utf-8", "replace")
            lines = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
            if not 1 <= place.line <= lines or place.column < 1:
                return f"placed outside its file of {lines} lines: {found}"
        elif file != path and not found.message.startswith("there is no"):
            return f"placed in another file: {found}"
        return ""


@dataclass
class Figures:
    """What a run of the program found."""

    seed: int
    flagship: float
    """Seconds that the flagship takes to load, here and now."""
    seconds: list[float] = field(default_factory=list)
    verdicts: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    worst: tuple[float, int] = (0.0, 0)
    failed: list[int] = field(default_factory=list)

    def add(self, given: Input, tried: Tried) -> None:
        """Take an input into account."""
        self.seconds.append(tried.seconds)
        self.kinds[f"{given.kind}, {given.level}"] += 1
        self.verdicts[tried.verdict if tried.ok else "failed"] += 1
        self.worst = max(self.worst, (tried.seconds, given.number))
        if not tried.ok:
            self.failed.append(given.number)


def _give_up(*_: object) -> None:
    raise HangsError


def flagship_seconds() -> float:
    """Processor time of the quickest of some loadings of the flagship."""
    times = []
    for _ in range(_REPEATS):
        begin = time.process_time()
        load_program(ROOT / SCENARIO)
        times.append(time.process_time() - begin)
    return min(times)


def fuzzed(seed: int, numbers: Iterator[int], minutes: float) -> Figures:
    """Try inputs until the time is up, or there are no more."""
    corpus, until = Corpus(), time.monotonic() + 60 * minutes
    figures = Figures(seed, flagship_seconds())
    signal.signal(signal.SIGALRM, _give_up)
    with tempfile.TemporaryDirectory(prefix="foedus-fuzz-") as folder:
        reader = Reader(Path(folder))
        for number in numbers:
            if time.monotonic() > until:
                break
            given = corpus.input(seed, number)
            tried = reader.tried(given)
            figures.add(given, tried)
            if not tried.ok:
                _keep(seed, given, tried)
    return figures


def _keep(seed: int, given: Input, tried: Tried) -> None:
    _KEPT.mkdir(parents=True, exist_ok=True)
    kept = _KEPT / f"{seed}-{given.number}-{Path(given.origin).name}"
    kept.write_bytes(given.data)
    print(f"input {given.number} ({given.origin}, {given.level}): {tried.verdict}", file=sys.stderr)
    print(f"  kept as {kept}; again with:", file=sys.stderr)
    print(f"  python -m benchmarks.fuzz --seed {seed} --input {given.number}", file=sys.stderr, flush=True)


def page(figures: Figures, minutes: float) -> str:
    """The text of `docs/fuzzing.md`."""
    worst, number = figures.worst
    typical = median(figures.seconds)
    kinds = "\n".join(f"| {kind} | {count:,} |" for kind, count in sorted(figures.kinds.items()))
    facts = machine()
    again = f"python -m benchmarks.fuzz --seed {figures.seed} --input {number}"
    return f"""# What damaged files do

Written by `make fuzz`; not edited by hand.

For {minutes:g} minutes files were damaged at random and read: shipped scenarios and their parts, the ledgers,
and the broken and doubtful scenarios of the tests. Each must come out as a scenario, or be refused with
places that stand in its files; never with a traceback, and never later than after a second. What is sound is
looked through for warnings too, which must not fail either; the time is that of reading and compiling.

| input, what of it was damaged | tried |
| --- | ---: |
{kinds}
| all | {len(figures.seconds):,} |

| came out | inputs |
| --- | ---: |
| sound after all | {figures.verdicts["sound"]:,} |
| refused, with places | {figures.verdicts["refused"]:,} |
| failed | {figures.verdicts["failed"]:,} |

| | processor time | loading the flagship = 1 |
| --- | ---: | ---: |
| half of the inputs took less than | {typical * 1e3:.0f} ms | {typical / figures.flagship:.2f} |
| the slowest, input {number:,}, took | {worst * 1e3:.0f} ms | {worst / figures.flagship:.1f} |
| limit | {LIMIT * 1e3:.0f} ms | {LIMIT / figures.flagship:.1f} |

Seed {figures.seed}: `{again}` tries the slowest again.
A time depends on the machine and on what else it does; the ratio to loading the flagship, measured in the
same process, carries over.

foedus {facts["foedus"]}, {facts["measured"]}; {facts["processor"]}, Python {facts["Python"]}.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Damage, read, print what was found. Returns 1 if an input failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=MINUTES)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--input", type=int, help="try this one alone")
    parser.add_argument("--write", action="store_true", help=f"write {_PAGE.relative_to(ROOT)}")
    asked = parser.parse_args(arguments)
    numbers = iter(range(10**9)) if asked.input is None else iter([asked.input])
    figures = fuzzed(asked.seed, numbers, asked.minutes)
    worst, number = figures.worst
    print(
        f"{len(figures.seconds):,} inputs, {len(figures.failed):,} failed; the slowest, input {number}, took"
        f" {worst:.2f} s, {worst / figures.flagship:.1f} times as long as loading the flagship"
    )
    if asked.write:
        _PAGE.write_text(page(figures, asked.minutes), "utf-8", newline="\n")
        print(f"wrote {_PAGE.relative_to(ROOT)}")
    return 1 if figures.failed else 0


if __name__ == "__main__":
    sys.exit(main())

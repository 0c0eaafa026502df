"""Keep the engine's numbers the same on every machine: find arithmetic whose last bits are not ours.

NumPy's and libm's exp, log, pow and trigonometry differ between processors; sums, means and products over
an array round differently with its shape. The engine has its own versions of the first and folds from the
left for the second, so that one run reopened alone equals itself among a million. This reads the source of
`sim/engine/` and names every place that would break that.

A reduction, product or power of integers is exact in any order. Say so on its line, with the reason:

    fired = np.sum(mask)  # lint: exact counts booleans

A waiver without a reason, or one that waives nothing, is a finding too. Transcendental functions and scipy
cannot be waived; scipy is allowed in `quantiles.py` alone, where results are rounded to nine digits.

    python scripts/lint_arithmetic.py [FILE_OR_FOLDER ...]

Exit code: 0 nothing found, 1 findings, 2 no such file or folder.
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from dataclasses import dataclass
from pathlib import Path

ENGINE = Path(__file__).resolve().parent.parent / "sim" / "engine"
SCIPY_ROOM = "quantiles.py"

NUMPY_TRANSCENDENTAL = frozenset(
    """
    exp exp2 expm1 log log2 log10 log1p logaddexp logaddexp2 power float_power pow cbrt hypot
    sin cos tan arcsin arccos arctan arctan2 asin acos atan atan2
    sinh cosh tanh arcsinh arccosh arctanh asinh acosh atanh
    sinc i0 angle logspace geomspace kaiser hamming hanning blackman
    """.split()
)
NUMPY_REDUCTIONS = frozenset(
    """
    sum nansum mean nanmean average std nanstd var nanvar prod nanprod product cumsum nancumsum cumprod
    nancumprod cumulative_sum cumulative_prod trace dot vdot inner tensordot matmul matvec vecmat vecdot
    einsum einsum_path convolve correlate cov corrcoef interp trapezoid trapz polyval polyfit
    """.split()
)
NUMPY_SUBPACKAGES = frozenset({"linalg", "fft", "polynomial", "emath", "scimath", "ma"})
FLOAT_UFUNCS = frozenset({"add", "subtract", "multiply", "divide", "true_divide"})
UFUNC_FOLDS = frozenset({"reduce", "reduceat", "accumulate"})
METHODS = frozenset({"sum", "mean", "dot", "prod", "cumsum", "cumprod", "std", "var", "trace"})
# Of `math`, what IEEE 754 fixes to the last bit, what is exact, and constants. The rest is libm's.
MATH_ALLOWED = frozenset(
    """
    sqrt isqrt floor ceil trunc fabs copysign fmod remainder modf frexp ldexp fsum nextafter ulp
    isnan isinf isfinite isclose comb perm factorial gcd lcm pi e tau inf nan
    """.split()
)
BANNED_MODULES = {
    "scipy": "scipy is allowed in quantiles.py alone",
    "statistics": "statistics is not the engine's arithmetic: fold from the left",
    "cmath": "cmath is libm's: use sim.engine.arithmetic",
}
OPERATOR_POWER = frozenset({"operator.pow", "operator.ipow", "builtins.pow"})
OPERATOR_MATMUL = frozenset({"operator.matmul", "operator.imatmul"})
WATCHED = frozenset({"numpy", "math", "operator", "builtins", *BANNED_MODULES})

WAIVER = re.compile(r"#\s*lint:\s*exact\b[\s:]*(?P<reason>.*)")


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One place in the source (1-based line and column) and what is wrong there."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


@dataclass(frozen=True, slots=True)
class Suspect:
    """A finding before waivers are weighed: its lines, and whether integers would make it exact."""

    first: int
    last: int
    column: int
    message: str
    waivable: bool


def check_source(source: str, file: str) -> list[Finding]:
    """Findings in one module's text, in order of place; its file's name decides whether scipy may enter."""
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        return [Finding(file, error.lineno or 1, error.offset or 1, f"not Python: {error.msg}")]
    own = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    reader = _Reader(own, scipy_allowed=Path(file).name == SCIPY_ROOM)
    reader.visit(tree)
    return sorted(set(_weigh(reader.suspects, _waivers(source), file)))


def check_paths(paths: list[Path]) -> list[Finding]:
    """Findings in the given files, and in every Python file below the given folders."""
    files = sorted({file for path in paths for file in (path.rglob("*.py") if path.is_dir() else [path])})
    return [finding for file in files for finding in check_source(file.read_text("utf-8"), _shown(file))]


def main(arguments: list[str]) -> int:
    """Check what is named, or `sim/engine`; print findings; return the exit code."""
    paths = [Path(argument) for argument in arguments] or [ENGINE]
    missing = [path for path in paths if not path.exists()]
    if missing:
        print(*(f"{path}: no such file or folder" for path in missing), sep="\n", file=sys.stderr)
        return 2
    findings = check_paths(paths)
    for finding in findings:
        print(finding)
    return 1 if findings else 0


def _shown(file: Path) -> str:
    """The path as people write it: from the folder they stand in, where it lies below that."""
    here = Path.cwd()
    return str(file.relative_to(here)) if file.is_relative_to(here) else str(file)


def _waivers(source: str) -> dict[int, tuple[int, str]]:
    """Line -> (column, reason) of every waiver comment."""
    found: dict[int, tuple[int, str]] = {}
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT and (match := WAIVER.search(token.string)):
            found[token.start[0]] = (token.start[1] + 1, match["reason"].strip())
    return found


def _weigh(suspects: list[Suspect], waivers: dict[int, tuple[int, str]], file: str) -> list[Finding]:
    """Suspects that no waiver excuses, and waivers that are empty or excuse nothing."""
    findings: list[Finding] = []
    used: set[int] = set()
    for suspect in suspects:
        lines = {line for line in waivers if suspect.first <= line <= suspect.last}
        if suspect.waivable and lines:
            used |= lines
        else:
            findings.append(Finding(file, suspect.first, suspect.column, suspect.message))
    for line, (column, reason) in waivers.items():
        if line not in used:
            findings.append(Finding(file, line, column, "this waiver excuses nothing: take it out"))
        elif not reason:
            findings.append(Finding(file, line, column, "a waiver gives its reason: # lint: exact <why>"))
    return findings


def _is_count(node: ast.expr) -> bool:
    """Whether this is an int literal, as in 2**32."""
    return isinstance(node, ast.Constant) and type(node.value) is int


class _Reader(ast.NodeVisitor):
    """Walks a module, follows what its names stand for, and notes suspects."""

    def __init__(self, own: set[str], *, scipy_allowed: bool) -> None:
        self.suspects: list[Suspect] = []
        self._scipy_allowed = scipy_allowed
        self._names = {name: f"builtins.{name}" for name in ("pow", "sum") if name not in own}

    def _note(self, node: ast.expr | ast.stmt, message: str, *, waivable: bool = False) -> None:
        last = node.end_lineno or node.lineno
        self.suspects.append(Suspect(node.lineno, last, node.col_offset + 1, message, waivable))

    def _stands_for(self, node: ast.expr) -> str | None:
        """The dotted name, from a watched module on, that an expression refers to; None for anything else."""
        if isinstance(node, ast.Name):
            return self._names.get(node.id)
        if isinstance(node, ast.Attribute):
            base = self._stands_for(node.value)
            return None if base is None else f"{base}.{node.attr}"
        return None

    # -- names -------------------------------------------------------------------------------------------

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            root = alias.name.partition(".")[0]
            if root not in WATCHED:
                continue
            if alias.asname:
                self._names[alias.asname] = alias.name
            else:
                self._names[root] = root
            self._judge_name(node, alias.name)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        module = node.module or ""
        watched = node.level == 0 and module.partition(".")[0] in WATCHED  # a relative one is our own
        for alias in node.names:
            local = alias.asname or alias.name
            if not watched:
                self._names.pop(local, None)  # e.g. `from .arithmetic import pow`
            elif alias.name == "*":
                self._note(node, f"import the names of {module} one by one, so that they can be checked")
            else:
                self._names[local] = f"{module}.{alias.name}"
                self._judge_name(node, f"{module}.{alias.name}")

    def visit_Assign(self, node: ast.Assign) -> None:
        self.generic_visit(node)
        name = self._stands_for(node.value)
        for target in node.targets:
            if name and isinstance(target, ast.Name):
                self._names[target.id] = name  # xp = np

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load) and (name := self._stands_for(node)):
            self._judge_name(node, name)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        name = self._stands_for(node)
        if name is None:
            self.generic_visit(node)
        else:
            self._judge_name(node, name)

    def visit_Call(self, node: ast.Call) -> None:
        function = node.func
        if isinstance(function, ast.Attribute) and self._stands_for(function) is None:
            if function.attr in METHODS:
                self._note(node, f".{function.attr}() rounds by shape: fold from the left", waivable=True)
        elif isinstance(function, ast.Name) and function.id == "getattr" and node.args:
            self._judge_getattr(node)
        self.generic_visit(node)

    def _judge_getattr(self, node: ast.Call) -> None:
        base = self._stands_for(node.args[0])
        if base is None:
            return
        attribute = node.args[1] if len(node.args) > 1 else None
        if isinstance(attribute, ast.Constant) and isinstance(attribute.value, str):
            self._judge_name(node, f"{base}.{attribute.value}")
        else:
            self._note(node, f"getattr on {base} hides which function is meant: name it")

    def _judge_name(self, node: ast.expr | ast.stmt, name: str) -> None:
        """Note a reference to a banned function, wherever in its library it is found."""
        root, *rest = name.split(".")
        last = rest[-1] if rest else ""
        if name == "builtins.sum":
            self._note(node, "builtin sum() rounds in the order it is given: fold by id", waivable=True)
        elif name in OPERATOR_POWER:
            self._note(node, f"{name}: use a product, or sim.engine.arithmetic", waivable=True)
        elif name in OPERATOR_MATMUL:
            self._note(node, f"{name} rounds by shape: fold from the left", waivable=True)
        elif root in BANNED_MODULES and not (root == "scipy" and self._scipy_allowed):
            self._note(node, BANNED_MODULES[root])
        elif root == "math" and last and rest[0] not in MATH_ALLOWED:
            self._note(node, f"{name} is libm's, and differs between machines: use sim.engine.arithmetic")
        elif root == "numpy":
            self._judge_numpy(node, name, rest)

    def _judge_numpy(self, node: ast.expr | ast.stmt, name: str, rest: list[str]) -> None:
        if NUMPY_SUBPACKAGES.intersection(rest):
            self._note(node, f"{name} is not the engine's arithmetic: use sim.engine.arithmetic")
        elif NUMPY_TRANSCENDENTAL.intersection(rest):
            self._note(node, f"{name} differs between processors: use sim.engine.arithmetic")
        elif NUMPY_REDUCTIONS.intersection(rest) or (
            UFUNC_FOLDS.intersection(rest) and FLOAT_UFUNCS.intersection(rest)
        ):
            self._note(node, f"{name} rounds by shape: fold from the left", waivable=True)

    # -- operators ---------------------------------------------------------------------------------------

    def visit_BinOp(self, node: ast.BinOp) -> None:
        literal = _is_count(node.left) and _is_count(node.right)
        self._judge_operator(node, node.op, literal=literal)
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self._judge_operator(node, node.op, literal=False)
        self.generic_visit(node)

    def _judge_operator(self, node: ast.expr | ast.stmt, op: ast.operator, *, literal: bool) -> None:
        if isinstance(op, ast.MatMult):
            self._note(node, "@ rounds by shape: fold from the left", waivable=True)
        elif isinstance(op, ast.Pow) and not literal:
            self._note(node, "** is libm's power: use a product, or sim.engine.arithmetic", waivable=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The lint that keeps the engine's last bits the same everywhere catches what it says, and no more."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.lint_arithmetic import ENGINE, check_paths, check_source, main


def findings(source: str, file: str = "sim/engine/stage.py") -> list[str]:
    return [str(finding) for finding in check_source(source, file)]


TRANSCENDENTAL = (
    "exp expm1 exp2 log log2 log10 log1p logaddexp power float_power pow sin cos tan arcsin arccos arctan "
    "arctan2 atan2 sinh cosh tanh arcsinh hypot cbrt"
).split()
REDUCTIONS = (
    "sum nansum mean average std var prod cumsum cumprod dot vdot inner matmul tensordot einsum trace"
).split()


@pytest.mark.parametrize("name", [*TRANSCENDENTAL, *REDUCTIONS])
def test_numpys_own_function_is_caught(name: str) -> None:
    assert len(findings(f"import numpy as np\ny = np.{name}(x)\n")) == 1


@pytest.mark.parametrize("name", "exp log log1p pow sin tanh hypot erf gamma dist sumprod prod cbrt".split())
def test_libms_function_is_caught(name: str) -> None:
    assert len(findings(f"import math\ny = math.{name}(x)\n")) == 1


@pytest.mark.parametrize("method", "sum mean dot prod cumsum std var".split())
def test_reducing_method_is_caught(method: str) -> None:
    assert len(findings(f"y = (x + 1.0).{method}(axis=0)\n")) == 1


@pytest.mark.parametrize(
    "line",
    [
        "y = a @ b",
        "a @= b",
        "y = x ** 2",
        "y = 2.0 ** 3",
        "y = 2 ** n",
        "x **= 2",
        "y = pow(x, 0.5)",
        "y = sum(values)",
        "y = list(map(sum, values))",
    ],
)
def test_operators_and_builtins_that_round_elsewhere_are_caught(line: str) -> None:
    assert len(findings(line + "\n")) == 1


@pytest.mark.parametrize(
    "source",
    [
        "import numpy as n\ny = n.exp(x)\n",
        "import numpy\ny = numpy.exp(x)\n",
        "from numpy import exp as e\n",
        "from numpy import *\n",
        "import numpy.linalg as la\n",
        "from numpy import linalg\n",
        "import numpy as np\ny = np.linalg.norm(x)\n",
        "import numpy as np\nxp = np\ny = xp.exp(x)\n",
        "import numpy as np\nf = np.exp\n",
        "import numpy as np\ny = getattr(np, 'exp')(x)\n",
        "import numpy as np\ny = getattr(np, name)(x)\n",
        "import numpy as np\ny = np.emath.log(x)\n",
        "import numpy as np\ny = np.add.reduce(x)\n",
        "import numpy as np\ny = np.multiply.accumulate(x)\n",
        "import numpy as np\ny = np.ndarray.sum(x)\n",
        "import math as m\ny = m.exp(x)\n",
        "from math import log as ln\n",
        "import operator\ny = operator.matmul(a, b)\n",
        "from operator import pow as raised\n",
        "import builtins\ny = builtins.sum(x)\n",
        "import cmath\n",
        "from statistics import fmean\n",
        "def f(x):\n    import numpy as late\n    return late.exp(x)\n",
    ],
)
def test_other_names_hide_nothing(source: str) -> None:
    assert findings(source)


@pytest.mark.parametrize(
    "source",
    [
        "import scipy\n",
        "import scipy.stats as st\n",
        "from scipy import stats\n",
        "from scipy.special import ndtri\n",
    ],
)
def test_scipy_enters_through_quantiles_alone(source: str) -> None:
    assert len(findings(source)) == 1
    assert findings(source, "sim/engine/quantiles.py") == []


def test_quantiles_is_held_to_everything_else() -> None:
    assert findings("import numpy as np\ny = np.exp(x)\n", "sim/engine/quantiles.py")


@pytest.mark.parametrize(
    "line",
    [
        *(
            f"y = np.{name}(x)"
            for name in "sqrt rint floor ceil abs count_nonzero any all isnan sign".split()
        ),
        *(f"y = np.{name}(a, b)" for name in "minimum maximum where add multiply divide copysign".split()),
        "y = np.maximum.reduce(x)",
        "y = np.logical_or.reduce(x)",
        "y = x.any() or x.all() or x.max() > x.min()",
        "y = math.sqrt(math.floor(math.ldexp(1.0, 3)))",
        "y = math.inf - math.pi",
        "y = 2**32 - 1",
        "y = f(*a, **options)",
        "y = a * b + c",
        "y = belief.mean",
        "def sigmoid(exp): return exp(x)",
    ],
)
def test_exact_operations_pass(line: str) -> None:
    assert findings(f"import math\nimport numpy as np\n{line}\n") == []


def test_our_own_functions_may_bear_the_same_names() -> None:
    assert findings("from .arithmetic import exp, log, power, sum\ny = exp(log(power(x, sum(x))))\n") == []
    assert findings("from sim.engine import arithmetic as np\ny = np.exp(x)\n") == []
    assert findings("from sim.engine.arithmetic import exp\ny = exp(x)\n") == []
    assert findings("def pow(x, y): return exp(y * log(x))\ny = pow(a, b)\n") == []


def test_a_waiver_with_a_reason_excuses_a_reduction_of_integers() -> None:
    assert findings("y = fired.sum()  # lint: exact counts booleans\n") == []
    assert findings("y = 2 ** n  # lint: exact n is a small int\n") == []
    assert findings("y = fired.sum(\n    axis=0,\n)  # lint: exact counts booleans\n") == []


def test_a_waiver_owes_a_reason() -> None:
    assert findings("y = fired.sum()  # lint: exact\n") == [
        "sim/engine/stage.py:1:18: a waiver gives its reason: # lint: exact <why>"
    ]


def test_a_waiver_holds_for_its_own_line_only() -> None:
    assert len(findings("a = x.sum()  # lint: exact counts booleans\nb = y.sum()\n")) == 1


def test_a_waiver_that_excuses_nothing_is_found() -> None:
    assert findings("y = a + b  # lint: exact once summed here\n") == [
        "sim/engine/stage.py:1:12: this waiver excuses nothing: take it out"
    ]


def test_exp_cannot_be_waived() -> None:
    assert any(
        "numpy.exp" in line for line in findings("import numpy as np\ny = np.exp(x)  # lint: exact no\n")
    )


def test_words_in_a_string_are_no_waiver() -> None:
    assert len(findings("y = x.sum(), '# lint: exact counts booleans'\n")) == 1


def test_a_finding_points_at_its_line_and_column() -> None:
    assert findings("import numpy as np\n\ny = 1.0 + np.exp(x)\n") == [
        "sim/engine/stage.py:3:11: numpy.exp differs between processors: use sim.engine.arithmetic"
    ]


def test_a_broken_file_is_a_finding() -> None:
    (line,) = findings("def f(:\n")
    assert line.startswith("sim/engine/stage.py:1:")
    assert "not Python" in line


def test_the_command_reads_folders_and_tells_by_its_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deep = tmp_path / "engine" / "backends"
    deep.mkdir(parents=True)
    module = deep / "lanes.py"
    module.write_text("y = a + b\n", "utf-8")
    assert main([str(tmp_path)]) == 0
    module.write_text("y = a @ b\n", "utf-8")
    assert main([str(tmp_path)]) == 1
    assert f"{module}:1:5: @ rounds by shape" in capsys.readouterr().out
    assert main([str(tmp_path / "gone")]) == 2
    assert "no such file or folder" in capsys.readouterr().err


def test_the_engine_keeps_its_own_arithmetic() -> None:
    assert check_paths([ENGINE]) == []

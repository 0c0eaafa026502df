"""What every quantity is: a vector with one entry per run.

Shape `(runs,)` unless a docstring says otherwise; `()` where all runs agree.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Truths: TypeAlias = NDArray[np.bool_]


def one(value: Any) -> float:
    """The value of a run that is alone."""
    return float(np.asarray(value).reshape(-1)[0])


def anywhere(truth: Any) -> bool:
    """Whether it holds in some run: `truth.any()`, several times quicker for the few runs of a forecast."""
    return bool(np.count_nonzero(truth) if truth.ndim else truth)


def everywhere(truth: Any) -> bool:
    """Whether it holds in all runs."""
    return bool(np.count_nonzero(truth) == truth.size if truth.ndim else truth)

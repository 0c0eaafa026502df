"""What every quantity is: a vector with one entry per run.

Shape `(runs,)` unless a docstring says otherwise; `()` where all runs agree.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Truths: TypeAlias = NDArray[np.bool_]

"""Elementary functions that give the same bits on every machine.

NumPy's own ``exp``, ``log`` and ``power`` pick another algorithm on another processor, and libm differs
again, so a published figure could change with the computer. The functions here use only correctly rounded
operations (``+ - * /``, square root, ``rint``) and integer views of the exponent, in one written order:
``docs/reference/arithmetic.md`` gives that order, and whoever follows it gets the same bits, in NumPy,
numba, C or plain Python.

Every function takes a float64 array of any shape (or a number) and returns a new float64 array of that
shape (0-d for a number). An element's result never depends on its neighbours or on the length of the array.
NaN in gives the one canonical NaN out, and no floating-point warning is raised, whatever the caller's
``np.errstate``.
"""

from sim.engine.arithmetic.doubles import Real
from sim.engine.arithmetic.exponential import exp, log, logistic
from sim.engine.arithmetic.normal import normal_quantile, normal_share
from sim.engine.arithmetic.powers import power
from sim.engine.arithmetic.sine import sin_pi

__all__ = [
    "Real",
    "exp",
    "log",
    "logistic",
    "normal_quantile",
    "normal_share",
    "power",
    "sin_pi",
]

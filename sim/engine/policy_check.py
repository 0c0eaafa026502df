"""Whether policies written in Python keep their promise: decide each run on its own, the same every time."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from sim.compile.program import Program
from sim.engine.advance import advance
from sim.engine.policy import Policy
from sim.engine.seam import Seam
from sim.engine.start import start


def check_policies(
    program: Program, policies: Iterable[Policy | type[Policy]], *, runs: int = 64, seed: int = 0
) -> None:
    """Play runs 0 to `runs - 1` to the end, asking policies about every decision twice: about all runs, and
    again about two halves of them in another order.

    A pure policy passes whatever the runs; one that is not may still pass, if nothing in these runs shows it.

    Raises:
        FoedusError: for a policy that says something else the second time, or that fails, as in `Model`.
    """
    seam = Seam(program, policies, twice=True)
    advance(program, start(program, np.arange(runs), seed), (), 1, program.turns, seam=seam)

"""Runs a program while NumPy may not use some of the processor's instruction sets."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

_SHOW = '\nimport numpy\nprint(*numpy.show_config(mode="dicts")["SIMD Extensions"].get("found", []))\n'


def output_without(program: str, *features: str) -> tuple[str, list[str]]:
    """What the program prints without some instruction sets, and those NumPy had left, in rising order."""
    root = Path(__file__).resolve().parents[1]
    environment = {**os.environ, "NPY_DISABLE_CPU_FEATURES": ",".join(features), "PYTHONPATH": str(root)}
    command = [sys.executable, "-W", "error", "-c", program + _SHOW]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, cwd=root)
    *printed, used = done.stdout.splitlines()
    return "\n".join(printed), used.split()

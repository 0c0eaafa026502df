"""Loads Polars without being interrupted: Ctrl-C in the middle of that is a panic of its Rust side."""

from __future__ import annotations

from sim.batch.crew import interrupts_held_back

with interrupts_held_back():
    import polars as pl  # noqa: F401 - so that all who import it later find it loaded

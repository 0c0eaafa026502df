"""Program to turns.

The Mesa model is in `sim.engine.model`: Mesa takes a second to import, and most commands need none.
"""

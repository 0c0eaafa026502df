"""Program to turns. Import `sim.engine.model` for the Mesa model: Mesa takes a second to load, and most commands need none."""

"""What the format knows of every place of a scenario file."""

from __future__ import annotations

from typing import Final

from sim.scenario.document import ScenarioModel
from sim.text.layout import Layout

FORMAT: Final = Layout(ScenarioModel, {"Every": "step"})

"""Seeds become facts: what a scenario may cite, with the place of every entry."""

from sim.evidence.facts import BaseRate, Disagreement, Evidence, Fact, Quantity
from sim.evidence.ledger import load_evidence

__all__ = ["BaseRate", "Disagreement", "Evidence", "Fact", "Quantity", "load_evidence"]

"""Seeds become facts: what a scenario may cite, with the place of every entry."""

from sim.evidence.accounts import (
    Actor,
    Claim,
    Commitment,
    Disagreement,
    Document,
    Mechanism,
    Observable,
    Question,
)
from sim.evidence.facts import BaseRate, Evidence, Fact, Quantity
from sim.evidence.ledger import load_evidence

__all__ = [
    "Actor",
    "BaseRate",
    "Claim",
    "Commitment",
    "Disagreement",
    "Document",
    "Evidence",
    "Fact",
    "Mechanism",
    "Observable",
    "Quantity",
    "Question",
    "load_evidence",
]

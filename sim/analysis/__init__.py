"""What many runs say: estimates with their uncertainty."""

from sim.analysis.estimates import OutcomeEstimate, outcome_estimates, wilson

__all__ = ["OutcomeEstimate", "outcome_estimates", "wilson"]

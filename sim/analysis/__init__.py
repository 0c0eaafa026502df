"""Results to findings: estimates, comparisons, sensitivity and scores."""

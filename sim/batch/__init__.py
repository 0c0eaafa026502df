"""Many runs: designs, executors, and the run directory on disk."""

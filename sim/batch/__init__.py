"""Many runs of a scenario: played on one process or several, and kept on disk with a certificate."""

# isort: off
from sim.batch import steady as _steady  # noqa: F401 - first of all
# isort: on

from sim.batch.files import REPORT, check_directory, read_batch, read_manifest, write_batch
from sim.batch.manifest import IndicatorName, Manifest, OutcomeCount, Versions
from sim.batch.result import PERCENTS, BatchResult
from sim.batch.run import block_size, run_batch

__all__ = [
    "PERCENTS",
    "REPORT",
    "BatchResult",
    "IndicatorName",
    "Manifest",
    "OutcomeCount",
    "Versions",
    "block_size",
    "check_directory",
    "read_batch",
    "read_manifest",
    "run_batch",
    "write_batch",
]

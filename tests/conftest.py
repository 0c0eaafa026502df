"""How every test runs: which examples hypothesis tries.

`ci`, the default, tries the same examples everywhere, so that a red build is red on the next machine too.
`FOEDUS_HYPOTHESIS=deep` looks further, and differently each time.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

settings.register_profile("ci", derandomize=True, deadline=None, max_examples=60)
settings.register_profile(
    "deep", deadline=None, max_examples=5_000, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("FOEDUS_HYPOTHESIS", "ci"))

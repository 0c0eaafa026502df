"""What the tests of one scenario have played is nothing to those of the next."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.scenarios import crises, sound


@pytest.fixture(scope="module", autouse=True)
def _forget(request: pytest.FixtureRequest) -> Iterator[None]:
    """Ensembles are held for the tests of one file: each takes up to a hundred megabytes."""
    yield
    caches = [value for value in vars(request.module).values() if hasattr(value, "cache_clear")]
    for kept in (*caches, crises.made, crises.ensemble, sound.compiled, sound.under):
        kept.cache_clear()

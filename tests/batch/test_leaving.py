"""A crew that is sent home while somebody waits for it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from sim.batch.crew import Crew, GivenUpError


def _told(shared: str, item: int) -> str:
    return f"{shared} {item}"


def test_who_waits_for_a_crew_that_is_sent_home_is_told() -> None:
    waiting = Event()

    def ask(crew: Crew[str]) -> None:
        results = crew.each(_told, range(1_000_000))
        assert next(results) == "job 0"
        waiting.set()
        for _ in results:
            pass

    with ThreadPoolExecutor(1) as threads:
        with Crew("job", 1) as crew:
            asked = threads.submit(ask, crew)
            assert waiting.wait(60)
        with pytest.raises(GivenUpError):
            asked.result(60)
        with pytest.raises(GivenUpError):
            next(crew.each(_told, [1]))

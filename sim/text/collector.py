"""The collector of cycles at rest, while a scenario grows and there is nothing yet to free.

Reading and compiling make some hundred thousand small things, nearly all of which stay: each time their
number has grown by a quarter the collector would walk over all of them, for a third of the whole time.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Hold back the collector; whoever held it back first lets it go again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()

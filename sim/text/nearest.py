"""The nearest valid name to a wrong one: "did you mean 'chance'?".

Edit distance with swaps of neighbours (optimal string alignment; Damerau 1964), on names with case,
hyphens and underscores made alike. An error must never cost more than the work it reports on, so the
candidates are first thinned by length and by shared pairs of letters, which is linear.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice, pairwise

MAX_LENGTH = 80
"""Longer names have no nearest one."""
MAX_CANDIDATES = 100_000
"""Candidates looked at, in the order given."""
_SHORTLIST = 40


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate most like `name`, or None if none is near.

    Near is at most a third of the longer name edited. A tie goes to the first in alphabetical order,
    whatever the order of the candidates.
    """
    if not name or len(name) > MAX_LENGTH:
        return None
    wanted = _folded(name)
    allowed = max(1, len(wanted) // 3) + 1
    eligible = {
        candidate
        for candidate in islice(candidates, MAX_CANDIDATES)
        if candidate and abs(len(candidate) - len(name)) <= allowed
    }
    best: tuple[int, str] | None = None
    for candidate in _shortlist(wanted, eligible):
        folded = _folded(candidate)
        most = max(len(wanted), len(folded)) if best is None else best[0]
        distance = _distance(wanted, folded, most)
        if distance is not None and (best is None or (distance, candidate) < best):
            best = distance, candidate
    if best is None:
        return None
    distance, candidate = best
    longer = max(len(wanted), len(candidate))
    return candidate if distance <= max(1, longer // 3) and 2 * distance < longer else None


def _folded(name: str) -> str:
    return name.casefold().replace("-", "_").replace(" ", "_")


def _shortlist(wanted: str, candidates: set[str]) -> list[str]:
    """Return the few candidates that share most pairs of neighbouring letters with `wanted`."""
    if len(candidates) <= _SHORTLIST:
        return list(candidates)
    pairs = _pairs(wanted)
    return heapq.nsmallest(
        _SHORTLIST,
        candidates,
        key=lambda candidate: (-len(pairs & _pairs(_folded(candidate))), candidate),
    )


@lru_cache(maxsize=4_096)
def _pairs(name: str) -> frozenset[tuple[str, str]]:
    """Pairs of neighbouring letters; of a name that was looked at of late they are known."""
    return frozenset(pairwise(f" {name} "))


def _distance(left: str, right: str, most: int) -> int | None:
    """Return the fewest insertions, deletions, replacements and swaps from `left` to `right`.

    None, as soon as it is known that they are more than `most`.
    """
    before: list[int] = []
    above = list(range(len(right) + 1))
    for row, letter in enumerate(left, 1):
        current = [row]
        cost = row
        for column, other in enumerate(right, 1):
            cost = 1 + min(cost, above[column])
            replaced = above[column - 1] + (letter != other)
            cost = min(cost, replaced)
            if row > 1 and column > 1 and letter == right[column - 2] and left[row - 2] == other:
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        if min(current) > most and min(above) >= most:  # a swap reaches back over one row
            return None
        before, above = above, current
    return above[-1]

"""A page of figures is current as long as the world that it was played on gives the same results."""

from __future__ import annotations

from pathlib import Path

from scripts.played import fingerprint, is_current, stamp
from tests.worlds import SCENARIOS, world

CLASH = (SCENARIOS / "border-clash.yaml").read_text("utf-8")


def test_a_comment_leaves_the_fingerprint_and_another_number_does_not() -> None:
    base = fingerprint(world(CLASH))
    assert fingerprint(world(f"# A comment.\n{CLASH}")) == base
    assert fingerprint(world(CLASH.replace("triangular: [2, 4, 8]", "triangular: [2, 4, 9]"))) != base


def test_a_file_that_decides_the_figures_counts(tmp_path: Path) -> None:
    file = tmp_path / "arms.yaml"
    file.write_text("one", "utf-8")
    one = fingerprint(world(CLASH), [file])
    file.write_text("two", "utf-8")
    assert one != fingerprint(world(CLASH), [file]) != fingerprint(world(CLASH))


def test_a_page_says_by_its_stamp_whether_it_is_current(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    assert not is_current(page, "ab12")
    page.write_text(f"# A page\n\n{stamp('border-clash', 4000, 1, 'ab12')}\n", "utf-8")
    assert "`border-clash` as of fingerprint `ab12`: 4,000 runs, seed 1." in page.read_text("utf-8")
    assert is_current(page, "ab12")
    assert not is_current(page, "ab13")

"""The map tells who is tied to whom by marks, at the same places every time."""

from __future__ import annotations

import sim
from sim import Game, Link, links
from tests.story.quarrel import compiled
from tests.tui.stage import WIDE, app, press, screen_text
from tui.widgets.chart import STYLES, drawn, places

BORDER = sim.load("scenarios/border-clash.yaml")
KOREA = sim.load("scenarios/korea-crisis.yaml")


def test_actors_stand_where_they_stand_on_earth() -> None:
    spots, placed = places(KOREA, 48, 20)
    assert placed
    assert spots["CHN"][0] < spots["KOR"][0] < spots["JPN"][0]  # from west to east
    assert spots["PRK"][1] < spots["KOR"][1]  # from north to south


def test_without_places_actors_stand_in_a_circle() -> None:
    spots, placed = places(BORDER, 40, 12)
    assert not placed
    assert len(set(spots.values())) == len(BORDER.names)
    assert places(BORDER, 40, 12)[0] == spots


def test_no_two_names_meet_and_none_leaves_the_map() -> None:
    width, height = 48, 18
    spots, _ = places(KOREA, width, height)
    cells = [(column + i, line) for name, (column, line) in spots.items() for i in range(len(name))]
    assert len(cells) == len(set(cells))
    assert all(0 <= column < width and 0 <= line < height for column, line in cells)


def test_each_kind_of_link_has_a_mark_of_its_own_and_the_gravest_is_seen() -> None:
    assert len({mark for mark, _ in STYLES.values()}) == len(STYLES)
    spots = {"AAA": (0, 0), "BBB": (17, 0)}
    found = [Link(kind, "AAA", "BBB", "", "") for kind in ("alliance", "hostility", "flow")]
    assert "#" in drawn(spots, found, 20, 1).plain
    assert "»" not in drawn(spots, found, 20, 1).plain


def test_links_name_what_can_be_asked_about() -> None:
    game = Game(KOREA, seed=3)
    game.forward()
    found = links(game.now)
    assert {link.kind for link in found} >= {"alliance"}
    assert all(link.row in KOREA.rows for link in found)
    assert all({link.one, link.other} <= set(KOREA.names) for link in found)


async def test_a_scenario_without_links_has_a_map_too() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "space", "7")
        assert "Who is tied to whom" in screen_text(shown)
        assert "All 0 links" in screen_text(shown)
        assert set(compiled().names) == {"EAST", "WEST"}

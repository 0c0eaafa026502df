"""The causal diagram says what moves what, which way, and where the file says so."""

from __future__ import annotations

import pytest

from sim.analysis.causal import Diagram
from sim.analysis.signs import DOWN, UNKNOWN, UP, Directions, joined
from sim.compile import Program
from sim.report.diagram import along, around, drawn, of_theme, overview, sign_of
from tests.worlds import FLAGSHIP, shipped, world

# Fear arms and calms a quarrel; arms and a parade frighten the neighbour. Nobody looks at the weather.
QUARREL = """
foedus: 1
id: quarrel
title: A quarrel
clock: {start: 2030-01-01, turn: month, turns: 12}
parameters: {pace: 1}
world: {attributes: {weather: {initial: 0.5, range: [0, 1]}}}
actors:
  FOX:
    name: Fox
    policy: [arming]
    attributes:
      fear: {initial: 0.5, range: [0, 1], title: What the fox fears}
      arms: {initial: 1, range: [0, 9]}
  HEN:
    name: Hen
    policy: [watching]
    attributes:
      fear: {initial: 0.5, range: [0, 1]}
      arms: {initial: 1, range: [0, 9]}
      dear: {initial: 0, range: [-1, 1]}
relations: {quarrel: {symmetric: true, range: [0, 1], default: 0.3}}
actions: {parade: {to: one actor, effects: ["quarrel[self, target] += 0.1"]}}
policies:
  arming:
    rules:
      arms: {chance: {per: year, rate: "pace*fear"}, effects: ["arms += 1"]}
      calms:
        when: arms > 3
        chance: {per: year, rate: 2}
        do: [parade: HEN]
        effects: ["quarrel[FOX, HEN] -= 0.05*fear", "dear[HEN] = 1"]
  watching:
    choices:
      look:
        every: month
        temperature: 0.2
        options:
          away: {utility: 0.1}
          out: {utility: "times(parade, FOX, HEN)", effects: ["fear += 0.1", "arms -= 0.5*dear"]}
dynamics:
  frightens: {of: "fear[HEN]", towards: "clamp(0.1*arms[FOX] - 0.2*arms[HEN], 0, 1)", half_life: 1 year}
  eases: {of: "quarrel[FOX, HEN]", towards: "0.3 if fear[HEN] > 0.9 else 0.5", half_life: 1 year}
indicators: {danger: {title: Danger, value: "quarrel[FOX, HEN]*fear[HEN]"}}
outcomes: {war: {title: War, happens: "danger > 0.8", by: 2031-01-01}}
"""
FOX, HEN, BETWEEN = "fear[FOX]", "fear[HEN]", "quarrel[FOX, HEN]"


@pytest.fixture(scope="module")
def program() -> Program:
    return world(QUARREL)


@pytest.fixture(scope="module")
def diagram(program: Program) -> Diagram:
    return Diagram(program)


def test_every_tie_of_a_small_world_and_no_other(diagram: Diagram) -> None:
    assert {(tie.cause, tie.effect, tie.sign) for tie in diagram.ties} == {
        (FOX, "FOX/arms", UP),
        ("FOX/arms", "arms[FOX]", UP),
        ("arms[FOX]", "FOX/calms", UP),
        ("FOX/calms", BETWEEN, UNKNOWN),  # the parade raises it, the rest lowers it
        ("FOX/calms", "dear[HEN]", UP),  # it is set to the top of its range
        (FOX, BETWEEN, DOWN),
        ("FOX/calms", "HEN/look", UNKNOWN),  # over the count of parades
        ("HEN/look", HEN, UP),
        ("HEN/look", "arms[HEN]", UNKNOWN),  # what is dear may be below 0
        ("dear[HEN]", "arms[HEN]", DOWN),
        ("arms[FOX]", HEN, UP),
        ("arms[HEN]", HEN, DOWN),
        (HEN, BETWEEN, DOWN),
        (BETWEEN, "danger", UP),
        (HEN, "danger", UP),
        ("danger", "outcome war", UP),
    }


def test_notions_are_what_a_reader_has_a_name_for(diagram: Diagram) -> None:
    kinds = {name: notion.kind for name, notion in diagram.notions.items()}
    assert kinds["weather"] == kinds[BETWEEN] == "stock"
    assert kinds["FOX/calms"] == kinds["HEN/look"] == "decision"
    assert (kinds["danger"], kinds["outcome war"]) == ("indicator", "outcome")
    assert not {name for name in kinds if name.startswith(("acts", "times", "fired", "standing"))}
    assert diagram.notions[FOX].title == "What the fox fears"


def test_what_a_notion_moves_is_followed_over_others(diagram: Diagram) -> None:
    assert diagram.after("dear[HEN]") == {"arms[HEN]", HEN, BETWEEN, "danger", "outcome war"}
    assert diagram.after("weather") == frozenset()
    assert diagram.after("outcome war") == frozenset()


def test_the_shortest_way_is_found_or_none(diagram: Diagram) -> None:
    way = diagram.way(FOX, HEN)
    assert [tie.effect for tie in way] == ["FOX/arms", "arms[FOX]", HEN]
    assert sign_of(way) == UP
    assert diagram.way(HEN, FOX) == ()
    assert diagram.way(FOX, FOX) == ()


def test_a_way_is_drawn_by_its_stations(diagram: Diagram) -> None:
    assert along(diagram, [FOX, "arms[FOX]", HEN]) == diagram.way(FOX, HEN)
    with pytest.raises(LookupError) as caught:
        along(diagram, [FOX, HEN, FOX])
    assert caught.value.args == (HEN, FOX)


@pytest.mark.parametrize(
    ("expression", "sign"),
    [
        ("x + 2*y", UP),
        ("2 - x", DOWN),
        ("x*y", UP),
        ("x*z", UNKNOWN),
        ("x/(1 + y)", UP),
        ("y/(1 + x)", DOWN),
        ("x - x*y", UNKNOWN),
        ("exp(-x)", DOWN),
        ("max(x, y) + min(x, 0.5)", UP),
        ("clamp(0.5 - x, 0, 1)", DOWN),
        ("0.2 if x > 0.5 else 0.1", UP),
        ("0.1 if x > 0.5 else 0.2", DOWN),
        ("y if x > 0.5 else 0.1", UNKNOWN),
        ("abs(x)", UP),
        ("abs(x - 0.5)", UNKNOWN),
        ("(1 if not x < 0.5 else 0)", UP),
        ("x**2", UP),
        ("1 if x == 0.5 else 0", UNKNOWN),
    ],
)
def test_which_way_an_expression_moves(expression: str, sign: int) -> None:
    """x and y lie between 0 and 1, z between -1 and 1."""
    small = world(
        f"""
foedus: 1
id: small
title: Small
clock: {{start: 2030-01-01, turn: month, turns: 2}}
world:
  attributes:
    x: {{initial: 0.5, range: [0, 1]}}
    y: {{initial: 0.5, range: [0, 1]}}
    z: {{initial: 0, range: [-1, 1]}}
actors: {{AAA: {{name: A}}}}
indicators: {{it: {{value: "{expression}"}}}}
"""
    )
    assert Directions(small).of(small.indicators[0].node, small.rows["x"]) == sign


def test_a_sign_is_one_that_all_have() -> None:
    assert joined([UP, UP]) == UP
    assert joined([UP, DOWN]) == joined([UP, UNKNOWN]) == UNKNOWN


def test_a_picture_names_its_notions_and_signs(diagram: Diagram) -> None:
    text = drawn(diagram, around(diagram, "dear[HEN]"))
    assert text == (
        "flowchart LR\n"
        '  n0(["FOX: calms"])\n'
        '  n1["arms HEN"]\n'
        '  n2["dear HEN"]\n'
        '  n0 -- "+" --> n2\n'
        '  n2 -- "−" --> n1\n'  # noqa: RUF001 - a minus sign
    )
    dot = drawn(diagram, around(diagram, "dear[HEN]"), "dot")
    assert dot.startswith("digraph causes {\n")
    assert '  n0 [label="FOX: calms", shape=ellipse];' in dot
    assert dot.count("->") == 2


def test_more_steps_reach_farther(diagram: Diagram) -> None:
    near, far = around(diagram, "dear[HEN]"), around(diagram, "dear[HEN]", 2)
    assert set(near) < set(far)


def test_a_theme_is_what_a_file_says(diagram: Diagram) -> None:
    assert diagram.themes == ("written-in-a-test",)
    assert of_theme(diagram, "written-in-a-test") == diagram.ties
    assert overview(diagram).startswith("flowchart LR")


def test_the_flagship_is_drawn_theme_by_theme() -> None:
    diagram = Diagram(shipped(FLAGSHIP))
    assert {"war", "china", "pyongyang"} <= set(diagram.themes)
    assert {tie for theme in diagram.themes for tie in of_theme(diagram, theme)} == set(diagram.ties)
    confidence = {tie.cause: tie.sign for tie in diagram.ties if tie.effect == "confidence[PRK]"}
    assert confidence["commitment[RUS]"] == UP
    assert confidence["bite[PRK]"] == DOWN

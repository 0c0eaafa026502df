"""A tree knows the place of all that was written, down to a character inside a value."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sim.text import Mapping, Node, Place, Scalar, Sequence, locate, parse_document, places, to_plain

DOCUMENT = """\
actors:
  PRK: {name: North Korea, shells: 3.0e+6}
  NO:
    name: "Norway"
list: [a, {b: 1}]
"""


def tree(text: str) -> Mapping:
    node = parse_document(text, "f.yaml")
    assert isinstance(node, Mapping)
    return node


def scalar(text: str) -> Scalar:
    node = tree(text).get("k")
    assert isinstance(node, Scalar)
    return node


def at(line: int, column: int) -> Place:
    return Place("f.yaml", line, column)


def test_every_node_is_placed_by_its_path() -> None:
    found = places(tree(DOCUMENT))
    assert found[()].value_place == at(1, 1)
    assert found["actors",].key_place == at(1, 1)
    assert found["actors",].value_place == at(2, 3)
    assert found["actors", "PRK", "shells"].key_place == at(2, 28)
    assert found["actors", "PRK", "shells"].value_place == at(2, 36)
    assert found["actors", "NO", "name"].style == "double"
    assert found["list", 1].key_place is None
    assert found["list", 1].style is None
    assert found["list", 1, "b"].value_place == at(5, 15)
    assert len(found) == 11


def test_a_location_is_found_as_deep_as_the_tree_goes() -> None:
    root = tree(DOCUMENT)
    assert locate(root, ("actors", "PRK", "name")).value_place == at(2, 15)
    assert locate(root, ("actors", "PRK", "missing")).place == at(2, 3)
    assert locate(root, ("list", 7)).place == at(5, 1)
    assert locate(root, ("list", -1)).place == at(5, 1)
    assert locate(root, ()).place == at(1, 1)
    assert locate(root, ("nowhere", 3, "at all")).place == at(1, 1)


def test_the_name_of_a_union_s_member_is_passed_over() -> None:
    assert locate(tree(DOCUMENT), ("list", 1, "Effect", "b")).value_place == at(5, 15)


def test_every_path_locates_what_it_names() -> None:
    root = tree(DOCUMENT)
    assert all(locate(root, path) == place for path, place in places(root).items())


def test_a_mapping_answers_by_key() -> None:
    root = tree("a: 1\nb: [2]\n")
    assert "a" in root
    assert "c" not in root
    assert [entry.key for entry in root] == ["a", "b"]
    assert len(root) == 2
    assert root.get("c") is None
    assert isinstance(root.get("b"), Sequence)


def test_plain_data_are_new_each_time() -> None:
    root = tree("a: &x [1]\nb: *x\n")
    plain = to_plain(root)
    assert plain == {"a": [1], "b": [1]}
    assert isinstance(plain, dict)
    plain["a"].append(2)
    assert plain["b"] == [1]
    assert to_plain(root) == {"a": [1], "b": [1]}


@pytest.mark.parametrize(
    ("text", "name", "place"),
    [
        ("k: tension > treshold", "treshold", at(1, 14)),
        ("k: 'tension > treshold'", "treshold", at(1, 15)),
        ("k: 'it''s > treshold'", "treshold", at(1, 13)),
        (r'k: "\u00e9\t\x41 treshold"', "treshold", at(1, 18)),
        ('k: "a \\\n   treshold"', "treshold", at(2, 4)),
        ("k: a > b\n   and treshold", "treshold", at(2, 8)),
        ("k: a > b\n\n   and treshold", "treshold", at(3, 8)),
        ("k: 'a  > b  \r\n   and treshold'", "treshold", at(2, 8)),
        ("k: |\n  a\n  and treshold\n", "treshold", at(3, 7)),
        ("k: |\n\n    a\n      and treshold\n", "treshold", at(4, 11)),
        ("k: >\n  a\n  and treshold\n", "treshold", at(3, 7)),
        ("k: >-\n  a\n\n  and treshold", "treshold", at(4, 7)),
        ("k: >\n  a\n    more\n  and treshold\n", "treshold", at(4, 7)),
        ("k: |1\n   a\n   treshold\n", "treshold", at(3, 4)),
        ("k: &here a treshold", "treshold", at(1, 4)),
    ],
)
def test_a_name_inside_a_value_has_its_own_place(text: str, name: str, place: Place) -> None:
    value = scalar(text)
    assert value.place_at(value.text.index(name)) == place


def test_a_place_outside_the_value_is_the_value_s() -> None:
    value = scalar("k: abc")
    assert value.place_at(99) == value.place_at(-1) == at(1, 4)
    assert Scalar("made", at(3, 3), "made", "plain").place_at(2) == at(3, 3)


@given(
    st.lists(st.text("ab c'\"\\#:-\n\té平", max_size=40), min_size=1, max_size=3),
    st.sampled_from([None, "'", '"', "|", ">"]),
    st.integers(10, 40),
)
def test_the_file_holds_each_character_where_it_is_said_to_stand(
    values: list[str], style: str | None, width: int
) -> None:
    text = yaml.safe_dump(values, default_style=style, width=width, allow_unicode=True)
    lines = text.split("\n")
    for node in leaves(parse_document(text, "f.yaml")):
        for offset, character in enumerate(node.text):
            place = node.place_at(offset)
            if not character.isspace():
                assert lines[place.line - 1][place.column - 1] in (character, "\\")


def leaves(node: Node) -> list[Scalar]:
    if isinstance(node, Scalar):
        return [node]
    below = [entry.node for entry in node] if isinstance(node, Mapping) else list(node)
    return [leaf for child in below for leaf in leaves(child)]

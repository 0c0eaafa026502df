"""`extends`: things merge by their id, the later over the earlier, and null takes away."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.merge import MAX_FILES, merge, read_with_extends
from sim.text import FoedusError, Mapping, Node, locate, parse_document, to_plain


def tree(text: str, file: str = "f.yaml") -> Mapping:
    node = parse_document(text, file)
    assert isinstance(node, Mapping)
    return node


def merged(base: str, over: str) -> Any:
    return to_plain(merge(tree(base), tree(over)))


def extended(text: str, **files: str) -> Mapping:
    """A document with all it extends, the files given by name."""

    def read(path: Path, display: str) -> Node:
        if path.stem not in files:
            raise FoedusError.at(None, "there is no such file")
        return parse_document(files[path.stem], display)

    return read_with_extends(parse_document(text, "main.yaml"), "main.yaml", read)


def faults(text: str, **files: str) -> list[str]:
    with pytest.raises(FoedusError) as caught:
        extended(text, **files)
    return [str(found) for found in caught.value.diagnostics]


def test_mappings_merge_key_by_key_and_the_rest_is_replaced() -> None:
    assert merged("a: {x: 1, y: [1, 2]}\nb: 1\n", "a: {y: [3], z: 4}\n") == {
        "a": {"x": 1, "y": [3], "z": 4},
        "b": 1,
    }
    assert merged("a: {x: 1}\n", "a: 2\n") == {"a": 2}
    assert merged("a: 2\n", "a: {x: 1}\n") == {"a": {"x": 1}}


def test_null_takes_away_what_is_inherited_and_stands_where_nothing_is() -> None:
    assert merged("a: {x: 1, y: 2}\n", "a: {x: ~}\n") == {"a": {"y": 2}}
    assert merged("b: 1\n", "a: ~\n") == {"b": 1, "a": None}


PLAIN = st.recursive(  # what is a mapping in one file is a mapping in the other
    st.dictionaries(st.sampled_from("abcd"), st.integers(0, 9), max_size=3),
    lambda inner: st.tuples(
        st.dictionaries(st.sampled_from("abcd"), st.integers(0, 9), max_size=3),
        st.dictionaries(st.sampled_from("ABC"), inner, max_size=2),
    ).map(lambda pair: pair[0] | pair[1]),
    max_leaves=6,
)
TREES = PLAIN.map(lambda plain: tree(repr(plain)))


@given(TREES, TREES, TREES)
def test_merging_in_twos_or_threes_is_the_same(first: Mapping, second: Mapping, third: Mapping) -> None:
    left, right = merge(merge(first, second), third), merge(first, merge(second, third))
    assert to_plain(left) == to_plain(right)
    assert to_plain(merge(first, first)) == to_plain(first)


def test_later_files_win_over_earlier_ones_and_the_extending_file_over_all() -> None:
    found = extended(
        "extends: [one, two]\nc: 0\n",
        one="a: 1\nb: 1\nc: 1\n",
        two="b: 2\nc: 2\nextends: three\n",
        three="a: 3\nd: 3\n",
    )
    assert to_plain(found) == {"a": 3, "b": 2, "c": 0, "d": 3}


def test_what_is_inherited_keeps_its_place() -> None:
    found = extended("extends: below/one\na: {y: 2}\n", one="a:\n  x: 1\n")
    assert str(locate(found, ("a", "x")).place) == "below/one:2:3"
    assert str(locate(found, ("a", "y")).place) == "main.yaml:2:5"


def test_paths_are_relative_to_the_file_that_names_them(tmp_path: Path) -> None:
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "one.yaml").write_text("extends: two.yaml\n")
    (tmp_path / "library" / "two.yaml").write_text("a: 1\n")
    main = tmp_path / "main.yaml"
    found = read_with_extends(parse_document("extends: library/one.yaml\n", str(main)), str(main))
    assert to_plain(found) == {"a": 1}


def test_a_file_met_on_two_ways_is_read_once() -> None:
    asked: list[str] = []

    def read(path: Path, display: str) -> Node:
        asked.append(path.stem)
        return parse_document({"a": "extends: c\n", "b": "extends: c\n", "c": "x: 1\n"}[path.stem], display)

    read_with_extends(parse_document("extends: [a, b, c]\n", "main.yaml"), "main.yaml", read)
    assert sorted(asked) == ["a", "b", "c"]


NOT_BACK = "; expected a file that does not lead back here"


def test_a_circle_is_told_where_it_closes() -> None:
    assert faults("extends: a\n", a="extends: b\n", b="x: 1\nextends: [a]\n") == [
        "b:2:11: files extend each other in a circle: a -> b -> a" + NOT_BACK
    ]


def test_what_is_wrong_with_several_files_is_told_at_once() -> None:
    said = faults("extends: [a, nowhere, 3, b]\n", a="x: 1\nx: 2\n", b="- 1\n")
    assert [line.split(": ")[0] for line in said] == [
        "b:1:1",
        "main.yaml:1:11",
        "main.yaml:1:14",
        "main.yaml:1:23",
    ]


def test_files_that_double_are_counted() -> None:
    chain = {f"f{index}": f"extends: [f{index + 1}, f{index + 1}]\n" for index in range(20)}
    said = faults("extends: f0\n", **chain, f20="x: 1\n")
    assert len(said) == 1
    assert f"expected at most {MAX_FILES}" in said[0]

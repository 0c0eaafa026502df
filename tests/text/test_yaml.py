"""Good YAML is read as YAML 1.2; the tree is what was written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.text import FoedusError, Mapping, Place, Scalar, locate, parse_document, read_document, to_plain
from sim.text.scalars import resolve


def plain(text: str) -> object:
    return to_plain(parse_document(text, "f.yaml"))


def test_norway_is_a_country() -> None:
    assert plain("actors:\n  NO: {votes: NO, on: yes}\n") == {"actors": {"NO": {"votes": "NO", "on": "yes"}}}


def test_keys_stay_as_they_were_written() -> None:
    root = parse_document("010: a\ntrue: b\n1e3: c\n2024-07-01: d\n~: e\n'': f\n\"q\\x41\": g\n", "f.yaml")
    assert isinstance(root, Mapping)
    assert [entry.key for entry in root] == ["010", "true", "1e3", "2024-07-01", "~", "", "qA"]


def test_scalars_follow_the_core_schema_only_when_plain() -> None:
    assert plain("[010, '010', \"true\", true, 1e3, 12:30, 1_000, null, , ~]".replace(" ,", "")) == [
        10,
        "010",
        "true",
        True,
        1000.0,
        "12:30",
        "1_000",
        None,
        None,
    ]
    assert plain("a: |\n  12\nb: >-\n  12\n") == {"a": "12\n", "b": "12"}


def test_a_scalar_keeps_its_text_and_style() -> None:
    root = parse_document("- 010\n- 'a'\n- \"b\"\n- |\n  c\n- >\n  d\n", "f.yaml")
    leaves = [node for node in getattr(root, "items", ()) if isinstance(node, Scalar)]
    assert [(leaf.text, leaf.style) for leaf in leaves] == [
        ("010", "plain"),
        ("a", "single"),
        ("b", "double"),
        ("c\n", "literal"),
        ("d\n", "folded"),
    ]


def test_columns_count_characters_and_lines_end_either_way() -> None:
    root = parse_document("\ufeff平壤: é\r\nü: {b: x}\r\n", "f.yaml")
    assert isinstance(root, Mapping)
    first, second = root
    assert first.key_place == Place("f.yaml", 1, 1)
    assert first.node.place == Place("f.yaml", 1, 5)
    assert second.key_place == Place("f.yaml", 2, 1)
    assert second.node.place == Place("f.yaml", 2, 4)


def test_an_alias_is_what_its_anchor_named_where_it_was_named() -> None:
    root = parse_document("a: &x [1, 2]\nb: *x\n", "f.yaml")
    assert to_plain(root) == {"a": [1, 2], "b": [1, 2]}
    assert isinstance(root, Mapping)
    second = root.get("b")
    assert second is not None
    assert second.place == Place("f.yaml", 1, 4)


def test_a_key_may_be_an_anchor() -> None:
    assert plain("&x PRK: 1\nally: *x\n") == {"PRK": 1, "ally": "PRK"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("!!str 12", "12"),
        ("! 12", "12"),
        ("!!int '12'", 12),
        ("!!float 3", 3.0),
        ("!!bool true", True),
        ("!!null ''", None),
        ("!!map {a: !!seq [1]}", {"a": [1]}),
        ("!!str a: 1", {"a": 1}),
    ],
)
def test_the_core_schema_s_own_tags_are_read(text: str, value: object) -> None:
    assert plain(text) == value
    assert type(plain(text)) is type(value)


def test_one_document_may_be_marked_as_such() -> None:
    assert plain("# note\n%YAML 1.2\n---\na: 1\n...\n# end\n") == {"a": 1}


def test_a_quote_may_hold_what_looks_like_a_directive() -> None:
    assert plain("a: 'x\n  %TAG'\n") == {"a": "x %TAG"}


def test_a_file_is_read_under_the_name_it_is_shown_by(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: \xc3\xa9\r\n")
    assert read_document(path).place == Place(str(path), 1, 1)
    assert read_document(path, "shown.yaml").place == Place("shown.yaml", 1, 1)
    assert to_plain(read_document(path)) == {"a": "é"}


words = st.text(st.characters(exclude_categories=["Cs"]))


def nested(texts: st.SearchStrategy[str]) -> st.SearchStrategy[object]:
    return st.recursive(
        texts | st.integers(-(10**200), 10**200),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
        max_leaves=12,
    )


@given(nested(words), st.integers(10, 120), st.booleans())
def test_quoted_data_come_back_as_they_were(data: object, width: int, flow: bool) -> None:
    text = yaml.safe_dump(data, default_style='"', width=width, default_flow_style=flow)
    assume(yaml.safe_load(text) == data)  # PyYAML loses a space where it folds right after an escape
    assert plain(text) == data


@given(
    nested(words.filter(lambda text: text != "<<" and resolve_or_none(text) == text)), st.integers(10, 120)
)
def test_data_come_back_in_whatever_style_they_were_written(data: object, width: int) -> None:
    """Left out are texts that 1.1 writes bare and 1.2 takes for numbers, such as 1e3."""
    text = yaml.safe_dump(data, width=width)
    assume(yaml.safe_load(text) == data)
    assert plain(text) == data


def resolve_or_none(text: str) -> object:
    try:
        return resolve(text)
    except ValueError:
        return None


def inside(text: str, place: Place) -> bool:
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    return 1 <= place.line <= len(lines) and 1 <= place.column <= len(lines[place.line - 1]) + 1


def reads_or_complains(text: str) -> None:
    for place in complaints(lambda: parse_document(text, "f.yaml")):
        assert place is not None
        assert inside(text, place), place


def complaints(read: Callable[[], object]) -> list[Place | None]:
    """Return the places of what is wrong, and let any other exception through."""
    try:
        read()
    except FoedusError as error:
        return [found.place for found in error.diagnostics]
    return []


@given(st.text(st.characters()))
def test_any_text_is_read_or_refused_at_a_place_inside_it(text: str) -> None:
    reads_or_complains(text)


@given(st.text("ab01:-?[]{},&*!|>'\"%@`#<~. \n\r\t\\", max_size=60))
def test_any_heap_of_signs_is_read_or_refused(text: str) -> None:
    reads_or_complains(text)


pieces = [
    *("a: ", "b: 1\n", "- ", "  ", "\n", "&x ", "*x", "!!int ", "<<: ", "? ", ": ", "{", "}", "[", "]", ","),
    *("|\n", ">\n", "'", '"', "\\", "# c\n", "---\n", "...\n", "%YAML 1.2\n", "%TAG !a! b\n", "\t", "\ufeff"),
]


@given(st.lists(st.sampled_from(pieces), max_size=25).map("".join))
def test_any_jumble_of_yaml_is_read_or_refused(text: str) -> None:
    reads_or_complains(text)


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(write: Callable[[bytes], Path], data: bytes) -> None:
    path = write(data)
    assert all(
        place and place.file == "f.yaml" for place in complaints(lambda: read_document(path, "f.yaml"))
    )


@pytest.fixture(scope="module")
def write(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bytes], Path]:
    path = tmp_path_factory.mktemp("bytes") / "f.yaml"

    def writer(data: bytes) -> Path:
        path.write_bytes(data)
        return path

    return writer


def test_a_text_that_is_read_again_is_the_same_tree_and_each_change_of_it_another() -> None:
    text = "a: {b: [1, 2]}\n"
    known = parse_document(text, "a.yaml")
    assert parse_document(text, "a.yaml") == known
    assert locate(parse_document(text, "b.yaml"), ("a", "b")).place.file == "b.yaml"
    assert to_plain(parse_document(text.replace("2", "3"), "a.yaml")) == {"a": {"b": [1, 3]}}
    plain = to_plain(known)
    assert isinstance(plain, dict)
    plain["a"]["b"].append(4)  # what is made of a tree belongs to who asked for it
    assert to_plain(parse_document(text, "a.yaml")) == {"a": {"b": [1, 2]}}


def test_a_fault_is_told_as_often_as_it_is_read() -> None:
    for _ in range(2):
        with pytest.raises(FoedusError, match="written twice"):
            parse_document("a: 1\na: 2\n", "a.yaml")

"""One way to write what a document means: nothing is lost, nothing means something else."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.text import FoedusError, parse_document, to_plain
from sim.text.format import WIDTH, Shape, format_text, meaning
from sim.text.quoting import bracketed, can_be_plain, one_line
from sim.text.written import comments, written_document
from tests.tools.documents import documents


def lines(*written: str) -> str:
    return "\n".join(written) + "\n"


@given(documents())
def test_formatting_keeps_the_meaning_and_every_comment(text: str) -> None:
    made = format_text(text)
    assert meaning(made, "a") == meaning(text, "b")
    assert Counter(comments(written_document(made, "a"))) == Counter(comments(written_document(text, "b")))


@given(documents())
def test_formatting_twice_changes_nothing_more(text: str) -> None:
    made = format_text(text)
    assert format_text(made) == made
    assert made.endswith("\n")
    assert not made.startswith("\n")


@given(st.text())
def test_any_text_is_read_back_from_one_line(text: str) -> None:
    for in_brackets in (False, True):
        written = one_line(text, in_brackets=in_brackets)
        wrapped = f"[{written}]" if in_brackets else f"key: {written}"
        read = to_plain(parse_document(wrapped, "a"))
        assert read == ([text] if in_brackets else {"key": text})


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
        lambda s: st.lists(s) | st.dictionaries(st.text(), s),
    )
)
def test_plain_data_is_read_back_from_brackets(value: object) -> None:
    assert to_plain(parse_document(f"key: {bracketed(value)}", "a")) == {"key": value}


@pytest.mark.parametrize(
    "text", ["NO", "on", "yes", "12:30", "2024-07-01", "6 months", "a[b] += 1", "-0.5*x", "it's"]
)
def test_what_yaml_1_2_reads_as_text_needs_no_quotes(text: str) -> None:
    assert can_be_plain(text)


@pytest.mark.parametrize(
    "text", ["1e3", "010", "0.5", "true", "null", "~", "", "a: b", "a #b", "[x]", "{self} acts", "<<", "- x"]
)
def test_what_would_be_read_as_something_else_keeps_its_quotes(text: str) -> None:
    assert not can_be_plain(text)
    assert format_text(f"key: '{text}'\n") == f'key: "{text}"\n'


def test_brackets_that_fit_a_line_stay_and_others_are_written_out() -> None:
    short = "a: {x: 1, y: [2, 3]}\n"
    assert format_text(short) == short
    long = f"a: {{x: {'1' * 50}, y: [{'2' * 50}, 3]}}\n"
    assert format_text(long) == lines("a:", f"  x: {'1' * 50}", f"  y: [{'2' * 50}, 3]")


def test_brackets_fit_up_to_the_last_column() -> None:
    filler = "x" * (WIDTH - len("a: {k: }"))
    assert format_text(f"a:   {{k: {filler}}}") == f"a: {{k: {filler}}}\n"
    assert format_text(f"a: {{k: {filler}x}}") == lines("a:", f"  k: {filler}x")


def test_a_comment_inside_brackets_opens_them() -> None:
    text = lines("a: [1, # one", "  2]", "b: 3")
    assert format_text(text) == lines("a:", "  - 1  # one", "  - 2", "", "b: 3")


def test_a_pair_in_a_list_needs_no_braces() -> None:
    text = "do: [press: PRK, {squeeze: {target: PRK}}]\n"
    assert format_text(text) == text


def test_sections_stand_apart_and_short_lines_together() -> None:
    text = lines("id: x", "title: y", "actors:", "  A: 1", "rules:", "  r: 1", "  ", "", "  s: 2", "end: 1")
    wanted = lines(
        "id: x", "title: y", "", "actors:", "  A: 1", "", "rules:", "  r: 1", "", "  s: 2", "", "end: 1"
    )
    assert format_text(text) == wanted


def test_comments_travel_with_what_they_speak_of() -> None:
    text = lines(
        "# head", "", "# of b", "b: 1  # beside b", "# of a", "a:", "  x: 1", "  # end of a", "# of c", "c: 1"
    )
    made = format_text(text, shape=Shape(("a", "b")))
    assert made == lines(
        "# head",
        "",
        "# of b",
        "# of a",
        "a:",
        "  x: 1",
        "  # end of a",
        "",
        "b: 1  # beside b",
        "# of c",
        "c: 1",
    )


def test_comments_at_the_ends_of_neighbouring_lines_are_aligned() -> None:
    text = lines("a: 1 # x", "long_name: 2 # y", "", "b: 1 # z")
    assert format_text(text) == lines("a: 1          # x", "long_name: 2  # y", "", "b: 1  # z")


def test_keys_come_in_the_order_of_the_shape_and_unknown_ones_last() -> None:
    shape = Shape(("when", "do"), {"do": Shape(each=Shape(("target",)))})
    text = lines("odd: 1", "do: [{amount: 2, target: A}]", "when: x")
    assert format_text(text, shape=shape) == lines("when: x", "do: [{target: A, amount: 2}]", "odd: 1")


def test_a_document_with_anchors_keeps_the_authors_order() -> None:
    text = lines("b: &one {x: 1}", "a: *one")
    assert format_text(text, shape=Shape(("a", "b"))) == text


def test_blocks_keep_their_lines() -> None:
    text = lines("a: >-", "    one", "    two", "b: |", "      x", "       y", "c: 1")
    assert format_text(text) == lines("a: >-", "  one", "  two", "b: |", "  x", "   y", "c: 1")


def test_blank_lines_that_count_are_not_added_to() -> None:
    text = lines("a: |+", "  x", "", "b:", "  c: 1")
    assert format_text(text) == text


def test_a_long_text_over_several_lines_is_folded_anew() -> None:
    words = "word " * 40
    text = lines("a:", *(f"  {words.strip()}" for _ in range(2)))
    made = format_text(text)
    assert made.startswith("a: >-\n  word")
    assert max(map(len, made.splitlines())) <= WIDTH
    assert format_text("a: one\n  two\n") == "a: one two\n"


def test_line_ends_and_tabs_before_comments_come_out_clean() -> None:
    assert format_text("a: 1\t# x\r\nb:   2   \r\n") == "a: 1  # x\nb: 2\n"


def test_a_broken_document_is_refused_with_its_place() -> None:
    with pytest.raises(FoedusError, match=r"file\.yaml:1:4: "):
        format_text("a: [1\n", "file.yaml")


def test_a_change_of_meaning_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.text.format.written", lambda *_: "a: 1\nb: 3\n")
    with pytest.raises(FoedusError, match=r"a\.yaml:1:1: .*without changing what it means"):
        format_text("a: 1\nb: 2\n", "a.yaml")


def test_what_cannot_be_read_again_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.text.format.written", lambda *_: "a: [")
    with pytest.raises(FoedusError, match="cannot be formatted"):
        format_text("a: 1\n")


def test_a_lost_comment_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.text.format.written", lambda *_: "a: 1\n")
    with pytest.raises(FoedusError, match="cannot be formatted"):
        format_text("a: 1  # why\n")

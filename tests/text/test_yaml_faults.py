"""Bad YAML is answered with the line, the column and plain words; nothing is slow, nothing falls over."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

import pytest

from sim.text import FoedusError, parse_document, read_document
from sim.text.composer import MAX_FAULTS
from sim.text.files import MAX_BYTES
from sim.text.yaml import MAX_DEPTH, MAX_NODES


def complaint(text: str) -> str:
    with pytest.raises(FoedusError) as caught:
        parse_document(text, "f.yaml")
    return str(caught.value)


def complaint_about(path: Path) -> str:
    with pytest.raises(FoedusError) as caught:
        read_document(path, "f.yaml")
    return str(caught.value)


SYNTAX = {
    "a colon inside a value": ("a: b: c", "1:5", "a ':' is not allowed here"),
    "a key without its colon": ("key\nb: 1\n", "2:2", "this line reads on from the one above"),
    "a key indented under a value": ("a: 1\n b: 2\n", "2:3", "this line reads on from the one above"),
    "a key indented too little": (
        "a:\n    b: 1\n  c: 2\n",
        "3:3",
        "does not fit the mapping that begins at 1:1",
    ),
    "a key among items": ("- a\nb: 1\n", "2:1", "does not fit the list that begins at 1:1"),
    "an item among keys": ("a: 1\n- b\n", "2:1", "does not fit the mapping that begins at 1:1"),
    "an item after a key": ("a: - b\n", "1:4", "a list item is not allowed here"),
    "a quote never closed": ("k: 'a\nb: 2\nc: 3\n", "1:4", "this quote is never closed"),
    "a quote cut by a document": ('a: "x\n---\ny"\n', "1:4", "this quote is never closed"),
    "an apostrophe in quotes": ("a: 'it's'\n", "1:8", "does not belong to the value before it"),
    "quotes in quotes": ('a: "he said "no""\n', "1:14", "does not belong to the value before it"),
    "an unknown escape": (r'a: "C:\qux"', "1:7", "the backslash before 'q' means nothing here"),
    "half an escape": (r'a: "\xZZ"', "1:7", "the escape is not complete"),
    "an escape for no character": (r'a: "\ud800"', "1:7", "the escape is not a character"),
    "a list never closed": ("a: [1, 2\n", "1:4", "the list that opens at 1:4 is not closed"),
    "a list closed too late": ("a: [1, 2\nb: 3\n", "2:2", "the list that opens at 1:4 is not closed"),
    "a mapping never closed": ("a: {x: 1\n", "1:4", "the mapping that opens at 1:4 is not closed"),
    "a bracket too many": ("a: ]\n", "1:4", "a value is missing here"),
    "a comma too many": ("a: [,]\n", "1:5", "a value is missing here"),
    "a value that begins with @": ("a: @x\n", "1:4", "a value cannot begin with '@'"),
    "a value that begins with a backtick": ("a: `x`\n", "1:4", "a value cannot begin with '`'"),
    "a percentage sign first": ("a: %5\n", "1:4", "a value cannot begin with '%'"),
    "a star first": ("a: * b\n", "1:4", "a value that begins with '*' is read as an alias"),
    "an ampersand first": ("a: & b\n", "1:4", "a value that begins with '&' is read as an anchor"),
    "an exclamation mark first": ("a: !<b\n", "1:4", "a value that begins with '!' is read as a tag"),
    "an undeclared tag handle": ("a: !x!y b\n", "1:4", "a value that begins with '!' is read as a tag"),
    "a question mark first": ("a: ? b\n", "1:4", "a '?' is not allowed here"),
    "text after a block sign": ("a: | x\n  y\n", "1:6", "text follows '|' or '>' on the same line"),
    "a block indented by 0": ("a: >0\n x\n", "1:5", "a block cannot be indented by 0"),
    "a tab for indentation": ("a:\n  b: 1\n\tc: 2\n", "3:1", "the line is indented with a tab"),
    "a tab after spaces": ("a:\n  b:\n  \tc: 1\n  d: [\n", "3:3", "the line is indented with a tab"),
    "a tab in a block": ("a: |\n\tx\n", "2:1", "the line is indented with a tab"),
}


@pytest.mark.parametrize("case", SYNTAX)
def test_a_fault_of_syntax_has_its_place_and_plain_words(case: str) -> None:
    text, place, words = SYNTAX[case]
    said = complaint(text)
    assert said.startswith(f"f.yaml:{place}: ")
    assert words in said
    assert "; expected " in said
    assert "scanning" not in said
    assert "token" not in said


CONTENT = {
    "an empty file": ("", "1:1", "the file is empty"),
    "blank lines": ("\n  \n\n", "1:1", "the file is empty"),
    "only comments": ("# a\n\n# b\n", "1:1", "the file has no content, only comments"),
    "an empty document": ("---\n", "2:1", "the document is empty"),
    "a second document": ("---\na: 1\n---\nb: 2\n", "3:1", "a second document begins here"),
    "a second document with a directive": ("a: 1\n...\n%TAG ! b\n", "3:1", "a second document begins here"),
    "a null character": ("a: b\nc: \x00", "2:4", "U+0000 is not allowed"),
    "an escape sequence": ("a: \x1b[31m", "1:4", "U+001B is not allowed"),
    "a lone surrogate": ("a: \ud800", "1:4", "U+D800 is not allowed"),
    "a line separator": ("a: b\u2028c", "1:5", "U+2028 is not allowed"),
    "a next-line character": ("a: b\x85c", "1:5", "U+0085 is not allowed"),
    "a lone carriage return": ("a: b\r\nc: d\re: f", "2:5", "U+000D is not allowed"),
    "a byte order mark in the middle": ("a: é\ufeff", "1:5", "U+FEFF is not allowed"),
    "an old version": ("%YAML 1.1\n---\na: 1\n", "1:1", "is read as a directive"),
    "a declared tag": ("# c\n%TAG !a! b\n---\na: 1\n", "2:1", "is read as a directive"),
    "a version declared twice": ("%YAML 1.2\n%YAML 1.2\n---\na: 1\n", "2:1", "is read as a directive"),
    "an unknown directive": ("%foo\n---\na: 1\n", "1:1", "is read as a directive"),
    "a python tag": ("a: !!python/name:os.system", "1:4", "the tag '!!python/name:os.system' is not read"),
    "a tag of one's own": ("- !actor {a: 1}", "1:3", "the tag '!actor' is not read"),
    "a tag outside the core": ("a: !!set {b}", "1:4", "the tag '!!set' is not read"),
    "a tagged key": ("!!binary aGk=: 1", "1:1", "the tag '!!binary' is not read"),
    "a tag of another kind": ("a: !!seq {b: 1}", "1:4", "the tag '!!seq' is not read"),
    "a tag that is not so": ("a: !!int x", "1:4", "'x' is not what the tag !!int says"),
    "a merge key": ("a: &x {b: 1}\nc:\n  <<: *x\n", "3:3", "merge keys ('<<') are not read"),
    "a list as a key": ("? [a]\n: b\n", "1:3", "a key can only be text"),
    "a mapping as a key": ("{a: b}: c\n", "1:1", "a key can only be text"),
    "an alias as a key": ("a: &x b\n*x : c\n", "2:1", "a key can only be text"),
    "a key left out": ("?\n: b\n", "1:2", "a key is missing here"),
    "an unknown alias": ("a: &name 1\nb: *nam\n", "2:4", "no anchor 'nam' stands above this alias"),
    "an alias before its anchor": ("b: *x\na: &x 1\n", "1:4", "no anchor 'x' stands above this alias"),
    "an alias inside its anchor": ("a: &x\n  b: [*x]\n", "2:7", "the alias 'x' stands inside what"),
    "an anchor written twice": ("a: &x 1\nb: &x 2\n", "2:4", "anchor 'x' is written twice, first at f"),
    "an endless number": ("a: " + "9" * 5000, "1:4", "the number is too long"),
}  # fmt: skip


@pytest.mark.parametrize("case", CONTENT)
def test_a_fault_of_content_has_its_place_and_plain_words(case: str) -> None:
    text, place, words = CONTENT[case]
    said = complaint(text)
    assert said.startswith(f"f.yaml:{place}: ")
    assert words in said
    assert "\n" not in said


def test_an_unknown_alias_is_answered_with_the_nearest_anchor() -> None:
    assert complaint("a: &name 1\nb: *nam\n").endswith("; did you mean 'name'?")


def test_all_duplicate_keys_are_named_at_once_with_both_places() -> None:
    said = complaint("a: 1\nb: {c: 1, 'c': 2}\na: 3\n\"a\": 4\nd: 5\n")
    assert said.splitlines() == [
        "f.yaml:2:11: key 'c' is written twice, first at f.yaml:2:5",
        "f.yaml:3:1: key 'a' is written twice, first at f.yaml:1:1",
        "f.yaml:4:1: key 'a' is written twice, first at f.yaml:3:1",
    ]


def test_faults_of_content_are_kept_when_the_syntax_then_fails() -> None:
    said = complaint("a: 1\na: 2\nb: !x y\nc: [\n")
    assert [line.split(": ")[0] for line in said.splitlines()] == ["f.yaml:2:1", "f.yaml:3:4", "f.yaml:4:5"]


def test_control_characters_of_a_file_are_never_sent_to_the_terminal() -> None:
    said = complaint('"\\e[31ma": 1\n"\\e[31ma": 2\n')
    assert said == r"f.yaml:2:1: key '\x1b[31ma' is written twice, first at f.yaml:1:1"


# Files


def test_a_missing_file_is_named_with_its_likeliest_neighbour(tmp_path: Path) -> None:
    (tmp_path / "scenario.yaml").write_text("a: 1\n")
    said = complaint_about(tmp_path / "scenaro.yaml")
    assert said == "f.yaml:1:1: there is no such file; did you mean 'scenario.yaml'?"


def test_a_missing_directory_is_a_missing_file(tmp_path: Path) -> None:
    assert complaint_about(tmp_path / "nowhere" / "a.yaml") == "f.yaml:1:1: there is no such file"


def test_a_directory_is_not_a_file(tmp_path: Path) -> None:
    assert complaint_about(tmp_path) == "f.yaml:1:1: this is a directory; expected a file"


def test_a_file_is_not_a_directory(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a: 1\n")
    assert complaint_about(tmp_path / "a" / "b.yaml").startswith("f.yaml:1:1: the file cannot be read: ")


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert complaint_about(tmp_path / "pipe").startswith("f.yaml:1:1: this is not a regular file")


def test_an_unreadable_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: 1\n")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert complaint_about(path) == "f.yaml:1:1: the file may not be read; expected permission to read it"


@pytest.mark.parametrize("name", ["a\0b", "x" * 5000])
def test_an_impossible_name_is_refused(tmp_path: Path, name: str) -> None:
    assert complaint_about(tmp_path / name).startswith("f.yaml:1:1: the file cannot be read: ")


def test_a_file_too_large_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "large.yaml"
    with path.open("wb") as stream:
        stream.truncate(50_000_000)

    def fail(*_: object, **__: object) -> None:
        raise AssertionError("it was opened")

    monkeypatch.setattr(Path, "open", fail)
    assert complaint_about(path) == (
        "f.yaml:1:1: the file is too large: 50,000,000 bytes; expected at most 10,000,000 bytes"
    )


@pytest.mark.parametrize(
    ("data", "place", "words"),
    [
        (b"a: b\n\xc3\xa9: \xff\n", "2:4", "the byte 0xff is not UTF-8"),
        (b"\xef\xbb\xbfa: caf\xe9\n", "1:7", "the byte 0xe9 is not UTF-8"),
        (b"a: b\r\n\r\n\xed\xa0\x80", "3:1", "the byte 0xed is not UTF-8"),
        ("a: b\n".encode("utf-16"), "1:1", "the file is written in UTF-16"),
        (b"\xfe\xff\x00a", "1:1", "the file is written in UTF-16"),
        ("a: b\n".encode("utf-32"), "1:1", "the file is written in UTF-32"),
        ("a: b\n".encode("utf-16-le"), "1:2", "U+0000 is not allowed"),
        (b"a: b\n\0", "2:1", "U+0000 is not allowed"),
    ],
)
def test_bytes_that_are_no_text_are_refused_at_the_first_of_them(
    tmp_path: Path, data: bytes, place: str, words: str
) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(data)
    said = complaint_about(path)
    assert said.startswith(f"f.yaml:{place}: ")
    assert words in said


# Limits


def test_nesting_stops_at_its_limit() -> None:
    parse_document("[" * MAX_DEPTH + "]" * MAX_DEPTH, "f.yaml")
    said = complaint("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1))
    assert said == "f.yaml:1:101: the nesting is too deep; expected at most 100 levels"


def test_nesting_by_aliases_stops_at_the_same_limit() -> None:
    chain = "a0: &a0 []\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 98))
    parse_document(chain + "b: *a97\n", "f.yaml")
    said = complaint(chain + "b: [[*a97]]\n")
    assert said == "f.yaml:99:6: the nesting of aliases is too deep; expected at most 100 levels"


def test_a_bomb_of_aliases_is_refused_where_it_would_go_off() -> None:
    bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{name}: &{name} [{', '.join(f'*{before}' for _ in range(10))}]\n"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    said = complaint(bomb)
    assert said.startswith("f.yaml:6:8: ")
    assert "the document is too large; expected at most 200,000 values, aliases followed" in said


def test_the_number_of_values_stops_at_its_limit() -> None:
    parse_document("[" + "1," * (MAX_NODES - 1) + "]", "f.yaml")
    said = complaint("[" + "1," * MAX_NODES + "]")
    assert said.startswith(f"f.yaml:1:{2 * MAX_NODES}: the document is too large")


def test_a_text_too_large_is_refused() -> None:
    assert complaint("#" * (MAX_BYTES + 1)).startswith(
        "f.yaml:1:1: the text is too large: 10,000,001 characters"
    )


def test_endless_faults_are_cut_short() -> None:
    lines = complaint("a: 1\n" * 100_000).splitlines()
    assert len(lines) == MAX_FAULTS + 1
    assert lines[-1] == "f.yaml:1002:1: more than 1,000 faults; the rest is not read"


HEAVY = {
    "a million brackets": "[" * 10**6,
    "a million braces": "{" * 10**6,
    "a million dashes": "- " * 10**6,
    "a million question marks": "? " * 10**6,
    "a staircase": "".join(" " * n + "a:\n" for n in range(3_000)),
    "a hundred thousand keys": "".join(f"key{n}: {n}\n" for n in range(10**5)),
    "a hundred thousand keys in a row": "{" + ", ".join(f"key{n}: {n}" for n in range(10**5)) + "}",
    "a million times one key": "a: 1\n" * 10**6,
    "a hundred thousand anchors": "".join(f"- &a{n} x\n" for n in range(10**5)),
    "a hundred thousand aliases to nothing": "- *a\n" * 10**5,
    "a million items": "- a\n" * 10**6,
    "a long value": "a: " + "x" * 10**6,
    "a long quote": 'a: "' + "\\n " * 10**6 + '"',
    "a long folded value": "a: b\n" + "  c\n" * 10**6,
    "a long block": "a: |\n" + "  b\n" * 10**6,
    "a long number": "9" * 10**7,
    "a long key": "? " + "x" * 10**6 + "\n: 1\n",
    "a long tag": "!<" + "a" * 10**6 + "> x",
    "ten million letters": "a" * 10**7,
    "ten million spaces": " " * 10**7,
    "ten million line ends": "\n" * 10**7,
    "ten million quotes": '"' * 10**7,
    "ten million colons": ":" * 10**7,
    "five million comments": "#\n" * (5 * 10**6),
    "a million directives": "%TAG !a! b\n" * 900_000,
    "a million directives below": "a\n...\n" + "%TAG !a! b\n" * 900_000,
    "a million documents": "---\n" * 10**6,
    "ten megabytes of signs": "qwe }{:,[]-#&*!|>'\"%@`" * 450_000,
    "a tangle of tabs": "a:\t" * 10**6,
}


@pytest.mark.parametrize("case", HEAVY)
def test_heavy_input_is_read_or_refused_in_time(case: str) -> None:
    """In about a second; the bound is wide because machines differ, and far below anything quadratic."""
    started = time.process_time()
    with suppress(FoedusError):
        parse_document(HEAVY[case], "f.yaml")
    assert time.process_time() - started < 6

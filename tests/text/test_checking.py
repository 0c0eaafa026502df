"""What does not fit a model is said by the names and places of the file, all of it at once."""

from __future__ import annotations

from typing import Annotated, Literal

import pytest
from pydantic import AfterValidator, Field

from sim.text import Diagnostics, TextModel, checked, fail, parse_document


def even(number: int) -> int:
    if number % 2:
        raise fail(f"{number} is odd", "an even number", suggestion=str(number + 1))
    return number


class Rung(TextModel):
    name: str
    cost: float = 0.0


class Actor(TextModel):
    id: str
    kind: Literal["state", "group"] = "state"
    size: Annotated[int, AfterValidator(even)] = 2
    share: Annotated[float, Field(ge=0, le=1)] = 0.5
    secret: bool = False
    ladder: list[Rung] = Field(default_factory=list)
    names: Annotated[list[str], Field(min_length=1)] = Field(default_factory=lambda: ["x"])
    allies: dict[str, Rung] = Field(default_factory=dict)


def complaints(text: str) -> list[str]:
    found = Diagnostics()
    assert checked(Actor, parse_document(text, "f.yaml"), found) is None
    return [str(each) for each in found]


def test_what_fits_is_read() -> None:
    found = Diagnostics()
    actor = checked(Actor, parse_document("id: PRK\nladder: [{name: statement, cost: 1}]\n", "f.yaml"), found)
    assert actor == Actor(id="PRK", ladder=[Rung(name="statement", cost=1.0)])
    assert not found.errors


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("kind: state", "f.yaml:1:1: key 'id' is missing; expected id: ..."),
        (
            "id: a\nladder:\n  - name: x\n    cots: 1",
            "f.yaml:4:5: unknown key 'cots'; expected one of cost, name; did you mean 'cost'?",
        ),
        (
            "id: a\nallies: {B: {name: x, nmae: y}}",
            "f.yaml:2:23: unknown key 'nmae'; expected one of cost, name; did you mean 'name'?",
        ),
        ("id: a\nladder:\n  - cost: 1", "f.yaml:3:5: key 'name' is missing; expected name: ..."),
        ("id: a\nallies:\n  B: {}", "f.yaml:3:3: key 'name' is missing; expected name: ..."),
        ("id: 010", "f.yaml:1:5: 'id' is the number '010'; expected text; did you mean '\"010\"'?"),
        ("id: true", "f.yaml:1:5: 'id' is the word 'true'; expected text; did you mean '\"true\"'?"),
        ("id:", "f.yaml:1:4: 'id' is empty; expected text"),
        ("id: [a]", "f.yaml:1:1: 'id' is a list; expected text"),
        ("id: {a: b}", "f.yaml:1:1: 'id' is a mapping; expected text"),
        (
            "id: a\nkind: stat",
            "f.yaml:2:7: 'kind' is the text 'stat'; expected one of group, state; did you mean 'state'?",
        ),
        ("id: a\nsize: 2.5", "f.yaml:2:7: 'size' is the number '2.5'; expected a whole number"),
        ("id: a\nsize: 3", "f.yaml:2:7: 3 is odd; expected an even number; did you mean '4'?"),
        ("id: a\nshare: lots", "f.yaml:2:8: 'share' is the text 'lots'; expected a number"),
        ("id: a\nshare: .inf", "f.yaml:2:8: 'share' is the number '.inf'; expected a finite number"),
        ("id: a\nshare: yes", "f.yaml:2:8: 'share' is the text 'yes'; expected a number"),
        (
            "id: a\nsecret: yes",
            "f.yaml:2:9: 'secret' is the text 'yes'; expected true or false; did you mean 'true'?",
        ),
        (
            "id: a\nladder: x",
            "f.yaml:2:9: 'ladder' is the text 'x'; expected a list ('- item' lines or '[item, item]')",
        ),
        (
            "id: a\nladder: [x]",
            "f.yaml:2:10: item 1 of 'ladder' is the text 'x'; expected a mapping ('key: value' lines)",
        ),
        ("id: a\nnames: []", "f.yaml:2:1: 'names' is empty; expected at least 1 entry"),
        ("3", "f.yaml:1:1: this is the number '3'; expected a mapping ('key: value' lines)"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said_in_the_words_of_the_file(text: str, said: str) -> None:
    assert complaints(text) == [said]


def test_an_unknown_key_is_answered_with_all_known_ones() -> None:
    keys = "allies, id, kind, ladder, names, secret, share, size"
    assert complaints("id: a\nkin: state") == [
        f"f.yaml:2:1: unknown key 'kin'; expected one of {keys}; did you mean 'kind'?"
    ]


def test_a_bound_of_the_model_is_told() -> None:
    assert complaints("id: a\nshare: 2") == ["f.yaml:2:8: 'share' is the number '2'; expected at most 1"]


def test_everything_is_said_at_once() -> None:
    assert len(complaints("size: 3\nkind: x\nladder: [{}]\ncolour: red\n")) == 5

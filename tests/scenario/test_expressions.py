"""Expressions are read as Python reads them, less what is not in the language; every part knows its place."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario import expressions as ex
from sim.scenario.expressions import (
    MAX_LENGTH,
    ExpressionError,
    is_identifier,
    parse_expression,
    parse_statement,
)
from sim.text import read_unit

ARITHMETIC = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}
COMPARISON = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


def value(tree: ex.Expr) -> Any:
    """A tree without names, worked out by the definition of each part."""
    match tree:
        case ex.Number() | ex.Truth():
            return tree.value
        case ex.Negate():
            return -value(tree.operand)
        case ex.Not():
            return not value(tree.operand)
        case ex.Binary():
            return ARITHMETIC[tree.operator](value(tree.left), value(tree.right))
        case ex.Compare():
            sides = [value(tree.first), *(value(side) for _, side in tree.rest)]
            signs = [sign for sign, _ in tree.rest]
            return all(COMPARISON[s](a, b) for s, a, b in zip(signs, sides, sides[1:], strict=False))
        case ex.Logic():
            # As in Python, which gives back an operand: here only the shape of the tree is looked at.
            *others, last = (value(operand) for operand in tree.operands)
            settles = tree.operator == "or"
            return next((other for other in others if bool(other) is settles), last)
        case ex.Conditional():
            return value(tree.then) if value(tree.condition) else value(tree.otherwise)
        case ex.Call(function="min"):
            return min(map(value, tree.arguments))
    raise AssertionError(tree)


def python(source: str) -> Any:
    tree = compile(ast.parse(source, mode="eval"), "", "eval")
    return eval(tree, {"true": True, "false": False, "min": min})  # noqa: S307 - made of numbers and signs


NUMBERS = st.sampled_from(["1", "2", "3.5", "0.25", "4e1", "1_0"])


def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Numbers and truths in each other, with brackets only here and there."""
    signs = st.sampled_from([" + ", " - ", " * ", "+", "-"])
    return st.one_of(
        st.tuples(inner, signs, inner).map("".join),
        st.tuples(st.just("-"), inner).map("".join),
        st.tuples(st.just("("), inner, st.just(")")).map("".join),
        st.tuples(st.just("min("), inner, st.just(", "), inner, st.just(")")).map("".join),
        st.tuples(inner, st.sampled_from([" < ", " >= ", " == ", " != "]), inner).map("".join),
        st.tuples(st.just("not "), inner).map("".join),
        st.tuples(inner, st.sampled_from([" and ", " or "]), inner).map("".join),
        st.tuples(inner, st.just(" if "), inner, st.just(" else "), inner).map("".join),
    )


@given(st.recursive(st.one_of(NUMBERS, st.sampled_from(["true", "false", "True"])), larger, max_leaves=12))
def test_brackets_and_precedence_are_pythons(source: str) -> None:
    try:
        wanted = python(source)
    except (SyntaxError, ZeroDivisionError):
        return
    assert value(parse_expression(source).tree) == wanted


def parts(tree: Any) -> Iterator[Any]:
    if is_dataclass(tree):
        yield tree
        for field in fields(tree):
            yield from parts(getattr(tree, field.name))
    elif isinstance(tree, tuple):
        for item in tree:
            yield from parts(item)


SOURCE = (
    "  clamp(sum(tension[self, other] for other in allies if has(other, shells)), -0.5, 1)\n\t* 2 if "
    "x in allies and not KOR in rich or lag(shells[PRK], '6 months') >= 3 "
    "else recent(press, any, 'a\u00e9\u4e2d') + pace"
)


def test_every_part_knows_where_it_begins() -> None:
    for part in parts(parse_expression(SOURCE, 7).tree):
        rest = SOURCE[part.offset - 7 :]
        match part:
            case ex.Number():
                number = re.match(r"[0-9.]+", rest)
                assert number is not None
                assert float(number[0]) == part.value
            case ex.Name():
                assert rest.startswith(part.id)
            case ex.Text():
                assert rest.startswith(f"'{part.value}'")
            case ex.Call() | ex.Reduce():
                assert rest.startswith(part.function)
            case ex.Index():
                assert rest.startswith(part.name)
                for key, offset in zip(part.keys, part.key_offsets, strict=True):
                    assert SOURCE[offset - 7 :].startswith(key)
            case ex.Member():
                assert rest.startswith(part.item)
                assert SOURCE[part.tag_offset - 7 :].startswith(part.tag)
        if isinstance(part, ex.Reduce):
            assert SOURCE[part.name_offset - 7 :].startswith("other in")
            assert SOURCE[part.members_offset - 7 :].startswith("allies")


def test_the_text_of_an_expression_has_single_blanks() -> None:
    assert parse_expression("  a\n   +\tb ").text == "a + b"


def test_true_and_false_are_read_in_both_spellings() -> None:
    assert [parse_expression(word).tree for word in ("true", "True", "false", "False")] == [
        ex.Truth(True, 0),
        ex.Truth(True, 0),
        ex.Truth(False, 0),
        ex.Truth(False, 0),
    ]


def test_a_number_may_carry_its_unit() -> None:
    tree = parse_expression("-0.3['per year'] * x").tree
    number = ex.Number(0.3, 1, read_unit("per year"))
    assert tree == ex.Binary("*", ex.Negate(number, 0), ex.Name("x", 19), 0)
    assert ex.Number(0.3, 1) != number


@pytest.mark.parametrize(
    ("source", "operator_", "target", "text"),
    [
        ("shells -= 3", "-=", ex.Name("shells", 0), "shells -= 3"),
        ("tension[self, KOR] += 1 if a == b else 2", "+=", None, "tension[self, KOR] += 1 if a == b else 2"),
        (" x\n= y <= z", "=", ex.Name("x", 1), "x = y <= z"),
    ],
)
def test_an_effect_has_a_target_a_sign_and_a_value(
    source: str, operator_: str, target: ex.Name | None, text: str
) -> None:
    statement = parse_statement(source)
    assert statement.operator == operator_
    assert statement.text == text
    if target is not None:
        assert statement.target == target


def test_the_value_of_an_effect_knows_its_place_in_the_whole() -> None:
    statement = parse_statement("tension[self, KOR] += 2 * pace")
    assert isinstance(statement.value, ex.Binary)
    assert statement.value.right == ex.Name("pace", 26)


FAULTS = {
    "": (0, "the expression is empty"),
    "1 +": (3, "a value is missing after '+'"),
    "a b": (2, "an operator is missing before 'b'"),
    "a > > b": (4, "a value is missing before '>'"),
    "(a": (0, "this '(' is never closed"),
    "a)": (1, "this ')' closes nothing"),
    "(a]": (2, "']' does not close '('"),
    "a[]": (2, "a value is missing before ']'"),
    "'a": (0, "this quote is never closed"),
    r"'\a'": (0, "a text in quotes holds no backslash"),
    "'a' 'b'": (4, "an operator is missing before"),
    "f'a'": (0, "'f' stands before a text"),
    "a = b": (2, "'=' is not part of the language"),
    "f(a=1)": (3, "'=' is not part of the language"),
    "a && b": (2, "'&&' is not part of the language"),
    "a.b": (1, "names have no parts here"),
    "a # b": (2, "'#' is not part of the language"),
    "5%": (1, "'%' is not part of the language"),
    "a \u2264 b": (2, "'\u2264' is not part of the language"),
    "a\u00a0+ b": (1, "'\\xa0' is not part of the language"),
    "a\x1b[3m": (1, "'\\x1b' is not part of the language"),
    "caf\u00e9": (3, "'\u00e9' (latin small letter e with acute) is not a letter that names are made of"),
    "\ufb01rst": (0, "'\ufb01' (latin small ligature fi) is not a letter that names are made of"),
    "3x": (0, "'3x' is not a number"),
    "1if a else 2": (0, "'1if' is not a number"),
    "0777": (0, "the number '0777' begins with 0"),
    "1j": (0, "'1j' is not a number"),
    "1e999": (0, "the number is too large"),
    "3,000": (0, "a comma parts nothing here"),
    "()": (0, "a value is missing in these brackets"),
    "lambda: 1": (0, "'lambda' is not part of the language"),
    "a is b": (2, "'is' is not part of the language"),
    "None": (0, "'None' is not part of the language"),
    "(y := 1)": (3, "':=' is not part of the language"),
    "[a]": (0, "a list is not part of the language"),
    "{a}": (0, "'{' is not part of the language"),
    "a if b": (0, "'if' stands without 'else'"),
    "x in y[z]": (5, "'in' stands between an actor and a tag"),
    "x in y in z": (0, "this comparison is not part of the language"),
    "(x for x in y)": (0, "a 'for' stands without a function"),
    "sum(1 for x in y for z in y)": (21, "one 'for' at a time"),
    "sum(1 for x, y in z)": (10, "'for' takes one name over one set"),
    "exp(1 for x in y)": (0, "exp() takes no 'for'"),
    "a[1]": (2, "an index must be a name"),
    "a[b][c]": (0, "only a name can be indexed"),
    "(1 + 2)['rounds']": (0, "only a name can be indexed"),
    "2[rounds]": (2, "in brackets behind a number stands its unit"),
    "2[3]": (2, "in brackets behind a number stands its unit"),
    "2['a', 'b']": (2, "in brackets behind a number stands its unit"),
    "2['rounds per mnth']": (14, "'mnth' is not known here"),
    "2['']": (3, "the unit is empty"),
    "2['rounds']['a']": (0, "only a name can be indexed"),
    "true['rounds']": (5, "an index must be a name"),
    "f(a)(b)": (0, "only a function can be called"),
    "f(*a)": (2, "a value is missing before '*'"),
    "-" * 300 + "1": (101, "the expression is nested too deeply"),
    "(" * 61 + "1" + ")" * 61: (60, "brackets are nested too deeply"),
    "1" * 4001: (0, "the expression has 4,001 characters"),
}


@pytest.mark.parametrize("source", FAULTS)
def test_what_is_not_in_the_language_is_refused_at_its_first_character(source: str) -> None:
    offset, said = FAULTS[source]
    with pytest.raises(ExpressionError) as caught:
        parse_expression(source)
    assert (caught.value.offset, caught.value.message[: len(said)]) == (offset, said)
    with pytest.raises(ExpressionError) as caught:
        parse_statement(f"xyz = {source}")
    assert caught.value.offset == (0 if len(source) > MAX_LENGTH else offset + (6 if source else 5))


WORDS = (
    "a b x1 self KOR 1 2.5 .5 1e3 07 + - * / ** // % ( ) [ ] { } , . : ; = == != < <= >= <> and or not in "
    "2['persons'] "
    "is if else for lambda None true 'a' "
    "\" ' # \\ \u00e9 \u2264 \x1b sum( exp( f' 0x1 1_0 1__0 := -> @ ~ ^ & | ! ?"
)
SOUP = st.lists(st.sampled_from(WORDS.split()), max_size=12)


def fault(read: Callable[[], object]) -> ExpressionError | None:
    try:
        read()
    except ExpressionError as found:
        return found
    return None


@given(st.one_of(SOUP.map(" ".join), SOUP.map("".join), st.text(max_size=40)), st.integers(0, 99))
def test_any_text_is_an_expression_or_has_a_fault_inside_it(source: str, shift: int) -> None:
    found = fault(lambda: parse_expression(source, shift))
    if found is not None:
        assert shift <= found.offset <= shift + len(source)
        assert found.message
        assert found.expected
    found = fault(lambda: parse_statement(source))
    assert found is None or 0 <= found.offset <= len(source)


@given(SOUP.map(" ".join))
def test_what_is_read_is_pythons_own_and_nothing_beyond_it(source: str) -> None:
    if fault(lambda: parse_expression(source)) is None:
        ast.parse(source.strip(), mode="eval")


def test_words_of_python_cannot_be_names() -> None:
    assert is_identifier("shells_2")
    assert not any(map(is_identifier, ("import", "yield", "lambda", "None", "caf\u00e9", "2x", "a-b", "")))

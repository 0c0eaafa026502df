"""The expression language: a small subset of Python's syntax, read into a tree of our own.

Python's own parser does the reading, so that precedence and brackets are what everyone expects; nothing is
ever evaluated as Python. What is not in the subset is refused with the offset of the first character
concerned.
"""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from functools import lru_cache
from typing import Final, Literal

from sim.scenario.scan import FOREIGN, MAX_BRACKETS, scan
from sim.scenario.trees import (
    ALLOWED,
    FUNCTIONS,
    READERS,
    REDUCTIONS,
    RESERVED,
    Binary,
    BinaryOperator,
    Call,
    Compare,
    CompareOperator,
    Conditional,
    Expr,
    Expression,
    ExpressionError,
    Index,
    Logic,
    Member,
    Name,
    Negate,
    Not,
    Number,
    Reduce,
    Statement,
    Text,
    Truth,
)
from sim.text import UnitError, quoted, read_unit

__all__ = [
    "FUNCTIONS",
    "MAX_DEPTH",
    "MAX_LENGTH",
    "READERS",
    "REDUCTIONS",
    "RESERVED",
    "Binary",
    "Call",
    "Compare",
    "Conditional",
    "Expr",
    "Expression",
    "ExpressionError",
    "Index",
    "Logic",
    "Member",
    "Name",
    "Negate",
    "Not",
    "Number",
    "Reduce",
    "Statement",
    "Text",
    "Truth",
    "is_identifier",
    "parse_expression",
    "parse_statement",
]

MAX_LENGTH: Final = 4_000
MAX_DEPTH: Final = 100

_BINARY: Final[dict[type[ast.operator], BinaryOperator]] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Pow: "**",
}
_COMPARE: Final[dict[type[ast.cmpop], CompareOperator]] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}
_IDENTIFIER: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


def parse_expression(source: str, shift: int = 0) -> Expression:
    """Read one expression; `shift` is where it begins in a longer text that offsets count from.

    Raises:
        ExpressionError: with the offset of what is wrong.
    """
    return Expression(source, _tree(source, shift))


def parse_statement(source: str) -> Statement:
    """Read one effect, `V += expr`, `V -= expr` or `V = expr`.

    Raises:
        ExpressionError: with the offset of what is wrong.
    """
    operator, start, end = _find_assignment(source)
    target_source, value_source = source[:start], source[end:]
    if not target_source.strip():
        raise ExpressionError(
            f"nothing stands left of {quoted(operator)}", start, "VARIABLE += EXPRESSION, -= or ="
        )
    if not value_source.strip():
        raise ExpressionError(f"nothing stands right of {quoted(operator)}", end, "a number or an expression")
    target = _tree(target_source)
    if not isinstance(target, Name | Index):
        raise ExpressionError(
            "only an attribute or a relation can change",
            target.offset,
            "a name such as tension[self, KOR] on the left",
        )
    return Statement(source, target, operator, _tree(value_source, end))


def _find_assignment(source: str) -> tuple[Literal["+=", "-=", "="], int, int]:
    """The assignment sign outside brackets; its kind, start and end."""
    _check_length(source, 0)
    depth = 0
    for position, character in enumerate(source):
        if character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
        elif character == "=" and depth == 0:
            before = source[position - 1] if position else ""
            after = source[position + 1 : position + 2]
            if before in ("<", ">", "!") or after == "=" or before == "=":
                raise ExpressionError(
                    "a comparison changes nothing", position, "VARIABLE += EXPRESSION, -= or ="
                )
            if before == "+":
                return "+=", position - 1, position + 1
            if before == "-":
                return "-=", position - 1, position + 1
            if before and before in "*/%|&^:":
                raise ExpressionError(f"{before}= is not an effect", position - 1, "+=, -= or =")
            return "=", position, position + 1
    if sign := re.search(r"[+-]?=", source):
        scan(source[: sign.start()])  # a bracket never closed hides the sign
    raise ExpressionError("an effect must change something", 0, "VARIABLE += EXPRESSION, -= or =")


def _check_length(source: str, shift: int) -> None:
    if len(source) > MAX_LENGTH:
        raise ExpressionError(
            f"the expression has {len(source):,} characters",
            shift,
            f"at most {MAX_LENGTH:,}; name its parts under definitions",
        )


def _tree(source: str, shift: int = 0) -> Expr:
    """The tree of an expression. Short ones that were read of late are known: a file that is read again, by
    an editor or without its faulty parts, differs in few of them.
    """
    return _known_tree(source, shift) if len(source) <= _SHORT else _tree_read(source, shift)


_SHORT: Final = 200


@lru_cache(maxsize=4_096)
def _known_tree(source: str, shift: int) -> Expr:
    return _tree_read(source, shift)


def _tree_read(source: str, shift: int) -> Expr:
    _check_length(source, shift)
    flat = re.sub(r"[\r\n\t\f\v]", " ", source)
    stripped = flat.lstrip()
    if not stripped:
        raise ExpressionError("the expression is empty", shift, "a number or an expression")
    if _is_odd(flat):
        scan(flat, shift)
    try:
        return _read(stripped, shift + len(flat) - len(stripped))
    except ExpressionError:
        scan(flat, shift)  # says it better, where it can
        raise


_PLAIN: Final = re.compile(r"[A-Za-z0-9_ .+\-*/()\[\],<>=!'\"]*\Z")
_ODD: Final = re.compile(r"(?<![A-Za-z0-9_])[0-9][0-9_.]*[A-Za-z]|[A-Za-z0-9_]['\"]|['\"] *['\"]")


def _is_odd(text: str) -> bool:
    """Whether Python might read this without complaint although it is not in the language, or choke on it."""
    deep = text.count("(") + text.count("[") > MAX_BRACKETS
    return deep or not _PLAIN.match(text) or _ODD.search(text) is not None


def _read(text: str, shift: int) -> Expr:
    try:
        module = ast.parse(text, mode="eval")
    except SyntaxError as error:
        offset = shift + min(max((error.offset or 1) - 1, 0), len(text))
        if "'else'" in error.msg:
            raise ExpressionError("'if' stands without 'else'", offset, "A if CONDITION else B") from None
        raise ExpressionError("cannot read this as an expression", offset, ALLOWED) from None
    except (ValueError, MemoryError, RecursionError):
        raise ExpressionError("cannot read this as an expression", shift, ALLOWED) from None
    return _Reader(text, shift).expression(module.body, 0)


class _Reader:
    """Turns Python's tree into ours; knows where the text begins in the source."""

    def __init__(self, text: str, shift: int) -> None:
        self._text = text
        self._shift = shift
        self._ascii = text.isascii()

    def _offset(self, node: ast.expr) -> int:
        column = node.col_offset
        if not self._ascii:  # ast counts UTF-8 bytes
            column = len(self._text.encode()[:column].decode(errors="ignore"))
        return self._shift + column

    def expression(self, node: ast.expr, depth: int) -> Expr:
        offset = self._offset(node)
        if depth > MAX_DEPTH:
            raise ExpressionError(
                "the expression is nested too deeply", offset, f"at most {MAX_DEPTH} levels"
            )
        match node:
            case ast.Constant():
                return self._constant(node, offset)
            case ast.Name(id="true" | "false"):
                return Truth(node.id == "true", offset)
            case ast.Name():
                return Name(node.id, offset)
            case ast.Subscript():
                return self._index(node, offset)
            case ast.UnaryOp():
                return self._unary(node, offset, depth)
            case ast.BinOp():
                return self._binary(node, offset, depth)
            case ast.Compare():
                return self._compare(node, offset, depth)
            case ast.BoolOp():
                operands = tuple(self.expression(value, depth + 1) for value in node.values)
                return Logic("and" if isinstance(node.op, ast.And) else "or", operands, offset)
            case ast.IfExp():
                return Conditional(
                    self.expression(node.test, depth + 1),
                    self.expression(node.body, depth + 1),
                    self.expression(node.orelse, depth + 1),
                    offset,
                )
            case ast.Call():
                return self._call(node, offset, depth)
        message, expected = _description(node)
        raise ExpressionError(message, offset, expected)

    def _constant(self, node: ast.Constant, offset: int) -> Expr:
        value = node.value
        if isinstance(value, bool):
            return Truth(value, offset)
        if isinstance(value, int | float):
            try:
                number = float(value)
            except OverflowError:
                number = float("inf")
            if number in (float("inf"), float("-inf")):
                raise ExpressionError("the number is too large", offset, "a number below 1.8e308")
            return Number(number, offset)
        if isinstance(value, str):
            return Text(value, offset)
        raise ExpressionError("this kind of value is not part of the language", offset, "a number")

    def _index(self, node: ast.Subscript, offset: int) -> Index | Number:
        if isinstance(node.value, ast.Constant) and not isinstance(node.value.value, bool | str):
            return self._number_with_unit(node.value, node.slice, offset)
        if not isinstance(node.value, ast.Name):
            raise ExpressionError("only a name can be indexed", offset, "a name such as tension[self, KOR]")
        items = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        keys, offsets = [], []
        for item in items:
            offsets.append(self._offset(item))
            if not isinstance(item, ast.Name):
                raise ExpressionError(
                    "an index must be a name", offsets[-1], "an actor's id, self, target or a bound name"
                )
            keys.append(item.id)
        return Index(node.value.id, tuple(keys), offset, tuple(offsets))

    def _number_with_unit(self, value: ast.Constant, unit: ast.expr, offset: int) -> Number:
        number, where = self._constant(value, offset), self._offset(unit)
        assert isinstance(number, Number)
        if not isinstance(unit, ast.Constant) or not isinstance(unit.value, str):
            raise ExpressionError(
                "in brackets behind a number stands its unit",
                where,
                f"a text such as {number.value:g}['per year']",
            )
        try:
            return replace(number, unit=read_unit(unit.value))
        except UnitError as error:
            wanted = quoted(error.suggestion) if error.suggestion else error.expected
            raise ExpressionError(error.message, where + len("'") + error.offset, wanted) from None

    def _unary(self, node: ast.UnaryOp, offset: int, depth: int) -> Expr:
        operand = self.expression(node.operand, depth + 1)
        match node.op:
            case ast.USub():
                return Negate(operand, offset)
            case ast.UAdd():
                return operand
            case ast.Not():
                return Not(operand, offset)
        raise ExpressionError("this sign is not part of the language", offset, "- or not")

    def _binary(self, node: ast.BinOp, offset: int, depth: int) -> Expr:
        operator = _BINARY.get(type(node.op))
        if operator is None:
            raise ExpressionError("this operator is not part of the language", offset, "+ - * / or **")
        return Binary(
            operator, self.expression(node.left, depth + 1), self.expression(node.right, depth + 1), offset
        )

    def _compare(self, node: ast.Compare, offset: int, depth: int) -> Expr:
        if len(node.ops) == 1 and isinstance(node.ops[0], ast.In | ast.NotIn):
            right = node.comparators[0]
            if not isinstance(node.left, ast.Name) or not isinstance(right, ast.Name):
                wrong = right if isinstance(node.left, ast.Name) else node.left
                raise ExpressionError(
                    "'in' stands between an actor and a tag", self._offset(wrong), "x in TAG"
                )
            negated = isinstance(node.ops[0], ast.NotIn)
            return Member(node.left.id, right.id, negated, offset, self._offset(right))
        rest = []
        for python_operator, comparator in zip(node.ops, node.comparators, strict=True):
            operator = _COMPARE.get(type(python_operator))
            if operator is None:
                raise ExpressionError(
                    "this comparison is not part of the language", offset, "< <= > >= == or !="
                )
            rest.append((operator, self.expression(comparator, depth + 1)))
        return Compare(self.expression(node.left, depth + 1), tuple(rest), offset)

    def _call(self, node: ast.Call, offset: int, depth: int) -> Expr:
        if not isinstance(node.func, ast.Name):
            raise ExpressionError(
                "only a function can be called", offset, "a function of the language, such as exp(x)"
            )
        if node.keywords:
            raise ExpressionError("functions take no named arguments", offset, f"{node.func.id}(a, b)")
        name = node.func.id
        if len(node.args) == 1 and isinstance(node.args[0], ast.GeneratorExp):
            return self._reduce(name, node.args[0], offset, depth)
        return Call(name, tuple(self.expression(argument, depth + 1) for argument in node.args), offset)

    def _reduce(self, name: str, node: ast.GeneratorExp, offset: int, depth: int) -> Reduce:
        if name not in REDUCTIONS:
            raise ExpressionError(
                f"{name}() takes no 'for'", offset, f"one of {', '.join(sorted(REDUCTIONS))} around a 'for'"
            )
        if len(node.generators) != 1 or node.generators[0].is_async:
            where = self._offset(node.generators[-1].target)
            raise ExpressionError("one 'for' at a time", where, f"{name}({name}(...) for x in ...)")
        generator = node.generators[0]
        target, members = generator.target, generator.iter
        if not isinstance(target, ast.Name) or not isinstance(members, ast.Name):
            wrong = members if isinstance(target, ast.Name) else target
            raise ExpressionError(
                "'for' takes one name over one set", self._offset(wrong), "for x in actors, others or a tag"
            )
        conditions = tuple(self.expression(condition, depth + 1) for condition in generator.ifs)
        body = self.expression(node.elt, depth + 1)
        return Reduce(
            name,
            body,
            target.id,
            members.id,
            conditions,
            offset,
            self._offset(target),
            self._offset(members),
        )


def _description(node: ast.expr) -> tuple[str, str]:
    """What is wrong with a part that has no place in the language, and what was expected."""
    if isinstance(node, ast.Tuple):
        if not node.elts:
            return "a value is missing in these brackets", "a number or a name"
        return "a comma parts nothing here", "one value; a decimal point; no sign between thousands"
    if isinstance(node, ast.GeneratorExp):
        return "a 'for' stands without a function", "sum(... for x in actors)"
    return "this is not part of the language", ALLOWED


def is_identifier(text: str) -> bool:
    """Whether the text could be a name in an expression (ASCII letters, digits, underscores, no word of
    Python).
    """
    return bool(_IDENTIFIER.match(text)) and text not in FOREIGN

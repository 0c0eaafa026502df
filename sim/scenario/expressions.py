"""The expression language: a small subset of Python's syntax, read into a tree of our own.

Python's own parser does the reading, so that precedence and brackets are what everyone expects; nothing is
ever evaluated as Python. What is not in the subset is refused with the offset of the first character
concerned.
"""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass
from typing import Final, Literal

MAX_LENGTH: Final = 4_000
MAX_DEPTH: Final = 150
MAX_BRACKETS: Final = 60

BinaryOperator = Literal["+", "-", "*", "/", "**"]
CompareOperator = Literal["<", "<=", ">", ">=", "==", "!="]


@dataclass(frozen=True, slots=True)
class Number:
    value: float
    offset: int


@dataclass(frozen=True, slots=True)
class Truth:
    value: bool
    offset: int


@dataclass(frozen=True, slots=True)
class Text:
    """A quoted text: only functions that take a date or a duration accept one."""

    value: str
    offset: int


@dataclass(frozen=True, slots=True)
class Name:
    """A bare name: actor, bound name, parameter, attribute, definition, tag, option ..."""

    id: str
    offset: int


@dataclass(frozen=True, slots=True)
class Index:
    """`name[i, j]`: attribute, relation, vector parameter or definition at the given ids."""

    name: str
    keys: tuple[str, ...]
    offset: int


@dataclass(frozen=True, slots=True)
class Negate:
    operand: Expr
    offset: int


@dataclass(frozen=True, slots=True)
class Not:
    operand: Expr
    offset: int


@dataclass(frozen=True, slots=True)
class Binary:
    operator: BinaryOperator
    left: Expr
    right: Expr
    offset: int


@dataclass(frozen=True, slots=True)
class Compare:
    """A chain `a < b <= c`: every neighbouring pair must hold; `first` is a, `rest` the (operator, operand)
    pairs.
    """

    first: Expr
    rest: tuple[tuple[CompareOperator, Expr], ...]
    offset: int


@dataclass(frozen=True, slots=True)
class Member:
    """`x in TAG` or `x not in TAG`: settled when compiled."""

    item: str
    tag: str
    negated: bool
    offset: int


@dataclass(frozen=True, slots=True)
class Logic:
    """`and` or `or` over two or more operands, evaluated from the left as far as needed."""

    operator: Literal["and", "or"]
    operands: tuple[Expr, ...]
    offset: int


@dataclass(frozen=True, slots=True)
class Conditional:
    condition: Expr
    then: Expr
    otherwise: Expr
    offset: int


@dataclass(frozen=True, slots=True)
class Call:
    function: str
    arguments: tuple[Expr, ...]
    offset: int


@dataclass(frozen=True, slots=True)
class Reduce:
    """`function(body for name in members if condition ...)`."""

    function: str
    body: Expr
    name: str
    members: str
    conditions: tuple[Expr, ...]
    offset: int


Expr = (
    Number
    | Truth
    | Text
    | Name
    | Index
    | Negate
    | Not
    | Binary
    | Compare
    | Member
    | Logic
    | Conditional
    | Call
    | Reduce
)


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression with its source; `text` is the source with white space made single blanks."""

    source: str
    tree: Expr

    @property
    def text(self) -> str:
        return " ".join(self.source.split())


@dataclass(frozen=True, slots=True)
class Statement:
    """An effect: `target operator value`, where operator is `+=`, `-=` or `=`."""

    source: str
    target: Name | Index
    operator: Literal["+=", "-=", "="]
    value: Expr

    @property
    def text(self) -> str:
        return " ".join(self.source.split())


class ExpressionError(ValueError):
    """Text that is not in the language; `offset` counts characters from the start of the source."""

    def __init__(self, message: str, offset: int = 0, expected: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.expected = expected


REDUCTIONS: Final = frozenset({"sum", "mean", "min", "max", "any", "all", "count"})
FUNCTIONS: Final = frozenset(
    {
        *("abs", "sqrt", "floor", "ceil", "exp", "log", "logistic", "min", "max", "clamp", "sum", "mean"),
        *("any", "all", "count", "after", "has", "lag", "happened", "times", "recent", "holds"),
    }
)
RESERVED: Final = FUNCTIONS | {"self", "target", "actors", "others", "elapsed", "true", "false"}

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
_ALLOWED: Final = "arithmetic, comparison, and/or/not, A if C else B, or a function of the language"
_IDENTIFIER: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


def parse_expression(source: str) -> Expression:
    """Read one expression.

    Raises:
        ExpressionError: with the offset of what is wrong.
    """
    node, reader = _parse(source)
    return Expression(source, reader.expression(node, 0))


def parse_statement(source: str) -> Statement:
    """Read one effect, `V += expr`, `V -= expr` or `V = expr`.

    Raises:
        ExpressionError: with the offset of what is wrong.
    """
    operator, start, end = _find_assignment(source)
    target_source, value_source = source[:start], source[end:]
    if not target_source.strip():
        raise ExpressionError("nothing to change on the left", 0, "VARIABLE += EXPRESSION")
    if not value_source.strip():
        raise ExpressionError("no value on the right", end, "VARIABLE += EXPRESSION")
    target_node, target_reader = _parse(target_source)
    target = target_reader.expression(target_node, 0)
    if not isinstance(target, Name | Index):
        raise ExpressionError(
            "only an attribute or a relation can be changed",
            target.offset,
            "a name such as tension[self, KOR]",
        )
    value_node, value_reader = _parse(value_source, shift=end)
    return Statement(source, target, operator, value_reader.expression(value_node, 0))


def _find_assignment(source: str) -> tuple[Literal["+=", "-=", "="], int, int]:
    """The assignment sign outside brackets; its kind, start and end."""
    _check_length(source)
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
                break
            if before == "+":
                return "+=", position - 1, position + 1
            if before == "-":
                return "-=", position - 1, position + 1
            if before in ("*", "/", "%", "|", "&", "^"):
                raise ExpressionError(f"{before}= is not an effect", position - 1, "+=, -= or =")
            return "=", position, position + 1
    raise ExpressionError("an effect must change something", 0, "VARIABLE += EXPRESSION, -= or =")


def _check_length(source: str) -> None:
    if len(source) > MAX_LENGTH:
        raise ExpressionError(
            f"the expression has {len(source):,} characters",
            0,
            f"at most {MAX_LENGTH:,}; name its parts under definitions",
        )


def _parse(source: str, shift: int = 0) -> tuple[ast.expr, _Reader]:
    _check_length(source)
    flat = re.sub(r"[\r\n\t\f\v]", " ", source)
    stripped = flat.lstrip()
    if not stripped:
        raise ExpressionError("the expression is empty", shift, "a number or an expression")
    lead = len(flat) - len(stripped)
    _check_brackets(flat, shift)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's advice on odd literals is not for our readers
            module = ast.parse(stripped, mode="eval")
    except SyntaxError as error:
        offset = lead + max((error.offset or 1) - 1, 0)
        raise ExpressionError(
            "cannot read this as an expression", shift + min(offset, len(flat)), _ALLOWED
        ) from None
    except (ValueError, MemoryError, RecursionError):
        raise ExpressionError("cannot read this as an expression", shift + lead, _ALLOWED) from None
    return module.body, _Reader(stripped, shift + lead)


def _check_brackets(flat: str, shift: int) -> None:
    """Depth is bounded before Python's parser sees the text."""
    depth = 0
    for position, character in enumerate(flat):
        if character in "([{":
            depth += 1
            if depth > MAX_BRACKETS:
                raise ExpressionError(
                    "brackets are nested too deeply", shift + position, f"at most {MAX_BRACKETS} levels"
                )
        elif character in ")]}":
            depth -= 1


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
        raise ExpressionError(f"{_describe(node)} is not part of the language", offset, _ALLOWED)

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

    def _index(self, node: ast.Subscript, offset: int) -> Index:
        if not isinstance(node.value, ast.Name):
            raise ExpressionError("only a name can be indexed", offset, "a name such as tension[self, KOR]")
        items = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        keys = []
        for item in items:
            if not isinstance(item, ast.Name):
                raise ExpressionError(
                    "an index must be a name",
                    self._offset(item),
                    "an actor's id, self, target or a bound name",
                )
            keys.append(item.id)
        return Index(node.value.id, tuple(keys), offset)

    def _unary(self, node: ast.UnaryOp, offset: int, depth: int) -> Expr:
        operand = self.expression(node.operand, depth + 1)
        match node.op:
            case ast.USub():
                return Negate(operand, offset)
            case ast.UAdd():
                return operand
            case ast.Not():
                return Not(operand, offset)
        raise ExpressionError("~ is not part of the language", offset, "- or not")

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
                raise ExpressionError("in stands between an actor and a tag", offset, "x in TAG")
            return Member(node.left.id, right.id, isinstance(node.ops[0], ast.NotIn), offset)
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
            raise ExpressionError("only a function of the language can be called", offset, _ALLOWED)
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
            raise ExpressionError("one 'for' at a time", offset, "nest a second sum(...) instead")
        generator = node.generators[0]
        if not isinstance(generator.target, ast.Name) or not isinstance(generator.iter, ast.Name):
            raise ExpressionError(
                "'for' binds one name over one set", offset, "for x in actors, others or a tag"
            )
        conditions = tuple(self.expression(condition, depth + 1) for condition in generator.ifs)
        body = self.expression(node.elt, depth + 1)
        return Reduce(name, body, generator.target.id, generator.iter.id, conditions, offset)


def _describe(node: ast.expr) -> str:
    names = {
        ast.Lambda: "lambda",
        ast.Attribute: "a dot",
        ast.List: "a list",
        ast.Dict: "a mapping",
        ast.Set: "a set",
        ast.Tuple: "a comma",
        ast.ListComp: "a list comprehension",
        ast.GeneratorExp: "a bare 'for'",
        ast.JoinedStr: "a formatted text",
        ast.NamedExpr: ":=",
        ast.Starred: "*",
        ast.Await: "await",
    }
    return names.get(type(node), "this")


def is_identifier(text: str) -> bool:
    """Whether the text could be a name in an expression (ASCII letters, digits, underscore)."""
    return bool(_IDENTIFIER.match(text))

"""Sentences of a scenario: texts with names and numbers to be filled in."""

from __future__ import annotations

import re
from functools import partial

from sim.compile import program as pr
from sim.compile.lower import Lowering
from sim.compile.scope import LoweringError, Scope
from sim.scenario.expressions import ExpressionError, parse_expression
from sim.scenario.load import PathOf
from sim.text import quoted

_HOLES = "{self}, {target} or {an expression:,.0f}; '{{' for a brace in the text"
_BRACE = re.compile(r"\{\{?|\}\}?")
_FORMAT = re.compile(r"(,?(\.[0-9]{1,2})?[f%]|,?d?|\.[0-9]g)\Z")


class SayingCompiler:
    """Reads the templates of sentences."""

    def __init__(self, lowering: Lowering) -> None:
        self._lowering = lowering
        self._problems = lowering.builder.problems

    def saying(self, template: str, scope: Scope) -> pr.Saying:
        """The sentence in pieces; what is wrong with one is noted."""
        pieces: list[str | tuple[int, str]] = []
        found = self._problems.tried(partial(holes, template, scope.path), None)
        for text, hole, offset in found or ():
            if text:
                pieces.append(text)
            if hole is not None:
                pieces.append(self._problems.tried(partial(self._filled, hole, offset, scope), ""))
        return pr.Saying(tuple(pieces))

    def _filled(self, hole: str, offset: int, scope: Scope) -> str | tuple[int, str]:
        source, spec = split_format(hole)
        name = source.strip()
        if not name:
            raise LoweringError(scope.path, offset, "nothing stands in these braces", _HOLES)
        if not _FORMAT.match(spec):
            raise LoweringError(
                scope.path,
                offset + len(source) + 1,
                f"a number cannot be written as {quoted(spec)}",
                "a format such as ,.0f or .2f or .0%",
            )
        if name == "count":
            return -1, spec
        if name in scope.bound or name in ("self", "target") or name in self._lowering.symbols.actors:
            actor = self._lowering.names.actor(name, offset, scope)
            return self._lowering.scenario.model.actors[actor].name
        try:
            expression = parse_expression(source, offset)
        except ExpressionError as error:
            raise LoweringError(scope.path, error.offset, error.message, error.expected) from None
        return self._lowering.number(expression, scope), spec


def holes(template: str, path: PathOf) -> list[tuple[str, str | None, int]]:
    """(text before, what stands in braces, its offset); braces doubled stand for themselves."""
    found: list[tuple[str, str | None, int]] = []
    text, position = "", 0
    while brace := _BRACE.search(template, position):
        text, position = text + template[position : brace.start()], brace.start()
        if len(brace[0]) > 1:
            text, position = text + brace[0][0], position + 2
        elif brace[0] == "{":
            end = template.find("}", position)
            if end < 0:
                raise LoweringError(path, position, "this brace is never closed", _HOLES)
            found.append((text, template[position + 1 : end], position + 1))
            text, position = "", end + 1
        else:
            raise LoweringError(path, position, "this brace closes nothing", "'}}' for a brace in the text")
    found.append((text + template[position:], None, 0))
    return found


def split_format(hole: str) -> tuple[str, str]:
    """An expression and its format: the colon outside brackets parts them."""
    depth = 0
    for position, character in enumerate(hole):
        depth += (character in "([") - (character in ")]")
        if character == ":" and depth == 0:
            return hole[:position], hole[position + 1 :]
    return hole, ""

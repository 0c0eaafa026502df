"""YAML files into nodes with places, by the rules of YAML 1.2, within bounds of size and time.

PyYAML's C parser gives events; the tree is built here, without recursion, so that depth, size and the
growth of aliases are checked while the file is read and no input can exhaust the stack or the memory.
What is strict beyond YAML: keys are text and stand once, no merge keys, no tags but those of the core
schema, one document a file.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import yaml

from sim.text.collector import collector_at_rest
from sim.text.composer import MAX_DEPTH, MAX_NODES, Composer
from sim.text.diagnostics import FoedusError, Place
from sim.text.files import MAX_BYTES, place_in, read_text
from sim.text.nodes import Entry, Mapping, Node, NodePlace, Scalar, Sequence, Style, locate, places, to_plain
from sim.text.wording import in_plain_words

__all__ = [
    "MAX_BYTES",
    "MAX_DEPTH",
    "MAX_NODES",
    "Entry",
    "Mapping",
    "Node",
    "NodePlace",
    "Scalar",
    "Sequence",
    "Style",
    "locate",
    "parse_document",
    "places",
    "read_document",
    "to_plain",
]

# A carriage return alone ends a line for some readers and not for others; the separators beyond it are
# line ends in YAML 1.1 only.
_FORBIDDEN = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]|\r(?!\n)"
)
_DIRECTIVE = re.compile(r"%(?<![^\n]%)[^\r\n]*")


def read_document(path: Path, display: str | None = None) -> Node:
    """Return the tree of the YAML file at `path`; `display` names the file in places.

    Raises FoedusError with everything wrong that could be found, each with its place.
    """
    file = str(path) if display is None else display
    return parse_document(read_text(path, file), file)


def parse_document(text: str, file: str) -> Node:
    """Return the tree of the YAML document `text`; `file` is the name its places carry.

    Raises FoedusError, and nothing else, whatever the text. A short text that was read of late, such as the
    parts of a scenario of which an editor changes one, is known: trees never change.
    """
    return _known(text, file) if len(text) <= _SHORT else _parsed(text, file)


_SHORT: Final = 20_000


@lru_cache(maxsize=128)
def _known(text: str, file: str) -> Node:
    return _parsed(text, file)


def _parsed(text: str, file: str) -> Node:
    text = text.removeprefix("\ufeff")
    _check_text(text, file)
    composer = Composer(text, file)
    parser = yaml.CSafeLoader(text)
    try:
        _check_directives(text, file)
        with collector_at_rest():
            root = _compose(parser, composer, text, file)
    except yaml.MarkedYAMLError as error:
        composer.found.add(in_plain_words(error, text, file))
        raise FoedusError(composer.found) from None
    finally:
        parser.dispose()
    composer.found.raise_if_errors()
    return root


def _check_directives(text: str, file: str) -> None:
    """Refuse directives before the document, but for one `%YAML 1.2`.

    Told from the first tokens, because the parser's own check of repeated directives is quadratic.
    """
    scanner = yaml.CSafeLoader(text)
    try:
        scanner.get_token()
        allowed = True
        while isinstance(token := scanner.get_token(), yaml.DirectiveToken):
            if not allowed or (token.name, token.value) != ("YAML", (1, 2)):
                mark: Any = token.start_mark
                raise FoedusError.at(
                    Place(file, mark.line + 1, mark.column + 1),
                    "a line that begins with '%' is read as a directive",
                    "'%YAML 1.2' once, or none",
                    code="directive",
                )
            allowed = False
    finally:
        scanner.dispose()


def _compose(parser: yaml.CSafeLoader, composer: Composer, text: str, file: str) -> Node:
    """Feed the one document of the stream to `composer` and return its root."""
    parser.get_event()
    if isinstance(parser.get_event(), yaml.StreamEndEvent):
        what = "has no content, only comments" if text.strip() else "is empty"
        raise FoedusError.at(Place(file, 1, 1), f"the file {what}", "a YAML document", code="empty")
    end = composer.compose(parser).end_mark.index
    if directive := _DIRECTIVE.search(text, end):
        _refuse_second(composer, place_in(text, directive.start(), file))
    elif isinstance(event := parser.get_event(), yaml.DocumentStartEvent):
        _refuse_second(composer, composer.place(event.start_mark))
    root = composer.root
    if isinstance(root, Scalar) and root.style == "plain" and not root.text:
        composer.found.error(root.place, "the document is empty", "a value", code="empty")
    return root


def _refuse_second(composer: Composer, place: Place) -> None:
    composer.found.error(place, "a second document begins here", "one document a file", code="documents")


def _check_text(text: str, file: str) -> None:
    """Refuse what no parser needs to see."""
    if len(text) > MAX_BYTES:
        raise FoedusError.at(
            Place(file, 1, 1),
            f"the text is too large: {len(text):,} characters",
            f"at most {MAX_BYTES:,}",
            code="limit",
        )
    if bad := _FORBIDDEN.search(text):
        expected = "plain text, or an escape in double quotes"
        raise FoedusError.at(
            place_in(text, bad.start(), file),
            f"the character U+{ord(bad[0]):04X} is not allowed in YAML",
            r"lines that end in \n or \r\n" if bad[0] == "\r" else expected,
            code="character",
        )

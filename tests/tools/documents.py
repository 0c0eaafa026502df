"""Random YAML documents in every style, with comments in odd places: for formatters to be tried on."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any, Final

import yaml
from hypothesis import strategies as st

from sim.text import FoedusError
from sim.text.format import meaning

_PLAIN: Final = ("a", "b1", "on", "NO", "confidence", "c_d", "x-y")
_ODD: Final = (
    "1e3 010 12:30 0x1f ~ null true .inf +1 1.0 1_000 - -- --- ... ? : | > << = it's % @p `r !z *x &y".split()
    + [
        "",
        "- x",
        "# no",
        "a # b",
        "a: b",
        "k:",
        "[x",
        "{y",
        "x]",
        '"q"',
        "back\\slash",
        "two  blanks",
        " lead",
    ]
    + [
        "trail ",
        "many\nlines",
        "para\n\ngraph\n",
        "\n",
        "\n\n",
        "tab\tx",
        "é",
        "\u2028",
        "\x00",
        "😀",
        "x" * 130,
    ]
    + ["long " * 40, "  more\n    indented\nless", "a\n# b\n", "ends\n\n\n", "x,y", "tension[a, b] += 1"]
)
_WORDS: Final = _PLAIN + tuple(_ODD)


def documents() -> st.SearchStrategy[str]:
    """The text of a document that foedus can read, with up to eight comments."""
    return st.integers(0, 2**32 - 1).map(_document).filter(bool)


def _document(seed: int) -> str:
    random = Random(seed)
    data = _data(random, 0)
    text = yaml.dump(
        data if isinstance(data, dict | list) else [data],
        Dumper=_dumper(random),
        width=random.choice([20, 80, 200]),
        indent=random.choice([2, 4]),
        allow_unicode=random.random() < 0.5,
        sort_keys=False,
        explicit_start=random.random() < 0.1,
    )
    try:
        return _commented(random, text)
    except FoedusError:
        return ""  # twice the same key, or what PyYAML writes and YAML 1.2 does not read


def _data(random: Random, depth: int) -> Any:
    kind = random.random()
    if depth > 4 or kind < 0.4:
        return random.choice(
            [random.choice(_WORDS), random.choice(_WORDS), random.randint(-9, 9), None, True, -0.0]
        )
    if kind < 0.75:
        return {
            random.choice(_PLAIN * 6 + _WORDS) + str(number): _data(random, depth + 1) for number in range(3)
        }
    return [_data(random, depth + 1) for _ in range(random.randint(0, 4))]


def _dumper(random: Random) -> type[yaml.SafeDumper]:
    """Every scalar and collection in a style of its own."""

    class Dumper(yaml.SafeDumper):
        def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - as PyYAML calls it
            return random.random() < 0.9

    def text(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
        style = random.choice([None, None, '"', "'", "|", ">"])
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)

    def mapping(dumper: yaml.SafeDumper, value: dict[str, Any]) -> yaml.Node:
        return dumper.represent_mapping(
            "tag:yaml.org,2002:map", value.items(), flow_style=random.random() < 0.35
        )

    def sequence(dumper: yaml.SafeDumper, value: list[Any]) -> yaml.Node:
        return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=random.random() < 0.35)

    Dumper.add_representer(str, text)
    Dumper.add_representer(dict, mapping)
    Dumper.add_representer(list, sequence)
    return Dumper


def _commented(random: Random, text: str) -> str:
    """The text with comments and blank lines put in wherever they leave its meaning as it is."""
    wanted = meaning(text, "random.yaml")
    for number in range(random.randint(0, 8)):
        lines = text.split("\n")
        place = random.randrange(len(lines))
        comment = f"# {number}{random.choice(['', ': x', '  ', ' #'])}"
        random.choice(_PLACES)(random, lines, place, comment)
        changed = "\n".join(lines)
        try:
            if meaning(changed, "random.yaml") == wanted:
                text = changed
        except FoedusError:
            continue
    return text


def _above(random: Random, lines: list[str], place: int, comment: str) -> None:
    lines.insert(place, " " * random.choice([0, 0, 1, 2, 2, 4, 6]) + comment)


def _blank(_: Random, lines: list[str], place: int, __: str) -> None:
    lines.insert(place, "")


def _beside(_: Random, lines: list[str], place: int, comment: str) -> None:
    lines[place] += f"  {comment}"


def _inside(_: Random, lines: list[str], place: int, comment: str) -> None:
    lines[place] = lines[place].replace("[", f"[ {comment}\n", 1).replace(", ", f", {comment}\n      ", 1)


_PLACES: Final[tuple[Callable[[Random, list[str], int, str], None], ...]] = (_above, _blank, _beside, _inside)

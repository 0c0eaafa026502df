"""A case for tests to break, and to read."""

from __future__ import annotations

from pathlib import Path

CASE = """\
case: 1
title: Strength grows
family: sequence_of_play
situation: Aland arms. Nobody minds.
scenario:
  clock: {start: 2030-01-01, turn: month, turns: 2}
  actors: {A: {name: Aland, policy: arms, attributes: {strength: 0.5}}}
  policies:
    arms:
      rules:
        arm: {every: month, effects: [strength += 0.25]}
orders:
  - {turn: 1, actor: A, decision: arm, option: refrain}
expect:
  - {turn: 1, value: "strength[A]", equals: 0.5}
  - {turn: 2, that: "strength[A] > 0.7"}
reason: An order holds in its turn alone.
"""


def write(folder: Path, text: str = CASE, name: str = "001-strength.yaml") -> Path:
    """A case as a file."""
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def edited(*changes: tuple[str, str]) -> str:
    """The case with some of its text replaced."""
    text = CASE
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text

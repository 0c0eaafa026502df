"""A real terminal: tmux holds it, keys are sent to it, and its screen is read."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from tests.cli.command import ROOT

TMUX: Final = shutil.which("tmux")
needs_tmux = pytest.mark.skipif(TMUX is None, reason="there is no tmux on this machine")
PATIENCE: Final = 60.0


class Terminal:
    """A tmux of its own, with one window in which one command runs.

    Args:
        socket: where its server listens.
    """

    def __init__(self, socket: Path) -> None:
        self._socket = socket

    def tmux(self, *words: str) -> str:
        done = subprocess.run(
            [str(TMUX), "-S", str(self._socket), "-f", "/dev/null", *words],
            check=True,
            env={
                name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES", "TMUX")
            },
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        return done.stdout

    def press(self, *keys: str) -> None:
        self.tmux("send-keys", *keys)

    def write(self, text: str) -> None:
        """Write a line, and send it once it stands there."""
        self.tmux("send-keys", "-l", text)
        self.shows(f" {text} ")
        self.press("Enter")

    def paste(self, text: str, file: Path) -> None:
        """Paste as a person does, in brackets if the program asks for them."""
        file.write_text(text, "utf-8")
        self.tmux("load-buffer", str(file))
        self.tmux("paste-buffer", "-p")

    def resize(self, width: int, height: int) -> None:
        self.tmux("resize-window", "-x", str(width), "-y", str(height))

    def screen(self) -> str:
        return self.tmux("capture-pane", "-p")

    def shows(self, *words: str) -> str:
        """The screen, once all of these stand on it."""
        deadline = time.monotonic() + PATIENCE
        while True:
            text = self.screen()
            if all(word in text for word in words):
                return text
            assert time.monotonic() < deadline, f"not all of {words} came up:\n{text}"
            time.sleep(0.02)  # between two looks; what is waited for is the screen


@contextmanager
def terminal(here: Path, *arguments: str, width: int = 120, height: int = 40) -> Iterator[Terminal]:
    """`foedus` with these arguments on a terminal; when it ends, the screen says with which code."""
    made = Terminal(here / "tmux")
    line = f"{shlex.join([sys.executable, '-m', 'sim.cli', *arguments])}; echo ended with $?; exec cat"
    environment = {"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"], "XDG_CONFIG_HOME": str(here)}
    named = [word for name, value in environment.items() for word in ("-e", f"{name}={value}")]
    size = ("-x", str(width), "-y", str(height))
    made.tmux("new-session", "-d", *size, "-c", str(here), *named, "sh", "-c", line)
    try:
        yield made
    finally:
        made.tmux("kill-server")

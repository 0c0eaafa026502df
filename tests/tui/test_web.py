"""`foedus play --web`: a turn in a browser is the same world, and the page asks nobody else."""

from __future__ import annotations

import json
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from sim import Game, load
from tests.cli.command import ROOT, foedus
from tests.story.quarrel import QUARREL

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PATIENCE = 60.0


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "quarrel.yaml").write_text(QUARREL, "utf-8")
    return tmp_path


@contextmanager
def serving(here: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The server in a process of its own, and the address that it says."""
    with subprocess.Popen(
        [sys.executable, "-m", "sim.cli", "play", "quarrel.yaml", "--seed", "11", "--web", "--port", "0"],
        cwd=here,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        try:
            assert server.stdout is not None
            assert select.select([server.stdout], [], [], PATIENCE)[0]
            url, note, _ = (server.stdout.readline().strip() for _ in range(3))
            assert "no login" in note
            yield server, url
        finally:
            if server.poll() is None:
                server.kill()


def asked(url: str, **headers: str) -> tuple[int, str]:
    """Status and text of an answer."""
    try:
        with urlopen(Request(url, headers=headers), timeout=PATIENCE) as answer:  # noqa: S310 - loopback
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, ""


def offspring(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8").split()]


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")
def test_a_turn_played_in_a_browser_is_the_turn_played_in_python(here: Path) -> None:
    sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    played = Game(load("quarrel.yaml"), seed=11)
    played.forward()
    asked_for: list[str] = []
    said: list[str] = []

    def listen(page: Any, connection: Any) -> None:
        asked_for.append(connection.url)
        connection.on("framereceived", lambda frame: said.append(_text(frame)))
        del page

    with serving(here) as (server, url), sync.sync_playwright() as browsers:
        browser = browsers.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.on("request", lambda request: asked_for.append(request.url))
        page.on("websocket", lambda connection: listen(page, connection))
        page.goto(url)
        _until(page, lambda: "turn 0 of 12" in "".join(said))
        page.keyboard.press("Space")
        _until(page, lambda: "turn 1 of 12" in "".join(said))
        children = offspring(server.pid)
        server.send_signal(signal.SIGINT)
        page.wait_for_selector("body.-closed", timeout=PATIENCE * 1000)
        browser.close()
        _, err = server.communicate(timeout=PATIENCE)
    saved = json.loads((here / "runs/games/quarrel-seed-11-run-0.session.json").read_text("utf-8"))
    assert saved["branches"][0]["played"] == 1
    assert saved["branches"][0]["hash"] == played.now.hash
    host = url.removeprefix("http://")
    assert {re.sub(r"^\w+://([^/]*).*", r"\1", found) for found in asked_for} == {host}
    assert any(found.endswith(".ttf") for found in asked_for)
    assert (server.returncode, err) == (0, "")
    assert children
    assert not [child for child in children if Path(f"/proc/{child}").exists()]


def _text(frame: Any) -> str:
    return frame.decode("utf-8", "replace") if isinstance(frame, bytes) else str(frame)


def _until(page: Any, true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        page.wait_for_timeout(20)  # what the browser tells is heard while it is waited for


def test_the_page_names_no_other_host_and_no_other_page_is_answered(here: Path) -> None:
    pytest.importorskip("textual_serve", reason="the extra serve is not installed")
    with serving(here) as (server, url):
        assert url.startswith("http://127.0.0.1:")
        status, page = asked(url)
        assert status == 200
        assert set(re.findall(r"\w+://([^/\"']*)", page)) == {url.removeprefix("http://")}
        assert asked(url, Origin=url)[0] == 200
        assert asked(url, Origin="http://elsewhere.example")[0] == 403
        assert asked(url, Host="elsewhere.example")[0] == 403
        server.send_signal(signal.SIGTERM)
        assert server.wait(PATIENCE) == 0


@pytest.mark.usefixtures("here")
def test_a_port_that_is_taken_is_told() -> None:
    pytest.importorskip("textual_serve", reason="the extra serve is not installed")
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        result = foedus("play", "quarrel.yaml", "--web", "--port", str(port))
    assert result.exit_code == 1
    assert f"port {port} is taken" in result.stderr


@pytest.mark.usefixtures("here")
def test_without_the_extra_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tui.serving", None)
    result = foedus("play", "quarrel.yaml", "--web")
    assert result.exit_code == 2
    assert "pip install 'foedus[serve]'" in result.stderr


def test_what_cannot_be_played_is_told_before_a_page_opens(here: Path) -> None:
    (here / "broken.yaml").write_text(QUARREL.replace("title: A quarrel", "titel: A quarrel"), "utf-8")
    result = foedus("play", "broken.yaml", "--web")
    assert result.exit_code == 1
    assert "broken.yaml:" in result.stderr
    assert "did you mean 'title'" in result.stderr
    assert foedus("play", "quarrel.yaml", "--port", "80").exit_code == 2

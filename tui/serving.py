"""The terminal in a browser of this machine: a page, and a process of the game for everyone who opens it."""

from __future__ import annotations

import os
import shlex
import socket
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Final

from aiohttp import web
from textual_serve.app_service import AppService
from textual_serve.server import Server

HOST: Final = "127.0.0.1"
_PAGE: Final = Path(__file__).parent / "page"
_PATIENCE: Final = 5.0
"""Seconds that open pages are given to close."""


class GameServer(Server):
    """Serves one command on the loopback interface; the page asks nobody else for anything.

    Args:
        command: what plays a game; it is run once for every page that is opened.
        listening: the socket, bound to loopback.
    """

    def __init__(self, command: Sequence[str], listening: socket.socket) -> None:
        self._listening = listening
        port = listening.getsockname()[1]
        # Without `exec` a shell would stand between, and be ended in place of the game.
        super().__init__(f"exec {shlex.join(command)}", HOST, port, title="foedus", templates_path=_PAGE)
        self._open: dict[AppService, web.WebSocketResponse] = {}

    def serve(self, debug: bool = False) -> None:
        """Serve until Ctrl-C or SIGTERM; every game is ended, and saved, before this returns."""
        self.debug = debug
        web.run_app(self._app(), sock=self._listening, print=None, shutdown_timeout=_PATIENCE)

    async def _app(self) -> web.Application:
        app = await self._make_app()
        app.middlewares.append(self._own_pages_only)
        return app

    async def on_startup(self, app: web.Application) -> None:
        """Say nothing: the command has."""

    async def on_shutdown(self, app: web.Application) -> None:  # noqa: ARG002 - as the library calls it
        """End every game."""
        for service, page in list(self._open.items()):
            await page.close()
            await service.stop()

    async def _process_messages(self, websocket: web.WebSocketResponse, app_service: AppService) -> None:
        self._open[app_service] = websocket
        try:
            await super()._process_messages(websocket, app_service)
        finally:
            del self._open[app_service]

    @web.middleware
    async def _own_pages_only(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Refuse what a page of another site asks for: browsers let it connect, and there is no login."""
        own = {f"{name}:{self.port}" for name in (HOST, "localhost")}
        origin = request.headers.get("Origin", "")
        if request.host not in own or (origin and origin.removeprefix("http://") not in own):
            raise web.HTTPForbidden(text="foedus serves its own page only\n")
        return await handler(request)


def listen(port: int) -> socket.socket:
    """A socket on the loopback interface; port 0 takes any that is free.

    Raises:
        OSError: if the port is taken, or not to be had.
    """
    return socket.create_server((HOST, port))


def served(command: Sequence[str], listening: socket.socket) -> None:
    """Serve a command, as `GameServer`, in all colours that browsers have."""
    os.environ["COLORTERM"] = "truecolor"
    GameServer(command, listening).serve()

"""An open page without a browser: the page's HTML, its websocket, and what the server tells it."""

import asyncio
import json
import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Self
from urllib.parse import urlsplit

from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

TOKEN = re.compile(r'"token":"([^"]+)"')
LARGEST_MESSAGE = 100_000_000
GONE = "gone"
PATIENCE_SECONDS = 300.0


class Visitor:
    """One visitor of a served dashboard, who says what a browser says at first and then filters.

    `texts` holds every text the server sent since the last `look_at`.
    """

    def __init__(self, connection: WebSocketClientConnection) -> None:
        self._connection = connection
        self._location = ""
        self._messages: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()
        self._reading = asyncio.ensure_future(self._read())
        self.texts: list[str] = []

    @classmethod
    async def come(
        cls, address: str, headers: Mapping[str, str] | None = None, origin: str | None = None
    ) -> Self:
        """Open the page at an address, as from a page of `origin`; ends when it is all there."""
        page = await AsyncHTTPClient().fetch(
            address, headers=headers, request_timeout=PATIENCE_SECONDS, follow_redirects=False
        )
        token = TOKEN.search(page.body.decode())
        assert token, "the page names no session"
        parts = urlsplit(address)
        request = HTTPRequest(
            f"ws://{parts.netloc}{parts.path}ws",
            headers={**(headers or {}), "Origin": origin or f"http://{parts.netloc}"},
            connect_timeout=PATIENCE_SECONDS,
            request_timeout=PATIENCE_SECONDS,
        )
        connection = await websocket_connect(
            request,
            subprotocols=["bokeh", token[1]],
            max_message_size=LARGEST_MESSAGE,
        )
        visitor = cls(connection)
        await visitor._receive(lambda kind, _: kind == "ACK")
        await visitor._send("PULL-DOC-REQ", {})
        content = await visitor._receive(lambda kind, _: kind == "PULL-DOC-REPLY")
        visitor._location = next(
            model["id"] for model in _models(content) if model["name"].endswith("Location")
        )
        ready = {"type": "event", "name": "document_ready", "values": {"type": "map"}}
        await visitor._patch(kind="MessageSent", msg_type="bokeh_event", msg_data=ready)
        return visitor

    async def look_at(self, search: str) -> None:
        """Change what the page looks at, by its address ("?segments=SMB")."""
        self.texts.clear()
        model = {"id": self._location}
        await self._patch(kind="ModelChanged", model=model, attr="search", new=search)

    async def see(self, wanted: str) -> str:
        """Wait until the server sends a text with this in it, and return that text."""
        while not (found := [text for text in self.texts if wanted in text]):
            await self._receive(lambda kind, _: kind == "PATCH-DOC")
        return found[0]

    async def listen(self, seconds: float) -> None:
        """Take in what the server sends for a while."""
        try:
            await asyncio.wait_for(self._receive(lambda *_: False), seconds)
        except TimeoutError:
            return

    def leave(self) -> None:
        """Close the page."""
        self._connection.close()

    async def _patch(self, **event: Any) -> None:
        await self._send("PATCH-DOC", {"events": [event]})

    async def _send(self, kind: str, content: Mapping[str, Any]) -> None:
        header = {"msgid": uuid.uuid4().hex, "msgtype": kind}
        for part in (header, {}, content):
            await self._connection.write_message(json.dumps(part))

    async def _receive(self, is_wanted: Callable[[str, Any], bool]) -> Any:
        while True:
            kind, content = await self._messages.get()
            if kind == GONE:
                raise ConnectionError("the server closed the page")
            self.texts += _texts(content)
            if is_wanted(kind, content):
                return content

    async def _read(self) -> None:
        """Take in messages as they come; whoever waits may give up between two of them."""
        try:
            while True:
                header = json.loads(await self._next())
                await self._next()
                content = json.loads(await self._next())
                for _ in range(2 * header.get("num_buffers", 0)):
                    await self._next()
                self._messages.put_nowait((header["msgtype"], content))
        except ConnectionError:
            self._messages.put_nowait((GONE, None))

    async def _next(self) -> Any:
        message = await self._connection.read_message()
        if message is None:
            raise ConnectionError("the server closed the page")
        return message


def _models(content: Any) -> Iterator[dict[str, Any]]:
    """Every model described in a message."""
    if isinstance(content, dict):
        if content.get("type") == "object" and "id" in content:
            yield content
        for part in content.values():
            yield from _models(part)
    elif isinstance(content, list):
        for part in content:
            yield from _models(part)


def _texts(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict | list):
        for part in content.values() if isinstance(content, dict) else content:
            yield from _texts(part)

"""Every message for a browser is sent, also one that was queued while another was being sent."""

import asyncio
from types import SimpleNamespace
from typing import Any

import panel.io.document as panels
import pytest
from bokeh.document import Document

from dashboard.operations import writing


class Socket:
    """A websocket that counts what it was given, and may be busy with a message of Bokeh's."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.write_lock = SimpleNamespace(_block=SimpleNamespace(_value=1))
        self.slow: asyncio.Future[None] | None = None

    def send(self, connection: Any, msg: str) -> list[asyncio.Future[None]]:
        self.sent.append(msg)
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if self.slow is None:
            self.slow = done
        else:
            done.set_result(None)
        return [done]


class Connection:
    def __init__(self, socket: Socket) -> None:
        self._socket = socket
        self.protocol = SimpleNamespace(create=lambda kind, events: events[0])


async def two_messages(socket: Socket) -> None:
    """The second is queued while the first is under way, and finds the socket busy."""
    page, connections = Document(), [Connection(socket)]
    panels.schedule_write_events(page, connections, ["first"])
    await asyncio.sleep(0)
    assert socket.sent == ["first"]
    socket.write_lock._block._value = 0
    panels.schedule_write_events(page, connections, ["second"])
    await asyncio.sleep(0)
    assert socket.slow is not None
    socket.slow.set_result(None)
    for _ in range(3):
        await asyncio.sleep(0)
    socket.write_lock._block._value = 1
    await asyncio.sleep(0.1)


def test_a_message_queued_behind_another_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    socket = Socket()
    monkeypatch.setattr(panels, "_dispatch_msgs", writing._write_some)
    writing.forget_no_message()
    monkeypatch.setitem(panels.extra_socket_handlers, Socket, socket.send)
    asyncio.run(two_messages(socket))
    assert socket.sent == ["first", "second"]


def test_the_mend_is_still_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails once Panel sends it by itself: then `dashboard/operations/writing.py` can go."""
    socket = Socket()
    monkeypatch.setitem(panels.extra_socket_handlers, Socket, socket.send)
    monkeypatch.setattr(panels, "_dispatch_msgs", writing._write_some)
    asyncio.run(two_messages(socket))
    assert socket.sent == ["first"]

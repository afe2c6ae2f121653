"""A service on this machine that answers as a test tells it."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = Callable[[BaseHTTPRequestHandler, dict[str, Any]], None]


def completion(content: str) -> bytes:
    """A chat completion with that text."""
    return json.dumps({"choices": [{"message": {"content": content}}]}).encode()


def sends(body: bytes, status: int = 200, **headers: str) -> Reply:
    """A reply that is always the same."""

    def reply(handler: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return reply


def rewords(change: Callable[[dict[str, Any]], None]) -> Reply:
    """A reply that repeats each insight, changed by `change`."""

    def reply(handler: BaseHTTPRequestHandler, asked: dict[str, Any]) -> None:
        told = json.loads(asked["messages"][1]["content"])
        for insight in told["insights"]:
            change(insight)
        sends(completion(json.dumps(told)))(handler, asked)

    return reply


class Running:
    """The service's address, and what it was asked."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []


@contextmanager
def running(reply: Reply) -> Iterator[Running]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.path == "/v1/chat/completions"
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            service.asked.append(body)
            service.headers.append(dict(self.headers))
            reply(self, body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    service = Running(f"http://127.0.0.1:{server.server_port}/v1")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

"""One question to the service and its answer, within the time allowed."""

import http.client
import json
import os
import threading
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from revops.insights.wording.settings import Service

MOST_BYTES = 1_000_000
PIECE = 65_536


class ServiceFailed(Exception):
    """The service's answer cannot be used; the text says why, within a sentence."""


class _Stay(HTTPRedirectHandler):
    """No redirects: another host would get the key."""

    def redirect_request(self, *_: Any) -> None:
        return None


def ask(service: Service, body: dict[str, Any]) -> str:
    """The text that the model answered. Raises ServiceFailed."""
    answer: list[str] = []
    failure: list[str] = []

    def work() -> None:
        try:
            answer.append(_content(_posted(service, body)))
        except ServiceFailed as error:
            failure.append(str(error))

    # a socket's timeout begins anew with every byte: only a clock outside of it is one
    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    worker.join(service.timeout_seconds)
    if answer:
        return answer[0]
    raise ServiceFailed(
        failure[0] if failure else f"it did not answer within {service.timeout_seconds:g} seconds"
    )


def _posted(service: Service, body: dict[str, Any]) -> bytes:
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if service.key_env:
        headers["Authorization"] = f"Bearer {_key(service.key_env)}"
    asked = Request(
        f"{service.url.rstrip('/')}/chat/completions",
        json.dumps(body).encode(),
        headers,
        method="POST",
    )
    handlers = [_Stay(), *([ProxyHandler({})] if service.is_local else [])]
    try:
        with build_opener(*handlers).open(asked, timeout=service.timeout_seconds) as reply:
            return _read(reply)
    except HTTPError as error:
        raise ServiceFailed(f"it answered with HTTP status {error.code}") from None
    except TimeoutError:
        waited = f"{service.timeout_seconds:g}"
        raise ServiceFailed(f"it did not answer within {waited} seconds") from None
    except URLError as error:
        raise ServiceFailed(f"it cannot be reached ({_first_line(error.reason)})") from None
    except (OSError, http.client.HTTPException) as error:
        raise ServiceFailed(f"the connection broke ({type(error).__name__})") from None


def _read(reply: IO[bytes]) -> bytes:
    pieces, size = [], 0
    while piece := reply.read(PIECE):
        size += len(piece)
        if size > MOST_BYTES:
            raise ServiceFailed("its answer is too long")
        pieces.append(piece)
    return b"".join(pieces)


def _key(variable: str) -> str:
    key = os.environ.get(variable, "").strip()
    if not key:
        raise ServiceFailed(f"the environment variable {variable} holds no key")
    if not (key.isascii() and key.isprintable()):
        raise ServiceFailed(f"the environment variable {variable} holds no key that can be sent")
    return key


def _content(answered: bytes) -> str:
    try:
        content = json.loads(answered)["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError, RecursionError):
        raise ServiceFailed("its answer is no chat completion") from None
    if not isinstance(content, str):
        raise ServiceFailed("its answer holds no text")
    return content


def _first_line(reason: Any) -> str:
    return (str(reason).splitlines() or ["no reason given"])[0]

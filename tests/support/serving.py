"""A dashboard served by the very commands that are shipped, and what it takes to reach it."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError

import yaml

from tests.support.pipeline import PROJECT

SHIPPED = PROJECT / "dashboard" / "deployment"
START_SECONDS = 90


@dataclass(frozen=True)
class Answer:
    """What came back for one request, redirects not followed."""

    status: int
    headers: Mapping[str, str]
    text: str


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def fetch(
    address: str, headers: Mapping[str, str] | None = None, form: bytes | None = None
) -> Answer:
    """Ask once; an error's status is an answer too."""
    request = urllib.request.Request(address, data=form, headers=dict(headers or {}))
    try:
        with urllib.request.build_opener(_Stay).open(request, timeout=30) as answer:
            return Answer(answer.status, answer.headers, answer.read().decode("utf-8", "replace"))
    except HTTPError as answer:
        return Answer(answer.code, answer.headers, answer.read().decode("utf-8", "replace"))


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port: int = probe.getsockname()[1]
    return port


def dockerfile_list(instruction: str) -> list[str]:
    """The words of ENTRYPOINT, CMD or the check of HEALTHCHECK, as the Dockerfile has them."""
    text = (SHIPPED / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    start = rf"^{instruction}\b[^\[]*(\[.*\])$"
    words: list[str] = json.loads(re.findall(start, text, re.M)[-1])
    return words


def shipped_command(files: Mapping[str, Path]) -> list[str]:
    """What `docker compose up` runs, with the mounted files at their places on this machine."""
    compose = yaml.safe_load((SHIPPED / "compose.yaml").read_text(encoding="utf-8"))
    words = [*dockerfile_list("ENTRYPOINT"), *compose["services"]["dashboard"]["command"]]
    words = [re.sub(r"\$\{\w+:-(.*?)\}", r"\1", word) for word in words]
    words[0] = sys.executable
    return [str(files.get(word, word)) for word in words]


@contextmanager
def running(
    command: Sequence[str], ready: str, log: Path, environment: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A process that answers at `ready`; its words go to `log`, and it ends as containers do."""
    with log.open("wb") as words:
        process = subprocess.Popen(
            command,
            cwd=PROJECT,
            stdout=words,
            stderr=words,
            env={**os.environ, **(environment or {})},
        )
    try:
        for _ in range(4 * START_SECONDS):
            assert process.poll() is None, log.read_text(encoding="utf-8")
            try:
                fetch(ready)
                break
            except OSError:
                time.sleep(0.25)
        else:
            raise AssertionError(log.read_text(encoding="utf-8"))
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise

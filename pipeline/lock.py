"""One build at a time per warehouse: an exclusive lock that says who holds it."""

import contextlib
import fcntl
import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from pipeline.errors import EnvironmentProblem

LOCK_FILE = ".lock"
SECONDS_BETWEEN_TRIES = 0.1


@contextlib.contextmanager
def exclusive(folder: Path, timeout: float, say: Callable[[str], None]) -> Iterator[None]:
    """Hold the lock of the warehouse in `folder`.

    Waits up to `timeout` seconds for another holder, and says so. The kernel drops
    the lock when the process ends, however it ends, so a lock never needs clearing.
    Raises EnvironmentProblem naming the holder when the time is up.
    """
    descriptor = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _acquire(descriptor, folder, timeout, say)
        _sign(descriptor)
        yield
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def holder(folder: Path) -> str | None:
    """Who builds in `folder` at this moment, in words; None when nobody does."""
    try:
        descriptor = os.open(folder / LOCK_FILE, os.O_RDONLY)
    except OSError:
        return None
    try:
        return None if _tried(descriptor) else _holder(descriptor)
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, folder: Path, timeout: float, say: Callable[[str], None]) -> None:
    deadline = time.monotonic() + timeout
    is_told = False
    while not _tried(descriptor):
        other = _holder(descriptor)
        if time.monotonic() >= deadline:
            raise EnvironmentProblem(
                f"The warehouse is locked by {other}",
                str(folder / LOCK_FILE),
                "Wait until it ends, or give a longer --lock-timeout. It goes with its process.",
            )
        if not is_told:
            say(f"Waiting up to {timeout:g} s for {other}")
            is_told = True
        time.sleep(min(SECONDS_BETWEEN_TRIES, max(deadline - time.monotonic(), 0)))


def _tried(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _sign(descriptor: int) -> None:
    """Leave word for those who wait: which process, on which machine, since when."""
    signed = {
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "since": datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC"),
    }
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, json.dumps(signed).encode(), 0)


def _holder(descriptor: int) -> str:
    try:
        signed = json.loads(os.pread(descriptor, 4096, 0))
        return f"process {signed['pid']} on {signed['host']}, since {signed['since']}"
    except (ValueError, KeyError, TypeError):
        # it has the lock but has not signed yet
        return "another process"

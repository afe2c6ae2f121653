"""Tells trouble with disk and permissions in words that say what to do."""

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import EnvironmentProblem

KEPT = "The warehouse served before is untouched."
FULL = "Free some disk space and build again."
CLOSED = "Give this user the right to write there, or give another folder with --warehouse."
REMEDIES = {
    errno.ENOSPC: ("The disk is full", FULL),
    errno.EDQUOT: ("The disk quota is used up", FULL),
    errno.EFBIG: ("The file grew beyond the size that this process may write", FULL),
    errno.EROFS: ("The folder is on a read-only file system", CLOSED),
    errno.EACCES: ("Permission was denied", CLOSED),
    errno.EPERM: ("Permission was denied", CLOSED),
    errno.ENOTDIR: ("A file stands where a folder should be", CLOSED),
    errno.EEXIST: ("A file stands where a folder should be", CLOSED),
    errno.ENOLCK: ("The file system grants no locks", "Put the warehouse on a local disk."),
}


@contextlib.contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Raise EnvironmentProblem for what the disk under `folder` refuses; let the rest pass."""
    try:
        yield
    except OSError as error:
        problem = _problem(error.errno, Path(error.filename or folder))
        if problem is None:
            raise
        raise problem from error
    except Exception as error:
        if not is_of_the_machine(error):
            raise
        problem = _problem(_number(str(error)), folder) or EnvironmentProblem(
            "The build ran out of memory, or of space to spill to",
            str(folder),
            f"Close other programs or free disk space and build again. {KEPT}",
        )
        raise problem from error


def is_of_the_machine(error: Exception) -> bool:
    """Whether DuckDB failed for want of disk, permission or memory, not for what it was told.

    It tells a full disk as an IO error or, at the end, as a failed commit.
    """
    # looked up by name, so that a build that has nothing to do need not load DuckDB
    if type(error).__name__ == "OutOfMemoryException":
        return True
    return type(error).__module__ == "_duckdb" and _number(str(error)) is not None


def _problem(number: int | None, place: Path) -> EnvironmentProblem | None:
    if number not in REMEDIES:
        return None
    what, remedy = REMEDIES[number]
    return EnvironmentProblem(what, str(place), f"{remedy} {KEPT}")


def _number(message: str) -> int | None:
    """DuckDB quotes the system's words; the number is found by them."""
    return next((number for number in REMEDIES if os.strerror(number) in message), None)

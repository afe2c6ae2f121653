"""The lines of a file, counted as an editor counts them, in blocks of bounded size.

A line ends at LF, CRLF or a lone CR. The ending of the header line is the
file's: in a file of LF or CRLF lines a lone CR is a stray, in a file of CR lines
a lone LF is, and no stray silently starts or joins a row.
"""

import os
import re
from pathlib import Path
from typing import BinaryIO

from pipeline.errors import InputError

BLANK = b" \t"
MAXIMUM_ROW_BYTES = 1 << 26
_SMALLEST_READ = 1 << 16
_ANY_ENDING = re.compile(rb"\r\n|\r|\n")


def count_lines(data: bytes) -> int:
    """Lines of a piece that starts and ends with whole lines; the last may lack its ending."""
    carriage_returns = data.count(b"\r")
    endings = data.count(b"\n") + carriage_returns
    if carriage_returns:
        endings -= data.count(b"\r\n")
    return endings + (not data.endswith((b"\n", b"\r")) and len(data) > 0)


def editor_lines(data: bytes) -> list[bytes]:
    """The lines of a piece without their endings, at least one."""
    lines = _ANY_ENDING.split(data)
    return lines[:-1] if len(lines) > 1 and not lines[-1] else lines


def line_ending(head: bytes) -> bytes:
    """The file's line ending, by its first: CR for old Macintosh files, else LF."""
    first = _ANY_ENDING.search(head)
    return b"\r" if first and first.group() == b"\r" else b"\n"


class Window:
    """The part of a file in memory: `data` from `position` on is not yet taken.

    `line` is the number of the line that starts there, `offset` its place in the
    file; `is_at_end` says that nothing of the file follows `data`.
    """

    def __init__(self, file: BinaryIO, path: Path, offset: int = 0, line: int = 1) -> None:
        self._file = file
        self._path = path
        self._before = os.fstat(file.fileno())
        file.seek(offset)
        self.data = b""
        self.position = 0
        self.offset = offset
        self.line = line
        self.is_at_end = False

    @property
    def unread(self) -> int:
        """Bytes in memory that are not yet taken."""
        return len(self.data) - self.position

    def need(self, size: int) -> None:
        """Have at least `size` unread bytes in memory, or all there are.

        InputError when the file was written to since it was opened.
        """
        missing = size - self.unread
        if missing <= 0 or self.is_at_end:
            return
        wanted = max(missing, _SMALLEST_READ)
        read = self._file.read(wanted)
        rest_of_line = self._file.readline(_SMALLEST_READ)
        self.data = b"".join((self.data[self.position :], read, rest_of_line))
        self.position = 0
        self.is_at_end = len(read) < wanted
        if self.is_at_end:
            self._refuse_changed()

    def is_exhausted(self) -> bool:
        """Whether everything was taken."""
        self.need(1)
        return self.unread == 0

    def text_before(self, end: int) -> bytes:
        """What is unread before `end`."""
        if self.position == 0 and end == len(self.data):
            return self.data
        return self.data[self.position : end]

    def take(self, end: int, lines: int) -> None:
        """The `lines` lines before `end` are done with."""
        self.line += lines
        self.offset += end - self.position
        self.position = end

    def last_line_end(self, size: int, ending: bytes) -> int:
        """Where the last whole line among the next `size` bytes ends; `position` if none does."""
        limit = self.position + size
        if self.is_at_end and limit >= len(self.data):
            return len(self.data)
        if ending == b"\n":
            return max(self.data.rfind(b"\n", self.position, limit) + 1, self.position)
        found = self.data.rfind(b"\r", self.position, min(limit, len(self.data) - 1))
        if found < 0:
            return self.position
        return found + 1 + self.data.startswith(b"\n", found + 1)

    def _refuse_changed(self) -> None:
        after = os.fstat(self._file.fileno())
        unchanged = (
            self._before.st_size == after.st_size == self.offset + self.unread
            and self._before.st_mtime_ns == after.st_mtime_ns
        )
        if not unchanged:
            raise InputError(
                f"{self._path.name} changed while it was read.",
                str(self._path),
                "wait until the export is complete and build again",
            )

"""One CSV file as batches of text: every line a row, a problem, or a counted blank.

Clean stretches are read at the speed of a compiled parser; whatever is not proven
plain is read row by row, and both say the same (a property test holds them
together). Nothing is typed here: a cell is the text between its separators.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import numpy as np
import polars as pl

from pipeline.config import FileConfig
from pipeline.contracts.columns import ColumnSpec
from pipeline.errors import InputError
from pipeline.ingest.encoding import refuse_other_formats
from pipeline.ingest.exact import read_exactly
from pipeline.ingest.fast import count_bytes, read_plain
from pipeline.ingest.head import read_header
from pipeline.ingest.header import Header
from pipeline.ingest.lines import Window, count_lines
from pipeline.ingest.pieces import LINE, Piece, TextBatch
from pipeline.ingest.problems import RowProblem

__all__ = ["CsvSource", "Header", "RowProblem", "TextBatch"]

_HEAD_BYTES = 1 << 16
_LARGEST_BLOCK = 1 << 25
_SMALLEST_PLAIN = 1 << 15


class CsvSource:
    """A CSV file whose header fits a dataset's contract.

    `header` says which columns it has; `lacks_final_line_end` that its last line has
    no line end, so that a value cut short there could not be told from a whole one.
    InputError when the file cannot be opened, is empty, is no UTF-8 CSV, or when
    its header lacks a column.
    """

    def __init__(
        self, path: Path, dataset: str, columns: tuple[ColumnSpec, ...], mapping: FileConfig
    ) -> None:
        self.path = path
        self.dataset = dataset
        with _opened(path) as file:
            self._read_head(file, columns, mapping)
            file.seek(-1, os.SEEK_END)
            self.lacks_final_line_end = file.read(1) not in b"\r\n"

    def _read_head(
        self, file: BinaryIO, columns: tuple[ColumnSpec, ...], mapping: FileConfig
    ) -> None:
        window = Window(file, self.path)
        window.need(_HEAD_BYTES)
        refuse_other_formats(self.path, window.data)
        self._line_bytes = len(window.data) // max(1, count_lines(window.data)) + 1
        self.header, self._ending = read_header(window, self.path, columns, mapping)
        self._offset, self._line = window.offset, window.line

    def batches(self, rows: int = 250_000) -> Iterator[TextBatch]:
        """The file's rows in its order, of about `rows` lines at most each time.

        InputError at the first text that is not UTF-8, or when the file changes
        meanwhile. A file of a header alone gives no batch.
        """
        with _opened(self.path) as file:
            window = Window(file, self.path, self._offset, self._line)
            while not window.is_exhausted():
                window.need(min(rows * self._line_bytes, _LARGEST_BLOCK))
                yield TextBatch.of(list(self._pieces(window, self._block_end(window, rows))))

    def _block_end(self, window: Window, rows: int) -> int:
        """Where in the file the next batch ends: after at most `rows` whole lines."""
        end = window.last_line_end(min(window.unread, _LARGEST_BLOCK), self._ending)
        byte = ord(self._ending)
        if count_bytes(window.text_before(end), byte) > rows:
            block = np.frombuffer(window.data, np.uint8, end - window.position, window.position)
            end = window.position + int(np.flatnonzero(block == byte)[rows - 1]) + 1
        return window.offset + max(end - window.position, 1)

    def _pieces(self, window: Window, block_end: int) -> Iterator[Piece]:
        size = block_end - window.offset
        while (left := block_end - window.offset) > 0:
            size = min(size, left)
            piece = self._read_plain(window, size)
            if piece is not None:
                yield piece
                size *= 4
            elif size > _SMALLEST_PLAIN:
                size //= 8
            else:
                yield read_exactly(window, size, self.header, self._ending, self.path)

    def _read_plain(self, window: Window, size: int) -> Piece | None:
        """The whole lines among the next `size` bytes, if they are proven plain."""
        end = window.last_line_end(size, self._ending)
        if end == window.position:
            return None
        names = [str(place) for place in range(self.header.width)]
        plain = read_plain(window.text_before(end), names, self._ending)
        if plain is None:
            return None
        frame, data = plain
        first_line = window.line
        window.take(end, frame.height)
        places = self.header.positions.items()
        frame = frame.select(
            *(pl.col(str(place)).alias(name) for name, place in places),
            pl.int_range(first_line, window.line, dtype=pl.Int64).alias(LINE),
        )
        return Piece(frame=frame, data=data, lines=frame.height)


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """The file to read; InputError when the system does not let us."""
    if path.exists() and not path.is_file():
        raise InputError(f"{path.name} is not a file.", str(path), "put the CSV file itself there")
    try:
        with path.open("rb") as file:
            yield file
    except OSError as error:
        raise InputError(
            f"{path.name} cannot be read: {error.strerror}.",
            str(path),
            "check that the file is there and that you may read it",
        ) from error

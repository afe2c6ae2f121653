"""The exact reading of a stretch: row by row, every line accounted for."""

from pathlib import Path

import polars as pl

from pipeline.errors import InputError
from pipeline.ingest.faults import fault_problems, split_problem
from pipeline.ingest.header import Header
from pipeline.ingest.lines import BLANK, MAXIMUM_ROW_BYTES, Window, count_lines
from pipeline.ingest.pieces import LINE, Piece
from pipeline.ingest.problems import RowProblem
from pipeline.ingest.rows import Row, read_row


def next_row(window: Window, width: int, ending: bytes, path: Path) -> Row:
    """The row at the window's position, reading on in the file as far as it needs.

    InputError when no line end comes within the longest row there may be.
    """
    while True:
        row = read_row(window.data, window.position, width, ending, window.is_at_end)
        if row is not None:
            return row
        if window.unread >= 2 * MAXIMUM_ROW_BYTES:
            raise InputError(
                f"{path.name} has a line of more than {MAXIMUM_ROW_BYTES >> 20} MB.",
                f"{path.name}:{window.line}",
                "this is no table of rows: export the file again as CSV",
            )
        window.need(2 * window.unread + 1)


def read_exactly(window: Window, size: int, header: Header, ending: bytes, path: Path) -> Piece:
    """The rows that start within `size` bytes from the window's position; at least one.

    The last one may reach beyond. InputError when the text is not UTF-8.
    """
    collected = _Collected(header, path)
    first_line = window.line
    end = window.offset + size
    taken: list[bytes] = []
    while not taken or (window.offset < end and not window.is_exhausted()):
        row = next_row(window, header.width, ending, path)
        is_cut = row.end == len(window.data)
        text = window.data[row.start : row.following]
        collected.add(window.data, row, window.line, is_cut)
        window.take(row.following, count_lines(text))
        taken.append(text)
    return collected.piece(b"".join(taken), window.line - first_line)


class _Collected:
    """Rows, problems and blank lines gathered in the order of the file."""

    def __init__(self, header: Header, path: Path) -> None:
        self._header = header
        self._path = path
        self._fields: list[list[bytes]] = []
        self._rows_lines: list[int] = []
        self._bounds: list[tuple[int, int]] = []
        self._problems: list[RowProblem] = []
        self._blank_lines = 0
        self._size = 0

    def add(self, data: bytes, row: Row, line: int, is_cut: bool) -> None:
        start = self._size
        self._size += row.following - row.start
        if row.fault is not None:
            problems = fault_problems(data, row, line, self._header)
            self._blank_lines += count_lines(data[row.start : row.following]) - len(problems)
            self._problems += problems
        elif not data[row.start : row.end].strip(BLANK):
            self._blank_lines += 1
        elif problem := split_problem(self._path, data, row, line, self._header, is_cut):
            self._problems.append(problem)
        else:
            self._fields.append(row.fields)
            self._rows_lines.append(line)
            self._bounds.append((start, start + row.end - row.start))

    def piece(self, data: bytes, lines: int) -> Piece:
        columns = {
            name: pl.Series(name, [fields[place].decode() for fields in self._fields], pl.String)
            for name, place in self._header.positions.items()
        }
        columns[LINE] = pl.Series(LINE, self._rows_lines, pl.Int64)
        return Piece(
            frame=pl.DataFrame(columns),
            data=data,
            lines=lines,
            bounds=tuple(self._bounds),
            problems=tuple(self._problems),
            blank_lines=self._blank_lines,
        )

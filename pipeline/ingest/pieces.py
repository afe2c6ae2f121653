"""A stretch of a file as columns of text, with the way back to the file."""

from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from pipeline.ingest.problems import RowProblem

LINE = "_line"


@dataclass(frozen=True)
class Piece:
    """Rows that stand together in a file, in its order.

    `frame` has one String column per column read, under our names, and `_line`
    (Int64, the line where the row starts); `bounds` are the rows' places in
    `data`, None when each line of `data` is one row. `lines` counts all lines of
    the stretch: those of rows, of problems and `blank_lines`.
    """

    frame: pl.DataFrame
    data: bytes
    lines: int
    bounds: tuple[tuple[int, int], ...] | None = None
    problems: tuple[RowProblem, ...] = ()
    blank_lines: int = 0

    def raw_row(self, index: int) -> str:
        """The row's own text, as it stands in the file, without its line end."""
        start, end = self.bounds[index] if self.bounds is not None else self._line_bounds(index)
        return self.data[start:end].decode("utf-8", "backslashreplace")

    def _line_bounds(self, index: int) -> tuple[int, int]:
        start = self._line_starts[index]
        end = self._line_starts[index + 1] - 1
        if end > start and self.data[end - 1] == 13:
            end -= 1
        return start, end

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        position = self.data.find(b"\n")
        while position >= 0:
            starts.append(position + 1)
            position = self.data.find(b"\n", position + 1)
        if not self.data.endswith(b"\n"):
            starts.append(len(self.data) + 1)
        return starts


@dataclass(frozen=True)
class TextBatch:
    """Rows of one file as text, typed by nobody yet, in the file's order.

    `frame`: all String, the contract's columns that the file has, under our names,
    and `_line` (Int64), the line where the row starts. `problems`: the rows that
    could not be split into columns. An entirely blank line is no row; it is counted
    in `blank_lines`. `lines` counts every line of the stretch, so that rows,
    problems and blank lines account for all of the file.
    """

    frame: pl.DataFrame
    problems: tuple[RowProblem, ...]
    lines: int
    blank_lines: int
    _pieces: tuple[Piece, ...] = field(repr=False)

    @classmethod
    def of(cls, pieces: list[Piece]) -> "TextBatch":
        """The batch made of neighbouring pieces."""
        frames = [piece.frame for piece in pieces]
        return cls(
            frame=frames[0] if len(frames) == 1 else pl.concat(frames, rechunk=False),
            problems=tuple(problem for piece in pieces for problem in piece.problems),
            lines=sum(piece.lines for piece in pieces),
            blank_lines=sum(piece.blank_lines for piece in pieces),
            _pieces=tuple(pieces),
        )

    def raw_rows(self, indices: list[int]) -> list[str]:
        """The exact text of rows of `frame`, by their position from 0, without line ends."""
        return [self._raw_row(index) for index in indices]

    def _raw_row(self, index: int) -> str:
        if index < 0:
            raise IndexError(index)
        for piece in self._pieces:
            if index < piece.frame.height:
                return piece.raw_row(index)
            index -= piece.frame.height
        raise IndexError(index)

"""The exact reading of one row, quotes and all: slow, and sure.

The grammar is RFC 4180 taken at its word. A quote is special only as the first
byte of a field; it closes at the next quote that is not doubled, which must be
followed by a separator or the line's end. Whatever else a row holds is a fault,
and a fault never takes a sound line with it:

- a quote that never closes, or closes amid text, costs its own line: the next
  line is read on its own;
- a quoted value holding whole lines that look like rows can be read in two ways,
  so every line of it is at fault, as is every line joined by a stray line end.
"""

from dataclasses import dataclass
from typing import Literal

from pipeline.ingest.lines import MAXIMUM_ROW_BYTES, editor_lines

Fault = Literal["open_quote", "text_after_quote", "stray_line_end", "rows_inside_quotes"]


@dataclass(frozen=True, slots=True)
class Row:
    """One row, or the lines of one fault: `data[start:end]` without its line end.

    `following` is where the next row starts; `fields` are unquoted bytes, only
    those before it when there is a fault; `fault_at` is where it shows.
    """

    start: int
    end: int
    following: int
    fields: list[bytes]
    fault: Fault | None = None
    fault_at: int = 0


def read_row(data: bytes, start: int, width: int, ending: bytes, is_at_end: bool) -> Row | None:
    """The row at `start`, or None when `data` ends before the row does.

    `width` is the number of columns, `ending` the file's line ending (CRLF goes with
    either), `is_at_end` whether the file ends with `data`.
    """
    end, following = line_bounds(data, start, ending, is_at_end)
    if following < 0:
        return None
    if data.find(b'"', start, end) < 0:
        return _checked(data, Row(start, end, following, data[start:end].split(b",")), ending)
    return _read_quoted(data, start, width, ending, is_at_end)


def line_bounds(data: bytes, start: int, ending: bytes, is_at_end: bool) -> tuple[int, int]:
    """Where the line's text ends and where the next line starts; -1 when not in memory."""
    found = data.find(ending, start)
    if not is_at_end and (found < 0 or (ending == b"\r" and found + 1 == len(data))):
        return -1, -1
    if found < 0:
        has_half_an_ending = len(data) > start and data.endswith(b"\r")
        return len(data) - has_half_an_ending, len(data)
    if ending == b"\n":
        return found - (found > start and data[found - 1] == 13), found + 1
    return found, found + 1 + data.startswith(b"\n", found + 1)


def _read_quoted(data: bytes, start: int, width: int, ending: bytes, is_at_end: bool) -> Row | None:
    fields: list[bytes] = []
    position = start
    has_stray = False
    end, following = line_bounds(data, start, ending, is_at_end)
    while True:
        if data.startswith(b'"', position):
            closing = _closing_quote(data, position + 1)
            if closing < 0 and not is_at_end and len(data) - start < MAXIMUM_ROW_BYTES:
                return None
            if closing < 0:
                return Row(start, end, following, fields, "open_quote", position)
            line_end = end
            if closing >= end:
                line_end, next_line = line_bounds(data, closing + 1, ending, is_at_end)
                if next_line < 0:
                    return None
            if not data.startswith(b",", closing + 1) and closing + 1 != line_end:
                return Row(start, end, following, fields, "text_after_quote", position)
            if closing >= end:
                end, following = line_end, next_line
            fields.append(data[position + 1 : closing].replace(b'""', b'"'))
            position = closing + 1
        else:
            stop = data.find(b',"', position, end)
            stop = end if stop < 0 else stop
            cells = data[position:stop]
            has_stray = has_stray or b"\r" in cells or b"\n" in cells
            fields += cells.split(b",")
            position = stop
        if position == end:
            break
        position += 1
    row = Row(start, end, following, fields)
    return _stray(row) if has_stray else _doubtful(data, row, width)


def _closing_quote(data: bytes, position: int) -> int:
    while True:
        closing = data.find(b'"', position)
        if closing < 0 or not data.startswith(b'"', closing + 1):
            return closing
        position = closing + 2


def _checked(data: bytes, row: Row, ending: bytes) -> Row:
    stray = b"\r" if ending == b"\n" else b"\n"
    return _stray(row) if data.find(stray, row.start, row.end) >= 0 else row


def _stray(row: Row) -> Row:
    return Row(row.start, row.end, row.following, [], "stray_line_end", row.start)


def _doubtful(data: bytes, row: Row, width: int) -> Row:
    lines = editor_lines(data[row.start : row.end])
    if len(lines) == 1:
        return row
    looks_like_rows = [line.count(b",") == width - 1 for line in lines]
    if any(looks_like_rows[1:-1]) or (looks_like_rows[0] and looks_like_rows[-1]):
        return Row(row.start, row.end, row.following, [], "rows_inside_quotes", row.start)
    return row

"""The faults of a row told to the person who can mend the file."""

from pathlib import Path

from pipeline.ingest.encoding import not_utf8
from pipeline.ingest.header import Header
from pipeline.ingest.lines import BLANK, editor_lines
from pipeline.ingest.problems import RowProblem
from pipeline.ingest.rows import Fault, Row

_REASONS: dict[Fault, str] = {
    "open_quote": "a quote opens here and never closes; "
    'close it, or write the quote mark itself as ""',
    "text_after_quote": "text follows the closing quote of a value; "
    'write a quote mark inside a quoted value as ""',
    "stray_line_end": "the line ends in another way than the header's; "
    "export the file with one kind of line end",
    "rows_inside_quotes": "a quoted value holds whole lines that look like rows, "
    "so a quote was probably never closed; close it, or take the lines out of the value",
}
_SHOWN = 80


def fault_problems(data: bytes, row: Row, line: int, header: Header) -> list[RowProblem]:
    """One problem per line that a fault takes along; blank lines are none."""
    assert row.fault is not None
    is_in_one_cell = row.fault in ("open_quote", "text_after_quote")
    column = header.name_at(len(row.fields)) if is_in_one_cell else None
    value = data[row.fault_at : min(row.end, row.fault_at + _SHOWN)]
    return [
        RowProblem(
            line=line + offset,
            column=column,
            value=_text(value) if offset == 0 else "",
            rule=row.fault,
            reason=_REASONS[row.fault],
            raw_row=_text(text),
        )
        for offset, text in enumerate(editor_lines(data[row.start : row.end]))
        if text.strip(BLANK)
    ]


def split_problem(
    path: Path, data: bytes, row: Row, line: int, header: Header, is_cut: bool
) -> RowProblem | None:
    """What keeps a row's fields from being this file's columns, None when nothing does.

    `is_cut` says that the file ends in this row without a line end. InputError when
    the text is not UTF-8.
    """
    raw = data[row.start : row.end]
    count = len(row.fields)
    if not raw.isascii() and (place := _first_not_utf8(row.fields)) is not None:
        if not is_cut or place + 1 < count or not _ends_mid_character(row.fields[place]):
            raise not_utf8(path, line, header.name_at(place), row.fields[place])
        return _problem(
            row,
            data,
            line,
            header.name_at(place),
            row.fields[place],
            "cut_line",
            "the file ends in the middle of a character; export it again",
        )
    if count < header.width:
        rule = "cut_line" if is_cut else "short_row"
        remedy = (
            "the file ends here without a line end and looks cut off: export it again"
            if is_cut
            else "a line end inside a value needs quotes around the value"
        )
        return _problem(
            row,
            data,
            line,
            header.name_at(count),
            b"",
            rule,
            f"{count} of {header.width} fields; {remedy}",
        )
    if count > header.width:
        return _problem(
            row,
            data,
            line,
            None,
            row.fields[header.width],
            "long_row",
            f"{count} fields for {header.width} columns; "
            "a comma inside a value needs quotes around the value",
        )
    if b"\x00" in raw:
        place = next(at for at, field in enumerate(row.fields) if b"\x00" in field)
        return _problem(
            row,
            data,
            line,
            header.name_at(place),
            row.fields[place],
            "nul_byte",
            "the row holds a NUL byte, which no text has; export the file again",
        )
    return None


def _problem(
    row: Row, data: bytes, line: int, column: str | None, value: bytes, rule: str, reason: str
) -> RowProblem:
    return RowProblem(line, column, _text(value), rule, reason, _text(data[row.start : row.end]))


def _first_not_utf8(fields: list[bytes]) -> int | None:
    for place, field in enumerate(fields):
        try:
            field.decode("utf-8")
        except UnicodeDecodeError:
            return place
    return None


def _ends_mid_character(field: bytes) -> bool:
    try:
        field.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data"
    return False


def _text(data: bytes) -> str:
    return data.decode("utf-8", "backslashreplace")

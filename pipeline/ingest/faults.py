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
_CUT_CHARACTER = "the file ends in the middle of a character; export it again"
_CUT_LINE = "the file ends here without a line end and looks cut off: export it again"
_SHORT_ROW = "a line end inside a value needs quotes around the value"
_LONG_ROW = "a comma inside a value needs quotes around the value"
_NUL_BYTE = "the row holds a NUL byte, which no text has; export the file again"
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
    fields, width = row.fields, header.width

    def problem(place: int, value: bytes, rule: str, reason: str) -> RowProblem:
        return RowProblem(line, header.name_at(place), _text(value), rule, reason, _text(raw))

    if not raw.isascii() and (place := _first_not_utf8(fields)) is not None:
        if not (is_cut and place == len(fields) - 1 and _ends_mid_character(fields[place])):
            raise not_utf8(path, line, header.name_at(place), fields[place])
        return problem(place, fields[place], "cut_line", _CUT_CHARACTER)
    if len(fields) < width:
        rule, remedy = ("cut_line", _CUT_LINE) if is_cut else ("short_row", _SHORT_ROW)
        return problem(len(fields), b"", rule, f"{len(fields)} of {width} fields; {remedy}")
    if len(fields) > width:
        reason = f"{len(fields)} fields for {width} columns; {_LONG_ROW}"
        return problem(width, fields[width], "long_row", reason)
    if b"\x00" in raw:
        place = next(at for at, field in enumerate(fields) if b"\x00" in field)
        return problem(place, fields[place], "nul_byte", _NUL_BYTE)
    return None


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

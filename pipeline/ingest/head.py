"""The top of a file, down to the line that names its columns."""

import codecs
from pathlib import Path

from pipeline.config import FileConfig
from pipeline.contracts.columns import ColumnSpec
from pipeline.errors import InputError
from pipeline.ingest.encoding import not_utf8
from pipeline.ingest.exact import next_row
from pipeline.ingest.header import Header, match_header
from pipeline.ingest.lines import Window, count_lines, line_ending


def read_header(
    window: Window, path: Path, columns: tuple[ColumnSpec, ...], mapping: FileConfig
) -> tuple[Header, bytes]:
    """The header and the file's line ending; the window then stands at the first row.

    The header is the first line that is not blank. InputError when there is none,
    when it cannot be read, or when it does not fit the contract.
    """
    if window.data.startswith(codecs.BOM_UTF8):
        window.position = window.offset = len(codecs.BOM_UTF8)
    ending = line_ending(window.data)
    while not window.is_exhausted():
        row = next_row(window, 1, ending, path)
        line = window.line
        text = window.data[row.start : row.following]
        window.take(row.following, count_lines(text))
        if not text.strip():
            continue
        if row.fault is not None or b"\x00" in text:
            raise InputError(
                f"The header line of {path.name} cannot be read: "
                + (row.fault.replace("_", " ") if row.fault else "it holds a NUL byte")
                + ".",
                f"{path.name}:{line}",
                "write the column names in one line, with commas between them",
            )
        try:
            names = [field.decode("utf-8") for field in row.fields]
        except UnicodeDecodeError:
            raise not_utf8(path, line, None, text) from None
        return match_header(path, line, names, columns, mapping), ending
    raise InputError(
        f"{path.name} is empty.",
        str(path),
        "export it again; a file without rows still needs its header line",
    )

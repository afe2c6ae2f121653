"""Is this file UTF-8 text at all? If not: what does it look like, and what next."""

import codecs
from pathlib import Path

from pipeline.errors import InputError
from pipeline.ingest.lines import editor_lines

_SAVE_AS = "save the sheet as 'CSV UTF-8 (comma delimited)' and put that file here"
_UNPACK = "unpack it and put the CSV itself here"
_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"\x1f\x8b", "a gzip archive", f"{_UNPACK} (gunzip)"),
    (b"BZh", "a bzip2 archive", f"{_UNPACK} (bunzip2)"),
    (b"\xfd7zXZ\x00", "an xz archive", f"{_UNPACK} (unxz)"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive", f"{_UNPACK} (unzstd)"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", _UNPACK),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls)", _SAVE_AS),
    (b"PAR1", "a Parquet file", "export it as CSV"),
    (b"SQLite format 3\x00", "an SQLite database", "export the table as CSV"),
    (b"%PDF", "a PDF document", "export the data as CSV"),
    (b"version https://git-lfs", "a Git LFS pointer, not the data", "run 'git lfs pull'"),
)
_BYTE_ORDER_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
_SHOWN = 40


def convert_hint(path: Path, encoding: str) -> str:
    """The remedy for a text file in another encoding."""
    return (
        f"{_SAVE_AS}, or convert it: "
        f"iconv -f {encoding} -t UTF-8 {path.name} > {path.stem}.utf8.csv"
    )


def refuse_other_formats(path: Path, head: bytes) -> None:
    """Raise InputError when the first bytes say the file is no UTF-8 CSV."""
    if head.startswith(b"PK\x03\x04"):
        is_workbook = b"[Content_Types].xml" in head or b"xl/" in head
        looks_like = "an Excel workbook (.xlsx)" if is_workbook else "a zip archive"
        raise _not_csv(path, looks_like, _SAVE_AS if is_workbook else _UNPACK)
    for signature, looks_like, remedy in _SIGNATURES:
        if head.startswith(signature):
            raise _not_csv(path, looks_like, remedy)
    for mark, encoding in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            raise _not_csv(path, f"{encoding} text", convert_hint(path, encoding))
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()[:200].lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml")):
        raise _not_csv(path, "a web page or XML", "export the data as CSV")
    if start.startswith((b"{", b"[{")):
        raise _not_csv(path, "JSON", "export the data as CSV")
    _refuse_binary(path, head)


def _refuse_binary(path: Path, head: bytes) -> None:
    """NUL bytes in the first line: every other byte means UTF-16, else it is no text."""
    first_line = editor_lines(head.lstrip(b"\r\n"))[0]
    nul_bytes = first_line.count(b"\x00")
    if not nul_bytes:
        return
    for offset, encoding in ((1, "UTF-16LE"), (0, "UTF-16BE")):
        among = first_line[offset::2].count(b"\x00")
        if among == nul_bytes and len(first_line) // 2 - 1 <= among < len(first_line):
            raise _not_csv(path, f"{encoding} text", convert_hint(path, encoding))
    raise _not_csv(path, "binary data, with NUL bytes in its first line", "export it as CSV again")


def not_utf8(path: Path, line: int, column: str | None, value: bytes) -> InputError:
    """The refusal of text in another encoding, naming the place and what it may say."""
    try:
        value.decode("utf-8")
        stranger = 0
    except UnicodeDecodeError as error:
        stranger = error.start
    around = value[max(0, stranger - _SHOWN) : stranger + _SHOWN].decode("cp1252", "replace")
    return InputError(
        f"{path.name} is not UTF-8: byte 0x{value[stranger]:02X} in {around!r}. "
        "It looks like Windows-1252 or Latin-1 text.",
        f"{path.name}:{line}" + (f", column {column}" if column else ""),
        convert_hint(path, "WINDOWS-1252"),
    )


def _not_csv(path: Path, looks_like: str, remedy: str) -> InputError:
    return InputError(
        f"{path.name} is not a UTF-8 CSV file: it looks like {looks_like}.", str(path), remedy
    )

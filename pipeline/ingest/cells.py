"""Reading one cell strictly: the exact value, or the reason why not.

The quick way through a column is in `typing`; every cell that it cannot prove plain
comes here. A value is never rounded, guessed or trimmed in silence.
"""

from typing import Any

from pipeline.contracts.columns import Kind
from pipeline.ingest.cell_format import CellFormat, Refused, strange
from pipeline.ingest.dates import read_date
from pipeline.ingest.numbers import read_integer, read_money, read_number

__all__ = ["CellFormat", "Refused", "is_empty", "read_cell"]

_FLAGS = {"true": True, "t": True, "yes": True, "y": True, "1": True,
          "false": False, "f": False, "no": False, "n": False, "0": False}  # fmt: skip


def is_empty(text: str) -> bool:
    """Empty, blank or the word NULL: the value is not known."""
    return text == "NULL" or not text.strip()


def read_cell(kind: Kind, text: str, how: CellFormat) -> Any:
    """The value of a cell, None when not known; Refused when it cannot be read exactly."""
    if is_empty(text):
        return None
    return _READERS[kind](text, how)


def read_text(text: str, how: CellFormat) -> str:
    """The text itself; for a column of members, the member it stands for.

    Case is folded, and spaces for underscores. Other text is left for the contract.
    """
    if not how.members:
        return text
    folded = {_fold(member): member for member in how.members}
    return folded.get(_fold(text), text)


def read_flag(text: str, how: CellFormat) -> bool:
    value = _FLAGS.get(text.lower()) if text.isascii() else None
    if value is None:
        raise Refused(
            "not_a_flag",
            "A flag is true or false, yes or no, 1 or 0." + strange(text),
            "Correct the cell, or map it under [files.<dataset>.values.<column>].",
        )
    return value


def _fold(text: str) -> str:
    return text.lower().replace(" ", "_")


_READERS: dict[Kind, Any] = {
    "text": read_text, "integer": read_integer, "number": read_number,
    "money": read_money, "date": read_date, "flag": read_flag,
}  # fmt: skip

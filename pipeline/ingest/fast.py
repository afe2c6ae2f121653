"""The quick reading of clean stretches: only what is proven plain goes this way.

Proven means: valid UTF-8, no NUL, no blank line, no line end but the file's own,
every quote opening and closing a field within one line, and one separator less
than columns per line. That no short line hides behind a long one follows from
two facts together: the separators add up, and the parser refuses a long line.
"""

import codecs

import numpy as np
import polars as pl

_COMMA, _QUOTE, _LINE_FEED, _CARRIAGE_RETURN = 44, 34, 10, 13
_COUNT_STEP = 1 << 18


def read_plain(data: bytes, names: list[str], ending: bytes) -> tuple[pl.DataFrame, bytes] | None:
    """All lines of `data` as text columns, or None when they are not proven plain.

    `data` holds whole lines; `names` one unique name per column of the file. Also
    returns the data with LF for line ends where the file has CR.
    """
    if ending == b"\r":
        if b"\n" in data or b'"' in data:
            return None
        data = data.replace(b"\r", b"\n")
    lines = data.count(b"\n") + (not data.endswith(b"\n"))
    if not _has_whole_lines(data) or len(names) < 2:
        return None
    has_quotes = b'"' in data
    separators = _separators_outside_quotes(data) if has_quotes else _count(data, _COMMA)
    if separators != (len(names) - 1) * lines:
        return None
    try:
        frame = pl.read_csv(
            data,
            has_header=False,
            schema=dict.fromkeys(names, pl.String),
            quote_char='"' if has_quotes else None,
            empty_string_is_null=False,
            truncate_ragged_lines=False,
        )
    except (pl.exceptions.ComputeError, pl.exceptions.SchemaError):
        return None
    return (frame, data) if frame.height == lines else None


def _has_whole_lines(data: bytes) -> bool:
    """No NUL, no blank line, no stray CR, and nothing the parser would swallow."""
    if b"\x00" in data or data.startswith((b"\n", b"\r", codecs.BOM_UTF8)):
        return False
    if b"\n\n" in data:
        return False
    if b"\r" not in data:
        return True
    return b"\n\r\n" not in data and data.count(b"\r") == data.count(b"\r\n")


def _count(data: bytes, byte: int) -> int:
    values = np.frombuffer(data, dtype=np.uint8)
    return sum(
        int(np.count_nonzero(values[start : start + _COUNT_STEP] == byte))
        for start in range(0, len(values), _COUNT_STEP)
    )


def _separators_outside_quotes(data: bytes) -> int:
    """Commas between fields, or -1 when a quote does not open or close a field cleanly.

    Every other quote opens; a doubled quote closes and opens at once, which leaves
    what stands between its neighbours inside.
    """
    values = np.frombuffer(data, dtype=np.uint8)
    quotes = np.flatnonzero(values == _QUOTE)
    if len(quotes) % 2:
        return -1
    opening, closing = quotes[0::2], quotes[1::2]
    padded = np.concatenate((np.array([_LINE_FEED]), values, np.array([_LINE_FEED])))
    before, after = padded[opening], padded[closing + 2]
    is_doubled = closing[:-1] + 1 == opening[1:]
    opens_field = (before == _COMMA) | (before == _LINE_FEED)
    opens_field[1:] |= is_doubled
    closes_field = (after == _COMMA) | (after == _LINE_FEED) | (after == _CARRIAGE_RETURN)
    closes_field[:-1] |= is_doubled
    line_feeds = np.flatnonzero(values == _LINE_FEED)
    stays_in_line = np.searchsorted(line_feeds, opening) == np.searchsorted(line_feeds, closing)
    if not (opens_field.all() and closes_field.all() and stays_in_line.all()):
        return -1
    commas = np.flatnonzero(values == _COMMA)
    return int(np.count_nonzero(np.searchsorted(quotes, commas) % 2 == 0))

"""Says how far long work has come, where somebody is watching."""

import sys
import time
from typing import TextIO


class Progress:
    """One line on a terminal, rewritten as the work advances.

    Nothing is written when the stream is no terminal, so logs stay clean. A piece
    of work is `start`ed with its total in whatever unit suits it (bytes, rows,
    models), `advance`d by amounts of that unit, and `finish`ed. `advance` may be
    called from a worker thread.
    """

    MINIMUM_SECONDS_BETWEEN_LINES = 0.1

    def __init__(self, stream: TextIO | None = None, *, enabled: bool | None = None) -> None:
        self._stream = sys.stderr if stream is None else stream
        self._enabled = self._stream.isatty() if enabled is None else enabled
        self._label = ""
        self._total: int | None = None
        self._done = 0
        self._drawn_at = 0.0

    def start(self, label: str, total: int | None = None) -> None:
        """Begin `label`; `total` None means that the amount of work is not known."""
        self._label, self._total, self._done = label, total, 0
        self._draw()

    def advance(self, amount: int = 1) -> None:
        """Add `amount` of the unit that `start` gave the total in."""
        self._done += amount
        if time.monotonic() - self._drawn_at >= self.MINIMUM_SECONDS_BETWEEN_LINES:
            self._draw()

    def finish(self) -> None:
        """Clear the line, so that what follows starts on a clean one."""
        if self._enabled and self._label:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
        self._label = ""

    def _draw(self) -> None:
        if not self._enabled:
            return
        self._drawn_at = time.monotonic()
        share = f" {min(self._done / self._total, 1):4.0%}" if self._total else ""
        self._stream.write(f"\r\x1b[K{self._label}{share}")
        self._stream.flush()

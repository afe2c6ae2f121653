"""Where the words of a build go: text for people, or one JSON object per line for programs."""

import json
import sys
import tempfile
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, TextIO

from pipeline.errors import PipelineError

Format = Literal["text", "json"]
ERROR_FILE = "last-error.log"


class Log:
    """Results go to standard output; notes on the way and errors to standard error."""

    def __init__(
        self, form: Format = "text", out: TextIO | None = None, err: TextIO | None = None
    ) -> None:
        self._form = form
        self._out = out or sys.stdout
        self._err = err or sys.stderr

    def tell(self, event: str, text: str, **fields: object) -> None:
        """What the command was asked for."""
        self._write(self._out, event, text, fields)

    def note(self, event: str, text: str, **fields: object) -> None:
        """What happens on the way: waiting, cleaning up, a step that is done."""
        self._write(self._err, event, text, fields)

    def problem(self, error: PipelineError) -> None:
        """What went wrong, where, and what to do next."""
        fields = {"what": error.what, "where": error.where, "next": error.remedy}
        self._write(self._err, "error", f"error: {error}", fields)

    def unexpected(self, error: BaseException, folder: Path) -> None:
        """A fault of this program: one readable line, and the traceback in a file."""
        told = "".join(traceback.format_exception(error))
        kept = _kept(told, folder)
        what = f"{type(error).__name__}: {error}".splitlines()[0]
        text = (
            f"error: a fault of the pipeline itself: {what}\n"
            f"  where: {kept}\n  next:  Report it with that file; nothing was published."
        )
        fields = {"what": what, "where": str(kept), "traceback": told}
        self._write(self._err, "fault", text, fields)

    def _write(self, stream: TextIO, event: str, text: str, fields: Mapping[str, object]) -> None:
        if self._form == "text":
            stream.write(text + "\n")
        else:
            now = datetime.now(UTC).isoformat(timespec="milliseconds")
            line = {"time": now, "event": event, **(fields or {"message": text})}
            stream.write(json.dumps(line, default=str, ensure_ascii=False) + "\n")
        stream.flush()


def _kept(told: str, folder: Path) -> Path:
    """The traceback's file: in the warehouse, or beside the system's other temporary files."""
    for place in (folder, Path(tempfile.gettempdir())):
        path = place / ERROR_FILE
        try:
            path.write_text(told, encoding="utf-8")
        except OSError:
            continue
        return path
    return Path("the traceback could not be written anywhere")

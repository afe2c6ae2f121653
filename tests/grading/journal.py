"""What has been graded already, a line per world: a run that is cut goes on where it stopped."""

import hashlib
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.grading.answer import Answer
from tests.grading.planted import Planted

PROJECT = Path(__file__).parents[2]
# What an answer follows from. The judging is left out: it is done anew each time.
MADE_BY = (
    ("revops", "*.py"),
    ("revops", "*.toml"),
    ("sql", "*.sql"),
    ("tests/grading", "answer.py"),
    ("tests/grading", "planted.py"),
    ("tests/support", "worlds.py"),
)


@cache
def code_digest() -> str:
    """Changes with the rules, their thresholds, the SQL and the worlds."""
    digest = hashlib.sha256()
    for folder, pattern in MADE_BY:
        for path in sorted((PROJECT / folder).rglob(pattern)):
            digest.update(path.relative_to(PROJECT).as_posix().encode() + b"\0")
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


class Journal:
    """The answers of one state of the code, in `folder/grading-<digest>.jsonl`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"grading-{code_digest()}.jsonl"

    def read(self) -> dict[Planted, Answer]:
        """What is known; a last line that was cut is left out and graded again."""
        return {answer.planted: answer for answer in self._lines()}

    def add(self, answer: Answer) -> None:
        """Keep one answer for good."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(answer.to_json(), ensure_ascii=False) + "\n")

    def clear(self) -> None:
        """Forget all answers."""
        self.path.unlink(missing_ok=True)

    def _lines(self) -> Iterator[Answer]:
        if not self.path.exists():
            return
        for line in self.path.read_text(encoding="utf-8").splitlines():
            try:
                yield Answer.from_json(json.loads(line))
            except ValueError:
                continue

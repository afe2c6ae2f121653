"""A book of history on disk: who appended what, and what a rollback has withdrawn."""

import json
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import EnvironmentProblem
from pipeline.history.record import Batch, Record, digest_of

HISTORY = "history"
RECORD = ".json"
PARQUET = ".parquet"
UNFINISHED = ".tmp"
WITHDRAWN = ".withdrawn"
# the names that [policy] book allows; an archived book has a dot in its name
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


@dataclass(frozen=True)
class Book:
    """One folder below `history/`: `<load_id>.json` records what a published build appended,
    `deals/<load_id>.parquet` and `customers/<load_id>.parquet` hold the rows.

    A record is what makes rows count: a Parquet file without one is read by nobody.
    `<load_id>.withdrawn` says that a rollback stepped back from that build.
    """

    folder: Path

    @property
    def name(self) -> str:
        return self.folder.name

    def record_file(self, load_id: str) -> Path:
        return self.folder / f"{load_id}{RECORD}"

    def parquet_file(self, subject: str, load_id: str) -> Path:
        return self.folder / subject / f"{load_id}{PARQUET}"

    def records(self) -> tuple[Record, ...]:
        """What was ever published and appended, in order; EnvironmentProblem when damaged."""
        found = (_read(path) for path in self.folder.glob(f"*{RECORD}"))
        return tuple(sorted(found, key=lambda record: record.known_at))

    def load_ids(self) -> frozenset[str]:
        """The builds that appended something."""
        return frozenset(path.stem for path in self.folder.glob(f"*{RECORD}"))

    def withdrawn(self) -> frozenset[str]:
        return frozenset(path.stem for path in self.folder.glob(f"*{WITHDRAWN}"))

    def in_force(self) -> tuple[Record, ...]:
        """The records that no rollback has withdrawn."""
        withdrawn = self.withdrawn()
        return tuple(record for record in self.records() if record.load_id not in withdrawn)

    def chosen(self, load_ids: Collection[str]) -> tuple[Record, ...]:
        """The records of certain builds, withdrawn or not."""
        return tuple(record for record in self.records() if record.load_id in load_ids)

    def next_known_at(self) -> int:
        """Numbers are never used twice, not even those of withdrawn records."""
        return max((record.known_at for record in self.records()), default=0) + 1

    def withdraw(self, load_id: str) -> None:
        (self.folder / f"{load_id}{WITHDRAWN}").touch()

    def reinstate(self, load_id: str) -> None:
        (self.folder / f"{load_id}{WITHDRAWN}").unlink(missing_ok=True)


def is_book_name(text: str) -> bool:
    return _NAME.fullmatch(text) is not None


def book_of(warehouse: Path, name: str) -> Book:
    return Book(warehouse / HISTORY / name)


def all_books(warehouse: Path) -> tuple[Book, ...]:
    """Every book in use, by name; archived ones are none."""
    folders = sorted(path for path in (warehouse / HISTORY).glob("*") if path.is_dir())
    return tuple(Book(path) for path in folders if is_book_name(path.name))


def batches(records: Iterable[Record]) -> tuple[Batch, ...]:
    """The facts of `records`, each with when it became known."""
    return tuple(
        Batch(fact, record.known_at, record.known_as_of, record.load_id)
        for record in records
        for fact in record.facts
    )


def resting_on(warehouse: Path, name: str, load_ids: Collection[str] | None = None) -> str:
    """The digest of a book's history in force, or of what certain builds appended."""
    book = book_of(warehouse, name)
    return digest_of(book.in_force() if load_ids is None else book.chosen(load_ids))


def damaged(path: Path, why: str) -> EnvironmentProblem:
    """History that cannot be trusted is refused: it must not silently tell another story."""
    book = next(part for part in path.parents if part.parent.name == HISTORY).name
    return EnvironmentProblem(
        f"The history cannot be read: {why}",
        str(path),
        "Put the file back from a backup; or set the book aside and begin anew: "
        f"python -m pipeline history archive {book}",
    )


def _read(path: Path) -> Record:
    try:
        return Record.from_json(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise damaged(path, "it is no record of what a build appended") from error

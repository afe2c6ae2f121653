"""What a person asks of history: which books there are, and to set one aside."""

from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from pipeline.disk import synchronised
from pipeline.errors import UsageError
from pipeline.history.book import HISTORY, Book, all_books, book_of
from pipeline.history.record import EXPORT

ARCHIVED = ".archived-"


@dataclass(frozen=True)
class BookInfo:
    """One book: how many builds appended to it, what days they exported, how large it is."""

    book: str
    builds: int
    builds_withdrawn: int
    exported_days: int
    first_day: date | None
    last_day: date | None
    size_bytes: int
    is_archived: bool = False


def list_books(warehouse: Path) -> tuple[BookInfo, ...]:
    """Every book, by name; archived ones last."""
    archived = sorted((warehouse / HISTORY).glob(f"*{ARCHIVED}*"))
    return (
        *(_info(book) for book in all_books(warehouse)),
        *(_info(Book(path), is_archived=True) for path in archived if path.is_dir()),
    )


def describe_books(warehouse: Path) -> str:
    """The table of `history list`."""
    books = list_books(warehouse)
    if not books:
        return f"no history in {warehouse / HISTORY}: the first build begins it"
    return "\n".join(map(_line, books))


def archive(warehouse: Path, name: str) -> Path:
    """Set a book aside under a name that no build uses; returns its new folder. Needs the lock.

    UsageError for a book that is not there, naming those that are.
    """
    known = [book.name for book in all_books(warehouse)]
    if name not in known:
        raise UsageError(
            f"There is no book {name}",
            str(warehouse / HISTORY),
            "Known books: " + (", ".join(known) or "none"),
        )
    book, number = book_of(warehouse, name), 1
    while (aside := book.folder.with_name(f"{name}{ARCHIVED}{number}")).exists():
        number += 1
    book.folder.rename(aside)
    synchronised(aside.parent)
    return aside


def fields(warehouse: Path) -> dict[str, object]:
    """The same facts for `--log-format json`."""
    return {"books": [asdict(info) for info in list_books(warehouse)]}


def _info(book: Book, *, is_archived: bool = False) -> BookInfo:
    records = book.records()
    exports = {
        fact.as_of for record in book.in_force() for fact in record.facts if fact.origin == EXPORT
    }
    return BookInfo(
        book=book.name,
        builds=len(records),
        builds_withdrawn=len(records) - len(book.in_force()),
        exported_days=len(exports),
        first_day=min(exports, default=None),
        last_day=max(exports, default=None),
        size_bytes=sum(path.stat().st_size for path in book.folder.rglob("*.parquet")),
        is_archived=is_archived,
    )


def _line(info: BookInfo) -> str:
    days = f"{info.exported_days} exported {'day' if info.exported_days == 1 else 'days'}"
    span = f", {info.first_day} to {info.last_day}" if info.first_day else ""
    withdrawn = f" ({info.builds_withdrawn} withdrawn)" if info.builds_withdrawn else ""
    builds = f"{info.builds} {'build' if info.builds == 1 else 'builds'}{withdrawn}"
    state = "  archived" if info.is_archived else ""
    return f"{info.book}  {days}{span}; {builds}; {info.size_bytes / 1e6:.1f} MB{state}"

"""What a build has written but not yet appended: it gets its name once the build is served."""

from pathlib import Path

from pipeline.disk import synchronised
from pipeline.history.book import RECORD, UNFINISHED, Book
from pipeline.history.record import SUBJECTS


def temporary(path: Path) -> Path:
    """The name under which nobody reads."""
    return path.with_name(path.name + UNFINISHED)


def unfinished(book: Book) -> tuple[str, ...]:
    """The builds that left something unfinished in a book."""
    names = (path.name for path in book.folder.rglob(f"*{UNFINISHED}"))
    return tuple(sorted({name.partition(".")[0] for name in names}))


def finish(book: Book, load_id: str) -> None:
    """Give rows and record of a served build their names; the record comes last."""
    record = temporary(book.record_file(load_id))
    for path in book.folder.glob(f"*/{load_id}.*{UNFINISHED}"):
        if record.exists():
            path.rename(path.with_suffix(""))
            synchronised(path.parent)
        else:
            path.unlink()
    if record.exists():
        record.rename(record.with_suffix(""))
        synchronised(book.folder)


def discard(book: Book, load_id: str) -> None:
    """Remove what a build that was never served has left."""
    if not book.record_file(load_id).exists():
        for subject in SUBJECTS:
            book.parquet_file(subject, load_id).unlink(missing_ok=True)
    for path in book.folder.glob(f"*/{load_id}.*{UNFINISHED}"):
        path.unlink()
    book.folder.joinpath(f"{load_id}{RECORD}{UNFINISHED}").unlink(missing_ok=True)

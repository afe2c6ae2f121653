"""Brings the books in step with what is served: after a publication, a kill or a rollback."""

from pathlib import Path

from pipeline.folder import WarehouseFolder
from pipeline.history.book import Book, all_books
from pipeline.history.pending import discard, finish, unfinished


def settle(folder: WarehouseFolder) -> None:
    """Make history say what the served build and the marks of rollbacks say. Needs the lock.

    What the served build appended gets its name; what any other build left unfinished is
    discarded. The facts of withdrawn builds are withdrawn, those that the served build
    rests on are in force.
    """
    served = folder.served()
    for book in all_books(folder.root):
        for load_id in unfinished(book):
            if load_id == served:
                finish(book, load_id)
            else:
                discard(book, load_id)
        _follow_rollbacks(book, folder, served)


def used_by(path: Path) -> frozenset[str]:
    """The builds whose facts a finished warehouse rests on; none if it does not say."""
    import duckdb

    try:
        with duckdb.connect(str(path), read_only=True) as con:
            rows = con.execute("select distinct load_id from meta.history").fetchall()
    except duckdb.Error:
        return frozenset()
    return frozenset(load_id for (load_id,) in rows)


def _follow_rollbacks(book: Book, folder: WarehouseFolder, served: str | None) -> None:
    for load_id in folder.withdrawn() & book.load_ids():
        book.withdraw(load_id)
    if served is not None and book.withdrawn():
        for load_id in used_by(folder.file(served)) & book.withdrawn():
            book.reinstate(load_id)

"""Keeps the deals of two companies, or of the sample and real life, out of one book."""

from collections.abc import Sequence
from datetime import date

import duckdb

from pipeline.errors import InputError
from pipeline.history.book import Book, batches
from pipeline.history.ledger import columns_of
from pipeline.history.record import DEALS, EXPORT, Record
from pipeline.history.stored import verified_file

LEAST_RECURRING_SHARE = 0.5


def refuse_strangers(
    con: duckdb.DuckDBPyConnection, book: Book, records: Sequence[Record], as_of: date
) -> None:
    """InputError when fewer than half of the previous snapshot's deals are in today's file.

    `records` are those in force. Where only later snapshots are known, today's deals must
    recur in the earliest of them.
    """
    exports = [b for b in batches(records) if (b.fact.subject, b.fact.origin) == (DEALS, EXPORT)]
    earlier = [batch for batch in exports if batch.fact.as_of <= as_of]
    if earlier:
        previous = max(earlier, key=lambda batch: (batch.fact.as_of, batch.known_at))
    elif exports:
        previous = min(exports, key=lambda batch: (batch.fact.as_of, -batch.known_at))
    else:
        return
    [record] = [record for record in records if record.load_id == previous.load_id]
    path, _ = verified_file(con, book, record, DEALS, columns_of(con, DEALS))
    [(before, today, both)] = con.execute(
        "with known as ("
        "select deal_id from read_parquet(?) where origin = 'export' and as_of = ?"
        "), today as (select deal_id from raw.pipeline_deals)"
        " select (select count(*) from known), (select count(*) from today),"
        " (select count(*) from known inner join today using (deal_id))",
        [str(path), previous.fact.as_of],
    ).fetchall()
    expected = before if earlier else today
    if both < LEAST_RECURRING_SHARE * expected:
        raise _strangers(book, previous.fact.as_of, both, expected)


def _strangers(book: Book, day: date, both: int, expected: int) -> InputError:
    return InputError(
        f"Only {both:,} of {expected:,} deals recur between today's pipeline_deals.csv and the "
        f"snapshot of {day}: these look like the deals of another company, or of the sample",
        str(book.folder),
        "If they are another company's, give them a book of history of their own: --new-book "
        'NAME, and [policy] book = "NAME" in revops.toml for the builds after. Otherwise '
        "correct deal_id in the file.",
    )

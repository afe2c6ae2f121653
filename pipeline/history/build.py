"""What a build takes from history, and what it adds."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import duckdb

from pipeline.config import Config
from pipeline.history.append import Appendix
from pipeline.history.book import batches, book_of
from pipeline.history.facts import present_facts
from pipeline.history.future import withhold_future
from pipeline.history.guard import refuse_strangers
from pipeline.history.ledger import create_ledgers, describe, fill_from_book, fill_from_inputs
from pipeline.history.record import BACK_FILL, Batch, Fact, Record, digest_of


def fill_ledgers(
    con: duckdb.DuckDBPyConnection,
    config: Config,
    warehouse: Path,
    load_id: str,
    as_of: date,
    strict: bool = False,
) -> Appendix:
    """Make the ledgers of the current database; returns what the build will append.

    InputError when today's deals do not belong to the book; EnvironmentProblem when
    history is damaged.
    """
    withhold_future(con, config, as_of, strict)
    create_ledgers(con)
    book = book_of(warehouse, config.policy.book)
    records = book.in_force()
    known = batches(records)
    refuse_strangers(con, book, records, as_of)
    newest = _newest(known)
    kind = config.files["deal_history"].kind
    facts = present_facts(con, as_of, kind, [batch.fact for batch in newest.values()])
    number = book.next_known_at()
    present = [
        newest[fact.key]
        if fact.key in newest and newest[fact.key].fact == fact
        else Batch(fact, number, as_of, load_id)
        for fact in facts
    ]
    heard = _audible([*known, *present], as_of)
    describe(con, dict.fromkeys([*known, *present]), heard)
    is_loaded = frozenset(present)
    fill_from_book(con, book, records, [batch for batch in heard if batch not in is_loaded])
    fill_from_inputs(con, [batch for batch in heard if batch in is_loaded])
    added = tuple(batch.fact for batch in present if batch.load_id == load_id)
    record = Record(load_id, number, as_of, added, {})
    return Appendix(book, record, digest_of([*records, record] if added else records))


def _newest(known: Iterable[Batch]) -> dict[tuple[str, str, date], Batch]:
    ordered = sorted(known, key=lambda batch: batch.known_at)
    return {batch.fact.key: batch for batch in ordered}


def _audible(known: Iterable[Batch], as_of: date) -> list[Batch]:
    """The facts that some question can reach, the last word of each as-of date only.

    Later days are not yet known on `as_of`, and on the day itself today's export speaks.
    """
    last: dict[tuple[tuple[str, str, date], date], Batch] = {}
    for batch in sorted(known, key=lambda batch: batch.known_at):
        if _is_heard(batch.fact, as_of):
            last[batch.fact.key, batch.known_as_of] = batch
    return sorted(last.values(), key=lambda batch: (batch.fact.key, batch.known_at))


def _is_heard(fact: Fact, as_of: date) -> bool:
    return fact.as_of < as_of or (fact.as_of == as_of and fact.origin != BACK_FILL)

"""The rules on the data itself: stale, withheld, restated, out of balance."""

from collections.abc import Iterator

import duckdb
import pytest

from revops.insights.rules.books import broken_book, restated_past
from revops.insights.rules.data import stale_file, withheld_money
from tests.insights.in_memory import built, said


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A build whose loads and checks the tests write down themselves."""
    made = built({}, "reports.restatements")
    made.execute("delete from meta.loads")
    yield made
    made.close()


def load(con: duckdb.DuckDBPyConnection, dataset: str, last: str | None, withheld: int) -> None:
    con.execute(
        "insert into meta.loads (dataset, file, rows_read, rows_loaded, rows_quarantined,"
        " amount_withheld, is_required, is_present, last_date) values"
        " ($1, $1 || '.csv', 1000, 1000 - $2, $2, 10 * $2, true, true, $3)",
        [dataset, withheld, last],
    )


@pytest.mark.parametrize(
    ("last", "status"),
    # a week is usual, two are twice that
    [
        ("2026-10-31", "good"),
        ("2026-10-24", "good"),
        ("2026-10-23", "watch"),
        ("2026-10-17", "watch"),
        ("2026-10-16", "alert"),
    ],
)
def test_a_file_that_ends_early_is_told(
    con: duckdb.DuckDBPyConnection, last: str, status: str
) -> None:
    assert said(con, stale_file).status == "no data"
    load(con, "marketing_channels", last, 0)
    assert said(con, stale_file).status == status


@pytest.mark.parametrize(
    ("withheld", "status"), [(0, "good"), (1, "watch"), (9, "watch"), (10, "alert")]
)
def test_withheld_rows_are_told_with_their_money(
    con: duckdb.DuckDBPyConnection, withheld: int, status: str
) -> None:
    assert said(con, withheld_money).status == "no data"
    load(con, "pipeline_deals", None, withheld)
    found = said(con, withheld_money)
    assert found.status == status
    if withheld:
        assert found.evidence[1].value == 10 * withheld


def test_a_past_that_changed_is_told(con: duckdb.DuckDBPyConnection) -> None:
    assert said(con, restated_past).status == "good"
    con.execute(
        "insert into meta.restatements (domain, metric, segment, month, value_before, value_now,"
        " build_before, build_now) values"
        " ('revenue', 'mrr', null, date '2026-08-01', 100, 90, 'before', 'test'),"
        " ('revenue', 'mrr', null, date '2026-09-01', 100, 120, 'before', 'test'),"
        " ('revenue', 'mrr', null, date '2026-07-01', 100, 120, 'older', 'before')"
    )
    found = said(con, restated_past)
    assert (found.status, found.evidence[0].value) == ("watch", 2)
    assert said(con, restated_past, minimum_values=3).status == "good"


@pytest.mark.parametrize(
    ("kind", "failed", "status"),
    [("warning", 49, "good"), ("warning", 50, "watch"), ("error", 1, "alert")],
)
def test_a_check_that_does_not_hold_is_told(
    con: duckdb.DuckDBPyConnection, kind: str, failed: int, status: str
) -> None:
    assert said(con, broken_book).status == "no data"
    con.execute(
        "insert into meta.checks (name, class, status, rows_tested, rows_failed) values"
        " ('books_balance', $1, 'failed', 1000, $2), ('keys_are_unique', 'error', 'passed', 1, 0)",
        [kind, failed],
    )
    found = said(con, broken_book)
    assert found.status == status
    assert found.drivers[0].label == "books balance"

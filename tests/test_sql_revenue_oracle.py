"""Random ledgers: the SQL says what the definitions say, to the cent."""

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.oracle_revenue import Books, Filters, movements, waterfall
from tests.oracle_revenue_metrics import metrics
from tests.revenue_ledgers import DAY, DAYS, FIRST_DAY, PLANS, SEGMENTS, build, cents, ledgers
from tests.support.examples import worlds as worlds_tried
from tests.support.worlds import query

worlds = settings(
    max_examples=worlds_tried(6),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


def sql_list(filters: Filters) -> str:
    return "".join(f", {name}s := {members}" for name, members in filters.items())


FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "segment": st.lists(st.sampled_from([*SEGMENTS, "unknown"]), min_size=1, unique=True),
        "plan": st.sampled_from([["Pro"], ["Basic"], PLANS]),
        "region": st.sampled_from([["EU"], ["US", "unknown"]]),
    },
)
BOUNDS = st.none() | st.integers(-30, DAYS + 60).map(lambda n: FIRST_DAY + n * DAY)


@worlds
@given(ledgers(), FILTERS)
def test_books_equal_the_definitions(books: Books, filters: Filters) -> None:
    """Every movement of every customer, and the waterfall with and without a filter."""
    con = build(books)
    columns = ["customer_id", "month", "movement", "segment", "plan", "region", "amount"]
    found = query(
        con,
        f"select {', '.join(columns)} from marts.mrr_movements"
        " where movement not like 'transferred%' order by all",
    )
    moved = movements(books).select(columns).sort(columns[:-1]).to_dicts()
    assert [{k: cents(v) for k, v in row.items()} for row in found] == moved
    for kept in ({}, filters):
        expected = waterfall(books, kept)
        found = query(con, f"select * from reports.mrr_waterfall({sql_list(kept)[2:]})")
        assert [{k: cents(row[k]) for k in expected[0]} for row in found] == expected


@worlds
@given(
    ledgers(), FILTERS, BOUNDS, BOUNDS,
    st.sampled_from(["week", "month", "quarter", "year"]),
    st.sampled_from(["segment", "plan", "region"]),
)  # fmt: skip
def test_metrics_equal_the_definitions(
    books: Books,
    filters: Filters,
    since: date | None,
    until: date | None,
    grain: str,
    dimension: str,
) -> None:
    """A window with a filter; each period as a window, each slice as a filter of its own."""
    con = build(books)
    window = "since := cast($1 as date), until := cast($2 as date)" + sql_list(filters)
    found = query(con, f"select * from metrics.revenue({window})", since, until)
    assert_same(found[0], metrics(books, since, until, filters))

    rows = query(con, f"select * from metrics.revenue(\"by\" := '{grain}')")
    for row in [row for row in rows if not row["is_total"]][-5:]:
        start = date.fromisoformat(row["slice"])
        end = query(con, f"select cast($1 + interval 1 {grain} as date) as day", start)[0]["day"]
        assert_same(row, metrics(books, start, end))

    for row in query(con, f"select * from metrics.revenue(\"by\" := '{dimension}')"):
        kept = {} if row["is_total"] else {dimension: [row["slice"]]}
        assert_same(row, metrics(books, None, None, kept))


def assert_same(found: dict[str, Any], expected: dict[str, Any]) -> None:
    names = (
        "mrr", "arr", "paying_customers", "arpa", "nrr", "grr", "quick_ratio", "logo_churn",
        "gross_mrr_churn", "lifetime_churn_share", "customers_ever", "churned_ever",
    )  # fmt: skip
    for name in names:
        value = cents(found[name])
        value = value * 100 if name == "arpa" and value is not None else value
        wanted = expected.get(name)
        assert value == (wanted if wanted is None else pytest.approx(wanted, rel=1e-12)), name

"""Random ledgers: the SQL says what the definitions say, to the cent."""

import os
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.policy import Policy
from tests.oracle_revenue import Books, Filters, Policies, movements, waterfall
from tests.oracle_revenue_metrics import metrics
from tests.support.worlds import World, query, warehouse

FIRST_DAY = date(2022, 11, 3)
DAYS = 640
DAY = timedelta(days=1)
SEGMENTS, PLANS, REGIONS = ["SMB", "MM", "ENT"], ["Basic", "Pro"], ["EU", "US"]
MODELS = ("marts.mrr_movements", "metrics.revenue", "reports.mrr_waterfall")
PERIODS = {
    "subscription_id": pl.String, "customer_id": pl.String, "start_date": pl.Date,
    "end_date": pl.Date, "mrr": pl.Int64, "plan": pl.String,
}  # fmt: skip
# A dozen worlds in every run; REVENUE_WORLDS=200 before a release.
worlds = settings(
    max_examples=int(os.environ.get("REVENUE_WORLDS", "12")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


@st.composite
def ledgers(draw: st.DrawFn) -> Books:
    """Up to six customers with up to three subscriptions of up to four periods each."""
    day = st.integers(0, DAYS).map(lambda n: FIRST_DAY + n * DAY)
    # month ends and firsts, where things go wrong, are as likely as all other days
    edge = day.map(lambda d: d.replace(day=1)) | day.map(lambda d: d.replace(day=1) - DAY)
    cents = st.sampled_from([0, 1, 4000, 9999, 10000, 10000, 25050])
    periods, customers = [], []
    for number in range(draw(st.integers(1, 6))):
        customer = f"c{number}"
        if draw(st.integers(0, 5)):
            slices = [draw(st.sampled_from(members)) for members in (SEGMENTS, REGIONS)]
            customers.append((customer, *slices, "unknown"))
        for subscription in range(draw(st.integers(1, 3))):
            bounds = sorted(draw(st.sets(day | edge, min_size=2, max_size=5)))
            last = None if draw(st.booleans()) else bounds[-1]
            for start, end in zip(bounds, [*bounds[1:-1], last], strict=False):
                if draw(st.integers(0, 4)):
                    row = (f"s{subscription}{customer}", customer, start, end)
                    periods.append((*row, draw(cents), draw(st.sampled_from(PLANS))))
    if not periods:
        periods.append(("s", "c0", FIRST_DAY, None, 500, "Pro"))
    names = ["customer_id", "segment", "region", "channel"]
    return Books(
        pl.DataFrame(periods, schema=PERIODS, orient="row"),
        pl.DataFrame(customers, schema=dict.fromkeys(names, pl.String), orient="row"),
        draw(st.one_of(day, edge).filter(lambda d: d > FIRST_DAY + 60 * DAY)),
        Policies(*(draw(st.booleans()) for _ in range(3))),
    )


def build(books: Books, models: tuple[str, ...] = MODELS) -> duckdb.DuckDBPyConnection:
    customers = books.customers.select(
        "customer_id", "segment", pl.col("region").alias("geo"),
        account=pl.lit(None, pl.String), plan=pl.lit("Basic"), start_date=pl.lit(FIRST_DAY),
        mrr=pl.lit(0), churned_flag=pl.lit(False), churn_date=pl.lit(None, pl.Date),
    )  # fmt: skip
    policy = Policy(
        trials_are_customers=books.policies.trials_are_customers,
        logos_joined_and_left_count=books.policies.joined_and_left_count,
        nrr_includes_reactivated=books.policies.reactivated_count_as_kept,
    )
    periods = books.periods.with_columns(pl.col("mrr").cast(pl.Decimal(18, 6)) / 100)
    rows = {"subscriptions": periods, "revenue_customers": customers}
    return warehouse(World(rows, as_of=books.as_of, policy=policy), models)


def cents(value: Any) -> Any:
    return int(value * 100) if isinstance(value, Decimal) else value


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

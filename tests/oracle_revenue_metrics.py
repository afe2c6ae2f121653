"""The revenue metrics of a window by their definitions, on top of `oracle_revenue`."""

from datetime import date

import polars as pl

from tests.oracle_revenue import (
    DAY,
    Books,
    Filters,
    customer_months,
    inside,
    month_end,
    months_before,
    movements,
    running,
    states,
)

Figures = dict[str, float | int | None]


def metrics(
    books: Books, since: date | None, until: date | None, filters: Filters | None = None
) -> Figures:
    """Every metric of the window [since, until); undefined and unknown are None."""
    filters = filters or {}
    last = min(until - DAY, books.as_of) if until else books.as_of
    begin = max(since, books.first_month()) if since else books.first_month()
    if last < begin:
        return {}
    return {
        **_stocks(books, last, filters),
        **_lifetime(books, last, filters),
        **_trailing(books, begin, last, filters),
    }


def ratio(part: float | None, whole: float | None) -> float | None:
    return part / whole if part is not None and whole else None


def _stocks(books: Books, day: date, filters: Filters) -> Figures:
    now = states(books, [day]).filter(inside(filters))
    mrr, paying = now["mrr"].sum(), now["is_customer"].sum()
    return {
        "mrr": mrr,
        "arr": 12 * mrr,
        "paying_customers": paying,
        "arpa": ratio(mrr, paying),
    }


def _lifetime(books: Books, day: date, filters: Filters) -> Figures:
    """Customers ever and churned ever at the last day up to `day` on which a month was measured."""
    measured = [month for month, measured_on in books.months() if measured_on <= day]
    if not measured:
        return {"lifetime_churn_share": None, "customers_ever": 0, "churned_ever": 0}
    months = customer_months(books).filter(pl.col("month") <= measured[-1])
    visited = _joined_and_left(books, months)
    counted = pl.lit(books.policies.joined_and_left_count)
    history = months.join(visited, on=["customer_id", "month"], how="left").with_columns(
        left=(pl.col("was_customer") & ~pl.col("is_customer"))
        | (counted & pl.col("visited").fill_null(False)),
        came=pl.col("is_customer") | (counted & pl.col("visited").fill_null(False)),
    )
    per_customer = history.group_by("customer_id").agg(pl.col("came").any(), pl.col("left").any())
    current = months.filter((pl.col("month") == measured[-1]) & inside(filters))
    here = per_customer.join(current, on="customer_id", how="semi")
    ever, churned = here["came"].sum(), here["left"].sum()
    return {
        "customers_ever": ever,
        "churned_ever": churned,
        "lifetime_churn_share": ratio(churned, ever),
    }


def _joined_and_left(books: Books, months: pl.DataFrame) -> pl.DataFrame:
    """Customers absent at both ends of a month who counted as one on some day between."""
    absent = months.filter(~pl.col("was_customer") & ~pl.col("is_customer"))
    pairs = absent.select(
        "customer_id", "month", pl.date_ranges("month", "day").alias("day")
    ).explode("day")
    found = running(books.periods, pairs.select("customer_id", "day").unique())
    counts = pl.col("mrr") > 0
    if books.policies.trials_are_customers:
        counts = pl.lit(True)
    present = found.filter(counts).select("customer_id", "day")
    return (
        pairs.join(present, on=["customer_id", "day"])
        .select("customer_id", "month", pl.lit(True).alias("visited"))
        .unique()
    )


def _trailing(books: Books, begin: date, last: date, filters: Filters) -> Figures:
    """Ratios of the last complete month, and of the 12 months, that end inside the window."""
    complete = [
        month for month, measured_on in books.months()
        if measured_on == month_end(month) and begin <= measured_on <= last
    ]  # fmt: skip
    if not complete:
        return {}
    month = complete[-1]
    at = customer_months(books).filter(pl.col("month") == month)
    flows = movements(books).filter((pl.col("month") == month) & inside(filters))
    sums = {row["movement"]: row["amount"] for row in flows.group_by("movement").agg(
        pl.col("amount").sum()
    ).to_dicts()}  # fmt: skip
    gained = sum(sums.get(name, 0) for name in ("new", "reactivation", "expansion"))
    lost = sums.get("churn", 0) + sums.get("contraction", 0)
    base = at.filter(inside(filters, "opening_"))
    opening, logos = base["p"].sum(), base["was_customer"].sum()
    gone = base.filter(pl.col("was_customer") & ~pl.col("is_customer")).height
    if books.policies.joined_and_left_count:
        gone += _joined_and_left(books, at.filter(inside(filters))).height
    return {
        "quick_ratio": ratio(gained, lost),
        "gross_mrr_churn": ratio(lost, opening),
        "logo_churn": ratio(gone, logos),
        **_retention(books, month, filters),
    }


def _retention(books: Books, month: date, filters: Filters) -> Figures:
    """NRR and GRR of those who paid 12 months before the end of `month`."""
    months = customer_months(books)
    then = months_before(month, 12)
    cohort = months.filter((pl.col("month") == then) & (pl.col("c") > 0) & inside(filters))
    cohort = cohort.select("customer_id", pl.col("c").alias("before"))
    span = months.filter((pl.col("month") > then) & (pl.col("month") <= month))
    stayed = span.group_by("customer_id").agg((pl.col("c") > 0).all().alias("stayed"))
    now = months.filter(pl.col("month") == month).select("customer_id", "c")
    both = cohort.join(now, on="customer_id").join(stayed, on="customer_id")
    if not books.policies.reactivated_count_as_kept:
        both = both.with_columns(pl.when("stayed").then("c").otherwise(0).alias("c"))
    before = both["before"].sum()
    return {
        "nrr": ratio(both["c"].sum(), before),
        "grr": ratio(both.select(pl.min_horizontal("c", "before")).to_series().sum(), before),
    }

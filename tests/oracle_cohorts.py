"""Cohorts, losses and retention over several months by their definitions, in polars."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import polars as pl

from tests.oracle_revenue import Books, customer_months, month_end, months_before

OLDEST = 24
BANDS = [
    (3, "up to 3 months"), (12, "4 to 12 months"), (24, "13 to 24 months"),
    (9999, "over 24 months"),
]  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """One cohort, or all of them (None), so many months on; money in cents."""

    cohort: date | None
    age: int
    customers: int
    retained: int | None
    mrr: int
    retained_mrr: int | None


def cohort_cells(books: Books, segments: list[str] | None = None) -> list[Cell]:
    """Every cell of the cohort table, then the ratio-of-sums row, in the report's order."""
    months = customer_months(books)
    complete = [month for month, day in books.months() if day == month_end(month)]
    first: dict[str, date] = {}
    for row in months.filter(pl.col("c") > 0).sort("month").iter_rows(named=True):
        first.setdefault(row["customer_id"], row["month"])
    at = {(row["customer_id"], row["month"]): row for row in months.iter_rows(named=True)}
    members: dict[date, list[str]] = {}
    for customer, month in sorted(first.items()):
        inside = segments is None or at[customer, month]["segment"] in segments
        if month in complete and inside:
            members.setdefault(month, []).append(customer)
    cells = []
    for cohort in sorted(members):
        for age in range(OLDEST + 1):
            month = months_before(cohort, -age)
            begun = [at[customer, cohort] for customer in members[cohort]]
            now = [at[customer, month] for customer in members[cohort] if month in complete]
            cells.append(
                Cell(
                    cohort, age, len(begun),
                    sum(row["is_customer"] for row in now) if now else None,
                    sum(row["c"] for row in begun),
                    sum(row["c"] for row in now) if now else None,
                )
            )  # fmt: skip
    return cells + list(_over_all(cells))


def _over_all(cells: list[Cell]) -> Iterator[Cell]:
    for age in range(OLDEST + 1):
        known = [cell for cell in cells if cell.age == age and cell.retained is not None]
        if known:
            yield Cell(
                None, age,
                sum(cell.customers for cell in known),
                sum(cell.retained or 0 for cell in known),
                sum(cell.mrr for cell in known),
                sum(cell.retained_mrr or 0 for cell in known),
            )  # fmt: skip


def loss_cells(books: Books) -> dict[tuple[str, str], tuple[int, int, int, int]]:
    """(segment, tenure band) -> customers lost, MRR lost, customer-months, MRR-months.

    Over all complete months, for books in which customers who join and leave within a
    month do not count; only cells with a loss.
    """
    months = customer_months(books)
    became = {
        row["customer_id"]: row["month"]
        for row in months.filter("is_customer").sort("month", descending=True).iter_rows(named=True)
    }
    found: dict[tuple[str, str], tuple[int, int, int, int]] = {}
    for row in months.filter("was_customer").iter_rows(named=True):
        if row["day"] != month_end(row["month"]):
            continue
        since = became[row["customer_id"]]
        age = (row["month"].year - since.year) * 12 + row["month"].month - since.month
        band = next(name for most, name in BANDS if age <= most)
        key = (row["opening_segment"], band)
        churned = row["p"] if row["c"] == 0 else 0
        added = (int(not row["is_customer"]), churned, 1, row["p"])
        found[key] = tuple(a + b for a, b in zip(found.get(key, (0, 0, 0, 0)), added, strict=True))
    return {key: cell for key, cell in found.items() if cell[0] or cell[1]}


def retention(books: Books, span: int) -> tuple[int, int, int] | None:
    """MRR then, MRR now and capped MRR now at the last complete month, of who paid then."""
    complete = [month for month, day in books.months() if day == month_end(month)]
    if not complete:
        return None
    last = complete[-1]
    months = customer_months(books)
    then = months.filter((pl.col("month") == months_before(last, span)) & (pl.col("c") > 0))
    base = kept = capped = 0
    for row in then.iter_rows(named=True):
        own = (
            months.filter(
                (pl.col("customer_id") == row["customer_id"])
                & (pl.col("month") > row["month"])
                & (pl.col("month") <= last)
            )
            .sort("month")["c"]
            .to_list()
        )
        returned = 0 in own and not books.policies.reactivated_count_as_kept
        now = 0 if returned else own[-1]
        base, kept, capped = base + row["c"], kept + now, capped + min(now, row["c"])
    return base, kept, capped

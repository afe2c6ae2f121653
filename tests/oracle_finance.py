"""Unit economics by their definitions, from the accounts' rows and the oracle's customer months."""

from datetime import date, timedelta
from typing import Any

import polars as pl

from tests.oracle_revenue import Books, customer_months, month_end, months_before, movements

Figures = dict[str, float | None]
NAMES = (
    "cac", "ltv", "ltv_to_cac", "cac_payback_months", "gross_margin", "magic_number",
    "burn_multiple", "rule_of_40", "net_new_arr",
)  # fmt: skip


def over(part: float | None, whole: float | None) -> float | None:
    return part / whole if part is not None and whole else None


def economics(
    books: Books, accounts: list[dict[str, Any]], since: date | None, until: date | None
) -> Figures:
    """Every KPI of the accounts over [since, until); accounts and MRR in the same unit."""
    by_month = {row["month"]: row for row in accounts}
    last_day = min(until - timedelta(days=1), books.as_of) if until else books.as_of
    ended = [
        month for month in by_month
        if month_end(month) <= last_day and (since is None or month_end(month) >= since)
    ]  # fmt: skip
    if not ended:
        return dict.fromkeys(NAMES)
    last = max(ended)

    def added(name: str, months: int, ago: int = 0) -> float | None:
        wanted = [months_before(last, age) for age in range(ago, ago + months)]
        if any(month not in by_month for month in wanted):
            return None
        return sum(by_month[month][name] for month in wanted)

    found = {name: added(name, 12) for name in ("revenue", "cost_of_revenue", "net_burn")}
    revenue, cost, burn = found["revenue"], found["cost_of_revenue"], found["net_burn"]
    expense = added("sales_marketing_expense", 3)
    flows = _flows(books, last)
    margin = over(revenue - cost, revenue) if revenue is not None and cost is not None else None
    cac = over(expense, flows["new_customers"])
    asp = over(flows["new_mrr"], flows["new_customers"])
    arpa = over(flows["mrr"], flows["customers"])
    churn = over(flows["lost"], flows["opened"])
    ltv = over(arpa * margin, churn) if arpa is not None and margin is not None else None
    earned = asp * margin if asp is not None and margin is not None else None
    now, previous = added("revenue", 3), added("revenue", 3, ago=3)
    growth = over(revenue, added("revenue", 12, ago=12))
    share = over(burn, revenue)
    grown = 12 * flows["grown"]
    return {
        "cac": cac,
        "ltv": ltv,
        "ltv_to_cac": over(ltv, cac),
        "cac_payback_months": over(cac, earned) if earned and earned > 0 else None,
        "gross_margin": margin,
        "magic_number": over(4 * (now - previous), added("sales_marketing_expense", 3, ago=3))
        if now is not None and previous is not None
        else None,
        "burn_multiple": over(burn, grown) if grown > 0 else None,
        "rule_of_40": growth - 1 - share if growth is not None and share is not None else None,
        "net_new_arr": grown,
    }


def _flows(books: Books, last: date) -> dict[str, float]:
    """What the books of MRR say of the months up to `last`; before the ledger nobody paid."""
    months, moved = customer_months(books), movements(books)
    newest = moved.filter(
        (pl.col("movement") == "new")
        & (pl.col("month") > months_before(last, 3))
        & (pl.col("month") <= last)
    )
    year = (pl.col("month") > months_before(last, 12)) & (pl.col("month") <= last)
    end = months.filter(pl.col("month") == last)
    then = months.filter(pl.col("month") == months_before(last, 12))
    lost = moved.filter(year & pl.col("movement").is_in(["churn", "contraction"]))
    return {
        "new_customers": newest.height,
        "new_mrr": newest["amount"].sum(),
        "mrr": end["c"].sum(),
        "customers": end["is_customer"].sum(),
        "lost": lost["amount"].sum(),
        "opened": months.filter(year)["p"].sum(),
        "grown": end["c"].sum() - then["c"].sum(),
    }

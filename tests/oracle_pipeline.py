"""Pipeline metrics worked out a second time from their definitions, deal by deal."""

import math
from collections.abc import Iterable
from datetime import date, timedelta

import polars as pl

from pipeline.policy import Policy
from tests.oracle_windows import (
    TIME,
    UNKNOWN,
    Row,
    Selection,
    filtered,
    labelled,
    period,
    share,
    total,
)


def pipeline(
    deals: pl.DataFrame, as_of: date, policy: Policy, asked: Selection
) -> dict[str | None, Row]:
    """Slice (None for the total) to metrics."""
    has_regions, has_reasons = "geo" in deals.columns, "loss_reason" in deals.columns
    deals = labelled(deals, "source_channel", "segment", "owner", "geo")
    first = deals["created_at"].min()
    regions = asked.regions if has_regions else None
    kept = filtered(deals, asked.segments, asked.channels, regions, None, "source_channel")
    if asked.owners is not None:
        kept = kept.filter(pl.col("owner").is_in(list(asked.owners)))
    rows = [_judged(row, as_of, policy, has_reasons) for row in kept.iter_rows(named=True)]
    rows = [row for row in rows if asked.holds(row["day"]) or row["day"] is None]
    for row in rows:
        row["is_placed"] = asked.holds(row["day"])

    def measured(some: Iterable[Row], since: date | None, until: date | None) -> Row:
        # a period that the window cuts off has its stock on the window's last day
        stock_until = min((day for day in (until, asked.until) if day), default=None)
        return _pipeline_metrics(list(some), since, until, stock_until, first, as_of)

    answer: dict[str | None, Row] = {None: measured(rows, asked.since, asked.until)}
    if asked.by in TIME:
        days = {row["day"] for row in rows} | _covered_days(first, as_of, asked)
        for start, end in {period(day, asked.by, policy) for day in days if day is not None}:
            inside = (row for row in rows if row["day"] and start <= row["day"] < end)
            answer[start.isoformat()] = measured(inside, start, end)
        undated = [row for row in rows if row["day"] is None]
        if undated:
            answer[UNKNOWN] = measured(undated, asked.since, asked.until)
    elif asked.by is not None:
        column = {"channel": "source_channel", "region": "geo"}.get(asked.by, asked.by)
        for slice_ in {row[column] for row in rows}:
            some = (row for row in rows if row[column] == slice_)
            answer[slice_] = measured(some, asked.since, asked.until)
    return answer


def _judged(deal: Row, as_of: date, policy: Policy, has_reasons: bool) -> Row:
    """A deal with the day a window finds it on and what the policies make of it."""
    status, changed, amount = deal["status"], deal["last_stage_change"], deal["amount"]
    is_open, is_won = status == "Open", status == "Closed_Won"
    days = (as_of - changed).days if changed is not None and changed <= as_of else None
    slow = None if days is None else days > policy.stuck_days
    large = None if amount is None else float(amount) > policy.stuck_amount
    past = None if deal["expected_close"] is None else deal["expected_close"] < as_of
    decided: bool | None = not is_open
    if not is_open and policy.win_rate != "won_over_won_and_lost":
        reason = deal.get("loss_reason")
        if not has_reasons or (reason is None and not is_won):
            decided = None
        else:
            decided = is_won or reason.lower().replace("_", " ").strip() != "no decision"
    return {
        **deal,
        "stage": deal["stage"] if is_open else status,
        "is_open": is_open,
        "is_won": is_won,
        "day": as_of if is_open else changed,
        "cycle": (changed - deal["created_at"]).days if changed and not is_open else None,
        "is_stuck": _any_of(_both_of(slow, large), past) if is_open else False,
        "is_decided": decided,
        "counts_by_amount": bool(decided) and amount is not None and (is_won or float(amount) != 0),
    }


def _pipeline_metrics(
    rows: list[Row],
    since: date | None,
    until: date | None,
    stock_until: date | None,
    first: date | None,
    as_of: date,
) -> Row:
    begins_in_time = since is None or since <= as_of
    has_stock = begins_in_time and (stock_until is None or stock_until > as_of)
    has_flows = first is not None and begins_in_time and (until is None or until > first)
    stocks = _stocks([row for row in rows if row["is_open"]], has_stock)
    flows = _flows([row for row in rows if not row["is_open"]], has_flows)
    factors = (stocks["open_deals"], flows["win_rate"], flows["mean_won_amount"])
    velocity = None
    if None not in factors and flows["mean_cycle_days"]:
        velocity = math.prod(factors) / flows["mean_cycle_days"]
    return {**stocks, **flows, "velocity_per_day": velocity}


def _stocks(opened: list[Row], is_known: bool) -> Row:
    """What is open; only rows that a window holds get here."""
    stuck = [row for row in opened if row["is_stuck"]]
    undecided = [row for row in opened if row["is_stuck"] is None]
    has_verdict = not opened or len(undecided) < len(opened)
    return {
        "open_deals": len(opened) if is_known else None,
        "open_pipeline": total(_amounts(opened)),
        "open_pipeline_unknown_rows": len(opened) - len(_amounts(opened)),
        "weighted_pipeline": total(_weighted(opened)),
        "weighted_pipeline_unknown_rows": len(opened) - len(_weighted(opened)),
        "average_deal": _mean(_amounts(opened)),
        "stuck_deals": len(stuck) if is_known and has_verdict else None,
        "stuck_deals_unknown_rows": len(undecided),
        "stuck_amount": total(_amounts(stuck)),
        "stuck_amount_unknown_rows": len(undecided) + len(stuck) - len(_amounts(stuck)),
    }


def _flows(closed: list[Row], is_known: bool) -> Row:
    """What was won and lost; a deal that no window can place only counts as not known."""
    won = [row for row in closed if row["is_won"] and row["is_placed"]]
    lost = [row for row in closed if not row["is_won"] and row["is_placed"]]
    maybe_won = sum(row["is_won"] and not row["is_placed"] for row in closed)
    cycles = pl.Series([row["cycle"] for row in won if row["cycle"] is not None], dtype=pl.Float64)
    return {
        "won_deals": len(won) if is_known or won else None,
        "lost_deals": len(lost) if is_known or lost else None,
        "closed_deals": len(won) + len(lost),
        "won_deals_unknown_rows": maybe_won,
        "won_amount": total(_amounts(won)),
        "won_amount_unknown_rows": len(won) - len(_amounts(won)) + maybe_won,
        "mean_won_amount": _mean(_amounts(won)),
        "sales_cycle_median_days": cycles.median(),
        "sales_cycle_p75_days": cycles.quantile(0.75, "linear"),
        "mean_cycle_days": cycles.mean(),
        **_win_rates(closed, won + lost),
    }


def _win_rates(closed: list[Row], placed: list[Row]) -> Row:
    decided = [row for row in placed if row["is_decided"]]
    by_amount = [row for row in placed if row["counts_by_amount"]]
    won = sum(row["is_won"] for row in decided)
    won_amount = total(_amounts([row for row in by_amount if row["is_won"]]))
    undecided = sum(
        row["is_decided"] is None or (row["is_decided"] and not row["is_placed"]) for row in closed
    )
    left_out = sum(
        row["is_decided"] is not False and not (row["counts_by_amount"] and row["is_placed"])
        for row in closed
    )
    return {
        "win_rate": share(won, len(decided)),
        "win_rate_unknown_rows": undecided,
        "win_rate_by_amount": share(won_amount, total(_amounts(by_amount))),
        "win_rate_by_amount_unknown_rows": left_out,
        **_wilson(won, len(decided)),
    }


def _wilson(won: int, closed: int) -> Row:
    """95 % score interval as Wilson (1927) writes it: centre and half-width."""
    if not closed:
        return {"win_rate_low": None, "win_rate_high": None}
    z, share = 1.959963984540054, won / closed
    centre = (share + z * z / (2 * closed)) / (1 + z * z / closed)
    spread = share * (1 - share) / closed + z * z / (4 * closed * closed)
    half = z * spread**0.5 / (1 + z * z / closed)
    return {"win_rate_low": centre - half, "win_rate_high": centre + half}


def _covered_days(first: date | None, as_of: date, asked: Selection) -> set[date]:
    if first is None:
        return set()
    days = (first + timedelta(days=n) for n in range((as_of - first).days + 1))
    return {day for day in days if asked.holds(day)}


def _both_of(left: bool | None, right: bool | None) -> bool | None:
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def _any_of(left: bool | None, right: bool | None) -> bool | None:
    if left or right:
        return True
    return None if left is None or right is None else False


def _amounts(rows: list[Row]) -> list[float]:
    return [float(row["amount"]) for row in rows if row["amount"] is not None]


def _weighted(rows: list[Row]) -> list[float]:
    return [
        float(row["amount"]) * row["probability"]
        for row in rows
        if row["amount"] is not None and row["probability"] is not None
    ]


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None

"""Marketing and pipeline metrics worked out a second time, in polars, from their definitions.

Written without the SQL: it goes from the rows of the files to the numbers in its
own way, so that a mistake would have to be made twice to stay unseen.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from pipeline.policy import Policy

Row = dict[str, Any]
TIME = ("week", "month", "quarter", "year")
UNKNOWN = "unknown"
COUNTS = ("impressions", "clicks", "leads", "MQLs", "SQLs", "opportunities", "closed_won")


@dataclass(frozen=True)
class Selection:
    """What a macro is asked for; None is no filter."""

    since: date | None = None
    until: date | None = None
    segments: Sequence[str] | None = None
    channels: Sequence[str] | None = None
    regions: Sequence[str] | None = None
    campaigns: Sequence[str] | None = None
    owners: Sequence[str] | None = None
    by: str | None = None

    def holds(self, day: date | None) -> bool:
        """Whether the window holds a day; a day that is not known is only in no bounds at all."""
        if day is None:
            return self.since is None and self.until is None
        return (self.since is None or day >= self.since) and (
            self.until is None or day < self.until
        )


def period(day: date, grain: str, policy: Policy) -> tuple[date, date]:
    """First day of the period that holds `day`, and first day after it."""
    if grain == "week":
        first_weekday = 6 if policy.week_start == "sunday" else 0
        start = day - timedelta(days=(day.weekday() - first_weekday) % 7)
        return start, start + timedelta(days=7)
    length = {"month": 1, "quarter": 3, "year": 12}[grain]
    into_year = (day.month - policy.fiscal_year_start_month) % 12
    first = day.year * 12 + day.month - 1 - into_year % length
    return _month(first), _month(first + length)


def marketing(
    rows: pl.DataFrame, deals: pl.DataFrame, as_of: date, policy: Policy, asked: Selection
) -> dict[str | None, Row]:
    """Slice (None for the total) to metrics."""
    rows = _labelled(rows, "channel", "campaign", "segment", "geo")
    has_deal_regions = "geo" in deals.columns
    deals = _labelled(deals, "source_channel", "segment", "geo")
    kept = _filtered(rows, asked.segments, asked.channels, asked.regions, asked.campaigns)
    kept = kept.filter(pl.col("date").map_elements(asked.holds, return_dtype=pl.Boolean))
    spend, wins = _returns(rows, deals, as_of)
    can_link = asked.campaigns is None and (asked.regions is None or has_deal_regions)
    spend = _filtered(spend, asked.segments, asked.channels, asked.regions, None)
    wins = _filtered(wins, asked.segments, asked.channels, asked.regions, None, "source_channel")
    spend = _in_window(spend, "date", asked).filter(can_link)
    wins = _in_window(wins, "last_stage_change", asked).filter(can_link)

    def measured(of_rows: pl.DataFrame, of_spend: pl.DataFrame, of_wins: pl.DataFrame) -> Row:
        return {**_marketing_sums(of_rows), **_roi(of_spend, of_wins)}

    answer: dict[str | None, Row] = {None: measured(kept, spend, wins)}
    if asked.by is None:
        return answer
    mine = {"region": "geo", **dict.fromkeys(TIME, "date")}.get(asked.by, asked.by)
    theirs = {"channel": "source_channel", "date": "last_stage_change"}.get(mine, mine)
    # a deal names no campaign, and no region unless its file does
    if asked.by == "campaign" or (asked.by == "region" and not has_deal_regions):
        spend, wins, theirs = spend.head(0), wins.head(0), "source_channel"
    name = _namer(asked.by, policy)
    columns = ((kept, mine), (spend, mine), (wins, theirs))
    for slice_ in {name(value) for frame, column in columns for value in frame[column]}:
        inside = (_where(frame, column, name, slice_) for frame, column in columns)
        answer[slice_] = measured(*inside)
    return answer


def pipeline(
    deals: pl.DataFrame, as_of: date, policy: Policy, asked: Selection
) -> dict[str | None, Row]:
    """Slice (None for the total) to metrics."""
    has_regions, has_reasons = "geo" in deals.columns, "loss_reason" in deals.columns
    deals = _labelled(deals, "source_channel", "segment", "owner", "geo")
    first = deals["created_at"].min()
    regions = asked.regions if has_regions else None
    kept = _filtered(deals, asked.segments, asked.channels, regions, None, "source_channel")
    if asked.owners is not None:
        kept = kept.filter(pl.col("owner").is_in(list(asked.owners)))
    rows = [_judged(row, as_of, policy, has_reasons) for row in kept.iter_rows(named=True)]
    rows = [row for row in rows if asked.holds(row["day"]) or row["day"] is None]
    for row in rows:
        row["is_placed"] = asked.holds(row["day"])

    def measured(some: Iterable[Row], since: date | None, until: date | None) -> Row:
        return _pipeline_metrics(list(some), since, until, first, as_of)

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


def is_partial(
    slice_: str | None, first: date | None, last: date | None, policy: Policy, asked: Selection
) -> bool:
    """Whether a row's window is cut by the question, or reaches beyond the files' days."""
    since, until = asked.since, asked.until
    if asked.by in TIME and slice_ not in (None, UNKNOWN):
        since, until = period(date.fromisoformat(slice_), asked.by, policy)
    starts = [day for day in (asked.since, first) if day is not None]
    ends = [day for day in (asked.until, last and last + timedelta(days=1)) if day is not None]
    return bool(
        (since is not None and starts and since < max(starts))
        or (until is not None and ends and until > min(ends))
    )


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
    rows: list[Row], since: date | None, until: date | None, first: date | None, as_of: date
) -> Row:
    has_stock = (since is None or since <= as_of) and (until is None or until > as_of)
    has_flows = (
        first is not None and (since is None or since <= as_of) and (until is None or until > first)
    )
    opened = [row for row in rows if row["is_open"]]
    closed = [row for row in rows if not row["is_open"]]
    won = [row for row in closed if row["is_won"] and row["is_placed"]]
    lost = [row for row in closed if not row["is_won"] and row["is_placed"]]
    stuck = [row for row in opened if row["is_stuck"]]
    undecided = [row for row in opened if row["is_stuck"] is None]
    decided = [row for row in won + lost if row["is_decided"]]
    by_amount = [row for row in won + lost if row["counts_by_amount"]]
    win_rate = _share(sum(row["is_won"] for row in decided), len(decided))
    cycles = pl.Series([row["cycle"] for row in won if row["cycle"] is not None], dtype=pl.Float64)
    mean_won, mean_cycle = _mean(_amounts(won)), cycles.mean()
    open_deals = len(opened) if has_stock else None
    parts = (open_deals, win_rate, mean_won, mean_cycle or None)
    velocity = None
    if None not in parts:
        velocity = parts[0] * parts[1] * parts[2] / parts[3]
    return {
        "open_deals": open_deals,
        "open_pipeline": _sum(_amounts(opened)),
        "open_pipeline_unknown_rows": len(opened) - len(_amounts(opened)),
        "weighted_pipeline": _sum(_weighted(opened)),
        "weighted_pipeline_unknown_rows": len(opened) - len(_weighted(opened)),
        "average_deal": _mean(_amounts(opened)),
        "win_rate": win_rate,
        "win_rate_unknown_rows": sum(
            row["is_decided"] is None or (row["is_decided"] and not row["is_placed"])
            for row in closed
        ),
        "win_rate_by_amount": _share(
            _sum(_amounts([row for row in by_amount if row["is_won"]])),
            _sum(_amounts(by_amount)),
        ),
        "win_rate_by_amount_unknown_rows": sum(
            row["is_decided"] is not False and not (row["counts_by_amount"] and row["is_placed"])
            for row in closed
        ),
        "won_deals": len(won) if has_flows or won else None,
        "lost_deals": len(lost) if has_flows or lost else None,
        "won_deals_unknown_rows": sum(row["is_won"] and not row["is_placed"] for row in closed),
        "won_amount": _sum(_amounts(won)),
        "won_amount_unknown_rows": len(won)
        - len(_amounts(won))
        + sum(row["is_won"] and not row["is_placed"] for row in closed),
        "sales_cycle_median_days": cycles.median(),
        "sales_cycle_p75_days": cycles.quantile(0.75, "linear"),
        "velocity_per_day": velocity,
        "stuck_deals": len(stuck)
        if has_stock and (not opened or len(undecided) < len(opened))
        else None,
        "stuck_deals_unknown_rows": len(undecided),
        "stuck_amount": _sum(_amounts(stuck)),
        "stuck_amount_unknown_rows": len(undecided) + len(stuck) - len(_amounts(stuck)),
        "closed_deals": len(won) + len(lost),
        **_wilson(sum(row["is_won"] for row in decided), len(decided)),
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


def _marketing_sums(rows: pl.DataFrame) -> Row:
    sums: Row = {name.lower(): _sum(rows[name]) for name in COUNTS}
    spend = sums["spend"] = _sum(rows["spend"])
    reported = rows.filter(pl.col("ROI").is_not_null()) if "ROI" in rows.columns else rows.head(0)
    weights = [float(value) for value in reported["spend"]]
    return_ = sum(w * r for w, r in zip(weights, reported["ROI"], strict=True)) if weights else None
    return {
        **sums,
        "cpl": _share(spend, sums["leads"]),
        "ctr": _share(sums["clicks"], sums["impressions"]),
        "media_cac": _share(spend, sums["closed_won"]),
        "reported_roi": _share(return_, sum(weights) if weights else None),
    }


def _returns(
    rows: pl.DataFrame, deals: pl.DataFrame, as_of: date
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Spend of channels that deals name and wins of channels with spend, on days both cover.

    A win whose date is missing or still to come is a win all the same.
    """
    named = set(deals["source_channel"]) - {UNKNOWN}
    paid = set(rows["channel"]) - {UNKNOWN}
    first_deal, first_row, last_row = (
        deals["created_at"].min(), rows["date"].min(), rows["date"].max(),
    )  # fmt: skip
    spend = rows.filter(pl.col("channel").is_in(list(named)))
    if first_deal is None:
        spend = spend.head(0)
    else:
        spend = spend.filter(pl.col("date").is_between(first_deal, as_of))
    wins = deals.filter(
        (pl.col("status") == "Closed_Won") & pl.col("source_channel").is_in(list(paid))
    )
    closed = pl.col("last_stage_change")
    if first_row is not None:
        wins = wins.filter(
            closed.is_null() | (closed > as_of) | closed.is_between(first_row, last_row)
        )
    return spend, wins


def _roi(spend: pl.DataFrame, wins: pl.DataFrame) -> Row:
    spent, amounts = _sum(spend["spend"]), [a for a in wins["amount"] if a is not None]
    won: float | None = float(sum(amounts))
    if (spent is None and not wins.height) or (wins.height and not amounts):
        won = None
    gain = None if won is None or spent is None else won - spent
    return {
        "linked_spend": spent,
        "linked_won_amount": won,
        "roi": _share(gain, spent),
    }


def _labelled(frame: pl.DataFrame, *columns: str) -> pl.DataFrame:
    missing = [pl.lit(None, pl.String).alias(name) for name in columns if name not in frame.columns]
    return frame.with_columns(missing).with_columns(pl.col(columns).fill_null(UNKNOWN))


def _filtered(
    frame: pl.DataFrame,
    segments: Sequence[str] | None,
    channels: Sequence[str] | None,
    regions: Sequence[str] | None,
    campaigns: Sequence[str] | None,
    channel: str = "channel",
) -> pl.DataFrame:
    wanted = {"segment": segments, channel: channels, "geo": regions, "campaign": campaigns}
    for column, members in wanted.items():
        if members is not None:
            frame = frame.filter(pl.col(column).is_in(list(members)))
    return frame


def _in_window(frame: pl.DataFrame, column: str, asked: Selection) -> pl.DataFrame:
    return frame.filter(pl.Series([asked.holds(day) for day in frame[column]], dtype=pl.Boolean))


def _namer(by: str, policy: Policy) -> Callable[[Any], str]:
    if by in TIME:
        return lambda day: UNKNOWN if day is None else period(day, by, policy)[0].isoformat()
    return str


def _where(
    frame: pl.DataFrame, column: str, name: Callable[[Any], str], slice_: str
) -> pl.DataFrame:
    wanted = [name(value) == slice_ for value in frame[column]]
    return frame.filter(pl.Series(wanted, dtype=pl.Boolean))


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


def _sum(values: Iterable[Any]) -> float | None:
    known = [float(value) for value in values if value is not None]
    return sum(known) if known else None


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _share(part: float | None, whole: float | None) -> float | None:
    return None if part is None or not whole else part / whole


def _month(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)

"""What a chart shows, in one sentence each: its text alternative and the line under its title."""

from collections.abc import Iterable

import polars as pl

from revops import units


def most_spent(frame: pl.DataFrame, currency: str) -> str:
    """One sentence on where the money goes."""
    first = frame.row(0, named=True)
    return f"{first['name']} takes the most: {units.format(first['value'], 'money', currency)}."


def best_return(frame: pl.DataFrame, currency: str) -> str:
    """One sentence on which channel returns most; channels without linked deals have no ROI."""
    known = frame.filter(frame["value"].is_not_null()).sort("value", descending=True)
    if known.is_empty():
        return "No channel has deals linked to it, so no return is known."
    best = known.row(0, named=True)
    return f"{best['name']} returns the most: {units.format(best['value'], 'ratio')} of its spend."


def weeks_said(frame: pl.DataFrame, currency: str) -> str:
    """One sentence on how the trend is to be read."""
    whole = frame.filter(~frame["is_partial"])["start"].n_unique()
    part = frame.filter(frame["is_partial"])["start"].n_unique()
    marked = f", {part} part week{'s' if part > 1 else ''} as hollow marks" if part else ""
    return f"{whole} whole weeks{marked}. MQLs are among the leads, SQLs among the MQLs."


def against_range(frame: pl.DataFrame, currency: str) -> str:
    """One sentence on how many values lie inside their benchmark's range."""
    known = frame.filter(frame["value"].is_not_null())
    return f"{int(known['is_inside'].sum())} of {known.height} lie inside their range (disc)."


def largest_stage(frame: pl.DataFrame, currency: str) -> str:
    """One sentence on where the open pipeline stands."""
    known = frame.filter(frame["value"].is_not_null())
    if known.is_empty():
        return "What is open in each stage is not known for this window."
    first = known.sort("value", descending=True).row(0, named=True)
    return f"Most stands in {first['name']}: {units.format(first['value'], 'money', currency)}."


def latest_quarter(frame: pl.DataFrame, currency: str) -> str:
    """One sentence on the last whole quarter's win rate."""
    whole = frame.filter(~frame["is_partial"] & frame["value"].is_not_null()).sort("start")
    if whole.is_empty():
        return "No whole quarter with decided deals in this window; part quarters are hollow marks."
    last = whole.row(-1, named=True)
    rate = units.format(last["value"], "ratio")
    return f"{rate} in the quarter from {units.day(last['start'])}; part quarters are hollow marks."


def owners_said(frame: pl.DataFrame, currency: str) -> str:
    """One sentence on how the owners' rates are to be read."""
    return (
        "The band is the 95 % interval, the tick the team's rate. "
        "Bands that overlap do not tell owners apart."
    )


def by_reason(reasons: Iterable[tuple[str, str]]) -> str:
    """Pairs of a reason and whom it is for: "the period is over (All, ENT), target met (SMB)"."""
    names = dict[str, list[str]]()
    for reason, name in reasons:
        names.setdefault(reason, []).append(name)
    return ", ".join(f"{reason} ({', '.join(of)})" for reason, of in names.items())


def coverage_said(frame: pl.DataFrame, currency: str) -> str:
    """One sentence on how many reach their tick, one on what it asks for, one on who has none."""
    valued = frame.filter(frame["value"].is_not_null())
    known = valued.filter(valued["mark"].is_not_null())
    missing = valued.filter(valued["mark"].is_null())
    reasons = by_reason(missing.select("why_no_mark", "name").iter_rows())
    if known.is_empty():
        return f"What it usually takes is not known of the last 365 days: {reasons}."
    reach = known.filter(known["value"] >= known["mark"]).height
    said = (
        f"{reach} of {known.height} reach the tick: what it takes at the win rate by amount of the "
        "last 365 days, without deals still to be created."
    )
    return f"{said} No tick: {reasons}." if reasons else said


def curves_said(frame: pl.DataFrame, currency: str) -> str:
    """What the newest whole curve comes to, what the dashes mean, and which quarters are cut."""
    dashes = "Dashed: some deals are younger, so the share may still move."
    if frame["is_partial"].any():
        dashes += " Part: only the deals created in the window."
    is_whole = frame["is_mature"] & ~frame["is_partial"] & (frame["day"] > 0)
    whole = frame.filter(is_whole).sort("day", "cohort")
    if whole.is_empty():
        return dashes
    last = whole.row(-1, named=True)
    share, days = units.format(last["share"], "ratio"), units.format(last["day"], "days")
    start = units.day(last["cohort"])
    return f"Of the deals of the quarter from {start}, {share} were won within {days}. {dashes}"


def latest_month(frame: pl.DataFrame, currency: str) -> str:
    """One sentence on who pays how much at the end of the last whole month."""
    whole = frame.filter(~frame["is_partial"] & frame["value"].is_not_null())
    if whole.is_empty():
        return "No whole month in this window; part months are hollow marks."
    last = whole.filter(whole["start"] == whole["start"].max()).sort("position")
    paid = [
        f"{row['series']} {units.format(row['value'], 'money', currency)}"
        for row in last.iter_rows(named=True)
    ]
    return f"At the end of {last['start'].item(0):%b %Y}: {', '.join(paid)}."


def main_reason(frame: pl.DataFrame, currency: str) -> str:
    """One sentence on the reason that cost most."""
    first = frame.row(0, named=True)
    return f"{first['name']} cost the most: {units.format(first['value'], 'money', currency)}."


def bridge_said(frame: pl.DataFrame, currency: str) -> str:
    """One sentence on where the pipeline due began, where it ended, and what moved it most."""
    first, last = frame.row(0, named=True), frame.row(-1, named=True)
    moves = frame.filter(~frame["is_stock"])
    begun, ended = (units.format(row["value"], "money", currency) for row in (first, last))
    said = f"From {begun} open and due in the window at its start to {ended} at its end."
    if moves.is_empty():
        return said
    most = moves.sort(pl.col("value").abs(), descending=True).row(0, named=True)
    amount = units.format(most["value"], "money", currency)
    return f"{said} Most moved by {most['name'].lower()}: {amount}."


def periods_said(frame: pl.DataFrame, currency: str) -> str:
    """One sentence on how many periods a trend shows whole."""
    part = frame.filter(frame["is_partial"]).height
    marked = f"; {part} with part of its days as hollow marks" if part else ""
    return f"{frame.height - part} whole periods{marked}."


def paid_lately(frame: pl.DataFrame, currency: str) -> str:
    """One sentence on what a customer pays, and paid at most."""
    last = frame.sort("start").row(-1, named=True)
    most = frame.sort("value").row(-1, named=True)
    now, high = (units.format(one["value"], "money", currency) for one in (last, most))
    return f"{now} at the end of {last['start']:%b %Y}, {high} at most."

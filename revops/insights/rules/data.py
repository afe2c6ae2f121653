"""Whether the data itself can be relied on."""

from typing import Any

from revops.insights.context import Context
from revops.insights.finding import finding, no_data
from revops.insights.model import Category, Driver, Effect, Evidence, Insight, Status
from revops.statements import Statement

CATEGORY: Category = "data"

# Files that say up to which day they speak; the others are stated as of the build.
AGES = """select
    loads.dataset as name,
    date_diff('day', loads.last_date, build.as_of) as value,
    loads.rows_loaded as n
from meta.loads as loads
cross join meta.build as build
where
    loads.is_present
    and loads.last_date is not null
    and loads.dataset in ('marketing_channels', 'deal_history', 'finance')
order by value desc, name"""
WITHHELD = """select
    loads.dataset as name,
    loads.rows_quarantined / nullif(loads.rows_read, 0) as value,
    cast(coalesce(loads.amount_withheld, 0) as double) as amount,
    loads.rows_read as n
from meta.loads as loads
where loads.is_present and loads.rows_read > 0
order by value desc, name"""


def stale_file(context: Context) -> Insight:
    """Does a file end long before the day that all numbers speak of?

    Why: whatever reads it is told less than there was, and looks like a fall.
    Do: export the file again up to the as-of date, and see why it was not.
    """
    rows = context.rows(Statement(AGES))
    known = [row for row in rows if f"{row['name']}_days" in context.thresholds]
    if not known:
        return no_data(stale_file, "No file says up to which day it speaks.")
    worst = max(known, key=lambda row: row["value"] / context.thresholds[f"{row['name']}_days"])
    limit = context.thresholds[f"{worst['name']}_days"]
    status: Status = "good"
    if worst["value"] > limit:
        status = "alert" if worst["value"] > 2 * limit else "watch"
    evidence = _one(
        AGES,
        worst,
        Evidence("age_days", f"Age of {worst['name']}.csv", 0.0, "days", ""),
        limit,
        "what is usual",
    )
    old, usual = context.words(worst["value"], "days"), context.words(limit, "days")
    return finding(
        stale_file,
        status,
        f"{worst['name']}.csv ends {old} before the as-of date; {usual} are usual."
        if status != "good"
        else f"Every file reaches up to date; the oldest is {worst['name']}.csv with {old}, of "
        f"{usual} that are usual.",
        (evidence,),
        drivers=tuple(Driver(row["name"], float(row["value"]), "days") for row in known),
    )


def withheld_money(context: Context) -> Insight:
    """How many rows of a file were withheld because they break its contract?

    Why: what is in quarantine is missing from every number, and nobody sees a gap.
    Do: mend the rows where they come from (`quarantine.rows` names line and rule) and load again.
    """
    rows = context.rows(Statement(WITHHELD))
    if not rows:
        return no_data(withheld_money, "No file was loaded.")
    worst, limits = rows[0], context.thresholds
    status: Status = "good"
    if worst["value"] >= limits["watch_share"]:
        status = "alert" if worst["value"] >= limits["alert_share"] else "watch"
    share = context.words(worst["value"], "ratio")
    amount = context.words(worst["amount"], "money")
    main = _one(
        WITHHELD,
        worst,
        Evidence("withheld_share", f"Withheld rows of {worst['name']}.csv", 0.0, "ratio", ""),
        limits["watch_share"],
        "the share worth watching",
    )
    money = Evidence(
        "amount_withheld",
        "Money withheld with them",
        worst["amount"],
        "money",
        _named(WITHHELD, worst["name"], "amount as value"),
    )
    return finding(
        withheld_money,
        status,
        f"{share} of the rows of {worst['name']}.csv are withheld, and {amount} with them."
        if worst["value"]
        else "No row of any file is withheld.",
        (main, money),
        drivers=tuple(
            Driver(row["name"], float(row["value"]), "ratio") for row in rows if row["value"]
        ),
    )


def _one(text: str, row: dict[str, Any], named: Evidence, baseline: float, label: str) -> Evidence:
    value = float(row["value"])
    return Evidence(
        named.metric,
        named.label,
        value,
        named.unit,
        _named(text, row["name"], "value, cases.n"),
        baseline=baseline,
        baseline_label=label,
        n=int(row["n"]),
        effect=Effect(value - baseline),
    )


def _named(text: str, name: str, columns: str) -> str:
    return Statement(
        f"select cases.{columns}\nfrom ({text}) as cases\nwhere cases.name = $the_name",
        {"the_name": name},
    ).literal()

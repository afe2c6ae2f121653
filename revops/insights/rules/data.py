"""Whether the data itself can be relied on."""

from typing import Any

from revops.filters import Filters
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
RESTATED = """select
    count(distinct (restated.domain, restated.metric, restated.month)) as value,
    count(distinct restated.month) as months
from reports.restatements as restated
where restated.is_of_this_build and restated.segment is null"""
LARGEST = """select
    restated.label || ', ' || strftime(restated.month, '%b %Y') as name,
    coalesce(restated.difference, 0) as value,
    restated.unit
from reports.restatements as restated
where restated.is_of_this_build and restated.segment is null
order by abs(coalesce(restated.difference, 0)) desc, name
limit 4"""
BOOKS = """select
    count(*) filter (checks.status = 'failed' and checks.class = 'error') as broken,
    count(*) filter (checks.status = 'failed' and checks.class <> 'error') as doubtful,
    count(*) as n,
    coalesce(max(checks.rows_failed / nullif(checks.rows_tested, 0))
        filter (checks.status = 'failed' and checks.class <> 'error'), 0) as largest_share
from meta.checks as checks
where checks.status <> 'not applicable'"""
FAILED = """select
    replace(checks.name, '_', ' ') as name,
    checks.rows_failed as value,
    checks.rows_failed / nullif(checks.rows_tested, 0) as share
from meta.checks as checks
where checks.status = 'failed'
order by checks.class, share desc, name
limit 4"""


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


def restated_past(context: Context) -> Insight:
    """Did this build change what earlier builds said of months that were closed?

    Why: a board pack that was right last month is wrong now, and nobody told its readers.
    Do: read `reports.restatements` for the rows behind it, and say so before somebody asks.
    """
    row = context.row(Statement(RESTATED))
    changed, months = float(row.get("value") or 0), float(row.get("months") or 0)
    status: Status = "watch" if changed >= context.thresholds["minimum_values"] else "good"
    named = context.rows(Statement(LARGEST)) if changed else []
    evidence = (
        Evidence("restated_values", "Values changed", changed, "count", RESTATED, n=int(months)),
        Evidence(
            "restated_months",
            "Months concerned",
            months,
            "count",
            f"select months as value from ({RESTATED})",
        ),
    )
    return finding(
        restated_past,
        status,
        f"{context.words(changed, 'count')} values of {context.words(months, 'count')} closed "
        "months are not what the build before said."
        if changed
        else "No value of a closed month has changed.",
        evidence,
        drivers=tuple(Driver(row["name"], float(row["value"]), row["unit"]) for row in named),
    )


def broken_book(context: Context) -> Insight:
    """Do the checks of this build hold?

    Why: a number whose book does not balance is not a number; a doubtful one should be known to
    be one before it is used.
    Do: open the check's rows on the Data tab, and mend the file that they name.
    """
    row = context.row(Statement(BOOKS))
    if not row.get("n"):
        return no_data(broken_book, "No check has run on this build.")
    status: Status = "good"
    if row["largest_share"] >= context.thresholds["watch_share"]:
        status = "watch"
    if row["broken"]:
        status = "alert"
    failed = row["broken"] + row["doubtful"]
    return finding(
        broken_book,
        status,
        f"{context.words(failed, 'count')} of {context.words(row['n'], 'count')} checks do not "
        f"hold; in the worst {context.words(row['largest_share'], 'ratio')} of the rows."
        if failed
        else f"All {context.words(row['n'], 'count')} checks hold.",
        (
            Evidence(
                "failed_checks",
                "Checks that do not hold",
                float(failed),
                "count",
                f"select broken + doubtful as value, n from ({BOOKS})",
                n=int(row["n"]),
            ),
            Evidence(
                "failed_share",
                "Largest share of rows",
                float(row["largest_share"]),
                "ratio",
                f"select largest_share as value from ({BOOKS})",
            ),
        ),
        drivers=tuple(
            Driver(one["name"], float(one["value"]), "count", share=one["share"])
            for one in context.rows(Statement(FAILED))
        ),
        scope=Filters(),
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

"""Whether the books hold, and whether what was said of the past still does."""

from revops.filters import Filters
from revops.insights.context import Context
from revops.insights.finding import finding, no_data
from revops.insights.model import Category, Driver, Evidence, Insight, Status
from revops.statements import Statement

CATEGORY: Category = "data"

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

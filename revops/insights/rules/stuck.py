"""How much of the open pipeline stands still."""

from revops.filters import Filters
from revops.insights.context import Context
from revops.insights.finding import finding, known, no_data
from revops.insights.intervals import wilson
from revops.insights.model import Category, Driver, Evidence, Insight, Status

CATEGORY: Category = "pipeline"

SHARE = "stuck_deals / nullif(open_deals, 0) as value, open_deals as n"
COLUMNS = "stuck_deals, stuck_amount, open_deals"


def stuck_deals(context: Context) -> Insight:
    """How many of the open deals are stuck, and what are they worth?

    Why: stuck deals inflate pipeline and coverage and hide what must still be found to make
    the number; the policies stuck_days and stuck_amount say when a deal counts as stuck.
    Do: go through the largest with their owners this week: a next step with a date, or close
    them as lost.
    """
    # A stock has no start: only the end of the window matters.
    scope = context.filters.with_window(None, context.filters.until)
    values = known(context.row(context.metric(COLUMNS, "pipeline", scope)), *COLUMNS.split(", "))
    if values is None or values[2] < context.thresholds["minimum_open"]:
        return no_data(stuck_deals, "Too few open deals with a known amount at this date to judge.")
    deals, amount, open_deals = values
    said = (
        f"{context.words(deals, 'count')} of {context.words(open_deals, 'count')} open deals are "
        f"stuck, {context.words(deals / open_deals, 'ratio')}, "
        f"worth {context.words(amount, 'money')}."
    )
    return finding(
        stuck_deals,
        _status(context, deals / open_deals),
        said,
        _evidence(context, scope, deals, open_deals, amount),
        drivers=_drivers(context, scope, amount),
        scope=scope,
    )


def _status(context: Context, share: float) -> Status:
    if share < context.thresholds["watch_share"]:
        return "good"
    return "alert" if share >= context.thresholds["alert_share"] else "watch"


def _evidence(
    context: Context, scope: Filters, deals: float, open_deals: float, amount: float
) -> tuple[Evidence, ...]:
    share = Evidence(
        metric="stuck_share",
        label="Stuck share of open deals",
        value=deals / open_deals,
        unit="ratio",
        sql=context.metric(SHARE, "pipeline", scope).literal(),
        baseline=context.thresholds["watch_share"],
        baseline_label="the share worth watching",
        n=int(open_deals),
        # Every open deal is counted; the interval speaks of the habit behind the count.
        interval=wilson(deals, open_deals),
    )
    parts = (
        ("stuck_deals", "Stuck deals", deals, "count"),
        ("open_deals", "Open deals", open_deals, "count"),
        ("stuck_amount", "Stuck amount", amount, "money"),
    )
    return share, *(
        Evidence(
            metric=metric,
            label=label,
            value=value,
            unit=unit,
            sql=context.metric(f"{metric} as value", "pipeline", scope).literal(),
        )
        for metric, label, value, unit in parts
    )


def _drivers(context: Context, scope: Filters, amount: float) -> tuple[Driver, ...]:
    """The stages the stuck amount stands in, largest first."""
    stages = context.rows(context.metric("slice, stuck_amount", "pipeline", scope, by="stage"))
    held = [(row["slice"], float(row["stuck_amount"])) for row in stages if row["stuck_amount"]]
    return tuple(
        Driver(stage, value, "money", share=value / amount if amount else None)
        for stage, value in sorted(held, key=lambda pair: -pair[1])
    )

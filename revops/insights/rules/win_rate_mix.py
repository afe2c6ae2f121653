"""Whether the total win rate hides what happens to the segments."""

from typing import Any

from revops.insights.context import Context
from revops.insights.finding import finding, impact, no_data
from revops.insights.intervals import newcombe, normal, p_of
from revops.insights.mix import Group, Mix
from revops.insights.model import Category, Driver, Effect, Evidence, Status
from revops.insights.quarters import (
    EACH,
    LOST,
    MIX,
    RATE,
    TOTAL,
    Quarters,
    by_segment,
    last_two,
)
from revops.insights.question import Tested

CATEGORY: Category = "pipeline"


def win_rate_mix(context: Context) -> Tested:
    """Did the total win rate move because other deals closed, while the segments went another way?

    Why: when the mix of deals shifts, the total can rise while every segment sells worse; whoever
    reads only the total then rewards a loss, or mends what is not broken.
    Do: judge the win rate segment by segment, look there for what got worse, and decide whether
    the new mix is wanted.
    """
    quarters = last_two(context)
    rows = context.rows(by_segment(context, quarters, EACH)) if quarters else []
    mix = _mix(context, rows)
    if quarters is None or mix is None:
        return no_data(
            win_rate_mix,
            "Two complete quarters with enough closed deals in two segments are needed to compare.",
        )
    (adjusted,) = yield [p_of(mix.mix, mix.error)]
    lost = sum(
        (group.rate_before - group.rate) * group.n * (row["mean_won"] or 0.0)
        for group, row in zip(mix.groups, rows, strict=True)
    )
    status = _status(context, mix, adjusted, lost / quarters.months)
    evidence = _evidence(context, quarters, mix, adjusted, lost / quarters.months)
    return finding(
        win_rate_mix,
        status,
        _words(context, mix, status),
        evidence,
        drivers=_drivers(mix),
        scope=context.filters.with_window(quarters.since, quarters.until),
    )


def _status(context: Context, mix: Mix, adjusted: float | None, lost: float) -> Status:
    """News when the mix moves the total against what the segments do, or pulls it down."""
    limits = context.thresholds
    if abs(mix.mix) < limits["minimum_mix"]:
        return "good"
    if mix.mix > 0 and mix.rate <= -limits["minimum_rate"]:
        return context.status(adjusted, lost)
    sure = adjusted is not None and adjusted <= limits["alert_q"]
    return "watch" if sure and mix.mix < 0 else "good"


def _words(context: Context, mix: Mix, status: Status) -> str:
    now, before = context.words(mix.total, "ratio"), context.words(mix.total_before, "ratio")
    by_mix, by_rate = context.points(mix.mix), context.points(mix.rate)
    moved = f"{now} after {before}: {by_mix} by the mix of segments, {by_rate} by their own rates"
    if status == "good":
        return f"The mix of deals hides nothing in the win rate of the last quarter, {moved}."
    if mix.is_paradox and mix.change > 0:
        return f"The win rate rose although every segment wins less often: {moved}."
    if mix.mix > 0:
        return f"The mix of deals hides that segments win less often: {moved}."
    return f"The mix of deals pulls the win rate down: {moved}."


def _mix(context: Context, rows: list[dict[str, Any]]) -> Mix | None:
    """None when a quarter is thin, or a segment closed nothing in one of them."""
    groups = [
        Group(row["segment"], row["won"], row["closed"], row["won_before"], row["closed_before"])
        for row in rows
    ]
    least = context.thresholds["minimum_closed"]
    if len(groups) < 2 or min(min(group.n, group.n_before) for group in groups) < 1:
        return None
    mix = Mix(tuple(groups))
    return mix if min(mix.n, mix.n_before) >= least else None


def _evidence(
    context: Context, quarters: Quarters, mix: Mix, adjusted: float | None, lost: float
) -> tuple[Evidence, ...]:
    def sql(question: str) -> str:
        return by_segment(context, quarters, question).literal()

    total = Evidence(
        metric="win_rate",
        label="Win rate of all segments",
        value=mix.total,
        unit="ratio",
        sql=sql(TOTAL),
        baseline=mix.total_before,
        baseline_label="the quarter before",
        n=mix.n,
        effect=Effect(mix.change, newcombe(mix.won, mix.n, mix.won_before, mix.n_before)),
    )
    by_mix = Evidence(
        metric="win_rate_by_mix",
        label="Moved by the mix of segments",
        value=mix.mix,
        unit="ratio",
        sql=sql(MIX),
        baseline=0.0,
        baseline_label="no change of mix",
        n=mix.n,
        interval=normal(mix.mix, mix.error),
        p_value=p_of(mix.mix, mix.error),
        adjusted_p=adjusted,
        effect=Effect(mix.mix, normal(mix.mix, mix.error)),
    )
    by_rate = Evidence(
        "win_rate_by_rate", "Moved by the segments' own rates", mix.rate, "ratio", sql(RATE)
    )
    cost = impact(lost, by_segment(context, quarters, LOST), "Not won for it")
    return by_mix, total, by_rate, cost


def _drivers(mix: Mix) -> tuple[Driver, ...]:
    return (
        Driver("Mix of segments", mix.mix, "points"),
        *(
            Driver(f"Win rate within {group.name}", mix.rate_part(group), "points")
            for group in sorted(mix.groups, key=lambda group: -abs(mix.rate_part(group)))
        ),
    )

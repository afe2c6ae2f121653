"""Whether leads cost more than they used to, and where."""

import math
from datetime import date, timedelta

from revops.filters import Filters
from revops.insights.context import MONTH_DAYS, Context
from revops.insights.counts import ratio_interval
from revops.insights.finding import finding, impact, no_data
from revops.insights.intervals import log_normal
from revops.insights.lead_costs import COLUMNS, COMPARED, COST, EXCESS, Cost, lead_costs
from revops.insights.model import Category, Driver, Effect, Evidence
from revops.insights.question import Tested
from revops.statements import Statement, naming

CATEGORY: Category = "marketing"


def cost_per_lead(context: Context) -> Tested:
    """Does a lead cost more than in the half year before, in a channel and segment?

    Why: the same budget brings fewer leads, and a dear channel hides in the average of the
    cheap ones.
    Do: compare bids, audiences and landing pages with what they were before the rise, and move
    the budget to a cheaper channel until the price is back.
    """
    last_day = min(context.filters.last_day or context.as_of, context.as_of)
    costs = lead_costs(context, last_day)
    if not costs:
        return no_data(
            cost_per_lead,
            "No channel and segment has enough leads now and in the half year before.",
        )
    adjusted = yield [cost.p_value for cost in costs]
    per_month = MONTH_DAYS / (7 * context.thresholds["window_weeks"])
    judged = [
        (cost, p, context.status(p, cost.excess * per_month) if _is_dear(context, cost) else "good")
        for cost, p in zip(costs, adjusted, strict=True)
    ]
    dear = [one for one in judged if one[2] != "good"]
    worst, p_value, status = max(
        dear or judged, key=lambda one: (one[2] == "alert", one[0].excess, one[0].channel)
    )
    scope, evidence = _evidence(context, worst, last_day, p_value)
    main = evidence[0]
    now, before = context.words(main.value, "money"), context.words(main.baseline, "money")
    rise = context.words(abs(worst.rise), "ratio")
    said = (
        f"{worst.channel} leads in {worst.segment} cost {now}, {rise} more than the {before} of "
        "the half year before."
        if dear
        else "No lead is shown to cost more than it did. The largest difference is "
        f"{worst.channel} in {worst.segment}: {now}, {before} in the half year before."
    )
    return finding(
        cost_per_lead,
        status,
        said,
        evidence,
        drivers=_drivers(worst) if dear else (),
        scope=scope,
    )


def _is_dear(context: Context, cost: Cost) -> bool:
    return cost.rise >= context.thresholds["minimum_rise"] and not cost.is_seasonal


def _drivers(cost: Cost) -> tuple[Driver, ...]:
    """A lead costs the price of a click times the clicks it takes; logarithms add up."""
    if cost.price_rise is None:
        return ()
    whole, price = math.log1p(cost.rise), math.log1p(cost.price_rise)
    parts = (("Price of a click", price), ("Clicks that a lead takes", whole - price))
    return tuple(
        Driver(name, math.expm1(part), "growth", share=part / whole)
        for name, part in sorted(parts, key=lambda pair: -pair[1])
    )


def _evidence(
    context: Context, cost: Cost, last_day: date, p_value: float | None
) -> tuple[Filters, tuple[Evidence, ...]]:
    limits = context.thresholds
    until = last_day - timedelta(days=7 * cost.weeks_ago - 1)
    since = until - timedelta(weeks=limits["window_weeks"])
    window = context.filters.with_window(since, until)
    scope = context.scope(window, channels=cost.channel, segments=cost.segment)
    asked = context.kept(scope, COLUMNS)
    params = {
        **asked.params,
        "since": since,
        "until": until,
        "baseline_since": since - timedelta(weeks=limits["baseline_weeks"]),
        "month_days": MONTH_DAYS,
    }

    def statement(value: str) -> Statement:
        return naming(COMPARED.format(conditions=asked.text, value=value), params)

    ratio = ratio_interval(cost.before.rate, cost.now.rate, cost.spread)
    value = cost.now.spend / cost.now.leads
    main = Evidence(
        metric="cpl",
        label=f"Cost per lead of {cost.channel} in {cost.segment}",
        value=value,
        unit="money",
        sql=statement(COST).literal(),
        baseline=1 / cost.before.rate.value,
        baseline_label="the half year before",
        n=int(cost.now.leads),
        interval=log_normal(value, (cost.spread / cost.now.leads) ** 0.5),
        p_value=cost.p_value,
        adjusted_p=p_value,
        effect=Effect(cost.rise, ratio and ratio.shifted(-1), is_relative=True),
    )
    per_month = MONTH_DAYS / (until - since).days
    return scope, (main, impact(cost.excess * per_month, statement(EXCESS), "Spent beyond it"))

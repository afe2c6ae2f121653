"""Whether the pipeline turns into money as fast as a year ago."""

import math
from dataclasses import dataclass

from revops import metrics
from revops.filters import Filters
from revops.insights.context import MONTH_DAYS, Context
from revops.insights.finding import finding, impact, known, no_data
from revops.insights.intervals import log_normal, p_of
from revops.insights.model import Category, Driver, Effect, Evidence, Status
from revops.insights.question import Tested
from revops.periods import Window, same_period_last_year
from revops.statements import Statement, call

CATEGORY: Category = "pipeline"

COLUMNS = "won_deals, decided_deals, win_rate, mean_won_amount, mean_cycle_days"
VALUE = "velocity_per_day as value, won_deals as n"
BASELINE = """select
    now.open_deals * earlier.win_rate * earlier.mean_won_amount / earlier.mean_cycle_days as value
from {now} as now
cross join {then} as earlier
where now.is_total and earlier.is_total"""

SLOWER = f"""select {MONTH_DAYS} * (now.open_deals * earlier.win_rate
    * earlier.mean_won_amount / earlier.mean_cycle_days - now.velocity_per_day) as value
from {{now}} as now
cross join {{then}} as earlier
where now.is_total and earlier.is_total"""

NOT_KNOWN = (
    "This window and the same one a year earlier do not both have {least} won deals, or open "
    "deals are not known at this date."
)

# How widely single deals vary: squared coefficient of variation of amount and of cycle.
SPREAD = """select
    pow(stddev_samp(cast(deals.amount as double)) / nullif(avg(deals.amount), 0), 2) as amount,
    pow(stddev_samp(deals.cycle_days) / nullif(avg(deals.cycle_days), 0), 2) as cycle
from marts.deals as deals
where deals.is_won{conditions}"""

CONDITIONS = {
    "since": "deals.close_date >= $since",
    "until": "deals.close_date < $until",
    "segments": "list_contains($segments, deals.segment)",
    "channels": "list_contains($channels, deals.channel)",
    "owners": "list_contains($owners, deals.owner)",
}


@dataclass(frozen=True)
class Pace:
    """What one open deal yields per day: win rate × mean won amount ÷ mean cycle days.

    `variance` is that of the yield's logarithm (delta method).
    """

    won: float
    win_rate: float
    mean_won_amount: float
    mean_cycle_days: float
    variance: float

    @property
    def per_deal(self) -> float:
        """Money per day and open deal."""
        return self.win_rate * self.mean_won_amount / self.mean_cycle_days


def velocity(context: Context) -> Tested:
    """Does today's pipeline turn into money as fast as it would have a year ago?

    Why: velocity is what the pipeline earns per day: open deals × win rate × deal size ÷ days
    to win. With the same open deals on both sides, only how they are sold is compared, and
    the same season a year earlier keeps the calendar out of it.
    Do: work on the factor that pulls it down most: win rate, deal size or days to win.
    """
    limits, window = context.thresholds, context.window()
    earlier = same_period_last_year(Window(window.since, window.until))
    before = window.with_window(earlier.since, earlier.until) if earlier else None
    open_deals = context.row(context.metric("open_deals", "pipeline", window)).get("open_deals")
    now, then = _pace(context, window), _pace(context, before)
    if not open_deals or before is None or now is None or then is None:
        least = context.words(limits["minimum_won"], "count")
        return no_data(velocity, NOT_KNOWN.format(least=least))
    change = math.log(now.per_deal / then.per_deal)
    p_value = p_of(change, math.sqrt(now.variance + then.variance))
    (adjusted,) = yield [p_value]
    value, baseline = open_deals * now.per_deal, open_deals * then.per_deal
    status, is_news = _judge(context, change, adjusted, (baseline - value) * MONTH_DAYS)
    error = math.sqrt(now.variance + then.variance)
    main = Evidence(
        metric="velocity_per_day",
        label="Velocity",
        value=value,
        unit="money_per_day",
        sql=context.metric(VALUE, "pipeline", window).literal(),
        baseline=baseline,
        baseline_label="today's open deals at the pace of a year earlier",
        n=int(now.won),
        interval=log_normal(value, math.sqrt(now.variance)),
        p_value=p_value,
        adjusted_p=adjusted,
        effect=Effect(
            math.expm1(change), log_normal(math.exp(change), error).shifted(-1), is_relative=True
        ),
    )
    slower = _compared(context, window, before, SLOWER)
    cost = [impact((baseline - value) * MONTH_DAYS, slower, "Slower by")] if is_news else []
    return finding(
        velocity,
        status,
        _words(context, value, baseline, is_news),
        (main, _baseline(context, window, before, baseline), *(cost if change < 0 else [])),
        severity="low" if is_news and status == "good" else None,
        drivers=_drivers(now, then, change),
        scope=window,
    )


def _words(context: Context, value: float, baseline: float, is_news: bool) -> str:
    here, there = context.words(value, "money_per_day"), context.words(baseline, "money_per_day")
    if is_news:
        return (
            f"Pipeline turns into money at {here}; at the pace of a year earlier it would be "
            f"{there}."
        )
    return (
        f"Velocity is {here}; at the pace of a year earlier it would be {there}, and chance "
        "explains the difference."
    )


def _judge(
    context: Context, change: float, p_value: float | None, lost: float
) -> tuple[Status, bool]:
    """The status, and whether the change is news at all."""
    limits = context.thresholds
    if abs(math.expm1(change)) < limits["minimum_change"] or p_value is None:
        return "good", False
    if change > 0:
        return "good", p_value <= limits["alert_q"]
    status = context.status(p_value, lost)
    return status, status != "good"


def _pace(context: Context, window: Filters | None) -> Pace | None:
    if window is None:
        return None
    asked = context.metric(COLUMNS, "pipeline", window)
    values = known(context.row(asked), *COLUMNS.split(", "))
    if values is None or values[0] < context.thresholds["minimum_won"]:
        return None
    conditions = "".join(
        f"\n    and {text}" for name, text in CONDITIONS.items() if name in asked.params
    )
    bound = {name: asked.params[name] for name in CONDITIONS if name in asked.params}
    spread = known(
        context.row(Statement(SPREAD.format(conditions=conditions), bound)), "amount", "cycle"
    )
    won, decided, win_rate, amount, cycle = values
    if spread is None or min(win_rate, amount, cycle) <= 0:
        return None
    variance = (1 - win_rate) / (decided * win_rate) + (spread[0] + spread[1]) / won
    return Pace(won, win_rate, amount, cycle, variance)


def _baseline(context: Context, window: Filters, before: Filters, value: float) -> Evidence:
    return Evidence(
        metric="velocity_per_day",
        label="Today's open deals at the pace of a year earlier",
        value=value,
        unit="money_per_day",
        sql=_compared(context, window, before, BASELINE).literal(),
    )


def _compared(context: Context, window: Filters, before: Filters, question: str) -> Statement:
    now = metrics.statement(context.warehouse, "pipeline", window).params
    then = metrics.statement(context.warehouse, "pipeline", before).params
    text = question.format(
        now=call("metrics.pipeline", now), then=call("metrics.pipeline", then, "earlier_")
    )
    params = {**now, **{f"earlier_{name}": kept for name, kept in then.items()}}
    return Statement(text, params)


def _drivers(now: Pace, then: Pace, change: float) -> tuple[Driver, ...]:
    """Each factor's part of the change; logarithms add up without a remainder."""
    parts = (
        ("Win rate", math.log(now.win_rate / then.win_rate)),
        ("Deal size", math.log(now.mean_won_amount / then.mean_won_amount)),
        ("Days to win", math.log(then.mean_cycle_days / now.mean_cycle_days)),
    )
    return tuple(
        Driver(name, math.expm1(part), "growth", share=part / change if change else None)
        for name, part in sorted(parts, key=lambda pair: -abs(pair[1]))
    )

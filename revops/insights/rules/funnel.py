"""Where the marketing funnel loses more than it used to."""

import math
from dataclasses import dataclass
from typing import Any

from revops.filters import Filters
from revops.insights.context import Context
from revops.insights.finding import finding, impact, no_data
from revops.insights.intervals import for_the_worse, normal, p_of, wilson
from revops.insights.model import Category, Driver, Effect, Evidence, Status
from revops.insights.question import Tested
from revops.periods import Window, same_period_last_year

CATEGORY: Category = "marketing"

STAGES = {
    "impressions": "Impressions",
    "clicks": "clicks",
    "leads": "leads",
    "mqls": "MQLs",
    "sqls": "SQLs",
    "opportunities": "opportunities",
    "closed_won": "closed won",
}
STEPS = tuple(zip(list(STAGES)[:-1], list(STAGES)[1:], strict=True))


@dataclass(frozen=True)
class Step:
    """A step's counts in the window and before, and how sure the difference is.

    `season` is the rate of the same window a year earlier, None where nobody knows it.
    """

    start: str
    end: str
    entered: int
    passed: int
    rate: float
    before: float
    season: float | None
    error: float

    @property
    def drop(self) -> float:
        """Loss relative to the rate before; negative when the step improved."""
        return (self.before - self.rate) / self.before

    @property
    def p_value(self) -> float | None:
        """How often chance alone would pass on so much less."""
        return for_the_worse(p_of(self.rate - self.before, self.error), self.rate < self.before)

    @property
    def is_seasonal(self) -> bool:
        """Whether the step was as weak a year earlier: what returns is not news."""
        return self.season is not None and self.before - self.season > (self.before - self.rate) / 2

    @property
    def name(self) -> str:
        """ "leads to MQLs"."""
        return f"{STAGES[self.start]} to {STAGES[self.end]}"


def weak_funnel_step(context: Context) -> Tested:
    """Does a step of the marketing funnel pass on fewer than in the year before?

    Why: every later stage starves when one step weakens, and spend above it is lost. Rates
    are of the period's counts, since daily totals cannot follow one lead.
    Do: look at the step by channel and campaign, then at what changed there: form, scoring,
    hand-over, follow-up time.
    """
    limits, window = context.thresholds, context.window()
    before = context.before(window, limits["baseline_days"])
    spend, steps = _steps(context, window, before) if before else (0.0, [])
    if not steps:
        return no_data(
            weak_funnel_step, "No step has enough cases both in the window and in the year before."
        )
    adjusted = yield [step.p_value for step in steps]
    months = context.months(window) or 1.0
    judged = [
        (step, p, _status(context, step, p, spend * step.drop / months))
        for step, p in zip(steps, adjusted, strict=True)
    ]
    weak = [one for one in judged if one[2] != "good"]
    worst, p_value, status = max(weak or judged, key=lambda one: one[0].drop)
    now, then = context.words(worst.rate, "ratio"), context.words(worst.before, "ratio")
    said = (
        f"The step from {worst.name} weakened: {now} pass it, {then} in the year before."
        if weak
        else f"No step of the funnel weakened; from {worst.name} {now} pass, {then} in the year "
        "before."
    )
    lost = f"spend * (1 - {worst.end} / {worst.start} / {worst.before!r}) / {months!r} as value"
    cost = impact(
        spend * worst.drop / months,
        context.metric(lost, "marketing", window),
        "Spend lost at the step",
    )
    return finding(
        weak_funnel_step,
        status,
        said,
        (_evidence(context, window, worst, p_value), *([cost] if weak else [])),
        drivers=tuple(Driver(step.name, step.rate - step.before, "points") for step in steps),
        scope=window,
    )


def _status(context: Context, step: Step, p_value: float | None, lost: float) -> Status:
    limits = context.thresholds
    if step.drop < limits["watch_drop"] or step.is_seasonal:
        return "good"
    status = context.status(p_value, lost)
    return "watch" if status == "alert" and step.drop < limits["alert_drop"] else status


def _evidence(context: Context, window: Filters, step: Step, p_value: float | None) -> Evidence:
    columns = f"{step.end} / nullif({step.start}, 0) as value, {step.start} as n"
    change = step.rate - step.before
    return Evidence(
        metric=f"{step.start}_to_{step.end}",
        label=f"Share passing from {step.name}",
        value=step.rate,
        unit="ratio",
        sql=context.metric(columns, "marketing", window).literal(),
        baseline=step.before,
        baseline_label="the year before",
        n=step.entered,
        interval=wilson(step.passed, step.entered),
        p_value=step.p_value,
        adjusted_p=p_value,
        effect=Effect(change, normal(change, step.error)),
    )


def _steps(context: Context, window: Filters, before: Filters) -> tuple[float, list[Step]]:
    """The window's spend, and the steps with enough cases."""
    counts = ", ".join(STAGES)
    now = context.row(context.metric(f"spend, {counts}", "marketing", window))
    then = context.row(context.metric(counts, "marketing", before))
    year_ago = same_period_last_year(Window(window.since, window.until))
    season = (
        context.row(
            context.metric(counts, "marketing", window.with_window(year_ago.since, year_ago.until))
        )
        if year_ago
        else {}
    )
    weeks = context.rows(context.metric(counts, "marketing", before, by="week"))
    steps = [_step(start, end, now, then, season, weeks) for start, end in STEPS]
    least = context.thresholds["minimum_entries"]
    return float(now.get("spend") or 0), [step for step in steps if step and step.entered >= least]


def _step(
    start: str,
    end: str,
    now: dict[str, Any],
    then: dict[str, Any],
    season: dict[str, Any],
    weeks: list[dict[str, Any]],
) -> Step | None:
    """None when a count is not known or the later stage counts more than the earlier one."""
    if None in (now.get(start), now.get(end), then.get(start), then.get(end)):
        return None
    if not (0 < now[start] >= now[end] and then[start] > then[end] > 0):
        return None
    rate, before = now[end] / now[start], then[end] / then[start]
    error = math.sqrt(before * (1 - before) * (1 / now[start] + 1 / then[start]))
    error *= math.sqrt(_dispersion(start, end, before, weeks))
    known = season.get(start) and season.get(end) is not None
    earlier = season[end] / season[start] if known else None
    return Step(start, end, now[start], now[end], rate, before, earlier, error)


def _dispersion(start: str, end: str, rate: float, weeks: list[dict[str, Any]]) -> float:
    """How much more weekly rates vary than coin tosses would (Pearson's chi² per week), >= 1.

    Leads of one campaign share their luck; without this, chance would look like news.
    """
    known = [week for week in weeks if week[start] and week[end] is not None]
    if len(known) < 2:
        return 1.0
    squares = (
        (week[end] - week[start] * rate) ** 2 / (week[start] * rate * (1 - rate)) for week in known
    )
    return max(1.0, sum(squares) / (len(known) - 1))

"""Whether a new customer earns back what it cost, and soon enough."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from revops.insights.accounts import BEYOND, EACH, LIFETIME, NAMES, PAYBACK, SHORT, YEAR
from revops.insights.bootstrap import interval_of
from revops.insights.context import Context
from revops.insights.finding import finding, impact, no_data
from revops.insights.intervals import for_the_worse, p_of
from revops.insights.model import Category, Driver, Effect, Evidence, Interval
from revops.insights.question import Tested
from revops.insights.targets import Target, targets
from revops.statements import Statement, naming
from revops.targets import EVERYTHING

CATEGORY: Category = "revenue"


@dataclass(frozen=True)
class Figure:
    """A figure of the last twelve months of the accounts, beside its benchmark."""

    value: float
    target: Target
    cost: float
    n: int
    interval: Interval
    error: float
    is_worse: bool

    @property
    def p_value(self) -> float | None:
        """How often chance alone would miss the target by so much."""
        both = p_of(self.value - self.target.value, self.error)
        return for_the_worse(both, self.is_worse)


def payback(context: Context) -> Tested:
    """Does a new customer take longer to earn back its cost than the target allows?

    Why: until then growth is paid for in advance, and each further month needs more cash.
    Do: find which of its parts moved: cost per customer, first price, or gross margin.
    """
    figure = _figure(context, "cac_payback_targets", PAYBACK, BEYOND, _months_to_earn)
    if figure is None:
        return no_data(payback, "It takes finance.csv, twelve months of MRR and a target for all.")
    (adjusted,) = yield [figure.p_value]
    status = context.status(adjusted, figure.cost) if figure.is_worse else "good"
    most = figure.target.most
    if status == "alert" and most is not None and figure.interval.low <= most:
        status = "watch"
    takes = context.words(figure.value, "months")
    target = context.words(figure.target.value, "months")
    return finding(
        payback,
        status,
        f"A new customer takes {takes} to earn back its cost; the target is {target}."
        if status != "good"
        else f"New customers are not shown to earn back their cost too late: in {takes}, the "
        f"target is {target}.",
        _evidence(context, figure, "cac_payback_months", "months", PAYBACK, BEYOND, adjusted),
        drivers=_drivers(context),
    )


def ltv_to_cac(context: Context) -> Tested:
    """Is a customer worth fewer times its cost than the target asks?

    Why: below three, what a customer brings over its life hardly pays for the people who won it.
    Do: see which part is weak: lifetime (churn), price, margin, or the cost of winning it.
    """
    figure = _figure(context, "ltv_cac_targets", LIFETIME, SHORT, _times_its_cost)
    if figure is None:
        return no_data(
            ltv_to_cac, "It takes finance.csv, twelve months of MRR and a target for all."
        )
    (adjusted,) = yield [figure.p_value]
    status = context.status(adjusted, figure.cost) if figure.is_worse else "good"
    if status == "alert" and figure.interval.high >= figure.target.floor:
        status = "watch"
    times = context.words(figure.value, "multiple")
    target = context.words(figure.target.value, "multiple")
    return finding(
        ltv_to_cac,
        status,
        f"A customer is worth {times} what it costs to win; the target is {target}."
        if status != "good"
        else f"Customers are not shown to be worth too little: {times} what they cost to win, the "
        f"target is {target}.",
        _evidence(context, figure, "ltv_to_cac", "multiple", LIFETIME, SHORT, adjusted),
        drivers=_drivers(context),
    )


def _figure(
    context: Context,
    metric_type: str,
    question: str,
    cost: str,
    statistic: Callable[[np.ndarray], np.ndarray],
) -> Figure | None:
    """None where the accounts or the target are missing, or somebody asks for a part of it."""
    target = targets(context.warehouse, metric_type).get(EVERYTHING)
    if target is None or context.filters.members() or context.filters.until:
        return None
    rows = context.rows(_asked(context, EACH))
    parts = [[float(row[name] or 0) for name in NAMES] for row in rows]
    drawn = interval_of(parts, statistic) if len(parts) == 12 else None
    row = context.row(_asked(context, question, target.value))
    beyond = context.row(_asked(context, cost, target.value)).get("value")
    if drawn is None or row.get("value") is None or beyond is None:
        return None
    # either costs money exactly when it misses its target
    return Figure(float(row["value"]), target, float(beyond), int(row["n"]), *drawn, beyond > 0)


def _asked(context: Context, question: str, target: float | None = None) -> Statement:
    this_month = (context.as_of + timedelta(days=1)).replace(day=1)
    return naming(YEAR + question, {"this_month": this_month, "target": target})


def _months_to_earn(sums: np.ndarray) -> np.ndarray:
    expense, new_mrr, revenue, margin = sums[:, :4].T
    return np.asarray(expense / new_mrr / (margin / revenue))


def _times_its_cost(sums: np.ndarray) -> np.ndarray:
    expense, _, revenue, margin, lost, opening, customers, paying, closing = sums.T
    lifetime = closing / paying * (margin / revenue) / (lost / opening)
    return np.asarray(lifetime / (expense / customers))


def _evidence(
    context: Context,
    figure: Figure,
    metric: str,
    unit: str,
    question: str,
    cost: str,
    adjusted: float | None,
) -> tuple[Evidence, ...]:
    main = Evidence(
        metric=metric,
        label="CAC payback over twelve months" if unit == "months" else "LTV to CAC over a year",
        value=figure.value,
        unit=unit,
        sql=_asked(context, question, figure.target.value).literal(),
        baseline=figure.target.value,
        baseline_label="the target",
        n=figure.n,
        interval=figure.interval,
        p_value=figure.p_value,
        adjusted_p=adjusted,
        effect=Effect(
            figure.value - figure.target.value, figure.interval.shifted(-figure.target.value)
        ),
    )
    if figure.cost <= 0:
        return (main,)
    beyond = _asked(context, cost, figure.target.value)
    return main, impact(figure.cost, beyond, "Spent beyond it")


def _drivers(context: Context) -> tuple[Driver, ...]:
    """The parts that both figures are made of."""
    rows = context.rows(_asked(context, EACH))
    sums = {name: sum(float(row[name] or 0) for row in rows) for name in NAMES}
    if not sums["new_customers"]:
        return ()
    return (
        Driver("Cost of a new customer", sums["expense"] / sums["new_customers"], "money"),
        Driver("Its first MRR", sums["new_mrr"] / sums["new_customers"], "money"),
    )

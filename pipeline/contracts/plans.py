"""The contracts of benchmarks.csv, targets.csv and finance.csv."""

# ruff: noqa: N805 - @rule and @oddity make class methods of what they adorn

import polars as pl

from pipeline.contracts.fields import Contract, Money, known, maybe, segment
from pipeline.contracts.rules import oddity, rule

METRIC_TYPES = [
    "channel_cpl_range",
    "stage_conversion_benchmarks",
    "win_rate_targets",
    "sales_cycle_by_segment",
    "cac_payback_targets",
    "ltv_cac_targets",
    "nrr_targets",
]
SHORTEST_PAYBACK_IN_DAYS = 60


class Benchmarks(Contract):
    """What a metric usually is elsewhere. One row per benchmark_id.

    No benchmark fails a build: odd ones are flagged and used by nothing.
    """

    benchmark_id: str = known("Identifier of the benchmark")
    metric_type: str = known("What is compared, such as win_rate_targets")
    category: str = known("Channel or segment it speaks of; `all` for the whole")
    subcategory: str = known("Segment it speaks of")
    target_value: pl.Float64 = known("The value to reach")
    min_value: pl.Float64 = maybe("Lower end of the usual range")
    max_value: pl.Float64 = maybe("Upper end of the usual range")
    unit: str = known("Unit of the values")
    description: str = maybe("What the benchmark says, in words")
    source: str | None = maybe("Where the benchmark comes from")
    year: pl.Int64 | None = maybe("Year the benchmark describes")

    @oddity("metric_type", remedy=f"Use one of {', '.join(METRIC_TYPES)}.")
    def unknown_metric_type(cls) -> pl.Expr:
        """The metric_type is one that a metric is compared with."""
        return pl.col("metric_type").is_in(METRIC_TYPES)

    @oddity("target_value", "metric_type", "unit", remedy="State the payback in months.")
    def payback_in_days_implausible(cls) -> pl.Expr:
        """A payback given in days is at least 60: shorter ones are months mislabelled."""
        in_days = pl.col("unit").str.to_lowercase().str.contains("day", literal=True)
        is_payback = pl.col("metric_type") == "cac_payback_targets"
        return ~(is_payback & in_days) | (pl.col("target_value") >= SHORTEST_PAYBACK_IN_DAYS)

    @oddity("min_value", "max_value", remedy="Swap the two ends of the range.")
    def range_upside_down(cls) -> pl.Expr:
        """min_value is not above max_value."""
        return pl.col("min_value") <= pl.col("max_value")


class Targets(Contract):
    """What was planned. One row per metric, period and slice."""

    metric: str = known("Metric of the catalogue, such as won_amount")
    period_start: pl.Date = known("First day of the period")
    period_end: pl.Date = known("First day after the period")
    segment: str = segment("Segment the target is for; empty for all")
    owner: str = maybe("Owner the target is for; empty for all")
    value: Money = known("The value to reach")

    @rule(
        "period_end",
        "period_start",
        remedy="Correct the dates; if period_end is the last day, set end_is_inclusive = true.",
    )
    def period_ends_before_it_starts(cls) -> pl.Expr:
        """period_end, the first day after, is after period_start."""
        return pl.col("period_end") > pl.col("period_start")


class Finance(Contract):
    """The books of a month, of the whole company. One row per month."""

    month: pl.Date = known("First day of the month")
    sales_marketing_expense: Money = known("Sales and marketing expense", ge=0)
    revenue: Money = known("Recognised revenue", ge=0)
    cost_of_revenue: Money = known("Cost of delivering that revenue", ge=0)
    net_burn: Money = known("Cash spent beyond cash received; negative when cash came in")

    @rule("month", remedy="Write the first day of the month.")
    def month_not_on_first_day(cls) -> pl.Expr:
        """A month is named by its first day."""
        return pl.col("month").dt.day() == 1

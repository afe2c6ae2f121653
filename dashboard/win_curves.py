"""What the win curve card draws: the newest cohorts, each with its place in the colourway."""

import polars as pl


def dated(curve: pl.DataFrame) -> pl.DataFrame:
    """The rows of reports.win_curve by a period, with its first day; unknown is empty."""
    return curve.with_columns(cohort=pl.col("cohort").str.to_date("%Y-%m-%d", strict=False))


def win_curves(cohorts: pl.DataFrame, most: int) -> pl.DataFrame:
    """The columns of the chart, for the newest `most` cohorts; the newest has position 0."""
    return (
        cohorts.filter(cohorts["cohort"].is_not_null())
        .select(
            cohort="cohort",
            position=pl.col("cohort").rank("dense", descending=True).cast(pl.Int64) - 1,
            day="day",
            share="won_share",
            at_risk="at_risk",
            is_mature="is_mature",
            is_partial="is_partial",
        )
        .filter(pl.col("position") < most)
    )

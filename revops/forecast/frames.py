"""A forecast as a table: every past trial beside what came, and the quarter ahead."""

import polars as pl

from revops.forecast.model import Forecast

SCHEMA = {
    "last_day": pl.Date,
    "p10": pl.Float64,
    "p50": pl.Float64,
    "p90": pl.Float64,
    "actual": pl.Float64,
    "as_last_quarter": pl.Float64,
    "as_a_year_before": pl.Float64,
}


def trials(one: Forecast) -> pl.DataFrame:
    """One row per three months, named by their last day, oldest first; no `actual` is yet to come.

    Empty when there is no forecast.
    """
    if one.forecast is None:
        return pl.DataFrame(schema=SCHEMA)
    rows = [
        (trial.last_day, trial.forecast, trial.actual, trial.last_quarter, trial.year_before)
        for trial in one.trials
    ]
    rows.append((one.last_day, one.forecast, None, one.last_quarter, one.year_before))  # type: ignore[arg-type]
    return pl.DataFrame(
        [
            (day, range_.p10, range_.p50, range_.p90, *rest)
            for day, range_, *rest in sorted(rows, key=lambda row: row[0])
        ],
        schema=SCHEMA,
        orient="row",
    )

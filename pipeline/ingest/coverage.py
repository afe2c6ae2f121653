"""Which days the inputs cover, and the day the numbers describe."""

from datetime import date, timedelta

import duckdb

from pipeline.contracts.dataset import Dataset
from pipeline.errors import InputError

AS_OF_COLUMNS = (
    ("marketing_channels", "date"),
    ("pipeline_deals", "created_at"),
    ("revenue_customers", "start_date"),
    ("deal_history", "snapshot_date"),
)
LARGEST_GAP_DAYS = 31


def resolve_as_of(con: duckdb.DuckDBPyConnection, override: date | None = None) -> tuple[date, str]:
    """The day the numbers describe and where it comes from; completes coverage in meta.loads.

    It is `override`, else the newest date of something that had happened when the
    files were exported. InputError when there is none, or when it lies more than 31
    days after the next older one: then it is more likely a slip than the present.
    """
    as_of, source = (override, "--as-of") if override else _newest_date(con)
    con.execute(
        "update meta.loads set last_date = ? where last_date is null and first_date is not null",
        [as_of],
    ).fetchall()
    return as_of, source


def _newest_date(con: duckdb.DuckDBPyConnection) -> tuple[date, str]:
    dates = " union all ".join(
        f'select {place} as place, _file as file, min(_line) as line, "{column}" as day '
        f'from raw.{dataset} group by _file, "{column}"'
        for place, (dataset, column) in enumerate(AS_OF_COLUMNS)
    )
    newest = con.sql(f"""
        select day, min(place), min_by(file, place), min_by(line, place)
        from ({dates})
        group by day order by day desc limit 2
    """).fetchall()
    if not newest:
        raise InputError(
            "No date in the inputs says which day the numbers describe.",
            ", ".join(f"{dataset}.{column}" for dataset, column in AS_OF_COLUMNS),
            "give the day with --as-of YYYY-MM-DD",
        )
    day, place, file, line = newest[0]
    dataset, column = AS_OF_COLUMNS[place]
    if len(newest) > 1 and day - newest[1][0] > timedelta(days=LARGEST_GAP_DAYS):
        raise InputError(
            f"The newest date, {day}, lies {(day - newest[1][0]).days} days after the next older "
            f"one, {newest[1][0]}: more likely a slip than the day the numbers describe.",
            f"{file}, line {line}, {column}",
            f"correct the date, or say the day: --as-of {newest[1][0]} (or --as-of {day})",
        )
    return day, f"{dataset}.{column}"


def coverage(
    con: duckdb.DuckDBPyConnection, dataset: Dataset, kind: str
) -> tuple[date | None, date | None]:
    """First and last day that a loaded file covers; the last is None for "to the as-of date".

    `kind` is that of deal_history: a file of changes is complete up to its export.
    """
    if dataset.starts_by is None:
        return None, None
    start = f'"{dataset.starts_by}"'
    last = {
        "newest": f"max({start})",
        "month_end": f"last_day(max({start}))",
        "period_end": f'max("{dataset.period_end}") - interval 1 day',
        "as_of": "null",
    }["as_of" if kind == "changes" else dataset.covers_until]
    row = con.sql(
        f"select cast(min({start}) as date), cast({last} as date) from raw.{dataset.name}"
    ).fetchall()[0]
    return row[0], row[1]

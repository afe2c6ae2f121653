"""Withholds the snapshots of deal_history.csv that lie after the as-of date."""

from datetime import date

import duckdb
import polars as pl

from pipeline.config import Config
from pipeline.errors import InputError
from pipeline.ingest import quarantine
from pipeline.ingest.keys import FINDINGS
from pipeline.ingest.load import open_sources

RULE = "snapshot_after_as_of"


def withhold_future(
    con: duckdb.DuckDBPyConnection, config: Config, as_of: date, strict: bool
) -> None:
    """Move rows about days to come to the quarantine, and keep the books of the load.

    The as-of date is the newest of the data unless it was given, so that only a given
    one leaves any. InputError when `strict`.
    """
    lines = con.execute(
        "select _line, snapshot_date from raw.deal_history where snapshot_date > ? order by _line",
        [as_of],
    ).fetchall()
    if not lines:
        return
    if strict:
        raise InputError(
            f"{len(lines)} rows of deal_history.csv describe days after the as-of date {as_of}, "
            "and --strict allows no bad row",
            f"{config.files['deal_history'].path}, line {lines[0][0]}, snapshot_date: "
            f"{lines[0][1]} ({RULE})",
            "correct the dates, or give a later --as-of",
        )
    findings = pl.DataFrame(
        [
            (
                line, "snapshot_date", str(day), RULE,
                f"The snapshot lies after the as-of date {as_of}: that day is not known yet. "
                "Correct the date, or build with a later --as-of.",
            )
            for line, day in lines
        ],
        schema=FINDINGS,
        orient="row",
    )  # fmt: skip
    source = open_sources(config)["deal_history"]
    amount, _ = quarantine.withdraw(con, source, "amount", findings)
    con.execute(
        "update meta.loads set rows_loaded = rows_loaded - ?,"
        " rows_quarantined = rows_quarantined + ?, amount_loaded = amount_loaded - ?,"
        " amount_withheld = amount_withheld + ?, last_date = least(last_date, ?)"
        " where dataset = 'deal_history'",
        [len(lines), len(lines), amount, amount, as_of],
    ).fetchall()

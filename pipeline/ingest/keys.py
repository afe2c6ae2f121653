"""Lines that repeat a key or contradict an earlier line of the same subscription.

The first line stays, later ones are withheld. Keys are remembered as 64-bit hashes,
8 bytes a row; the few lines whose hash recurs are then compared exactly in the
database, so a hash collision withholds nothing.
"""

from datetime import date

import duckdb
import numpy as np
import polars as pl

from pipeline.contracts.dataset import Dataset
from pipeline.ingest.pieces import LINE

FINDINGS = pl.Schema({
    "line": pl.Int64(), "column_name": pl.String(), "value": pl.String(),
    "rule": pl.String(), "reason": pl.String(),
})  # fmt: skip
_PARTITIONS = 16


class KeyLedger:
    """Remembers the keys of the rows of one file, batch after batch."""

    def __init__(self, key: tuple[str, ...]) -> None:
        self._key = key
        self._hashes: list[np.ndarray] = []
        self._lines: list[np.ndarray | range] = []

    def add(self, rows: pl.DataFrame) -> None:
        """Remember rows that are to be loaded; empty cells of a key are equal."""
        if rows.is_empty():
            return
        self._hashes.append(rows.select(self._key).hash_rows(seed=1).to_numpy())
        lines = rows[LINE]
        first, last = lines[0], lines[-1]
        is_dense = last - first == len(lines) - 1
        self._lines.append(range(first, last + 1) if is_dense else lines.to_numpy())

    def suspects(self) -> pl.Series:
        """The lines whose key's hash occurs more than once."""
        recurring = [
            _recurring(np.concatenate([h[h % _PARTITIONS == part] for h in self._hashes]))
            for part in range(_PARTITIONS)
            if self._hashes
        ]
        wanted = np.concatenate(recurring) if recurring else np.array([], np.uint64)
        if not len(wanted):
            return pl.Series("line", [], dtype=pl.Int64)
        lines = [
            np.asarray(lines)[np.isin(hashes, wanted)]
            for hashes, lines in zip(self._hashes, self._lines, strict=True)
        ]
        return pl.Series("line", np.concatenate(lines), dtype=pl.Int64)


def _recurring(hashes: np.ndarray) -> np.ndarray:
    hashes.sort()
    return np.unique(hashes[1:][hashes[1:] == hashes[:-1]])


def duplicate_keys(
    con: duckdb.DuckDBPyConnection, dataset: Dataset, suspects: pl.Series
) -> pl.DataFrame:
    """The later lines of each key that occurs twice (FINDINGS)."""
    if suspects.is_empty():
        return pl.DataFrame(schema=FINDINGS)
    key = ", ".join(f'"{column}"' for column in dataset.key)
    con.register("suspects", suspects.to_frame())
    try:
        found = con.sql(f"""
            select _line as line, first_line, concat_ws(', ', {key}) as value
            from (
                select _line, {key}, min(_line) over (partition by {key}) as first_line
                from raw.{dataset.name}
                where _line in (select line from suspects)
            )
            where _line > first_line
            order by _line
        """).pl()
    finally:
        con.unregister("suspects")
    names = ", ".join(dataset.key)
    return found.select(
        "line",
        pl.lit(dataset.key[0]).alias("column_name"),
        "value",
        pl.lit("duplicate_key").alias("rule"),
        pl.format(
            "Line {} has the same " + names + "; the first line stays. Keep one of them.",
            "first_line",
        ).alias("reason"),
    )


def contradicting_periods(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Lines of raw.subscriptions that overlap an earlier line or change the customer (FINDINGS)."""
    rows = con.sql("""
        with periods as (
            select
                subscription_id, customer_id, start_date, end_date, _line,
                max(coalesce(end_date, date '9999-12-31')) over (
                    partition by subscription_id order by start_date, _line
                    rows between unbounded preceding and 1 preceding
                ) as paid_until,
                min(customer_id) over (partition by subscription_id)
                    <> max(customer_id) over (partition by subscription_id) as is_shared
            from raw.subscriptions
        )
        select subscription_id, customer_id, start_date, end_date, _line
        from raw.subscriptions
        where subscription_id in (
            select subscription_id from periods where start_date < paid_until or is_shared
        )
        order by _line
    """).fetchall()
    kept: dict[str, list[tuple[str, date, date, int]]] = {}
    findings = []
    for subscription, customer, start, end, line in rows:
        earlier = kept.setdefault(subscription, [])
        until = end or date.max
        overlapped = [each[3] for each in earlier if start < each[2] and each[1] < until]
        if earlier and earlier[0][0] != customer:
            findings.append(
                (
                    line,
                    "customer_id",
                    customer,
                    "subscription_of_two_customers",
                    f"Line {earlier[0][3]} gives the subscription to {earlier[0][0]}; "
                    "a subscription belongs to one customer. Correct one of them.",
                )
            )
        elif overlapped:
            findings.append(
                (
                    line,
                    "start_date",
                    str(start),
                    "overlapping_period",
                    f"The period overlaps that of line {overlapped[0]} of the same "
                    "subscription. End one before the other begins.",
                )
            )
        else:
            earlier.append((customer, start, until, line))
    return pl.DataFrame(findings, schema=FINDINGS, orient="row")

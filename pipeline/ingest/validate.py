"""Judging typed rows by their contract: which load, which are withheld, which are odd."""

from dataclasses import dataclass
from decimal import Decimal

import pandera.errors
import polars as pl

from pipeline.contracts.compile import RowRule
from pipeline.contracts.dataset import Dataset, Members
from pipeline.ingest.doubtful import PROBLEMS
from pipeline.ingest.pieces import LINE, TextBatch
from pipeline.ingest.typing import TypedBatch

FLAGS = "_flags"
ROUNDED = "money_rounded"
ROUNDED_SAYS = "Amounts have at most 6 decimals; further ones were rounded half even."
WITHHELD = pl.Schema({
    "line": pl.Int64(), "column_name": pl.String(), "value": pl.String(),
    "rule": pl.String(), "reason": pl.String(), "raw_row": pl.String(),
})  # fmt: skip


@dataclass(frozen=True)
class Verdict:
    """What becomes of a batch.

    `good` has the typed columns, `_line` and, if any row is odd, `_flags`. `withheld`
    (WITHHELD) has one row per row that broke a rule: the first one in column order,
    the others named in its reason. `amount_withheld` sums their readable money,
    `magnitude_withheld` its absolute values.
    """

    good: pl.DataFrame
    withheld: pl.DataFrame
    amount_withheld: Decimal
    magnitude_withheld: Decimal


class Judge:
    """Judges the batches of one dataset.

    A quick pass compiled from the pandera schema tells whether a batch holds a bad
    row; pandera itself (eager, lazy=True) then explains the batch. With `verify` it
    judges every batch.
    """

    def __init__(self, dataset: Dataset, members: Members, *, verify: bool = False) -> None:
        self._dataset = dataset
        self._schema = dataset.schema(members)
        self._rules = dataset.rules(members)
        self._verify = verify
        self._positions = {column.name: n for n, column in enumerate(dataset.columns)}

    def judge(self, batch: TextBatch, typed: TypedBatch) -> Verdict:
        """Split a typed batch; `batch` is its text, for values and whole rows."""
        problems = self.problems(typed.frame.drop(LINE), batch.frame, typed.problems)
        if problems.is_empty():
            good, rounded = typed.frame, typed.rounded
            withheld, bad = pl.DataFrame(schema=WITHHELD), typed.frame.clear()
        else:
            withheld = _withheld(problems, batch)
            places = problems["row"].unique().sort()
            is_bad = pl.Series([False]).new_from_index(0, typed.frame.height)
            is_bad = is_bad.scatter(places, True)
            good, bad = typed.frame.filter(~is_bad), typed.frame.filter(is_bad)
            kept = typed.rounded.filter(~typed.rounded.is_in(places.implode()))
            before = is_bad.cum_sum()
            rounded = kept - before.gather(kept) if len(kept) else kept
        amounts = self._amounts(bad)
        return Verdict(
            good=self._flagged(good, rounded),
            withheld=withheld,
            amount_withheld=Decimal(sum(amounts)),
            magnitude_withheld=Decimal(sum(map(abs, amounts))),
        )

    def problems(
        self, frame: pl.DataFrame, text: pl.DataFrame, unread: pl.DataFrame
    ) -> pl.DataFrame:
        """Every breach (PROBLEMS), sorted by row and column; `unread` are those of typing."""
        found = self.explain(frame) if self._verify or self.has_bad_row(frame) else []
        if not found:
            return unread.sort("row", "position")
        breaches = [self._breaches(rule, rows, text) for rule, rows in found]
        already = unread.select("row", "column")
        unfilled = pl.concat(breaches).join(
            already, on=["row", "column"], how="anti", maintain_order="left"
        )
        return pl.concat([unread, unfilled]).sort("row", "position", maintain_order=True)

    def has_bad_row(self, frame: pl.DataFrame) -> bool:
        """The quick pass: whether any row breaks any rule."""
        broken = frame.select(rule.breaks.any().alias(str(n)) for n, rule in enumerate(self._rules))
        return any(broken.row(0))

    def explain(self, frame: pl.DataFrame) -> list[tuple[RowRule, pl.Series]]:
        """Pandera's word: per broken rule the places of the rows that break it."""
        try:
            self._schema.validate(frame, lazy=True)
        except pandera.errors.SchemaErrors as errors:
            cases = errors.failure_cases
        else:
            return []
        by_check = {
            (None if context == "DataFrameSchema" else column, number): rows
            for (context, column, number), rows in (
                (key, group["index"]) for key, group in cases.group_by(
                    "schema_context", "column", "check_number", maintain_order=True
                )
            )
        }  # fmt: skip
        known = {rule.check: rule for rule in self._rules}
        return [(known[check], rows.cast(pl.UInt32)) for check, rows in by_check.items()]

    def _breaches(self, rule: RowRule, rows: pl.Series, text: pl.DataFrame) -> pl.DataFrame:
        cells = text[rule.column].gather(rows) if rule.column in text.columns else None
        return pl.DataFrame(
            {
                "row": rows,
                "position": pl.Series([self._positions[rule.column]]).new_from_index(0, len(rows)),
                "column": [rule.column] * len(rows),
                "value": cells if cells is not None else [None] * len(rows),
                "rule": [rule.name] * len(rows),
                "reason": [f"{rule.says} {rule.remedy}"] * len(rows),
            },
            schema=PROBLEMS,
            strict=False,
        )

    def _amounts(self, bad: pl.DataFrame) -> list[Decimal]:
        money = self._dataset.money_column
        return bad[money].drop_nulls().to_list() if money else []

    def _flagged(self, good: pl.DataFrame, rounded: pl.Series) -> pl.DataFrame:
        """`good` with `_flags` where at least one of its rows is odd."""
        names = [rule.name for rule in self._dataset.warnings] + [ROUNDED]
        odd = _masks(good, [rule.breaks for rule in self._dataset.warnings])
        if len(rounded):
            odd = odd.scatter(rounded, odd.gather(rounded) + 2 ** (len(names) - 1))
        if odd.max() in (0, None):
            return good
        masks = odd.unique().to_list()
        lists = pl.Series(
            [[name for n, name in enumerate(names) if mask >> n & 1] for mask in masks],
            dtype=pl.List(pl.String),
        )
        places = odd.replace_strict(masks, list(range(len(masks))), return_dtype=pl.UInt32)
        return good.with_columns(lists.gather(places).alias(FLAGS))


def _masks(frame: pl.DataFrame, breaks: list[pl.Expr]) -> pl.Series:
    """Per row a number whose bit n says that the row breaks rule n."""
    nothing = pl.Series("mask", [0], pl.UInt32).new_from_index(0, frame.height)
    if not breaks:
        return nothing
    bits = [broken.cast(pl.UInt32) * 2**place for place, broken in enumerate(breaks)]
    return frame.select(pl.sum_horizontal(bits).cast(pl.UInt32).alias("mask"))["mask"]


def _withheld(problems: pl.DataFrame, batch: TextBatch) -> pl.DataFrame:
    """One row per bad row: its first problem, and the names of the others."""
    also = (pl.col("column") + ": " + pl.col("rule")).slice(1)
    rows = problems.group_by("row", maintain_order=True).agg(
        pl.col("column", "value", "rule", "reason").first(), also.alias("also")
    )
    places = rows["row"]
    reason = pl.when(pl.col("also").list.len() > 0).then(
        pl.col("reason") + " Also: " + pl.col("also").list.join(", ") + "."
    ).otherwise(pl.col("reason"))  # fmt: skip
    return rows.select(
        batch.frame[LINE].gather(places).alias("line"),
        pl.col("column").alias("column_name"),
        "value",
        "rule",
        reason.alias("reason"),
        pl.Series("raw_row", batch.raw_rows(places.to_list()), dtype=pl.String),
    )

"""The rules of a pandera schema as plain expressions, each with its words.

This is the quick pass: one query tells whether a batch holds a bad row at all, so
that pandera need only be asked to explain the batches that do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandera.polars as pa
import polars as pl

from pipeline.contracts.rules import Rule


@dataclass(frozen=True)
class RowRule:
    """A rule a row can break: `breaks` is true exactly for the rows that do.

    `check` is how pandera reports it: (column or None for the whole row, check
    number or None for an empty cell).
    """

    name: str
    column: str
    says: str
    remedy: str
    breaks: pl.Expr
    check: tuple[str | None, int | None]


def compile_schema(schema: pa.DataFrameSchema, stated: Mapping[str, Rule]) -> tuple[RowRule, ...]:
    """Every rule of `schema`, in column order; `stated` holds the rules over several columns."""
    rules: list[RowRule] = []
    for name, column in schema.columns.items():
        if not column.nullable:
            rules.append(_missing(name))
        rules += [_of_check(name, check, number) for number, check in enumerate(column.checks)]
    for number, check in enumerate(schema.checks):
        rule = stated[check.name]
        place = (None, number)
        rules.append(
            RowRule(rule.name, rule.columns[0], rule.says, rule.remedy, rule.breaks, place)
        )
    order = list(schema.columns)
    return tuple(sorted(rules, key=lambda each: order.index(each.column)))


def _missing(column: str) -> RowRule:
    says = f"{column} is never empty."
    remedy = "Fill the cell in the source, or export only rows that have it."
    return RowRule("missing", column, says, remedy, pl.col(column).is_null(), (column, None))


def _of_check(column: str, check: Any, number: int) -> RowRule:
    """A check on one column; empty cells pass, `missing` is the rule for them."""
    statistics = check.statistics
    value = pl.col(column)
    place = (column, number)
    if check.name == "isin":
        allowed = list(statistics["allowed_values"])
        return RowRule(
            "not_a_member",
            column,
            f"{column} is one of {', '.join(allowed)}.",
            f"Map it under [files.<dataset>.values.{column}] in revops.toml, or correct it.",
            value.is_in(allowed).not_().fill_null(False),
            place,
        )
    if check.name == "greater_than_or_equal_to":
        least = statistics["min_value"]
        return RowRule(
            "negative" if least == 0 else "too_small",
            column,
            f"{column} is never below {least}.",
            "Correct the cell in the source; corrections are not booked as negative rows.",
            (value < least).fill_null(False),
            place,
        )
    if check.name == "in_range":
        least, most = statistics["min_value"], statistics["max_value"]
        return RowRule(
            "outside_range",
            column,
            f"{column} lies between {least} and {most}.",
            "Correct the cell; a percentage is written as a share, 0.75 for 75 %.",
            ((value < least) | (value > most)).fill_null(False),
            place,
        )
    raise NotImplementedError(f"{column}: no quick form of the check {check.name}")

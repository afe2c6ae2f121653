"""What a rule of a contract is, and how a model states one.

A contract is a pandera model. Its fields carry types, empty cells, domains and
ranges; what concerns several columns at once is a method under `@rule` (rows that
break it are withheld) or `@oddity` (rows load, flagged and counted).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandera.polars as pa
import polars as pl

Expression = Callable[[Any], pl.Expr]


@dataclass(frozen=True)
class Rule:
    """One statement about a row, true or not known for every sound row.

    `holds` is the expression over typed columns; null means nothing to compare,
    which is no breach. `says` completes "the rule says: …", `remedy` tells what to
    do in the source file. `columns` begins with the column to be named as at fault.
    """

    name: str
    columns: tuple[str, ...]
    says: str
    remedy: str
    holds: pl.Expr

    @property
    def breaks(self) -> pl.Expr:
        """True exactly where the rule is broken, never null."""
        return self.holds.not_().fill_null(False)


def rule(*columns: str, remedy: str) -> Callable[[Expression], Any]:
    """State a rule whose breach withholds the row; the docstring is its text."""
    return _statement(columns, remedy, is_warning=False)


def oddity(*columns: str, remedy: str) -> Callable[[Expression], Any]:
    """State something odd that makes no number wrong: the row loads, flagged."""
    return _statement(columns, remedy, is_warning=True)


def _statement(
    columns: tuple[str, ...], remedy: str, *, is_warning: bool
) -> Callable[[Expression], Any]:
    def decorate(expression: Expression) -> Any:
        name = expression.__name__
        says = " ".join((expression.__doc__ or "").split())

        def holds(model: type, data: pa.PolarsData) -> pl.LazyFrame:
            return data.lazyframe.select(expression(model).fill_null(True))

        holds.__name__, holds.__doc__ = name, says
        stated = Rule(name, columns, says, remedy, expression(object))
        holds.rule = stated  # type: ignore[attr-defined]
        return pa.dataframe_check(
            name=name, error=name, description=says, raise_warning=is_warning
        )(holds)

    return decorate

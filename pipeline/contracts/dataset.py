"""A dataset: its contract, and what the loader derives from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import pandera.polars as pa
import polars as pl

from pipeline.contracts.columns import ColumnSpec, Kind
from pipeline.contracts.compile import RowRule, compile_schema
from pipeline.contracts.fields import MEMBERS, Contract
from pipeline.contracts.rules import Rule

Members = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Dataset:
    """One input file: name, contract, key, and the money its books are kept in.

    Coverage begins with the oldest `starts_by` and ends as `covers_until` says: with the
    newest such day, the last day of its month, the last day before the newest
    `period_end` (the first day no longer in what a row spans), or with the as-of date
    where the file is complete up to its export. A dataset that does not fail builds may
    lose any number of rows.
    """

    name: str
    model: type[Contract]
    key: tuple[str, ...]
    starts_by: str | None
    money_column: str | None = None
    is_required: bool = False
    period_end: str | None = None
    covers_until: Literal["newest", "month_end", "period_end", "as_of"] = "newest"
    fails_builds: bool = True

    @property
    def file_name(self) -> str:
        return f"{self.name}.csv"

    @property
    def description(self) -> str:
        return " ".join((self.model.__doc__ or "").split())

    @cached_property
    def columns(self) -> tuple[ColumnSpec, ...]:
        """The columns in the contract's order, as the reader needs them."""
        return tuple(
            ColumnSpec(
                name=name,
                kind=_kind(column.dtype.type),
                is_required=column.required,
                is_nullable=column.nullable,
                description=column.description,
            )
            for name, column in self.model.to_schema().columns.items()
        )

    @property
    def warnings(self) -> tuple[Rule, ...]:
        """The oddities that load, flagged and counted."""
        return tuple(rule for rule, is_warning in self._statements if is_warning)

    @property
    def _statements(self) -> list[tuple[Rule, bool]]:
        checks = self.model.to_schema().checks
        return [(getattr(self.model, check.name).rule, check.raise_warning) for check in checks]

    def schema(self, members: Members) -> pa.DataFrameSchema:
        """The contract with the policy's segments and stages, without the warnings.

        `members` gives the allowed values of "segment" and "stage".
        """
        schema: Any = self.model.to_schema()
        columns = {}
        for name, column in schema.columns.items():
            domain = (column.metadata or {}).get(MEMBERS)
            checks = [pa.Check.isin(list(members[domain]))] if domain else column.checks
            columns[name] = _with(column, checks)
        return pa.DataFrameSchema(
            columns,
            checks=[check for check in schema.checks if not check.raise_warning],
            strict=True,
            name=self.name,
        )

    def closed_lists(self, members: Members) -> dict[str, tuple[str, ...]]:
        """The allowed values of each column that has a closed list."""
        return {
            name: tuple(check.statistics["allowed_values"])
            for name, column in self.schema(members).columns.items()
            for check in column.checks
            if check.name == "isin"
        }

    def rules(self, members: Members) -> tuple[RowRule, ...]:
        """Every rule of the schema as an expression: the quick pass over a batch."""
        stated = {rule.name: rule for rule, _ in self._statements}
        return compile_schema(self.schema(members), stated)


def _with(column: Any, checks: list[Any]) -> pa.Column:
    return pa.Column(
        column.dtype.type,
        checks=checks,
        nullable=column.nullable,
        required=column.required,
        description=column.description,
    )


def _kind(data_type: Any) -> Kind:
    kinds: dict[Any, Kind] = {
        pl.String: "text",
        pl.Int64: "integer",
        pl.Float64: "number",
        pl.Decimal: "money",
        pl.Date: "date",
        pl.Boolean: "flag",
    }
    return kinds[data_type.base_type()]

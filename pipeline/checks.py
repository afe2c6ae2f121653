"""Runs the checks: each returns the rows that break an invariant; no rows means that it holds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import duckdb

from pipeline.errors import CheckFailed, ModelError
from pipeline.meta import insert
from pipeline.models.model import GAP, CheckRule, Model
from pipeline.trouble import is_of_the_machine

Status = Literal["passed", "failed", "not applicable"]
ROWS_SHOWN = 5


@dataclass(frozen=True)
class CheckResult:
    """The outcome of one check.

    `rows_tested` 0 never counts as passed; `largest_gap` is the largest absolute
    `gap` among the failing rows, NULL without such a column or row.
    """

    model: Model
    rule: CheckRule
    status: Status
    rows_tested: int
    rows_failed: int
    largest_gap: float | None
    reason: str | None

    @property
    def name(self) -> str:
        return self.model.stem

    @property
    def blocks(self) -> bool:
        """Whether the build must not be published."""
        return self.status == "failed" and self.rule.severity == "error"

    def row(self) -> list[object]:
        """The values of `meta.checks`, in the order of its columns."""
        return [
            self.name,
            self.model.header.description,
            self.rule.severity,
            self.status,
            self.rows_tested,
            self.rows_failed,
            self.largest_gap,
            self.status != "failed",
            self.reason,
            self.model.text,
        ]


def run_checks(
    con: duckdb.DuckDBPyConnection,
    models: Sequence[Model],
    advance: Callable[[], None] = lambda: None,
) -> tuple[CheckResult, ...]:
    """Judge every check among `models` and store the outcome in `meta.checks`."""
    present = {
        dataset
        for (dataset,) in con.execute("select dataset from meta.loads where is_present").fetchall()
    }
    results: list[CheckResult] = []
    for model in models:
        if model.header.check is not None:
            results.append(_judged(con, model, model.header.check, present))
            advance()
    insert(con, "meta.checks", (result.row() for result in results))
    return tuple(results)


def refuse_failed(con: duckdb.DuckDBPyConnection, results: Sequence[CheckResult]) -> None:
    """Raise CheckFailed when an error-class check found rows."""
    failed = [result for result in results if result.blocks]
    if not failed:
        return
    told = "\n".join(_told(con, result) for result in failed)
    raise CheckFailed(
        f"{len(failed)} of {len(results)} checks failed; nothing was published\n{told}",
        ", ".join(result.model.where() for result in failed),
        " ".join(dict.fromkeys(result.rule.remedy for result in failed)),
    )


def _judged(
    con: duckdb.DuckDBPyConnection, model: Model, rule: CheckRule, present: set[str]
) -> CheckResult:
    if rule.needs and rule.needs not in present:
        reason = f"needs {rule.needs}.csv"
        return CheckResult(model, rule, "not applicable", 0, 0, None, reason)
    try:
        tested = _single(con, _count_of_tested(rule.tested))
        failed, gap = _failures(con, model)
    except duckdb.Error as error:
        if is_of_the_machine(error):
            raise
        raise ModelError(f"{model.name} failed: {error}", model.where()) from error
    if failed:
        return CheckResult(model, rule, "failed", tested, failed, gap, rule.remedy)
    if not tested:
        return CheckResult(model, rule, "not applicable", 0, 0, None, "there is nothing to test")
    return CheckResult(model, rule, "passed", tested, 0, None, None)


def _count_of_tested(tested: str) -> str:
    is_query = " " in tested.strip()
    return tested if is_query else f"select count(*) from {tested}"


def _single(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    rows = con.execute(sql).fetchall()
    return int(rows[0][0] or 0)


def _failures(con: duckdb.DuckDBPyConnection, model: Model) -> tuple[int, float | None]:
    """How many rows break the rule, and the largest absolute gap among them."""
    columns = [row[0] for row in con.execute(f"describe {model.name}").fetchall()]
    gap = f"max(abs(cast({GAP} as double)))" if GAP in columns else "cast(null as double)"
    failed, largest = con.execute(f"select count(*), {gap} from {model.name}").fetchall()[0]
    return int(failed), largest


def _told(con: duckdb.DuckDBPyConnection, result: CheckResult) -> str:
    """The check, its count and the first failing rows, one line each."""
    cursor = con.execute(f"select * from {result.model.name} limit {ROWS_SHOWN}")
    columns = [column[0] for column in cursor.description]
    rows = cursor.fetchall()
    counted = f"{result.rows_failed} of {result.rows_tested}"
    gap = "" if result.largest_gap is None else f", largest gap {result.largest_gap:g}"
    lines = [f"  {result.name}: {result.model.header.description}", f"    {counted} rows{gap}"]
    for row in rows:
        cells = ", ".join(f"{name} = {value}" for name, value in zip(columns, row, strict=True))
        lines.append(f"    {cells}")
    if result.rows_failed > len(rows):
        lines.append(f"    … and {result.rows_failed - len(rows)} more")
    return "\n".join(lines)

"""Works out the metrics under the choices a policy did not take.

The models are built again, in a database beside the warehouse, under each other
choice: only those a policy reaches, the rest are read where they stand. So every
definition keeps its one place, and a choice means exactly what it would mean in force.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count, groupby
from pathlib import Path

import duckdb

from pipeline.meta import SCHEMAS, insert, literal
from pipeline.models.model import Model
from pipeline.models.reach import reached
from pipeline.policy import Policy
from pipeline.policy_choices import QUESTIONS, Question

OTHER = "otherwise"
SAME = 1e-9
LENGTHS = {"quarter": "interval 3 month", "week": "interval 7 day"}

# a metric's value, by name; and the period it speaks about
Answer = tuple[object, object, Mapping[str, float | None]]


def store_policy_values(
    con: duckdb.DuckDBPyConnection, models: Sequence[Model], policy: Policy
) -> None:
    """Fill `meta.policy_values`; `models` in build order, built in the current database."""
    answers = {question: dict[str, Answer]() for question in QUESTIONS}
    numbers = count(1)
    for policy_name, questions in groupby(QUESTIONS, key=lambda question: question.policy):
        every = list(questions)
        affected = reached(models, policy_name, [question.macro for question in every])
        names = {model.name for model in affected}
        asked = [question for question in every if question.macro in names]
        for other in asked[0].policies(policy) if asked else ():
            choice = other.text(policy_name)
            number = None if other == policy else next(numbers)
            with _following(con, affected, other, number):
                for question in asked:
                    answers[question][choice] = _answer(con, question)
    for question, found in answers.items():
        insert(con, "meta.policy_values", _rows(question, found) if found else ())


@contextmanager
def _following(
    con: duckdb.DuckDBPyConnection, affected: Sequence[Model], policy: Policy, number: int | None
) -> Iterator[None]:
    """Within, the current database is one whose affected models follow `policy`.

    It lies in a file beside the warehouse's own, because its tables may be large, and
    is never committed, because nobody reads it again. The number makes the file's name
    its own: a statement on another connection may hold the one before for a while yet.
    Without a number the policy is that in force, and the models stand already.
    """
    if number is None:
        yield
        return
    [(home, path)] = con.execute(
        "select database_name, path from duckdb_databases()"
        " where database_name = current_database()"
    ).fetchall()
    scratch = Path(f"{path}.{OTHER}-{number}") if path else None
    con.execute(f"attach {literal(str(scratch or ':memory:'))} as {OTHER}")
    con.execute("begin")
    try:
        _build(con, home, affected, policy)
        yield
    finally:
        con.execute("rollback")
        con.execute(f"use {home}")
        con.execute(f"detach {OTHER}")
        if scratch:
            scratch.unlink()


def _build(
    con: duckdb.DuckDBPyConnection, home: str, affected: Sequence[Model], policy: Policy
) -> None:
    con.execute(";".join(f"create schema {OTHER}.{schema}" for schema in SCHEMAS)).fetchall()
    con.execute(f"create table {OTHER}.meta.policy as from {home}.meta.policy limit 0")
    insert(con, f"{OTHER}.meta.policy", policy.rows())
    for name in _read_only_inputs(affected):
        con.execute(f"create view {OTHER}.{name} as select * from {home}.{name}")
    con.execute(f"use {OTHER}")
    for model in affected:
        statement = model.statement
        if model.kind != "macro":
            statement = f"create {model.kind} {model.name} as {statement}"
        con.execute(statement).fetchall()


def _read_only_inputs(affected: Sequence[Model]) -> list[str]:
    """What the affected models read without being changed themselves."""
    own = {"meta.policy", *(model.name for model in affected)}
    return sorted({r.name for model in affected for r in model.references} - own)


def _answer(con: duckdb.DuckDBPyConnection, question: Question) -> Answer:
    """The domain's metrics under the models of the current database."""
    if question.period is None:
        sql = f"select null as first_day, null as last_day, * from metrics.{question.domain}()"
    else:
        sql = f"""
            select
                try_cast(slice as date) as first_day,
                cast(first_day + {LENGTHS[question.period]} as date) as last_day,
                *
            from metrics.{question.domain}("by" := {literal(question.period)})
            where not is_total and not is_partial and first_day is not null
            order by first_day desc
            limit 1
        """
    cursor = con.execute(sql)
    names = [column[0] for column in cursor.description]
    rows = cursor.fetchall()
    found = dict(zip(names, rows[0], strict=True)) if rows else {}
    values = {name: _number(value) for name, value in found.items()}
    return found.get("first_day"), found.get("last_day"), values


def _rows(question: Question, answers: Mapping[str, Answer]) -> Iterator[list[object]]:
    for metric in _metrics(question, answers):
        for choice, (first_day, last_day, values) in answers.items():
            yield [
                question.policy, choice, question.domain, metric, first_day, last_day,
                values.get(metric),
            ]  # fmt: skip


def _metrics(question: Question, answers: Mapping[str, Answer]) -> list[str]:
    """The metrics named, and any other that the choices of the day set apart."""
    if question.period is not None:
        return list(question.metrics)
    values = [values for _, _, values in answers.values()]
    names = values[0].keys() - set(question.metrics)
    moved = [name for name in names if any(_differ(v.get(name), values[0][name]) for v in values)]
    return [*question.metrics, *sorted(moved)]


def _differ(left: float | None, right: float | None) -> bool:
    if left is None or right is None:
        return left is not right
    return not math.isclose(left, right, rel_tol=SAME, abs_tol=SAME)


def _number(value: object) -> float | None:
    is_number = hasattr(value, "__float__") and not isinstance(value, bool)
    return float(value) if is_number else None  # type: ignore[arg-type]

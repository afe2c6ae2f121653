"""Builds the models in the current database of a connection."""

import re
from pathlib import Path

import duckdb

from pipeline.errors import ModelError
from pipeline.models.discover import discover
from pipeline.models.model import FIXED_COLUMNS, UNKNOWN_ROWS, Model
from pipeline.models.order import order
from pipeline.models.store import store_catalogue
from pipeline.progress import Progress
from pipeline.trouble import is_of_the_machine


def run_models(
    con: duckdb.DuckDBPyConnection, root: Path, progress: Progress | None = None
) -> tuple[Model, ...]:
    """Build every model below `root` and describe it in `meta`; returns them in build order.

    The raw and meta tables must stand already. Raises ModelError naming the model,
    its file and the line.
    """
    progress = progress or Progress(enabled=False)
    models = order(discover(root), loaded_relations(con))
    # before they run, because a model may read the catalogue
    store_catalogue(con, models)
    progress.start("models", len(models))
    for model in models:
        _run(con, model)
        progress.advance()
    progress.finish()
    return models


def loaded_relations(con: duckdb.DuckDBPyConnection) -> set[str]:
    """What stands before the models run, as `raw.pipeline_deals`."""
    rows = con.execute(
        "select schema_name || '.' || table_name from duckdb_tables()"
        " where database_name = current_database()"
    ).fetchall()
    return {name for (name,) in rows}


def _run(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    try:
        for statement in statements(model):
            con.execute(statement).fetchall()
        if model.layer == "metrics":
            _compare_header(con, model)
    except duckdb.Error as error:
        if is_of_the_machine(error):
            raise
        raise _explained(model, error) from error


def statements(model: Model) -> list[str]:
    """The file's own text first: whatever precedes it stands on its first line."""
    if model.kind == "macro":
        statements = [model.statement]
        if model.has_view:
            statements.append(f"create view {model.name} as select * from {model.name}()")
    else:
        statements = [f"create {model.kind} {model.name} as {model.statement}"]
    if model.layer == "reports":
        statements += _under_short_name(model)
    return statements


def _under_short_name(model: Model) -> list[str]:
    """A report answers to its bare name too, as a table and with its parameters."""
    statements = []
    if model.has_view:
        statements.append(f"create view main.{model.stem} as select * from {model.name}")
    header = re.search(rf"\b{model.name}\s*\((.*?)\)\s*as\s+table\b", model.text, re.I | re.S)
    if header:
        handed_on = ", ".join(
            f'"{each.name}" := "{each.name}"' if each.has_default else f'"{each.name}"'
            for each in model.parameters
        )
        statements.append(
            f"create macro main.{model.stem}({header[1]}) as table"
            f" select * from {model.name}({handed_on})"
        )
    return statements


def _compare_header(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    """A metric is one line of SQL and one line of header: neither goes without the other."""
    described = con.execute(f"describe select * from {model.name}()").fetchall()
    columns = [row[0] for row in described]
    metrics = [metric.name for metric in model.header.metrics]
    for name in metrics:
        if name not in columns:
            raise ModelError(
                f"{model.name} describes the metric `{name}` but has no such column",
                model.where(_line_of(model, rf"^--\s*{name}\b")),
                "Add the column to the last select, or remove the header line.",
            )
    for name in columns:
        if name in metrics or name in FIXED_COLUMNS or name.endswith(UNKNOWN_ROWS):
            continue
        raise ModelError(
            f"{model.name} has the column `{name}` but no header line for it",
            model.where(_line_of(model, rf"\b{name}\b")),
            f'Add `-- {name} = {{ label = "…", unit = "…", window = "…", definition = "…" }}`.',
        )


def _line_of(model: Model, pattern: str) -> int | None:
    lines = enumerate(model.text.splitlines(), 1)
    return next((number for number, line in lines if re.search(pattern, line)), None)


def _explained(model: Model, error: duckdb.Error) -> ModelError:
    what, _, position = str(error).partition("\n\nLINE ")
    return ModelError(
        f"{model.name} failed: {what.strip()}",
        model.where(_line_at(model, position) or _line_naming(model, what)),
        "Mend the model; nothing was published.",
    )


def _line_at(model: Model, position: str) -> int | None:
    """The line of DuckDB's "LINE n: …", if what it quotes does stand there.

    An error raised inside a view that the model reads quotes that view's text, so
    the number alone proves nothing.
    """
    number, _, quoted = position.partition(": ")
    lines = model.text.splitlines()
    if not number.isdigit() or not 0 < int(number) <= len(lines):
        return None
    line, excerpt = lines[int(number) - 1].strip(), quoted.split("\n")[0].strip(" .")
    return int(number) if excerpt in line or line in excerpt else None


def _line_naming(model: Model, what: str) -> int | None:
    """The one line with every name that the message puts in quotes: some errors give no place."""
    names = re.findall(r'"([^"]+)"', what.split("\n")[0])
    lines = [
        number
        for number, line in enumerate(model.text.splitlines(), 1)
        if not line.startswith("--") and all(re.search(rf"\b{re.escape(n)}\b", line) for n in names)
    ]
    return lines[0] if names and len(lines) == 1 else None

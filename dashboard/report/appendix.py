"""The appendix: every figure with its definition, the policies, the checks, and the way home."""

from collections.abc import Mapping, Sequence

import polars as pl
from markupsafe import Markup

from dashboard.desk import Desk
from dashboard.report.cover import change
from dashboard.report.model import Figure
from dashboard.report.stamp import Stamp
from dashboard.report.table import framed, table
from dashboard.tables import Column
from revops import books

POLICIES = (
    Column("key", "Policy"),
    Column("value", "Choice"),
    Column("default_value", "Default"),
    Column("description", "What it decides"),
)
CHECKS = (
    Column("status", "State"),
    Column("class", "Class"),
    Column("name", "Check"),
    Column("description", "What holds"),
    Column("rows_tested", "Tested", "count"),
    Column("rows_failed", "Failed", "count"),
)
FILES = (
    Column("file", "File"),
    Column("rows_read", "Read", "count"),
    Column("rows_loaded", "Loaded", "count"),
    Column("rows_quarantined", "Withheld", "count"),
    Column("amount_withheld", "Money withheld", "money"),
    Column("first_date", "From", "date"),
    Column("last_date", "To", "date"),
    Column("sha256", "SHA-256"),
)
EVERY_ROW = 10_000
TRACED = (
    "Each figure is one column of one statement below. The statement runs as printed in any DuckDB "
    "client on the warehouse (make sql), and gives the figure. The rows behind it are in "
    "reports.evidence_marketing, _pipeline, _revenue and _finance, each with the file and line of "
    "the CSV it was read from; the files and their digests stand with the policies. The outlook is "
    "drawn from its statements' rows with a fixed seed (make forecast). In the dashboard a click "
    "on a figure shows all of this."
)


def appendix(
    desk: Desk, stamp: Stamp, made: Sequence[Figure], statements: Mapping[str, str]
) -> list[tuple[str, Markup]]:
    """Title and content of its parts; `statements` by what they give."""
    return [
        ("Definitions", _figures(made, stamp)),
        ("Policies and files", _policies(desk, stamp)),
        ("Checks", _checks(desk)),
        ("How each number is traced", _traced(statements)),
    ]


def _figures(made: Sequence[Figure], stamp: Stamp) -> Markup:
    rows = [
        Markup(
            '<tr data-figure="{}.{}"><td><b>{}</b><small>{}</small></td><td class="number">{}</td>'
            "<td>{}</td><td>{}<small>{}</small></td><td>{}</td></tr>"
        ).format(
            figure.card.domain,
            figure.card.metric,
            figure.card.label,
            figure.card.domain.capitalize(),
            figure.card.exact,
            change(figure.card),
            figure.metric["definition"],
            " · ".join(part for part in _reading(figure) if part),
            ", ".join(figure.policies) or "none touches it",
        )
        for figure in made
    ]
    head = Markup("").join(
        Markup('<th scope="col"{}>{}</th>').format(
            Markup(' class="number"') if name == "Value" else Markup(), name
        )
        for name in (
            "Figure",
            "Value",
            stamp.comparison,
            "Definition, parts and window",
            "Policies",
        )
    )
    return framed(head, Markup().join(rows))


def _reading(figure: Figure) -> tuple[str, ...]:
    benchmark = f"Benchmark {figure.benchmark}" if figure.benchmark else ""
    return (" / ".join(figure.parts), figure.window, benchmark)


def _policies(desk: Desk, stamp: Stamp) -> Markup:
    files = books.loads(desk.warehouse).filter("is_present")
    return Markup("{}<h3>Files</h3>{}<p>Digest of all inputs: {}</p>").format(
        table(POLICIES, books.policies(desk.warehouse), desk.currency, EVERY_ROW),
        table(FILES, files, desk.currency, EVERY_ROW),
        stamp.inputs,
    )


def _checks(desk: Desk) -> Markup:
    said = {"passed": "holds", "failed": "does not hold"}
    shown = books.checks(desk.warehouse).with_columns(
        pl.when((pl.col("status") == "failed") & (pl.col("class") == "warning"))
        .then(pl.lit("warns"))
        .otherwise(pl.col("status").replace(said))
        .alias("status")
    )
    return table(CHECKS, shown, desk.currency, EVERY_ROW)


def _traced(statements: Mapping[str, str]) -> Markup:
    questions = Markup().join(
        Markup("<tr><td>{}</td><td><pre>{};</pre></td></tr>").format(title, sql)
        for title, sql in statements.items()
    )
    return Markup('<p class="traced">{}</p>{}').format(TRACED, framed(Markup(), questions))

"""The pack as a workbook: every figure with its definition, and the rows of every exhibit."""

from collections.abc import Mapping, Sequence

import polars as pl

from dashboard.desk import Desk
from dashboard.report.model import Figure, Source
from dashboard.report.stamp import Stamp
from dashboard.workbook import Sheet, workbook
from revops import books
from revops.forecast import Forecast
from revops.insights import Insight
from revops.insights.rendering import evidence_line


def book(
    desk: Desk,
    stamp: Stamp,
    made: Sequence[Figure],
    asked: Sequence[tuple[str, Source]],
    found: Sequence[Insight],
    ahead: Sequence[Forecast],
    statements: Mapping[str, str],
) -> bytes:
    """The XLSX file; the same inputs give the same bytes."""
    about = [
        ("What", "Board pack"),
        ("Filters", stamp.filters),
        ("Period", stamp.period),
        ("Comparison", stamp.comparison),
        ("Data as of", stamp.as_of),
        ("Books", stamp.books),
        ("Withheld", stamp.withheld),
        ("MRR history", stamp.history),
        ("Currency", desk.currency),
        ("Digest of all inputs", stamp.inputs),
        *((f"{title}: {source.name}", _read(source)) for title, source in asked),
    ]
    sheets = [
        Sheet("Figures", _figures(made, stamp)),
        Sheet("Insights", _insights(found, desk.currency)),
        *(Sheet(title, source.frame) for title, source in asked),
        Sheet("Outlook", _outlook(ahead)),
        Sheet("Policies", books.policies(desk.warehouse)),
        Sheet("Checks", books.checks(desk.warehouse).drop("sql")),
        Sheet("Files", books.loads(desk.warehouse)),
        Sheet("Statements", _statements(statements)),
    ]
    return workbook(about, sheets, desk.warehouse.build.as_of)


def _read(source: Source) -> str:
    policies = f"Policies: {', '.join(source.policies)}." if source.policies else ""
    shown = f"Shows {source.badge}." if source.badge else ""
    return " ".join(part for part in (source.definition, policies, shown) if part)


def _figures(made: Sequence[Figure], stamp: Stamp) -> pl.DataFrame:
    rows = [
        {
            "domain": one.card.domain,
            "metric": one.card.metric,
            "label": one.card.label,
            "value": None if one.value is None else float(one.value),
            "unit": one.metric["unit"],
            "shown": one.card.value,
            "before": None if one.before is None else float(one.before),
            "change": one.card.change.text,
            "not known because": one.card.reason or one.card.why_not_compared,
            "filters not honoured": one.card.badge,
            "benchmark": one.benchmark,
            "definition": one.metric["definition"],
            "parts": " / ".join(one.parts),
            "window": one.window,
            "policies": ", ".join(one.policies),
            "period": stamp.period,
            "comparison": stamp.comparison,
            "as_of": stamp.as_of,
            "books": stamp.books,
        }
        for one in made
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def _insights(found: Sequence[Insight], currency: str) -> pl.DataFrame:
    rows = [
        {
            "rule": one.rule,
            "category": one.category,
            "status": one.status,
            "severity": one.severity,
            "headline": one.headline,
            "evidence": "; ".join(evidence_line(proof, currency) for proof in one.evidence),
            "impact per month": one.impact_per_month,
            "confidence": one.confidence,
            "why it matters": one.why,
            "suggested": "; ".join(one.actions),
            "sql": one.sql,
        }
        for one in found
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def _outlook(ahead: Sequence[Forecast]) -> pl.DataFrame:
    rows = [
        {
            "what": one.label,
            "from": one.since,
            "to": one.last_day,
            "p10": one.forecast.p10 if one.forecast else None,
            "p50": one.forecast.p50 if one.forecast else None,
            "p90": one.forecast.p90 if one.forecast else None,
            "not known because": one.refusal,
            "as last quarter": one.last_quarter,
            "as a year before": one.year_before,
            "past quarters tried": len(one.trials),
            "inside P10 to P90": one.inside,
            "method": one.method,
        }
        for one in ahead
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def _statements(statements: Mapping[str, str]) -> pl.DataFrame:
    return pl.DataFrame(list(statements.items()), schema=["gives", "statement"], orient="row")

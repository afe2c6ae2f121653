"""What a proof is of: a number, what it means, where it comes from."""

from dataclasses import dataclass
from typing import Any

import polars as pl
from markupsafe import Markup

from dashboard.desk import Desk
from dashboard.proof_facts import facts
from dashboard.proof_rows import Reading
from revops import evidence, metrics
from revops.rows_behind import RowsBehind


@dataclass(frozen=True)
class Subject:
    """A number, its definition, what must be known to read it, its SQL and the rows behind it.

    `why` names what explains its change ("marketing.cpl"); empty where nothing does.
    """

    title: str
    value: Any
    unit: str
    definition: str
    facts: Markup
    reading: Reading
    sql: str
    behind: RowsBehind
    why: str = ""


def metric_subject(desk: Desk, place: str) -> Subject | None:
    """A metric ("marketing.cpl") of what the desk looks at; None when there is none."""
    warehouse, filters = desk.warehouse, desk.filters
    domain, _, name = place.partition(".")
    if domain not in metrics.domains(warehouse):
        return None
    catalogue = metrics.catalogue(warehouse, domain)
    found = catalogue.filter(pl.col("metric") == name)
    if found.is_empty():
        return None
    metric, reading = found.row(0, named=True), Reading.of(catalogue, desk.currency)
    now = metrics.total(warehouse, domain, filters)
    return Subject(
        title=metric["label"],
        value=now.get(name),
        unit=metric["unit"],
        definition=metric["definition"],
        facts=facts(desk, metric, now, reading),
        reading=reading,
        sql=metrics.sql(warehouse, domain, filters),
        behind=evidence.behind(warehouse, domain, name, filters),
        why=place,
    )

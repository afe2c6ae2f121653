"""The proof of a cell of the retention grid: its place in the address, and what it says."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from dashboard.desk import Desk
from dashboard.html_view import definitions
from dashboard.proof_rows import Reading
from dashboard.proof_subject import Subject
from dashboard.wording import times
from revops import books, cohorts, reports, units
from revops.cohorts import SHARES, Cell

PREFIX = "cohorts."
ALL = "all"
LABELS = {
    "mrr_retention": "MRR retention",
    "logo_retention": "Logo retention",
    "cohort_mrr": "MRR in the first month",
    "cohort_customers": "Customers in the first month",
    "cohort_month": "First month",
}
UNITS = {
    "cohort_mrr": "money",
    "retained_mrr": "money",
    "cohort_customers": "count",
    "retained_customers": "count",
}


def place(cell: Cell) -> str:
    """How an address names the cell: "cohorts.mrr_retention:2026-03-01:7"."""
    whose = cell.cohort_month.isoformat() if cell.cohort_month else ALL
    return f"{PREFIX}{cell.share.column}:{whose}:{cell.months_since}"


def cell_at(named: str) -> Cell | None:
    """The cell of just such a name; None when it names none."""
    share, whose, age = (*named.removeprefix(PREFIX).split(":"), "", "")[:3]
    if share not in SHARES or not (age.isascii() and age.isdigit() and len(age) < 4):
        return None
    try:
        month = None if whose == ALL else date.fromisoformat(whose)
    except ValueError:
        return None
    cell = Cell(SHARES[share], month, int(age))
    return cell if place(cell) == named else None


def cohort_subject(desk: Desk, named: str) -> Subject | None:
    """A cell of what the desk looks at; None when the grid has no number there."""
    cell = cell_at(named)
    now = None if cell is None else cohorts.value(desk.warehouse, cell, desk.filters)
    if cell is None or now is None:
        return None
    later = f"{times(cell.months_since, 'month')} later"
    whose = units.month(cell.cohort_month) if cell.cohort_month else "all cohorts"
    reading = Reading(
        {**LABELS, "retained_mrr": f"MRR {later}", "retained_customers": f"Customers {later}"},
        UNITS,
        desk.currency,
    )
    return Subject(
        title=f"{LABELS[cell.share.column]} of {whose}, {later}",
        value=now[cell.share.column],
        unit="ratio",
        definition=reports.meaning(desk.warehouse, cohorts.REPORT),
        facts=definitions(_facts(desk, cell, now, reading)),
        reading=reading,
        sql=cohorts.sql(desk.warehouse, cell, desk.filters),
        behind=cohorts.behind(desk.warehouse, cell, desk.filters),
    )


def _facts(
    desk: Desk, cell: Cell, now: Mapping[str, Any], reading: Reading
) -> Iterator[tuple[str, str]]:
    share = cell.share
    yield "Looked at", desk.describe()
    yield "Column", share.column
    if cell.cohort_month:
        yield "Cohort", f"Customers who first paid in {units.month(cell.cohort_month)}"
        yield "Month", units.month(now["month"])
    else:
        yield "Cohorts", f"The {now['cohorts']:,} that have come this far"
    for role, part in (("Numerator", share.retained), ("Denominator", share.begun_with)):
        yield role, f"{reading.label(part)}: {reading.text(part, now[part])}"
    in_force = books.policies(desk.warehouse)
    for row in in_force.filter(in_force["key"].is_in(share.policies)).iter_rows(named=True):
        yield "Policy", f"{row['key']} = {row['value']}: {row['description']}"

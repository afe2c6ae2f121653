"""Retention by cohort as a grid of shares: a table people can read and a screen reader too."""

import polars as pl
from markupsafe import Markup

from dashboard.cohort_proof import UNITS, place
from dashboard.frame_table import GRID, NUMBER
from dashboard.html_view import joined
from revops import units
from revops.cohorts import SHARES, Cell, Share

MEASURES = {"mrr": SHARES["mrr_retention"], "logos": SHARES["logo_retention"]}
# The share at which the ground is darkest (expansion goes beyond 1), and how dark in percent:
# the text on it stays legible in every brand.
FULL_SHARE = 1.2
DARKEST = 42

LOOK = """
.cohorts { overflow-x: auto; max-width: 100%; }
.cohorts table { border-collapse: separate; border-spacing: 2px; font-size: 12px;
  font-variant-numeric: tabular-nums; }
.cohorts th { color: var(--rc-muted); font-weight: 600; padding: 4px 6px; text-align: right;
  white-space: nowrap; }
.cohorts th[scope=row] { text-align: left; color: var(--rc-text); position: sticky; left: 0;
  background: var(--rc-surface); }
.cohorts td { padding: 5px 6px; min-width: 34px; text-align: right; border-radius: 4px;
  background: color-mix(in srgb, var(--rc-line) var(--share), var(--rc-surface));
  color: var(--rc-text); }
.cohorts td.size, .cohorts td.later { background: none; color: var(--rc-muted); }
.cohorts td:has(.cell) { padding: 0; }
.cohorts .cell { width: 100%; padding: 5px 6px; text-decoration: none; border-radius: inherit; }
.cohorts .cell:hover { color: inherit; text-decoration: underline dotted; }
.cohorts .cell:focus-visible { outline-offset: -1px; }
.cohorts tr.total td, .cohorts tr.total th { font-weight: 700; }
"""


def cohort_grid(
    frame: pl.DataFrame, measure: str, currency: str, is_proven: bool = False
) -> Markup:
    """The grid for "logos" or "mrr": a row per cohort, newest last, and over all cohorts on top.

    `frame` has the columns of `reports.retention_cohorts`. A month still to come is an empty cell;
    where it `is_proven`, every other one opens its proof.
    """
    share = MEASURES[measure]
    known = frame.filter(pl.col(share.column).is_not_null())["months_since"].to_list()
    ages = range(max(known, default=0) + 1)
    rows = frame.sort("is_total", "cohort_month", "months_since", descending=[True, False, False])
    parts = rows.partition_by("is_total", "cohort_month", maintain_order=True)
    heads = joined([Markup('<th scope="col">{}</th>').format(age) for age in ages])
    return Markup(
        '<div class="cohorts" tabindex="0" role="region" aria-label="Retention by cohort">'
        "<table{}>"
        '<thead><tr><th scope="col">Cohort</th><th scope="col">{}</th>{}</tr></thead>'
        "<tbody>{}</tbody></table></div>"
    ).format(
        GRID if is_proven else "",
        "Customers" if measure == "logos" else "MRR",
        heads,
        joined([_row(part, share, currency, ages, is_proven) for part in parts]),
    )


def _row(part: pl.DataFrame, share: Share, currency: str, ages: range, is_proven: bool) -> Markup:
    first = part.row(0, named=True)
    shares = dict(part.select("months_since", share.column).iter_rows())
    named = [Cell(share, first["cohort_month"], age) for age in ages]
    cells = [_cell(shares.get(one.months_since), one if is_proven else None) for one in named]
    return Markup('<tr class="{}"><th scope="row">{}</th><td class="size">{}</td>{}</tr>').format(
        "total" if first["is_total"] else "cohort",
        "All" if first["is_total"] else units.month(first["cohort_month"]),
        units.format(first[share.begun_with], UNITS[share.begun_with], currency),
        joined(cells),
    )


def _cell(share: float | None, proven: Cell | None) -> Markup:
    if share is None:
        return Markup('<td class="later"></td>')
    ground = f"{min(share / FULL_SHARE, 1) * DARKEST:.0f}%"
    shown = f"{share * 100:.0f}%"
    return Markup('<td style="--share: {}">{}</td>').format(
        ground, shown if proven is None else NUMBER.format(f"metric:{place(proven)}", shown)
    )

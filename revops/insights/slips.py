"""What became of the deals due in the last quarters, owner by owner."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from revops import reports
from revops.insights.context import MONTH_DAYS, Context
from revops.insights.counts import Stratum, p_mantel_haenszel
from revops.insights.intervals import for_the_worse
from revops.statements import Statement, naming

QUARTERS = """select
    max(quarters.period_end) as until,
    min(quarters.period_start) as since
from (
    select periods.period_start, periods.period_end
    from intermediate.periods as periods
    cross join reports.ledger_coverage() as coverage
    where periods.grain = 'quarter' and periods.period_end <= $after
        and periods.period_start > coverage.first_date
    group by all
    order by periods.period_start desc
    limit $quarters
) as quarters"""

# Quarter by quarter: a deal slips out of the quarter it was due in, not out of the year.
DUE = """with due as (
    select
        deals.owner,
        deals.segment,
        deals.outcome = 'slipped' as is_slipped,
        cast(coalesce(deals.amount_at_start, 0) as double) as amount
    {deals} as deals
    where deals.period_start >= $first and deals.period_end <= $last
        and deals.owner <> 'unknown'
)
{question}"""
COUNTED = """select
    due.owner,
    due.segment,
    count(*) as deals,
    count(*) filter (due.is_slipped) as slipped,
    sum(due.amount) as amount
from due
group by all
order by all"""
SHARE = """select
    avg(cast(due.is_slipped as integer)) filter (due.owner = $owner) as value,
    avg(cast(due.is_slipped as integer)) filter (due.owner <> $owner) as baseline,
    count(*) filter (due.owner = $owner) as n
from due"""
DELAYED = """select (
        avg(cast(due.is_slipped as integer)) filter (due.owner = $owner)
        - avg(cast(due.is_slipped as integer)) filter (due.owner <> $owner)
    ) * sum(due.amount) filter (due.owner = $owner)
    * $month_days / date_diff('day', $first, $last) as value
from due"""


@dataclass(frozen=True)
class Owner:
    """An owner's deals due in the quarters looked at, beside everybody else's."""

    name: str
    deals: int
    slipped: int
    deals_elsewhere: int
    slipped_elsewhere: int
    amount: float
    p_value: float | None

    @property
    def share(self) -> float:
        """Slipped of due."""
        return self.slipped / self.deals

    @property
    def elsewhere(self) -> float:
        """The same share of all others."""
        return self.slipped_elsewhere / self.deals_elsewhere

    @property
    def gap(self) -> float:
        """How much more slips here."""
        return self.share - self.elsewhere


def last_quarters(context: Context) -> tuple[date | None, date | None]:
    """The last complete fiscal quarters before the filters' end."""
    after = context.as_of + timedelta(days=1)
    params = {
        "after": min(context.filters.until or after, after),
        "quarters": int(context.thresholds["quarters"]),
    }
    found = context.row(Statement(QUARTERS, params))
    return found.get("since"), found.get("until")


def due(context: Context, since: date, until: date, question: str, **named: str) -> Statement:
    everything = context.filters.with_window(None, None)
    deals = reports.statement(context.warehouse, "slippage_deals", everything)
    days = {"first": since, "last": until, "month_days": MONTH_DAYS}
    return naming(
        DUE.format(deals=deals.text, question=question), {**deals.params, **days, **named}
    )


def owners_due(context: Context, since: date, until: date) -> list[Owner]:
    """The owners with enough deals due, each compared with the others segment by segment."""
    counted: dict[str, dict[str, tuple[int, int, float]]] = defaultdict(dict)
    for row in context.rows(due(context, since, until, COUNTED)):
        counted[row["owner"]][row["segment"]] = (row["slipped"], row["deals"], row["amount"])
    everybody = [cell for cells in counted.values() for cell in cells.values()]
    slipped, deals = sum(cell[0] for cell in everybody), sum(cell[1] for cell in everybody)
    found = []
    for name, cells in counted.items():
        own_slipped, own = sum(c[0] for c in cells.values()), sum(c[1] for c in cells.values())
        if own < context.thresholds["minimum_due"] or own == deals:
            continue
        strata = [
            Stratum(
                cell[0],
                cell[1],
                sum(other[segment][0] for other in counted.values() if segment in other) - cell[0],
                sum(other[segment][1] for other in counted.values() if segment in other) - cell[1],
            )
            for segment, cell in cells.items()
        ]
        found.append(
            Owner(
                name,
                own,
                own_slipped,
                deals - own,
                slipped - own_slipped,
                sum(cell[2] for cell in cells.values()),
                for_the_worse(p_mantel_haenszel(strata), own_slipped / own > slipped / deals),
            )
        )
    return found

"""Whether an owner wins less of the same kind of deals than the others do."""

from collections import defaultdict
from typing import Any

from revops.insights.comparison import Case, Comparison, Row, drivers, judge
from revops.insights.context import Context
from revops.insights.counts import Stratum, p_mantel_haenszel
from revops.insights.finding import finding, no_data
from revops.insights.intervals import for_the_worse, newcombe, wilson
from revops.insights.model import Category, Effect
from revops.insights.question import Tested
from revops.statements import Statement, literal

CATEGORY: Category = "pipeline"

COLUMNS = {
    "since": "deals.close_date",
    "until": "deals.close_date",
    "segments": "deals.segment",
    "channels": "deals.channel",
    "regions": "deals.region",
}
# `expected` is what the others win of the same segments; few deals are drawn towards it
# (`prior_deals` of them), so that nobody is praised or blamed for a handful.
OWNERS = """with cells as (
    select
        deals.owner,
        deals.segment,
        cast(count(*) as double) as closed,
        cast(count(*) filter (deals.is_won) as double) as won,
        avg(cast(deals.amount as double)) filter (deals.is_won) as mean_won
    from marts.deals as deals
    where deals.is_decided and deals.owner <> 'unknown'{conditions}
    group by all
),

beside as (
    select
        cells.*,
        sum(cells.closed) over segment - cells.closed as closed_elsewhere,
        sum(cells.won) over segment - cells.won as won_elsewhere
    from cells
    window segment as (partition by cells.segment)
)

select
    beside.owner as name,
    cast(sum(beside.closed) as bigint) as n,
    cast(sum(beside.won) as double) as won,
    sum(beside.closed * won_elsewhere / closed_elsewhere) / sum(beside.closed) as baseline,
    (sum(beside.won) + {prior} * sum(beside.closed * won_elsewhere / closed_elsewhere)
        / sum(beside.closed)) / (sum(beside.closed) + {prior}) as value,
    sum((beside.closed * won_elsewhere / closed_elsewhere - beside.won)
        * beside.mean_won) / {months} as impact,
    list({{
        'won': beside.won, 'closed': beside.closed,
        'won_elsewhere': won_elsewhere, 'closed_elsewhere': closed_elsewhere
    }} order by beside.segment) as cells
from beside
where beside.closed_elsewhere > 0
group by beside.owner
order by name"""


def owner_win_rates(context: Context) -> Tested:
    """Does an owner win fewer deals than the others do of the same segments?

    Why: a ranking by raw win rate blames whoever sells to the hardest segment, and whoever had
    bad luck with few deals; compared like with like and drawn towards the rest, what is left is
    worth a talk.
    Do: sit in on this owner's calls and look at where the deals die; pair with whoever wins there.
    """
    window = context.window()
    kept = context.kept(window, COLUMNS)
    text = OWNERS.format(
        conditions=kept.text,
        months=literal(context.months(window)),
        prior=int(context.thresholds["prior_deals"]),
    )
    comparison = Comparison(
        Statement(text, kept.params),
        metric="win_rate",
        label="Win rate of {name}, drawn towards the others'",
        unit="ratio",
        baseline_label="the others with the same segments",
        impact_label="Not won for it",
    )
    cases = comparison.cases(context, lambda row: _owner(context, row))
    if len(cases) < 2:
        least = context.words(context.thresholds["minimum_closed"], "count")
        return no_data(owner_win_rates, f"Fewer than two owners closed {least} deals.")
    adjusted = yield [case.p_value for case in cases]
    worst, is_news = judge(context, cases, adjusted)
    name = worst.case.name
    rate = context.words(worst.case.value, "ratio")
    others = context.words(worst.case.baseline, "ratio")
    closed = context.words(worst.case.row["n"], "count")
    return finding(
        owner_win_rates,
        worst.status,
        f"{name} wins less than the others do of the same segments: {rate} against {others}, of "
        f"{closed} closed deals and drawn towards the rest."
        if is_news
        else f"No owner is shown to win less than the others. Furthest down is {name}: {rate}, "
        f"others {others} of the same segments.",
        comparison.evidence(worst),
        drivers=drivers(cases, "points"),
        scope=context.scope(window, owners=name),
    )


def _owner(context: Context, row: Row) -> Case | None:
    if row["n"] < context.thresholds["minimum_closed"]:
        return None
    strata = [
        Stratum(cell["won"], cell["closed"], cell["won_elsewhere"], cell["closed_elsewhere"])
        for cell in row["cells"]
    ]
    elsewhere = _sums(row["cells"])
    return Case(
        row,
        for_the_worse(p_mantel_haenszel(strata), row["value"] < row["baseline"]),
        row["baseline"] - row["value"] >= context.thresholds["minimum_gap"],
        wilson(row["won"], row["n"]),
        Effect(
            row["value"] - row["baseline"],
            newcombe(
                row["won"], row["n"], elsewhere["won_elsewhere"], elsewhere["closed_elsewhere"]
            ),
        ),
    )


def _sums(cells: list[dict[str, Any]]) -> dict[str, float]:
    sums: dict[str, float] = defaultdict(float)
    for cell in cells:
        for name, value in cell.items():
            sums[name] += float(value)
    return sums

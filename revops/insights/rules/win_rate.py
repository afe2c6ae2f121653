"""Whether deals are won as often as they should be."""

from dataclasses import dataclass

from revops.filters import Filters
from revops.insights.context import Context
from revops.insights.finding import finding, no_data
from revops.insights.intervals import discoveries, p_against_share, p_two_shares, wilson
from revops.insights.model import Category, Driver, Evidence, Insight
from revops.insights.targets import targets

CATEGORY: Category = "pipeline"

COLUMNS = "slice, decided_won_deals as won, decided_deals as closed"
SHARE = "win_rate as value, decided_deals as n"


@dataclass(frozen=True)
class Segment:
    """A segment's closed deals against its target, or against its own year before."""

    name: str
    won: int
    closed: int
    baseline: float
    baseline_label: str
    p_value: float | None

    @property
    def rate(self) -> float:
        """Won of closed."""
        return self.won / self.closed

    @property
    def gap(self) -> float:
        """How far below the baseline; negative when above."""
        return self.baseline - self.rate


def low_win_rate(context: Context) -> Insight:
    """Does a segment win fewer of its closed deals than its target asks?

    Why: pipeline is worth its win rate; a segment that wins less needs more pipeline for the
    same bookings. Closed deals only: cohorts that are still open say more, later.
    Do: compare the loss reasons and the stages where deals die with the time before, and look
    at who sells there, before asking for more leads.
    """
    limits, window = context.thresholds, context.window()
    segments = _segments(context, window)
    if not segments:
        least = context.words(limits["minimum_closed"], "count")
        return no_data(
            low_win_rate,
            f"No segment has both {least} closed deals in the window and something to compare "
            "them with.",
        )
    low = _low(context, segments)
    worst, sure = max(
        low or [(segment, False) for segment in segments], key=lambda pair: (pair[1], pair[0].gap)
    )
    rate, baseline = context.words(worst.rate, "ratio"), context.words(worst.baseline, "ratio")
    closed = context.words(worst.closed, "count")
    said = (
        f"{worst.name} wins {rate} of {closed} closed deals; {worst.baseline_label} is {baseline}."
        if low
        else f"No segment's win rate is shown to be low. Furthest down is {worst.name}: {rate} of "
        f"{closed} closed deals, {worst.baseline_label} is {baseline}."
    )
    return finding(
        low_win_rate,
        ("alert" if sure else "watch") if low else "good",
        said,
        (_evidence(context, window, worst),),
        drivers=tuple(Driver(one.name, -one.gap, "ratio") for one in segments),
        scope=context.scope(window, segments=worst.name),
    )


def _low(context: Context, segments: list[Segment]) -> list[tuple[Segment, bool]]:
    """Segments below their baseline by enough, and whether that is certain."""
    limits = context.thresholds
    p_values = [segment.p_value for segment in segments]
    proven = discoveries(p_values, limits["false_discovery_share"])
    return [
        (segment, sure)
        for segment, sure in zip(segments, proven, strict=True)
        if segment.gap >= limits["minimum_gap"]
        and (sure or (segment.p_value or 1.0) <= limits["watch_p"])
    ]


def _segments(context: Context, window: Filters) -> list[Segment]:
    wanted = targets(context.warehouse, "win_rate_targets")
    before = context.before(window, context.thresholds["baseline_days"])
    earlier = {
        row["slice"]: row
        for row in (
            context.rows(context.metric(COLUMNS, "pipeline", before, by="segment"))
            if before
            else []
        )
    }
    least = context.thresholds["minimum_closed"]
    found = []
    for row in context.rows(context.metric(COLUMNS, "pipeline", window, by="segment")):
        name, won, closed = row["slice"], row["won"], row["closed"]
        if won is None or not closed or closed < least:
            continue
        past = earlier.get(name, {})
        if name in wanted:
            p_value = p_against_share(won, closed, wanted[name])
            found.append(Segment(name, won, closed, wanted[name], "its target", p_value))
        elif (past.get("closed") or 0) >= least:
            p_value = p_two_shares(won, closed, past["won"], past["closed"])
            rate = past["won"] / past["closed"]
            found.append(Segment(name, won, closed, rate, "its year before", p_value))
    return found


def _evidence(context: Context, window: Filters, segment: Segment) -> Evidence:
    asked = context.metric(SHARE, "pipeline", window, by="segment", member=segment.name)
    return Evidence(
        metric="win_rate",
        label=f"Win rate of {segment.name}",
        value=segment.rate,
        unit="ratio",
        sql=asked.literal(),
        baseline=segment.baseline,
        baseline_label=segment.baseline_label,
        n=segment.closed,
        interval=wilson(segment.won, segment.closed),
        p_value=segment.p_value,
    )

"""Whether deals are won as often as they should be."""

from dataclasses import dataclass

from revops.filters import Filters
from revops.insights.context import Context
from revops.insights.finding import finding, impact, no_data
from revops.insights.intervals import for_the_worse, p_against_share, p_two_shares, wilson
from revops.insights.model import Category, Driver, Effect, Evidence, Interval, Status
from revops.insights.question import Tested
from revops.insights.targets import targets
from revops.statements import Statement

CATEGORY: Category = "pipeline"

COLUMNS = "slice, decided_won_deals as won, decided_deals as closed, mean_won_amount"
SHARE = "win_rate as value, decided_deals as n"
LOST = "({baseline!r} - win_rate) * decided_deals * mean_won_amount / {months!r} as value"


@dataclass(frozen=True)
class Segment:
    """A segment's closed deals against its target, or against its own year before."""

    name: str
    won: int
    closed: int
    baseline: float
    floor: float
    baseline_label: str
    p_value: float | None
    mean_won_amount: float | None

    @property
    def rate(self) -> float:
        """Won of closed."""
        return self.won / self.closed

    @property
    def gap(self) -> float:
        """How far below the baseline; negative when above."""
        return self.baseline - self.rate

    @property
    def gap_interval(self) -> Interval | None:
        """Interval of the rate less the baseline, where the baseline is as given."""
        interval = wilson(self.won, self.closed)
        return interval and interval.shifted(-self.baseline)

    def lost(self, months: float | None) -> float | None:
        """What the deals missing to the baseline are worth per month."""
        if months is None or self.mean_won_amount is None:
            return None
        return self.gap * self.closed * self.mean_won_amount / months


def low_win_rate(context: Context) -> Tested:
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
    adjusted = yield [segment.p_value for segment in segments]
    months = context.months(window)
    judged = [
        (segment, p, _status(context, segment, p, months))
        for segment, p in zip(segments, adjusted, strict=True)
    ]
    low = [one for one in judged if one[2] != "good"]
    worst, p_value, status = max(low or judged, key=lambda one: (one[2] == "alert", one[0].gap))
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
        status,
        said,
        _evidence(context, window, worst, p_value, months),
        drivers=tuple(Driver(one.name, -one.gap, "points") for one in segments),
        scope=context.scope(window, segments=worst.name),
    )


def _status(
    context: Context, segment: Segment, p_value: float | None, months: float | None
) -> Status:
    if segment.gap < context.thresholds["minimum_gap"]:
        return "good"
    status = context.status(p_value, segment.lost(months))
    interval = wilson(segment.won, segment.closed)
    # short of the target, and yet within what the benchmark calls usual
    is_usual = interval is not None and interval.high >= segment.floor
    return "watch" if status == "alert" and is_usual else status


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
        past, worth = earlier.get(name, {}), row["mean_won_amount"]
        worth = None if worth is None else float(worth)
        if name in wanted:
            target = wanted[name]
            p_value = for_the_worse(
                p_against_share(won, closed, target.value), won / closed < target.value
            )
            found.append(
                Segment(name, won, closed, target.value, target.floor, "its target", p_value, worth)
            )
        elif (past.get("closed") or 0) >= least:
            rate = past["won"] / past["closed"]
            p_value = for_the_worse(
                p_two_shares(won, closed, past["won"], past["closed"]), won / closed < rate
            )
            found.append(Segment(name, won, closed, rate, rate, "its year before", p_value, worth))
    return found


def _evidence(
    context: Context,
    window: Filters,
    segment: Segment,
    p_value: float | None,
    months: float | None,
) -> tuple[Evidence, ...]:
    def asked(columns: str) -> Statement:
        return context.metric(columns, "pipeline", window, by="segment", member=segment.name)

    main = Evidence(
        metric="win_rate",
        label=f"Win rate of {segment.name}",
        value=segment.rate,
        unit="ratio",
        sql=asked(SHARE).literal(),
        baseline=segment.baseline,
        baseline_label=segment.baseline_label,
        n=segment.closed,
        interval=wilson(segment.won, segment.closed),
        p_value=segment.p_value,
        adjusted_p=p_value,
        effect=Effect(-segment.gap, segment.gap_interval),
    )
    lost = segment.lost(months)
    if lost is None or lost <= 0:
        return (main,)
    text = LOST.format(baseline=segment.baseline, months=months)
    return main, impact(lost, asked(text), "Not won for it")

"""Whose deals keep slipping past the quarter they were due in."""

from revops.filters import Filters
from revops.insights.context import MONTH_DAYS, Context
from revops.insights.finding import finding, impact, no_data
from revops.insights.intervals import newcombe, wilson
from revops.insights.model import Category, Driver, Effect, Evidence
from revops.insights.question import Tested
from revops.insights.slips import DELAYED, SHARE, Owner, due, last_quarters, owners_due
from revops.statements import Statement

CATEGORY: Category = "pipeline"


def slippage(context: Context) -> Tested:
    """Do the deals of one owner slip out of their quarter more often than everybody else's?

    Why: a deal that slips is counted in a forecast, missed, and counted again; when one owner's
    dates cannot be trusted, no total that holds them can.
    Do: go through the owner's open deals due this quarter together: what has to happen by when,
    and which date would the buyer name?
    """
    since, until = last_quarters(context)
    owners = owners_due(context, since, until) if since and until else []
    if not owners or not since or not until:
        return no_data(
            slippage,
            "No owner has enough deals due in complete quarters of a known ledger, or there is "
            "nobody to compare with.",
        )
    adjusted = yield [owner.p_value for owner in owners]
    months = (until - since).days / MONTH_DAYS
    limits = context.thresholds
    judged = [
        (
            owner,
            p,
            context.status(p, owner.gap * owner.amount / months)
            if owner.gap >= limits["minimum_gap"]
            else "good",
        )
        for owner, p in zip(owners, adjusted, strict=True)
    ]
    slipping = [one for one in judged if one[2] != "good"]
    worst, p_value, status = max(
        slipping or judged, key=lambda one: (one[2] == "alert", one[0].gap * one[0].amount)
    )
    share = context.words(worst.share, "ratio")
    elsewhere = context.words(worst.elsewhere, "ratio")
    deals = context.words(worst.deals, "count")
    said = (
        f"Deals of {worst.name} slip: {share} of {deals} due in the last quarters missed theirs, "
        f"{elsewhere} with the other owners."
        if slipping
        else f"No owner's deals are shown to slip more. Most does {worst.name}: {share} of {deals} "
        f"due, {elsewhere} with the other owners."
    )
    window = context.filters.with_window(since, until)
    return finding(
        slippage,
        status,
        said,
        _evidence(context, worst, window, p_value),
        drivers=tuple(
            Driver(owner.name, owner.gap, "points")
            for owner in sorted(owners, key=lambda one: -one.gap)
        ),
        scope=context.scope(window, owners=worst.name),
    )


def _evidence(
    context: Context, owner: Owner, window: Filters, p_value: float | None
) -> tuple[Evidence, ...]:
    since, until = window.since, window.until
    assert since
    assert until

    def statement(question: str) -> Statement:
        return due(context, since, until, question, owner=owner.name)

    main = Evidence(
        metric="slipped_share",
        label=f"Slipped share of the deals of {owner.name}",
        value=owner.share,
        unit="ratio",
        sql=statement(SHARE).literal(),
        baseline=owner.elsewhere,
        baseline_label="the other owners",
        n=owner.deals,
        interval=wilson(owner.slipped, owner.deals),
        p_value=owner.p_value,
        adjusted_p=p_value,
        effect=Effect(
            owner.gap,
            newcombe(owner.slipped, owner.deals, owner.slipped_elsewhere, owner.deals_elsewhere),
        ),
    )
    months = (until - since).days / MONTH_DAYS
    return main, impact(owner.gap * owner.amount / months, statement(DELAYED), "Delayed beyond it")

"""Each planted story has its planned place and size in the data, and nothing else changes."""

from dataclasses import fields, replace
from datetime import date, timedelta

import polars as pl
import pytest

from revops.data_generation import NO_STORIES, Stories, make_world, plan
from revops.data_generation.days import month_start
from revops.data_generation.world import DEFAULT_SEED
from tests.support.pipeline import PROJECT
from tests.support.samples import Frames, month_end, mrr_at, slipped_shares, world

AS_OF = date(2026, 10, 31)
SAMPLE = plan(DEFAULT_SEED, AS_OF)
SEEDS = (DEFAULT_SEED, 1, 2)


def only(seed: int, name: str) -> Stories:
    """The stories of a seed without all but one."""
    return replace(NO_STORIES, **{name: getattr(plan(seed, AS_OF), name)})


def cost_per_lead(frames: Frames, channel: str, segment: str, start: date, end: date) -> float:
    rows = frames["marketing_channels"].filter(
        (pl.col("channel") == channel)
        & (pl.col("segment") == segment)
        & (pl.col("date") >= start)
        & (pl.col("date") < end)
    )
    return float(rows.select(pl.col("spend").sum() / pl.col("leads").sum()).item())


@pytest.mark.parametrize("seed", SEEDS)
def test_cost_per_lead_rises_by_two_fifths_in_one_place(seed: int) -> None:
    """The same clicks and leads cost 1.4 times as much for six weeks, and only there."""
    story = plan(seed, AS_OF).cost_per_lead
    assert story is not None
    assert story.end - story.start == timedelta(weeks=6)
    quiet, loud = (world(seed, stories) for stories in (NO_STORIES, only(seed, "cost_per_lead")))
    keys = ["date", "channel", "campaign", "segment", "geo"]
    both = quiet["marketing_channels"].join(loud["marketing_channels"], on=keys, suffix="_loud")
    place = (
        (pl.col("channel") == story.channel)
        & (pl.col("segment") == story.segment)
        & (pl.col("date") >= story.start)
        & (pl.col("date") < story.end)
    )
    assert both.filter(~place & (pl.col("spend") != pl.col("spend_loud"))).is_empty()
    assert both["leads"].equals(both["leads_loud"])
    inside = both.filter(place)
    assert inside["spend_loud"].sum() / inside["spend"].sum() == pytest.approx(1.4, abs=1e-4)


def test_cost_per_lead_is_visible_in_the_sample() -> None:
    story = SAMPLE.cost_per_lead
    assert story is not None
    place = (story.channel, story.segment)
    before = (story.start - timedelta(weeks=26), story.start)
    sample = world(DEFAULT_SEED, SAMPLE)
    now = cost_per_lead(sample, *place, story.start, story.end)
    assert now / cost_per_lead(sample, *place, *before) == pytest.approx(1.4, abs=0.1)


def churn_rate(frames: Frames, segment: str, start: date, end: date) -> tuple[int, float]:
    """Customers lost, and lost per customer paying at the month's start."""
    members = frames["revenue_customers"].filter(pl.col("segment") == segment)["customer_id"]
    lost = base = 0
    while start < end:
        before = set(mrr_at(frames, start - timedelta(days=1))["customer_id"]) & set(members)
        after = set(mrr_at(frames, month_end(start))["customer_id"])
        lost, base = lost + len(before - after), base + len(before)
        start = month_start(start, 1)
    return lost, lost / base


@pytest.mark.parametrize("seed", SEEDS)
def test_churn_triples_for_two_months_in_one_segment(seed: int) -> None:
    stories = plan(seed, AS_OF)
    story, frames = stories.churn, world(seed, stories)
    assert story is not None
    assert month_start(story.start, 2) == story.end
    lost, during = churn_rate(frames, story.segment, story.start, story.end)
    usually = churn_rate(frames, story.segment, month_start(story.start, -12), story.start)[1]
    assert during / usually == pytest.approx(3.0, rel=0.3)
    left = frames["revenue_customers"].filter(
        (pl.col("segment") == story.segment)
        & (pl.col("churn_date") >= story.start)
        & (pl.col("churn_date") < story.end)
    )
    assert left.filter(pl.col("churn_reason") == story.reason).height >= 0.6 * len(left)
    assert lost == pytest.approx(len(left), abs=3)


def win_rates(frames: Frames, start: date, end: date) -> dict[str, float]:
    closed = frames["pipeline_deals"].filter(
        (pl.col("status") != "Open")
        & (pl.col("last_stage_change") >= start)
        & (pl.col("last_stage_change") < end)
    )
    won = (pl.col("status") == "Closed_Won").mean().alias("rate")
    rates = dict(closed.group_by("segment").agg(won).iter_rows())
    return rates | {"all": closed.select(won).item()}


@pytest.mark.parametrize("seed", SEEDS)
def test_each_segment_wins_less_and_the_total_more(seed: int) -> None:
    """Each segment falls one point while the mix lifts the total by two."""
    stories = plan(seed, AS_OF)
    story, frames = stories.mix, world(seed, stories)
    assert story is not None
    before = win_rates(frames, story.before, story.start)
    after = win_rates(frames, story.start, story.end)
    for segment in ("SMB", "MM", "ENT"):
        assert after[segment] - before[segment] == pytest.approx(-0.01, abs=0.0025), segment
    assert after["all"] - before["all"] == pytest.approx(0.02, abs=0.0025)


@pytest.mark.parametrize("seed", SEEDS)
def test_one_owner_slips(seed: int) -> None:
    stories = plan(seed, AS_OF)
    story = stories.slippage
    assert story is not None
    period = (story.owner, story.start, story.end)
    owner, others = slipped_shares(world(seed, stories), *period)
    assert owner == pytest.approx(0.60, abs=0.08)
    assert others == pytest.approx(0.25, abs=0.03)
    assert slipped_shares(world(seed), *period)[0] == pytest.approx(0.25, abs=0.07)


@pytest.mark.parametrize("stories", [NO_STORIES, SAMPLE], ids=["none", "all"])
def test_the_slow_august_returns_every_year(stories: Stories) -> None:
    """Leads of August against July and September: about a third fewer, each year alike."""
    leads = (
        world(DEFAULT_SEED, stories)["marketing_channels"]
        .group_by(pl.col("date").dt.truncate("1mo").alias("month"))
        .agg(pl.col("leads").sum())
    )
    by_month = dict(leads.iter_rows())
    for year in (2024, 2025, 2026):
        around = (by_month[date(year, 7, 1)] + by_month[date(year, 9, 1)]) / 2
        assert by_month[date(year, 8, 1)] / around == pytest.approx(0.68, abs=0.05), year


def test_without_stories_the_volume_is_the_same() -> None:
    quiet, loud = world(DEFAULT_SEED), world(DEFAULT_SEED, SAMPLE)
    for name, frame in loud.items():
        assert quiet[name].height == pytest.approx(frame.height, rel=0.06), name
        assert quiet[name].schema == frame.schema, name
    assert quiet["targets"].equals(loud["targets"])


def test_without_stories_nothing_happens_in_their_places() -> None:
    quiet = world(DEFAULT_SEED)
    ads, churn = SAMPLE.cost_per_lead, SAMPLE.churn
    assert ads is not None
    assert churn is not None
    place = (ads.channel, ads.segment)
    before = cost_per_lead(quiet, *place, ads.start - timedelta(weeks=26), ads.start)
    assert cost_per_lead(quiet, *place, ads.start, ads.end) / before < 1.2
    during = churn_rate(quiet, churn.segment, churn.start, churn.end)[1]
    assert during < 2 * churn_rate(quiet, churn.segment, date(2025, 8, 1), churn.start)[1]


def test_places_and_dates_depend_on_the_seed() -> None:
    plans = [plan(seed, AS_OF) for seed in range(30)]
    for field in fields(Stories):
        if field.name != "mix":
            assert len({getattr(stories, field.name) for stories in plans}) > 5, field.name
    assert make_world(3).stories == plan(3, AS_OF)
    assert make_world(3, stories="none").stories == NO_STORIES


def test_the_readme_tells_place_and_date_of_every_story() -> None:
    readme = (PROJECT / "data" / "README.md").read_text()
    for field in fields(Stories):
        story = getattr(SAMPLE, field.name)
        for part in fields(story):
            value = getattr(story, part.name)
            if part.name == "end":
                value = value - timedelta(days=1)
            if isinstance(value, date):
                value = f"{value.day} {value:%b %Y}"
            if isinstance(value, str):
                assert value in readme, f"{field.name}: {value}"

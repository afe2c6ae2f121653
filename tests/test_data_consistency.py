"""The sample's files agree with each other: deals, customers, subscriptions, history, ads."""

from datetime import date, timedelta

import polars as pl
import pytest

from revops.data_generation import generate
from revops.data_generation.days import month_start
from tests.support.samples import Frames, month_end, mrr_at

AS_OF = date(2026, 10, 31)
FIRST_DAY = date(2023, 10, 1)


@pytest.fixture(scope="module")
def sample() -> Frames:
    return generate()


def test_customers_come_from_won_deals_of_their_account(sample: Frames) -> None:
    """Each customer starts at most ten days after a deal of its account was won."""
    won = sample["pipeline_deals"].filter(pl.col("status") == "Closed_Won")
    pairs = sample["revenue_customers"].join(won, on="account", suffix="_of_deal")
    waited = pl.col("start_date") - pl.col("last_stage_change")
    origin = pairs.filter(waited.is_between(timedelta(0), timedelta(days=10)))
    assert origin["customer_id"].n_unique() == len(sample["revenue_customers"])
    assert (pairs["segment"] == pairs["segment_of_deal"]).all()
    assert (pairs["geo"] == pairs["geo_of_deal"]).all()


def test_customers_pay_what_their_subscriptions_say(sample: Frames) -> None:
    customers = sample["revenue_customers"]
    paid = customers.filter(pl.col("mrr") > 0).select("customer_id", "mrr").sort("customer_id")
    assert paid.equals(mrr_at(sample, AS_OF).sort("customer_id"))
    starts = sample["subscriptions"].group_by("customer_id").agg(pl.col("start_date").min())
    known = customers.select("customer_id", "start_date").sort("customer_id")
    assert known.equals(starts.sort("customer_id"))
    gone = customers.filter(pl.col("churned_flag"))
    assert gone.select("mrr", "arpa", "nrr").sum().row(0) == (0, 0, 0)
    last = sample["subscriptions"].group_by("customer_id").agg(pl.col("end_date").max())
    assert (
        gone.join(last, on="customer_id")
        .filter(pl.col("churn_date") != pl.col("end_date"))
        .is_empty()
    )
    assert gone["churn_reason"].null_count() == 0
    assert 0 < len(gone) < len(customers) / 3


def test_subscriptions_are_periods_that_do_not_overlap(sample: Frames) -> None:
    periods = sample["subscriptions"].sort("subscription_id", "start_date")
    assert periods.filter(pl.col("end_date") <= pl.col("start_date")).is_empty()
    following = pl.col("start_date").shift(-1).over("subscription_id")
    overlapping = following.is_not_null() & (
        pl.col("end_date").is_null() | (pl.col("end_date") > following)
    )
    assert periods.filter(overlapping).is_empty()
    assert (
        periods.group_by("subscription_id")
        .agg(pl.col("customer_id").n_unique())["customer_id"]
        .max()
        == 1
    )


def test_subscriptions_show_every_kind_of_movement(sample: Frames) -> None:
    """Trials at 0, several subscriptions at once, changed plans, and customers who return."""
    periods = sample["subscriptions"]
    assert periods.filter(pl.col("mrr") == 0).height > 20
    per_customer = periods.group_by("customer_id").agg(
        pl.col("subscription_id").n_unique().alias("subscriptions"),
        pl.col("plan").n_unique().alias("plans"),
    )
    assert per_customer.filter(pl.col("subscriptions") > 1).height > 50
    assert per_customer.filter(pl.col("plans") > 1).height > 30
    months = [month_end(month_start(FIRST_DAY, index)) for index in range(37)]
    paying = [set(mrr_at(sample, day)["customer_id"]) for day in months]
    returned = set()
    for index in range(2, 37):
        returned |= (paying[index] - paying[index - 1]) & set.union(*paying[: index - 1])
    assert len(returned) > 10


def test_deals_agree_with_themselves(sample: Frames) -> None:
    deals = sample["pipeline_deals"]
    assert deals.filter(pl.col("last_stage_change") < pl.col("created_at")).is_empty()
    assert deals.filter(pl.col("last_stage_change") > AS_OF).is_empty()
    is_closed = pl.col("status") != "Open"
    assert deals.filter(is_closed & (pl.col("stage") != pl.col("status"))).is_empty()
    assert deals.filter(~is_closed & pl.col("stage").str.starts_with("Closed")).is_empty()
    assert deals["created_at"].is_sorted()
    assert deals.filter(
        pl.col("loss_reason").is_null() == (pl.col("status") == "Closed_Lost")
    ).is_empty()


def test_history_ends_in_todays_deals(sample: Frames) -> None:
    """The last snapshot is today's export, and so is the latest row of every deal."""
    history, deals = sample["deal_history"], sample["pipeline_deals"]
    last = history.filter(pl.col("snapshot_date") == AS_OF).drop("snapshot_date")
    assert last.sort("deal_id").equals(deals.sort("deal_id"))
    snapshots = set(history["snapshot_date"])
    month_ends = {month_end(month_start(FIRST_DAY, index)) for index in range(37)}
    assert snapshots == month_ends | {AS_OF - timedelta(weeks=week) for week in range(13)}


def test_every_snapshot_is_a_state_the_deal_can_have_had(sample: Frames) -> None:
    history = sample["deal_history"]
    assert history.filter(pl.col("created_at") > pl.col("snapshot_date")).is_empty()
    assert history.filter(pl.col("last_stage_change") > pl.col("snapshot_date")).is_empty()
    fixed = history.group_by("deal_id").agg(
        pl.col("created_at", "account", "segment", "source_channel", "geo").n_unique()
    )
    assert fixed.drop("deal_id").max().row(0) == (1, 1, 1, 1, 1)
    won_then = history.filter(pl.col("status") == "Closed_Won")
    now = won_then.join(sample["pipeline_deals"], on="deal_id", suffix="_now")
    assert now.filter(pl.col("last_stage_change") != pl.col("last_stage_change_now")).is_empty()
    moved = history.group_by("deal_id").agg(pl.col("owner", "expected_close").n_unique())
    assert moved.filter(pl.col("owner") > 1).height > 20
    assert moved.filter(pl.col("expected_close") > 1).height > 200
    lost = set(history.filter(pl.col("status") == "Closed_Lost")["deal_id"])
    still = sample["pipeline_deals"].filter(pl.col("status") != "Closed_Lost")
    assert lost & set(still["deal_id"]), "some lost deal was reopened"


@pytest.mark.parametrize(
    ("count", "event", "status"),
    [
        ("opportunities", "created_at", ["Open", "Closed_Won", "Closed_Lost"]),
        ("closed_won", "last_stage_change", ["Closed_Won"]),
    ],
)
def test_marketing_counts_the_deals(
    sample: Frames, count: str, event: str, status: list[str]
) -> None:
    """Per day, channel, segment and region: deals created, and deals won."""
    keys = ["date", "channel", "segment", "geo"]
    deals = sample["pipeline_deals"].filter(pl.col("status").is_in(status))
    deals = deals.rename({event: "date", "source_channel": "channel"})
    expected = deals.group_by(keys).agg(pl.len().cast(pl.Int64).alias(count))
    counted = sample["marketing_channels"].group_by(keys).agg(pl.col(count).sum())
    assert counted.filter(pl.col(count) > 0).sort(keys).equals(expected.sort(keys))

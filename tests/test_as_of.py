"""The day the numbers describe, and which days the files cover."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.ingest.load import resolve_as_of
from tests.loading import Loaded, configure, csv, load
from tests.support.tiny import CUSTOMERS, DEALS, MARKETING

Tiny = Callable[..., Path]


def coverage(loaded: Loaded, dataset: str) -> tuple[date | None, date | None]:
    books = loaded.books(dataset)
    return books["first_date"], books["last_date"]


def test_it_is_the_newest_date_of_what_has_happened(tiny: Tiny) -> None:
    loaded = load(tiny())
    assert resolve_as_of(loaded.con, None) == (date(2026, 3, 30), "marketing_channels.date")


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        ({"pipeline_deals": DEALS.replace("2026-02-20", "2026-04-02")},
         (date(2026, 4, 2), "pipeline_deals.created_at")),
        ({"revenue_customers": CUSTOMERS.replace("2026-03-22", "2026-04-03")},
         (date(2026, 4, 3), "revenue_customers.start_date")),
        ({"deal_history": csv("snapshot_date," + DEALS.splitlines()[0],
                              ["2026-04-04," + DEALS.splitlines()[1]])},
         (date(2026, 4, 4), "deal_history.snapshot_date")),
    ],
)  # fmt: skip
def test_each_such_date_counts(
    tiny: Tiny, overrides: dict[str, str], expected: tuple[date, str]
) -> None:
    text = overrides.get("pipeline_deals", "")
    if text:  # keep the deal's own dates in order
        overrides = {"pipeline_deals": text.replace("2026-03-10", "2026-04-02")}
    assert resolve_as_of(load(tiny(**overrides)).con, None) == expected


def test_dates_that_lie_ahead_by_nature_do_not(tiny: Tiny) -> None:
    deals = DEALS.replace("2026-04-30", "2026-12-31").replace("2026-03-10", "2026-04-20")
    customers = CUSTOMERS.replace("2026-03-20", "2026-05-01")
    loaded = load(
        tiny(
            pipeline_deals=deals,
            revenue_customers=customers,
            subscriptions="subscription_id,customer_id,start_date,end_date,mrr\n"
            "S1,C1,2026-01-01,2027-01-01,5\n",
            targets="metric,period_start,period_end,segment,owner,value\nmrr,2026-04-01,2027-01-01,,,9\n",
            finance="month,sales_marketing_expense,revenue,cost_of_revenue,net_burn\n2026-04-01,1,2,1,0\n",
        )
    )
    assert resolve_as_of(loaded.con, None)[0] == date(2026, 3, 30)


def test_a_date_far_after_all_others_stops_the_build(tiny: Tiny) -> None:
    loaded = load(tiny(marketing_channels=MARKETING.replace("2026-03-30", "2062-03-30")))
    with pytest.raises(InputError) as caught:
        resolve_as_of(loaded.con, None)
    told = str(caught.value)
    assert "2062-03-30" in told
    assert "marketing_channels.csv, line 5, date" in told
    assert "--as-of" in caught.value.remedy
    assert resolve_as_of(loaded.con, date(2026, 3, 31)) == (date(2026, 3, 31), "--as-of")


@pytest.mark.parametrize(("day", "stops"), [("2026-04-22", False), ("2026-04-23", True)])
def test_thirty_one_days_are_a_month_and_thirty_two_a_slip(
    tiny: Tiny, day: str, stops: bool
) -> None:
    """The next older date is a customer's start on 22 March."""
    loaded = load(tiny(marketing_channels=MARKETING.replace("2026-03-30", day)))
    if stops:
        with pytest.raises(InputError):
            resolve_as_of(loaded.con, None)
    else:
        assert resolve_as_of(loaded.con, None)[0].isoformat() == day


def test_a_withheld_row_dates_nothing(tiny: Tiny) -> None:
    text = MARKETING.replace("2026-03-30", "2026-04-09").replace(",100,20,0.02", ",100,20,nan")
    data = configure(
        tiny(marketing_channels=text), "[files.marketing_channels]\ntolerated_share = 1.0"
    )
    assert resolve_as_of(load(data).con, None)[0] == date(2026, 3, 22)


def test_without_any_date_the_day_must_be_given(tiny: Tiny) -> None:
    headers = {
        "marketing_channels": MARKETING.splitlines()[0] + "\n",
        "pipeline_deals": DEALS.splitlines()[0] + "\n",
        "revenue_customers": CUSTOMERS.splitlines()[0] + "\n",
    }
    loaded = load(tiny(**headers))
    with pytest.raises(InputError, match="which day"):
        resolve_as_of(loaded.con, None)
    assert resolve_as_of(loaded.con, date(2026, 1, 1))[0] == date(2026, 1, 1)


def test_coverage(tiny: Tiny) -> None:
    history = csv(
        "snapshot_date," + DEALS.splitlines()[0],
        [f"2026-03-{day}," + DEALS.splitlines()[1] for day in (10, 24)],
    )
    loaded = load(
        tiny(
            deal_history=history,
            subscriptions="subscription_id,customer_id,start_date,end_date,mrr\n"
            "S1,C1,2026-01-05,,5\n",
            targets="metric,period_start,period_end,segment,owner,value\nmrr,2026-01-01,2027-01-01,,,9\n",
            finance="month,sales_marketing_expense,revenue,cost_of_revenue,net_burn\n"
            "2026-01-01,1,2,1,0\n2026-02-01,1,2,1,0\n",
        )
    )
    resolve_as_of(loaded.con, None)
    as_of = date(2026, 3, 30)
    assert coverage(loaded, "marketing_channels") == (date(2026, 3, 2), date(2026, 3, 30))
    assert coverage(loaded, "pipeline_deals") == (date(2026, 2, 1), as_of)
    assert coverage(loaded, "revenue_customers") == (date(2026, 2, 15), as_of)
    assert coverage(loaded, "subscriptions") == (date(2026, 1, 5), as_of)
    assert coverage(loaded, "deal_history") == (date(2026, 3, 10), date(2026, 3, 24))
    assert coverage(loaded, "targets") == (date(2026, 1, 1), date(2026, 12, 31))
    assert coverage(loaded, "finance") == (date(2026, 1, 1), date(2026, 2, 28))
    assert coverage(loaded, "benchmarks") == (None, None)


def test_a_history_of_changes_is_complete_to_the_as_of_date(tiny: Tiny) -> None:
    history = csv("snapshot_date," + DEALS.splitlines()[0], ["2026-03-10," + DEALS.splitlines()[1]])
    data = configure(tiny(deal_history=history), '[files.deal_history]\nkind = "changes"')
    loaded = load(data)
    resolve_as_of(loaded.con, None)
    assert coverage(loaded, "deal_history") == (date(2026, 3, 10), date(2026, 3, 30))

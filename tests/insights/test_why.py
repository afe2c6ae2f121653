"""Why a metric moved, asked as a notebook asks it."""

from collections.abc import Iterator
from dataclasses import FrozenInstanceError
from datetime import date
from math import isclose
from pathlib import Path
from typing import Any

import duckdb
import pytest

from revops import Filters, Warehouse, metrics, opening
from revops.errors import CannotDecompose, UnknownName
from revops.insights import why
from tests.support.open_world import OpenWorld
from tests.support.worlds import World, warehouse

AS_OF = date(2026, 6, 30)
BEFORE = Filters(since="2026-01-01", until="2026-04-01")
NOW = Filters(since="2026-04-01", until="2026-07-01")
HOSTILE = "O'Brien\"; drop table marts.deals; --"


def deals(
    segment: str, won: int, lost: int, day: date, amount: float = 100
) -> list[dict[str, Any]]:
    return [
        {
            "deal_id": f"{segment}{day}{number}",
            "account": f"{segment}{number}",
            "segment": segment,
            "owner": "Ada" if number % 2 else HOSTILE,
            "stage": "Closed_Won" if number < won else "Closed_Lost",
            "status": "Closed_Won" if number < won else "Closed_Lost",
            "amount": amount,
            "created_at": date(2026, 1, 1),
            "expected_close": day,
            "last_stage_change": day,
            "source_channel": "Search",
            # in winter all losses are for the timing, in spring for the price
            "loss_reason": None if number < won else ("Timing" if day.month < 4 else "Price"),
        }
        for number in range(won + lost)
    ]


def spend(segment: str, day: date, spent: float, leads: int) -> dict[str, Any]:
    return {"date": day, "channel": "Search", "segment": segment, "spend": spent, "leads": leads}


@pytest.fixture(scope="module")
def world() -> Iterator[OpenWorld]:
    winter, spring = date(2026, 2, 1), date(2026, 5, 1)
    pipeline = [
        *deals("SMB", 120, 280, winter), *deals("SMB", 232, 568, spring),
        *deals("MM", 75, 225, winter), *deals("MM", 60, 190, spring),
        *deals("ENT", 48, 252, winter), *deals("ENT", 15, 85, spring),
    ]  # fmt: skip
    marketing = [
        spend("SMB", winter, 1000, 100), spend("SMB", spring, 1000, 100),
        # spends and brings no lead
        spend("MM", spring, 500, 0),
    ]  # fmt: skip
    # 60 a month until March, 90 from April, and a second customer of 40 in May
    paid = [
        {"subscription_id": "S1", "customer_id": "A", "start_date": date(2026, 1, 1),
         "end_date": date(2026, 4, 1), "mrr": 60, "plan": "Pro"},
        {"subscription_id": "S2", "customer_id": "A", "start_date": date(2026, 4, 1),
         "end_date": None, "mrr": 90, "plan": "Pro"},
        {"subscription_id": "S3", "customer_id": "B", "start_date": date(2026, 5, 1),
         "end_date": None, "mrr": 40, "plan": "Pro"},
    ]  # fmt: skip
    customers = [
        {"customer_id": name, "account": name, "segment": "SMB", "plan": "Pro",
         "start_date": day, "mrr": mrr, "churned_flag": False}
        for name, day, mrr in (("A", date(2026, 1, 1), 90), ("B", date(2026, 5, 1), 40))
    ]  # fmt: skip
    rows = {
        "pipeline_deals": pipeline,
        "marketing_channels": marketing,
        "subscriptions": paid,
        "revenue_customers": customers,
    }
    wanted = ["metrics.marketing", "metrics.pipeline", "metrics.revenue", "metrics.finance"]
    reports = ("ratio_drivers", "sum_drivers", "chain_drivers", "mrr_waterfall", "churn_analysis")
    wanted += [f"reports.{name}" for name in reports]
    with OpenWorld(warehouse(World(rows, as_of=AS_OF), wanted)) as opened:
        yield opened


def test_the_worked_example_is_a_paradox_told_in_words(world: OpenWorld) -> None:
    found = why.explain(world, "win_rate", now=NOW, before=BEFORE, by="segment")
    assert found.balances
    assert round(found.effects["mix"], 3) == 0.034
    assert round(found.effects["rate"], 3) == -0.010
    assert [part.label for part in found.parts] == ["ENT", "SMB", "MM"]
    assert found.is_paradox
    assert found.sentence == (
        "Win rate rose 2.4 points, from 24.3% to 26.7%: +3.4 points from the weights of the "
        "segments, −1.0 points from their own values. Most by ENT (+1.9 points), then SMB "
        "(+0.6 points), MM (−0.2 points). A paradox: win rate rose in total although it fell in "
        "every one of the segments, because their weights moved."
    )
    with pytest.raises(FrozenInstanceError):
        found.change = 0  # type: ignore[misc]


def test_the_dimension_is_the_one_whose_slice_stands_out_most(world: OpenWorld) -> None:
    ranked = why.candidates(world, "win_rate", now=NOW, before=BEFORE)
    assert [one.dimension for one in ranked][:2] == ["segment", "owner"]
    # shares of the change 0.704, 0.231, 0.064; ENT weighs (0.3 + 0.087) / 2 = 0.193
    assert round(ranked[0].concentration, 2) == 0.51
    # one slice cannot stand out
    assert {one.dimension: one.concentration for one in ranked}["channel"] == 0
    assert why.explain(world, "win_rate", now=NOW, before=BEFORE).by == ("segment",)


def test_two_dimensions_are_crossed(world: OpenWorld) -> None:
    found = why.explain(world, "win_rate", now=NOW, before=BEFORE, by=("owner", "segment"))
    assert found.balances
    assert len(found.parts) == 6
    assert (HOSTILE, "SMB") in {part.members for part in found.parts}


def test_two_selections_of_one_window_are_compared(world: OpenWorld) -> None:
    found = why.explain(
        world,
        "win_rate",
        now=Filters(since=NOW.since, until=NOW.until, segments=["SMB"]),
        before=Filters(since=NOW.since, until=NOW.until, segments=["ENT"]),
        by="segment",
    )
    # 15 % against 29 %: each slice is in one of them only, so all of it is mix
    assert isclose(found.change or 0, 0.14)
    assert isclose(found.effects["mix"], 0.14)
    assert found.balances
    assert not found.is_paradox


def test_spend_without_leads_is_told_apart(world: OpenWorld) -> None:
    found = why.explain(world, "cpl", now=NOW, before=BEFORE, by="segment")
    assert found.effects == {"mix": 0, "rate": 0, "unmatched": 5}
    assert "+$5.00 from segments with a numerator and no denominator" in found.sentence
    assert found.parts[0].members == ("MM",)


def test_a_sum_is_divided_too(world: OpenWorld) -> None:
    found = why.explain(world, "marketing.spend", now=NOW, before=BEFORE, by="segment")
    assert (found.kind, found.change, found.effects) == ("sum", 500, {})
    assert {part.label: part.contribution for part in found.parts if part.contribution} == {
        "MM": 500
    }
    longer = Filters(since="2026-04-01", until="2026-06-01")
    uneven = why.explain(world, "spend", now=longer, before=BEFORE, by="segment")
    assert "not equally long" in uneven.caveats[-1]


def test_lost_deals_are_divided_by_reason_and_crossed(world: OpenWorld) -> None:
    found = why.explain(world, "lost_deals", now=NOW, before=BEFORE, by="reason")
    # 280 + 225 + 252 lost in winter, 568 + 190 + 85 in spring
    assert {part.label: part.contribution for part in found.parts} == {"Price": 843, "Timing": -757}
    assert (found.change, found.balances) == (86, True)
    crossed = why.explain(world, "lost_deals", now=NOW, before=BEFORE, by=("segment", "reason"))
    moves = {part.members: part.contribution for part in crossed.parts}
    assert (moves["ENT", "Price"], moves["ENT", "Timing"]) == (85, -252)
    assert crossed.balances
    one = Filters(since="2026-04-01", until="2026-07-01", segments="MM", owners="Ada")
    alone = why.explain(world, "lost_deals", now=one, before=BEFORE, by="reason")
    # every second of the 190
    assert {part.label: part.value_now for part in alone.parts} == {"Price": 95, "Timing": 0}


def test_what_no_loss_is_told_of_cannot_be_crossed_with_its_reason(world: OpenWorld) -> None:
    with pytest.raises(CannotDecompose, match="plan and reason together"):
        why.explain(world, "lost_customers", now=NOW, before=BEFORE, by=("plan", "reason"))
    with pytest.raises(UnknownName, match="no dimension"):
        why.explain(world, "won_deals", now=NOW, before=BEFORE, by="reason")


@pytest.mark.parametrize("by", ["reason", "tenure", ("segment", "reason"), ("reason", "tenure")])
@pytest.mark.parametrize("limits", [{}, {"segments": ("SMB", "MM")}, {"regions": ("EMEA",)}])
def test_a_churn_rate_is_the_sum_of_what_each_reason_adds(
    sample_warehouse: Path, by: str | tuple[str, ...], limits: dict[str, Any]
) -> None:
    now = Filters(since="2026-07-01", until="2026-10-01", **limits)
    before = Filters(since="2026-04-01", until="2026-07-01", **limits)
    with Warehouse(sample_warehouse) as sample:
        found = why.explain(sample, "logo_churn", now=now, before=before, by=by)
        counted = why.explain(sample, "lost_customers", now=now, before=before, by=by)
        opening = metrics.total(sample, "revenue", now)["opening_customers"]
    assert found.change is not None
    assert abs(sum(part.contribution for part in found.parts) - found.change) < 1e-9
    assert (found.kind, found.is_paradox) == ("sum", False)
    lost = {part.members: part.value_now for part in counted.parts}
    assert {part.members: pytest.approx(part.value_now * opening) for part in found.parts} == lost


def test_what_is_not_known_is_said_and_has_no_parts(world: OpenWorld) -> None:
    empty = Filters(since="2020-01-01", until="2020-04-01")
    found = why.explain(world, "win_rate", now=NOW, before=empty)
    assert (found.change, found.parts, found.effects, found.is_known) == (None, (), {}, False)
    assert found.balances
    assert found.sentence == "Win rate is not known before, so no change can be explained."


@pytest.mark.parametrize(
    ("metric", "reason"),
    [
        ("sales_cycle_median_days", "quantile"),
        ("velocity_per_day", "product of four figures"),
        ("win_rate_low", "end of an interval"),
        ("finance.ltv", "one company"),
    ],
)
def test_what_has_no_exact_parts_is_refused_with_the_reason(
    world: OpenWorld, metric: str, reason: str
) -> None:
    with pytest.raises(CannotDecompose, match=reason):
        why.explain(world, metric, now=NOW, before=BEFORE)
    assert reason in (why.refusal(world, metric) or "")
    assert why.refusal(world, "win_rate") is None


def test_names_that_are_not_there_are_refused(world: OpenWorld) -> None:
    with pytest.raises(UnknownName, match="no metric"):
        why.explain(world, "winrate", now=NOW, before=BEFORE)
    # how a deal ended is no reason for its end
    for name in ("stage", HOSTILE):
        with pytest.raises(UnknownName, match="no dimension"):
            why.explain(world, "win_rate", now=NOW, before=BEFORE, by=name)


def test_bookings_are_deals_times_win_rate_times_amount(world: OpenWorld) -> None:
    found = why.chain(world, "bookings", now=NOW, before=BEFORE)
    # 243 to 307 wins of 100 each: 6,400 more, none of it from the price
    assert (found.change, found.effects["price"]) == (6400, 0)
    assert isclose(found.effects["volume"], 150 * 100 * (0.243 + 307 / 1150) / 2)
    assert found.balances


def test_new_mrr_is_leads_times_conversion_times_asp(world: OpenWorld) -> None:
    found = why.chain(world, "new_mrr", now=NOW, before=BEFORE)
    # 100 leads, 1 customer, 60; then 100 leads, 1 customer, 40
    assert found.effects == {"volume": 0, "rate": 0, "price": -20}
    with pytest.raises(CannotDecompose, match="whole months"):
        why.chain(world, "new_mrr", now=Filters(since="2026-04-02", until="2026-07-01"), before=NOW)
    alone = Filters(since="2026-05-02", until="2026-06-01")
    with pytest.raises(UnknownName):
        why.chain(world, "newmrr", now=alone, before=BEFORE)


def test_a_ratio_moves_by_its_numerator_and_its_denominator(world: OpenWorld) -> None:
    found = why.fraction(world, "cpl", now=NOW, before=BEFORE)
    # 1,000 for 100 leads, then 1,500 for 100
    moves = {part.label: (part.contribution, part.value_now) for part in found.parts}
    assert moves == {"Spend": (5, 1500), "Leads": (0, 100)}
    assert found.sentence == (
        "Cost per lead rose $5.00, from $10.00 to $15.00: +$5.00 from Spend, $0 from Leads."
    )
    rate = why.fraction(world, "win_rate", now=NOW, before=BEFORE)
    # 243 of 1,000, then 307 of 1,150
    assert isclose(rate.parts[0].contribution, 64 * (1 / 1000 + 1 / 1150) / 2)
    assert isclose(rate.parts[1].contribution, (1 / 1150 - 1 / 1000) * (243 + 307) / 2)
    assert rate.balances
    unknown = Filters(since="2020-01-01", until="2020-04-01")
    assert why.fraction(world, "cpl", now=NOW, before=unknown).parts == ()
    with pytest.raises(CannotDecompose, match="no division"):
        why.fraction(world, "spend", now=NOW, before=BEFORE)


@pytest.mark.parametrize("metric", ["finance.cac", "finance.gross_margin", "finance.ltv_to_cac"])
def test_the_accounts_ratios_fall_into_what_they_divide(
    sample_warehouse: Path, metric: str
) -> None:
    now = Filters(since="2026-07-01", until="2026-10-01")
    before = Filters(since="2026-04-01", until="2026-07-01")
    with Warehouse(sample_warehouse) as sample:
        (view,) = why.views(sample, metric, now=now, before=before)
        again = sample.query(view.explanation.sql).row(0, named=True)
    found = view.explanation
    assert found.change
    assert abs(sum(part.contribution for part in found.parts) - found.change) < 1e-9
    assert again["ratio_now"] == pytest.approx(found.value_now)


def test_the_bridge_walks_mrr_by_movement(world: OpenWorld) -> None:
    found = why.bridge(world, now=NOW, before=BEFORE)
    moves = {part.label: part.contribution for part in found.parts if part.contribution}
    assert (found.value_before, found.value_now, moves) == (60, 130, {"New": 40, "Expansion": 30})
    assert found.balances
    for now, before in ((NOW, Filters(until="2026-03-15")), (NOW, NOW), (Filters(), Filters())):
        with pytest.raises(CannotDecompose):
            why.bridge(world, now=now, before=before)


def test_every_metric_of_the_sample_is_explained_or_refused(sample_warehouse: Path) -> None:
    """The parts of each sum and each ratio add up, and the SQL shown gives the same parts."""
    now = Filters(since="2026-07-01", until="2026-10-01")
    before = Filters(since="2026-04-01", until="2026-07-01")
    known = 0
    with (
        Warehouse(sample_warehouse) as sample,
        duckdb.connect(
            str(sample_warehouse), read_only=True, config=opening.settings("1GB", None)
        ) as plain,
    ):
        for domain, metric in metrics.catalogue(sample).select("domain", "metric").iter_rows():
            name = f"{domain}.{metric}"
            if why.refusal(sample, name):
                continue
            by = why.dimensions(sample, name)[0]
            found = why.explain(sample, name, now=now, before=before, by=by)
            assert found.balances, name
            known += found.is_known
            if found.is_known and metric in ("win_rate", "spend", "nrr"):
                names = [row[0] for row in plain.sql(found.sql).select("slice").fetchall()]
                assert sorted(names) == sorted(part.label for part in found.parts)
        losses = why.explain(sample, "churned_mrr", now=now, before=before, by="reason")
        assert losses.balances
        assert len(losses.parts) > 1
    assert known > 50

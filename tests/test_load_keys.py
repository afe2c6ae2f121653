"""Keys and periods: the first line stays, later ones go whole to the quarantine."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from pipeline.ingest import file_load
from tests.loading import csv, load, tolerant
from tests.support.tiny import DEALS, MARKETING

Tiny = Callable[..., Path]

PERIODS = "subscription_id,customer_id,start_date,end_date,mrr,plan"


def reasons(loaded: object) -> list[str]:
    return [row[0] for row in loaded.rows("select reason from quarantine.rows order by line")]  # type: ignore[attr-defined]


def test_identical_and_differing_repeats_are_withheld(tiny: Tiny) -> None:
    lines = DEALS.splitlines()
    text = csv(lines[0], [*lines[1:], lines[1], lines[2].replace("6000", "7000")])
    loaded = load(tolerant(tiny(pipeline_deals=text), "pipeline_deals"))
    assert loaded.withheld() == [
        ("pipeline_deals", 6, "deal_id", "D1", "duplicate_key"),
        ("pipeline_deals", 7, "deal_id", "D2", "duplicate_key"),
    ]
    assert reasons(loaded)[0].startswith("Line 2 has the same deal_id")
    assert [str(amount) for amount in loaded.column("pipeline_deals", "amount")] == [
        "10000.000000", "6000.000000", "4000.000000", "9000.000000",
    ]  # fmt: skip
    books = loaded.books("pipeline_deals")
    assert (books["rows_read"], books["rows_loaded"], books["rows_quarantined"]) == (6, 4, 2)
    assert books["amount_withheld"] == 17000
    assert books["amount_read"] == 29000 + 17000
    (raw_row,) = loaded.rows("select raw_row from quarantine.rows where line = 7")[0]
    assert raw_row == lines[2].replace("6000", "7000")


def test_a_withheld_line_does_not_claim_the_key(tiny: Tiny) -> None:
    """The first *sound* line stays: the one before it is not loaded at all."""
    lines = DEALS.splitlines()
    text = csv(lines[0], [lines[1].replace("10000", "ten"), *lines[1:]])
    loaded = load(tolerant(tiny(pipeline_deals=text), "pipeline_deals"))
    assert loaded.withheld() == [("pipeline_deals", 2, "amount", "ten", "not_money")]
    assert len(loaded.column("pipeline_deals", "deal_id")) == 4


def test_values_that_are_the_same_once_read_are_the_same_key(tiny: Tiny) -> None:
    lines = MARKETING.splitlines()
    twin = lines[1].replace("2026-03-02", "2026-03-02T00:00:00").replace("SMB", "smb")
    data = tolerant(
        tiny(marketing_channels=csv(lines[0], [*lines[1:], twin])), "marketing_channels"
    )
    assert load(data).withheld() == [
        (
            "marketing_channels",
            6,
            "date",
            "2026-03-02, LinkedIn, Spring, SMB, EMEA",
            "duplicate_key",
        )
    ]


def test_empty_parts_of_a_key_are_equal(tiny: Tiny) -> None:
    lines = MARKETING.replace("Spring", "").splitlines()
    data = tolerant(
        tiny(marketing_channels=csv(lines[0], [*lines[1:], lines[1]])), "marketing_channels"
    )
    assert [line for _, line, *_ in load(data).withheld()] == [6]


@pytest.mark.parametrize("portion", [1, 2, 3, 100])
def test_repeats_are_found_across_batches(
    tiny: Tiny, portion: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_load, "PORTION", portion)
    header, first, *rest = DEALS.splitlines()
    text = csv(header, [first, *rest, first, first])
    loaded = load(tolerant(tiny(pipeline_deals=text), "pipeline_deals"))
    assert [line for _, line, *_ in loaded.withheld()] == [6, 7]
    assert loaded.column("pipeline_deals", "deal_id") == ["D1", "D2", "D3", "D4"]


def test_a_repeat_after_a_quoted_line_break_is_found_at_its_line(tiny: Tiny) -> None:
    header, first, *rest = DEALS.splitlines()
    broken = first.replace("Alder", '"Al\nder"').replace("D1", "D9")
    text = csv(header, [broken, first, *rest, first])
    loaded = load(tolerant(tiny(pipeline_deals=text), "pipeline_deals"))
    assert [line for _, line, *_ in loaded.withheld()] == [8]
    assert loaded.column("pipeline_deals", "account")[0] == "Al\nder"


def test_overlapping_periods_withhold_the_later_line(tiny: Tiny) -> None:
    rows = [
        "S1,C1,2026-03-01,,50,",
        "S1,C1,2026-01-01,2026-03-01,40,",  # ends where the first begins
        "S1,C1,2026-02-01,2026-02-15,45,",  # within line 3
        "S1,C1,2025-12-01,2026-01-01,30,",
        "S2,C1,2026-01-01,,10,",  # another subscription of the same customer adds up
    ]
    data = tolerant(tiny(subscriptions=csv(PERIODS, rows)), "subscriptions")
    loaded = load(data)
    assert loaded.withheld() == [
        ("subscriptions", 4, "start_date", "2026-02-01", "overlapping_period")
    ]
    assert "line 3" in reasons(loaded)[0]
    assert loaded.books("subscriptions")["amount_withheld"] == 45


def test_a_withheld_period_does_not_withhold_others(tiny: Tiny) -> None:
    """Line 3 overlaps line 2 and goes; line 4 overlaps only line 3 and stays."""
    rows = [
        "S1,C1,2026-01-01,2026-02-01,1,",
        "S1,C1,2026-01-15,2026-03-01,2,",
        "S1,C1,2026-02-01,2026-03-01,3,",
    ]
    loaded = load(tolerant(tiny(subscriptions=csv(PERIODS, rows)), "subscriptions"))
    assert [line for _, line, *_ in loaded.withheld()] == [3]
    assert loaded.column("subscriptions", "start_date") == [date(2026, 1, 1), date(2026, 2, 1)]


def test_a_subscription_belongs_to_one_customer(tiny: Tiny) -> None:
    rows = ["S1,C1,2026-01-01,2026-02-01,1,", "S1,C2,2026-02-01,,2,", "S1,C1,2026-03-01,,3,"]
    loaded = load(tolerant(tiny(subscriptions=csv(PERIODS, rows)), "subscriptions"))
    assert loaded.withheld() == [
        ("subscriptions", 3, "customer_id", "C2", "subscription_of_two_customers")
    ]


def test_history_keys_are_per_day(tiny: Tiny) -> None:
    header, first, *_ = DEALS.splitlines()
    rows = [f"2026-03-{day},{first}" for day in (10, 17, 17)]
    data = tolerant(tiny(deal_history=csv(f"snapshot_date,{header}", rows)), "deal_history")
    assert [line for _, line, *_ in load(data).withheld()] == [4]

"""The checks of marketing and deals: each finds its own kind of breakage, and only that."""

from datetime import date
from typing import Any

import duckdb
import pytest

from tests.support.worlds import SQL, World, query, warehouse

CHECKS = (
    "rows_read_are_accounted_for", "money_read_is_accounted_for",
    "marketing_marts_equal_the_input", "deals_equal_the_input",
    "marketing_keys_are_unique", "deal_keys_are_unique", "plan_keys_are_unique",
    "funnel_stage_above_the_one_before", "supplied_marketing_ratios_disagree",
    "supplied_deal_figures_disagree", "dates_after_the_as_of_date",
    "benchmarks_that_are_not_used", "source_channels_without_marketing",
    "targets_of_nothing_known", "deal_history_ends_in_other_deals",
    "marketing_slices_add_up", "pipeline_slices_add_up", "ratios_divide_their_parts",
)  # fmt: skip
MODELS = tuple(f"checks.{name}" for name in CHECKS)
TODAY = date(2026, 1, 31)
SPEND = {
    "date": TODAY, "channel": "Email", "campaign": "News", "segment": "SMB", "geo": "EMEA",
    "spend": 100, "impressions": 1000, "clicks": 100, "leads": 10, "MQLs": 5, "SQLs": 4,
    "opportunities": 2, "closed_won": 1, "CAC": 100.0, "CPL": 10.0, "CTR": 0.1,
}  # fmt: skip
OPEN = {
    "deal_id": "D-1", "account": "Acme", "segment": "SMB", "owner": "Ann", "stage": "Demo",
    "amount": 200, "created_at": date(2026, 1, 1), "expected_close": date(2026, 3, 1),
    "last_stage_change": date(2026, 1, 21), "days_in_stage": 10, "probability": 0.5,
    "expected_value": 100, "status": "Open", "source_channel": "Email",
}  # fmt: skip
BENCHMARK = {
    "benchmark_id": "B-1", "metric_type": "channel_cpl_range", "category": "Email",
    "subcategory": "SMB", "target_value": 9.0, "unit": "USD",
}  # fmt: skip
TARGET = {
    "metric": "won_amount", "period_start": date(2026, 1, 1), "period_end": date(2026, 2, 1),
    "segment": "SMB", "owner": "Ann", "value": 1000,
}  # fmt: skip


def rows(**changes: Any) -> dict[str, list[dict[str, Any]]]:
    """A world in which every check holds, but for `dataset=[changed rows]`."""
    history = [{"snapshot_date": TODAY, **OPEN}]
    sound: dict[str, list[dict[str, Any]]] = {
        "marketing_channels": [SPEND], "pipeline_deals": [OPEN], "benchmarks": [BENCHMARK],
        "targets": [TARGET], "deal_history": history,
    }  # fmt: skip
    return {**sound, **changes}


def failing(world: dict[str, list[dict[str, Any]]]) -> set[str]:
    return breaking(warehouse(World(world, TODAY), MODELS))


def breaking(con: duckdb.DuckDBPyConnection) -> set[str]:
    return {name for name in CHECKS if query(con, f"select * from checks.{name}")}


def test_every_check_holds_for_a_sound_world() -> None:
    assert failing(rows()) == set()


def test_files_of_a_header_alone_break_no_books() -> None:
    con = warehouse(World({}, TODAY), checks=True)

    found = query(con, "select name from meta.checks where status = 'failed' and class = 'error'")

    assert found == []


@pytest.mark.parametrize(
    ("changes", "check"),
    [
        ({"marketing_channels": [{**SPEND, "clicks": 9, "CTR": None}]},
         "funnel_stage_above_the_one_before"),
        ({"marketing_channels": [{**SPEND, "CPL": 10.2}]}, "supplied_marketing_ratios_disagree"),
        ({"marketing_channels": [{**SPEND, "date": date(2026, 2, 1)}]},
         "dates_after_the_as_of_date"),
        ({"marketing_channels": [SPEND, SPEND]}, "marketing_keys_are_unique"),
        ({"deal_history": [{"snapshot_date": date(2025, 12, 31), **OPEN}] * 2},
         "deal_keys_are_unique"),
        ({"deal_history": [{"snapshot_date": TODAY, **OPEN, "amount": 150}]},
         "deal_history_ends_in_other_deals"),
        ({"targets": [TARGET, TARGET]}, "plan_keys_are_unique"),
        ({"targets": [{**TARGET, "owner": "Nobody"}]}, "targets_of_nothing_known"),
        ({"targets": [{**TARGET, "metric": "happiness"}]}, "targets_of_nothing_known"),
        ({"benchmarks": [BENCHMARK, {**BENCHMARK, "benchmark_id": "B-2"}]},
         "benchmarks_that_are_not_used"),
        ({"benchmarks": [{**BENCHMARK, "category": "Post"}]}, "benchmarks_that_are_not_used"),
    ],
)  # fmt: skip
def test_a_check_finds_what_it_is_for(changes: dict[str, Any], check: str) -> None:
    assert failing(rows(**changes)) == {check}


@pytest.mark.parametrize(
    ("deal", "check"),
    [
        ({"last_stage_change": date(2026, 2, 5), "days_in_stage": None},
         "dates_after_the_as_of_date"),
        ({"days_in_stage": 11}, "supplied_deal_figures_disagree"),
        ({"expected_value": 120}, "supplied_deal_figures_disagree"),
        ({"source_channel": "Referral"}, "source_channels_without_marketing"),
        ({"source_channel": None}, "source_channels_without_marketing"),
    ],
)  # fmt: skip
def test_a_check_finds_an_odd_deal(deal: dict[str, Any], check: str) -> None:
    odd = {**OPEN, **deal}
    history = [{"snapshot_date": TODAY, **odd}]
    assert failing(rows(pipeline_deals=[odd], deal_history=history)) == {check}


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        ("update meta.loads set rows_read = rows_read + 1 where dataset = 'targets'",
         {"rows_read_are_accounted_for"}),
        ("delete from raw.targets", {"rows_read_are_accounted_for"}),
        ("update meta.loads set amount_read = amount_read + 1", {"money_read_is_accounted_for"}),
        ("update meta.loads set amount_withheld = null", {"money_read_is_accounted_for"}),
        ("delete from marts.deals", {"deals_equal_the_input", "deal_history_ends_in_other_deals"}),
        ("insert into marts.deals select * from marts.deals", {"deals_equal_the_input"}),
        ("update marts.deals set is_won = true", {"deals_equal_the_input"}),
        ("update marts.marketing_daily set spend = spend + 0.000001",
         {"marketing_marts_equal_the_input", "marketing_slices_add_up"}),
    ],
)  # fmt: skip
def test_a_check_finds_damage_on_the_way(damage: str, found: set[str]) -> None:
    con = warehouse(World(rows(), TODAY), MODELS)
    con.execute(damage)
    assert found <= breaking(con)


@pytest.mark.parametrize(
    ("domain", "sound", "broken", "check"),
    [
        ("pipeline", "where\n    case\n",
         "where coalesce(covered.slice, '') <> 'Ann' and\n    case\n", "pipeline_slices_add_up"),
        ("marketing", "having\n", "having coalesce(kept.slice, '') <> 'Email' and\n",
         "marketing_slices_add_up"),
        ("marketing", "as cpl", "+ 0.01 as cpl", "ratios_divide_their_parts"),
        ("pipeline", "as average_deal", "* 2 as average_deal", "ratios_divide_their_parts"),
    ],
)  # fmt: skip
def test_a_check_finds_a_broken_macro(domain: str, sound: str, broken: str, check: str) -> None:
    con = warehouse(World(rows(), TODAY), MODELS)
    text = (SQL / "metrics" / f"{domain}.sql").read_text(encoding="utf-8")
    assert text.count(sound) == 1
    con.execute(text.replace(sound, broken))
    assert breaking(con) == {check}

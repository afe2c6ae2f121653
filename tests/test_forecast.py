"""The quarter ahead as a range, tried on the past, or a refusal that says why."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from revops import Filters, Warehouse, forecast, metrics
from revops.forecast import draws, frames, refusals
from revops.forecast.__main__ import main
from revops.forecast.history import History, Pool
from revops.forecast.model import Forecast, Range, Trial
from revops.forecast.words import as_text, calibration, headline, verdict
from revops.periods import add_months
from revops.unpublished import UnpublishedWarehouse
from tests.support.worlds import World, query, warehouse

MODELS = (
    "reports.forecast_bookings",
    "reports.forecast_deals",
    "reports.forecast_mrr",
    "reports.forecast_customers",
)


def said(day: date, deal: str, stage: str, amount: int, created: date, **more: Any) -> dict:
    status = {"Won": "Closed_Won", "Lost": "Closed_Lost"}.get(stage, "Open")
    return {
        "snapshot_date": day,
        "deal_id": deal,
        "stage": stage if status == "Open" else status,
        "status": status,
        "amount": amount,
        "created_at": created,
        "segment": "SMB",
        "last_stage_change": more.get("closed"),
    }


JAN, FEB, APR = date(2026, 1, 31), date(2026, 2, 28), date(2026, 4, 30)
# A is open in January for 100 and won in April for 80. B is open and lost. C comes in March and
# is won in April for 50. D is open in January without an amount and won in February for 7.
STATES = [
    said(JAN, "A", "Demo", 100, date(2026, 1, 10)),
    said(JAN, "B", "Discovery", 40, date(2025, 12, 1)),
    {**said(JAN, "D", "Demo", 0, date(2026, 1, 20)), "amount": None},
    said(FEB, "A", "Negotiation", 100, date(2026, 1, 10)),
    said(FEB, "B", "Lost", 0, date(2025, 12, 1), closed=date(2026, 2, 9)),
    said(FEB, "D", "Won", 7, date(2026, 1, 20), closed=date(2026, 2, 3)),
    said(APR, "A", "Won", 80, date(2026, 1, 10), closed=date(2026, 4, 2)),
    said(APR, "B", "Lost", 0, date(2025, 12, 1), closed=date(2026, 2, 9)),
    said(APR, "C", "Won", 50, date(2026, 3, 5), closed=date(2026, 4, 20)),
    said(APR, "D", "Won", 7, date(2026, 1, 20), closed=date(2026, 2, 3)),
]


@pytest.fixture(scope="module")
def worked() -> duckdb.DuckDBPyConnection:
    today = [
        {name: value for name, value in row.items() if name != "snapshot_date"}
        for row in STATES
        if row["snapshot_date"] == APR
    ]
    periods = [
        # pays 10 from December, 12 from March; leaves in February; comes in March at 30
        ("1", "X", date(2025, 12, 1), date(2026, 3, 1), 10),
        ("1", "X", date(2026, 3, 1), None, 12),
        ("2", "Y", date(2025, 12, 1), date(2026, 2, 10), 5),
        ("3", "Z", date(2026, 3, 20), None, 30),
    ]
    names = ("subscription_id", "customer_id", "start_date", "end_date", "mrr")
    rows = {
        "pipeline_deals": today,
        "deal_history": STATES,
        "subscriptions": [dict(zip(names, row, strict=True)) for row in periods],
    }
    return warehouse(World(rows, as_of=APR), MODELS)


def test_open_deals_meet_what_they_became(worked: duckdb.DuckDBPyConnection) -> None:
    found = query(
        worked,
        "select deal_id, stage, age_band, base, outcome from reports.forecast_deals() "
        "where origin = date '2026-01-31'",
    )
    # 31 January looks to 30 April; B is 61 days old; D has no amount to take part with
    assert found == [
        {"deal_id": "A", "stage": "Demo", "age_band": "under 30 days", "base": 100, "outcome": 80},
        {
            "deal_id": "B",
            "stage": "Discovery",
            "age_band": "60 to 119 days",
            "base": 40,
            "outcome": 0,
        },
    ]


def test_bookings_are_told_apart(worked: duckdb.DuckDBPyConnection) -> None:
    rows = query(worked, "from reports.forecast_bookings()")
    # nothing was said of March: its end is no origin
    assert [row["origin"] for row in rows] == [JAN, FEB, APR]
    january, february, april = rows
    # won in February to April: A 80, C 50, D 7; of it C and D were not open for a known amount
    assert (january["actual"], january["from_new"]) == (137, 57)
    # created in November to January: A 100 and B 40 as they stood, D without an amount
    assert january["run_rate"] == 140
    assert (january["last_quarter"], january["year_before"]) == (None, None)
    # the quarter after February ends in May, which nobody knows yet
    assert (february["horizon"], february["actual"]) == (date(2026, 5, 31), None)
    assert april["horizon"] == date(2026, 7, 31)
    assert april["last_quarter"] == 137


def test_paying_customers_meet_what_they_pay_later(worked: duckdb.DuckDBPyConnection) -> None:
    found = query(
        worked,
        "select customer_id, tenure_band, base, outcome from reports.forecast_customers() "
        "where origin = date '2026-01-31'",
    )
    assert found == [
        {"customer_id": "X", "tenure_band": "up to 3 months", "base": 10, "outcome": 12},
        {"customer_id": "Y", "tenure_band": "up to 3 months", "base": 5, "outcome": 0},
    ]
    [january] = query(worked, "from reports.forecast_mrr() where origin = date '2026-01-31'")
    # 42 in April, of which Z's 30 are new; both of January's 15 were new within the quarter
    assert (january["now"], january["actual"], january["from_new"]) == (15, 42, 30)
    assert january["run_rate"] == 15
    [april] = query(worked, "from reports.forecast_mrr() where origin = date '2026-04-30'")
    assert april["last_quarter"] == 42 + (42 - 15)


def test_what_is_held_and_the_rest_are_all_bookings(sample_warehouse: Path) -> None:
    with Warehouse(sample_warehouse) as published:
        for origin, horizon, actual in published.query(
            "select origin, horizon, actual from reports.forecast_bookings() "
            "where actual is not null order by origin desc limit 3"
        ).iter_rows():
            won = metrics.total(
                published,
                "pipeline",
                Filters(since=origin, until=horizon).with_window(
                    origin.fromordinal(origin.toordinal() + 1),
                    horizon.fromordinal(horizon.toordinal() + 1),
                ),
            )["won_amount"]
            assert actual == pytest.approx(float(won))


def test_under_four_quarters_it_refuses(worked: duckdb.DuckDBPyConnection) -> None:
    with UnpublishedWarehouse(worked) as short:
        for one in (forecast.bookings(short), forecast.mrr(short)):
            assert one.forecast is None
            assert "under four quarters" in one.refusal
            assert "no forecast" in as_text(one, "USD")


@pytest.mark.parametrize(("months", "is_refused"), [(11, True), (12, False)])
def test_four_quarters_are_enough(
    worked: duckdb.DuckDBPyConnection, months: int, is_refused: bool
) -> None:
    known = {"first_known": add_months(APR, -months)}
    history = History((known,), {}, cases=refusals.LEAST_CASES)
    with UnpublishedWarehouse(worked) as built:
        assert bool(refusals.refusal(built, "mrr", history)) is is_refused


def test_a_handful_of_cases_carries_nothing(worked: duckdb.DuckDBPyConnection) -> None:
    known = {"first_known": add_months(APR, -24)}
    few = History((known,), {}, cases=refusals.LEAST_CASES - 1)
    with UnpublishedWarehouse(worked) as built:
        assert "Only 19" in refusals.refusal(built, "bookings", few)
        assert "is not known" in refusals.refusal(built, "bookings", History((), {}, 0))


def invented(seed: int, chance: Callable[[int], float] = lambda _: 0.3) -> History:
    """40 month ends with 60 deals each, of which a share is won within the quarter."""
    rng = np.random.default_rng(seed)
    quarters, cells = [], {}
    for month in range(40):
        origin = add_months(date(2023, 1, 31), month)
        base = rng.lognormal(9, 1, 60)
        outcome = base * (rng.random(60) < chance(month))
        cells[origin] = {("Demo",): Pool(base, outcome)}
        quarters.append(
            {
                "origin": origin,
                "horizon": add_months(origin, 3),
                "actual": outcome.sum() if month < 37 else None,
            }
        )
    return History(tuple(quarters), cells, cases=99)


def ranges(history: History) -> list[tuple[Mapping[str, Any], Range]]:
    made = []
    for quarter in history.quarters:
        past = history.known_by(quarter["origin"], draws.MOST_QUARTERS)
        if len(past) >= 6:
            made.append((quarter, draws.range_of(draws.held(history, quarter["origin"], past))))
    return made


def test_the_range_holds_as_often_as_it_says() -> None:
    tried = [
        found.holds(quarter["actual"])
        for seed in range(12)
        for quarter, found in ranges(invented(seed))
        if quarter["actual"] is not None
    ]
    # some 340 quarters that differ by chance alone: wider than 80 %, never narrower
    assert 0.8 < sum(tried) / len(tried) < 0.97


def test_the_range_follows_a_rate_that_moves() -> None:
    tried = [
        found.holds(quarter["actual"])
        for seed in range(12)
        for quarter, found in ranges(invented(seed, lambda month: 0.3 + 0.15 * (month // 6 % 2)))
        if quarter["actual"] is not None
    ]
    assert 0.7 < sum(tried) / len(tried) < 0.9


def test_large_deals_are_not_won_as_often_as_small_ones() -> None:
    base = np.array([1.0] * 50 + [100.0] * 50)
    pool = Pool(base, np.where(base == 1, base, 0.0))
    # by size, hardly anything was won: 50 of 5,050
    assert pool.fates.mean() == pytest.approx(50 / 5050, abs=0.001)


def test_a_trial_knows_nothing_of_what_came_later() -> None:
    history = invented(1)
    changed = {
        origin: {cell: Pool(pool.base, pool.outcome * 9) for cell, pool in cells.items()}
        if origin > history.quarters[20]["origin"]
        else cells
        for origin, cells in history.cells.items()
    }
    before, after = ranges(history), ranges(replace(history, cells=changed))
    at = {quarter["origin"]: found for quarter, found in after}
    same = [quarter["origin"] for quarter, found in before if at[quarter["origin"]] == found]
    # the quarter of month 20 is over in month 23: until then it cannot matter
    assert same[-1] == history.quarters[23]["origin"]


def test_the_same_build_gives_the_same_range(sample_warehouse: Path) -> None:
    with Warehouse(sample_warehouse) as first, Warehouse(sample_warehouse) as second:
        one, other = forecast.bookings(first), forecast.bookings(second)
        assert one == other
        # asked again, it is not worked out again
        assert forecast.bookings(first) is one
        assert forecast.bookings(first, Filters(channels=["Email"])) is one
        assert forecast.bookings(first, Filters(segments=["SMB"])) != one


def test_the_sample_is_forecast_better_than_simply(sample_warehouse: Path) -> None:
    with Warehouse(sample_warehouse) as published:
        for one in (forecast.bookings(published), forecast.mrr(published)):
            assert one.refusal == ""
            assert one.since == date(2026, 11, 1)
            assert one.last_day == date(2027, 1, 31)
            assert one.coverage is not None
            assert 0.7 < one.coverage < 0.95
            assert one.is_beaten is False
            assert all(trial.last_day <= published.build.as_of for trial in one.trials)
            # the statements it rests on can be run as printed
            assert all(published.query(source).height for source in one.sources)


def test_a_forecast_that_is_beaten_says_so() -> None:
    trial = Trial(JAN, APR, Range(90, 100, 110), 150, last_quarter=140, year_before=149)
    one = Forecast("bookings", "Bookings", APR, APR, Range(1, 2, 3), trials=(trial,) * 4)
    assert (one.coverage, one.is_beaten) == (0, True)
    assert verdict(one) == "A simple forecast came closer: do not rely on this one."
    assert calibration(one).startswith("0 of 4 past quarters stayed inside P10–P90: 0.0%")
    few = replace(one, trials=(trial,) * 3)
    assert (few.coverage, few.error, few.is_beaten) == (None, None, None)


def test_neighbouring_amounts_are_told_apart() -> None:
    one = Forecast("mrr", "MRR", APR, APR, Range(1_562_000, 1_598_000, 1_632_700))
    assert headline(one, "USD") == (
        "MRR at 30 Apr 2026: $1.60M, in eight cases of ten between $1.56M and $1.63M."
    )


def test_the_command_prints_and_never_shows_a_traceback(
    sample_warehouse: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--warehouse", str(sample_warehouse)]) == 0
    assert "past quarters stayed inside" in capsys.readouterr().out
    assert main(["--warehouse", str(sample_warehouse), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["subject"] for one in told["forecasts"]] == ["bookings", "mrr"]
    assert main(["--warehouse", str(sample_warehouse), "--segment", "no such"]) == 0
    assert "no forecast" in capsys.readouterr().out
    assert main(["--warehouse", "nowhere.duckdb"]) == 2
    assert capsys.readouterr().err.startswith("There is no warehouse here yet.")


def test_as_a_table_the_past_stands_beside_what_came_and_the_quarter_ahead_is_open() -> None:
    trials = tuple(
        Trial(date(2026, month, 1), date(2026, month + 3, 1), Range(1, 2, 3), came, 4.0, None)
        for month, came in ((2, 5.0), (1, 2.5))
    )
    one = Forecast("mrr", "MRR", date(2026, 6, 1), date(2026, 8, 31), Range(6, 7, 8), trials=trials)
    assert frames.trials(one).rows() == [
        (date(2026, 4, 1), 1.0, 2.0, 3.0, 2.5, 4.0, None),
        (date(2026, 5, 1), 1.0, 2.0, 3.0, 5.0, 4.0, None),
        (date(2026, 8, 31), 6.0, 7.0, 8.0, None, None, None),
    ]
    assert frames.trials(Forecast("mrr", "MRR", refusal="Why.")).is_empty()


def test_every_segment_is_forecast_or_refused(sample_warehouse: Path) -> None:
    # deals of MM are known for a quarter longer than its customers, so its draws are fewer each
    with Warehouse(sample_warehouse) as opened:
        found = {name: forecast.mrr(opened, Filters(segments=name)) for name in ("MM", "nobody")}
    assert found["MM"].forecast is not None
    assert found["MM"].forecast.p10 < found["MM"].forecast.p50 < found["MM"].forecast.p90
    assert found["nobody"].refusal


def test_draws_are_repeated_to_another_number() -> None:
    assert draws.as_many(np.array([1.0, 2.0, 3.0]), 5).tolist() == [1, 2, 3, 1, 2]

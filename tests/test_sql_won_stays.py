"""intermediate.won_stage_stays: how long is usual in a stage, and which open deals exceed it."""

from datetime import date, timedelta
from typing import Any

from tests.support.worlds import World, warehouse

AS_OF = date(2026, 6, 30)
FIRST = date(2026, 1, 1)
JUDGED = "select deal_id, is_slower_than_won, is_stuck from marts.deals where is_open order by 1"


def deal(name: str, stage: str, since: date, segment: str = "SMB") -> dict[str, Any]:
    return {
        "deal_id": name, "segment": segment, "amount": 10, "created_at": FIRST, "stage": stage,
        "status": stage if stage == "Closed_Won" else "Open", "last_stage_change": since,
        "expected_close": date(2026, 12, 31), "probability": 0.5,
    }  # fmt: skip


def waiting(name: str, days: int, segment: str = "SMB") -> dict[str, Any]:
    return deal(name, "Demo", AS_OF - timedelta(days=days), segment)


def test_an_open_deal_slower_than_nine_of_ten_won_ones_is_stuck() -> None:
    # stays of 10, 20, …, 100 days: 0.9 × (10 − 1) = 8.1, so the limit is 90 + 0.1 × 10 = 91
    stays = {f"W{days}": timedelta(days=days) for days in range(10, 101, 10)}
    history = [{"snapshot_date": FIRST, **deal(name, "Demo", FIRST)} for name in stays]
    won = [deal(name, "Closed_Won", FIRST + stay) for name, stay in stays.items()]
    open_deals = [waiting("A", 91), waiting("B", 92), waiting("C", 150, "MM")]
    con = warehouse(
        World(
            {"pipeline_deals": [*won, *open_deals], "deal_history": history},
            AS_OF,
            history_kind="changes",
        ),
        wanted=("marts.deals", "intermediate.won_stage_stays"),
    )
    limits = "select stage, segment, won_stays, won_p90_days from intermediate.won_stage_stays"
    assert con.execute(limits).fetchall() == [("Demo", "SMB", 10, 91.0)]
    # nothing is known of won deals in MM: not known, and no accusation
    assert con.execute(JUDGED).fetchall() == [
        ("A", False, False),
        ("B", True, True),
        ("C", None, False),
    ]


def test_without_a_ledger_no_pace_is_known() -> None:
    deals = [deal("W", "Closed_Won", FIRST + timedelta(days=10)), waiting("A", 91)]
    con = warehouse(World({"pipeline_deals": deals}, AS_OF), wanted=("marts.deals",))
    assert con.execute(JUDGED).fetchall() == [("A", None, False)]

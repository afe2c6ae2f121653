"""Coverage of and pace to targets, worked by hand."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pipeline.policy import Policy
from tests.support.deal_ledger import Ledger, ask, fill
from tests.support.worlds import World, warehouse

MODELS = ("marts.deal_states", "reports.coverage", "reports.pace")
FIRST, LAST = date(2026, 1, 1), date(2026, 1, 31)
QUARTER = {"period_start": date(2026, 1, 1), "period_end": date(2026, 4, 1)}


def state(deal_id: str, amount: int | None, **others: Any) -> dict[str, Any]:
    money = None if amount is None else Decimal(amount)
    return {
        "deal_id": deal_id, "valid_from": FIRST, "status": "open", "amount": money,
        "expected_close": date(2026, 3, 1), "segment": "SMB", "owner": "Ann", **others,
    }  # fmt: skip


WON = {"status": "won", "closed_on": date(2026, 1, 20)}
STATES = (
    state("won", 300, **WON),
    state("won elsewhere", 100, **WON, segment="MM", owner="Bo"),
    state("won later than known", 999, status="won", closed_on=date(2026, 2, 20)),
    state("won before", 999, status="won", closed_on=date(2025, 12, 20)),
    state("due", 400),
    state("due without amount", None),
    state("due elsewhere", 250, segment="MM", owner="Bo"),
    state("due in April", 999, expected_close=date(2026, 4, 1)),
    state("without a date", 999, expected_close=None),
)


def rows(
    report: str,
    *targets: Mapping[str, Any],
    deals: Sequence[Mapping[str, Any]] = (),
    policy: Policy | None = None,
    **asked: Any,
) -> list[dict[str, Any]]:
    files = {"targets": targets, "pipeline_deals": deals}
    con = warehouse(World(files, as_of=LAST, policy=policy or Policy()), MODELS)
    fill(con, Ledger(STATES, FIRST, LAST))
    return ask(con, report, **asked)


def won_amount(value: int, **others: Any) -> dict[str, Any]:
    return {"metric": "won_amount", **QUARTER, "value": Decimal(value), **others}


def test_coverage_is_what_is_due_over_what_is_still_to_win() -> None:
    """1,700 less the 400 won leaves 1,300; 400 + 250 are due, and one deal without an amount."""
    (row,) = rows("coverage", won_amount(1700))
    assert (row["won_so_far"], row["remaining"], row["open_pipeline_due"]) == (400, 1300, 650)
    assert (row["due_deals"], row["due_deals_without_amount"]) == (3, 1)
    assert row["coverage"] == pytest.approx(0.5)
    assert row["reason_not_known"] is None


def test_a_target_of_a_slice_counts_its_deals_only() -> None:
    """SMB and Ann: 300 won of 1,100, 400 due. Bo: 100 won of 350, 250 due."""
    ann = won_amount(1100, segment="SMB", owner="Ann")
    bo = won_amount(350, owner="Bo")
    first, second = rows("coverage", ann, bo)
    assert {(r["owner"], r["coverage"]) for r in (first, second)} == {("Ann", 0.5), ("Bo", 1.0)}
    assert [row["owner"] for row in rows("coverage", ann, bo, owners=["Bo"])] == ["Bo"]
    assert [row["owner"] for row in rows("coverage", ann, bo, segments=["SMB"])] == ["Ann"]


def test_a_target_met_or_over_has_no_coverage_and_says_so() -> None:
    met = won_amount(400)
    over = won_amount(500, period_start=date(2026, 1, 1), period_end=date(2026, 2, 1))
    found = {row["target_value"]: row for row in rows("coverage", met, over)}
    assert {value: row["coverage"] for value, row in found.items()} == {400: None, 500: None}
    assert found[400]["reason_not_known"] == "target met"
    assert found[500]["reason_not_known"] == "the period is over"


def test_the_newest_target_is_of_the_shortest_period_begun_by_the_last_day_asked_for() -> None:
    """The month that holds the last day counts before the quarter around it and before February."""
    january = {"period_start": date(2026, 1, 1), "period_end": date(2026, 2, 1)}
    february = {"period_start": date(2026, 2, 1), "period_end": date(2026, 3, 1)}
    targets = [
        won_amount(900),
        won_amount(300, **january),
        won_amount(310, **february),
        {"metric": "won_deals", **QUARTER, "value": 8},
    ]

    def newest(**asked: Any) -> set[tuple[str, date]]:
        found = rows("coverage", *targets, **asked)
        return {(row["metric"], row["period_end"]) for row in found if row["is_newest"]}

    deals = ("won_deals", QUARTER["period_end"])
    # the ledger knows January, and so does a window that ends with it
    assert newest() == {("won_amount", january["period_end"]), deals}
    assert newest(until=date(2026, 2, 1)) == {("won_amount", january["period_end"]), deals}
    assert newest(until=date(2026, 2, 2)) == {("won_amount", february["period_end"]), deals}


def newest_of(*targets: Mapping[str, Any], **asked: Any) -> set[tuple[str, date]]:
    found = rows("coverage", *targets, **asked)
    return {(row["owner"], row["period_start"]) for row in found if row["is_newest"]}


def test_an_owners_shorter_target_does_not_hide_the_companys() -> None:
    """The company's quarter of 900 and Ann's January of 50 are each the newest of their kind."""
    january = {"period_start": date(2026, 1, 1), "period_end": date(2026, 2, 1)}
    ann = won_amount(50, owner="Ann", **january)
    bo = won_amount(250, owner="Bo")
    newest = newest_of(won_amount(900), ann, bo)
    assert newest == {("all", january["period_start"]), ("Ann", january["period_start"])}


def test_before_the_first_target_begins_the_newest_is_the_nearest_ahead() -> None:
    """Known are the days to 31 January; the plan starts with May, June follows."""
    may = won_amount(300, period_start=date(2026, 5, 1), period_end=date(2026, 6, 1))
    june = won_amount(310, period_start=date(2026, 6, 1), period_end=date(2026, 7, 1))
    assert newest_of(may, june) == {("all", date(2026, 5, 1))}
    assert newest_of(may, june, until=date(2026, 7, 1)) == {("all", date(2026, 6, 1))}


def decided(segment: str, owner: str, day: date, stage: str, amount: int | None) -> dict[str, Any]:
    money = None if amount is None else Decimal(amount)
    return {
        "segment": segment, "owner": owner, "stage": stage, "status": stage,
        "amount": money, "created_at": date(2025, 1, 1), "last_stage_change": day,
    }  # fmt: skip


def test_the_coverage_needed_is_what_it_took_in_the_last_year() -> None:
    """Decided in the 365 days to 31 January 2026: 100 won of 400 in SMB, 300 of 300 in MM.

    SMB takes 400 / 100, the whole 700 / 400. What was lost a day too early or closes later
    does not count, and Bo, who decided nothing, has no usual rate.
    """
    deals = [
        decided("SMB", "Ann", date(2026, 1, 31), "Closed_Won", 100),
        decided("SMB", "Ann", date(2025, 2, 1), "Closed_Lost", 300),
        decided("SMB", "Ann", date(2025, 1, 31), "Closed_Lost", 999),
        decided("SMB", "Ann", date(2026, 2, 1), "Closed_Lost", 999),
        decided("MM", "Cy", date(2025, 12, 1), "Closed_Won", 300),
    ]
    asked = (won_amount(1700), won_amount(1100, segment="SMB"), won_amount(350, owner="Bo"))
    found = {
        (row["segment"], row["owner"]): row["coverage_needed"]
        for row in rows("coverage", *asked, deals=deals)
    }
    assert found == {("all", "all"): 7 / 4, ("SMB", "all"): 4, ("all", "Bo"): None}


def test_a_coverage_needed_that_is_not_known_says_why() -> None:
    """Of the last 365 days: Ann decided nothing, Bo only lost, Cy's win has no amount."""
    day = date(2026, 1, 15)
    deals = [
        decided("SMB", "Ann", date(2025, 1, 1), "Closed_Won", 100),
        decided("SMB", "Bo", day, "Closed_Lost", 300),
        decided("SMB", "Cy", day, "Closed_Lost", 300),
        decided("SMB", "Cy", day, "Closed_Won", None),
        decided("SMB", "Di", day, "Closed_Won", 100),
    ]
    asked = [won_amount(9000, owner=owner) for owner in ("Ann", "Bo", "Cy", "Di")]
    found = rows("coverage", *asked, deals=deals)
    assert {row["owner"]: (row["coverage_needed"], row["needed_not_known"]) for row in found} == {
        "Ann": (None, "nothing was decided"),
        "Bo": (None, "nothing was won"),
        "Cy": (None, "no won deal has an amount"),
        "Di": (1, None),
    }


def test_losses_that_nobody_gave_a_reason_for_are_not_nothing_decided() -> None:
    """The policy leaves out losses without a decision, and no row says which those are."""
    deals = [decided("SMB", "Ann", date(2026, 1, 15), "Closed_Won", 100)]
    policy = Policy(win_rate="won_over_decided")
    (row,) = rows("coverage", won_amount(9000), deals=deals, policy=policy)
    assert row["needed_not_known"] == "the reasons of losses are not known"


def test_deals_that_the_usual_win_rate_leaves_out_are_counted() -> None:
    """100 won of 400; two losses, whose amount was cleared, would add to the 400.

    Ann's other win without an amount would add to both, and make the 4 smaller.
    """
    day = date(2026, 1, 15)
    deals = [
        decided("SMB", "Ann", day, "Closed_Won", 100),
        decided("SMB", "Ann", day, "Closed_Won", None),
        decided("SMB", "Ann", day, "Closed_Lost", 300),
        decided("SMB", "Bo", day, "Closed_Lost", None),
        decided("SMB", "Bo", day, "Closed_Lost", 0),
        decided("SMB", "Bo", date(2025, 1, 1), "Closed_Lost", None),
    ]
    asked = (won_amount(1700), won_amount(1100, owner="Ann"), won_amount(1100, owner="Cy"))
    found = {row["owner"]: row for row in rows("coverage", *asked, deals=deals)}
    assert found["all"]["coverage_needed"] == found["Ann"]["coverage_needed"] == 4
    left_out = {
        owner: (row["lost_deals_left_out"], row["won_deals_left_out"])
        for owner, row in found.items()
    }
    assert left_out == {"all": (2, 1), "Ann": (0, 1), "Cy": (0, 0)}


def test_a_target_in_deals_counts_deals() -> None:
    """Two won of eight; three are due for the six that are missing."""
    (row,) = rows("coverage", {"metric": "won_deals", **QUARTER, "value": 8})
    assert (row["won_so_far"], row["remaining"], row["coverage"]) == (2, 6, 0.5)


def test_pace_asks_for_the_same_every_day() -> None:
    """31 of 90 days have passed: 900 asks for 310 by now, 400 are won, so 90 ahead.

    At 400 in 31 days the quarter brings 400 x 90 / 31.
    """
    (row,) = rows("pace", won_amount(900))
    assert row["elapsed_share"] == pytest.approx(31 / 90)
    assert row["expected_so_far"] == pytest.approx(310)
    assert row["ahead_by"] == pytest.approx(90)
    assert row["share_of_target"] == pytest.approx(4 / 9)
    assert row["projected"] == pytest.approx(400 * 90 / 31)
    assert row["projected_share"] == pytest.approx(400 * 90 / 31 / 900)


def test_a_period_not_begun_has_no_pace_but_coverage() -> None:
    """April: 999 due on its first day."""
    april = won_amount(1998, period_start=date(2026, 4, 1), period_end=date(2026, 5, 1))
    (pace,) = rows("pace", april)
    assert pace["projected"] is pace["share_of_target"] is None
    assert pace["reason_not_known"] == "the period has not begun"
    (coverage,) = rows("coverage", april)
    assert coverage["coverage"] == pytest.approx(0.5)


def test_before_anything_was_known_of_deals_nothing_was_won_or_due_that_is_known() -> None:
    """As known on New Year's Eve: no build had seen a deal, which is not the same as none won."""
    (pace,) = rows("pace", won_amount(900), known_on=date(2025, 12, 31))
    assert pace["won_so_far"] is pace["elapsed_share"] is pace["expected_so_far"] is None
    (coverage,) = rows("coverage", won_amount(900), known_on=date(2025, 12, 31))
    assert coverage["won_so_far"] is coverage["remaining"] is coverage["due_deals"] is None
    assert coverage["open_pipeline_due"] is coverage["won_deals_without_amount"] is None
    for row in (pace, coverage):
        assert row["reason_not_known"] == "nothing was known of deals then"


def test_a_window_keeps_the_targets_it_touches() -> None:
    april = won_amount(1998, period_start=date(2026, 4, 1), period_end=date(2026, 5, 1))
    both = (won_amount(900), april)
    assert len(rows("pace", *both, since=date(2026, 3, 31), until=date(2026, 4, 2))) == 2
    assert len(rows("pace", *both, since=date(2026, 4, 1))) == 1
    assert len(rows("pace", *both, until=date(2026, 4, 1))) == 1

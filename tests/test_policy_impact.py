"""What a metric would be under another choice of a policy."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline import policy_impact
from pipeline.meta import create_schemas, create_tables
from pipeline.models.discover import discover
from pipeline.models.model import LOADED
from pipeline.models.order import order
from pipeline.models.reach import reached
from pipeline.policy import Policy
from pipeline.policy_choices import QUESTIONS, Question
from tests.support.questions import is_same
from tests.support.worlds import SQL, World, query, warehouse

MODELS = (
    "metrics.finance",
    "metrics.marketing",
    "metrics.pipeline",
    "metrics.revenue",
    "reports.policy_impact",
)


def period(customer: str, start: date, end: date | None, mrr: int) -> dict[str, Any]:
    return {
        "subscription_id": f"{customer}-{start}",
        "customer_id": customer,
        "start_date": start,
        "end_date": end,
        "mrr": mrr,
    }


def deal(number: int, status: str, **values: Any) -> dict[str, Any]:
    closed = {"last_stage_change": date(2026, 2, 10)} if status != "Open" else {}
    return {
        "deal_id": f"D{number}",
        "stage": "Demo",
        "status": status,
        "amount": 60_000,
        "probability": 0.5,
        "created_at": date(2026, 1, 5),
        "expected_close": date(2026, 5, 1),
        "last_stage_change": date(2026, 2, 20),
        "segment": "SMB",
        "source_channel": "Email",
        "loss_reason": None,
        **closed,
        **values,
    }


# A stays at 100; B left and came back at 80; C is in a trial; D paid for two weeks of March
SUBSCRIPTIONS = [
    period("A", date(2025, 1, 1), None, 100),
    period("B", date(2025, 1, 1), date(2025, 9, 1), 100),
    period("B", date(2026, 2, 1), None, 80),
    period("C", date(2026, 2, 1), None, 0),
    period("D", date(2026, 3, 5), date(2026, 3, 19), 10),
]
# one won; one lost to nobody and one to a rival; two open for 39 days, at 60,000 and 30,000
DEALS = [
    deal(1, "Closed_Won"),
    deal(2, "Closed_Lost", loss_reason="No decision"),
    deal(3, "Closed_Lost", loss_reason="Price"),
    deal(4, "Open"),
    deal(5, "Open", amount=30_000),
]
MARKETING = [
    {
        "date": day,
        "channel": "Email",
        "segment": "SMB",
        "geo": "EMEA",
        "campaign": "News",
        "spend": 100,
        "leads": leads,
    }
    for day, leads in (
        (date(2025, 11, 1), 1),
        (date(2026, 1, 20), 10),
        (date(2026, 3, 22), 5),
        (date(2026, 3, 31), 2),
    )
]
# fifteen months of accounts: enough for a lifetime value
FINANCE = [
    {
        "month": date(2025 + month // 12, month % 12 + 1, 1),
        "sales_marketing_expense": 10,
        "revenue": 100,
        "cost_of_revenue": 20,
        "net_burn": 5,
    }
    for month in range(15)
]
WORLD = {
    "subscriptions": SUBSCRIPTIONS,
    "finance": FINANCE,
    "pipeline_deals": DEALS,
    "marketing_channels": MARKETING,
    "revenue_customers": [],
}
Impact = dict[tuple[str, str], dict[str, dict[str, Any]]]


def world(policy: Policy | None = None, **rows: Any) -> World:
    return World({**WORLD, **rows}, as_of=date(2026, 3, 31), policy=policy or Policy())


def impact(asked: World) -> Impact:
    """Rows by policy and metric, then by choice."""
    con = warehouse(asked, MODELS, policies=True)
    answer: Impact = {}
    for row in query(con, "select * from reports.policy_impact"):
        answer.setdefault((row["policy"], row["metric"]), {})[row["choice"]] = row
    return answer


@pytest.fixture(scope="module")
def answer() -> Impact:
    return impact(world())


def metrics_of(domain: str, policy: Policy) -> dict[str, Any]:
    """The total row of a domain where `policy` is in force."""
    con = warehouse(world(policy), (f"metrics.{domain}",))
    (row,) = query(con, f"select * from metrics.{domain}()")
    return {name: value for name, value in row.items() if not name.endswith("_unknown_rows")}


def values(rows: dict[str, dict[str, Any]]) -> dict[str, float | None]:
    return {choice: row["value"] for choice, row in rows.items()}


def test_retention_with_and_without_customers_who_came_back(answer: Impact):
    # in March 2025 A and B paid 200; now they pay 180, of which B's 80 came back
    assert values(answer["nrr_includes_reactivated", "nrr"]) == {
        "true": pytest.approx(0.9),
        "false": pytest.approx(0.5),
    }


def test_customers_with_and_without_trials(answer: Impact):
    assert values(answer["trials_are_customers", "paying_customers"]) == {"false": 2, "true": 3}
    assert values(answer["trials_are_customers", "arpa"]) == {"false": 90, "true": 60}
    ltv = values(answer["trials_are_customers", "ltv"])
    assert ltv["false"] == pytest.approx(1.5 * ltv["true"])


def test_logo_churn_with_and_without_who_joined_and_left(answer: Impact):
    # March began with A and B; D joined and left within it
    assert values(answer["logos_joined_and_left_count", "logo_churn"]) == {
        "false": 0,
        "true": pytest.approx(0.5),
    }


def test_win_rate_with_and_without_no_decisions(answer: Impact):
    assert values(answer["win_rate", "win_rate"]) == {
        "won_over_won_and_lost": pytest.approx(1 / 3),
        "won_over_decided": pytest.approx(1 / 2),
    }


def test_stuck_deals_under_neighbouring_limits(answer: Impact):
    # 39 days in the stage: over 30, not over 45; at 60,000 and 30,000
    assert values(answer["stuck_days", "stuck_deals"]) == {"45": 0, "30": 1, "60": 0}
    strict = impact(world(Policy(stuck_days=30)))
    assert values(strict["stuck_amount", "stuck_deals"]) == {"50000": 1, "25000": 2, "100000": 0}
    assert values(strict["stuck_amount", "stuck_amount"]) == {
        "50000": 60_000,
        "25000": 90_000,
        "100000": None,
    }


def test_quarters_of_another_fiscal_year(answer: Impact):
    # the last whole quarter is January to March, November to January or December to February
    rows = answer["fiscal_year_start_month", "leads"]
    found = {c: (row["period_start"], row["period_end"], row["value"]) for c, row in rows.items()}
    assert found == {
        "1": (date(2026, 1, 1), date(2026, 4, 1), 17),
        "2": (date(2025, 11, 1), date(2026, 2, 1), 11),
        "3": (date(2025, 12, 1), date(2026, 3, 1), 10),
    }


def test_weeks_that_begin_on_another_day(answer: Impact):
    # five leads on Sunday 22 March: the last day of one week, the first of the other
    rows = answer["week_start", "leads"]
    assert {choice: row["period_start"].isoweekday() for choice, row in rows.items()} == {
        "monday": 1,
        "sunday": 7,
    }
    assert values(rows) == {"monday": 5, "sunday": 5}


def test_the_value_in_force_is_marked_and_the_others_are_set_against_it(answer: Impact):
    for rows in answer.values():
        (in_force,) = (row for row in rows.values() if row["is_in_force"])
        for row in rows.values():
            if None not in (row["value"], in_force["value"]):
                assert row["difference"] == pytest.approx(row["value"] - in_force["value"])
            assert (row["reason"] is None) == (row["value"] is not None)
            assert row["decides"]
            assert row["label"]


def test_what_cannot_be_known_has_a_reason():
    without_reasons = [{k: v for k, v in row.items() if k != "loss_reason"} for row in DEALS]
    rows = impact(world(pipeline_deals=without_reasons))["win_rate", "win_rate"]
    assert rows["won_over_decided"]["value"] is None
    assert rows["won_over_decided"]["difference"] is None
    assert rows["won_over_decided"]["reason"] == "pipeline_deals.csv has no loss_reason"
    assert rows["won_over_won_and_lost"]["value"] == pytest.approx(1 / 3)

    empty = impact(World({}, as_of=date(2026, 3, 31)))
    assert empty["nrr_includes_reactivated", "nrr"]["true"]["reason"].startswith(
        "from one snapshot"
    )
    assert empty["trials_are_customers", "ltv"]["true"]["reason"] == "needs finance.csv"
    assert empty["week_start", "leads"]["monday"]["reason"] == "no period is complete yet"


@pytest.mark.parametrize(
    "question",
    [q for q in QUESTIONS if q.period is None],
    ids=lambda question: f"{question.policy}-{question.domain}",
)
def test_a_choice_means_what_it_would_mean_in_force(question: Question, answer: Impact):
    """Adopt each choice: what was told then stands, and what was left out has not moved."""
    in_force = metrics_of(question.domain, Policy())
    for other in question.policies(Policy()):
        told = {
            metric: rows[other.text(question.policy)]["value"]
            for (policy, metric), rows in answer.items()
            if policy == question.policy
        }
        for name, value in metrics_of(question.domain, other).items():
            assert is_same(value, told.get(name, in_force[name])), f"{name} of {other}"


def test_every_policy_with_a_choice_is_asked_about():
    asked = {question.policy for question in QUESTIONS}
    without = {"target_pace", "currency", "book", "segments", "stages"}
    assert asked | without == {key for key, *_ in Policy().rows()}
    assert all(
        question.policies(replace(Policy(), stuck_amount=0.0, stuck_days=0))
        for question in QUESTIONS
    )


def test_another_choice_does_not_wait_for_who_still_looks_at_the_one_before(tmp_path: Path):
    con = duckdb.connect(str(tmp_path / "warehouse.tmp"))
    create_schemas(con)
    create_tables(con)
    meanwhile = con.cursor()
    with policy_impact._following(con, (), Policy(), 1):
        # as the checks do, beside the policies: it keeps what it saw until it is done
        meanwhile.execute("begin")
        meanwhile.execute("select count(*) from duckdb_tables()").fetchall()
    with policy_impact._following(con, (), Policy(), 2):
        assert con.execute("select current_database()").fetchall() == [(policy_impact.OTHER,)]
    meanwhile.execute("commit")
    assert [path.name for path in tmp_path.iterdir() if "otherwise" in path.name] == []


def test_a_policy_reaches_only_the_models_that_follow_it():
    models = discover(SQL)
    loaded = {r.name for m in models for r in m.references if r.name.split(".")[0] in LOADED}
    models = order(models, loaded)
    retention = [m.name for m in reached(models, "nrr_includes_reactivated", ["metrics.revenue"])]
    trials = [m.name for m in reached(models, "trials_are_customers", ["metrics.revenue"])]

    # what customers paid does not depend on what counts as kept, but on who is a customer
    assert "intermediate.customer_states" in trials
    assert "intermediate.customer_states" not in retention
    assert {"intermediate.month_cohorts", "metrics.revenue"} <= {*retention}
    assert reached(models, "currency", ["metrics.revenue"]) == ()

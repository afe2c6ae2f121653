"""The books of a build as a reader finds them: every check, what failed first."""

from datetime import date

from tests.support.worlds import World, query, warehouse

CUSTOMER = {
    "account": "Alder", "segment": "SMB", "plan": "Pro", "start_date": date(2026, 1, 1),
    "churned_flag": False,
}  # fmt: skip


MODELS = (
    "reports.books",
    "checks.customers_disagree_with_subscriptions",
    "checks.subscriptions_of_unknown_customers",
    "checks.mrr_equals_running_periods",
    "checks.mrr_equals_customer_file",
    "checks.plan_keys_are_unique",
)


def test_the_books_list_every_check_with_what_failed_first():
    # the customer file says 120 where the ledger says 100: a gap of 20, a warning
    con = warehouse(
        World(
            {
                "revenue_customers": [{**CUSTOMER, "customer_id": "C1", "mrr": 120}],
                "subscriptions": [
                    {
                        "subscription_id": "S1",
                        "customer_id": "C1",
                        "start_date": date(2026, 1, 1),
                        "end_date": None,
                        "mrr": 100,
                    }
                ],
            },
            as_of=date(2026, 3, 31),
        ),
        MODELS,
        checks=True,
    )

    books = query(con, "select * from reports.books")

    assert {f"checks.{row['name']}" for row in books} == {*MODELS} - {"reports.books"}
    first = books[0]
    assert first["name"] == "customers_disagree_with_subscriptions"
    assert (first["class"], first["status"]) == ("warning", "failed")
    assert (first["rows_tested"], first["rows_failed"], first["share_failed"]) == (1, 1, 1.0)
    assert first["largest_gap"] == 20
    assert first["note"]
    statuses = [row["status"] for row in books]
    assert statuses == sorted(statuses, key=["failed", "passed", "not applicable"].index)
    assert {"passed", "not applicable"} < set(statuses)


def test_a_check_with_nothing_to_test_says_why_and_is_not_passed():
    con = warehouse(World({}, as_of=date(2026, 3, 31)), MODELS, checks=True)

    idle = query(con, "select * from reports.books where status = 'not applicable'")

    assert idle
    assert all(row["note"] and row["rows_tested"] == 0 for row in idle)
    assert all(row["share_failed"] is None for row in idle)
    assert not query(con, "select * from reports.books where status = 'passed' and rows_tested = 0")

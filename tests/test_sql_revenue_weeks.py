"""MRR at the ends of weeks: what the last measured month closed with, and what changed since."""

from datetime import date

from tests.support.worlds import World, query, warehouse


def test_a_week_takes_what_changed_since_the_month_before_it_once() -> None:
    """A pays 100 all along, B 50 from 29 February, C 30 from 5 March; today is Wednesday 20 March.

    A change on a month's last day is in that month's closing, and not a change since.
    """
    begun = {
        "A": (date(2024, 1, 1), 100),
        "B": (date(2024, 2, 29), 50),
        "C": (date(2024, 3, 5), 30),
    }
    periods = [
        {"subscription_id": name, "customer_id": name, "start_date": day, "mrr": mrr}
        for name, (day, mrr) in begun.items()
    ]
    world = World({"subscriptions": periods}, as_of=date(2024, 3, 20))
    con = warehouse(world, ("metrics.revenue",))
    rows = query(con, "select * from metrics.revenue(\"by\" := 'week')")
    weeks = [(row["slice"], row["mrr"], row["paying_customers"]) for row in rows[-6:]]
    assert weeks == [
        ("2024-02-19", 100, 1),
        ("2024-02-26", 150, 2),
        ("2024-03-04", 180, 3),
        ("2024-03-11", 180, 3),
        ("2024-03-18", 180, 3),
        (None, 180, 3),
    ]

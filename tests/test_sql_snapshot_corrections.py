"""A customer file that was exported again: for the same day, and a year later."""

from datetime import date, timedelta

from tests.support.worlds import query
from tests.test_sql_snapshots import paying, snapshots


def test_who_is_gone_from_the_corrected_list_was_not_there_that_day() -> None:
    """Z was listed in February by mistake, and is a customer since March."""
    january, february, march = date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 31)
    only_a = {"A": paying(100)}
    both = {**only_a, "Z": paying(50)}
    con = snapshots({january: only_a, february: both, march: both}, corrected={february: only_a})
    months = query(con, "select new_mrr, closing_mrr from reports.mrr_waterfall() order by month")
    assert [(row["new_mrr"], row["closing_mrr"]) for row in months[-2:]] == [(0, 100), (50, 150)]


def test_a_year_of_snapshots_tells_what_was_paid_a_year_ago() -> None:
    """Before the first snapshot nothing is known: empty, not 0."""
    firsts = [date(2023, month, 1) for month in range(2, 13)]
    ends = [day - timedelta(days=1) for day in [*firsts, date(2024, 1, 1), date(2024, 2, 1)]]
    began = {"start_date": date(2023, 1, 1)}
    con = snapshots({day: {"A": paying(80 if day < ends[-1] else 100, **began)} for day in ends})
    rows = query(con, "select month, mrr_12m_ago from marts.customer_months order by month")
    assert [(row["month"], row["mrr_12m_ago"]) for row in rows[-2:]] == [
        (date(2023, 12, 1), None),
        (date(2024, 1, 1), 80),
    ]


def test_who_paid_nothing_takes_nothing_along() -> None:
    january, february = date(2024, 1, 31), date(2024, 2, 29)
    listed = {"A": paying(100), "Z": paying(0)}
    con = snapshots({date(2023, 12, 31): listed, january: listed, february: {"A": paying(100)}})
    assert query(con, "select * from intermediate.departures") != []
    assert query(con, "select * from marts.mrr_transfers") == []

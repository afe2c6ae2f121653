"""A customer file that was exported again for the same day."""

from datetime import date

from tests.support.worlds import query
from tests.test_sql_snapshots import paying, snapshots


def test_who_is_gone_from_the_corrected_list_was_never_there() -> None:
    january, february, march = date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 31)
    only_a = {"A": paying(100)}
    con = snapshots(
        {january: only_a, february: {**only_a, "Z": paying(50)}, march: only_a},
        corrected={february: only_a},
    )
    found = query(con, "select distinct customer_id from marts.customer_months")
    assert [row["customer_id"] for row in found] == ["A"]
    rows = query(con, "select closing_mrr from reports.mrr_waterfall() order by month")
    assert {row["closing_mrr"] for row in rows} == {100}

"""How many bad rows a build bears, and what it says when there are more."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.ingest.quarantine import Withheld
from tests.loading import configure, load
from tests.support.tiny import CUSTOMERS, DEALS

Tiny = Callable[..., Path]


def withheld(rows: int, rows_read: int, share: float = 0.01, **money: int) -> Withheld:
    return Withheld(
        "pipeline_deals", "pipeline_deals.csv", rows, rows_read,
        Decimal(money.get("magnitude", 0)), Decimal(money.get("magnitude_read", 0)), share,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "rows_read", "share", "fails"),
    [
        (0, 0, 0.01, False),
        (5, 100, 0.01, False),  # five rows are always tolerated
        (6, 100, 0.01, True),
        (10, 1000, 0.01, False),  # one in a hundred
        (11, 1000, 0.01, True),
        (5, 10, 0.01, False),  # half the file, not more
        (3, 5, 0.01, True),
        (1, 1, 1.0, True),
        (500, 1000, 1.0, False),
        (501, 1000, 1.0, True),
        (5, 1000, 0.0, False),
        (6, 1000, 0.0, True),
    ],
)
def test_rows(rows: int, rows_read: int, share: float, fails: bool) -> None:
    assert (withheld(rows, rows_read, share).complaint(strict=False) is not None) == fails


def test_money() -> None:
    assert withheld(1, 1000, magnitude=10, magnitude_read=1000).complaint(False) is None
    complaint = withheld(1, 1000, magnitude=11, magnitude_read=1000).complaint(False)
    assert complaint is not None
    assert "in money" in complaint


def test_strict_bears_nothing() -> None:
    assert withheld(1, 1_000_000).complaint(strict=True)
    assert withheld(0, 1_000_000).complaint(strict=True) is None


def many_deals(bad: int, good: int) -> str:
    header = DEALS.splitlines()[0]
    row = "D{},Alder,SMB,Ana,Demo,{},2026-02-20,,,,,,Open,Email"
    rows = [row.format(n, "much" if n < bad else "10") for n in range(bad + good)]
    return "\n".join([header, *rows, ""])


def test_five_bad_rows_load_without_a_word(tiny: Tiny) -> None:
    loaded = load(tiny(pipeline_deals=many_deals(5, 20)))
    books = loaded.books("pipeline_deals")
    assert (books["rows_read"], books["rows_loaded"], books["rows_quarantined"]) == (25, 20, 5)
    assert books["amount_unreadable_cells"] == 5


def test_six_fail_with_file_line_column_value_rule_and_remedy(tiny: Tiny) -> None:
    with pytest.raises(InputError) as caught:
        load(tiny(pipeline_deals=many_deals(6, 20)))
    told = str(caught.value)
    assert "pipeline_deals.csv: 6 of 26 rows break the contract; 5 are tolerated." in told
    assert "pipeline_deals.csv, line 2, amount: 'much' (not_money)" in told
    assert "An amount is written with digits" in told
    assert "6 rows in all; the next in lines 3, 4, 5, 6, 7" in told
    assert "tolerated_share" in caught.value.remedy


def test_the_share_is_configured_per_file(tiny: Tiny) -> None:
    data = configure(
        tiny(pipeline_deals=many_deals(6, 20)), "[files.pipeline_deals]\ntolerated_share = 0.3"
    )
    assert load(data).books("pipeline_deals")["rows_quarantined"] == 6


def test_one_costly_row_fails(tiny: Tiny) -> None:
    """One bad row of three is few, but a quarter of the money stands in it."""
    text = CUSTOMERS.replace("2026-03-22,100", "someday,100")
    with pytest.raises(InputError, match=r"100\.00 of 400\.00 in money"):
        load(tiny(revenue_customers=text))


def test_strict_fails_on_one_bad_row(tiny: Tiny) -> None:
    data = tiny(pipeline_deals=many_deals(1, 200))
    assert load(data).books("pipeline_deals")["rows_quarantined"] == 1
    with pytest.raises(InputError, match="--strict allows none"):
        load(data, strict=True)


def test_every_failing_file_is_told(tiny: Tiny) -> None:
    customers = CUSTOMERS.replace("2026-03-", "03-")
    data = tiny(pipeline_deals=many_deals(6, 20), revenue_customers=customers)
    with pytest.raises(InputError) as caught:
        load(data)
    assert "pipeline_deals.csv: 6 of 26" in str(caught.value)
    assert "revenue_customers.csv: 3 of 3" in str(caught.value)


def test_a_missing_required_file_is_named(tiny: Tiny) -> None:
    with pytest.raises(InputError) as caught:
        load(tiny(pipeline_deals=None))
    assert "pipeline_deals.csv is missing" in str(caught.value)
    assert "[files.pipeline_deals]" in caught.value.remedy


def test_all_unreadable_files_are_told_at_once(tiny: Tiny) -> None:
    with pytest.raises(InputError) as caught:
        load(tiny(pipeline_deals=None, benchmarks=""))
    assert "pipeline_deals.csv is missing" in str(caught.value)
    assert "benchmarks.csv" in str(caught.value)

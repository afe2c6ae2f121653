"""Rows and money: what was read is loaded or withheld, to the row and to the cent."""

import hashlib
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.ingest import file_load
from pipeline.ingest.money import MoneyIn
from tests.loading import Loaded, configure, load, tolerant
from tests.support.tiny import CUSTOMERS, DEALS, MARKETING

Tiny = Callable[..., Path]


def assert_balanced(loaded: Loaded, dataset: str) -> None:
    books = loaded.books(dataset)
    assert books["rows_read"] == books["rows_loaded"] + books["rows_quarantined"]
    assert books["amount_read"] == books["amount_loaded"] + books["amount_withheld"]


def test_the_books_of_the_smallest_input(tiny: Tiny) -> None:
    data = tiny()
    loaded = load(data, strict=True)
    assert [file.dataset for file in loaded.report.loads] == [
        "marketing_channels", "pipeline_deals", "revenue_customers", "benchmarks",
        "subscriptions", "deal_history", "targets", "finance",
    ]  # fmt: skip
    books = loaded.books("marketing_channels")
    content = (data / "marketing_channels.csv").read_bytes()
    assert books["sha256"] == hashlib.sha256(content).hexdigest()
    assert (books["rows_read"], books["rows_loaded"], books["rows_quarantined"]) == (4, 4, 0)
    assert books["amount_read"] == books["amount_loaded"] == 450
    assert (books["amount_withheld"], books["amount_unreadable_cells"]) == (0, 0)
    assert (books["is_required"], books["is_present"]) == (True, True)


def test_an_absent_optional_file_is_an_empty_table_and_not_known(tiny: Tiny) -> None:
    loaded = load(tiny())
    assert loaded.rows("select count(*) from raw.subscriptions") == [(0,)]
    books = loaded.books("subscriptions")
    assert not books["is_present"]
    known = {name for name, value in books.items() if value is not None}
    assert known == {"dataset", "is_required", "is_present"}


def test_a_file_of_a_header_alone_is_present_and_empty(tiny: Tiny) -> None:
    header = "subscription_id,customer_id,start_date,end_date,mrr\n"
    books = load(tiny(subscriptions=header)).books("subscriptions")
    assert (books["is_present"], books["rows_read"], books["amount_read"]) == (True, 0, 0)


def test_absent_columns_are_told_from_empty_ones(tiny: Tiny) -> None:
    loaded = load(tiny())
    present = loaded.rows(
        "select column_name, is_present from meta.columns "
        "where dataset = 'pipeline_deals' and not is_required"
    )
    assert present == [("geo", False), ("loss_reason", False)]
    assert loaded.column("pipeline_deals", "geo") == [None] * 4


def test_every_raw_row_says_where_it_came_from(tiny: Tiny) -> None:
    rows = load(tiny()).rows("select _file, _line, _load_id, _flags from raw.pipeline_deals")
    assert rows == [("pipeline_deals.csv", line, "test", []) for line in (2, 3, 4, 5)]


def test_short_long_and_cut_rows_are_counted(tiny: Tiny) -> None:
    lines = DEALS.splitlines()
    text = "\n".join([*lines[:3], "D7,short", lines[3], lines[4] + ",extra", "D8,Al"])
    loaded = load(tolerant(tiny(pipeline_deals=text), "pipeline_deals"))
    assert [(line, rule) for _, line, _, _, rule in loaded.withheld()] == [
        (4, "short_row"), (6, "long_row"), (7, "cut_line"),
    ]  # fmt: skip
    assert_balanced(loaded, "pipeline_deals")
    books = loaded.books("pipeline_deals")
    assert books["amount_unreadable_cells"] == 3
    assert books["amount_read"] == 20000


def test_money_rounded_beyond_six_decimals_balances_and_is_said(tiny: Tiny) -> None:
    text = MARKETING.replace(",100.00,10000", ",100.0000005,10000").replace(
        ",100,10,0.01", ",,,0.01"
    )
    loaded = load(tiny(marketing_channels=text), strict=True)
    assert loaded.column("marketing_channels", "spend")[0] == Decimal("100")
    assert loaded.flags("marketing_channels") == {2: ["money_rounded"]}
    assert_balanced(loaded, "marketing_channels")


def test_a_rounded_row_keeps_its_flag_when_rows_before_it_are_withheld(tiny: Tiny) -> None:
    text = MARKETING.replace("2026-03-02", "soon").replace("200.00,10000", "200.0000001,10000")
    data = tolerant(tiny(marketing_channels=text), "marketing_channels")
    loaded = load(data)
    assert loaded.flags("marketing_channels") == {3: ["money_rounded"]}
    assert_balanced(loaded, "marketing_channels")


@pytest.mark.parametrize(
    ("amount", "toml"),
    [
        ('"$1,234.50"', 'thousands = ","'),
        ('"1.234,50"', 'thousands = "."\ndecimal = ","'),
        ("1234.50 USD", ""),
        ("n/a", '[files.pipeline_deals.values.amount]\n"n/a" = ""'),
        ("1234.4999999999", ""),
    ],
)
def test_money_written_otherwise_balances(tiny: Tiny, amount: str, toml: str) -> None:
    text = DEALS.replace(
        "D1,Alder,SMB,Ana,Negotiation,10000", f"D1,Alder,SMB,Ana,Negotiation,{amount}"
    )
    text = text.replace("0.5,5000", ",").replace("0.5", "")
    data = configure(tiny(pipeline_deals=text), f"[files.pipeline_deals]\n{toml}")
    loaded = load(data, strict=True)
    assert_balanced(loaded, "pipeline_deals")
    read = loaded.books("pipeline_deals")["amount_read"]
    assert read == 19000 + (0 if amount == "n/a" else Decimal("1234.50"))


def test_odd_cells_are_unreadable_for_both_readings(tiny: Tiny) -> None:
    """DuckDB alone would read 1e5 as 100,000 and " 7" as 7; we withhold both rows."""
    text = DEALS.replace("10000,2026", "1e5,2026").replace("6000,2026", " 7,2026")
    loaded = load(tolerant(tiny(pipeline_deals=text), "pipeline_deals"))
    assert [rule for *_, rule in loaded.withheld()] == ["not_money", "not_money"]
    assert_balanced(loaded, "pipeline_deals")
    assert loaded.books("pipeline_deals")["amount_unreadable_cells"] == 2


def test_withheld_money_is_told(tiny: Tiny) -> None:
    text = CUSTOMERS.replace("2026-03-22,100", "someday,100")
    loaded = load(tolerant(tiny(revenue_customers=text), "revenue_customers"))
    books = loaded.books("revenue_customers")
    assert (books["amount_loaded"], books["amount_withheld"]) == (300, 100)
    assert_balanced(loaded, "revenue_customers")


def test_sums_may_outgrow_a_cell(tiny: Tiny) -> None:
    header = DEALS.splitlines()[0]
    row = "D{},,SMB,,Demo,999999999999.999999,2026-02-20,,,,,,Open,"
    text = "\n".join([header, *(row.format(n) for n in range(3)), ""])
    loaded = load(tiny(pipeline_deals=text), strict=True)
    assert loaded.books("pipeline_deals")["amount_read"] == Decimal("2999999999999.999997")


def test_a_lost_amount_unbalances_the_books(tiny: Tiny, monkeypatch: pytest.MonkeyPatch) -> None:
    """The separate reading has the last word: a load that dropped money could not hide it."""
    real = file_load.Typist.type

    def forgetful(self: file_load.Typist, text: object) -> object:
        batch = real(self, text)  # type: ignore[arg-type]
        if "amount" in batch.frame.columns:
            amount = batch.frame["amount"].clear(batch.frame.height)
            object.__setattr__(batch, "frame", batch.frame.with_columns(amount))
        return batch

    monkeypatch.setattr(file_load.Typist, "type", forgetful)
    books = load(tiny()).books("pipeline_deals")
    assert books["amount_loaded"] + books["amount_withheld"] == 0
    assert books["amount_read"] == 29000


def test_both_separate_readings_agree(tiny: Tiny, monkeypatch: pytest.MonkeyPatch) -> None:
    quick = load(tiny()).books("pipeline_deals")
    monkeypatch.setattr(file_load.money, "read_quickly", lambda *_: None)
    assert load(tiny()).books("pipeline_deals") == quick
    assert MoneyIn(Decimal(29000), Decimal(29000), 0).amount == quick["amount_read"]


def test_blank_lines_extra_columns_and_a_missing_line_end_are_told(tiny: Tiny) -> None:
    lines = DEALS.rstrip("\n").split("\n")
    text = "\n".join(
        [lines[0] + ",Region", *(f"{line},x" for line in lines[1:3]), "", lines[3] + ",x"]
    )
    loaded = load(tiny(pipeline_deals=text), strict=True)
    warned = loaded.rows("select rule, rows from meta.warnings order by rule")
    assert warned == [("blank_lines", 1), ("no_final_line_end", 1), ("unknown_column", 0)]
    assert_balanced(loaded, "pipeline_deals")


@pytest.mark.parametrize(
    "content",
    [
        MARKETING.encode("utf-8-sig"),
        MARKETING.replace("\n", "\r\n").encode(),
        MARKETING.replace("\n", "\r").encode(),
        MARKETING.rstrip("\n").encode(),
        MARKETING.replace("Spring", '"Sp""ri\nng"').encode(),
    ],
    ids=["bom", "crlf", "cr", "no final line end", "quoted line break"],
)
def test_forms_of_file_that_load_whole(tiny: Tiny, content: bytes) -> None:
    data = tiny()
    (data / "marketing_channels.csv").write_bytes(content)
    loaded = load(data, strict=True)
    assert loaded.books("marketing_channels")["amount_read"] == 450
    assert_balanced(loaded, "marketing_channels")


def test_a_huge_field_loads_whole(tiny: Tiny) -> None:
    name = "x" * 11_000_000
    loaded = load(tiny(pipeline_deals=DEALS.replace("Alder", name)), strict=True)
    assert loaded.rows("select max(length(account)) from raw.pipeline_deals") == [(len(name),)]
    assert_balanced(loaded, "pipeline_deals")


def test_a_nul_byte_withholds_its_row_and_the_books_still_balance(tiny: Tiny) -> None:
    text = DEALS.replace("Alder", "Al\0der")
    loaded = load(tolerant(tiny(pipeline_deals=text), "pipeline_deals"))
    assert [(line, rule) for _, line, _, _, rule in loaded.withheld()] == [(2, "nul_byte")]
    assert_balanced(loaded, "pipeline_deals")


def test_an_open_quote_is_told_and_the_books_still_balance(tiny: Tiny) -> None:
    lines = DEALS.splitlines()
    many = [line.replace("D", f"D{n}", 1) for n in range(20) for line in lines[1:]]
    many[70] = many[70].replace("Cedar", '"Cedar')
    data = tolerant(tiny(pipeline_deals="\n".join([lines[0], *many, ""])), "pipeline_deals")
    loaded = load(data)
    assert loaded.withheld()[0][1] == 72
    assert_balanced(loaded, "pipeline_deals")


def test_swapped_headers_are_not_loaded_swapped(tiny: Tiny) -> None:
    text = MARKETING.replace("spend,impressions", "impressions,spend")
    with pytest.raises(InputError) as caught:
        load(tiny(marketing_channels=text))
    assert "line 2, impressions: '100.00' (not_an_integer)" in str(caught.value)


def test_a_file_of_another_name_is_read_where_it_is(tiny: Tiny) -> None:
    data = tiny(pipeline_deals=None)
    (data / "Deals [export] *.csv").write_text(DEALS)
    configure(data, '[files.pipeline_deals]\npath = "Deals [export] *.csv"')
    loaded = load(data, strict=True)
    assert loaded.books("pipeline_deals")["file"] == "Deals [export] *.csv"
    assert_balanced(loaded, "pipeline_deals")

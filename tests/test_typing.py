"""Typing: each cell is read exactly, or refused by a rule that says what to do."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.config import FileConfig
from pipeline.contracts.columns import ColumnSpec, Kind
from pipeline.ingest.cells import CellFormat, Refused, read_cell
from pipeline.ingest.typing import TypedBatch, Typist

STATUSES = ("Open", "Closed_Won", "Closed_Lost")


def typed(kind: Kind, cells: list[str], currency: str = "USD", **mapping: Any) -> TypedBatch:
    """One column of text, typed; a text column has the statuses for members if asked."""
    members = {"cell": mapping.pop("members", ())}
    column = ColumnSpec("cell", kind, True, True, "A cell")
    typist = Typist((column,), FileConfig("x", Path("x.csv"), **mapping), currency, members)
    lines = pl.Series("_line", range(2, len(cells) + 2), dtype=pl.Int64)
    return typist.type(
        pl.DataFrame({"cell": cells, "_line": lines}, schema_overrides={"cell": pl.String})
    )


def value(kind: Kind, cell: str, **mapping: Any) -> Any:
    """The value of one cell, which must be readable."""
    batch = typed(kind, [cell], **mapping)
    assert batch.problems.is_empty(), batch.problems.rows()
    return batch.frame["cell"][0]


def refusal(kind: Kind, cell: str, **mapping: Any) -> tuple[str, str]:
    """The rule by which one cell is refused, and the reason."""
    batch = typed(kind, [cell], **mapping)
    assert batch.frame["cell"][0] is None
    row, _, column, text, rule, reason = batch.problems.row(0)
    assert (row, column, text) == (0, "cell", cell)
    return rule, reason


@pytest.mark.parametrize("kind", ["text", "integer", "number", "money", "date", "flag"])
@pytest.mark.parametrize("cell", ["", " ", "\t", "   ", "NULL", "\u00a0"])
def test_empty_blank_and_null_are_not_known(kind: Kind, cell: str) -> None:
    assert value(kind, cell) is None


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("0", 0), ("-80", -80), ("007", 7), ("9223372036854775807", 2**63 - 1), ("-0", 0)],
)
def test_whole_numbers(cell: str, expected: int) -> None:
    assert value("integer", cell) == expected


NO_DIGITS = ["+5", " 5", "5 ", "5\t", "1e3", "12.5", "12.0", "0x1F", "1_000", "1,000", "1 000",
             "\uff15", "\u0665", "5\u00a0", "\u22125", "nan", "inf", "--5", "-", "l0", "1\u041e",
             "5\n", "true", "N/A", "null", "\u200b5"]  # fmt: skip


@pytest.mark.parametrize("cell", NO_DIGITS)
def test_what_is_no_whole_number(cell: str) -> None:
    assert refusal("integer", cell)[0] == "not_an_integer"


def test_whole_numbers_beyond_64_bits_are_refused() -> None:
    assert refusal("integer", "9223372036854775808")[0] == "too_large"
    assert refusal("integer", "9" * 5000)[0] == "too_large"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("0", 0.0), ("0.1", 0.1), ("-1.5", -1.5), (".5", 0.5), ("5.", 5.0), ("5e-05", 0.00005),
     ("1E3", 1000.0), ("250.0", 250.0), ("1.7976931348623157e308", 1.7976931348623157e308)],
)  # fmt: skip
def test_numbers(cell: str, expected: float) -> None:
    assert value("number", cell) == expected


@pytest.mark.parametrize(
    "cell",
    ["nan", "NaN", "inf", "-inf", "Infinity", "0x1F", "1_000", "1,5", "1,000.5", " 5", "5 ", "+5",
     "5%", "\uff15", "1e", "e5", "1.2.3", "..5", "-", "1.5\u00a0", "12\u041e", "1e5.0", "null"],
)  # fmt: skip
def test_what_is_no_number(cell: str) -> None:
    assert refusal("number", cell)[0] == "not_a_number"


@pytest.mark.parametrize("cell", ["1e400", "-1e400", "1e-400", "9" * 400])
def test_numbers_no_double_holds_are_refused(cell: str) -> None:
    assert refusal("number", cell)[0] == "too_large"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("0", "0"), ("1234.56", "1234.56"), ("-7.5", "-7.5"), (".5", "0.5"), ("5.", "5"),
     ("999999999999.999999", "999999999999.999999"), ("0.000001", "0.000001"),
     ("1.0000000", "1"), ("$1234.50", "1234.5"), ("-$3", "-3"), ("$-3", "-3"), ("$ 3", "3"),
     ("US$3", "3"), ("USD 3.25", "3.25"), ("3.25 USD", "3.25"), ("3.25USD", "3.25")],
)  # fmt: skip
def test_money_is_exact(cell: str, expected: str) -> None:
    batch = typed("money", [cell])
    assert batch.problems.is_empty()
    assert batch.frame["cell"][0] == Decimal(expected)
    assert batch.rounded.is_empty()


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("1.2345665", "1.234566"), ("1.2345675", "1.234568"), ("1.23456650001", "1.234567"),
     ("-1.2345675", "-1.234568"), ("0.0000001", "0")],
)  # fmt: skip
def test_money_beyond_six_decimals_is_rounded_half_even_and_said(cell: str, expected: str) -> None:
    batch = typed("money", ["1", cell, "2"])
    assert batch.frame["cell"].to_list() == [1, Decimal(expected), 2]
    assert batch.rounded.to_list() == [1]


@pytest.mark.parametrize(
    "cell",
    ["1e5", "1E-2", "+5", "1,234.50", "1 234", "1_000", "0x1F", "nan", "inf", "(5)", "\uff15.00",
     "5,00", "$", "USD", "1.2.3", "--5", "-$-5", "5 ", " 5", "12\u041e0", "abc", "1'000", "5-"],
)  # fmt: skip
def test_what_is_no_money(cell: str) -> None:
    assert refusal("money", cell)[0] == "not_money"


@pytest.mark.parametrize(
    "cell", ["€5", "5 €", "EUR 5", "5 EUR", "£1,234.50", "CA$5", "5 CHF", "¥100"]
)
def test_another_currency_is_never_converted(cell: str) -> None:
    rule, reason = refusal("money", cell)
    assert rule == "other_currency"
    assert "never converted" in reason


def test_the_currency_of_the_policy_is_ours() -> None:
    assert value("money", "€5", currency="EUR") == 5
    assert value("money", "$5", currency="CAD") == 5
    assert refusal("money", "$5", currency="EUR")[0] == "other_currency"
    assert refusal("money", "US$5", currency="CAD")[0] == "other_currency"


@pytest.mark.parametrize(
    "cell", ["1000000000000", "-1000000000000", "999999999999.9999999", "9" * 2000]
)
def test_money_beyond_the_type_is_refused(cell: str) -> None:
    assert refusal("money", cell)[0] == "too_large"


@pytest.mark.parametrize(
    ("cell", "thousands", "decimal", "expected"),
    [("1,234,567.89", ",", ".", "1234567.89"), ("-1,234", ",", ".", "-1234"),
     ("1234.5", ",", ".", "1234.5"), ("1.234.567,89", ".", ",", "1234567.89"),
     ("12,5", None, ",", "12.5"), ("1 234,5", " ", ",", "1234.5"),
     ("$1,234.50", ",", ".", "1234.5"),
     ("1'234.5", "'", ".", "1234.5"), ("1\u202f234,5", "\u202f", ",", "1234.5")],
)  # fmt: skip
def test_separators_as_configured(
    cell: str, thousands: str | None, decimal: str, expected: str
) -> None:
    assert value("money", cell, thousands=thousands, decimal=decimal) == Decimal(expected)


@pytest.mark.parametrize(
    ("cell", "thousands", "decimal"),
    [("1,23", ",", "."), ("12,34,567", ",", "."), (",123", ",", "."), ("1,234,", ",", "."),
     ("1,,234", ",", "."), ("1.5,600", ",", "."), ("1.5", None, ","), ("1,5,6", None, ","),
     ("1.234.5", ".", ","), ("1234,567.5", ",", ".")],
)  # fmt: skip
def test_separators_that_stand_wrongly_are_refused(
    cell: str, thousands: str | None, decimal: str
) -> None:
    assert refusal("money", cell, thousands=thousands, decimal=decimal)[0] == "not_money"


def test_separators_hold_for_counts_and_numbers_too() -> None:
    assert value("integer", "1,234", thousands=",") == 1234
    assert value("number", "1.234,5", thousands=".", decimal=",") == 1234.5
    assert refusal("integer", "1,5", decimal=",")[0] == "not_an_integer"


@pytest.mark.parametrize(
    "cell",
    ["2026-03-04", "2026-03-04T00:00:00", "2026-03-04 00:00:00", "2026-03-04 00:00",
     "2026-03-04T00:00:00.000Z", "2026-03-04T00:00:00+00:00"],
)  # fmt: skip
def test_iso_dates_and_midnights(cell: str) -> None:
    assert value("date", cell) == date(2026, 3, 4)


@pytest.mark.parametrize(
    "cell",
    ["3/4/2026", "04-03-2026", "2026/03/04", "2026-3-4", "26-03-04", " 2026-03-04", "2026-03-04 ",
     "2026- 3-04", "+2026-3-04", "2026-02-30", "2026-13-01", "20260304", "45000", "\uff12026-03-04",
     "2026-03-0\u0664", "4 March 2026", "2026-W10-3", "today", "2026\u201103\u201104"],
)  # fmt: skip
def test_what_is_no_date(cell: str) -> None:
    assert refusal("date", cell)[0] == "not_a_date"


@pytest.mark.parametrize(
    "cell", ["2026-03-04 13:45:00", "2026-03-04T23:59", "2026-03-04T00:00:00+02:00"]
)
def test_a_time_of_day_needs_a_date_format(cell: str) -> None:
    rule, reason = refusal("date", cell)
    assert rule == "time_of_day"
    assert "date_format" in reason


def test_a_time_of_day_is_left_off_where_the_format_names_it() -> None:
    form = "%Y-%m-%d %H:%M:%S"
    assert value("date", "2026-03-04 13:45:00", date_format=form) == date(2026, 3, 4)
    assert refusal("date", "2026-03-04", date_format=form)[0] == "not_a_date"


@pytest.mark.parametrize("cell", ["0026-03-04", "1899-12-31", "2200-01-01", "9999-12-31"])
def test_a_year_that_cannot_be_meant_is_refused(cell: str) -> None:
    assert refusal("date", cell)[0] == "date_out_of_range"


def test_day_and_month_are_never_guessed() -> None:
    assert value("date", "3/4/2026", date_format="%d/%m/%Y") == date(2026, 4, 3)
    assert value("date", "3/4/2026", date_format="%m/%d/%Y") == date(2026, 3, 4)
    assert refusal("date", "13/14/2026", date_format="%d/%m/%Y")[0] == "not_a_date"
    assert refusal("date", "\uff13/4/2026", date_format="%d/%m/%Y")[0] == "not_a_date"
    assert refusal("date", "3/4/2026 ", date_format="%d/%m/%Y")[0] == "not_a_date"


@pytest.mark.parametrize(
    ("cells", "expected"),
    [(["TRUE", "True", "true", "1", "yes", "Y", "t"], True),
     (["FALSE", "False", "false", "0", "no", "N", "f"], False)],
)  # fmt: skip
def test_flags(cells: list[str], expected: bool) -> None:
    assert typed("flag", cells).frame["cell"].to_list() == [expected] * len(cells)


@pytest.mark.parametrize("cell", ["2", "ja", "on", " true", "\uff11", "truе"])
def test_what_is_no_flag(cell: str) -> None:
    assert refusal("flag", cell)[0] == "not_a_flag"


def test_members_fold_case_and_spaces_and_leave_the_rest_to_the_contract() -> None:
    cells = ["open", "CLOSED WON", "closed_lost", "Closed_Won", "Won", "Clоsed_Won", "Open "]
    batch = typed("text", cells, members=STATUSES)
    assert batch.frame["cell"].to_list() == [
        "Open", "Closed_Won", "Closed_Lost", "Closed_Won", "Won", "Clоsed_Won", "Open ",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "cell",
    [
        " padded ",
        "=1+1",
        "<b>x</b>",
        "a\nb",
        "O'Brien",
        "Ünï",
        "null",
        "nan",
        "\ufeffx",
        "0042",
        "\u00e9",
    ],
)
def test_text_stays_as_it_is(cell: str) -> None:
    assert value("text", cell) == cell


def test_the_files_words_become_ours() -> None:
    values = {"cell": {"gewonnen": "Closed_Won", "n/a": ""}}
    batch = typed("text", ["gewonnen", "n/a", "open"], members=STATUSES, values=values)
    assert batch.frame["cell"].to_list() == ["Closed_Won", None, "Open"]
    assert value("money", "n/a", values=values) is None


def test_an_inclusive_end_becomes_the_first_day_after() -> None:
    column = ColumnSpec("end_date", "date", True, True, "End")
    mapping = FileConfig("subscriptions", Path("s.csv"), end_is_inclusive=True)
    text = pl.DataFrame({"end_date": ["2026-02-28", ""], "_line": [2, 3]})
    frame = Typist((column,), mapping, "USD", {}, "end_date").type(text).frame
    assert frame["end_date"].to_list() == [date(2026, 3, 1), None]


@pytest.mark.parametrize(
    ("kind", "cell", "names"),
    [("integer", "1\uff15", "FULLWIDTH DIGIT FIVE"),
     ("money", "1\u041e", "CYRILLIC CAPITAL LETTER O"),
     ("number", "5\u00a0", "NO-BREAK SPACE"), ("date", "2026\u201103-04", "NON-BREAKING HYPHEN")],
)  # fmt: skip
def test_characters_that_look_alike_are_named(kind: Kind, cell: str, names: str) -> None:
    assert names in refusal(kind, cell)[1]


def test_a_column_the_file_lacks_is_not_known() -> None:
    columns = (
        ColumnSpec("deal_id", "text", True, False, "Id"),
        ColumnSpec("geo", "text", False, True, "Region"),
    )
    text = pl.DataFrame({"deal_id": ["a", "b"], "_line": [2, 3]})
    frame = Typist(columns, FileConfig("x", Path("x")), "USD", {}).type(text).frame
    assert frame.columns == ["deal_id", "geo", "_line"]
    assert frame["geo"].to_list() == [None, None]


ALPHABET = st.text("0123456789+-.,eE_ xnaif$€%/:TZ\uff15\u00a0", max_size=12)
TEMPLATES = st.sampled_from(
    [
        "2026-03-04",
        "2026-3-4",
        "1234.5678",
        "-0.0000005",
        "1e5",
        "12",
        "1,234.5",
        "true",
        "0",
        "1e-400",
    ]
)
FORMS = st.sampled_from(
    [{}, {"thousands": ",", "decimal": "."}, {"thousands": ".", "decimal": ","}, {"decimal": ","}]
)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(["integer", "number", "money", "date", "flag"]),
    st.lists(ALPHABET | TEMPLATES, min_size=1, max_size=8),
    FORMS,
)
def test_a_column_is_read_as_its_cells_one_by_one(
    kind: Kind, cells: list[str], form: dict[str, str]
) -> None:
    """The quick casts with their doubts find the same values as the exact reading of each cell."""
    batch = typed(kind, cells, **form)
    values: list[Any] = []
    refused: dict[int, str] = {}
    for place, cell in enumerate(cells):
        try:
            values.append(read_cell(kind, cell, CellFormat(**form)))
        except Refused as refusal_:
            values.append(None)
            refused[place] = refusal_.rule
    assert batch.frame["cell"].to_list() == values
    assert dict(batch.problems.select("row", "rule").rows()) == refused

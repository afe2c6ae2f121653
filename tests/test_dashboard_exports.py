"""What people take away: workbooks with typed cells, honest names, no formula from the data."""

import io
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.exports import file_name
from dashboard.workbook import Sheet, safe, workbook
from revops import Filters

AS_OF = date(2026, 10, 31)


def opened(sheets: list[Sheet]) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(workbook([("What", "=Test")], sheets, AS_OF)))


def test_cells_keep_their_types_and_formulas_stay_text() -> None:
    frame = pl.DataFrame(
        {
            "=name": ["=1+1", "plain"],
            "amount": [Decimal("-1.50"), None],
            "share": [0.25, float("nan")],
            "is_won": [True, False],
            "day": [date(2026, 1, 31), None],
            "at": [datetime(2026, 1, 31, 14, 5), None],
            "members": [["-a", "b"], []],
        }
    )
    page = opened([Sheet("Rows: all", frame)])["Rows  all"]
    rows = [[cell.value for cell in row] for row in page.iter_rows()]
    assert rows[0] == ["'=name", "amount", "share", "is_won", "day", "at", "members"]
    first = ["'=1+1", -1.5, 0.25, True, datetime(2026, 1, 31), datetime(2026, 1, 31, 14, 5)]
    assert rows[1] == [*first, "'-a; b"]
    # what is not known is empty, never 0; an empty list is an empty text
    assert rows[2] == ["plain", None, None, False, None, None, ""]
    assert not [cell for row in page.iter_rows() for cell in row if cell.data_type == "f"]


def test_the_first_sheet_says_what_it_is() -> None:
    book = opened([Sheet("About", pl.DataFrame({"a": [1]})), Sheet("x" * 40, pl.DataFrame())])
    assert book.sheetnames == ["About", "About 2", "x" * 31]
    assert [cell.value for cell in book["About"][1]] == ["What", "'=Test"]
    assert book.properties.created == datetime(2026, 10, 31)


@given(st.text(max_size=20))
def test_no_text_begins_like_a_formula(text: str) -> None:
    made = safe(text)
    assert made[:1] not in ("=", "+", "-", "@", "\t", "\r") or not made
    assert made.endswith(text)


@pytest.mark.parametrize(
    ("title", "filters", "name"),
    [
        (
            "Channel performance",
            Filters("2025-11-01", "2026-11-01", segments=("SMB",)),
            "revops_channel-performance_smb_2025-11-01_2026-10-31_as-of-2026-10-31.xlsx",
        ),
        ("a/../b", Filters(), "revops_a-b_as-of-2026-10-31.xlsx"),
        (
            "Deals",
            Filters(owners=("Zoë", "李雷")),
            "revops_deals_zoë-李雷_as-of-2026-10-31.xlsx",
        ),
        (
            "Deals",
            Filters(owners=("A", "B", "C", "D")),
            "revops_deals_4-owners_as-of-2026-10-31.xlsx",
        ),
    ],
)
def test_a_name_says_what_is_in_the_file(title: str, filters: Filters, name: str) -> None:
    assert file_name(title, filters, AS_OF, "xlsx") == name

"""Random dirty files: nothing is lost, nothing is changed, and the books balance."""

import csv as python_csv
import io
import tempfile
from collections import Counter
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.ingest import file_load
from tests.loading import Loaded, load, tolerant
from tests.support.tiny import DEALS, tiny_data

HEADER = DEALS.splitlines()[0].split(",")
GOOD = DEALS.splitlines()[1].split(",")

CELLS = {
    "deal_id": st.sampled_from(["D1", "D2", "D3", "d1", "D 4", "", "NULL", "=1+1", "D5\n", "<b>"]),
    "account": st.text("aZ é,\"\n';", max_size=6),
    "segment": st.sampled_from(["SMB", "smb", "MM", "", "Enterprise", "ЅMB"]),
    "stage": st.sampled_from(["Demo", "demo", "Closed Won", "Proposal", ""]),
    "amount": st.sampled_from(
        [
            "10",
            "10.5",
            "-1",
            "1e5",
            "€5",
            "$5",
            "1,000",
            "",
            "0.1234565",
            " 7",
            "nan",
            "+3",
            "\uff15",
        ]
    ),
    "created_at": st.sampled_from(["2026-02-20", "2026-2-20", "20.02.2026", "2026-02-30", ""]),
    "last_stage_change": st.sampled_from(["2026-03-10", "2026-01-01", "", "soon"]),
    "days_in_stage": st.sampled_from(["3", "-3", "3.0", "1_000", ""]),
    "probability": st.sampled_from(["0.5", "1", "50", "inf", ""]),
    "status": st.sampled_from(["Open", "open", "Closed_Won", "Won", ""]),
}


@st.composite
def records(draw: st.DrawFn) -> list[str]:
    """A good record with some cells replaced, now and then of another length."""
    record = dict(zip(HEADER, GOOD, strict=True))
    record["deal_id"] = f"N{draw(st.integers(0, 30))}"
    for column in draw(st.sets(st.sampled_from(sorted(CELLS)), max_size=2)):
        record[column] = draw(CELLS[column])
    cells = list(record.values())
    length = draw(st.sampled_from([0, 0, 0, 0, 0, 0, 0, 0, -1, 1]))
    return cells[:length] if length < 0 else cells + ["extra"] * length


def written(rows: list[list[str]]) -> str:
    out = io.StringIO()
    python_csv.writer(out, lineterminator="\n").writerows([HEADER, *rows])
    return out.getvalue()


def loaded_from(rows: list[list[str]]) -> Loaded:
    with tempfile.TemporaryDirectory() as folder:
        data = tiny_data(Path(folder), pipeline_deals=written(rows))
        # enough good rows that no tolerance is passed, whatever was drawn
        with (data / "pipeline_deals.csv").open("a", encoding="utf-8") as file:
            for number in range(len(rows) + 1):
                file.write(f"G{number},,,,Demo,1000000,2026-02-20,,,,,,Open,\n")
        return load(tolerant(data, "pipeline_deals"))


def plain_amount(cell: str) -> Decimal | None:
    """What the cell says, read without any of our code."""
    try:
        value = Decimal(cell.removeprefix("$")) if cell.isascii() else None
    except InvalidOperation:
        return None
    return value.quantize(Decimal("0.000001")) if value is not None else None


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(records(), max_size=12), st.sampled_from([1, 3, 1000]))
def test_nothing_is_lost_and_nothing_is_changed(rows: list[list[str]], portion: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(file_load, "PORTION", portion)
        loaded = loaded_from(rows)
    lines = dict(_with_lines(rows))
    books = loaded.books("pipeline_deals")
    good = loaded.rows(
        "select _line, deal_id, account, amount, stage from raw.pipeline_deals "
        "where deal_id not like 'G%' order by _line"
    )
    withheld = loaded.rows("select line, raw_row from quarantine.rows order by line")

    seen = Counter([line for line, *_ in good] + [line for line, _ in withheld])
    assert seen == Counter(lines.keys())
    assert books["rows_read"] == len(rows) + len(rows) + 1
    assert books["rows_read"] == books["rows_loaded"] + books["rows_quarantined"]
    assert books["amount_read"] == books["amount_loaded"] + books["amount_withheld"]

    for line, deal_id, account, amount, stage in good:
        record = dict(zip(HEADER, lines[line], strict=True))
        assert deal_id == record["deal_id"]
        assert account == (record["account"] if record["account"].strip() else None)
        assert amount == (plain_amount(record["amount"]) if record["amount"] else None)
        assert stage.casefold() == record["stage"].replace(" ", "_").casefold()
    for line, raw_row in withheld:
        assert next(python_csv.reader(io.StringIO(raw_row, newline=""))) == lines[line]


def _with_lines(rows: list[list[str]]) -> list[tuple[int, list[str]]]:
    """Each record with the line it starts on, as an editor counts."""
    line, found = 2, []
    for row in rows:
        found.append((line, row))
        line += written([row]).count("\n") - 1
    return found

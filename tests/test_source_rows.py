"""Files as they really come: every row exact, or withheld with line, column, value and remedy."""

from pathlib import Path

import pytest

from pipeline.ingest.problems import RowProblem
from tests.csv_files import Read, read_all, source

HEADER = b"deal_id,account,amount\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "pipeline_deals.csv"


def read(path: Path, content: bytes) -> Read:
    return read_all(source(path, content))


def only_problem(path: Path, content: bytes) -> RowProblem:
    (problem,) = read(path, content).problems
    return problem


def test_columns_are_bound_by_name_in_any_order(path: Path) -> None:
    """A swapped header swaps nothing: the amount stays the amount."""
    rows = read(path, b"amount,deal_id,note,account\n10,D1,x,Acme\n").rows
    assert rows == [("D1", "Acme", "10", 2)]


@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b"\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "BOM"])
def test_line_ends_and_byte_order_marks_leave_no_trace(
    path: Path, ending: bytes, mark: bytes
) -> None:
    content = mark + ending.join([b"deal_id,account,amount", b"D1,Caf\xc3\xa9,1", b"D2,,2", b""])
    whole = read(path, content)
    assert whole.rows == [("D1", "Café", "1", 2), ("D2", "", "2", 3)]
    assert whole.raw_rows == ["D1,Café,1", "D2,,2"]
    assert not whole.problems


def test_text_stays_text_to_the_letter(path: Path) -> None:
    """Nothing is trimmed, typed or tidied: spaces, 1e400, NULL and odd digits are what they are."""
    cells = (" D1 ", "NULL", "１２.5e400\u00a0")
    assert read(path, HEADER + ",".join(cells).encode()).rows == [(*cells, 2)]


def test_quoted_line_ends_and_doubled_quotes_are_exact(path: Path) -> None:
    """Line 2 to 3 is one row, so the next one starts at line 4, as an editor shows it."""
    whole = read(path, HEADER + b'D1,"Acme ""East"",\nLtd",1\nD2,"",2\n')
    assert whole.rows == [("D1", 'Acme "East",\nLtd', "1", 2), ("D2", "", "2", 4)]
    assert whole.raw_rows[0] == 'D1,"Acme ""East"",\nLtd",1'


def test_a_quote_amid_unquoted_text_is_text(path: Path) -> None:
    assert read(path, HEADER + b'D1,15" screen,1\n').rows == [("D1", '15" screen', "1", 2)]


def test_a_short_row_is_withheld_and_the_rest_loads(path: Path) -> None:
    whole = read(path, HEADER + b"D1,Acme,1\nD2,Beta\nD3,Core,3\n")
    assert [row[0] for row in whole.rows] == ["D1", "D3"]
    (problem,) = whole.problems
    assert (problem.line, problem.column, problem.rule) == (3, "amount", "short_row")
    assert problem.reason.startswith("2 of 3 fields;")
    assert problem.raw_row == "D2,Beta"


def test_a_long_row_is_withheld_with_its_surplus(path: Path) -> None:
    problem = only_problem(path, HEADER + b"D1,Acme, Inc.,1\n")
    assert (problem.line, problem.column, problem.value) == (2, None, "1")
    assert problem.rule == "long_row"
    assert "4 fields for 3 columns" in problem.reason
    assert "needs quotes" in problem.reason


def test_a_short_row_beside_a_long_one_is_two_problems(path: Path) -> None:
    """Their separators add up to two whole rows; neither may pass for that."""
    whole = read(path, HEADER + b"D1,Acme\nD2,Beta,2,9\n")
    assert [problem.rule for problem in whole.problems] == ["short_row", "long_row"]
    assert whole.rows == []


def test_a_nul_byte_withholds_its_row(path: Path) -> None:
    problem = only_problem(path, HEADER + b"D1,Ac\x00me,1\nD2,Beta,2\n")
    assert (problem.line, problem.column, problem.value) == (2, "account", "Ac\x00me")
    assert problem.rule == "nul_byte"
    assert "export" in problem.reason


def test_a_quote_that_never_closes_costs_only_its_own_line(path: Path) -> None:
    whole = read(path, HEADER + b'D1,"Acme,1\nD2,Beta,2\nD3,Core,3\n')
    assert [row[0] for row in whole.rows] == ["D2", "D3"]
    (problem,) = whole.problems
    assert (problem.line, problem.column, problem.value) == (2, "account", '"Acme,1')
    assert problem.rule == "open_quote"
    assert "close it" in problem.reason


def test_text_after_a_closing_quote_is_withheld(path: Path) -> None:
    whole = read(path, HEADER + b'D1,"a, b","He said "hi" twice"\nD2,Beta,2\n')
    assert [row[0] for row in whole.rows] == ["D2"]
    (problem,) = whole.problems
    assert (problem.line, problem.column, problem.rule) == (2, "amount", "text_after_quote")


def test_a_quote_that_swallowed_rows_withholds_each_of_them(path: Path) -> None:
    """By the book lines 2 to 4 are one row; by eye they are three. Neither reading is taken."""
    whole = read(path, HEADER + b'D1,"Acme,1\nD2,Beta,2\nD3,Core",3\nD4,Dune,4\n')
    assert [row[0] for row in whole.rows] == ["D4"]
    assert [(problem.line, problem.rule) for problem in whole.problems] == [
        (line, "rows_inside_quotes") for line in (2, 3, 4)
    ]


def test_a_row_pasted_into_a_value_is_doubtful_too(path: Path) -> None:
    whole = read(path, HEADER + b'D1,"see:\nD2,Beta,2\nthanks",1\nD4,Dune,4\n')
    assert [row[0] for row in whole.rows] == ["D4"]
    assert [problem.line for problem in whole.problems] == [2, 3, 4]


def test_a_line_end_of_another_kind_neither_joins_nor_splits_rows(path: Path) -> None:
    whole = read(path, HEADER + b"D1,Acme,1\rD2,Beta,2\nD3,Core,3\n")
    assert [row[0] for row in whole.rows] == ["D3"]
    assert [row[-1] for row in whole.rows] == [4]
    assert [(bad.line, bad.raw_row, bad.rule) for bad in whole.problems] == [
        (2, "D1,Acme,1", "stray_line_end"),
        (3, "D2,Beta,2", "stray_line_end"),
    ]


def test_blank_lines_are_counted_and_are_no_rows(path: Path) -> None:
    whole = read(path, b"\n" + HEADER + b"\nD1,Acme,1\n \t\n\nD2,Beta,2\n\n")
    assert [(row[0], row[-1]) for row in whole.rows] == [("D1", 4), ("D2", 7)]
    assert (whole.blank_lines, whole.lines) == (4, 6)
    assert not whole.problems


def test_a_line_of_separators_alone_is_a_row(path: Path) -> None:
    """A spreadsheet's empty row: whether it may be empty is for the contract to say."""
    assert read(path, HEADER + b",,\n").rows == [("", "", "", 2)]


def test_a_last_line_without_its_end_loads_and_is_told(path: Path) -> None:
    opened = source(path, HEADER + b"D1,Acme,1\nD2,Beta,2")
    assert read_all(opened).rows[-1] == ("D2", "Beta", "2", 3)
    assert opened.lacks_final_line_end
    assert not source(path, HEADER + b"D1,Acme,1\n").lacks_final_line_end


LAST_LINE = 'D2,"Bé, ""x""\nLtd",2\r\n'.encode()


@pytest.mark.parametrize("length", range(1, len(LAST_LINE)))
def test_a_last_line_cut_anywhere_is_exact_or_withheld(path: Path, length: int) -> None:
    """Each cut of a row of 3 cells: whole when its last cell has begun, else a problem."""
    content = HEADER.replace(b"\n", b"\r\n") + b"D1,Acme,1\r\n"
    whole = read(path, content + LAST_LINE[:length])
    assert whole.rows[0] == ("D1", "Acme", "1", 2)
    last_cell = LAST_LINE.index(b'",2') + 2
    if length < last_cell:
        assert len(whole.rows) == 1
        assert {bad.rule for bad in whole.problems} <= {"cut_line", "open_quote"}
        assert whole.problems[0].line == 3
    else:
        cell = LAST_LINE[last_cell:length].decode().strip()
        assert whole.rows[1] == ("D2", 'Bé, "x"\nLtd', cell, 3)
        assert not whole.problems


def test_a_cut_line_says_so(path: Path) -> None:
    problem = only_problem(path, HEADER + b"D1,Acme,1\nD2,Be")
    assert (problem.line, problem.column, problem.rule) == (3, "amount", "cut_line")
    assert "looks cut off: export it again" in problem.reason


def test_a_cell_of_ten_megabytes_is_exact(path: Path) -> None:
    """Plain, and quoted with line ends and quotes inside; the next row keeps its line."""
    plain = "x" * 10_000_000
    quoted = 'y"\n' * 3_000_000
    content = HEADER + f'D1,{plain},1\nD2,"{quoted.replace(chr(34), chr(34) * 2)}",2\n'.encode()
    whole = read(path, content + b"D3,Core,3\n")
    assert [row[1] for row in whole.rows] == [plain, quoted, "Core"]
    assert [row[-1] for row in whole.rows] == [2, 3, 4 + 3_000_000]


def test_batches_are_bounded_and_keep_the_files_order(path: Path) -> None:
    content = HEADER + b"".join(b"D%d,Acme,%d\n" % (number, number) for number in range(10))
    batches = list(source(path, content).batches(rows=4))
    assert [batch.frame.height for batch in batches] == [4, 4, 2]
    assert [line for batch in batches for line in batch.frame["_line"]] == list(range(2, 12))
    assert batches[1].raw_rows([0, 3]) == ["D4,Acme,4", "D7,Acme,7"]


def test_one_bad_row_among_many_leaves_every_line_number_right(path: Path) -> None:
    """The clean stretches before and after it go the quick way, the row itself the exact one."""
    lines = [b"D%d,Acme,%d\n" % (number, number) for number in range(60_000)]
    lines[30_000] = b'D30000,"two\nlines",30000\n'
    lines[45_000] = b"short\n"
    whole = read(path, HEADER + b"".join(lines))
    assert [bad.line for bad in whole.problems] == [45_003]
    found = {row[0]: row[-1] for row in whole.rows}
    assert found["D29999"] == 30_001
    assert found["D30000"] == 30_002
    assert found["D30001"] == 30_004
    assert found["D59999"] == 60_002
    assert len(found) == 59_999

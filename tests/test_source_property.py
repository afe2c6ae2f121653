"""Whatever a file holds, every line of it is a row, a problem or a counted blank."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import InputError
from pipeline.ingest import lines, source
from tests.csv_files import Read, read_all
from tests.csv_files import source as opened

HEADER = b"deal_id,account,amount"
WIDTH = 3
ENDINGS = st.sampled_from([b"\n", b"\r\n", b"\r"])
PLAIN_CELL = st.text('ab 1é,"\n\r', max_size=5)
ANYTHING = st.lists(
    st.sampled_from(
        [",", '"', '""', "\n", "\r\n", "\r", "\x00", "a", "é", " ", "a,b,c\n", '"x",', "\ufeff"]
    ),
    max_size=40,
).map("".join)


def quoted_as_needed(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if re.search('[,"\n\r]', cell) else cell


@st.composite
def mostly_sound(draw: st.DrawFn) -> bytes:
    """Lines of three cells, a few of them short, long, blank or oddly quoted."""
    ending = draw(ENDINGS).decode()
    simple = st.text("ab1é ", max_size=3)
    sound = st.lists(simple, min_size=WIDTH, max_size=WIDTH).map(",".join)
    quoted = st.lists(PLAIN_CELL.map(quoted_as_needed), min_size=WIDTH, max_size=WIDTH).map(
        ",".join
    )
    odd = st.one_of(quoted, st.lists(simple, max_size=5).map(",".join), ANYTHING)
    rows = draw(st.lists(st.one_of(sound, sound, sound, odd), max_size=12))
    return ending.join(rows).encode() + draw(st.sampled_from([b"", ending.encode()]))


NASTY = [
    "",
    " ",
    ",",
    ",,",
    ",,,",
    "a,b,c",
    "\ufeffa,b,c",
    '"a","b","c"',
    '"a"b,"c","d"',
    'a"b,"c","d"',
    '"a""b",c,""""',
    '"",,""',
    '"a,b",c,d',
    '"a\nb",c,d',
    '"a\rb",c,d',
    '"a",b\r,c',
    "a,b\r,c",
    "a,b,c\r",
    'a,b,"c"\r',
    '"a,b,c',
    ' "a",b,c',
    'a,b,"c" ',
    "a,\x00,c",
    '"a","\x00",c',
    "\x1a",
    "a\x0bb,\x0c,\u2028\x85",
]

CONTENT = st.one_of(mostly_sound(), ANYTHING.map(str.encode))


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("property") / "pipeline_deals.csv"


def read_slowly(path: Path, content: bytes) -> Read:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(source, "read_plain", lambda *_: None)
        return read_all(opened(path, content))


def read_in_scraps(path: Path, content: bytes, rows: int, block: int, plain: int) -> Read:
    """The quick way, with blocks so small that every kind of row meets every edge."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "_SMALLEST_READ", block)
        patch.setattr(source, "_LARGEST_BLOCK", block)
        patch.setattr(source, "_SMALLEST_PLAIN", plain)
        return read_all(opened(path, content), rows)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(CONTENT, ENDINGS, st.integers(1, 9), st.integers(1, 60), st.integers(1, 60))
def test_the_quick_way_says_what_the_exact_way_says(
    path: Path, content: bytes, ending: bytes, rows: int, block: int, plain: int
) -> None:
    content = HEADER + ending + content
    exact = read_slowly(path, content)
    assert read_all(opened(path, content)) == exact
    assert read_in_scraps(path, content, rows, block, plain) == exact


@pytest.mark.parametrize("first", NASTY)
def test_nasty_lines_beside_each_other_are_read_alike(path: Path, first: str) -> None:
    """Each odd line before each other one, and a sound line around them."""
    for second in NASTY:
        content = HEADER + f"\na,b,c\n{first}\n{second}\nd,e,f\n".encode()
        exact = read_slowly(path, content)
        assert read_all(opened(path, content)) == exact
        assert read_in_scraps(path, content, 1, 64, 4) == exact


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(CONTENT, ENDINGS)
def test_every_line_is_accounted_for(path: Path, content: bytes, ending: bytes) -> None:
    """Rows and problems lie where they say, and what is left over is blank."""
    content = HEADER + ending + content
    read = read_all(opened(path, content))
    file_lines = re.split("\r\n|\r|\n", content.decode())
    if file_lines[-1] == "":
        file_lines.pop()
    taken: list[int] = [1]
    placed = [(row[-1], raw) for row, raw in zip(read.rows, read.raw_rows, strict=True)]
    placed += [(problem.line, problem.raw_row) for problem in read.problems]
    for line, raw in placed:
        text = re.split("\r\n|\r|\n", raw)
        assert file_lines[line - 1 : line - 1 + len(text)] == text
        taken += range(line, line + len(text))
    assert len(set(taken)) == len(taken)
    left = [text for number, text in enumerate(file_lines, 1) if number not in set(taken)]
    assert not "".join(left).strip(" \t")
    assert len(left) == read.blank_lines
    assert read.lines == len(file_lines) - 1


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.tuples(PLAIN_CELL, PLAIN_CELL, PLAIN_CELL), max_size=8),
    st.sampled_from([b"\n", b"\r\n"]),
    st.booleans(),
)
def test_quoted_cells_come_back_to_the_letter(
    path: Path, rows: list[tuple[str, str, str]], ending: bytes, quote_all: bool
) -> None:
    """A file written by the book loses nothing: each row is exact, or withheld as doubtful."""
    write = (lambda cell: '"' + cell.replace('"', '""') + '"') if quote_all else quoted_as_needed
    text = ending.join(",".join(map(write, row)).encode() for row in rows)
    read = read_all(opened(path, HEADER + ending + text + ending))
    exact = [row[:-1] for row in read.rows]
    remaining = iter(rows)
    assert all(row in remaining for row in exact)
    if not read.problems:
        assert exact == rows or not any("".join(row).strip() for row in rows)
    assert {problem.rule for problem in read.problems} <= {"rows_inside_quotes"}


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(mostly_sound(), st.integers(0, 200), st.sampled_from([b"\xff", b"\xe9", b"\xc3("]))
def test_a_byte_that_is_not_utf8_is_never_read_past(
    path: Path, content: bytes, place: int, stranger: bytes
) -> None:
    """The file is refused, or the line is one that is withheld anyway."""
    place = min(place, len(content))
    spoilt = content[:place] + stranger + content[place:]
    try:
        read = read_all(opened(path, HEADER + b"\n" + spoilt))
    except InputError as error:
        refusal = error.what
    else:
        refusal = "not UTF-8" if any("\\x" in bad.raw_row for bad in read.problems) else ""
    assert "not UTF-8" in refusal


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.integers(1, 5), min_size=1, max_size=12))
def test_no_short_row_hides_behind_a_long_one(path: Path, widths: list[int]) -> None:
    text = "".join(",".join("x" * width) + "\n" for width in widths)
    read = read_all(opened(path, HEADER + b"\n" + text.encode()))
    found = {problem.line: problem.rule for problem in read.problems}
    wanted = {
        line: "short_row" if width < WIDTH else "long_row"
        for line, width in enumerate(widths, 2)
        if width != WIDTH
    }
    assert found == wanted

"""The board pack: its figures equal SQL, the same inputs give the same bytes, text stays text."""

import io
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.desk import Desk
from dashboard.report import Pack, board_pack
from dashboard.report.__main__ import main
from dashboard.report.paper import css_text
from dashboard.state import State
from dashboard.workbook import flat
from pipeline.build import BuildOptions, build
from pipeline.log import Log
from pipeline.progress import Progress
from revops import Warehouse, books, members, units
from tests.support.tiny import FILES, tiny_data

PAYLOAD = "<img src=x onerror=window.pwned=1>"
FORMULA = "=1+cmd|' /C calc'!A0"
QUERY = "from=2025-11-01&to=2026-10-31&segments=SMB&segments=MM"
VOID = {"meta", "br"}
# a cell of a workbook holds 16 digits
DIGITS = 1e-14


def packed(warehouse: Warehouse, query: str = "") -> Pack:
    state = State(
        warehouse.build.as_of, members.options(warehouse), books.fiscal_year_start_month(warehouse)
    )
    state.apply_query(query)
    return board_pack(Desk(warehouse, state, print))


def built(data: Path, warehouse: Path) -> Path:
    build(BuildOptions(data=data, warehouse=warehouse), Log("json"), Progress(enabled=False))
    return warehouse / "revops.duckdb"


class Outline(HTMLParser):
    """The tags and attributes of a document, and what stands in each element with data-figure."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.open: list[tuple[str, str]] = []
        self.figures: dict[str, str] = {}
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]
        if tag not in VOID:
            self.open.append((tag, dict(attrs).get("data-figure") or ""))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag, "elements must close in order"

    def handle_data(self, data: str) -> None:
        self.words += data
        for _, figure in self.open:
            if figure:
                self.figures[figure] = f"{self.figures.get(figure, '')}|{data}"


def rows(book: openpyxl.Workbook, sheet: str) -> list[dict[str, Any]]:
    lines = [[cell.value for cell in row] for row in book[sheet].iter_rows()]
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


@pytest.fixture(scope="module")
def sample(sample_warehouse: Path) -> Iterator[Warehouse]:
    with Warehouse(sample_warehouse) as warehouse:
        yield warehouse


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny")
    return built(tiny_data(folder), folder / "warehouse")


@pytest.fixture(scope="module")
def pack(sample: Warehouse) -> Pack:
    return packed(sample, QUERY)


@pytest.fixture(scope="module")
def book(pack: Pack) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(pack.xlsx))


def test_every_figure_equals_its_statement(
    sample: Warehouse, pack: Pack, book: openpyxl.Workbook
) -> None:
    """On paper and in the workbook: the statement of its domain, run as printed, gives it."""
    page = Outline(pack.html.decode())
    statements = {row["gives"]: row["statement"] for row in rows(book, "Statements")}
    figures = rows(book, "Figures")
    assert len(figures) > 40
    for domain in {figure["domain"] for figure in figures}:
        total = sample.query(statements[f"Figures of {domain}"]).filter("is_total")
        for figure in [one for one in figures if one["domain"] == domain]:
            value = total[figure["metric"]].item()
            known = None if value is None else pytest.approx(float(value), rel=DIGITS)
            assert figure["value"] == known, figure["metric"]
            exact = units.exact(value, figure["unit"])
            assert exact in page.figures[f"{domain}.{figure['metric']}"], figure["metric"]


def test_the_cover_shows_the_interval_of_the_win_rate(
    pack: Pack, book: openpyxl.Workbook, sample: Warehouse
) -> None:
    told = {row["gives"]: row["statement"] for row in rows(book, "Statements")}
    total = sample.query(told["Figures of pipeline"]).filter("is_total").row(0, named=True)
    low, high = (units.format(total[f"win_rate_{end}"], "ratio") for end in ("low", "high"))
    assert pack.html.decode().count("95 %: ") == 1
    assert f"95 %: {low}–{high}" in pack.html.decode()


def test_every_exhibit_equals_its_statement(sample: Warehouse, book: openpyxl.Workbook) -> None:
    exhibits = [row for row in rows(book, "Statements") if row["gives"] in book.sheetnames]
    assert len(exhibits) >= 11
    for one in exhibits:
        told = flat(sample.query(one["statement"]))
        kept = pl.DataFrame(rows(book, one["gives"]), infer_schema_length=None)
        assert kept.columns == told.columns, one["gives"]
        assert kept.height == told.height > 0, one["gives"]
        for name in told.columns:
            if told.schema[name].is_numeric():
                mine = kept[name].cast(pl.Float64).to_list()
                for cell, value in zip(mine, told[name].cast(pl.Float64), strict=True):
                    known = None if value is None else pytest.approx(value, rel=DIGITS)
                    assert cell == known, (one["gives"], name)


def test_the_same_page_gives_the_same_bytes(sample: Warehouse, pack: Pack) -> None:
    assert packed(sample, QUERY) == pack
    assert packed(sample, f"{QUERY}&brand=luma-skyline").html != pack.html


@pytest.mark.slow
def test_the_same_inputs_give_the_same_bytes(tiny: Path) -> None:
    """A second build at another time, from the same files, has another id and another clock."""
    with Warehouse(tiny) as warehouse:
        first_id, first = warehouse.build.load_id, packed(warehouse)
    folder = tiny.parent.parent
    with Warehouse(built(folder / "data", folder / "again")) as warehouse:
        assert warehouse.build.load_id != first_id
        assert packed(warehouse) == first


def test_names_from_the_data_stay_text(tmp_path: Path) -> None:
    files = {
        key: text.replace("LinkedIn", f'"{PAYLOAD}"')
        .replace("Alder", FORMULA)
        .replace("Ana", "=2+2")
        for key, text in FILES.items()
    }
    with Warehouse(built(tiny_data(tmp_path, **files), tmp_path / "warehouse")) as warehouse:
        made = packed(warehouse, f"period=all&channels={PAYLOAD}</style><script>")
        all_of_it = packed(warehouse, "period=all")
    for one in (made, all_of_it):
        page = Outline(one.html.decode())
        assert not {"img", "script"} & set(page.tags)
        assert not [name for name in page.attributes if name.startswith("on")]
        opened = openpyxl.load_workbook(io.BytesIO(one.xlsx))
        cells = [cell for sheet in opened for row in sheet.iter_rows() for cell in row]
        assert not [cell for cell in cells if cell.data_type == "f"]
        assert not [cell for cell in cells if str(cell.value).startswith(("=", "+", "@"))]
    assert PAYLOAD in Outline(all_of_it.html.decode()).words
    assert "</style><script>" not in made.html.decode().split("</style>")[0]


def test_what_is_not_known_shows_a_dash_and_the_reason(tiny: Path) -> None:
    """Four files of one day: no history of MRR, none of deals, no targets."""
    with Warehouse(tiny) as warehouse:
        made = packed(warehouse, "period=all")
    page = Outline(made.html.decode())
    assert "targets.csv holds no target" in page.words
    assert "A cohort needs a whole month" in page.words
    assert "no forecast" in page.words.lower() or "quarters" in page.words
    assert units.UNKNOWN in page.figures["revenue.nrr"]
    assert "Not known" in page.figures["revenue.nrr"]
    nrr = next(
        row
        for row in rows(openpyxl.load_workbook(io.BytesIO(made.xlsx)), "Figures")
        if row["metric"] == "nrr"
    )
    assert nrr["value"] is None
    assert nrr["not known because"]


def test_a_past_day_does_not_pretend_that_nothing_was_stuck(sample: Warehouse) -> None:
    """Which deals are stuck is known today only: at a quarter's end the figure is a dash."""
    page = Outline(packed(sample, "period=last_quarter").html.decode())
    assert units.UNKNOWN in page.figures["pipeline.stuck_deals"]
    assert "Which deals were stuck on that day is not known" in page.words
    assert "Every open deal moves" not in page.words


def test_nothing_is_fetched_and_nothing_runs(pack: Pack) -> None:
    text = pack.html.decode()
    page = Outline(text)
    assert not page.open, "every element is closed"
    assert not {"script", "link", "iframe", "object", "img"} & set(page.tags)
    assert "url(" not in text
    assert "@import" not in text
    assert not {"src", "href"} & set(page.attributes)
    assert "nan" not in text.split("<main>")[1].split("<svg")[1][:20_000]


@given(st.text())
def test_no_words_leave_the_footer(words: str) -> None:
    """A CSS string ends at a quote or a line's end, a style sheet at a tag."""
    told = css_text(words)
    inside = told[1:-1]
    assert told[0] == told[-1] == '"'
    assert not set('"<>{};/*\n\r\f') & set(inside.replace("\\", ""))


def test_an_address_and_options_give_the_same_pack(
    sample_warehouse: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    here = ["--warehouse", str(sample_warehouse), "--output"]
    url = "http://localhost:5006/?from=2026-07-01&to=2026-09-30&segments=SMB&brand=neon-pulse&tab=revenue"
    options = ["--since", "2026-07-01", "--until", "2026-10-01", "--segments", "SMB"]
    assert main([*here, str(tmp_path / "a"), "--url", url]) == 0
    assert main([*here, str(tmp_path / "b"), *options, "--brand", "neon-pulse"]) == 0
    first, second = sorted((tmp_path / "a").iterdir()), sorted((tmp_path / "b").iterdir())
    assert [path.name for path in first] == [path.name for path in second]
    assert first[0].name == "revops_board-pack_smb_2026-07-01_2026-09-30_as-of-2026-10-31.html"
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    capsys.readouterr()
    assert main([*here, str(tmp_path), "--segments", "Small"]) == 2
    assert "There is no segment called 'Small'" in capsys.readouterr().err
    assert main(["--warehouse", str(tmp_path / "none.duckdb")]) == 2

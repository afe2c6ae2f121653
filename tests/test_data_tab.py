"""The Data tab proves the books: files, checks with the rows that break them, what to mend."""

from collections.abc import Iterator
from datetime import date

import pytest

from dashboard.places import SHELVES
from dashboard.shell import Shell
from dashboard.state import State
from pipeline.build import BuildOptions, build
from pipeline.log import Log
from pipeline.progress import Progress
from revops import Warehouse, books, checks, lineage
from revops.errors import UnknownName
from tests.support.tiny import MARKETING, tiny_data

# the last row spends what is no number: one row and one amount cell are not known
BROKEN = MARKETING + "2026-03-30,Email,News,SMB,AMER,12x,5000,100,5,2,1,1,0,,10,0.02,0.05,\n"
# D2 is won with certainty, and says that it expects 6000; the file of `tiny` has one that differs
DISAGREES = "supplied_deal_figures_disagree"
HOLDS = "rows_read_are_accounted_for"


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    folder = tmp_path_factory.mktemp("data_tab")
    data = tiny_data(folder, marketing_channels=BROKEN)
    build(
        BuildOptions(data=data, warehouse=folder / "warehouse"),
        Log("json"),
        Progress(enabled=False),
    )
    with Warehouse(folder / "warehouse" / "revops.duckdb") as opened:
        yield opened


@pytest.fixture(scope="module")
def page(warehouse: Warehouse) -> Shell:
    return Shell(warehouse)


def test_every_shelf_opens(page: Shell) -> None:
    for shelf in SHELVES:
        page.state.apply_query(f"?tab=data&shelf={shelf}")
        section = page.tabs["data"].shelves[shelf]
        assert section.card.visible, shelf
        assert "could not be filled" not in section.message.object, shelf


def test_a_broken_check_shows_the_rows_that_break_it(page: Shell, warehouse: Warehouse) -> None:
    page.state.apply_query(f"?tab=data&shelf=checks&check={DISAGREES}")
    shown = page.tabs["data"].opened.object
    check = checks.check(warehouse, DISAGREES)
    rows = checks.rows(warehouse, DISAGREES)
    assert check.rows_failed == rows.height > 0
    assert "! Warns" in shown
    assert shown.count("<tr>") == rows.height + 1
    assert check.remedy in shown
    assert warehouse.query(check.sql.rstrip(";")).height == check.rows_failed


def test_a_check_that_holds_says_what_was_tested(page: Shell, warehouse: Warehouse) -> None:
    page.state.apply_query(f"?tab=data&shelf=checks&check={HOLDS}")
    shown = page.tabs["data"].opened.object
    assert "✓ Holds" in shown
    assert "None of the 4 rows tested breaks it." in shown
    assert checks.check(warehouse, HOLDS).tested in shown


def test_a_check_that_is_not_there_is_said_and_breaks_nothing(
    page: Shell, warehouse: Warehouse
) -> None:
    page.state.apply_query("?tab=data&shelf=checks&check=<b>no</b>")
    assert "There is no such check" in page.tabs["data"].detail.message.object
    with pytest.raises(UnknownName, match="no check 'supplied'"):
        checks.check(warehouse, "supplied")


def test_the_check_is_part_of_the_address(warehouse: Warehouse) -> None:
    one, other = State(warehouse.build.as_of), State(warehouse.build.as_of)
    one.param.update(tab="data", shelf="checks", check=HOLDS)
    other.apply_query(one.to_query())
    assert (other.shelf, other.check) == ("checks", HOLDS)
    one.shelf = "files"
    assert "check" not in one.to_query()


def test_a_withheld_row_says_what_to_mend(warehouse: Warehouse) -> None:
    row = books.withheld(warehouse).row(0, named=True)
    assert (row["file"], row["line"], row["column_name"], row["value"]) == (
        "marketing_channels.csv",
        6,
        "spend",
        "12x",
    )
    assert row["remedy"].startswith("spend should hold: ")


def test_the_files_say_how_fresh_they_are_and_what_could_not_be_read(warehouse: Warehouse) -> None:
    files = {row["dataset"]: row for row in books.freshness(warehouse).iter_rows(named=True)}
    assert files["marketing_channels"]["freshness"] == "up to the as-of date"
    assert files["marketing_channels"]["amount_unreadable_cells"] == 1
    assert files["subscriptions"]["freshness"] == ""


@pytest.mark.parametrize(
    ("last", "said"),
    [
        (date(2026, 10, 31), "up to the as-of date"),
        (date(2026, 10, 30), "1 day before the as-of date"),
        (date(2026, 10, 19), "12 days before the as-of date"),
        (date(2026, 11, 1), "reaches 1 day beyond it"),
        (None, "holds no date"),
    ],
)
def test_freshness_in_words(last: date | None, said: str) -> None:
    assert books.behind(last, date(2026, 10, 31)) == said


def test_a_model_shows_what_it_rests_on_and_where_its_columns_come_from(
    page: Shell, warehouse: Warehouse
) -> None:
    page.state.apply_query("?tab=data&shelf=models&model=marts.deals")
    shown = page.tabs["data"].opened.object
    assert 'data-action="model:staging.pipeline_deals"' in shown
    assert 'class="own" title="marts.deals"' in shown
    model = lineage.lineage(warehouse, "marts.deals")
    assert "staging.pipeline_deals" in model.reads
    assert "raw.pipeline_deals" in model.upstream
    assert "marts.deal_facts" in model.read_by
    assert "metrics.pipeline" in model.downstream
    origins = {column.name: column.origins for column in model.columns}
    assert origins["account"] == ("staging.pipeline_deals.account",)
    assert "staging.pipeline_deals</button> amount, probability</div>" in shown
    page.act("model:marts.deal_facts")
    assert page.state.to_query().endswith("&tab=data&shelf=models&model=marts.deal_facts")
    page.state.model = "<b>no</b>"
    assert "There is no such model" in page.tabs["data"].detail.message.object


def test_no_model_is_too_odd_to_be_drawn(page: Shell, warehouse: Warehouse) -> None:
    known = set(books.models(warehouse)["name"])
    for name, sources in lineage.edges(warehouse).items():
        page.state.param.update(tab="data", shelf="models", model=name)
        assert f'class="own" title="{name}"' in page.tabs["data"].opened.object
        models = {one for one in sources if lineage.layer(one) != "raw"}
        assert models <= known
        for column in lineage.lineage(warehouse, name).columns:
            relations = {origin.rpartition(".")[0] for origin in column.origins}
            assert relations <= set(sources), (name, column.name)

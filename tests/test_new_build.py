"""Another build is published while pages are open: they stay on theirs, say so, and switch."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.new_build import OpenPages
from dashboard.server import Builds
from dashboard.shell import Shell
from pipeline.build import BuildOptions, build
from pipeline.cli import main
from pipeline.log import Log
from pipeline.progress import Progress
from revops import Filters, Warehouse, metrics
from tests.support.tiny import MARKETING, tiny_data

# 100.00 spent on SMB becomes 175.00, and a later row moves the as-of date on by ten days
LATER = MARKETING.replace("SMB,EMEA,100.00", "SMB,EMEA,175.00") + (
    "2026-04-09,Email,News,ENT,AMER,10.00,5000,100,5,2,1,1,1,100,20,0.02,0.05,\n"
)


def publish(folder: Path, marketing: str = MARKETING) -> Path:
    data = tiny_data(folder, marketing_channels=marketing)
    options = BuildOptions(data=data, warehouse=folder / "warehouse")
    build(options, Log("json"), Progress(enabled=False))
    return folder / "warehouse" / "revops.duckdb"


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Warehouse, Warehouse]]:
    """A warehouse opened before a second build was published, and one opened after."""
    folder = tmp_path_factory.mktemp("moved")
    pointer = publish(folder)
    with Warehouse(pointer) as before:
        before.query("select 1 as one")
        publish(folder, LATER)
        with Warehouse(pointer) as after:
            yield before, after


def test_an_open_page_stays_on_its_build_and_says_that_there_is_another(
    moved: tuple[Warehouse, Warehouse],
) -> None:
    before, after = moved
    shell = Shell(before)
    shell.state.apply_query("?period=all&segments=SMB")
    notice = shell.new_build
    assert notice.view.object == ""
    notice.tell(after.build)
    assert "A newer build is published" in notice.view.object
    assert "9 Apr 2026" in notice.view.object
    assert shell.desk.warehouse is before
    spend = metrics.total(before, "marketing", Filters(segments=("SMB",)))["spend"]
    assert float(spend) == 150
    notice.tell(before.build)
    assert notice.view.object == ""


def test_a_page_of_a_withdrawn_build_says_so(moved: tuple[Warehouse, Warehouse]) -> None:
    before, after = moved
    notice = Shell(after).new_build
    notice.tell(before.build)
    assert "The build of this page was rolled back" in notice.view.object


def test_the_way_leads_to_the_same_view_and_a_preset_moves_on(
    moved: tuple[Warehouse, Warehouse],
) -> None:
    before, after = moved
    shell = Shell(before)
    shell.new_build.tell(after.build)
    shell.state.apply_query("?segments=SMB&tab=revenue&compare=none")
    assert (
        'href="?segments=SMB&amp;period=trailing_12_months&amp;compare=none&amp;tab=revenue"'
        in shell.new_build.view.object
    )
    shell.state.apply_query("?from=2026-03-01&to=2026-03-20")
    assert 'href="?from=2026-03-01&amp;to=2026-03-20"' in shell.new_build.view.object
    other = Shell(after).state
    other.apply_query(shell.state.to_query(keeps_preset=True))
    assert other.filters == shell.state.filters


def test_not_now_is_for_this_build_only(moved: tuple[Warehouse, Warehouse]) -> None:
    before, after = moved
    notice = Shell(before).new_build
    notice.tell(after.build)
    notice._act("later")
    assert notice.view.object == ""
    notice.tell(before.build)
    notice.tell(after.build)
    assert notice.view.object == ""


@pytest.mark.slow
def test_pages_hear_of_a_new_build_and_of_a_rollback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(OpenPages, "tell", lambda _, published: told.append(published.load_id))
    pointer = publish(tmp_path)
    builds = Builds(pointer)
    builds.open_pages.look()
    publish(tmp_path, LATER)
    builds.open_pages.look()
    assert main(["rollback", "--warehouse", str(tmp_path / "warehouse")]) == 0
    builds.open_pages.look()
    first, second, third = told
    assert first != second
    assert third == first

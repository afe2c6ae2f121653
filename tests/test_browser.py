"""The served page in headless Chromium: every tab, a filter, the brands, a phone, and safety."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from dashboard.brands import BRANDS, BrandTheme
from pipeline.build import BuildOptions, build
from pipeline.cli import main
from pipeline.log import Log
from pipeline.progress import Progress
from revops import Filters, Warehouse, metrics, units
from tests.support.hostile import PAYLOAD, hostile_warehouse
from tests.support.pipeline import PROJECT
from tests.support.tiny import MARKETING, tiny_data

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
from playwright.sync_api import Browser, Locator, Page, sync_playwright  # noqa: E402

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
# Where a browser is a must, such as in CI, its absence is a failure and not a skip.
IS_OPTIONAL = "REVOPS_REQUIRE_BROWSER" not in os.environ
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None and IS_OPTIONAL,
        reason="no chromium on this machine (on Debian: apt-get install chromium)",
    ),
]

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PATIENCE = 60_000
TABS = {
    "marketing": '[data-action="metric:marketing.spend"]',
    "pipeline": '[data-action="metric:pipeline.open_pipeline"]',
    "revenue": '[data-action="metric:revenue.mrr"]',
    "copilot": ".insight, .quiet",
    "data": ".tabulator-row:visible",
}
LABELS = {
    "marketing": "Marketing",
    "pipeline": "Pipeline",
    "revenue": "Revenue",
    "copilot": "AI Co-Pilot",
    "data": "Data",
}
HOSTILE_PLACES = [
    "tab=data&shelf=files",
    "tab=data&shelf=withheld",
    "tab=data&shelf=warnings",
    "tab=pipeline",
    f"tab=pipeline&drill=owner:{quote(PAYLOAD)}Ana",
    f"drill=channel:{quote(PAYLOAD)}LinkedIn",
    f"drill=campaign:{quote(PAYLOAD)}Spring",
    f"tab=revenue&drill=customer:{quote(PAYLOAD)}C1",
    "tab=revenue&proof=revenue.mrr",
    "tab=pipeline&proof=pipeline.won_deals",
    f"drill=owner:{quote(PAYLOAD)}Ana&tab=pipeline&proof=pipeline.won_deals",
    "proof=marketing.spend",
    "tables=Spend+by+channel",
]
# A point of the first bar of each chart, all read at once: a chart may be drawn anew at any time.
INSIDE = """charts => charts
  .map(chart => chart.getBoundingClientRect())
  .filter(box => box.width > 0)
  .map(box => [box.left + box.width / 3, box.top + 24])"""
PARTS = [
    *(f"tab={tab}" for tab in TABS),
    "drill=channel:LinkedIn",
    "tab=revenue&drill=customer:C-00001",
    "tables=Spend+by+channel~Weekly+trend",
    "tab=revenue&proof=cohorts.logo_retention:all:3",
    "tab=pipeline&proof=pipeline.win_rate",
    "tab=pipeline&from=2026-07-01&to=2026-09-30&why=pipeline.win_rate",
]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port: int = probe.getsockname()[1]
    return port


def serve(warehouse: Path, port: int) -> tuple[subprocess.Popen[bytes], str]:
    """Start the dashboard as a user does, and wait until it answers."""
    server = subprocess.Popen(
        [sys.executable, "-m", "dashboard", "--warehouse", str(warehouse), "--port", str(port)],
        cwd=PROJECT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://localhost:{port}/"
    for _ in range(240):
        if server.poll() is not None:
            break
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except OSError:
            time.sleep(0.25)
        else:
            return server, address
    server.kill()
    pytest.fail("the dashboard did not start")


def stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait(10)


@pytest.fixture(scope="module")
def site(sample_warehouse: Path) -> Iterator[str]:
    server, address = serve(sample_warehouse, free_port())
    yield address
    stop(server)


@pytest.fixture(scope="module")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A dashboard over data with markup that would run script in every text column."""
    warehouse = hostile_warehouse(tmp_path_factory.mktemp("hostile_site"))
    server, address = serve(warehouse, free_port())
    yield address
    stop(server)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def complaints() -> list[str]:
    """Console errors, script errors and requests to other hosts of the page under test."""
    return []


@pytest.fixture
def page(browser: Browser, complaints: list[str]) -> Iterator[Page]:
    yield from opened(browser, complaints, 1440, 900)


@pytest.fixture
def phone(browser: Browser, complaints: list[str]) -> Iterator[Page]:
    yield from opened(browser, complaints, 390, 844)


def opened(browser: Browser, complaints: list[str], width: int, height: int) -> Iterator[Page]:
    one = browser.new_page(viewport={"width": width, "height": height}, accept_downloads=True)
    one.set_default_timeout(PATIENCE)
    playwright.expect.set_options(timeout=PATIENCE)
    one.on("console", lambda said: said.type == "error" and complaints.append(said.text))
    one.on("pageerror", lambda error: complaints.append(str(error)))
    one.on("request", lambda asked: complaints.extend(foreign(asked.url)))
    yield one
    one.close()


def foreign(url: str) -> list[str]:
    parts = urlsplit(url)
    is_ours = parts.scheme in ("data", "blob") or parts.hostname == "localhost"
    return [] if is_ours else [f"request to {url}"]


def go(page: Page, address: str, tab: str = "marketing") -> None:
    page.goto(address)
    page.locator(TABS[tab]).first.wait_for()
    page.wait_for_function("document.getElementById('loader').style.display === 'none'")


def visit(page: Page, tab: str) -> None:
    """Click a tab and wait until it shows its own content."""
    page.get_by_role("tab", name=LABELS[tab]).click()
    page.locator(TABS[tab]).first.wait_for()


def kpi(page: Page, name: str) -> str:
    return page.locator(f'[data-action="metric:{name}"] .kpi-value').inner_text()


def wait_for_kpi(page: Page, name: str, value: str) -> None:
    card = page.locator(f'[data-action="metric:{name}"] .kpi-value')
    playwright.expect(card).to_have_text(value)


def choose(page: Page, field: str, option: str) -> None:
    """Open a sidebar field by its label or value and click an option of its list."""
    page.locator(".MuiFormControl-root", has_text=re.compile(field)).first.locator(
        '[role="combobox"]'
    ).click()
    page.locator('[role="menuitem"], [role="option"]').filter(has_text=option).first.click()


def test_every_tab_loads_without_complaint(site: str, page: Page, complaints: list[str]) -> None:
    go(page, site)
    for tab in TABS:
        visit(page, tab)
        page.wait_for_timeout(800)
        assert page.locator(".failed").count() == 0, tab
        assert complaints == [], tab


def test_the_bundle_is_fetched_once_and_before_the_page_arrives(site: str, page: Page) -> None:
    warnings: list[str] = []
    page.on("console", lambda said: said.type == "warning" and warnings.append(said.text))
    began: list[str] = []
    page.on("request", lambda request: began.append(request.url))
    page.on("websocket", lambda _: began.append("websocket"))
    go(page, site)
    wanted = [place for place, url in enumerate(began) if "panel-material-ui.bundle.js" in url]
    assert len(wanted) == 1
    assert wanted[0] < began.index("websocket")
    assert not [said for said in warnings if "preload" in said]


@pytest.mark.slow
def test_cards_use_the_width_of_the_page(site: str, page: Page) -> None:
    go(page, site)
    for name, least in (("Spend by channel", 350), ("Campaigns", 850)):
        heading = page.get_by_role("heading", name=name, exact=True)
        heading.wait_for()
        card = heading.evaluate("e => e.getRootNode().host.getBoundingClientRect().width")
        assert card >= least, name
    box = page.locator("button.kpi").nth(4).bounding_box()
    assert box is not None
    assert box["x"] > 1000


@pytest.mark.slow
def test_a_tab_that_was_left_waits_as_it_was_and_out_of_reach(site: str, page: Page) -> None:
    go(page, site)
    card = page.locator(TABS["marketing"])
    page.get_by_role("heading", name="Campaigns", exact=True).wait_for()
    page.locator("canvas").first.evaluate("canvas => { canvas.mark = 1 }")
    visit(page, "pipeline")
    playwright.expect(card).to_be_hidden()
    assert page.get_by_role("heading", name="Campaigns", exact=True).count() == 0
    visit(page, "marketing")
    assert page.locator("canvas").first.evaluate("canvas => canvas.mark") == 1


def test_a_filter_changes_the_number_to_what_sql_says(
    site: str, page: Page, sample_warehouse: Path
) -> None:
    go(page, f"{site}?period=all")
    with Warehouse(sample_warehouse) as warehouse:
        whole = metrics.total(warehouse, "marketing")
        part = metrics.total(warehouse, "marketing", Filters(segments=("SMB",)))
    assert kpi(page, "marketing.spend") == units.format(whole["spend"], "money")
    choose(page, "All segments", "SMB")
    wait_for_kpi(page, "marketing.spend", units.format(part["spend"], "money"))
    assert kpi(page, "marketing.leads") == units.format(part["leads"], "count")
    assert "segments=SMB" in page.url


@pytest.mark.slow
def test_a_copied_link_shows_the_same_page_and_back_leads_back(
    site: str, page: Page, sample_warehouse: Path
) -> None:
    go(page, f"{site}?from=2026-07-01&to=2026-09-30&segments=ENT&brand=luma-skyline")
    with Warehouse(sample_warehouse) as warehouse:
        quarter = Filters("2026-07-01", "2026-10-01", ("ENT",))
        spend = metrics.total(warehouse, "marketing", quarter)["spend"]
    assert kpi(page, "marketing.spend") == units.format(spend, "money")
    assert "ENT · Jul–Sep 2026" in page.locator(".hero h1").inner_text()
    visit(page, "pipeline")
    page.wait_for_url("**tab=pipeline**")
    page.go_back()
    page.locator('[data-action="metric:marketing.spend"]').wait_for()
    assert "tab=pipeline" not in page.url


@pytest.mark.slow
def test_brands_switch_without_a_reload(site: str, page: Page) -> None:
    go(page, site)
    page.evaluate("window.mark = 1")
    dark = ground(page)
    choose(page, "Midnight Aurora", "Luma Skyline")
    page.wait_for_function("location.search.includes('brand=luma-skyline')")
    page.wait_for_timeout(1500)
    assert dark != ground(page) == "rgb(255, 255, 255)"
    assert page.evaluate("window.mark") == 1


def ground(page: Page) -> str:
    return page.locator("button.kpi").first.evaluate("e => getComputedStyle(e).backgroundColor")


def test_the_first_kpi_stands_high(site: str, page: Page) -> None:
    go(page, site)
    box = page.locator("button.kpi").first.bounding_box()
    assert box is not None
    assert box["y"] <= 260


@pytest.mark.slow
def test_a_phone_shows_the_content_and_never_scrolls_sideways(site: str, phone: Page) -> None:
    go(phone, site)
    playwright.expect(phone.get_by_label("Open drawer")).to_be_visible()
    for tab in TABS:
        visit(phone, tab)
        phone.wait_for_timeout(1500)
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390, tab
        assert widest(phone) <= 390, tab


def widest(page: Page) -> float:
    """How far right the page's main column reaches, whatever lies in it."""
    return page.locator(".main-content").evaluate("e => e.scrollWidth")


@pytest.mark.slow
def test_the_keyboard_opens_the_proof_of_a_number(site: str, page: Page) -> None:
    go(page, site)
    card = page.locator('[data-action="metric:marketing.cpl"]')
    card.focus()
    page.keyboard.press("Enter")
    proof = page.locator("#statement")
    proof.wait_for()
    assert "metrics.marketing" in proof.inner_text()
    page.keyboard.press("Escape")
    proof.wait_for(state="detached")


@pytest.mark.slow
def test_the_keyboard_walks_the_cohorts_and_opens_the_proof_of_a_cell(
    site: str, page: Page
) -> None:
    go(page, f"{site}?tab=revenue", "revenue")
    cells = page.locator(".cohorts td button")
    cells.first.wait_for()
    assert page.locator('.cohorts td button[tabindex="0"]').count() == 1
    cells.first.focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    statement = page.locator("#statement")
    statement.wait_for()
    assert "cells.months_since = 2" in statement.inner_text()
    page.wait_for_url("**proof=cohorts.mrr_retention**")
    page.reload()
    statement.wait_for()
    assert "cells.months_since = 2" in statement.inner_text()
    page.keyboard.press("Escape")
    statement.wait_for(state="detached")


def hold(page: Page, element: Locator) -> None:
    """Give it the focus, which a table that is still being drawn does not take."""
    for _ in range(30):
        element.focus()
        if element.evaluate("e => e.getRootNode().activeElement === e"):
            return
        page.wait_for_timeout(1000)
    pytest.fail("it takes no focus")


@pytest.mark.slow
def test_a_name_leads_to_its_page_its_proof_and_back(site: str, page: Page) -> None:
    go(page, f"{site}?brand=luma-skyline")
    # cards that come later move the ones above while they are put in place
    page.locator('.tabulator-cell[tabulator-field="campaign"]').first.wait_for()
    cell = page.locator('.tabulator-cell[tabulator-field="channel"][tabindex="0"]').nth(1)
    name = cell.inner_text()
    hold(page, cell)
    page.keyboard.press("Enter")
    heading = page.locator(".crumb h2", has_text=name)
    heading.wait_for()
    page.locator('.crumb [data-action="drill:"]').click()
    heading.wait_for(state="hidden")
    cell.click()
    heading.wait_for()
    page.locator('[data-action="metric:marketing.spend"]:visible').click()
    playwright.expect(page.locator(".verdict")).to_contain_text("= the number above ✓")
    page.wait_for_url("**proof=marketing.spend**")
    link = page.url
    page.keyboard.press("Escape")
    page.locator(".verdict").wait_for(state="detached")
    page.locator('.crumb [data-action="drill:"]').click()
    heading.wait_for(state="hidden")
    page.goto(link)
    heading.wait_for()
    page.locator(".verdict").wait_for()


@pytest.mark.slow
def test_a_table_downloads_under_a_name_that_says_what_it_is(site: str, page: Page) -> None:
    go(page, f"{site}?tab=revenue", "revenue")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download “Months” as CSV").click()
    download = waiting.value
    assert re.fullmatch(
        r"revops_months_2025-11-01_2026-10-31_as-of-\S+\.csv", download.suggested_filename
    )
    header = Path(download.path()).read_text("utf-8-sig").splitlines()[0]
    assert header.startswith("month,opening_mrr")


@pytest.mark.slow
def test_the_board_pack_of_the_filters_downloads(site: str, page: Page) -> None:
    go(page, f"{site}?segments=SMB&brand=luma-skyline")
    with page.expect_download(timeout=PATIENCE) as waiting:
        page.get_by_role("button", name="Board pack", exact=True).click()
    name = waiting.value.suggested_filename
    assert re.fullmatch(r"revops_board-pack_smb_2025-11-01_2026-10-31_as-of-\S+\.html", name)
    written = Path(waiting.value.path()).read_text("utf-8")
    assert written.startswith("<!doctype html>")
    assert "SMB · Nov 2025–Oct 2026" in written


def test_the_hero_leads_to_the_proof_of_the_books(site: str, page: Page) -> None:
    go(page, site)
    page.locator('[data-action="shelf:checks"]').click()
    page.wait_for_url("**shelf=checks**")
    page.locator(".tabulator-row:visible", has_text="holds").first.wait_for()


@pytest.mark.slow
def test_names_from_the_data_run_no_script(hostile_site: str, page: Page) -> None:
    go(page, f"{hostile_site}?period=all&brand={PAYLOAD}&owners={PAYLOAD}")
    page.locator('[role="combobox"]').nth(1).click()
    page.wait_for_timeout(500)
    page.keyboard.press("Escape")
    for tab in TABS:
        visit(page, tab)
        page.wait_for_timeout(800)
        assert page.evaluate("window.pwned") is None, tab
    assert "onerror" in page.locator(".problems").inner_text()
    for place in HOSTILE_PLACES:
        # the address's own payload stands on every page, the data's where it names somebody
        page.goto(f"{hostile_site}?period=all&brand={PAYLOAD}&{place}")
        page.wait_for_function("document.getElementById('loader').style.display === 'none'")
        page.get_by_text("onerror").first.wait_for(state="attached")
        page.wait_for_timeout(2500)
        for table in page.locator('[data-action="table"]:visible').all():
            table.dispatch_event("click")
        for left, top in page.get_by_role("img").evaluate_all(INSIDE):
            page.mouse.move(left, top)
        page.wait_for_timeout(800)
        assert page.evaluate("window.pwned") is None, place


@pytest.mark.slow
def test_the_detector_of_script_works(site: str, page: Page) -> None:
    go(page, site)
    page.evaluate(f"document.body.insertAdjacentHTML('beforeend', '{PAYLOAD}')")
    page.wait_for_function("window.pwned === 1")


@pytest.mark.slow
def test_a_page_comes_back_after_its_server_was_away(sample_warehouse: Path, page: Page) -> None:
    port = free_port()
    server, address = serve(sample_warehouse, port)
    try:
        go(page, f"{address}?segments=SMB&brand=luma-skyline")
        page.evaluate("window.mark = 1")
        stop(server)
        page.get_by_text("Connection lost").wait_for()
        server, _ = serve(sample_warehouse, port)
        page.wait_for_function("window.mark === undefined && document.readyState === 'complete'")
        page.locator("button.kpi").first.wait_for()
        assert "segments=SMB" in page.url
    finally:
        stop(server)


@pytest.mark.slow
def test_a_click_on_a_change_says_why_it_moved(site: str, page: Page) -> None:
    page.goto(f"{site}?tab=pipeline&from=2026-07-01&to=2026-09-30")
    # the last card: until it stands, the ones above may move under the pointer
    page.get_by_role("heading", name="Targets", exact=True).wait_for()
    page.locator('.change[data-action="why:pipeline.win_rate"]').click()
    page.wait_for_url("**why=pipeline.win_rate**")
    page.get_by_text("A paradox: win rate rose in total").wait_for()
    page.locator('[data-action="by:owner"]').click()
    page.wait_for_url("**why=pipeline.win_rate%3Aowner**")
    page.keyboard.press("Escape")
    page.locator(".steps").wait_for(state="detached")


def publish(folder: Path, marketing: str) -> Path:
    """Build the tiny data with that marketing file, and let the pointer move to it."""
    options = BuildOptions(
        data=tiny_data(folder, marketing_channels=marketing), warehouse=folder / "warehouse"
    )
    build(options, Log("json"), Progress(enabled=False))
    return folder / "warehouse" / "revops.duckdb"


@pytest.mark.slow
def test_a_page_keeps_its_build_until_it_is_asked_to_switch(tmp_path: Path, page: Page) -> None:
    # SMB: 100.00 + 50.00 at first, 175.00 + 50.00 in the second build
    pointer = publish(tmp_path, MARKETING)
    server, address = serve(pointer, free_port())
    switch = page.get_by_role("link", name="Switch to it")
    try:
        go(page, f"{address}?period=all&brand=luma-skyline")
        wait_for_kpi(page, "marketing.spend", "$450")
        publish(tmp_path, MARKETING.replace("SMB,EMEA,100.00", "SMB,EMEA,175.00"))
        page.get_by_text("A newer build is published").wait_for()
        visit(page, "pipeline")
        visit(page, "marketing")
        choose(page, "All segments", "SMB")
        wait_for_kpi(page, "marketing.spend", "$150")
        # the open list closes
        page.mouse.click(700, 130)
        switch.click()
        wait_for_kpi(page, "marketing.spend", "$225")
        playwright.expect(switch).to_have_count(0)
        assert "segments=SMB" in page.url
        assert "brand=luma-skyline" in page.url
        assert main(["rollback", "--warehouse", str(tmp_path / "warehouse")]) == 0
        page.get_by_text("The build of this page was rolled back").wait_for()
        assert kpi(page, "marketing.spend") == "$225"
        visit(page, "pipeline")
        page.wait_for_url("**tab=pipeline**")
        switch.click()
        page.wait_for_url("**tab=pipeline**")
        visit(page, "marketing")
        wait_for_kpi(page, "marketing.spend", "$150")
    finally:
        stop(server)


@pytest.mark.slow
@pytest.mark.parametrize("brand", BRANDS, ids=lambda brand: brand.key)
def test_axe_finds_nothing_serious(site: str, page: Page, brand: BrandTheme) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    for part in PARTS:
        page.goto(f"{site}?brand={brand.key}&{part}")
        page.wait_for_function("document.getElementById('loader').style.display === 'none'")
        page.locator(".kpi:visible, .insight:visible, .tabulator-row:visible").first.wait_for()
        grave = []
        # the last cards, and the roles of the parts of tables, come a few seconds after the first
        for _ in range(4):
            page.wait_for_timeout(4000)
            found = axe.run(page, options={"resultTypes": ["violations"]}).response["violations"]
            grave = [one for one in found if one["impact"] in ("serious", "critical")]
            if not grave:
                break
        assert [(one["id"], one["nodes"][0]["html"]) for one in grave] == [], part


@pytest.mark.slow
def test_a_click_on_a_bar_opens_its_channel(site: str, page: Page) -> None:
    go(page, site)
    chart = page.get_by_role("img", name="Spend by channel")
    chart.wait_for()
    page.get_by_role("heading", name="Campaigns", exact=True).wait_for()
    page.wait_for_timeout(1500)
    box = chart.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * 0.3, box["y"] + 24)
    playwright.expect(page.locator(".crumb h2")).to_have_text("Google Ads")
    page.wait_for_url("**drill=channel%3AGoogle**")


@pytest.mark.slow
def test_the_keyboard_reads_a_chart_as_a_table_and_follows_its_links(site: str, page: Page) -> None:
    go(page, site)
    button = page.get_by_role("button", name="“Spend by channel” as a table")
    button.focus()
    page.keyboard.press("Enter")
    link = page.get_by_role("button", name="LinkedIn", exact=True)
    link.wait_for()
    assert page.locator('table[role=grid] td button[tabindex="0"]').count() == 1
    link.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    statement = page.locator("#statement")
    statement.wait_for()
    assert "channels := ['LinkedIn']" in statement.inner_text()
    page.keyboard.press("Escape")
    statement.wait_for(state="detached")
    link.focus()
    page.keyboard.press("Enter")
    playwright.expect(page.locator(".crumb h2")).to_have_text("LinkedIn")

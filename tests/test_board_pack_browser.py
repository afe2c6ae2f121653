"""The board pack in headless Chromium: on a screen, on a phone, on paper, and under attack."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.brands import BRANDS
from dashboard.report.__main__ import main
from pipeline.build import BuildOptions, build
from pipeline.log import Log
from pipeline.progress import Progress
from tests.support.tiny import FILES, tiny_data

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
from axe_playwright_python.sync_playwright import Axe  # noqa: E402
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
IS_OPTIONAL = "REVOPS_REQUIRE_BROWSER" not in os.environ
pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None and IS_OPTIONAL, reason="no chromium on this machine"),
]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
NAMES = ("LinkedIn", "Email", "Spring", "News", "Ana", "Ben", "Alder", "Price", "Growth", "Starter")
PAYLOAD = "<img src=x onerror=window.pwned=1>"
# A4 and Letter, landscape, less the margins, in CSS pixels: the smaller of each
PAPER = {"width": 957, "height": 706}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    # axe is a script, which the document's own policy refuses
    context = browser.new_context(bypass_csp=True)
    yield context.new_page()
    context.close()


def written(warehouse: Path, folder: Path, *options: str) -> str:
    assert main(["--warehouse", str(warehouse), "--output", str(folder), *options]) == 0
    return next(folder.glob("*.html")).as_uri()


@pytest.mark.parametrize("brand", [brand.key for brand in BRANDS])
def test_it_reads_on_a_screen_on_a_phone_and_on_paper(
    sample_warehouse: Path, tmp_path: Path, page: Page, brand: str
) -> None:
    page.goto(written(sample_warehouse, tmp_path, "--brand", brand))
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found = Axe().run(page).response["violations"]
        assert not [one["id"] for one in found if one["impact"] in ("serious", "critical")]
    page.set_viewport_size(PAPER)
    page.emulate_media(media="print")
    too_tall = """limit => [...document.querySelectorAll(".exhibit, .insight, .glance")]
        .filter(one => one.getBoundingClientRect().height > limit).map(one => one.textContent)"""
    assert not page.evaluate(too_tall, PAPER["height"])
    ground = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(ground) == "rgb(255, 255, 255)", "paper is white, whatever the look"
    for paper in ("A4", "Letter"):
        printed = page.pdf(format=paper, landscape=True)
        assert 12 <= len(re.findall(rb"/Type /Page\b(?!s)", printed)) <= 22, paper


def test_no_name_runs_script(tmp_path: Path, page: Page) -> None:
    files = dict(FILES)
    for place, name in enumerate(NAMES):
        files = {key: text.replace(name, f"{PAYLOAD}{place}") for key, text in files.items()}
    options = BuildOptions(data=tiny_data(tmp_path, **files), warehouse=tmp_path / "warehouse")
    build(options, Log("json"), Progress(enabled=False))
    address = written(tmp_path / "warehouse" / "revops.duckdb", tmp_path, "--period", "all")
    page.goto(address)
    page.wait_for_timeout(500)
    assert page.evaluate("window.pwned") is None
    assert PAYLOAD in page.inner_text("main")
    page.evaluate(f"document.body.insertAdjacentHTML('beforeend', '{PAYLOAD}')")
    page.wait_for_function("window.pwned === 1", timeout=5_000)

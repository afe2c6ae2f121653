"""From a click on a filter to the changed number, in a real browser against a real server."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from revops.periods import PRESETS
from tests.bench.measure import ROOT, median, percentile_95, report

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
CARD = '[data-action="metric:marketing.spend"] .kpi-value'
SEGMENTS = ("SMB", "MM", "ENT")
WINDOW = ViewportSize(width=1440, height=900)
TABS = ("pipeline", "revenue", "marketing")
SETTLING = 1.0
CLEARED_MS = 34_000
IDLE = 20.0  # milliseconds of CPU in that time: its clockwork ticks on
# The watcher starts before the click and looks once per frame, so a figure holds at most
# one frame of its own.
WATCH = """(card) => {
    const before = card.textContent, root = card.getRootNode();
    window.addEventListener('click', () => { window.clicked = performance.now(); },
                            {capture: true});
    // data of a figure is on screen a frame after the page's model of it has changed
    window.painted = 0;
    Bokeh.documents[0].on_change(() => requestAnimationFrame(() => requestAnimationFrame(
        () => { window.painted = performance.now() - window.clicked; })));
    window.changed = new Promise((done) => {
        const look = () => {
            const now = root.querySelector('.kpi-value') && root.querySelector(SELECTOR);
            if (now && now.textContent !== before) done(performance.now() - window.clicked);
            else requestAnimationFrame(look);
        };
        look();
    });
}""".replace("SELECTOR", repr(CARD))


@dataclass(frozen=True)
class Figures:
    """What was measured of one warehouse: seconds, bytes and milliseconds of many events."""

    first: list[float]
    loaded: int
    switches: list[float]
    changed: list[float]
    painted: list[float]
    cpu: float


def measure(warehouse: Path) -> Figures | None:
    """Print first paint, bytes, tab switches, time to the changed number, CPU per change."""
    chromium = shutil.which("chromium")
    if chromium is None:
        report("dashboard", "not measured: no chromium here", "")
        return None
    with served(warehouse) as (process, address), sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        first = [seconds_to_first_card(browser, address, process.pid) for _ in range(7)]
        loaded = bytes_of_first_load(browser.new_page(), address)
        changed, painted, cpu = filter_changes(browser, address, process.pid)
        switches = tab_switches(browser.new_page(viewport=WINDOW), address)
        browser.close()
    report("first KPI on screen, warm server", f"median {median(first):.1f} s", "at most 2.0 s")
    report("first load over the wire", f"{loaded / 1e6:.2f} MB", "at most 2 MB")
    report("click on a tab to its first KPI", spread(switches), "at most 400 ms")
    report("filter change to changed KPI", spread(changed), "median at most 150 ms")
    report("filter change to every chart in the window", spread(painted), "p95 at most 400 ms")
    report("server CPU per filter change", f"{cpu:.0f} ms", "at most 150 ms")
    return Figures(first, loaded, switches, changed, painted, cpu)


def compare(small: Figures, large: Figures) -> None:
    """Print what more rows cost, as ratios."""
    parts = {
        "first KPI": (median(small.first), median(large.first)),
        "tab": (median(small.switches), median(large.switches)),
        "KPI": (median(small.changed), median(large.changed)),
        "charts, p95": (percentile_95(small.painted), percentile_95(large.painted)),
        "CPU": (small.cpu, large.cpu),
    }
    figure = ", ".join(f"{name} {more / few:.2f}" for name, (few, more) in parts.items())
    report("the large warehouse against the sample", figure, "each at most 1.2 x")


def spread(milliseconds: list[float]) -> str:
    """Median and 95th percentile in words."""
    return f"median {median(milliseconds):.0f} ms, p95 {percentile_95(milliseconds):.0f} ms"


@contextmanager
def served(warehouse: Path, processes: int = 1) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """The dashboard on a free port, by so many processes, stopped at the end."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port = probe.getsockname()[1]
    options = ["--warehouse", str(warehouse), "--port", str(port), "--num-procs", str(processes)]
    process = subprocess.Popen(
        [sys.executable, "-m", "dashboard", *options],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://localhost:{port}/"
    try:
        wait_until_up(address)
        yield process, address
    finally:
        process.terminate()
        process.wait(20)


def wait_until_up(address: str) -> None:
    """Return when the server answers; raise after a minute."""
    for _ in range(240):
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except OSError:
            time.sleep(0.25)
        else:
            return
    raise RuntimeError("the dashboard did not start")


def seconds_to_first_card(browser: Browser, address: str, server: int) -> float:
    """From asking for the page to its first number, of a server that has nothing else to do."""
    wait_until_idle(server)
    page = browser.new_page()
    started = time.perf_counter()
    page.goto(f"{address}?period=all")
    page.locator(CARD).wait_for(timeout=60_000)
    seconds = time.perf_counter() - started
    page.close()
    return seconds


def bytes_of_first_load(page: Page, address: str) -> int:
    """What the browser fetches for a first visit, compressed as it travels; the websocket apart."""
    page.goto(address)
    page.locator(CARD).wait_for(timeout=60_000)
    page.wait_for_load_state("networkidle")
    sizes = page.evaluate(
        "['navigation', 'resource'].flatMap((kind) => performance.getEntriesByType(kind))"
        ".map((entry) => entry.transferSize)"
    )
    page.close()
    return int(sum(sizes))


def filter_changes(
    browser: Browser, address: str, server: int
) -> tuple[list[float], list[float], float]:
    """Milliseconds to the changed number and to the last chart, CPU milliseconds per change.

    In each period it adds one segment after the other, so that no question was asked before.
    """
    times, painted, spent = [], [], 0.0
    pages = [(browser.new_page(viewport=WINDOW), period) for period in PRESETS]
    for page, period in pages:
        page.goto(f"{address}?period={period}")
        page.locator(CARD).wait_for(timeout=60_000)
    # pages that were left are cleared away later, which is no part of a change
    page.wait_for_timeout(CLEARED_MS)
    wait_until_idle(server)
    for page, _ in pages:
        page.bring_to_front()
        field = page.locator(".MuiFormControl-root", has_text="All segments").first
        field.locator('[role="combobox"]').click()
        options = page.locator('[role="menuitem"], [role="option"]')
        for segment in SEGMENTS[:2]:
            option = options.filter(has_text=segment).first
            option.wait_for()
            page.locator(CARD).evaluate(WATCH)
            before = cpu_milliseconds(server)
            option.click()
            times.append(float(page.evaluate("window.changed")))
            wait_until_idle(server)
            spent += cpu_milliseconds(server) - before
            painted.append(float(page.evaluate("window.painted")))
    return times, painted, spent / len(times)


def tab_switches(page: Page, address: str) -> list[float]:
    """Milliseconds from the click on a tab seen before to its first number."""
    page.goto(address)
    times = []
    for name in (*TABS, *TABS, *TABS):
        started = time.perf_counter()
        page.get_by_role("tab", name=name.capitalize()).click()
        page.locator(f'[data-action^="metric:{name}."]').first.wait_for(timeout=60_000)
        times.append((time.perf_counter() - started) * 1000)
        page.wait_for_timeout(1500)
    # each tab's first visit draws its charts
    return times[len(TABS) :]


def wait_until_idle(server: int) -> None:
    """Return once the server has used next to nothing for a while."""
    before = -IDLE
    while (now := cpu_milliseconds(server)) - before >= IDLE:
        before = now
        time.sleep(SETTLING)


def cpu_milliseconds(process: int) -> float:
    """User and system time of a running process so far."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")

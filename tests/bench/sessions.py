"""Fifty open pages that each change a filter every ten seconds, and one browser among them."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.bench.dashboard import CARD, FLAGS, WATCH, WINDOW, served, spread
from tests.bench.measure import ROOT, median, report

PAGES = 50
PROCESSES = 2
SECONDS = 90.0
CHOSEN = {"segments": 2, "channels": 4}
APART_MS = 5000
PATIENCE_MS = 120_000
# a page sent by one process and joined in another is forgotten by the first after that time
SETTLING_SECONDS = 40.0


def measure(warehouse: Path) -> None:
    """Print the memory of a page, and how long a change takes while fifty others change theirs."""
    with served(warehouse, PROCESSES) as (process, address):
        servers = children(process.pid)
        # each process has drawn a page before; now it has sent one too
        for _ in range(2 * PROCESSES):
            subprocess.run(
                visitors(address, 1, 0), cwd=ROOT, input=b"\n", stdout=subprocess.DEVNULL
            )
        time.sleep(SETTLING_SECONDS)
        before = private_bytes(servers)
        crowd = subprocess.Popen(
            visitors(address, PAGES, SECONDS),
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert crowd.stdin is not None
        assert crowd.stdout is not None
        came = [float(one) for one in crowd.stdout.readline().split()]
        time.sleep(SETTLING_SECONDS)
        held = private_bytes(servers) - before
        spent = cpu_seconds(servers)
        crowd.stdin.write("\n")
        crowd.stdin.flush()
        browsers = in_a_browser(address)
        times = [float(one) for one in crowd.stdout.readline().split()]
        spent = cpu_seconds(servers) - spent
        crowd.wait(60)
        grown = private_bytes(servers) - before
    of = f"{len(came)} pages, {len(servers)} server processes"
    report(f"opening {of}", f"median {median(came):.1f} s", "")
    report("server memory per open page", f"{held / len(came) / 1e6:.1f} MB", "at most 8 MB")
    report("the same after all their changes", f"{grown / len(came) / 1e6:.1f} MB", "at most 8 MB")
    report(f"each changes a filter every 10 s: {len(times)} changes", spread(times), "p95 1.5 s")
    report("server CPU per change", f"{spent / len(times) * 1000:.0f} ms", "")
    if browsers:
        report("a browser among them, to its changed KPI", spread(browsers), "p95 1.5 s")


def visitors(address: str, count: int, seconds: float) -> list[str]:
    """The command of a process of visitors."""
    return [sys.executable, "-m", "tests.bench.visitors", address, str(count), str(seconds)]


def in_a_browser(address: str) -> list[float]:
    """Milliseconds from a click on a filter to its number, while the others work."""
    chromium = shutil.which("chromium")
    if chromium is None:
        report("a browser among them", "not measured: no chromium here", "")
        return []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        times = changes(browser, address)
        browser.close()
    return times


def changes(browser: Browser, address: str) -> list[float]:
    """One segment, then one channel more every few seconds: what is chosen leaves the list."""
    page = browser.new_page(viewport=WINDOW)
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{address}?period=all")
    page.locator(CARD).wait_for()
    times = []
    for name, count in CHOSEN.items():
        page.wait_for_timeout(APART_MS)
        field = page.locator(".MuiFormControl-root", has_text=f"All {name}").first
        field.locator('[role="combobox"]').click()
        option = page.locator('[role="menuitem"], [role="option"]').first
        for _ in range(count):
            option.wait_for()
            page.locator(CARD).evaluate(WATCH)
            option.click()
            times.append(float(page.evaluate("window.changed")))
            page.wait_for_timeout(APART_MS)
        page.keyboard.press("Escape")
    return times


def children(parent: int) -> list[int]:
    """The processes another one has started."""
    text = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii")
    return [int(word) for word in text.split()]


def private_bytes(processes: list[int]) -> int:
    """Memory that only these processes use."""
    total = 0
    for process in processes:
        for line in Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith(("Private_Clean", "Private_Dirty")):
                total += int(line.split()[1]) * 1024
    return total


def cpu_seconds(processes: list[int]) -> float:
    """User and system time of all of them so far."""
    ticks = 0
    for process in processes:
        stat = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        ticks += int(stat[11]) + int(stat[12])
    return ticks / os.sysconf("SC_CLK_TCK")

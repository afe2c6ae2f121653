"""One page's error or endless question, and what the others notice of it: nothing."""

import asyncio
import re
import sys
import time
from pathlib import Path

import pytest

from tests.support.serving import free_port, running
from tests.support.visitor import Visitor

LIMIT_SECONDS = 30
CARDS = "kpi-value"


@pytest.mark.slow
def test_neither_an_error_nor_a_slow_question_reaches_another_page(
    sample_warehouse: Path, tmp_path: Path
) -> None:
    port = free_port()
    address = f"http://localhost:{port}/"
    options = ["--warehouse", str(sample_warehouse), "--port", str(port)]
    limit = ["--query-seconds", str(LIMIT_SECONDS)]
    command = [sys.executable, "-m", "tests.support.troubled_server", *options, *limit]
    with running(command, f"{address}healthz", tmp_path / "log"):
        slow, failed, seconds = asyncio.run(side_by_side(address))
    assert f"longer than {LIMIT_SECONDS} seconds" in slow
    assert "Unexpected error" in failed
    assert seconds < LIMIT_SECONDS / 2, "the other page waited"
    log = (tmp_path / "log").read_text(encoding="utf-8")
    for shown in (slow, failed):
        mark = re.search(r"<code>(\w+)</code>", shown)
        assert mark, shown
        assert mark[1] in log
    assert "broken on purpose" in log


async def side_by_side(address: str) -> tuple[str, str, float]:
    """What the slow and the failed card say, and how long a third page's change took, all told."""
    slow, failed, other = [await Visitor.come(address) for _ in range(3)]
    for visitor in (slow, failed, other):
        await visitor.listen(3)
    started = time.perf_counter()
    await slow.look_at("?segments=ENT")
    await failed.look_at("?segments=MM")
    await slow.see("Still asking the warehouse")
    await other.look_at("?segments=SMB")
    await other.see(CARDS)
    seconds = time.perf_counter() - started
    # its own numbers do not wait either
    await slow.see(CARDS)
    told = await failed.see("could not be filled")
    # and the page of the error lives on
    await failed.look_at("?segments=SMB")
    await failed.see(CARDS)
    return await asyncio.wait_for(slow.see("could not be filled"), 120), told, seconds

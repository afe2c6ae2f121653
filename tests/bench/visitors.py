"""Open pages without browsers, in a process of their own: `sessions` starts it."""

import argparse
import asyncio
import itertools
import random
import sys
import time
from collections.abc import Iterator

from dashboard.places import DEFAULT_PRESET
from revops.periods import PRESETS
from tests.support.visitor import Visitor

SEGMENTS = ("", "&segments=SMB", "&segments=MM", "&segments=ENT", "&segments=SMB&segments=MM")
EVERY_SECONDS = 10.0
LONGEST_SECONDS = 30.0
# more at once would only wait for each other, and no crowd comes within a second
COMING_AT_ONCE = 2


def searches(number: int) -> Iterator[str]:
    """What one visitor looks at, one after the other; never the same twice in a row."""
    views = [f"?period={period}{kept}" for period in PRESETS for kept in SEGMENTS]
    # what a page shows at first would be no change
    views.remove(f"?period={DEFAULT_PRESET}")
    random.Random(number).shuffle(views)
    return itertools.cycle(views)


async def visit(number: int, address: str, doors: asyncio.Semaphore) -> tuple[Visitor, float]:
    """Come in; seconds until the first numbers were there."""
    async with doors:
        started = time.perf_counter()
        visitor = await Visitor.come(address)
        seconds = time.perf_counter() - started
        await visitor.listen(3)
    return visitor, seconds


async def work(number: int, visitor: Visitor, until: float) -> list[float]:
    """Change a filter every ten seconds; milliseconds until the changed numbers came."""
    times = []
    views = searches(number)
    await visitor.listen(random.Random(-number).uniform(0, EVERY_SECONDS))
    while time.perf_counter() < until:
        started = time.perf_counter()
        await visitor.look_at(next(views))
        try:
            await asyncio.wait_for(visitor.see("kpi-value"), LONGEST_SECONDS)
        except TimeoutError:
            print("no answer", file=sys.stderr)
        took = time.perf_counter() - started
        times.append(took * 1000)
        await visitor.listen(max(0.1, EVERY_SECONDS - took))
    return times


async def crowd(address: str, count: int, seconds: float) -> None:
    """Tell when all are in, wait for a word, and print the milliseconds of every change."""
    doors = asyncio.Semaphore(COMING_AT_ONCE)
    came = await asyncio.gather(*(visit(number, address, doors) for number in range(count)))
    print(*(f"{seconds:.3f}" for _, seconds in came), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    until = time.perf_counter() + seconds
    visitors = [visitor for visitor, _ in came]
    times = await asyncio.gather(*(work(number, one, until) for number, one in enumerate(visitors)))
    print(*(f"{one:.1f}" for one in itertools.chain.from_iterable(times)), flush=True)


def main() -> None:
    """Visit an address in numbers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("count", type=int)
    parser.add_argument("seconds", type=float)
    options = parser.parse_args()
    asyncio.run(crowd(options.address, options.count, options.seconds))


if __name__ == "__main__":
    main()

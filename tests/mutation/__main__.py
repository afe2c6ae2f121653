"""`make mutate`: turn each condition around and see a test fail; 1 when a mutant lives."""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

from tests.mutation.mutants import Mutant, mutants
from tests.mutation.run import PROJECT_SQL, Verdict, begin, first_failure, judge
from tests.mutation.scope import GROUPS, Group, reason_it_lives


def main() -> int:
    """Judge the mutants of all groups, or of the groups and models that are named."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    names = ", ".join(group.name for group in GROUPS)
    parser.add_argument("only", nargs="*", help=f"any of {names}, or models as marts/deal_states")
    parser.add_argument("--workers", type=int, default=2, help="mutants judged at a time")
    options = parser.parse_args()
    asked = [part for group in GROUPS if (part := narrowed(group, options.only)).models]
    if not asked:
        parser.error(f"nothing is called {' or '.join(options.only)}; there are {names}")
    started = time.perf_counter()
    verdicts: list[Verdict] = []
    context = get_context("spawn")
    with (
        tempfile.TemporaryDirectory(prefix="revops-mutation-") as folder,
        ProcessPoolExecutor(options.workers, context, begin, (folder,)) as workers,
    ):
        for group in asked:
            verdicts += judged(group, workers)
    return told(verdicts, time.perf_counter() - started)


def narrowed(group: Group, only: Iterable[str]) -> Group:
    """The group with the models that were asked for."""
    if not only or group.name in only:
        return group
    return Group(group.name, tuple(m for m in group.models if m in only), group.tests)


def judged(group: Group, workers: Executor) -> Iterator[Verdict]:
    """Print and yield the verdict on each mutant of a group."""
    if failing := workers.submit(first_failure, group.tests).result():
        sys.exit(f"{failing} fails before anything is turned around")
    for verdict in workers.map(partial(judge, tests=group.tests), candidates(group)):
        mutant = verdict.mutant
        state = "killed" if verdict.is_killed else "SURVIVED"
        place = f"{mutant.model}:{mutant.line}"
        print(f"{state:<8} {place:<40} {mutant.becomes:<60} {verdict.noticed_by}", flush=True)
        yield verdict


def candidates(group: Group) -> list[Mutant]:
    """The mutants that a test can notice."""
    every = (mutant for model in group.models for mutant in mutants(PROJECT_SQL, model))
    return [mutant for mutant in every if not reason_it_lives(mutant)]


def told(verdicts: list[Verdict], seconds: float) -> int:
    """Print the table by model and return the exit code."""
    print(f"\n{'model':<44} mutants  killed")
    for model in dict.fromkeys(verdict.mutant.model for verdict in verdicts):
        own = [verdict for verdict in verdicts if verdict.mutant.model == model]
        print(f"{model:<44} {len(own):>7} {sum(verdict.is_killed for verdict in own):>7}")
    alive = sum(not verdict.is_killed for verdict in verdicts)
    print(f"{'all':<44} {len(verdicts):>7} {len(verdicts) - alive:>7}   in {seconds:.0f} s")
    return 1 if alive else 0


if __name__ == "__main__":
    sys.exit(main())

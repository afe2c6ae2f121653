"""`make grade`: plant stories, or nothing, in generated worlds and hear what the rules say.

Thresholds are tuned on seeds below 10,000; grades come from seeds above.
"""

import argparse
import math
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from tests.grading.answer import Answer, answer
from tests.grading.grades import NEWS, Grades
from tests.grading.journal import Journal
from tests.grading.judge import Verdict, judge
from tests.grading.planted import NOTHING, STORIES, STRENGTHS, TOGETHER, Planted, planned
from tests.grading.table import FORMATS

FIRST_GRADED_SEED = 10_000
TOLD_EVERY_SECONDS = 30.0
CUT = 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Grade, print the table and keep it beside the journal; 3 when worlds are left."""
    options = _parser().parse_args(arguments)
    seeds = range(options.seeds_from, options.seeds_from + options.worlds)
    wanted = planned(
        tuple(options.story or (*STORIES, NOTHING)), tuple(options.strength or STRENGTHS), seeds
    )
    journal = Journal(options.output)
    if options.fresh:
        journal.clear()
    known = journal.read()
    answers = {one: known[one] for one in wanted if one in known}
    until = time.monotonic() + 60 * options.minutes
    try:
        for each in answered([one for one in wanted if one not in known], options.jobs):
            journal.add(each)
            answers[each.planted] = each
            if time.monotonic() > until:
                break
    except KeyboardInterrupt:
        pass
    verdicts = [each for one in wanted if one in answers for each in judge(answers[one])]
    if options.failures:
        print("\n".join(failures(verdicts)), end="\n\n")
    grades = Grades.of(verdicts)
    for name, suffix in (("text", "txt"), ("markdown", "md"), ("json", "json")):
        path = options.output / f"grades.{suffix}"
        path.write_text(FORMATS[name](grades) + "\n", encoding="utf-8")
    print(FORMATS[options.format](grades))
    if len(answers) < len(wanted):
        print(f"Cut after {len(answers)} of {len(wanted)} worlds: the same command goes on.")
        return CUT
    return 0


def answered(wanted: Sequence[Planted], jobs: int) -> Iterator[Answer]:
    """Answers as they are ready, in the order asked; says on stderr how far it is."""
    started = told = time.monotonic()
    with ProcessPoolExecutor(jobs, get_context("spawn")) as workers:
        try:
            for count, each in enumerate(workers.map(answer, wanted), 1):
                yield each
                if time.monotonic() - told > TOLD_EVERY_SECONDS:
                    told = time.monotonic()
                    left = (told - started) / count * (len(wanted) - count) / 60
                    print(f"{count} of {len(wanted)}, {left:.0f} min left", file=sys.stderr)
        finally:
            workers.shutdown(cancel_futures=True)


def failures(verdicts: Sequence[Verdict]) -> Iterator[str]:
    """A line for each story missed or laid at the wrong door, and for each false alarm."""
    for verdict in verdicts:
        planted = verdict.planted
        where = f"{verdict.story} x{planted.strength:g}, seed {planted.seed}, {planted.as_of}"
        if verdict.story != NOTHING and not verdict.is_caught(*NEWS):
            yield f"missed        {where}: {planted.stories}"
        elif verdict.story != NOTHING and not verdict.names_driver:
            told = verdict.caught[0]
            yield f"wrong driver  {where}: {told.headline} {told.drivers[:2]}"
        for said in verdict.false:
            if said.status in NEWS:
                yield f"false {said.status:<7} {where}: {said.rule}: {said.headline}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.grading", description=__doc__)
    parser.add_argument("--worlds", type=int, default=200, help="per story and strength")
    parser.add_argument("--seeds-from", type=int, default=FIRST_GRADED_SEED, metavar="SEED")
    parser.add_argument("--story", action="append", choices=(*STORIES, TOGETHER, NOTHING))
    parser.add_argument("--strength", action="append", type=float, help="default 0.5, 1 and 2")
    parser.add_argument("--jobs", type=int, default=2, help="processes (default 2)")
    parser.add_argument("--minutes", type=float, default=math.inf, help="stop after so many")
    parser.add_argument("--format", choices=FORMATS, default="text")
    parser.add_argument("--failures", action="store_true", help="list what was told wrongly")
    parser.add_argument("--fresh", action="store_true", help="forget what was graded before")
    parser.add_argument("--output", type=Path, default=Path("artifacts/grading"), metavar="DIR")
    return parser


if __name__ == "__main__":
    sys.exit(main())

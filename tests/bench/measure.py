"""Runs a command as a process of its own and reads what the kernel counted."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Run:
    """One finished process: seconds of wall and CPU time, peak memory in bytes."""

    wall: float
    cpu: float
    peak: int


def run(arguments: Sequence[str]) -> Run:
    """Run `python …arguments` from the project folder; raise when it fails."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert process.stderr is not None
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"{' '.join(arguments)} failed:\n{errors.decode()}")
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def median(values: Sequence[float]) -> float:
    """The middle value, seconds or a ratio."""
    return statistics.median(values)


def percentile_95(values: Sequence[float]) -> float:
    """The value that 95 % of the measurements do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, -(-95 * len(ordered) // 100) - 1)]


def report(what: str, figure: str, goal: str) -> None:
    """Print one row of the table; figures of one run, never absolute claims."""
    print(f"{what:<58} {figure:>34}   {goal}", flush=True)

"""Runs the pipeline's commands as a user does, in a process of its own or in this one."""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from pipeline.cli import main

PROJECT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Outcome:
    """What a command left behind: its exit code and its words."""

    code: int
    out: str
    err: str


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "pipeline", *map(str, arguments)]


def start(*arguments: str | Path) -> subprocess.Popen[str]:
    """Begin a command in a process of its own."""
    return subprocess.Popen(
        command(*arguments),
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> Outcome:
    """Run a command in this process: quicker, because the libraries are loaded once."""
    capsys.readouterr()
    try:
        code = main(list(map(str, arguments)))
    except SystemExit as exit_:
        code = int(exit_.code or 0)
    told = capsys.readouterr()
    return Outcome(code, told.out, told.err)


def query(path: Path, sql: str) -> Sequence[tuple[object, ...]]:
    """Ask a finished file as a reader does."""
    with duckdb.connect(str(path), read_only=True) as con:
        return con.execute(sql).fetchall()

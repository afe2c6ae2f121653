"""Carries out the recipes of the README on a copy of the project."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from tests.support.pipeline import PROJECT

STEP = re.compile(
    r"^(?:In `(?P<file>[^`]+)`, (?P<how>above|instead of) `(?P<anchor>[^`]+)`"
    r"|New file `(?P<new>[^`]+)`):\n```\w+\n(?P<text>.*?)^```$",
    re.M | re.S,
)
PARTS = ("pipeline", "sql", "revops", "dashboard", "data")


@dataclass(frozen=True)
class Step:
    """One edit of a recipe: new text above a line, instead of it, or in a file of its own."""

    file: str
    text: str
    anchor: str | None = None
    replaces: bool = False

    def apply(self, project: Path) -> None:
        """Edit the file below `project`; the anchor must name exactly one line."""
        path = project / self.file
        if self.anchor is None:
            path.write_text(self.text, encoding="utf-8")
            return
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        found = [number for number, line in enumerate(lines) if line.startswith(self.anchor)]
        assert len(found) == 1, f"{self.file}: {len(found)} lines start with {self.anchor!r}"
        lines[found[0] : found[0] + self.replaces] = [self.text]
        path.write_text("".join(lines), encoding="utf-8")


def section(title: str) -> str:
    """The README's text below a heading, up to the next heading of any level."""
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    _, _, rest = readme.partition(f"\n### {title}\n")
    assert rest, f"the README has no section {title!r}"
    return re.split(r"^#{1,3} ", rest, maxsplit=1, flags=re.M)[0]


def steps(title: str) -> list[Step]:
    """The edits a recipe asks for, in order."""
    found = [
        Step(
            match["file"] or match["new"],
            match["text"],
            match["anchor"],
            match["how"] == "instead of",
        )
        for match in STEP.finditer(section(title))
    ]
    assert found, f"the recipe {title!r} has no step"
    return found


def blocks(text: str, language: str) -> list[str]:
    """The fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)


def copied_project(folder: Path) -> Path:
    """A copy of what the recipes touch, to edit and run."""
    for part in PARTS:
        shutil.copytree(PROJECT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PROJECT / "pyproject.toml", folder)
    return folder

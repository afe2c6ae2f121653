"""Every way to turn one condition of a model around."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# What is replaced, and by what: each flip moves a boundary by one, or turns a condition over.
FLIPS = (
    (r"<=", "<"),
    (r">=", ">"),
    (r"<>", "="),
    (r"(?<!<)<(?![=>])", "<="),
    (r"(?<![<=>-])>(?!=)", ">="),
    (r"(?<![<>:!=])=(?![=>])", "<>"),
    (r"\band\b(?! (?:current|unbounded))", "or"),
    (r"\bor\b(?! replace)", "and"),
    (r"(?<!is )\bnot (?!null\b)", ""),
    (r"\bis null\b", "is not null"),
    (r"\bis not null\b", "is null"),
    (r"\bis distinct from\b", "is not distinct from"),
    (r"\bis not distinct from\b", "is distinct from"),
    (r"\bleast\(", "greatest("),
    (r"\basc\b", "desc"),
    (r"\bdesc\b", "asc"),
    (r"\bignore nulls\b", ""),
    (r"(?<=, )12(?=\))", "11"),
    (r"\b12(?= preceding)", "11"),
)
TEXT_OR_COMMENT = re.compile(r"'[^']*'|--.*")
HEADER = re.compile(r"create or replace macro .*")
# Two columns of one name: how rows meet, and no condition on what they say.
JOIN_KEY = re.compile(r"\w+\.(\w+)\s*(?:=|is not distinct from)\s*\w+\.\1\b")


@dataclass(frozen=True)
class Mutant:
    """One model with one line changed. `line` counts from 1."""

    model: str
    line: int
    before: str
    after: str

    @property
    def becomes(self) -> str:
        return " ".join(self.after.split())

    def write(self, sql: Path) -> None:
        """Change the model in a folder of models."""
        path = sql / f"{self.model}.sql"
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        lines[self.line - 1] = lines[self.line - 1].replace(self.before, self.after)
        path.write_text("".join(lines), encoding="utf-8")


def mutants(sql: Path, model: str) -> Iterator[Mutant]:
    """The mutants of one model, in the order of its lines."""
    text = (sql / f"{model}.sql").read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), 1):
        code = _conditions(line)
        for pattern, replacement in FLIPS:
            for found in re.finditer(pattern, code):
                after = line[: found.start()] + replacement + line[found.end() :]
                yield Mutant(model, number, line, after)


def _conditions(line: str) -> str:
    """The line with texts, comments, headers and join keys blanked out, as long as before."""
    for ignored in (HEADER, TEXT_OR_COMMENT, JOIN_KEY):
        line = ignored.sub(lambda found: " " * len(found[0]), line)
    return line

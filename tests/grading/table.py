"""The grades as a table to read: text, markdown, JSON."""

import json
from collections.abc import Callable, Sequence

from tests.grading.grades import Grades, QuietGrade, Share, StoryGrade

WORDS = {
    "cost_per_lead": "Cost per lead rises",
    "churn": "Churn wave",
    "mix": "Win rate: mix hides a fall",
    "slippage": "One owner slips",
}
STORY_HEAD = (
    "story",
    "strength",
    "worlds",
    "recall",
    "with watch",
    "right driver first",
    "precision",
)
QUIET_HEAD = ("worlds without a story", "worlds", "false alerts", "with watch")
Row = tuple[str, ...]


def text(grades: Grades) -> str:
    """Aligned columns, for a terminal."""
    return _document(grades, _aligned)


def markdown(grades: Grades) -> str:
    """The same tables, for the README."""
    return _document(grades, _piped)


def as_json(grades: Grades) -> str:
    """Every share with its count and interval."""

    def plain(value: StoryGrade | QuietGrade) -> dict[str, object]:
        return {
            name: each.to_json() if isinstance(each, Share) else each
            for name, each in vars(value).items()
        }

    content = {
        "stories": [plain(grade) for grade in grades.stories],
        "quiet": [plain(grade) for grade in grades.quiet],
        "alarms": [
            dict(zip(("rule", "status", "worlds"), row, strict=True)) for row in grades.alarms
        ],
        "median_cpu_seconds_per_world": grades.seconds,
    }
    return json.dumps(content, indent=1, ensure_ascii=False)


FORMATS: dict[str, Callable[[Grades], str]] = {
    "text": text,
    "markdown": markdown,
    "json": as_json,
}


def _document(grades: Grades, table: Callable[[Sequence[Row]], str]) -> str:
    parts = []
    if grades.stories:
        parts.append(table([STORY_HEAD, *map(_story_row, grades.stories)]))
    if grades.quiet:
        parts.append(table([QUIET_HEAD, *map(_quiet_row, grades.quiet)]))
    if grades.alarms:
        rows = [(rule, status, str(count)) for rule, status, count in grades.alarms]
        parts.append(table([("said without a story", "as", "worlds"), *rows]))
    parts.append(f"Median {grades.seconds:.2f} s of CPU per world.")
    return "\n\n".join(parts)


def _story_row(grade: StoryGrade) -> Row:
    return (
        WORDS[grade.story] + (", among all four" if grade.together else ""),
        f"{grade.strength:g} ×",
        str(grade.recall.of),
        str(grade.recall),
        str(grade.told),
        str(grade.driver),
        str(grade.precision),
    )


def _quiet_row(grade: QuietGrade) -> Row:
    return grade.worlds, str(grade.alerts.of), str(grade.alerts), str(grade.news)


def _aligned(rows: Sequence[Row]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
    return "\n".join(lines)


def _piped(rows: Sequence[Row]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "|---" * len(rows[0]) + "|", *lines[1:]])

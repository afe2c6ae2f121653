"""What a reader says about a row it cannot take."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RowProblem:
    """One line of a file that is withheld, and why.

    `line` is counted as an editor counts it; `column` is our name of the column
    at fault, None when the whole row is; `reason` ends in what to do about it.
    """

    line: int
    column: str | None
    value: str
    rule: str
    reason: str
    raw_row: str

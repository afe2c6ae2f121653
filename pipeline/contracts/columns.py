"""What a reader needs to know of a contract's column, without the rules."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "integer", "number", "money", "date", "flag"]


@dataclass(frozen=True)
class ColumnSpec:
    """One column of a dataset's contract.

    `name` is ours; `is_required` means the header must have it; `is_nullable`
    that a cell may be empty (not known). `description` is the sentence shown in
    docs, errors and column comments.
    """

    name: str
    kind: Kind
    is_required: bool
    is_nullable: bool
    description: str

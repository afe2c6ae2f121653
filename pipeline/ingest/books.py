"""What became of one input file, to the row and to the cent."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class FileLoad:
    """One row of meta.loads. Counts are None for an absent file, money for one without."""

    dataset: str
    file: str | None = None
    sha256: str | None = None
    rows_read: int | None = None
    rows_loaded: int | None = None
    rows_quarantined: int | None = None
    amount_withheld: Decimal | None = None
    amount_read: Decimal | None = None
    amount_loaded: Decimal | None = None
    amount_unreadable_cells: int | None = None
    is_required: bool = False
    is_present: bool = False
    first_date: date | None = None
    last_date: date | None = None

"""What history is made of: facts, and the record of the build that appended them."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

DEALS, CUSTOMERS = "deals", "customers"
SUBJECTS = (DEALS, CUSTOMERS)
# An export states today; deal_history.csv fills in earlier days.
EXPORT, BACK_FILL = "export", "back-fill"


@dataclass(frozen=True)
class Fact:
    """What one export or file says about one day.

    `is_snapshot` means that it lists every deal of that day, so that an absent one is
    gone; otherwise only what changed. `digest` is that of its `rows` rows, in any order. A
    back-fill of 0 rows takes back what an earlier one said about the day.
    """

    subject: str
    origin: str
    as_of: date
    is_snapshot: bool
    rows: int
    digest: str

    @property
    def key(self) -> tuple[str, str, date]:
        """For one key the fact with the highest sequence number counts."""
        return self.subject, self.origin, self.as_of


@dataclass(frozen=True)
class Record:
    """The facts that one build appended to a book.

    `known_at` numbers the records of a book from 1; `known_as_of` is the as-of date of
    the build. `files` gives the SHA-256 of the Parquet file of each subject.
    """

    load_id: str
    known_at: int
    known_as_of: date
    facts: tuple[Fact, ...]
    files: Mapping[str, str]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, text: Mapping[str, Any]) -> "Record":
        """Raises KeyError, TypeError or ValueError for anything but a record."""
        return cls(
            load_id=str(text["load_id"]),
            known_at=int(text["known_at"]),
            known_as_of=date.fromisoformat(text["known_as_of"]),
            facts=tuple(
                Fact(**{**fact, "as_of": date.fromisoformat(fact["as_of"])})
                for fact in text["facts"]
            ),
            files=dict(text["files"]),
        )


def digest_of(records: Iterable[Record]) -> str:
    """One digest of the history that a build rests on; the order of `records` does not matter.

    Names of builds are no part of it: the same inputs, built elsewhere, give the same.
    """
    total = hashlib.sha256()
    for record in sorted(records, key=lambda record: record.known_at):
        parts = (record.known_at, record.known_as_of, record.facts)
        total.update(repr(parts).encode())
    return total.hexdigest()


@dataclass(frozen=True)
class Batch:
    """A fact, when it became known, and the build whose record holds it."""

    fact: Fact
    known_at: int
    known_as_of: date
    load_id: str

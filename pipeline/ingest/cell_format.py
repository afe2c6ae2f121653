"""How a file writes its cells, and the verdict on a cell that does not keep to it."""

from dataclasses import dataclass

from pipeline.ingest.lookalikes import describe_foreign_characters


@dataclass(frozen=True)
class CellFormat:
    """How a file writes its cells; `members` are the allowed values of a text column."""

    date_format: str | None = None
    decimal: str = "."
    thousands: str | None = None
    currency: str = "USD"
    members: tuple[str, ...] = ()


class Refused(Exception):
    """A cell that cannot be read exactly: the rule it breaks, and what to do."""

    def __init__(self, rule: str, says: str, remedy: str) -> None:
        super().__init__(says)
        self.rule = rule
        self.says = says
        self.remedy = remedy


def strange(text: str) -> str:
    """The characters that only look plain, spelt out, with a space before."""
    shown = describe_foreign_characters(text[:40])
    return f" It holds {shown}." if shown else ""

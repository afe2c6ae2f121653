"""What stands on every page: period, comparison, as-of date and the state of the books."""

from dataclasses import dataclass

from dashboard.desk import Desk
from dashboard.hero import MRR_SOURCES
from dashboard.wording import books_said, times
from revops import books, units


@dataclass(frozen=True)
class Stamp:
    """The same words on every page and on every figure of the workbook."""

    filters: str
    subject: str
    period: str
    comparison: str
    as_of: str
    books: str
    withheld: str
    history: str
    inputs: str

    def lines(self) -> tuple[str, str]:
        """Two lines for the head of a page."""
        return (f"{self.period} · {self.comparison}", f"As of {self.as_of} · {self.books}")


def stamp(desk: Desk) -> Stamp:
    """The words for the build and the filters in force; nothing of the clock is in them."""
    build = desk.warehouse.build
    period = desk.state.describe_window()
    subject = desk.state.describe().removesuffix(f" · {period}")
    withheld = int(books.loads(desk.warehouse)["rows_quarantined"].sum() or 0)
    return Stamp(
        filters=f"{subject} · {period}",
        subject=subject,
        period=period,
        comparison=desk.state.describe_comparison() or "not compared",
        as_of=units.day(build.as_of),
        books=books_said(desk.warehouse),
        withheld=f"{times(withheld, 'row')} withheld",
        history=f"MRR history {MRR_SOURCES.get(build.mrr_source, build.mrr_source)}",
        inputs=build.inputs_digest,
    )

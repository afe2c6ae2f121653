"""Puts a board pack together for what a desk looks at; the same inputs give the same bytes."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from dashboard.desk import Desk
from dashboard.exports import file_name
from dashboard.report.appendix import appendix
from dashboard.report.book import book
from dashboard.report.changes import besides, changes, glance
from dashboard.report.cover import cover
from dashboard.report.figures import HEADLINES, figures, headline
from dashboard.report.marketing import marketing
from dashboard.report.model import Chapter, Figure, Source
from dashboard.report.outlook import outlook
from dashboard.report.page import chapter_page, document, sheet
from dashboard.report.pipeline import pipeline
from dashboard.report.revenue import revenue
from dashboard.report.stamp import stamp
from revops import forecast, insights, metrics
from revops.forecast import Forecast

TITLE = "Board pack"
CHANGED = "What changed most"
CHANGED_LEAD = (
    "Every question the rules ask, the most pressing answer first; what chance explains is said "
    "to be in order."
)
GLANCE = "Figures at a glance"
GLANCE_LEAD = "Every figure of the catalogue with its change; definitions are in the appendix."
BESIDES = "Also looked at"
BESIDES_LEAD = "What the rules asked besides: what is in order, and what cannot be known, and why."
APPENDIX_LEAD = "What each figure means, what it rests on, and how to get it again."


@dataclass(frozen=True)
class Pack:
    """A board pack: a document, a workbook, and the name of their files without the ending."""

    html: bytes
    xlsx: bytes
    name: str


def board_pack(desk: Desk) -> Pack:
    """The pack for the filters, comparison and brand of a desk.

    Nothing of the clock or of the build's random parts is in it: the same data, policies and
    filters give the same bytes.
    """
    mark = stamp(desk)
    made = {domain: figures(desk, domain) for domain in _ordered(metrics.domains(desk.warehouse))}
    every = [figure for part in made.values() for figure in part]
    found = insights.run(desk.warehouse, desk.filters)
    chapters = [*revenue(desk), *pipeline(desk), *marketing(desk), *outlook(desk)]
    asked = questions(chapters)
    ahead = [make(desk.warehouse, desk.filters) for make in (forecast.bookings, forecast.mrr)]
    lines = statements(every, asked, ahead)
    scores = [(name.capitalize(), [one.card for one in part]) for name, part in made.items()]
    headlines = [(name.capitalize(), headline(made.get(name, []), name)) for name in HEADLINES]
    parts = [
        cover(mark, headlines),
        sheet(CHANGED, CHANGED_LEAD, changes(found, desk.currency), mark),
        sheet(GLANCE, GLANCE_LEAD, glance(scores), mark),
        *([sheet(BESIDES, BESIDES_LEAD, others, mark)] if (others := besides(found)) else []),
        *(chapter_page(chapter, mark) for chapter in chapters),
        *(
            sheet(f"Appendix: {title}", APPENDIX_LEAD, body, mark, "appendix")
            for title, body in appendix(desk, mark, every, lines)
        ),
    ]
    return Pack(
        html=document(desk.brand, mark, [Markup(part) for part in parts]),
        xlsx=book(desk, mark, every, asked, found, ahead, lines),
        name=pack_name(desk),
    )


def pack_name(desk: Desk) -> str:
    """ "revops_board-pack_smb_2025-11-01_2026-10-31_as-of-2026-10-31"."""
    named = file_name(TITLE, desk.filters, desk.warehouse.build.as_of, "html")
    return named.removesuffix(".html")


def questions(chapters: list[Chapter]) -> list[tuple[str, Source]]:
    """Every exhibit's question under its title; one that several ask stands once."""
    named: dict[str, tuple[str, Source]] = {}
    for chapter in chapters:
        for exhibit in chapter.exhibits:
            if exhibit.source:
                named.setdefault(exhibit.source.sql, (exhibit.title, exhibit.source))
    return list(named.values())


def statements(
    made: Sequence[Figure], asked: Sequence[tuple[str, Source]], ahead: Sequence[Forecast]
) -> dict[str, str]:
    """What each part of the pack was asked with, in the pack's order."""
    figured = {f"Figures of {one.card.domain}": one.sql for one in made}
    reported = {title: source.sql for title, source in asked}
    learnt = {
        f"{one.label} ahead, {part}": sql
        for one in ahead
        for part, sql in zip(("quarters", "cases"), one.sources, strict=False)
    }
    return {**figured, **reported, **learnt}


def _ordered(domains: Sequence[str]) -> list[str]:
    """The domains of the cover first, in its order."""
    return [*HEADLINES, *(domain for domain in domains if domain not in HEADLINES)]

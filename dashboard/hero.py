"""The strip at the top: what is looked at, how fresh it is, and whether the books balance."""

from markupsafe import Markup

from dashboard.desk import Desk
from dashboard.html_view import joined
from dashboard.wording import books_said
from revops import books, units

MRR_SOURCES = {
    "subscriptions": "from subscriptions",
    "snapshots": "from snapshots of earlier builds",
    "one_snapshot": "not known: one snapshot",
}


def hero(desk: Desk) -> Markup:
    """The strip as HTML; every fact is a button that leads to its proof on the Data tab."""
    state = desk.state
    versus = state.describe_comparison()
    return Markup(
        '<section class="hero" aria-label="What is looked at"><h1>{}{}</h1>'
        '<div class="facts">{}</div></section>{}'
    ).format(
        state.describe(),
        Markup(' <span class="versus">{}</span>').format(versus) if versus else "",
        joined([_fact(shelf, *words) for shelf, *words in _facts(desk)]),
        _problems(state.problems),
    )


def _facts(desk: Desk) -> list[tuple[str, str, str]]:
    build = desk.warehouse.build
    loads = books.loads(desk.warehouse)
    withheld = int(loads["rows_quarantined"].sum() or 0)
    return [
        ("files", "Data as of", units.day(build.as_of)),
        ("files", "Built", units.moment(build.built_at)),
        ("checks", "Books", books_said(desk.warehouse)),
        ("withheld", "Withheld", f"{withheld:,} row{'' if withheld == 1 else 's'}"),
        ("files", "MRR history", MRR_SOURCES.get(build.mrr_source, build.mrr_source)),
    ]


def _fact(shelf: str, label: str, value: str) -> Markup:
    return Markup(
        '<button class="fact" type="button" data-action="shelf:{}">{} '
        "<b><span>{}</span></b></button>"
    ).format(shelf, label, value)


def _problems(problems: list[str]) -> Markup:
    if not problems:
        return Markup()
    said = [Markup("<div>{}</div>").format(problem) for problem in problems]
    return Markup('<div class="problems" role="status">{}</div>').format(joined(said))

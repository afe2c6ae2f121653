"""A check on screen: its rule, what was tested, the rows that break it, and its SQL."""

from markupsafe import Markup

from dashboard.desk import Desk
from dashboard.frame_table import frame_table
from dashboard.html_view import definitions
from dashboard.wording import times
from revops import checks, units
from revops.checks import Check
from revops.errors import UnknownName

STATES = {"passed": "✓ Holds", "failed": "✗ Broken", "not applicable": "– Not applicable"}
FOUND = Markup(
    '<div class="proof"><p><strong class="{}">{}</strong></p><p>{}</p><dl>{}</dl>'
    "<h3>{}</h3>{}<h3>SQL of the check: each row it returns breaks the rule</h3>"
    '<pre id="check-sql">{}</pre><button class="copy" type="button" data-copy="check-sql">'
    "Copy the SQL</button></div>"
)


def check_proof(desk: Desk) -> Markup | None:
    """The proof of the check that the address names; None when there is none of that name."""
    try:
        check = checks.check(desk.warehouse, desk.state.check)
    except UnknownName:
        return None
    is_warning = check.status == "failed" and check.severity == "warning"
    state = "! Warns" if is_warning else STATES.get(check.status, check.status)
    return FOUND.format(
        "no" if check.status == "failed" else "yes",
        state,
        check.description,
        definitions(_facts(check)),
        f"{times(check.rows_failed, 'row')} break{'s' if check.rows_failed == 1 else ''} it",
        _rows(desk, check),
        check.sql,
    )


def _facts(check: Check) -> list[tuple[str, str]]:
    gap = "" if check.largest_gap is None else units.exact(check.largest_gap, "count")
    said = [
        ("Class", f"{check.severity}: {checks.CLASSES.get(check.severity, '')}"),
        ("Tested", check.tested),
        ("Rows tested", f"{check.rows_tested:,}"),
        ("Rows failed", f"{check.rows_failed:,}"),
        ("Largest gap", gap),
        ("Why not applicable", check.reason if check.status == "not applicable" else ""),
        ("What to do", check.remedy if check.status == "failed" else ""),
    ]
    return [(name, text) for name, text in said if text]


def _rows(desk: Desk, check: Check) -> Markup:
    frame = checks.rows(desk.warehouse, check.name)
    if frame.is_empty():
        tested = times(check.rows_tested, "row")
        return Markup("<p>{}</p>").format(
            f"None of the {tested} tested breaks it."
            if check.status == "passed"
            else "Nothing was tested, so nothing is proven."
        )
    return frame_table(desk.warehouse, frame, "Rows that break the rule", desk.currency)

"""What must be known to read a number: its window, its parts, the policies that touch it."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from dashboard.benchmarks import benchmarks
from dashboard.cards import interval
from dashboard.desk import Desk
from dashboard.html_view import definitions
from dashboard.proof_rows import Reading
from revops import evidence

WINDOWS = {
    "flow": "What happened within the window",
    "stock": "As it stands on the window's last day, at the as-of date at the latest",
    "last_12_months": "The 12 months to the last complete month inside the window",
    "last_3_months": "The 3 months to the last complete month inside the window",
    "last_month": "The last complete month inside the window",
}


def facts(
    desk: Desk, metric: Mapping[str, Any], now: Mapping[str, Any], reading: Reading
) -> Markup:
    """The facts of one metric as a description list's content."""
    name, better = metric["metric"], metric["better"]
    said = [("Looked at", desk.describe()), ("Column", name)]
    for role in ("numerator", "denominator"):
        part = metric[role]
        if part and part in now:
            value = reading.text(part, now[part])
            said.append((role.capitalize(), f"{reading.label(part)}: {value}"))
    window = metric["time_window"]
    if within := interval(name, now, metric["unit"], desk.currency):
        said.append(("95 % interval", within))
    said.append(("Window", WINDOWS.get(window, window or "")))
    said.append(("Better", better.capitalize() if better else "Neither higher nor lower"))
    touching = evidence.policies(desk.warehouse, metric["domain"], name)
    said += [
        ("Policy", f"{policy} = {choice}: {decides}")
        for policy, decides, choice in touching.iter_rows()
    ]
    if now.get(f"{name}_unknown_rows"):
        said.append(("Rows not known", f"{now[f'{name}_unknown_rows']:,}"))
    known = benchmarks(desk.warehouse, desk.filters, desk.currency)
    if one := known.get((metric["domain"], name)):
        said.append(("Benchmark", str(one)))
    return definitions(said)

"""When there is no forecast, and why."""

from revops import units
from revops.forecast.history import History
from revops.forecast.model import Subject
from revops.periods import month_number
from revops.warehouse import Warehouse

MONTHS_NEEDED = 12
LEAST_CASES = 20
KNOWN = {
    "bookings": "The state of deals",
    "mrr": "MRR",
}
NEEDS = {
    "bookings": "Give deal_history.csv, or let builds keep snapshots until then.",
    "mrr": "Give subscriptions.csv, or let builds keep snapshots until then.",
}
WITHIN = {
    "bookings": "deals open at a month end were won within a quarter",
    "mrr": "customers paid at a month end and a quarter later",
}


def refusal(warehouse: Warehouse, subject: Subject, history: History) -> str:
    """Why this history cannot carry a forecast; empty when it can.

    Under four quarters a season cannot be told from a trend.
    """
    if not history.quarters:
        return f"{KNOWN[subject]} of past days is not known. {NEEDS[subject]}"
    since = history.latest["first_known"]
    months = month_number(warehouse.build.as_of) - month_number(since)
    if months < MONTHS_NEEDED:
        return (
            f"{KNOWN[subject]} is known since {units.day(since)}, {_months(months)}: under four "
            "quarters, in which a season looks like a trend. " + NEEDS[subject]
        )
    if history.cases < LEAST_CASES:
        return (
            f"Only {history.cases} {WITHIN[subject]} here; under {LEAST_CASES} carry no "
            "forecast. Keep fewer filters."
        )
    return ""


def _months(months: int) -> str:
    return "less than a month" if months < 1 else units.format(months, "months")

"""The quarter ahead on paper, or why nothing can be said of it."""

from markupsafe import Markup

from dashboard.desk import Desk
from dashboard.report.charts import fan as fans
from dashboard.report.exhibits import drawn, key, unknown
from dashboard.report.model import Chapter, Exhibit
from revops import forecast
from revops.forecast import Forecast, words


def outlook(desk: Desk) -> list[Chapter]:
    """One page: bookings and MRR of the three months after the as-of date."""
    made = [make(desk.warehouse, desk.filters) for make in (forecast.bookings, forecast.mrr)]
    lead = (
        "Three months after the as-of date, drawn from how past quarters ended; as-of, not window."
    )
    return [Chapter("Outlook", lead, tuple(_ahead(desk, one) for one in made))]


def _ahead(desk: Desk, one: Forecast) -> Exhibit:
    title, unit = f"{one.label} ahead", "P10, P50 and P90"
    if one.forecast is None:
        return unknown(title, unit, one.refusal, None, 6)
    said = words.headline(one, desk.currency)
    lines = [
        words.simple(one, desk.currency),
        words.calibration(one),
        words.errors(one),
        words.verdict(one),
    ]
    told = Markup().join(Markup("<p>{}</p>").format(said) for said in lines if said)
    body = fans.fan(one, desk.brand, desk.currency, said)
    body += Markup('<div class="told">{}</div>').format(told)
    return drawn(title, unit, said, body, None, 6, key(desk, fans.KEY), _rests_on(one))


def _rests_on(one: Forecast) -> str:
    """Method, cases and sources, as small print."""
    return (
        f"{one.method} Learnt from {one.cases:,} cases. Of the filters only segments count. "
        "Statements in the appendix."
    )

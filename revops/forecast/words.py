"""A forecast in sentences, with what it did on the past beside it."""

from revops import units
from revops.forecast.model import EXPECTED_INSIDE, LEAST_TRIALS, Forecast

LAST_QUARTER = "as last quarter"
YEAR_BEFORE = "as a year before"


def window(one: Forecast) -> str:
    """The months it speaks of: "Nov 2026–Jan 2027"."""
    return units.window(one.since, one.last_day)


def headline(one: Forecast, currency: str) -> str:
    """What is expected, or why nothing is."""
    if one.forecast is None:
        return f"{one.label}: no forecast. {one.refusal}"
    ends = (one.forecast.p10, one.forecast.p50, one.forecast.p90)
    low, middle, high = units.apart(ends, currency)
    when = f"at {units.day(one.last_day)}" if one.subject == "mrr" else f"in {window(one)}"
    return f"{one.label} {when}: {middle}, in eight cases of ten between {low} and {high}."


def calibration(one: Forecast) -> str:
    """How often the past stayed inside such ranges."""
    interval = one.coverage_interval
    if one.coverage is None or interval is None:
        tried = len(one.trials)
        return (
            f"Tried on {tried} past quarters; under {LEAST_TRIALS} it is not known how often such "
            "ranges hold."
        )
    low, high = units.format(interval.low, "ratio"), units.format(interval.high, "ratio")
    return (
        f"{one.inside} of {len(one.trials)} past quarters stayed inside P10–P90: "
        f"{units.format(one.coverage, 'ratio')} ({low}–{high}), where "
        f"{units.format(EXPECTED_INSIDE, 'ratio')} are meant to. They overlap, one starting each "
        "month."
    )


def errors(one: Forecast) -> str:
    """How far P50 was off, beside the simple forecasts."""
    if one.error is None:
        return "How far it is off is not known yet."
    said = f"P50 was off by {units.format(one.error, 'ratio')} on average"
    others = [
        f"“{name}” by {units.format(error, 'ratio')}"
        for name, error in (
            (LAST_QUARTER, one.last_quarter_error),
            (YEAR_BEFORE, one.year_before_error),
        )
        if error is not None
    ]
    return f"{said}, {' and '.join(others)}." if others else f"{said}."


def verdict(one: Forecast) -> str:
    """Whether it is worth more than a simple forecast."""
    if one.is_beaten is None:
        return ""
    if one.is_beaten:
        return "A simple forecast came closer: do not rely on this one."
    return "It came closer than the simple forecasts."


def simple(one: Forecast, currency: str) -> str:
    """What the simple forecasts say of the same months."""
    named = ((LAST_QUARTER, one.last_quarter), (YEAR_BEFORE, one.year_before))
    known = [(name, value) for name, value in named if value is not None]
    texts = units.apart([value for _, value in known], currency)
    said = [f"{name} {text}" for (name, _), text in zip(known, texts, strict=True)]
    return f"Simple forecasts: {', '.join(said)}." if said else ""


def as_text(one: Forecast, currency: str) -> str:
    """One paragraph for a terminal."""
    if one.forecast is None:
        return headline(one, currency)
    lines = [headline(one, currency), simple(one, currency), calibration(one), errors(one)]
    lines += [verdict(one), one.method]
    return "\n    ".join(line for line in lines if line)

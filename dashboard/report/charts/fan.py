"""A forecast beside its past: every range that was forecast, what came, and the quarter ahead."""

from collections.abc import Sequence

from markupsafe import Markup

from dashboard.brands import BrandTheme
from dashboard.report.charts import pen
from dashboard.report.charts.pen import Scale
from revops import units
from revops.forecast import Forecast, Trial

HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 250, 58, 96, 14, 26
INSIDE, OUTSIDE, AHEAD = 2, 6, 0
KEY = (("Came inside the range", INSIDE), ("Came outside", OUTSIDE), ("Quarter ahead", AHEAD))
MOST = 18


def fan(one: Forecast, brand: BrandTheme, currency: str, said: str) -> Markup:
    """Ranges are P10 to P90 with P50 as a tick; a dot is what came."""
    if one.forecast is None or one.last_day is None:
        return Markup()
    trials: Sequence[Trial] = one.trials[-MOST:]
    ahead = one.forecast
    levels = [
        level
        for trial in trials
        for level in (trial.forecast.p10, trial.forecast.p90, trial.actual)
    ]
    levels += [ahead.p10, ahead.p90]
    edge = (max(levels) - min(levels)) * 0.06 or 1.0
    y = Scale(max(min(levels) - edge, 0.0), max(levels) + edge, HEIGHT - BOTTOM, TOP)
    band = (pen.HALF - LEFT - RIGHT) / (len(trials) + 1)
    strong, muted = pen.ink(brand, "text"), pen.ink(brand, "muted")
    parts = []
    for tick in y.ticks():
        at = y.at(tick)
        parts.append(pen.line(LEFT, at, pen.HALF - RIGHT, at, pen.ink(brand, "border")))
        parts.append(
            pen.text(LEFT - 8, at, units.format(tick, "money", currency), muted, "end", 11)
        )
    for place, trial in enumerate(trials):
        middle = LEFT + (place + 0.5) * band
        past = trial.forecast
        parts.append(_range(middle, y, past.p10, past.p50, past.p90, pen.ink(brand, "neutral"), 3))
        color = pen.ink(brand, INSIDE if trial.is_inside else OUTSIDE)
        ground = "" if trial.is_inside else pen.ink(brand, "surface")
        parts.append(pen.dot(middle, y.at(trial.actual), 3.5, color, ground))
    middle = LEFT + (len(trials) + 0.5) * band
    parts.append(_range(middle, y, ahead.p10, ahead.p50, ahead.p90, pen.ink(brand, AHEAD), 10))
    texts = units.apart((ahead.p10, ahead.p50, ahead.p90), currency)
    places = _apart([y.at(ahead.p10), y.at(ahead.p50), y.at(ahead.p90)])
    for name, words, at in zip(("P10", "P50", "P90"), texts, places, strict=True):
        parts.append(pen.text(middle + 12, at, f"{name} {words}", strong, "start", 11, 700))
    if trials:
        first, last = units.month(trials[0].last_day), units.month(one.last_day)
        parts.append(pen.text(LEFT, HEIGHT - 8, f"to {first}", muted, "start", 11))
        parts.append(pen.text(middle + band / 2, HEIGHT - 8, f"to {last}", muted, "end", 11))
    return pen.svg(pen.HALF, HEIGHT, parts, brand, said)


def _range(
    x: float, y: Scale, low: float, middle: float, high: float, color: str, width: float
) -> Markup:
    bar = pen.rect(x - width / 2, y.at(high), width, y.at(low) - y.at(high), color)
    tick = pen.line(x - width, y.at(middle), x + width, y.at(middle), color, 2)
    return bar + tick


def _apart(places: list[float]) -> list[float]:
    """Heights of the labels, the lowest first, at least a line from each other."""
    low, middle, high = places
    return [max(low, middle + 15), middle, min(high, middle - 15)]

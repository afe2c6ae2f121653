"""A small waterfall in a table: from the value before, part by part, to the value now."""

from markupsafe import Markup

from dashboard.html_view import joined
from revops import units
from revops.insights.why import Explanation, Part, signed

MOST_ROWS = 10
STYLE = """
.steps { width: 100%; border-collapse: collapse; font-size: 13px;
  font-variant-numeric: tabular-nums; }
.steps th { text-align: left; font-weight: 600; color: var(--rc-muted); font-size: 12px; }
.steps th, .steps td { padding: 5px 12px 5px 0; border-bottom: 1px solid var(--rc-border); }
.steps td:first-child { max-width: 190px; overflow-wrap: anywhere; }
.steps .track { width: 44%; min-width: 96px; }
.steps .track i { position: relative; display: block; height: 16px; }
.steps .track em { position: absolute; top: 1px; bottom: 1px; min-width: 2px; border-radius: 3px; }
.steps .num { text-align: right; white-space: nowrap; }
.steps .end td { font-weight: 700; }
.steps em.stands { background: var(--rc-neutral); } .steps em.even { background: var(--rc-accent); }
.steps em.good { background: var(--rc-good); } .steps em.bad { background: var(--rc-bad); }
@media (max-width: 599px) { .steps .own, .steps .weight { display: none; }
  .steps th, .steps td { padding-right: 8px; } }
"""


def waterfall(found: Explanation, currency: str) -> Markup:
    """The waterfall as a table: its bars are drawn to one scale, which need not begin at 0."""
    shown, rest = found.folded(MOST_ROWS)
    moving = [part for part in shown if part.contribution]
    parts = [*moving, rest] if rest else moving
    path = found.path(parts)
    levels = [level for step in path for level in step] or [0.0]
    low, high = _framed(min(levels), max(levels))
    rows = [_end("Before", found.value_before, found, low, high, currency)]
    rows += [
        _step(part, step, found, low, high, currency)
        for part, step in zip(parts, path, strict=True)
    ]
    rows.append(_end("Now", found.value_now, found, low, high, currency))
    head = Markup(
        '<tr><th scope="col">{}</th><th scope="col" class="track">Scale from {} to '
        '{}</th><th scope="col" class="num">Contribution</th>'
        '<th scope="col" class="num own">{}</th><th scope="col" class="num weight">{}</th></tr>'
    ).format(
        "Part" if not found.by else " · ".join(name.capitalize() for name in found.by),
        units.format(low, found.unit, currency),
        units.format(high, found.unit, currency),
        "" if found.kind == "bridge" else "Own value",
        "" if found.kind in ("bridge", "chain") else "Weight",
    )
    return Markup('<table class="steps"><thead>{}</thead><tbody>{}</tbody></table>').format(
        head, joined(rows)
    )


ROW = Markup(
    '<tr{kind}><td>{label}</td><td class="track"><i><em class="{tone}" '
    'style="left:{left:.2%};width:{width:.2%}"></em></i></td><td class="num">{value}</td>'
    '<td class="num own">{own}</td><td class="num weight">{weight}</td></tr>'
)


def _end(
    label: str, value: float | None, found: Explanation, low: float, high: float, currency: str
) -> Markup:
    return ROW.format(
        kind=Markup(' class="end"'),
        label=label,
        tone="stands",
        left=0.0,
        width=_place(value or 0, low, high),
        value=units.format(value, found.unit, currency),
        own="",
        weight="",
    )


def _step(
    part: Part,
    step: tuple[float, float],
    found: Explanation,
    low: float,
    high: float,
    currency: str,
) -> Markup:
    left, right = (_place(level, low, high) for level in (min(step), max(step)))
    return ROW.format(
        kind="",
        label=part.label,
        tone=_tone(part.contribution > 0, found.better),
        left=left,
        width=right - left,
        value=signed(part.contribution, found.unit, currency),
        own=_moved(part.value_before, part.value_now, part.unit, currency),
        weight=_moved(part.weight_before, part.weight_now, "ratio", currency),
    )


def _tone(is_up: bool, better: str | None) -> str:
    if better not in ("higher", "lower"):
        return "even"
    return "good" if is_up == (better == "higher") else "bad"


def _framed(low: float, high: float) -> tuple[float, float]:
    """Room below the lowest bar, so that it is seen; a scale of amounts stays above 0."""
    room = (high - low) * 0.06
    return (max(0.0, low - room) if low >= 0 else low - room), high


def _place(level: float, low: float, high: float) -> float:
    return (level - low) / (high - low) if high > low else 0.0


def _moved(before: float | None, now: float | None, unit: str, currency: str) -> str:
    if before is None and now is None:
        return ""
    return f"{units.format(before, unit, currency)} → {units.format(now, unit, currency)}"

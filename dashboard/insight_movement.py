"""What moved an insight's number, as small bars left and right of no change."""

from markupsafe import Markup

from dashboard.html_view import joined
from revops import units
from revops.insights.why import Explanation, signed

MOST_BARS = 4
STYLE = """
.moved { display: grid; gap: 5px; font-size: 12.5px; }
.moved p { color: var(--rc-muted); }
.moved ul { list-style: none; margin: 0; padding: 0; display: grid; gap: 4px; }
.moved li { display: grid; align-items: center; gap: 10px;
  grid-template-columns: minmax(90px, 34%) 1fr 90px; }
.moved li span { overflow-wrap: anywhere; }
.moved li b { text-align: right; font-variant-numeric: tabular-nums; }
.moved i { position: relative; display: block; height: 9px; border-radius: 3px;
  background: linear-gradient(var(--rc-muted), var(--rc-muted)) 50% / 1px 100% no-repeat
  var(--rc-border); }
.moved em { position: absolute; top: 0; bottom: 0; border-radius: 2px;
  background: var(--rc-neutral); }
.moved em.up { left: 50%; }
.moved em.down { right: 50%; }
.moved em.good { background: var(--rc-good); }
.moved em.bad { background: var(--rc-bad); }
"""
BAR = Markup(
    '<li><span>{name}</span><i><em class="{way} {tone}" style="width:{width:.1%}"></em></i>'
    "<b>{value}</b></li>"
)


def render_movement(found: Explanation, currency: str) -> Markup:
    """The largest parts of a change; they add up to it, the last bar being all the others."""
    shown, rest = found.folded(MOST_BARS)
    parts = [part for part in (*shown, rest) if part is not None and part.contribution]
    largest = max((abs(part.contribution) for part in parts), default=1.0)
    bars = [
        BAR.format(
            name=part.label,
            way="up" if part.contribution > 0 else "down",
            tone=_tone(part.contribution > 0, found.better),
            width=abs(part.contribution) / largest / 2,
            value=signed(part.contribution, found.unit, currency),
        )
        for part in parts
    ]
    ends = (found.value_before, found.value_now)
    before, now = (units.format(value, found.unit, currency) for value in ends)
    return Markup(
        '<div class="moved"><p>{label} {before} → {now} against {window}, '
        "by {by}{together}{paradox}</p><ul>{bars}</ul></div>"
    ).format(
        label=found.label,
        before=before,
        now=now,
        window=found.before.describe_window(),
        by=" and ".join(found.by),
        together=", mix and rate together" if found.kind == "ratio" else "",
        paradox=": the total and every slice moved opposite ways" if found.is_paradox else "",
        bars=joined(bars),
    )


def _tone(is_up: bool, better: str | None) -> str:
    if better not in ("higher", "lower"):
        return "even"
    return "good" if is_up == (better == "higher") else "bad"

"""An explanation as HTML: its sentence, the ways to look at it, and a small waterfall."""

from collections.abc import Sequence

from markupsafe import Markup

from dashboard.html_view import joined
from dashboard.why_steps import waterfall
from revops import units
from revops.insights.why import Explanation, View, signed

EFFECTS = {
    "mix": "Mix",
    "rate": "Rate",
    "unmatched": "Without denominator",
    "volume": "Volume",
    "price": "Price",
}
STYLE = """
.why-view { display: grid; gap: 14px; padding-bottom: 8px; }
.why-view h3 { margin: 0; font-size: 12px; text-transform: uppercase; letter-spacing: .06em;
  color: var(--rc-muted); }
.why-view .said { font-size: 15px; line-height: 1.5; }
.why-view .paradox { border-left: 3px solid var(--rc-watch); padding: 2px 0 2px 12px; }
.why-view .totals { display: grid; gap: 10px;
  grid-template-columns: repeat(auto-fit, minmax(112px, 1fr)); }
.why-view .totals div { padding: 9px 12px; border: 1px solid var(--rc-border);
  border-radius: 8px; background: var(--rc-raised); }
.why-view .totals span { display: block; font-size: 12px; color: var(--rc-muted); }
.why-view .totals b { font-size: 17px; font-variant-numeric: tabular-nums; }
.ways { display: flex; flex-wrap: wrap; gap: 8px; }
.ways button { padding: 5px 14px; border-radius: 99px; cursor: pointer; background: none;
  border: 1px solid var(--rc-border); font-size: 13px; }
.ways button:hover { border-color: var(--rc-accent); }
.ways button[aria-pressed=true] { border-color: var(--rc-accent); color: var(--rc-accent);
  font-weight: 700; }
.ways small { color: var(--rc-muted); font-weight: 400; }
.why-view .notes { margin: 0; padding-left: 18px; font-size: 12.5px; color: var(--rc-muted); }
"""


def render_why(views: Sequence[View], chosen: View, currency: str, proof: str) -> Markup:
    """A metric's explanation; `proof` is the action that leads back to the number's proof."""
    return Markup('<div class="why-view">{}{}{}</div>').format(
        _ways(views, chosen),
        _explained(chosen.explanation, currency) if chosen.explanation else _refused(chosen),
        Markup(
            '<div><button class="link" type="button" data-action="{}">See the proof of the '
            "number</button></div>"
        ).format(proof),
    )


def render_nothing_to_compare() -> Markup:
    """What to do when the page compares with nothing."""
    return Markup(
        '<div class="why-view"><p class="said">There is nothing to compare with: choose dates and '
        "another period under “Compare with”, then ask again.</p></div>"
    )


def _ways(views: Sequence[View], chosen: View) -> Markup:
    known = [view for view in views if view.key]
    if not known:
        return Markup()
    button = Markup(
        '<button type="button" data-action="by:{key}" aria-pressed="{pressed}">{label}'
        "{note}</button>"
    )
    best = known[0].key if known[0].concentration else ""
    buttons = [
        button.format(
            key=view.key,
            pressed="true" if view.key == chosen.key else "false",
            label=view.label,
            note=Markup(" <small>explains best</small>") if view.key == best else "",
        )
        for view in known
    ]
    return Markup('<div class="ways" role="group" aria-label="Divided by">{}</div>').format(
        joined(buttons)
    )


def _refused(view: View) -> Markup:
    return Markup('<p class="said">{}</p>').format(view.refusal)


def _explained(found: Explanation, currency: str) -> Markup:
    said = Markup('<p class="said{}">{}</p>').format(
        " paradox" if found.is_paradox else "", found.sentence
    )
    if not found.is_known:
        return said
    windows = Markup('<p class="muted">{} against {}</p>').format(
        found.now.describe(), found.before.describe()
    )
    return Markup("{}{}{}{}{}{}").format(
        windows,
        said,
        _totals(found, currency),
        waterfall(found, currency),
        _notes(found),
        _sql(found),
    )


def _totals(found: Explanation, currency: str) -> Markup:
    told = [
        ("Before", units.format(found.value_before, found.unit, currency)),
        ("Now", units.format(found.value_now, found.unit, currency)),
        ("Change", signed(found.change or 0, found.unit, currency)),
    ]
    if found.kind == "ratio":
        told += [
            (EFFECTS[name], signed(value, found.unit, currency))
            for name, value in found.effects.items()
            if value or name != "unmatched"
        ]
    tile = Markup("<div><span>{}</span><b>{}</b></div>")
    return Markup('<div class="totals">{}</div>').format(
        joined([tile.format(*one) for one in told])
    )


def _notes(found: Explanation) -> Markup:
    if not found.caveats:
        return Markup()
    lines = joined([Markup("<li>{}</li>").format(one) for one in found.caveats])
    return Markup('<ul class="notes">{}</ul>').format(lines)


def _sql(found: Explanation) -> Markup:
    return Markup(
        '<details><summary>SQL that adds it up</summary><div class="proof">'
        '<pre id="why-sql">{};</pre><button class="copy" type="button" data-copy="why-sql">'
        "Copy the SQL</button></div></details>"
    ).format(found.sql)

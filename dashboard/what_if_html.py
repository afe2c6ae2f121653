"""A scenario's outcome as HTML: its sentence, each metric before and after, and a waterfall."""

from markupsafe import Markup

from dashboard.html_view import joined
from dashboard.why_steps import Step, steps_table
from revops import units
from revops.insights.why import signed
from revops.what_if import ASSUMPTIONS, Outcome, Result

STYLE = """
.what-if { display: grid; gap: 14px; }
.what-if .said { font-size: 15px; line-height: 1.5; }
.what-if .outcomes { display: grid; gap: 10px;
  grid-template-columns: repeat(auto-fit, minmax(158px, 1fr)); }
.outcomes button { display: grid; gap: 1px; padding: 9px 12px; text-align: left; cursor: pointer;
  border: 1px solid var(--rc-border); border-radius: 8px; background: var(--rc-raised); }
.outcomes button:hover { border-color: var(--rc-accent); }
.outcomes button[aria-pressed=true] { border-color: var(--rc-accent);
  box-shadow: inset 0 0 0 1px var(--rc-accent); }
.outcomes span { font-size: 12px; color: var(--rc-muted); }
.outcomes b { font-size: 17px; font-variant-numeric: tabular-nums; }
.outcomes small { font-size: 12px; color: var(--rc-muted); font-variant-numeric: tabular-nums; }
.what-if h3 { margin: 0; font-size: 13px; font-weight: 700; }
.what-if .assumptions { margin: 6px 0 0; padding-left: 18px; font-size: 12.5px;
  color: var(--rc-muted); display: grid; gap: 3px; }
.what-if .refused { border-left: 3px solid var(--rc-watch); padding: 2px 0 2px 12px; }
"""


def render_outcome(outcome: Outcome, chosen: str, currency: str, refused: str = "") -> Markup:
    """The outcome with one metric's waterfall; `refused` says why a file was not loaded."""
    known = [one for one in outcome.results if one.change is not None]
    shown = next((one for one in known if one.metric == chosen and one.effects), None)
    return Markup('<div class="what-if">{}<p class="said">{}</p>{}{}{}{}</div>').format(
        Markup('<p class="refused" role="alert">{}</p>').format(refused) if refused else "",
        outcome.sentence,
        _outcomes(outcome, chosen, currency),
        _waterfall(shown, currency) if shown else _still(outcome, chosen),
        _assumptions(),
        _sql(outcome),
    )


def _outcomes(outcome: Outcome, chosen: str, currency: str) -> Markup:
    button = Markup(
        '<button type="button" data-action="outcome:{metric}" aria-pressed="{pressed}">'
        "<span>{label}</span><b>{after}</b><small>{change}</small></button>"
    )
    return Markup('<div class="outcomes">{}</div>').format(
        joined(
            [
                button.format(
                    metric=one.metric,
                    pressed="true" if one.metric == chosen else "false",
                    label=one.label,
                    after=units.format(one.after, one.unit, currency),
                    change=_change(one, currency),
                )
                for one in outcome.results
            ]
        )
    )


def _change(one: Result, currency: str) -> str:
    if one.change is None:
        return "not known"
    if not one.effects:
        return "as it was"
    was = units.format(one.before, one.unit, currency)
    return f"{signed(one.change, one.unit, currency)} on {was}"


def _waterfall(one: Result, currency: str) -> Markup:
    steps = [
        Step(
            effect.label,
            effect.change,
            begin,
            end,
            (_between(effect.low, effect.high, one.unit, currency), ""),
            effect.reach(begin),
        )
        for effect, (begin, end) in zip(one.effects, one.path, strict=True)
    ]
    ends = (("As it was", one.before or 0.0), ("Would have been", one.after or 0.0))
    return Markup("<h3>{}</h3>{}").format(
        f"{one.label}, lever by lever",
        steps_table(("Lever", "8 in 10 draws", ""), ends, steps, one.unit, one.better, currency),
    )


def _between(low: float, high: float, unit: str, currency: str) -> str:
    return f"{signed(low, unit, currency)} to {signed(high, unit, currency)}"


def _still(outcome: Outcome, chosen: str) -> Markup:
    one = next((one for one in outcome.results if one.metric == chosen), None)
    if one is None or not outcome.scenario.changes:
        return Markup()
    said = "is not known in this window" if one.change is None else "is moved by none of the levers"
    return Markup('<p class="muted">{} {}.</p>').format(one.label, said)


def _assumptions() -> Markup:
    lines = joined([Markup("<li>{}</li>").format(one) for one in ASSUMPTIONS])
    return Markup(
        "<details open><summary>What this assumes</summary>"
        '<ul class="assumptions">{}</ul></details>'
    ).format(lines)


def _sql(outcome: Outcome) -> Markup:
    return Markup(
        '<details><summary>SQL that works it out</summary><div class="proof">'
        '<pre id="what-if-sql">{};</pre><button class="copy" type="button" '
        'data-copy="what-if-sql">Copy the SQL</button></div></details>'
    ).format(outcome.sql)

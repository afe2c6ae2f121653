"""A small waterfall in a table: from one value, step by step, to another."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

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
.steps em.reach { top: 7px; bottom: 7px; border-radius: 0; background: var(--rc-text); }
@media (max-width: 599px) { .steps .own, .steps .weight { display: none; }
  .steps th, .steps td { padding-right: 8px; } }
"""

Frame = tuple[float, float]
Ends = tuple[tuple[str, float], tuple[str, float]]


@dataclass(frozen=True)
class Step:
    """One bar from `begin` to `end`, what stands beside it, and between which levels it may end."""

    label: str
    change: float
    begin: float
    end: float
    cells: tuple[str, str] = ("", "")
    reach: tuple[float, float] | None = None


def steps_table(
    heads: tuple[str, str, str],
    ends: Ends,
    steps: Sequence[Step],
    unit: str,
    better: str | None,
    currency: str,
) -> Markup:
    """The steps between two named values, drawn to one scale, which need not begin at 0."""
    levels = [value for _, value in ends]
    for step in steps:
        levels += [step.begin, step.end, *(step.reach or ())]
    frame = _framed(min(levels), max(levels))
    texts = _told(ends, unit, currency)
    first, last = (_end(label, value, frame, texts(value)) for label, value in ends)
    middle = [_row(step, frame, unit, better, currency) for step in steps]
    head = Markup(
        '<tr><th scope="col">{}</th><th scope="col" class="track">Scale from {} to '
        '{}</th><th scope="col" class="num">Contribution</th>'
        '<th scope="col" class="num own">{}</th><th scope="col" class="num weight">{}</th></tr>'
    ).format(heads[0], *(texts(level) for level in frame), *heads[1:])
    return Markup('<table class="steps"><thead>{}</thead><tbody>{}</tbody></table>').format(
        head, joined([first, *middle, last])
    )


def waterfall(found: Explanation, currency: str) -> Markup:
    """An explanation's parts, the smallest of many together in one row."""
    shown, rest = found.folded(MOST_ROWS)
    parts = [part for part in (*shown, rest) if part is not None and part.contribution]
    steps = [
        Step(part.label, part.contribution, begin, end, _cells(part, currency))
        for part, (begin, end) in zip(parts, found.path(parts), strict=True)
    ]
    heads = (
        " · ".join(name.capitalize() for name in found.by) or "Part",
        "" if found.kind == "bridge" else "Own value",
        "" if found.kind in ("bridge", "chain") else "Weight",
    )
    ends = (("Before", found.value_before or 0.0), ("Now", found.value_now or 0.0))
    return steps_table(heads, ends, steps, found.unit, found.better, currency)


ROW = Markup(
    '<tr{kind}><td>{label}</td><td class="track"><i>{bar}{reach}</i></td><td class="num">{value}'
    '</td><td class="num own">{own}</td><td class="num weight">{weight}</td></tr>'
)
BAR = Markup('<em class="{}" style="left:{:.2%};width:{:.2%}"></em>')


def _told(ends: Ends, unit: str, currency: str) -> Callable[[float], str]:
    """Short figures, unless the two ends would then read the same."""
    short = [units.format(value, unit, currency) for _, value in ends]
    are_alike = short[0] == short[1] and ends[0][1] != ends[1][1]
    write = units.exact if are_alike else units.format
    return lambda value: write(value, unit, currency)


def _end(label: str, value: float, frame: Frame, told: str) -> Markup:
    return ROW.format(
        kind=Markup(' class="end"'),
        label=label,
        bar=BAR.format("stands", 0.0, _place(value, frame)),
        reach="",
        value=told,
        own="",
        weight="",
    )


def _row(step: Step, frame: Frame, unit: str, better: str | None, currency: str) -> Markup:
    return ROW.format(
        kind="",
        label=step.label,
        bar=_bar(_tone(step.change > 0, better), (step.begin, step.end), frame),
        reach=_bar("reach", step.reach, frame) if step.reach else "",
        value=signed(step.change, unit, currency),
        own=step.cells[0],
        weight=step.cells[1],
    )


def _bar(tone: str, levels: tuple[float, float], frame: Frame) -> Markup:
    left, right = (_place(level, frame) for level in (min(levels), max(levels)))
    return BAR.format(tone, left, right - left)


def _cells(part: Part, currency: str) -> tuple[str, str]:
    return (
        _moved(part.value_before, part.value_now, part.unit, currency),
        _moved(part.weight_before, part.weight_now, "ratio", currency),
    )


def _tone(is_up: bool, better: str | None) -> str:
    if better not in ("higher", "lower"):
        return "even"
    return "good" if is_up == (better == "higher") else "bad"


def _framed(low: float, high: float) -> Frame:
    """Room below the lowest bar, so that it is seen; a scale of amounts stays above 0."""
    room = (high - low) * 0.06
    return (max(0.0, low - room) if low >= 0 else low - room), high


def _place(level: float, frame: Frame) -> float:
    low, high = frame
    return (level - low) / (high - low) if high > low else 0.0


def _moved(before: float | None, now: float | None, unit: str, currency: str) -> str:
    if before is None and now is None:
        return ""
    return f"{units.format(before, unit, currency)} → {units.format(now, unit, currency)}"

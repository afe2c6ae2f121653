"""Insights as text, Markdown or JSON; names from the data stay data in all three."""

import html
import json
import re
from collections.abc import Callable, Sequence

from revops import units
from revops.filters import Filters
from revops.insights.model import Effect, Evidence, Insight

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+|~])")


def as_text(insights: Sequence[Insight], currency: str, note: str = "") -> str:
    """One paragraph per insight, for a terminal; `note` says whose words they are."""
    blocks = []
    for insight in insights:
        lines = [f"{_mark(insight)}  {printable(insight.headline)}"]
        if insight.evidence:
            lines.append(f"    {printable(evidence_line(insight.evidence[0], currency))}")
        lines += [f"    {printable(line)}" for line in _worth(insight, currency)]
        lines += [f"    do: {action}" for action in insight.actions]
        blocks.append("\n".join(lines))
    return "\n\n".join([*blocks, summary(insights), *([printable(note)] if note else [])])


def as_markdown(insights: Sequence[Insight], currency: str, note: str = "") -> str:
    """A section per insight with its evidence and the SQL that reproduces it."""
    parts = ["# Insights", summary(insights), *([_escaped(note)] if note else [])]
    for insight in insights:
        parts.append(f"## {_mark(insight)}: {_escaped(insight.headline)}")
        parts += [f"- {_escaped(evidence_line(one, currency))}" for one in insight.evidence]
        parts += [f"{_capital(_escaped(line))}." for line in _worth(insight, currency)]
        parts.append(f"*Why it matters*: {_escaped(insight.why)}")
        parts += [f"*What to do*: {_escaped(action)}" for action in insight.actions]
        if insight.sql:
            fence = "`" * (3 + max((len(run) for run in re.findall("`+", insight.sql)), default=0))
            parts.append(f"{fence}sql\n{insight.sql}\n{fence}")
    return "\n\n".join(parts)


def as_json(insights: Sequence[Insight], currency: str, note: str = "") -> str:
    """Everything an insight holds; money in `currency`, which stands beside the list."""
    plain = [insight.to_dict() for insight in insights]
    told = {"currency": currency, "insights": plain, **({"note": note} if note else {})}
    return json.dumps(told, indent=2, ensure_ascii=False)


FORMATS: dict[str, Callable[[Sequence[Insight], str, str], str]] = {
    "text": as_text,
    "markdown": as_markdown,
    "json": as_json,
}


def evidence_line(evidence: Evidence, currency: str) -> str:
    """ "Win rate of SMB 24.3% (its target 30.0%, n 412, 95 % between 20.4% and 28.7%)"."""

    def words(value: float) -> str:
        return units.format(value, evidence.unit, currency)

    told = []
    if evidence.baseline is not None:
        told.append(f"{evidence.baseline_label} {words(evidence.baseline)}")
    if evidence.effect is not None:
        told.append(effect_words(evidence.effect, evidence.unit, currency))
    if evidence.n is not None:
        told.append(f"n {units.format(evidence.n, 'count')}")
    if evidence.interval is not None:
        low, high = words(evidence.interval.low), words(evidence.interval.high)
        told.append(f"{evidence.interval.level:.0%} between {low} and {high}")
    if evidence.adjusted_p is not None:
        told.append(f"p {p_words(evidence.adjusted_p)} among all tests")
    value = units.format(evidence.value, evidence.unit, currency)
    return f"{evidence.label} {value}" + (f" ({', '.join(told)})" if told else "")


def effect_words(effect: Effect, unit: str, currency: str) -> str:
    """ "+2.4 points (+1.1 to +3.7)", "+42.3% (+18.0% to +71.2%)": how far from the baseline."""

    def words(value: float) -> str:
        if unit == "ratio" and not effect.is_relative:
            return f"{units.format(value * 100, 'count')}"
        return units.format(value, "ratio" if effect.is_relative else unit, currency)

    def signed(value: float) -> str:
        return f"+{words(value)}" if value > 0 else words(value)

    points = " points" if unit == "ratio" and not effect.is_relative else ""
    told = f"{signed(effect.value)}{points}"
    if effect.interval is None:
        return told
    return f"{told} ({signed(effect.interval.low)} to {signed(effect.interval.high)})"


def p_words(p_value: float) -> str:
    """0.014, or "below 0.001"."""
    return "below 0.001" if p_value < 0.001 else f"{p_value:.3f}"


def summary(insights: Sequence[Insight]) -> str:
    """How many questions were asked, and how many had something to say."""
    news = sum(insight.is_news for insight in insights)
    unknown = sum(insight.status == "no data" for insight in insights)
    said = f"{len(insights)} questions asked, {news} with something to say"
    return f"{said}, {unknown} without the data to answer." if unknown else f"{said}."


def printable(text: str) -> str:
    """The text without control characters, which could steer a terminal."""
    return "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text
    )


def _worth(insight: Insight, currency: str) -> list[str]:
    """What was looked at, what it costs, and how far the evidence carries it."""
    told = []
    if insight.scope != Filters():
        told.append(f"looked at {insight.scope.describe()}")
    if insight.impact_per_month is not None:
        cost = units.format(insight.impact_per_month, "money_per_month", currency)
        told.append(f"impact {cost}")
    if insight.confidence is not None:
        told.append(f"confidence {units.format(insight.confidence, 'ratio')}")
    return told


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _mark(insight: Insight) -> str:
    return f"[{insight.status}] {insight.category}"


def _escaped(text: str) -> str:
    return MARKDOWN.sub(r"\\\1", html.escape(printable(text), quote=False))

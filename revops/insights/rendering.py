"""Insights as text, Markdown or JSON; names from the data stay data in all three."""

import html
import json
import re
from collections.abc import Callable, Sequence

from revops import units
from revops.insights.model import Evidence, Insight

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+|~])")


def as_text(insights: Sequence[Insight], currency: str) -> str:
    """One paragraph per insight, for a terminal."""
    blocks = []
    for insight in insights:
        lines = [f"{_mark(insight)}  {printable(insight.headline)}"]
        if insight.evidence:
            lines.append(f"    {printable(evidence_line(insight.evidence[0], currency))}")
        if insight.confidence is not None:
            lines.append(f"    confidence {units.format(insight.confidence, 'ratio')}")
        lines += [f"    do: {action}" for action in insight.actions]
        blocks.append("\n".join(lines))
    return "\n\n".join([*blocks, summary(insights)])


def as_markdown(insights: Sequence[Insight], currency: str) -> str:
    """A section per insight with its evidence and the SQL that reproduces it."""
    parts = ["# Insights", summary(insights)]
    for insight in insights:
        parts.append(f"## {_mark(insight)}: {_escaped(insight.headline)}")
        parts += [f"- {_escaped(evidence_line(one, currency))}" for one in insight.evidence]
        if insight.confidence is not None:
            parts.append(f"Confidence {units.format(insight.confidence, 'ratio')}.")
        parts.append(f"*Why it matters*: {_escaped(insight.why)}")
        parts += [f"*What to do*: {_escaped(action)}" for action in insight.actions]
        if insight.sql:
            fence = "`" * (3 + max((len(run) for run in re.findall("`+", insight.sql)), default=0))
            parts.append(f"{fence}sql\n{insight.sql}\n{fence}")
    return "\n\n".join(parts)


def as_json(insights: Sequence[Insight], currency: str) -> str:
    """Everything an insight holds; money in `currency`, which stands beside the list."""
    plain = [insight.to_dict() for insight in insights]
    return json.dumps({"currency": currency, "insights": plain}, indent=2, ensure_ascii=False)


FORMATS: dict[str, Callable[[Sequence[Insight], str], str]] = {
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
    if evidence.n is not None:
        told.append(f"n {units.format(evidence.n, 'count')}")
    if evidence.interval is not None:
        low, high = words(evidence.interval.low), words(evidence.interval.high)
        told.append(f"{evidence.interval.level:.0%} between {low} and {high}")
    value = units.format(evidence.value, evidence.unit, currency)
    return f"{evidence.label} {value}" + (f" ({', '.join(told)})" if told else "")


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


def _mark(insight: Insight) -> str:
    return f"[{insight.status}] {insight.category}"


def _escaped(text: str) -> str:
    return MARKDOWN.sub(r"\\\1", html.escape(printable(text), quote=False))

"""Whether a reply says the same in other words, and nothing else."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from revops.insights.model import Insight
from revops.insights.wording.figures import allowed, unknown
from revops.insights.wording.request import TEXTS, shown
from revops.insights.wording.transport import ServiceFailed

LONGEST = 600
FENCED = re.compile(r"\A\s*```(?:json)?\s*\n(.*)\n\s*```\s*\Z", re.S)


def checked(content: str, found: Sequence[Insight], currency: str) -> list[Insight]:
    """The insights with the reply's texts. Raises ServiceFailed, saying what is wrong with it.

    The reply repeats what was sent: whatever is no text must be equal, and each number in a
    text must be one that the insight shows.
    """
    sent = shown(found, currency)
    given = _listed(content, len(sent))
    texts = iter([_texts(answer, asked) for asked, answer in zip(sent, given, strict=True)])
    return [_worded(one, next(texts), currency) if one.is_news else one for one in found]


def _listed(content: str, expected: int) -> list[Any]:
    fenced = FENCED.match(content)
    try:
        answer = json.loads(fenced[1] if fenced else content)
    except (ValueError, RecursionError):
        raise ServiceFailed("its answer is no JSON") from None
    given = answer.get("insights") if isinstance(answer, Mapping) else None
    if not isinstance(given, list) or len(given) != expected:
        raise ServiceFailed("its answer does not hold the insights that were sent")
    return given


def _texts(answer: Any, asked: Mapping[str, Any]) -> dict[str, Any]:
    rule = asked["rule"]
    if not isinstance(answer, Mapping) or set(answer) != set(asked):
        raise ServiceFailed(f"its answer for {rule} has another shape")
    changed = [key for key in asked if key not in TEXTS and not _same(answer[key], asked[key])]
    if changed:
        raise ServiceFailed(f"it changed {changed[0]} of {rule}")
    actions = answer["actions"]
    if not isinstance(actions, list) or len(actions) != len(asked["actions"]):
        raise ServiceFailed(f"it changed how many actions {rule} has")
    for text in (answer["headline"], answer["why"], *actions):
        if not isinstance(text, str) or not text.strip() or len(text) > LONGEST:
            raise ServiceFailed(f"a text of {rule} is empty or too long")
        if not text.isprintable():
            raise ServiceFailed(f"a text of {rule} holds control characters")
    return {key: answer[key] for key in TEXTS}


def _same(given: Any, sent: Any) -> bool:
    """Equal in JSON: 1 is 1.0, but true is no number."""
    if isinstance(sent, list):
        alike = isinstance(given, list) and len(given) == len(sent)
        return alike and all(map(_same, given, sent))
    if isinstance(sent, Mapping):
        alike = isinstance(given, Mapping) and set(given) == set(sent)
        return alike and all(_same(given[key], sent[key]) for key in sent)
    return isinstance(given, bool) == isinstance(sent, bool) and bool(given == sent)


def _worded(one: Insight, texts: Mapping[str, Any], currency: str) -> Insight:
    known = allowed(one, currency)
    for text in (texts["headline"], texts["why"], *texts["actions"]):
        if strange := unknown(text, known):
            raise ServiceFailed(f"it wrote {strange[0]}, which is no number of {one.rule}")
    return replace(
        one, headline=texts["headline"], why=texts["why"], actions=tuple(texts["actions"])
    )

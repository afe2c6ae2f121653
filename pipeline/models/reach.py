"""What a model rests on, and what a policy's name in some model reaches."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from pipeline.models.model import Model

# A reached model, and its columns that are; None for all of them.
Reached = dict[str, Collection[str] | None]


def upstream(models: Sequence[Model], targets: Iterable[str]) -> set[str]:
    """All that `targets` read, directly or not, and themselves: models and loaded tables."""
    by_name = {model.name: model for model in models}
    found: set[str] = set()
    waiting = list(targets)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            if name in by_name:
                waiting += [reference.name for reference in by_name[name].references]
    return found


def reached(models: Sequence[Model], key: str, targets: Iterable[str]) -> tuple[Model, ...]:
    """The models behind `targets` that a policy changes; `models` and the answer in build order.

    A model is reached when it names the policy, or reads what is reached. Of a model
    that names the policy only in the making of some columns, only these are.
    """
    needed = upstream(models, targets)
    found: Reached = {}
    for model in models:
        if model.name not in needed:
            continue
        if f"'{key}'" in model.text:
            found[model.name] = _columns_naming(model, f"'{key}'")
        elif any(_reads(model, name, columns) for name, columns in found.items()):
            found[model.name] = None
    return tuple(model for model in models if model.name in found)


def _columns_naming(model: Model, quoted: str) -> Collection[str] | None:
    """The columns whose making names the policy; None if the rows may follow it too."""
    made: Mapping[str, int] = {
        column: expression.count(quoted) for column, expression in model.expressions.items()
    }
    if sum(made.values()) < model.text.count(quoted):
        return None
    return [column for column, count in made.items() if count]


def _reads(model: Model, name: str, columns: Collection[str] | None) -> bool:
    if name not in {reference.name for reference in model.references}:
        return False
    names = "|".join(map(re.escape, columns or ()))
    return columns is None or bool(re.search(rf"\b({names})\b|\*", model.text, re.IGNORECASE))

"""What a model rests on, and what a name in its text reaches, by following references."""

from collections.abc import Iterable, Sequence

from pipeline.models.model import Model


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

    A model is reached when it names the policy, or reads a model that is reached.
    """
    needed = upstream(models, targets)
    found: dict[str, Model] = {}
    for model in models:
        names_it = f"'{key}'" in model.text
        reads_one = any(reference.name in found for reference in model.references)
        if model.name in needed and (names_it or reads_one):
            found[model.name] = model
    return tuple(found.values())

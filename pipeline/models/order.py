"""Puts the models in the order in which they can be built."""

import difflib
import heapq
from collections.abc import Collection, Sequence
from graphlib import CycleError, TopologicalSorter

from pipeline.errors import ModelError
from pipeline.models.model import LAYERS, LOADED, Model, Reference


def order(models: Sequence[Model], loaded: Collection[str]) -> tuple[Model, ...]:
    """Callees first; the same models give the same order.

    `loaded` names what stands before any model runs, as `raw.pipeline_deals`.
    Raises ModelError for a reference to nothing, to a later layer, or in a circle.
    """
    by_name = {model.name: model for model in models}
    known = {*by_name, *loaded}
    graph: dict[str, set[str]] = {}
    for model in models:
        for reference in model.references:
            _check_reference(model, reference, known)
        graph[model.name] = {r.name for r in model.references if r.name in by_name}
    return tuple(by_name[name] for name in _sorted(graph, by_name))


def _check_reference(model: Model, reference: Reference, known: Collection[str]) -> None:
    layer = reference.name.partition(".")[0]
    if reference.name not in known:
        near = difflib.get_close_matches(reference.name, known, n=1)
        hint = f"Did you mean `{near[0]}`?" if near else "Models are named by their path."
        raise ModelError(
            f"{model.name} reads {reference.name}, which does not exist",
            model.where(reference.line),
            hint,
        )
    if layer in LAYERS and LAYERS.index(layer) > LAYERS.index(model.layer):
        raise ModelError(
            f"{model.name} reads {reference.name} of a later layer",
            model.where(reference.line),
            f"The order is {' → '.join((LOADED[0], *LAYERS))}; read the same or an earlier one.",
        )


def _sorted(graph: dict[str, set[str]], by_name: dict[str, Model]) -> list[str]:
    sorter = TopologicalSorter(graph)
    try:
        sorter.prepare()
    except CycleError as error:
        circle: list[str] = error.args[1]
        # graphlib lists each node before the one that reads it
        reader, callee = by_name[circle[1]], circle[0]
        line = next(r.line for r in reader.references if r.name == callee)
        raise ModelError(
            "The models read each other in a circle: " + " → ".join(reversed(circle)),
            reader.where(line),
            "Move the shared step into a model of its own, in an earlier layer.",
        ) from error
    # the earliest layer that is ready goes first, so that the log reads like the folders
    names: list[str] = []
    ready: list[tuple[int, str]] = []
    while sorter.is_active():
        for name in sorter.get_ready():
            heapq.heappush(ready, (LAYERS.index(by_name[name].layer), name))
        _, name = heapq.heappop(ready)
        names.append(name)
        sorter.done(name)
    return names

"""What the rules say of one world: built in memory from the generator's frames."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any, Self

import duckdb

from pipeline.models.order import order
from pipeline.models.run import loaded_relations, statements
from pipeline.models.store import store_catalogue
from revops.data_generation import generate
from revops.filters import Filters
from revops.insights import Insight, RuleEngine
from revops.unpublished import UnpublishedWarehouse
from tests.grading.lineage import models_of_the_rules
from tests.grading.planted import Planted
from tests.support.worlds import World, needed, state


@dataclass(frozen=True)
class Said:
    """What is kept of an insight that is news: enough to judge it, and to read it."""

    rule: str
    status: str
    headline: str
    drivers: tuple[str, ...]
    scope: str

    @classmethod
    def of(cls, insight: Insight) -> Self:
        """The drivers by name, the largest first."""
        return cls(
            insight.rule,
            insight.status,
            insight.headline,
            tuple(driver.label for driver in insight.drivers),
            insight.scope.describe(),
        )


@dataclass(frozen=True)
class Answer:
    """The news of one world, rules that could not know, and the CPU seconds it took."""

    planted: Planted
    news: tuple[Said, ...]
    no_data: tuple[str, ...]
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """Plain values, which `from_json` takes back."""
        return asdict(self)

    @classmethod
    def from_json(cls, row: dict[str, Any]) -> Self:
        """One line of the journal."""
        news = tuple(Said(**{**said, "drivers": tuple(said["drivers"])}) for said in row["news"])
        return cls(Planted(**row["planted"]), news, tuple(row["no_data"]), row["seconds"])


def answer(planted: Planted) -> Answer:
    """Make the world, build the models that rules rest on, and hear the rules."""
    started = time.process_time()
    with warehouse(planted) as built:
        insights = RuleEngine().insights(built, Filters())
    return Answer(
        planted,
        tuple(Said.of(insight) for insight in insights if insight.is_news),
        tuple(insight.rule for insight in insights if insight.status == "no data"),
        round(time.process_time() - started, 3),
    )


@contextmanager
def warehouse(planted: Planted) -> Iterator[UnpublishedWarehouse]:
    """The world as a build that nobody has published."""
    frames = generate(planted.seed, planted.as_of, stories=planted.stories)
    with duckdb.connect() as con:
        con.execute("set threads = 1")
        con.execute("begin")
        state(con, World(frames, planted.as_of, history_kind="changes"))
        models = order(needed(models_of_the_rules()), loaded_relations(con))
        store_catalogue(con, models)
        for model in models:
            for statement in statements(model):
                con.execute(statement)
        con.execute("commit")
        with UnpublishedWarehouse(con) as built:
            yield built

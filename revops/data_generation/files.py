"""The eight files of a world, as frames in memory or written to a folder."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from revops.data_generation.arrivals import draw_arrivals
from revops.data_generation.benchmarks import benchmarks_frame
from revops.data_generation.customers import customers_frame
from revops.data_generation.days import day_number
from revops.data_generation.deal_history import draw_history
from revops.data_generation.deal_states import draw_states
from revops.data_generation.deals import draw_deals
from revops.data_generation.finance import finance_frame
from revops.data_generation.ledger import subscriptions_frame
from revops.data_generation.marketing import Marketing
from revops.data_generation.stories import NO_STORIES, Stories, plan
from revops.data_generation.subscriptions import draw_billing
from revops.data_generation.targets import targets_frame
from revops.data_generation.world import DEFAULT_AS_OF, DEFAULT_SEED, World

DATASETS = (
    "marketing_channels",
    "pipeline_deals",
    "revenue_customers",
    "benchmarks",
    "subscriptions",
    "deal_history",
    "targets",
    "finance",
)
CONFIG = """\
# The sample's own book of history: real data put beside it never mixes with it.
[policy]
book = "sample"

# A deal is listed when it is new or changed, and every deal at the last snapshot.
[files.deal_history]
kind = "changes"
"""


def make_world(
    seed: int = DEFAULT_SEED,
    as_of: date = DEFAULT_AS_OF,
    scale: float = 1.0,
    stories: str | Stories = "all",
) -> World:
    """A world with "all" stories of its seed, with "none", or with the given ones."""
    if isinstance(stories, str):
        stories = {"all": plan(seed, as_of), "none": NO_STORIES}[stories]
    return World(seed, as_of, scale, stories)


def generate(
    seed: int = DEFAULT_SEED,
    as_of: date = DEFAULT_AS_OF,
    scale: float = 1.0,
    stories: str | Stories = "all",
) -> dict[str, pl.DataFrame]:
    """All eight files in memory, by dataset name, in the contract's column order."""
    world = make_world(seed, as_of, scale, stories)
    return {
        name: pl.concat(list(frames)).with_columns(pl.col(pl.Categorical).cast(pl.String))
        for name, frames in draw_files(world)
    }


def write(world: World, output: Path, only: tuple[str, ...] = DATASETS) -> Iterator[Path]:
    """Write the CSVs and revops.toml, yielding each path once its file is complete."""
    output.mkdir(parents=True, exist_ok=True)
    for name, frames in draw_files(world, only):
        path = output / f"{name}.csv"
        with path.open("wb") as file:
            for index, frame in enumerate(frames):
                frame.write_csv(file, include_header=index == 0)
        yield path
    path = output / "revops.toml"
    path.write_text(CONFIG, encoding="utf-8", newline="\n")
    yield path


def draw_files(
    world: World, only: tuple[str, ...] = DATASETS
) -> Iterator[tuple[str, Iterator[pl.DataFrame]]]:
    """Each dataset's name and its frames, to be used up before the next is asked for.

    Frames of one dataset share their columns; the big files come a month or a
    snapshot at a time, so that memory stays bounded at any scale.
    """
    deals = draw_deals(world)
    spend: list[float] = []
    if {"marketing_channels", "finance"} & set(only):
        frames = Marketing(world, deals).frames()
        if "marketing_channels" in only:
            yield "marketing_channels", _summing(frames, spend)
        else:
            list(_summing(frames, spend))
    if set(only) <= {"marketing_channels"}:
        return
    states = draw_states(world, deals)
    arrivals = draw_arrivals(world, deals)
    segment = deals.segment[arrivals.founders()]
    billing = draw_billing(world, arrivals, segment)
    today = day_number(world.as_of)
    makers = {
        "pipeline_deals": lambda: iter([states.frame(today, np.arange(len(deals)))]),
        "revenue_customers": lambda: iter([customers_frame(world, deals, arrivals, billing)]),
        "benchmarks": lambda: iter([benchmarks_frame()]),
        "subscriptions": lambda: iter([subscriptions_frame(billing.periods)]),
        "deal_history": lambda: draw_history(world, states),
        "targets": lambda: iter([targets_frame(world)]),
        "finance": lambda: iter([finance_frame(world, billing.periods, np.array(spend))]),
    }
    for name, make in makers.items():
        if name in only:
            yield name, make()


def _summing(frames: Iterator[pl.DataFrame], spend: list[float]) -> Iterator[pl.DataFrame]:
    """Pass the months on, noting what each spent."""
    for frame in frames:
        spend.append(float(frame["spend"].sum()))
        yield frame

"""What a board pack is made of: chapters of exhibits, each with the questions it answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
from markupsafe import Markup

from dashboard.cards import Card

NO_KEY = Markup()


@dataclass(frozen=True)
class Source:
    """A question put to the warehouse: what it means, the statement as run, and the answer.

    `badge` says which filters the rows do not honour; `policies` are the choices that touch
    them, each as "stuck_days = 45".
    """

    name: str
    definition: str
    sql: str
    frame: pl.DataFrame
    badge: str = ""
    policies: tuple[str, ...] = ()


@dataclass(frozen=True)
class Exhibit:
    """A chart or a table under its title; `reason` stands instead of it when nothing is known.

    `said` is the finding in one sentence, `span` the width in twelfths of the page, `key` what
    the colours mean.
    """

    title: str
    unit: str
    said: str
    body: Markup
    source: Source | None
    reason: str = ""
    span: int = 12
    key: Markup = NO_KEY
    note: str = ""


@dataclass(frozen=True)
class Chapter:
    """What begins on a page of its own."""

    title: str
    lead: str
    exhibits: tuple[Exhibit, ...]


@dataclass(frozen=True)
class Figure:
    """One metric of the catalogue with everything needed to read and repeat it."""

    card: Card
    benchmark: str
    metric: Mapping[str, Any]
    value: Any
    before: Any
    parts: tuple[str, ...]
    window: str
    policies: tuple[str, ...]
    sql: str

"""Deals over time, told in a few words: for tests of the ledger and of history on disk."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from pipeline.build import BuildOptions, build
from pipeline.folder import WarehouseFolder
from pipeline.history.book import Book, book_of
from pipeline.log import Log
from pipeline.progress import Progress
from tests.support.pipeline import PROJECT
from tests.support.tiny import tiny_data

LEDGER_MODELS = (
    "staging/deal_ledger",
    "intermediate/ledger_days",
    "intermediate/deal_statements",
    "marts/deal_states",
    "reports/deal_states_known_on",
)
COLUMNS = (
    "deal_id,account,segment,owner,stage,amount,created_at,expected_close,last_stage_change,"
    "days_in_stage,probability,expected_value,status,source_channel"
)

# deal_id -> (status, amount); an open deal is in Demo, a closed one closed on 2026-01-20
Deals = Mapping[str, tuple[str, int]]


def deal_line(deal_id: str, status: str, amount: int) -> str:
    is_open = status == "Open"
    stage, changed = ("Demo", "2026-01-10") if is_open else (status, "2026-01-20")
    return (
        f"{deal_id},Alder,SMB,Ana,{stage},{amount},2026-01-01,2026-06-30,{changed},,0.5,,"
        f"{status},Email"
    )


def deals_csv(deals: Deals) -> str:
    return "\n".join([COLUMNS, *(deal_line(name, *state) for name, state in deals.items())]) + "\n"


def history_csv(days: Mapping[str, Deals]) -> str:
    """deal_history.csv: what was said about each day."""
    lines = [
        f"{day},{deal_line(name, *state)}"
        for day, deals in days.items()
        for name, state in deals.items()
    ]
    return "\n".join([f"snapshot_date,{COLUMNS}", *lines]) + "\n"


@dataclass
class Shop:
    """A company that exports its deals and builds, with no more SQL than the ledger's."""

    root: Path
    book: str = "default"

    @property
    def folder(self) -> WarehouseFolder:
        return WarehouseFolder(self.root / "warehouse")

    @property
    def shelf(self) -> Book:
        return book_of(self.folder.root, self.book)

    def export(
        self, deals: Deals, history: Mapping[str, Deals] | None = None, kind: str = "snapshots"
    ) -> Path:
        """Write the data folder and return it."""
        data = tiny_data(
            self.root,
            pipeline_deals=deals_csv(deals),
            deal_history=None if history is None else history_csv(history),
        )
        (data / "revops.toml").write_text(f'[files.deal_history]\nkind = "{kind}"\n')
        return data

    def options(self, as_of: str, **more: Any) -> BuildOptions:
        return BuildOptions(
            data=self.root / "data",
            warehouse=self.folder.root,
            as_of=date.fromisoformat(as_of),
            sql=ledger_sql(self.root),
            **more,
        )

    def build(
        self,
        as_of: str,
        deals: Deals,
        history: Mapping[str, Deals] | None = None,
        kind: str = "snapshots",
        **more: Any,
    ) -> str:
        """Export and build; returns the build that is served then."""
        self.export(deals, history, kind)
        build(self.options(as_of, **more), Log("json"), Progress(enabled=False))
        return self.folder.served() or ""

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.folder.link.resolve()), read_only=True) as con:
            return con.execute(sql).fetchall()

    def states(self, known_on: str | None = None) -> list[tuple[str, ...]]:
        """Deal, first day, status and amount of every state, as text."""
        source = "marts.deal_states"
        if known_on:
            source = f"reports.deal_states_known_on(date '{known_on}')"
        rows = self.query(
            "select deal_id, valid_from, status, cast(amount as integer)"
            f" from {source} order by deal_id, valid_from"
        )
        return [tuple(map(str, row)) for row in rows]

    def facts(self) -> list[tuple[str, int]]:
        """Day and number of every export of deals that the served build knows of."""
        rows = self.query(
            "select as_of, known_at from meta.history"
            " where subject = 'deals' and origin = 'export' order by as_of, known_at"
        )
        return [(str(day), number) for day, number in rows]

    def files(self) -> list[str]:
        """What lies in the book, with each build's name cut to its place in the order."""
        ids = sorted({path.name.partition(".")[0] for path in self.shelf.folder.rglob("*.*")})
        names = (
            str(path.relative_to(self.shelf.folder))
            for path in self.shelf.folder.rglob("*")
            if path.is_file()
        )
        numbered = []
        for name in names:
            for number, load_id in enumerate(ids, 1):
                name = name.replace(load_id, str(number))
            numbered.append(name)
        return sorted(numbered)


def ledger_sql(root: Path) -> Path:
    """A folder of models with the ledger's own, as they are in the project."""
    for model in LEDGER_MODELS:
        path = root / "sql" / f"{model}.sql"
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(PROJECT / "sql" / f"{model}.sql", path)
    return root / "sql"

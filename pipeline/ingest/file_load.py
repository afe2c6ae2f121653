"""Loading one file: read, typed, judged and written at the same time, then balanced."""

import hashlib
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl

from pipeline.config import Config
from pipeline.contracts.dataset import Dataset
from pipeline.ingest import keys, money, oddities, quarantine
from pipeline.ingest.books import FileLoad
from pipeline.ingest.cell_format import CellFormat
from pipeline.ingest.coverage import coverage
from pipeline.ingest.money import MoneyIn
from pipeline.ingest.quarantine import Withheld
from pipeline.ingest.source import CsvSource, TextBatch
from pipeline.ingest.threads import Behind, ahead
from pipeline.ingest.typing import Typist
from pipeline.ingest.validate import Judge, Verdict
from pipeline.ingest.writer import PORTION, Writer
from pipeline.meta import literal
from pipeline.policy import CLOSED_STAGES
from pipeline.progress import Progress

_HASH_BYTES = 1 << 20


class FileLoader:
    """Loads one present file into its raw table."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        config: Config,
        dataset: Dataset,
        source: CsvSource,
        load_id: str,
        *,
        verify: bool = False,
    ) -> None:
        policy = config.policy
        members = {"segment": policy.segments, "stage": (*policy.stages, *CLOSED_STAGES)}
        self._con = con
        self._dataset = dataset
        self._source = source
        self._load_id = load_id
        self._mapping = config.files[dataset.name]
        self._cells = CellFormat(
            decimal=self._mapping.decimal,
            thousands=self._mapping.thousands,
            currency=policy.currency,
        )
        self._judge = Judge(dataset, members, verify=verify)
        self._typist = Typist(
            dataset.columns, self._mapping, policy.currency, dataset.closed_lists(members),
            dataset.period_end,
        )  # fmt: skip
        self._ledger = keys.KeyLedger(dataset.key)
        self._rows_read = 0
        self._blank_lines = 0
        self._unsplit_lines: set[int] = set()
        self._amount_withheld = self._magnitude_withheld = Decimal(0)

    def load(self, progress: Progress) -> tuple[FileLoad, Withheld]:
        """Load the file; gives its books and what was withheld of it."""
        path = self._source.path
        progress.start(path.name, path.stat().st_size)
        with ThreadPoolExecutor(2) as aside:
            digest = aside.submit(_sha256, path)
            quick_money = self._read_money_aside(aside)
            writer = Writer(self._con, self._dataset, path.name, self._load_id)
            batches = ahead(self._source.batches(PORTION))
            with closing(batches), Behind(writer.write) as writing:
                for batch in batches:
                    verdict = self._judge.judge(batch, self._typist.type(batch.frame))
                    self._ledger.add(verdict.good)
                    self._count(batch, verdict)
                    unsplit = quarantine.unsplit_rows(batch.problems)
                    writing.give(verdict.good, unsplit, verdict.withheld)
                    progress.advance(_bytes_about(batch))
            writer.finish()
            self._withdraw_contradictions()
            return self._balance(digest.result(), quick_money)

    def _count(self, batch: TextBatch, verdict: Verdict) -> None:
        self._rows_read += batch.frame.height + len(batch.problems)
        self._blank_lines += batch.blank_lines
        self._amount_withheld += verdict.amount_withheld
        self._magnitude_withheld += verdict.magnitude_withheld
        for problem in batch.problems:
            self._unsplit_lines.update(
                range(problem.line, problem.line + problem.raw_row.count("\n") + 1)
            )

    def _withdraw_contradictions(self) -> None:
        """Take back lines that repeat a key, then those that contradict an earlier period."""
        suspects = self._ledger.suspects()
        self._withdraw(keys.duplicate_keys(self._con, self._dataset, suspects))
        if self._dataset.name == "subscriptions":
            self._withdraw(keys.contradicting_periods(self._con))

    def _withdraw(self, findings: pl.DataFrame) -> None:
        if findings.is_empty():
            return
        amount, magnitude = quarantine.withdraw(
            self._con, self._source, self._dataset.money_column, findings
        )
        self._amount_withheld += amount
        self._magnitude_withheld += magnitude

    def _read_money_aside(self, aside: ThreadPoolExecutor) -> Future[MoneyIn | None] | None:
        """Begin the quick separate reading, if cells are written as it can read them."""
        column, header = self._dataset.money_column, self._source.header
        if column is None or self._mapping.values.get(column):
            return None
        return aside.submit(
            money.read_quickly,
            self._source.path, header.line, header.positions[column], header.width, self._cells,
        )  # fmt: skip

    def _balance(
        self, digest: str, quick: Future[MoneyIn | None] | None
    ) -> tuple[FileLoad, Withheld]:
        name, file = self._dataset.name, self._source.path.name
        loaded, quarantined = (
            self._con.execute(query).fetchall()[0][0]
            for query in (
                f"select count(*) from raw.{name}",
                f"select count(*) from quarantine.rows where dataset = {literal(name)}",
            )
        )
        first, last = coverage(self._con, self._dataset, self._mapping.kind)
        oddities.record(self._con, self._dataset, self._source, self._blank_lines)
        money_in, amount_loaded = self._money(quick)
        has_money = money_in is not None
        load = FileLoad(
            dataset=name,
            file=file,
            sha256=digest,
            rows_read=self._rows_read,
            rows_loaded=loaded,
            rows_quarantined=quarantined,
            amount_withheld=self._amount_withheld if has_money else None,
            amount_read=money_in.amount if money_in else None,
            amount_loaded=amount_loaded,
            amount_unreadable_cells=money_in.unreadable_cells if money_in else None,
            is_required=self._dataset.is_required,
            is_present=True,
            first_date=first,
            last_date=last,
        )
        return load, Withheld(
            dataset=name,
            file=file,
            rows=quarantined,
            rows_read=self._rows_read,
            magnitude=self._magnitude_withheld,
            magnitude_read=money_in.magnitude if money_in else Decimal(0),
            tolerated_share=self._mapping.tolerated_share,
            fails_builds=self._dataset.fails_builds,
        )

    def _money(self, quick: Future[MoneyIn | None] | None) -> tuple[MoneyIn | None, Decimal | None]:
        """Money in by a separate reading, and money loaded; both None without a money column."""
        column = self._dataset.money_column
        if column is None:
            return None, None
        loaded = self._con.execute(
            f'select coalesce(sum("{column}"), 0) from raw.{self._dataset.name}'
        ).fetchall()[0][0]
        money_in = quick.result() if quick else None
        if money_in and money_in.amount == loaded + self._amount_withheld:
            return money_in, loaded
        header = self._source.header
        money_in = money.read_exactly(
            self._source.path, header.positions[column], header.width, self._cells,
            self._mapping.values.get(column, {}), self._unsplit_lines,
        )  # fmt: skip
        return money_in, loaded


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_HASH_BYTES):
            digest.update(block)
    return digest.hexdigest()


def _bytes_about(batch: TextBatch) -> int:
    """How much of the file the batch stands for, judged by its first row."""
    if batch.frame.is_empty():
        return 0
    return batch.lines * sum(len(cell) + 1 for cell in batch.frame.row(0) if isinstance(cell, str))

"""Loading every input file into `raw`, with its books kept to the row and to the cent."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import astuple, dataclass

import duckdb

from pipeline.config import Config
from pipeline.contracts.datasets import DATASETS
from pipeline.errors import InputError
from pipeline.ingest import quarantine
from pipeline.ingest.books import FileLoad
from pipeline.ingest.coverage import resolve_as_of
from pipeline.ingest.file_load import FileLoader
from pipeline.ingest.quarantine import Withheld
from pipeline.ingest.source import CsvSource
from pipeline.ingest.tables import column_rows, create_raw_table
from pipeline.meta import create_tables, insert
from pipeline.progress import Progress

__all__ = ["FileLoad", "LoadReport", "load_all", "resolve_as_of"]


LOAD_MEMORY = "256MB"


@dataclass(frozen=True)
class LoadReport:
    """What was loaded: one FileLoad per dataset, in the order of the contracts."""

    loads: tuple[FileLoad, ...]


def load_all(
    con: duckdb.DuckDBPyConnection,
    config: Config,
    load_id: str,
    strict: bool,
    progress: Progress | None = None,
    verify: bool = False,
) -> LoadReport:
    """Load all inputs into the current database of `con`, and tell what became of each row.

    Fills raw.*, quarantine.rows, meta.loads, meta.columns and meta.warnings. With
    `verify` pandera judges every batch. InputError when a file is missing, has the
    wrong header, or holds more bad rows than is tolerated.
    """
    progress = progress or Progress(enabled=False)
    create_tables(con)
    sources = open_sources(config)
    with _bounded_memory(con):
        loads, withheld = _load_files(con, config, sources, load_id, progress, verify)
    insert(con, "meta.loads", map(astuple, loads))
    quarantine.refuse_if_too_many(con, withheld, strict)
    return LoadReport(tuple(loads))


def _load_files(
    con: duckdb.DuckDBPyConnection,
    config: Config,
    sources: Mapping[str, CsvSource],
    load_id: str,
    progress: Progress,
    verify: bool,
) -> tuple[list[FileLoad], list[Withheld]]:
    loads: list[FileLoad] = []
    withheld: list[Withheld] = []
    for name, dataset in DATASETS.items():
        create_raw_table(con, dataset)
        source = sources.get(name)
        names = source.header.source_names if source else {}
        insert(con, "meta.columns", column_rows(dataset, names))
        if source is None:
            loads.append(FileLoad(name, is_required=dataset.is_required))
            continue
        loader = FileLoader(con, config, dataset, source, load_id, verify=verify)
        load, kept_back = loader.load(progress)
        loads.append(load)
        withheld.append(kept_back)
    return loads, withheld


@contextmanager
def _bounded_memory(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Let the database keep little of what it has written in memory while loading.

    Loading needs no more, and so twice the rows need no more memory.
    """
    before = con.execute("select current_setting('memory_limit')").fetchall()[0][0]
    con.execute(f"set memory_limit = '{LOAD_MEMORY}'").fetchall()
    try:
        yield
    finally:
        con.execute(f"set memory_limit = '{before}'").fetchall()


def open_sources(config: Config) -> dict[str, CsvSource]:
    """Every input file that is there, its header compared; InputError tells all at fault."""
    sources: dict[str, CsvSource] = {}
    faults: list[InputError] = []
    for name, dataset in DATASETS.items():
        mapping = config.files[name]
        try:
            if mapping.path.exists():
                sources[name] = CsvSource(mapping.path, name, dataset.columns, mapping)
            elif dataset.is_required:
                raise InputError(
                    f"{dataset.file_name} is missing; a build needs it.",
                    str(mapping.path.absolute()),
                    f"put the file there, or name another under [files.{name}] path in revops.toml",
                )
        except InputError as fault:
            faults.append(fault)
    if len(faults) == 1:
        raise faults[0]
    if faults:
        raise InputError(
            f"{len(faults)} input files cannot be read.",
            "\n".join(f"\n  {fault}".replace("\n", "\n  ") for fault in faults).lstrip(),
            "mend these files, then build again",
        )
    return sources

"""What was odd but kept: counted in meta.warnings, with an example to look at."""

import duckdb

from pipeline.contracts.dataset import Dataset
from pipeline.ingest.source import CsvSource
from pipeline.ingest.validate import ROUNDED, ROUNDED_SAYS
from pipeline.meta import insert

AMBIGUOUS = "is_ambiguous"
_AMBIGUOUS_SAYS = (
    "One benchmark per metric_type, category and subcategory. "
    "These rows share theirs with another and are used by nothing."
)


def record(
    con: duckdb.DuckDBPyConnection, dataset: Dataset, source: CsvSource, blank_lines: int
) -> None:
    """Fill meta.warnings from the flags of the loaded rows and the oddities of the file."""
    if dataset.name == "benchmarks":
        _flag_ambiguous(con)
    says = {rule.name: f"{rule.says} Not so in these rows. {rule.remedy}"
            for rule in dataset.warnings}  # fmt: skip
    says |= {ROUNDED: ROUNDED_SAYS, AMBIGUOUS: _AMBIGUOUS_SAYS}
    file = source.path.name
    counted = con.sql(f"""
        select flag, count(*), min(_line)
        from (select unnest(_flags) as flag, _line from raw.{dataset.name} where len(_flags) > 0)
        group by flag order by flag
    """).fetchall()
    rows = [(dataset.name, flag, says[flag], n, f"{file}:{line}") for flag, n, line in counted]
    place = f"{file}:{source.header.line}"
    for name in source.header.extra:
        rows.append((dataset.name, "unknown_column", f"The column {name} is not read.", 0, place))
    if blank_lines:
        rows.append((dataset.name, "blank_lines", "Blank lines are no rows.", blank_lines, file))
    if source.lacks_final_line_end:
        rows.append((
            dataset.name, "no_final_line_end",
            "The last line has no line end: a value cut short there would not be noticed.",
            1, file,
        ))  # fmt: skip
    insert(con, "meta.warnings", rows)


def _flag_ambiguous(con: duckdb.DuckDBPyConnection) -> None:
    """Benchmarks for the same thing contradict each other: none of them is used."""
    con.execute(f"""
        update raw.benchmarks set _flags = list_append(_flags, '{AMBIGUOUS}')
        where (metric_type, category, subcategory) in (
            select (metric_type, category, subcategory) from raw.benchmarks
            group by metric_type, category, subcategory having count(*) > 1
        )
    """).fetchall()

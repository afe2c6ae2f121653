"""Finds the input rows that speak of closed months and differ from the previous build's."""

from collections.abc import Sequence
from datetime import date

import duckdb

from pipeline.meta import literal
from pipeline.models.model import Model
from pipeline.models.reach import upstream
from pipeline.restatement.sources import MADE_OF, SOURCES, Source

ROWS_KEPT = 200


def datasets_read(models: Sequence[Model], domain: str) -> set[str]:
    """The input files that a domain's metrics rest on."""
    loaded = {
        name.removeprefix("raw.")
        for name in upstream(models, [f"metrics.{domain}"])
        if name.startswith("raw.")
    }
    files = {file for name in loaded for file in MADE_OF.get(name, (name,))}
    return files & SOURCES.keys()


def store_changed_rows(
    con: duckdb.DuckDBPyConnection,
    earlier: str,
    dataset: str,
    key: Sequence[str],
    closed_until: date,
    domains: Sequence[str],
) -> None:
    """Append to `meta.restated_rows` the rows of `dataset` that differ from those in `earlier`.

    Only those that say something of days before `closed_until`, and of these at most
    ROWS_KEPT, the first days first; each row says how many there are in all.
    """
    source = SOURCES[dataset]
    columns = _compared_columns(con, earlier, dataset, source)
    if set(key) <= set(columns):
        sql = _sql(earlier, dataset, key, columns, source)
        con.execute(sql, [list(domains), closed_until, ROWS_KEPT]).fetchall()


def _compared_columns(
    con: duckdb.DuckDBPyConnection, earlier: str, dataset: str, source: Source
) -> list[str]:
    """The file's columns that both builds have, in order."""
    rows = con.execute(
        "select column_name from duckdb_columns() where schema_name = 'raw' and table_name = ?"
        " and database_name in (current_database(), ?) and column_name not like '\\_%' escape '\\'"
        " group by column_name having count(*) = 2 order by min(column_index)",
        [dataset, earlier],
    ).fetchall()
    return [name for (name,) in rows if name not in source.left_out]


def _sql(
    earlier: str, dataset: str, key: Sequence[str], columns: Sequence[str], source: Source
) -> str:
    same_key = " and ".join(f'before."{name}" is not distinct from now."{name}"' for name in key)
    names = ", ".join(f"coalesce(cast({_either(name)} as varchar), '')" for name in key)
    told = ", ".join(_told(name, name in key) for name in columns)
    return f"""
        insert into meta.restated_rows
        with differing as (
            select
                case
                    when before._line is null then 'added'
                    when now._line is null then 'removed'
                    else 'changed'
                end as change,
                concat_ws(' / ', {names}) as row_key,
                list_filter([{told}], lambda text: text is not null) as what_changed,
                {source.affects_from} as affects_from,
                before._file as file_before, before._line as line_before,
                now._file as file_now, now._line as line_now,
                build.load_id as build_now
            from (select *, {_digest(columns)} as digest from {earlier}.raw.{dataset}) as before
            full join (select *, {_digest(columns)} as digest from raw.{dataset}) as now
                on {same_key}
            cross join meta.build
            where before.digest is distinct from now.digest
        )
        select
            previous.load_id, build_now, {literal(dataset)}, ?, change, row_key, what_changed,
            affects_from, file_before, line_before, file_now, line_now, count(*) over ()
        from differing
        cross join {earlier}.meta.build as previous
        where affects_from < ?
        order by affects_from, row_key
        limit ?
    """


def _digest(columns: Sequence[str]) -> str:
    return "hash(" + ", ".join(f'"{name}"' for name in columns) + ")"


def _either(name: str) -> str:
    return f'coalesce(now."{name}", before."{name}")'


def _told(name: str, is_key: bool) -> str:
    """SQL for the text of one column's change; NULL where it says the same."""
    if is_key:
        return "null"
    old, new = (text_of(f'{side}."{name}"') for side in ("before", "now"))
    return f"""
        case
            when before."{name}" is not distinct from now."{name}" then null
            when before._line is null then '{name}: ' || {new}
            when now._line is null then '{name}: ' || {old}
            else '{name}: ' || {old} || ' → ' || {new}
        end"""


def text_of(value: str) -> str:
    """SQL for a value as people write it: 740 and 12.5, not 740.000000 and 12.500000."""
    text = f"cast({value} as varchar)"
    short = f"regexp_replace({text}, '\\.0+$|(\\.\\d*[1-9])0+$', '\\1')"
    return f"coalesce(if(typeof({value}) like 'DECIMAL%', {short}, {text}), 'empty')"

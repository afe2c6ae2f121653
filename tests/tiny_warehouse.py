"""A hand-made warehouse file: the tables a build leaves, and one macro, over four rows."""

from datetime import datetime
from pathlib import Path

import duckdb

BUILD_COLUMNS = (
    "load_id varchar, as_of date, as_of_source varchar, built_at timestamp, "
    "inputs_digest varchar, pipeline_version varchar, duckdb_version varchar, "
    "polars_version varchar, pandera_version varchar, python_version varchar, "
    "currency varchar, book varchar, mrr_source varchar"
)

OBJECTS = """
create schema meta; create schema metrics; create schema reports; create schema marts;
create table marts.marketing_daily as
    select * from (values
        (date '2026-01-05', 'SMB', 'LinkedIn', 100.00::decimal(18, 6), 10),
        (date '2026-01-20', 'MM', 'LinkedIn', 50.00::decimal(18, 6), 2),
        (date '2026-02-03', 'SMB', 'Email', 30.00::decimal(18, 6), 6),
        (date '2026-02-28', 'ENT', 'Email', 20.00::decimal(18, 6), 0)
    ) as rows(date, segment, channel, spend, leads);
create macro metrics.marketing(since := cast(null as date), until := cast(null as date),
        segments := null, channels := null, "by" := null) as table
    with kept as (
        select case "by" when 'segment' then days.segment when 'channel' then days.channel end
            as slice, days.* from marts.marketing_daily as days
        where (since is null or days.date >= since) and (until is null or days.date < until)
            and (segments is null or list_contains(segments, days.segment))
            and (channels is null or list_contains(channels, days.channel))
    )
    select kept.slice, grouping(kept.slice) = 1 as is_total, false as is_partial,
        cast([] as varchar[]) as filters_not_applied,
        cast(sum(kept.spend) as decimal(18, 6)) as spend,
        cast(sum(kept.leads) as bigint) as leads,
        cast(sum(kept.spend) as double) / nullif(sum(kept.leads), 0) as cpl
    from kept group by grouping sets ((kept.slice), ())
    having "by" is not null or grouping(kept.slice) = 1
    order by is_total, slice;
create macro reports.daily(since := cast(null as date), segments := null) as table
    select days.* from marts.marketing_daily as days
    where (since is null or days.date >= since)
        and (segments is null or list_contains(segments, days.segment));
create view reports.daily as select * from reports.daily();
create view reports.whole as select count(*) as rows from marts.marketing_daily;
create table meta.domains as select 'marketing' as domain, 'Marketing' as description,
    ['segment', 'channel'] as dimensions, ['since', 'until', 'segments', 'channels'] as parameters;
create table meta.metrics as select * from (values
    ('leads', 'marketing', 2, 'Leads', 'count'), ('spend', 'marketing', 1, 'Spend', 'money'))
    as rows(metric, domain, position, label, unit);
create table meta.members as select * from (values ('segment', 'SMB', 1), ('segment', 'MM', 2),
    ('segment', 'ENT', 3)) as rows(kind, member, position);
create table meta.policy as select 'fiscal_year_start_month' as key, '4' as value;
"""


def write(path: Path, load_id: str = "first", build_columns: str = BUILD_COLUMNS) -> Path:
    """Write the file at `path`, closed and complete."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(OBJECTS)
        connection.execute(f"create table meta.build({build_columns})")
        row = [load_id, "2026-02-28", "newest date", datetime(2026, 3, 1, 8), "digest", "0.1.0"]
        row += ["2.0.0", "2.1.0", "0.35", "3.11", "EUR", "default", "subscriptions"]
        row = row[: len(build_columns.split(","))]
        marks = ", ".join("?" for _ in row)
        connection.execute(f"insert into meta.build values ({marks})", row)
    return path


def point(pointer: Path, target: Path) -> None:
    """Move the pointer to another build in one step, as publishing does."""
    fresh = pointer.with_suffix(".new")
    fresh.symlink_to(target)
    fresh.replace(pointer)

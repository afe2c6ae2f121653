"""Keeps what a build says of the months that are over."""

import duckdb

from pipeline.meta import literal

# one snapshot of customers speaks about its own day: no month of it is ever closed
_DOMAINS = """
    select
        domains.domain,
        list_contains(domains.parameters, 'segments') as has_segments,
        list(metrics.metric order by metrics.position) as metrics
    from meta.domains
    join meta.metrics on metrics.domain = domains.domain
    cross join meta.build
    where
        list_contains(domains.parameters, 'by')
        and (domains.domain <> 'revenue' or build.mrr_source <> 'one_snapshot')
    group by all
    order by domains.domain
"""
_CLOSED = "cast(slice as date) + interval 1 month <= covered.last_date + 1"


def keep_closed_months(con: duckdb.DuckDBPyConnection) -> None:
    """Fill `meta.closed_months` of the current database, whose metrics must stand.

    A month is closed once its domain's files reach its last day. Every metric is kept,
    in total and per segment, also where it is not known.
    """
    segments = con.execute(
        "select member from meta.members where kind = 'segment' order by position"
    ).fetchall()
    for domain, has_segments, metrics in con.execute(_DOMAINS).fetchall():
        for segment in (None, *(name for (name,) in segments if has_segments), "unknown"):
            con.execute(_months_of(domain, metrics, segment), [segment]).fetchall()


def _months_of(domain: str, metrics: list[str], segment: str | None) -> str:
    """SQL that stores one slice's months; its parameter is the slice's name."""
    names = ", ".join(f'"{name}"' for name in metrics)
    numbers = ", ".join(f'cast("{name}" as double) as "{name}"' for name in metrics)
    chosen = f", segments := [{literal(segment)}]" if segment is not None else ""
    return f"""
        insert into meta.closed_months
        select {literal(domain)}, metric, ?, month, value
        from (
            select cast(slice as date) as month, {numbers}
            from metrics.{domain}("by" := 'month'{chosen})
            cross join (
                select last_date from intermediate.domain_coverage
                where domain = {literal(domain)} and not is_return
            ) as covered
            where not is_total and try_cast(slice as date) is not null and {_CLOSED}
        ) unpivot include nulls (value for metric in ({names}))
        order by metric, month
    """

"""Says what is served, what could be served instead, and how old it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from pipeline.folder import WarehouseFolder
from pipeline.summary import RESTATED, checks_in_words, restated_in_words


@dataclass(frozen=True)
class BuildInfo:
    """What a finished file says about itself; `trouble` instead, if it does not open."""

    load_id: str
    as_of: date | None = None
    as_of_source: str = ""
    built_at: datetime | None = None
    inputs_digest: str = ""
    checks: Mapping[str, int] | None = None
    rows_quarantined: int = 0
    restated: tuple[int, int] = (0, 0)
    trouble: str = ""


def read_build(path: Path) -> BuildInfo:
    """Read a finished file; never raises for one that is damaged."""
    try:
        with duckdb.connect(str(path), read_only=True) as con:
            load_id, as_of, source, built_at, digest = con.execute(
                "select load_id, as_of, as_of_source, built_at, inputs_digest from meta.build"
            ).fetchall()[0]
            checks = con.execute(
                "select status, count(*) from meta.checks group by status"
            ).fetchall()
            quarantined = con.execute("select count(*) from quarantine.rows").fetchall()[0][0]
            restated = _restated(con)
    except (duckdb.Error, IndexError) as error:
        return BuildInfo(path.stem, trouble=str(error).splitlines()[0])
    return BuildInfo(load_id, as_of, source, built_at, digest, dict(checks), quarantined, restated)


def _restated(con: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    try:
        return con.execute(RESTATED).fetchall()[0]
    except duckdb.CatalogException:
        # a build of an older version kept no closed months
        return 0, 0


def describe(folder: WarehouseFolder, builder: str | None, now: datetime) -> str:
    """The text of `status`. `builder` is who builds at this moment, if anybody."""
    served, withdrawn = folder.served(), folder.withdrawn()
    infos = {load_id: read_build(folder.file(load_id)) for load_id in folder.load_ids()}
    lines = _served_lines(folder, infos.get(served or ""), now)
    if builder:
        lines.append(f"building   {builder}")
    if infos:
        lines += ["", "builds, newest first"]
    for load_id in sorted(infos, reverse=True):
        state = "served" if load_id == served else "withdrawn" if load_id in withdrawn else ""
        lines.append(f"  {_build_line(infos[load_id])}  {state}".rstrip())
    return "\n".join(lines)


def fields(folder: WarehouseFolder, builder: str | None) -> dict[str, object]:
    """The same facts for `--log-format json`."""
    withdrawn = folder.withdrawn()
    builds = [
        vars(read_build(folder.file(load_id))) | {"is_withdrawn": load_id in withdrawn}
        for load_id in folder.load_ids()
    ]
    return {"served": folder.served(), "building": builder, "builds": builds}


def _served_lines(folder: WarehouseFolder, info: BuildInfo | None, now: datetime) -> list[str]:
    if info is None:
        return [f"nothing is served in {folder.root}: run `make pipeline`"]
    if info.as_of is None or info.built_at is None:
        return [
            f"served     build {info.load_id}, which does not open: {info.trouble}",
            "next       python -m pipeline rollback, or build again with --force",
        ]
    age = (now.date() - info.as_of).days
    return [
        f"served     {folder.link} (build {info.load_id})",
        f"as of      {info.as_of} ({info.as_of_source}), {_days(age)}",
        f"built      {info.built_at:%Y-%m-%d %H:%M} UTC, {_ago(now, info.built_at)}",
        f"checks     {checks_in_words(info.checks or {})}",
        f"withheld   {info.rows_quarantined:,} rows in quarantine.rows",
        f"restated   {restated_in_words(*info.restated)}",
    ]


def _build_line(info: BuildInfo) -> str:
    if info.trouble:
        return f"{info.load_id}  does not open: {info.trouble}"
    return f"{info.load_id}  as of {info.as_of}  built {info.built_at:%Y-%m-%d %H:%M} UTC"


def _days(age: int) -> str:
    if age < 0:
        return f"{-age} days ahead of today"
    return "today" if age == 0 else f"{age} day{'s' if age > 1 else ''} old"


def _ago(now: datetime, built_at: datetime) -> str:
    minutes = int((now - built_at.replace(tzinfo=UTC)).total_seconds() // 60)
    for size, unit in ((60 * 24, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            count = minutes // size
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "just now"

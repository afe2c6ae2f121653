"""Finds what is behind restated values: policies, definitions and rows of files."""

from collections.abc import Sequence
from datetime import date

import duckdb

from pipeline.models.model import Model
from pipeline.models.reach import upstream
from pipeline.restatement.rows import datasets_read, store_changed_rows

OF_THIS_BUILD = "build_now = (select load_id from meta.build)"


def store_causes(con: duckdb.DuckDBPyConnection, earlier: str, models: Sequence[Model]) -> None:
    """Complete this build's rows of `meta.restatements` and add its `meta.restated_rows`.

    `earlier` names the attached database of the build that is compared with.
    """
    # the contracts bring pandera along, which takes seconds
    from pipeline.contracts import DATASETS

    readers: dict[str, dict[str, date]] = {}
    for domain, until in con.execute(
        f"""
        select domain, cast(max(month) + interval 1 month as date) from meta.restatements
        where {OF_THIS_BUILD} group by domain order by domain
        """
    ).fetchall():
        con.execute(
            f"update meta.restatements set also_changed = ? where {OF_THIS_BUILD} and domain = ?",
            [_also_changed(con, earlier, models, domain), domain],
        ).fetchall()
        for dataset in datasets_read(models, domain):
            readers.setdefault(dataset, {})[domain] = until
    for dataset, domains in sorted(readers.items()):
        key, until = DATASETS[dataset].key, max(domains.values())
        store_changed_rows(con, earlier, dataset, key, until, list(domains))


def _also_changed(
    con: duckdb.DuckDBPyConnection, earlier: str, models: Sequence[Model], domain: str
) -> list[str]:
    """Policies and definitions that a domain rests on and that are not what they were."""
    behind = upstream(models, [f"metrics.{domain}"])
    texts = {model.name: model.text for model in models if model.name in behind}
    policies = con.execute(
        f"""
        select key, previous.value, policy.value
        from meta.policy join {earlier}.meta.policy as previous using (key)
        where previous.value <> policy.value order by key
        """
    ).fetchall()
    definitions = con.execute(
        f"""
        select name from meta.models join {earlier}.meta.models as previous using (name)
        where previous.sql <> models.sql order by name
        """
    ).fetchall()
    return [
        *(
            f"policy {key}: {before} → {now}"
            for key, before, now in policies
            if any(f"'{key}'" in text for text in texts.values())
        ),
        *(f"definition of {name}" for (name,) in definitions if name in texts),
    ]

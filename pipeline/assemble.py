"""Fills one new warehouse file: load, describe, model, check."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

import duckdb

from pipeline import meta
from pipeline.checks import CheckResult, refuse_failed, run_checks
from pipeline.clock import Clock
from pipeline.connection import beside
from pipeline.digest import combined
from pipeline.errors import InputError
from pipeline.folder import WarehouseFolder
from pipeline.insights import store_insights
from pipeline.models.comments import comment_models
from pipeline.models.model import Model
from pipeline.models.run import run_models
from pipeline.policy import Policy
from pipeline.policy_impact import store_policy_values
from pipeline.progress import Progress
from pipeline.restatement.compare import restate

if TYPE_CHECKING:
    from pipeline.build import BuildOptions, Inputs


def assemble(
    con: duckdb.DuckDBPyConnection,
    options: "BuildOptions",
    inputs: "Inputs",
    load_id: str,
    begun: datetime,
    clock: Clock,
    progress: Progress,
) -> tuple[CheckResult, ...]:
    """Fill the current, empty database of `con`; returns the outcome of every check.

    Raises InputError, ModelError or CheckFailed: then the file must not be published.
    """
    with clock.step("libraries"):
        # the contracts bring pandera along, which takes seconds
        from pipeline.history.build import fill_ledgers
        from pipeline.ingest.load import load_all, resolve_as_of
    with clock.step("load"):
        meta.create_schemas(con)
        load_all(con, inputs.config, load_id, options.strict, progress, options.verify)
        _refuse_moved(con, inputs)
        as_of, source = resolve_as_of(con, options.as_of)
        appendix = fill_ledgers(
            con, inputs.config, options.warehouse, load_id, as_of, options.strict
        )
        facts = meta.BuildFacts(
            load_id=load_id,
            as_of=as_of,
            as_of_source=source,
            built_at=begun.replace(tzinfo=None),
            inputs_digest=combined(inputs.fingerprint, appendix.rests_on),
        )
        meta.fill(con, facts, inputs.config.policy)
    with clock.step("models"):
        models = run_models(con, options.sql, progress)
        comment_models(con, models)
    with _policies_worked_out(con, models, inputs.config.policy, clock):
        with clock.step("restatements"):
            restate(con, WarehouseFolder(options.warehouse), models)
        with clock.step("checks"):
            progress.start("checks", sum(model.layer == "checks" for model in models))
            results = run_checks(con, models, progress.advance)
            progress.finish()
            refuse_failed(con, results)
        with clock.step("insights"):
            store_insights(con)
    with clock.step("history"):
        appendix.write(con)
    return results


@contextmanager
def _policies_worked_out(
    con: duckdb.DuckDBPyConnection, models: Sequence[Model], policy: Policy, clock: Clock
) -> Iterator[None]:
    """Work out the other choices of the policies while the block runs, on a connection of its own.

    They build what they need beside the warehouse and only read it, as the checks do; both
    leave a core idle when they run alone. The block's own error wins over one from here.
    """

    def work() -> None:
        with clock.step("policies meanwhile"):
            store_policy_values(own, models, policy)

    own = beside(con)
    try:
        with ThreadPoolExecutor(1, thread_name_prefix="policies") as pool:
            worked_out = pool.submit(work)
            yield
        worked_out.result()
    finally:
        own.close()


def _refuse_moved(con: duckdb.DuckDBPyConnection, inputs: "Inputs") -> None:
    """A file that changed under the build would be remembered under the wrong digest."""
    contents: Mapping[str, str] = inputs.contents
    for dataset, file, read in con.execute(
        "select dataset, file, sha256 from meta.loads where is_present"
    ).fetchall():
        if read != contents[dataset]:
            raise InputError(
                f"{file} changed while it was read",
                str(inputs.config.files[dataset].path),
                "Wait until nothing writes to it, then build again.",
            )

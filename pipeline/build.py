"""The whole way from CSV files to a published warehouse."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import digest, lock
from pipeline.clock import Clock
from pipeline.config import Config, load_config
from pipeline.errors import InputError
from pipeline.folder import WarehouseFolder
from pipeline.history.book import resting_on
from pipeline.history.settle import settle, used_by
from pipeline.log import Log
from pipeline.progress import Progress
from pipeline.trouble import explained

if TYPE_CHECKING:
    from pipeline.summary import Summary

SQL = digest.PROJECT / "sql"


@dataclass(frozen=True)
class BuildOptions:
    """What the command line asks for."""

    data: Path = Path("data")
    warehouse: Path = Path("warehouse")
    as_of: date | None = None
    strict: bool = False
    config: Path | None = None
    force: bool = False
    verify: bool = False
    lock_timeout: float = 60.0
    sql: Path = SQL
    new_book: str | None = None


@dataclass(frozen=True)
class Inputs:
    """What the numbers depend on: the digest of it all, and the SHA-256 of each file."""

    config: Config
    fingerprint: str
    contents: Mapping[str, str]

    @classmethod
    def read(cls, options: BuildOptions) -> "Inputs":
        """Configuration and digests; needs none of the heavy libraries.

        InputError for a file that cannot be read.
        """
        config = load_config(options.config, options.data)
        if options.new_book:
            config = replace(config, policy=replace(config.policy, book=options.new_book))
        files = {name: file.path for name, file in config.files.items()}
        settings = (
            config.digest_text(),
            f"as of {options.as_of or 'the newest date'}",
            f"strict {options.strict}, verify {options.verify}",
        )
        try:
            return cls(config, *digest.inputs_digest(files, options.sql, settings))
        except OSError as error:
            raise InputError(
                f"A file cannot be read: {error.strerror}",
                str(error.filename),
                "Check its permissions, or whether another program holds it.",
            ) from error


def build(options: BuildOptions, log: Log, progress: Progress) -> None:
    """Build and publish, unless nothing has changed; says on `log` what was done.

    Raises a PipelineError; then what was served before is still served.
    """
    clock = Clock()
    folder = WarehouseFolder(options.warehouse)
    with clock.step("digest"):
        inputs = Inputs.read(options)
    if not options.force and _is_unchanged(folder, inputs, log):
        return
    try:
        with explained(options.warehouse):
            folder.create()
            with lock.exclusive(
                options.warehouse, options.lock_timeout, lambda text: log.note("waiting", text)
            ):
                settle(folder)
                # the build that was waited for may have been this very one
                if not options.force and _is_unchanged(folder, inputs, log):
                    return
                summary = _published(folder, options, inputs, clock, log, progress)
    finally:
        progress.finish()
    log.tell("published", summary.text(), **summary.fields())
    if options.new_book:
        told = f'book       later builds need [policy] book = "{options.new_book}" in revops.toml'
        log.note("book", told, book=options.new_book)


def _is_unchanged(folder: WarehouseFolder, inputs: Inputs, log: Log) -> bool:
    """Whether these inputs have been built already; says so, and which build it was.

    A build that a rollback stepped back from is not published again by itself:
    whoever rolled back had a reason, and a nightly run must not undo it.
    """
    served = folder.served()
    for load_id in filter(None, (served, *sorted(folder.withdrawn()))):
        if not _made(folder, load_id, inputs):
            continue
        text = f"Nothing has changed since build {load_id}, which is served. --force rebuilds."
        if load_id != served:
            text = (
                f"These inputs gave build {load_id}, which a rollback withdrew; build {served}"
                " stays served. Change the inputs, or publish them again with --force."
            )
        log.tell("unchanged", text, message=text, load_id=load_id, served=served)
        return True
    return False


def _made(folder: WarehouseFolder, load_id: str, inputs: Inputs) -> bool:
    """Whether a build had these inputs and rests on this history.

    Its name holds the first digits of the inputs' digest. A withdrawn build is judged by the
    history it had itself, which the rollback withdrew with it.
    """
    if not load_id.endswith(inputs.fingerprint[:8]):
        return False
    from pipeline.status import read_build

    path = folder.file(load_id)
    chosen = used_by(path) if load_id in folder.withdrawn() else None
    history = resting_on(folder.root, inputs.config.policy.book, chosen)
    return read_build(path).inputs_digest == digest.combined(inputs.fingerprint, history)


def _published(
    folder: WarehouseFolder,
    options: BuildOptions,
    inputs: Inputs,
    clock: Clock,
    log: Log,
    progress: Progress,
) -> "Summary":
    """Write, check, seal and publish one build. The lock must be held."""
    with clock.step("libraries"):
        from pipeline import publish
        from pipeline.assemble import assemble
        from pipeline.summary import summarise
    cleared = publish.clear_leftovers(folder)
    if cleared:
        log.note("cleared", f"Cleared {cleared} left-overs of builds that were cut short.")
    begun = datetime.now(UTC)
    load_id = folder.next_load_id(inputs.fingerprint, begun)
    con = publish.open_unfinished(folder, load_id)
    try:
        checks = assemble(con, options, inputs, load_id, begun, clock, progress)
        summary = summarise(con, checks, clock, folder.link)
        with clock.step("publish"):
            publish.seal(con, folder, load_id)
            publish.publish(folder, load_id)
    finally:
        con.close()
        publish.clear_leftovers(folder)
        settle(folder)
    return summary

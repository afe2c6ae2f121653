"""How one input file is read: `[files.<dataset>]` of revops.toml."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pipeline.datasets import COLUMNS
from pipeline.policy import CLOSED_STAGES, STATUSES, Policy
from pipeline.settings import Settings

KINDS = ("snapshots", "changes")
_FILE_KEYS = (
    "path",
    "date_format",
    "decimal",
    "thousands",
    "columns",
    "values",
    "end_is_inclusive",
    "kind",
    "tolerated_share",
)
_WITH_END = ("subscriptions", "targets")
_THOUSANDS = (",", ".", " ", "'", "\u2019", "\u00a0", "\u202f", "\u2009", "_")


@dataclass(frozen=True)
class FileConfig:
    """How one input file is read.

    `columns` gives the file's own name of ours, `values` per column our word for
    theirs; `date_format` is strptime's; `end_is_inclusive` says that an end date is
    the last day paid and not the first day no longer paid; `kind` that deal_history
    holds whole snapshots or only what changed; `tolerated_share` (0-1) how much of
    the file may be withheld.
    """

    dataset: str
    path: Path
    date_format: str | None = None
    decimal: str = "."
    thousands: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    end_is_inclusive: bool = False
    kind: str = "snapshots"
    tolerated_share: float = 0.01


def read_file_config(
    settings: Settings, dataset: str, data_dir: Path, policy: Policy
) -> FileConfig:
    """The table `[files.<dataset>]`, defaults where it is silent; UsageError when wrong."""
    settings.refuse_unknown(_FILE_KEYS)
    decimal = settings.choice("decimal", ".", (".", ","))
    thousands = settings.text("thousands", None)
    if thousands is not None and thousands not in _THOUSANDS:
        settings.refuse_value("thousands", "a separator: , . ' _ or a space")
    if thousands == decimal:
        settings.refuse_value("thousands", f"different from the decimal separator {decimal!r}")
    if "kind" in settings.values and dataset != "deal_history":
        settings.refuse_value("kind", "meant for this file", "only deal_history has a kind")
    if "end_is_inclusive" in settings.values and dataset not in _WITH_END:
        settings.refuse_value(
            "end_is_inclusive", "meant for this file", f"only {' and '.join(_WITH_END)} have ends"
        )
    return FileConfig(
        dataset=dataset,
        path=_path(settings, data_dir / f"{dataset}.csv"),
        date_format=_date_format(settings),
        decimal=decimal,
        thousands=thousands,
        columns=_columns(settings.table("columns"), dataset),
        values=_values(settings.table("values"), dataset, policy),
        end_is_inclusive=settings.flag("end_is_inclusive", False),
        kind=settings.choice("kind", "snapshots", KINDS),
        tolerated_share=settings.number("tolerated_share", 0.01, 0, 1),
    )


def _path(settings: Settings, default: Path) -> Path:
    given = settings.text("path", None)
    if given is None:
        return default
    path = settings.file.parent / Path(given).expanduser()
    if not path.is_file():
        settings.refuse_value(
            "path",
            f"a file that is there (looked for {path.absolute()})",
            "correct it; a relative path starts at the folder of the configuration file",
        )
    return path


def _date_format(settings: Settings) -> str | None:
    given = settings.text("date_format", None)
    if given is None:
        return None
    remedy = 'use strptime codes for a whole date, such as "%d.%m.%Y" or "%m/%d/%Y"'
    try:
        for day in (datetime(2026, 3, 4), datetime(2025, 12, 31)):
            if datetime.strptime(day.strftime(given), given) != day:
                settings.refuse_value("date_format", "a format of year, month and day", remedy)
    except ValueError:
        settings.refuse_value("date_format", "a format of year, month and day", remedy)
    return given


def _columns(settings: Settings, dataset: str) -> dict[str, str]:
    settings.refuse_unknown(COLUMNS[dataset], "column")
    mapping = {ours: settings.text(ours, None) or "" for ours in settings.values}
    for ours, theirs in mapping.items():
        if not theirs.strip():
            settings.refuse_value(ours, "the name of a column in the file")
        if list(mapping.values()).count(theirs) > 1:
            settings.refuse_value(ours, "mapped once", f"{theirs!r} is mapped to two columns")
    return mapping


def _values(settings: Settings, dataset: str, policy: Policy) -> dict[str, dict[str, str]]:
    settings.refuse_unknown(COLUMNS[dataset], "column")
    return {
        column: _column_values(settings.table(column), _known_words(column, policy))
        for column in settings.values
    }


def _known_words(column: str, policy: Policy) -> tuple[str, ...]:
    return {
        "segment": policy.segments,
        "stage": (*policy.stages, *CLOSED_STAGES),
        "status": STATUSES,
    }.get(column, ())


def _column_values(settings: Settings, known: tuple[str, ...]) -> dict[str, str]:
    """Our word for each of theirs; our words of a closed list must be in it."""
    return {
        theirs: settings.choice(theirs, "", known) if known else _word(settings, theirs)
        for theirs in settings.values
    }


def _word(settings: Settings, theirs: str) -> str:
    value = settings.values[theirs]
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str | int | float):
        settings.refuse_value(theirs, "a word or a number")
    return str(value)

"""What a SQL model is, once its file has been read."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Kind = Literal["view", "table", "macro"]

# A model reads its own or an earlier layer; what the pipeline loads comes first.
LOADED = ("raw", "meta", "quarantine")
LAYERS = ("staging", "intermediate", "marts", "metrics", "reports", "checks")

# Every metrics macro says whose numbers these are; none of these is a metric.
FIXED_COLUMNS = {
    "slice": "The member of the dimension `by`; NULL in the total row",
    "is_total": "True in the one row that holds the total of the selection",
    "is_partial": "True where the window reaches beyond what the inputs cover",
    "filters_not_applied": "Filters that the inputs cannot honour, by name",
}
UNKNOWN_ROWS = "_unknown_rows"
# The column of a check that says how far a row is off.
GAP = "gap"


@dataclass(frozen=True)
class Metric:
    """One metric of a domain as its header line states it."""

    name: str
    label: str
    unit: str
    definition: str
    better: str | None
    benchmark: str | None
    numerator: str | None
    denominator: str | None
    window: str | None
    role: str


@dataclass(frozen=True)
class CheckRule:
    """How a check is judged: its class, what it tests, and what to do when it fails.

    `tested` is a model whose rows are counted or a `select count(*) …`; `needs`
    names a dataset without which there is nothing to test.
    """

    severity: Literal["error", "warning"]
    tested: str
    remedy: str
    needs: str | None


@dataclass(frozen=True)
class Header:
    """The TOML comment lines at the top of a model's file."""

    description: str
    columns: Mapping[str, str]
    dimensions: tuple[str, ...] = ()
    metrics: tuple[Metric, ...] = ()
    check: CheckRule | None = None


@dataclass(frozen=True)
class Parameter:
    """One parameter of a macro."""

    name: str
    has_default: bool


@dataclass(frozen=True)
class Reference:
    """One schema-qualified relation or macro that a model reads, and the line it stands on."""

    name: str
    line: int


@dataclass(frozen=True)
class Model:
    """One file below `sql/`: its path is its name, its text can be pasted into DuckDB."""

    layer: str
    stem: str
    path: Path
    text: str
    kind: Kind
    header: Header
    parameters: tuple[Parameter, ...]
    references: tuple[Reference, ...]
    expressions: Mapping[str, str]

    @property
    def name(self) -> str:
        return f"{self.layer}.{self.stem}"

    @property
    def file(self) -> str:
        """The path as people name it: `sql/marts/marketing_daily.sql`."""
        return "/".join(self.path.parts[-3:])

    @property
    def statement(self) -> str:
        """The file's text without the semicolon that ends it."""
        return self.text.rstrip().rstrip(";")

    @property
    def has_view(self) -> bool:
        """Whether a report can be read as a plain table, without any parameter."""
        return self.kind != "macro" or (
            self.layer == "reports" and all(p.has_default for p in self.parameters)
        )

    def where(self, line: int | None = None) -> str:
        """File and line, as editors and terminals make it clickable."""
        return self.file if line is None else f"{self.file}:{line}"

"""Which numbers of a table prove themselves, and the click that opens the proof of one."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode

from revops import Warehouse, metrics, units

# column and row -> the click's action; empty where a number proves nothing
CellAction = Callable[[str, Mapping[str, Any]], str]


@dataclass(frozen=True)
class CellProofs:
    """The columns of a table that are metrics, and what its rows are part of.

    `metrics` names the metric ("marketing.cpl") of each such column. `parts` names the column
    that says which entity or period of a kind ("segment", "month") a row belongs to; one that
    says nothing ("") is of all of that kind.
    """

    metrics: Mapping[str, str]
    parts: Mapping[str, str]

    @classmethod
    def of(
        cls, warehouse: Warehouse, domain: str, parts: Mapping[str, str], **others: str
    ) -> "CellProofs":
        """The metrics of a domain; `others` are columns called otherwise than their metric."""
        known = {name: name for name in metrics.catalogue(warehouse, domain)["metric"]}
        return cls({name: f"{domain}.{of}" for name, of in {**known, **others}.items()}, parts)

    def action(self, column: str, row: Mapping[str, Any]) -> str:
        """What a click on that cell does."""
        names = {kind: row[named] for kind, named in self.parts.items()}
        is_known = None not in names.values() and units.UNKNOWN not in names.values()
        if column not in self.metrics or row[column] is None or not is_known:
            return ""
        return cell_action(self.metrics[column], names)


def cell_action(metric: str, parts: Mapping[str, str | date]) -> str:
    """The click that proves a metric of these parts of what the page looks at."""
    return f"cell:{metric}:{urlencode({kind: str(name) for kind, name in parts.items() if name})}"


def parts_asked(row: str) -> Iterable[tuple[str, str]]:
    """The parts that such a click names, by kind; of what cannot be read, none."""
    try:
        return parse_qsl(row, max_num_fields=10)
    except ValueError:
        return ()

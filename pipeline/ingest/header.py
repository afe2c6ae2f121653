"""The header line: which of the contract's columns a file has, found by name."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.config import FileConfig
from pipeline.contracts.columns import ColumnSpec
from pipeline.errors import InputError
from pipeline.ingest.header_faults import refuse_missing, refuse_other_separator


@dataclass(frozen=True)
class Header:
    """The columns of one file, under our names unless said.

    `present` are the contract's columns the file has, in the contract's order;
    `absent` the optional ones it lacks; `extra` the file's other names, which are
    not read; `source_names` gives the file's own name of each present column and
    `positions` its place from 0; `names` are all the file's own.
    """

    line: int
    present: tuple[str, ...]
    absent: tuple[str, ...]
    extra: tuple[str, ...]
    source_names: Mapping[str, str]
    positions: Mapping[str, int]
    names: tuple[str, ...]

    @property
    def width(self) -> int:
        """Columns of the file, read or not."""
        return len(self.names)

    def name_at(self, position: int) -> str | None:
        """The column at a place from 0: our name, else the file's, None beyond the last."""
        ours = (name for name, place in self.positions.items() if place == position)
        theirs = self.names[position] if position < self.width else None
        return next(ours, theirs)


def match_header(
    path: Path,
    line: int,
    names: Sequence[str],
    columns: Sequence[ColumnSpec],
    mapping: FileConfig,
) -> Header:
    """Find the contract's columns among a file's names, in any order.

    Names are compared exactly; a mapping of the configuration replaces our name
    by theirs, and a column that is mapped must be there. InputError when one is
    missing, doubled or misspelt.
    """
    where = f"{path.name}:{line}"
    refuse_other_separator(path, where, names)
    doubled = [name for name, count in Counter(names).items() if count > 1 and name.strip()]
    if doubled:
        raise InputError(
            f"{path.name} has a column more than once: {', '.join(doubled)}.",
            where,
            "keep one and remove or rename the others: which one is meant cannot be known",
        )
    wanted = {spec.name: mapping.columns.get(spec.name, spec.name) for spec in columns}
    found = {ours: theirs for ours, theirs in wanted.items() if theirs in names}
    required = {spec.name for spec in columns if spec.is_required} | set(mapping.columns)
    refuse_missing(path, where, names, wanted, required, mapping.dataset)
    return Header(
        line=line,
        present=tuple(found),
        absent=tuple(ours for ours in wanted if ours not in found),
        extra=tuple(
            name if name.strip() else f"(no name, column {place})"
            for place, name in enumerate(names, start=1)
            if name not in found.values()
        ),
        source_names=found,
        positions={ours: names.index(theirs) for ours, theirs in found.items()},
        names=tuple(names),
    )

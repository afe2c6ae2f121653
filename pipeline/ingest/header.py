"""The header line: which of the contract's columns a file has, found by name."""

import difflib
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.config import FileConfig
from pipeline.contracts.columns import ColumnSpec
from pipeline.errors import InputError
from pipeline.ingest.lookalikes import describe_foreign_characters, fold

_MISSPELT_OPTIONAL = 0.85


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
    by theirs. InputError when one is missing, doubled or misspelt.
    """
    where = f"{path.name}:{line}"
    _refuse_other_separator(path, where, names)
    doubled = [name for name, count in Counter(names).items() if count > 1 and name.strip()]
    if doubled:
        raise InputError(
            f"{path.name} has the column {_listed(doubled)} more than once.",
            where,
            "keep one of them, or rename the others: which one is meant cannot be known",
        )
    wanted = {spec.name: mapping.columns.get(spec.name, spec.name) for spec in columns}
    found = {ours: theirs for ours, theirs in wanted.items() if theirs in names}
    extra = [name for name in names if name not in found.values()]
    _refuse_missing(path, where, names, columns, wanted, extra)
    return Header(
        line=line,
        present=tuple(found),
        absent=tuple(ours for ours in wanted if ours not in found),
        extra=tuple(name or f"(no name, column {names.index(name) + 1})" for name in extra),
        source_names=found,
        positions={ours: names.index(theirs) for ours, theirs in found.items()},
        names=tuple(names),
    )


def _refuse_other_separator(path: Path, where: str, names: Sequence[str]) -> None:
    if len(names) > 1:
        return
    for separator, label in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if names[0].count(separator) > 1:
            raise InputError(
                f"{path.name} looks separated by {label}, not by commas.",
                where,
                "export it again with a comma between the columns",
            )


def _refuse_missing(
    path: Path,
    where: str,
    names: Sequence[str],
    columns: Sequence[ColumnSpec],
    wanted: Mapping[str, str],
    extra: Sequence[str],
) -> None:
    required = [spec.name for spec in columns if spec.is_required]
    missing = [
        ours
        for ours, theirs in wanted.items()
        if theirs not in names and (ours in required or theirs != ours)
    ]
    guesses = {ours: _nearest(wanted[ours], extra, 0.6) for ours in missing}
    for ours, theirs in wanted.items():
        if theirs not in names and ours not in missing:
            guess = _nearest(theirs, extra, _MISSPELT_OPTIONAL)
            if guess:
                missing.append(ours)
                guesses[ours] = guess
    if not missing:
        return
    told = []
    for ours in missing:
        mapped = "" if wanted[ours] == ours else f" (mapped to {wanted[ours]!r})"
        told.append(f"{ours}{mapped}{_told_guess(guesses[ours])}")
    what = f"{path.name} lacks {'a column' if len(told) == 1 else 'columns'}: {'; '.join(told)}."
    if len(missing) * 2 > len(required):
        what += " It looks like another system's file or has no header line."
    shown = [name or "(no name)" for name in names]
    raise InputError(
        f"{what} Found: {_listed(shown)}.", where, _mapping_hint(path.stem, missing, guesses)
    )


def _told_guess(guess: str | None) -> str:
    if guess is None:
        return ""
    foreign = describe_foreign_characters(guess)
    return f" (did you mean its {guess!r}{', which holds ' + foreign if foreign else ''}?)"


def _mapping_hint(dataset: str, missing: Sequence[str], guesses: Mapping[str, str | None]) -> str:
    example = next((ours for ours in missing if guesses[ours]), missing[0])
    theirs = guesses[example] or "their name"
    return (
        "rename the columns (names are exact, their order is free), or map them in revops.toml: "
        f'[files.{dataset}] columns = {{ {example} = "{theirs}" }}'
    )


def _nearest(name: str, candidates: Sequence[str], cutoff: float) -> str | None:
    by_fold = {fold(candidate): candidate for candidate in reversed(candidates) if candidate}
    close = difflib.get_close_matches(fold(name), list(by_fold), n=1, cutoff=cutoff)
    return by_fold[close[0]] if close else None


def _listed(names: Sequence[str]) -> str:
    return ", ".join(unicodedata.normalize("NFC", name) for name in names)

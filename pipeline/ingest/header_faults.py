"""Why a header does not fit, and what its columns were probably meant to be."""

import difflib
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from pipeline.datasets import COLUMNS
from pipeline.errors import InputError
from pipeline.ingest.lookalikes import describe_foreign_characters, fold

_SEPARATORS = ((";", "semicolons"), ("\t", "tabs"), ("|", "bars"))
_GUESS = 0.6
_MISSPELT = 0.85
_ANOTHER_FILE = 0.8


def refuse_other_separator(path: Path, where: str, names: Sequence[str]) -> None:
    """InputError for a header that only makes sense with another separator."""
    for separator, label in _SEPARATORS:
        is_declared = names[0].casefold().startswith(f"sep={separator}")
        if is_declared or (len(names) == 1 and names[0].count(separator) > 1):
            raise InputError(
                f"{path.name} looks separated by {label}, not by commas.",
                where,
                "export it again with commas between the columns",
            )


def refuse_missing(
    path: Path,
    where: str,
    names: Sequence[str],
    wanted: Mapping[str, str],
    required: Collection[str],
    dataset: str,
) -> None:
    """InputError naming every missing column and the one that was probably meant.

    `wanted` gives the name to look for per column of ours. An optional column is
    missed only when another one is so like it that it must be a slip.
    """
    spare = [name for name in names if name not in wanted.values() and name.strip()]
    guesses: dict[str, str | None] = {}
    for ours, theirs in wanted.items():
        if theirs in names:
            continue
        guess = _nearest(theirs, spare, _GUESS if ours in required else _MISSPELT)
        if guess or ours in required:
            guesses[ours] = guess
    if not guesses:
        return
    raise InputError(
        f"{path.name} lacks {'a column' if len(guesses) == 1 else 'columns'}: "
        + "; ".join(_told(ours, wanted[ours], guess) for ours, guess in guesses.items())
        + f".{_another_file(names, guesses, required, dataset)}"
        + f" Found: {', '.join(name or '(no name)' for name in names)}.",
        where,
        _remedy(dataset, guesses),
    )


def _told(ours: str, theirs: str, guess: str | None) -> str:
    name = ours if theirs == ours else f"{ours}, mapped to {theirs!r},"
    if guess is None:
        return name.rstrip(",")
    strangers = describe_foreign_characters(guess)
    return f"{name} (is it {guess!r}{', which holds ' + strangers if strangers else ''}?)"


def _another_file(
    names: Sequence[str], guesses: Mapping[str, str | None], required: Collection[str], dataset: str
) -> str:
    if len(guesses) * 2 <= len(required):
        return ""
    for other, columns in COLUMNS.items():
        if other != dataset and len(set(columns) & set(names)) >= _ANOTHER_FILE * len(columns):
            return f" These are the columns of {other}.csv."
    return " It looks like another system's export, or like a file without a header line."


def _remedy(dataset: str, guesses: Mapping[str, str | None]) -> str:
    ours, theirs = next(
        ((ours, guess) for ours, guess in guesses.items() if guess), (next(iter(guesses)), None)
    )
    rename = "rename the columns (names are exact, their order is free)"
    if theirs and describe_foreign_characters(theirs):
        return f"type the column's name anew: {ours}"
    return (
        f"{rename}, or map them in revops.toml: "
        f'[files.{dataset}] columns = {{ {ours} = "{theirs or "their name"}" }}'
    )


def _nearest(name: str, candidates: Sequence[str], cutoff: float) -> str | None:
    by_fold = {fold(candidate): candidate for candidate in reversed(candidates)}
    close = difflib.get_close_matches(fold(name), list(by_fold), n=1, cutoff=cutoff)
    return by_fold[close[0]] if close else None

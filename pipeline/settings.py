"""A table of the configuration file, read key by key with the place in every complaint."""

import difflib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from pipeline.errors import UsageError

_TYPE_NAMES = {
    bool: "true or false",
    str: "text in quotes",
    int: "a whole number",
    float: "a number",
    list: "a list",
    dict: "a table",
}


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that a misspelt one probably meant, compared without case and dashes."""
    by_fold = {_fold(candidate): candidate for candidate in known}
    close = difflib.get_close_matches(_fold(name), list(by_fold), n=1, cutoff=0.6)
    return by_fold[close[0]] if close else None


def _fold(name: str) -> str:
    return name.casefold().replace("-", "_").replace(" ", "_")


@dataclass(frozen=True)
class Settings:
    """The values of one table of a TOML file; `key` is its dotted name, empty at the top."""

    file: Path
    key: str
    values: Mapping[str, Any]

    def refuse_unknown(self, known: Collection[str], noun: str = "key") -> None:
        """UsageError naming the nearest known name for any other."""
        for name in self.values:
            if name not in known:
                self.refuse_name(name, known, noun)

    def refuse_name(self, name: str, known: Collection[str], noun: str) -> NoReturn:
        """UsageError for a name that is not one of the known."""
        guess = nearest(name, known)
        meant = f"did you mean {guess!r}? " if guess else ""
        raise UsageError(
            f"{self.file.name} has an unknown {noun}: {self.dotted(name)}.",
            f"{self.file}, {self.dotted(name)}",
            f"{meant}Known here: {', '.join(known)}",
        )

    def refuse_value(self, name: str, wanted: str, remedy: str = "") -> NoReturn:
        """UsageError for a value that is not what the key takes."""
        raise UsageError(
            f"{self.file.name}: {self.dotted(name)} = {_shown(self.values[name])} is not {wanted}.",
            f"{self.file}, {self.dotted(name)}",
            remedy or f"write {wanted}, or leave the key out",
        )

    def dotted(self, name: str) -> str:
        """The full name of a key of this table."""
        return f"{self.key}.{name}" if self.key else name

    def table(self, name: str) -> "Settings":
        """A table within this one; empty when absent."""
        return Settings(self.file, self.dotted(name), self._typed(name, dict, {}))

    def flag(self, name: str, default: bool) -> bool:
        return self._typed(name, bool, default)

    def text(self, name: str, default: str | None) -> str | None:
        return self._typed(name, str, default)

    def number(self, name: str, default: float, least: float, most: float) -> float:
        """A number between two bounds, both allowed."""
        value = self._typed(name, float, default)
        if not least <= value <= most:
            self.refuse_value(name, f"between {least:g} and {most:g}")
        return value

    def whole_number(self, name: str, default: int, least: int, most: int) -> int:
        """A whole number between two bounds, both allowed."""
        value = self._typed(name, int, default)
        if not least <= value <= most:
            self.refuse_value(name, f"between {least} and {most}")
        return value

    def choice(self, name: str, default: str, known: Collection[str]) -> str:
        """One of the known words."""
        value = self._typed(name, str, default)
        if value not in known:
            guess = nearest(value, known)
            self.refuse_value(
                name, f"one of {', '.join(known)}", f"did you mean {guess!r}?" if guess else ""
            )
        return value

    def names(self, name: str, default: tuple[str, ...]) -> tuple[str, ...]:
        """A list of different names, at least one."""
        value = self._typed(name, list, list(default))
        folded = [_fold(member.strip()) for member in value if isinstance(member, str)]
        if not value or len(folded) < len(value) or "" in folded or len(set(folded)) < len(folded):
            self.refuse_value(name, "a list of different names")
        return tuple(member.strip() for member in value)

    def _typed(self, name: str, wanted: type, default: Any) -> Any:
        if name not in self.values:
            return default
        value = self.values[name]
        accepted: tuple[type, ...] = (int, float) if wanted is float else (wanted,)
        if not isinstance(value, accepted) or (isinstance(value, bool) and wanted is not bool):
            self.refuse_value(name, _TYPE_NAMES[wanted])
        return value


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)

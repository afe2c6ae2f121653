"""A SQL statement with its values beside it, and the same statement with them filled in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

PLACEHOLDER = re.compile(r"\$(\w+)")


@dataclass(frozen=True)
class Statement:
    """`text` with `$name` placeholders, and the values to bind to them."""

    text: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def literal(self) -> str:
        """The statement with its values written out: paste it into DuckDB as it stands."""
        return PLACEHOLDER.sub(lambda found: literal(self.params[found[1]]), self.text)


def naming(text: str, params: Mapping[str, Any]) -> Statement:
    """The statement with those of the values that it names: one question of several."""
    named = set(PLACEHOLDER.findall(text))
    return Statement(text, {name: value for name, value in params.items() if name in named})


def call(macro: str, params: Mapping[str, Any], prefix: str = "") -> str:
    """A table macro's call with named, bound arguments: `metrics.revenue(since := $since)`.

    `prefix` goes before the placeholders' names, for statements that call a macro twice.
    """
    arguments = ", ".join(f"{_named(name)} := ${prefix}{name}" for name in params)
    return f"{macro}({arguments})"


def literal(value: Any) -> str:
    """A value as DuckDB writes it; text can neither end its quotes nor hide a NUL."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float, Decimal)):
        return str(value)
    if isinstance(value, date):
        return f"date '{value.isoformat()}'"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(literal(one) for one in value)}]"
    quoted = "'" + str(value).replace("'", "''") + "'"
    return quoted.replace("\0", "' || chr(0) || '")


def _named(name: str) -> str:
    return f'"{name}"' if name == "by" else name

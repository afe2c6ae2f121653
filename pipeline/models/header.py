"""Reads the TOML comment lines at the top of a model's file."""

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

from pipeline.errors import ModelError
from pipeline.models.model import CheckRule, Header, Metric

UNITS = ("money", "count", "ratio", "days", "months", "multiple", "money_per_day")
WINDOWS = ("flow", "stock", "last_12_months", "last_3_months", "last_month")
BETTER = ("higher", "lower")
SEVERITIES = ("error", "warning")
KPI, PART = "kpi", "part"

GENERAL_KEYS = ("description", "columns")
ALLOWED_KEYS = {"checks": (*GENERAL_KEYS, "class", "tested", "remedy", "needs")}
METRIC_KEYS = (
    "label", "unit", "better", "benchmark", "numerator", "denominator",
    "window", "role", "definition",
)  # fmt: skip


class HeaderReader:
    """Turns the header of one file into a `Header`, or says which line is wrong and why."""

    def __init__(self, file: str, text: str) -> None:
        self._file = file
        self._lines = _comment_lines(text)

    def read(self, layer: str) -> Header:
        """Parse for `layer`; raises ModelError with file and line."""
        values = self._parse()
        if layer != "metrics":
            self._refuse_unknown(values, ALLOWED_KEYS.get(layer, GENERAL_KEYS))
        description = self._text(values, "description", required=True)
        columns = self._columns(values.pop("columns", {}))
        if layer == "metrics":
            dimensions = tuple(self._texts(values, "by"))
            metrics = tuple(self._metric(name, value) for name, value in values.items())
            return Header(description, columns, dimensions, metrics)
        if layer == "checks":
            return Header(description, columns, check=self._check(values))
        return Header(description, columns)

    def _parse(self) -> dict[str, Any]:
        toml = "\n".join(re.sub(r"^--[ \t]?", "", line) for line in self._lines)
        try:
            return tomllib.loads(toml)
        except tomllib.TOMLDecodeError as error:
            found = re.search(r"\(at line (\d+), column \d+\)", str(error))
            line = int(found[1]) if found else max(len(self._lines), 1)
            what = re.sub(r"\s*\(at .*\)$", "", str(error))
            raise ModelError(
                f"The header is not valid TOML: {what}",
                f"{self._file}:{line}",
                "Write each header line as `-- key = value`; prose goes below an empty line.",
            ) from error

    def _columns(self, value: Any) -> Mapping[str, str]:
        if not isinstance(value, dict):
            self._fail('`columns` is written as `-- columns.<name> = "…"`', "columns")
        for name, text in value.items():
            if not isinstance(text, str):
                self._fail(f"columns.{name} must be a text", "columns." + name)
        return value

    def _metric(self, name: str, value: Any) -> Metric:
        if not isinstance(value, dict):
            self._fail(
                f"`{name}` is neither a header key nor a metric; a metric is one line "
                f'`-- {name} = {{ label = "…", unit = "…", definition = "…" }}`',
                name,
            )
        self._refuse_unknown(value, METRIC_KEYS, inside=name)
        role = value.get("role", KPI)
        self._one_of(name, "role", role, (KPI, PART))
        self._one_of(name, "unit", value.get("unit"), UNITS)
        for key, allowed in (("window", WINDOWS), ("better", BETTER)):
            if key in value:
                self._one_of(name, key, value[key], allowed)
        needed = ("label", "definition") if role == PART else ("label", "definition", "window")
        for key in needed:
            if not isinstance(value.get(key), str):
                self._fail(f"Metric `{name}` has no {key}", name)
        fields: dict[str, Any] = dict.fromkeys(METRIC_KEYS) | value | {"role": role}
        return Metric(name=name, **fields)

    def _check(self, values: dict[str, Any]) -> CheckRule:
        severity = self._text(values, "class", required=True)
        self._one_of("class", "class", severity, SEVERITIES)
        return CheckRule(
            severity="error" if severity == "error" else "warning",
            tested=self._text(values, "tested", required=True),
            remedy=self._text(values, "remedy", required=True),
            needs=self._text(values, "needs", required=False) or None,
        )

    def _text(self, values: dict[str, Any], key: str, *, required: bool) -> str:
        value = values.pop(key, None)
        if value is None and not required:
            return ""
        if not isinstance(value, str) or not value.strip():
            self._fail(f'The header needs `-- {key} = "…"`', key)
        return value

    def _texts(self, values: dict[str, Any], key: str) -> list[str]:
        value = values.pop(key, None)
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self._fail(f'The header needs `-- {key} = ["…"]`', key)
        return value

    def _one_of(self, owner: str, key: str, value: Any, allowed: tuple[str, ...]) -> None:
        if value not in allowed:
            self._fail(f"`{owner}`: {key} {value!r} is not one of {', '.join(allowed)}", owner)

    def _refuse_unknown(
        self, values: Iterable[str], allowed: tuple[str, ...], inside: str = ""
    ) -> None:
        for key in values:
            if key in allowed:
                continue
            near = difflib.get_close_matches(key, allowed, n=1)
            hint = f", did you mean `{near[0]}`?" if near else f"; known: {', '.join(allowed)}"
            self._fail(f"Unknown header key `{key}`{hint}", inside or key)

    def _fail(self, what: str, key: str) -> NoReturn:
        pattern = re.compile(rf"^--\s*\"?{re.escape(key)}\b")
        lines = [number for number, line in enumerate(self._lines, 1) if pattern.match(line)]
        raise ModelError(
            what,
            f"{self._file}:{lines[0] if lines else 1}",
            "sql/README.md shows the header of each layer.",
        )


def _comment_lines(text: str) -> list[str]:
    """The leading lines that are comments: the header, and nothing below it."""
    lines: list[str] = []
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        lines.append(line)
    return lines

"""The address of a page: everything that changes the view, written as a link and read from one."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from dashboard.brands import BRANDS, DEFAULT_BRAND
from dashboard.places import (
    CATEGORIES,
    COHORTS,
    COMPARISONS,
    CUSTOM,
    DEFAULT_PRESET,
    EVERY,
    GRAVITIES,
    SHELVES,
    TABS,
)
from revops import Filters
from revops.errors import RevopsError
from revops.periods import PRESETS, Preset
from revops.what_if import shorthand

if TYPE_CHECKING:
    from dashboard.state import State

LONGEST_SHOWN = 60
LONGEST_PLACE = 200
LONGEST_SCOPE = 2000
BETWEEN_TABLES = "~"


def written(state: "State", preset: Preset | None = None) -> str:
    """The address of what the state shows, its window named by `preset` where there is one."""
    pairs, filters = _places(state), state.filters
    if preset:
        pairs[0], filters = ("period", preset), filters.with_window(None, None)
    pairs = [(key, value) for key, value in pairs if value]
    window = filters.to_query()
    return "?" + "&".join(part for part in (window, urlencode(pairs)) if part)


def read(query: str, state: "State") -> dict[str, Any]:
    """What a state is to be by an address, by the name of its parameter."""
    given = dict(_pairs(query))
    filters, problems = Filters.from_query(query, state.options)
    complaints = list(problems)
    if filters.since is None and filters.until is None:
        period = _chosen(given, "period", (*PRESETS, CUSTOM), DEFAULT_PRESET, complaints)
        name = next((name for name in PRESETS if name == period), DEFAULT_PRESET)
        window = state.preset_window(name)
        filters = filters.with_window(window.since, window.until)
    brands = [brand.key for brand in BRANDS]
    scope = given.get("scope", "")
    if len(scope) > LONGEST_SCOPE or Filters.from_query(scope)[1]:
        complaints.append("What the link proves cannot be read in full; it is not opened.")
        given = {key: value for key, value in given.items() if key not in ("proof", "why")}
        scope = ""
    return {
        "filters": filters,
        "compare": _chosen(given, "compare", COMPARISONS, "previous", complaints),
        "brand_key": _chosen(given, "brand", brands, DEFAULT_BRAND.key, complaints),
        "tab": _chosen(given, "tab", TABS, "marketing", complaints),
        "shelf": _chosen(given, "shelf", SHELVES, "files", complaints),
        "check": given.get("check", "")[:LONGEST_PLACE],
        "model": given.get("model", "")[:LONGEST_PLACE],
        "drill": given.get("drill", "")[:LONGEST_PLACE],
        "proof": given.get("proof", "")[:LONGEST_PLACE],
        "why": given.get("why", "")[:LONGEST_PLACE],
        "scope": scope,
        "category": _chosen(given, "category", CATEGORIES, EVERY, complaints),
        "severity": _chosen(given, "severity", GRAVITIES, EVERY, complaints),
        "cohorts": _chosen(given, "cohorts", COHORTS, "mrr", complaints),
        "tables": _titles(given.get("tables", "")[:LONGEST_SCOPE]),
        "what_if": _levers(given.get("what_if", "")[:LONGEST_PLACE], complaints),
        "problems": complaints,
    }


def link_of(filters: Filters) -> str | None:
    """The filters as a link's query; None when a link would lose some of them on the way."""
    query = filters.to_query()
    is_whole = len(query) <= LONGEST_SCOPE and Filters.from_query(query) == (filters, ())
    return query if is_whole else None


def _places(state: "State") -> list[tuple[str, str]]:
    is_unbounded = state.filters.since is None and state.filters.until is None
    return [
        ("period", "all" if is_unbounded else ""),
        ("compare", state.compare if state.compare != "previous" else ""),
        ("brand", state.brand_key if state.brand_key != DEFAULT_BRAND.key else ""),
        ("tab", state.tab if state.tab != "marketing" else ""),
        ("shelf", state.shelf if state.shelf != "files" else ""),
        ("check", state.check if state.shelf == "checks" else ""),
        ("model", state.model if state.shelf == "models" else ""),
        ("drill", state.drill),
        ("proof", state.proof),
        ("why", state.why),
        ("scope", state.scope if state.proof or state.why else ""),
        ("category", state.category if state.category != EVERY else ""),
        ("severity", state.severity if state.severity != EVERY else ""),
        ("what_if", state.what_if),
        ("cohorts", state.cohorts if state.cohorts != "mrr" else ""),
        ("tables", BETWEEN_TABLES.join(state.tables)),
    ]


def _pairs(query: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(query.removeprefix("?"), max_num_fields=1000)
    except ValueError:
        return []


def _chosen(
    given: Mapping[str, str], key: str, known: object, default: str, complaints: list[str]
) -> str:
    value = given.get(key)
    if value is None:
        return default
    if value in known:  # type: ignore[operator]
        return value
    shown = value if len(value) <= LONGEST_SHOWN else value[:LONGEST_SHOWN] + "…"
    complaints.append(f"There is no {key} “{shown}”; the page shows its default.")
    return default


def _titles(line: str) -> list[str]:
    return list(dict.fromkeys(title for title in line.split(BETWEEN_TABLES) if title))


def _levers(line: str, complaints: list[str]) -> str:
    """The levers of a link as they are written, or none if they cannot be meant."""
    try:
        return shorthand.written(shorthand.read(line))
    except RevopsError as error:
        complaints.append(f"{error.what} No lever is moved.")
        return ""

"""What this warehouse's table macros take, read from the warehouse itself."""

from typing import Any
from weakref import WeakKeyDictionary

from revops.errors import UnknownName
from revops.filters import Filters
from revops.refusals import suggestion
from revops.warehouse import Warehouse

MACROS = (
    "select function_name as name, any_value(parameters) as parameters "
    "from duckdb_functions() "
    "where function_type = 'table_macro' and schema_name = $schema "
    "group by function_name order by function_name"
)

# By warehouse: the build it read then, and each schema's macros. Asked several times for each card.
_FOUND: WeakKeyDictionary[Warehouse, tuple[str, dict[str, dict[str, tuple[str, ...]]]]] = (
    WeakKeyDictionary()
)


def parameters(warehouse: Warehouse, schema: str) -> dict[str, tuple[str, ...]]:
    """Each table macro of a schema with the parameters it takes."""
    build, found = _FOUND.get(warehouse, ("", {}))
    if build != warehouse.build.load_id:
        found = {}
        _FOUND[warehouse] = (warehouse.build.load_id, found)
    if schema not in found:
        frame = warehouse.query(MACROS, {"schema": schema})
        found[schema] = {row[0]: tuple(row[1]) for row in frame.iter_rows()}
    return found[schema]


def honoured(filters: Filters, accepted: tuple[str, ...]) -> dict[str, Any]:
    """The filters that are set and that a macro takes."""
    return {name: value for name, value in filters.params().items() if name in accepted}


def not_taken(filters: Filters, accepted: tuple[str, ...]) -> tuple[str, ...]:
    """The filters that are set and that a macro does not take: to be said, never hidden."""
    return tuple(name for name in filters.params() if name not in accepted)


def known(kind: str, name: str, names: list[str]) -> str:
    """The name, if it is one of the names; raises UnknownName with the nearest."""
    if name not in names:
        raise UnknownName(f"There is no {kind} {name!r}.", "", suggestion(name, names))
    return name

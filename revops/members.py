"""The names a filter can choose from, as the data holds them."""

from revops import macros, metrics
from revops.filters import MEMBER_FIELDS, Filters
from revops.warehouse import Warehouse

ORDERED = "select member from meta.members where kind = $kind order by position"


def options(warehouse: Warehouse) -> dict[str, tuple[str, ...]]:
    """For each member filter, the names it can keep; "unknown" comes last.

    Segments keep the order of the policy, everything else the alphabet's.
    """
    return {name: _names(warehouse, name) for name in MEMBER_FIELDS}


def _names(warehouse: Warehouse, field: str) -> tuple[str, ...]:
    dimension = field.removesuffix("s")
    found: set[str] = set()
    for domain, accepted in macros.parameters(warehouse, "metrics").items():
        if field in accepted and dimension in metrics.dimensions(warehouse, domain):
            split = metrics.query(warehouse, domain, Filters(), by=dimension)
            found |= {name for name in split["slice"].to_list() if name is not None}
    order = warehouse.query(ORDERED, {"kind": dimension})["member"].to_list()
    found |= set(order)
    rank = {name: place for place, name in enumerate(order)}
    last = len(rank)
    return tuple(sorted(found, key=lambda name: (name == "unknown", rank.get(name, last), name)))

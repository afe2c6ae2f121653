"""Relations that a query reads under other names, or with columns turned into rows."""

from dataclasses import dataclass

from sqlglot import exp

from revops.column_origins.projections import chosen
from revops.column_origins.relations import NOTHING, Computed, Relation


@dataclass(frozen=True)
class Renamed(Relation):
    """`… as t (a, b)`: the first columns by other names."""

    base: Relation
    aliases: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return self.aliases + self.base.names[len(self.aliases) :]

    def origins(self, name: str, field: str = "") -> frozenset[str]:
        named = dict(zip(self.names, self.base.names, strict=False))
        return self.base.origins(named[name], field) if name in named else NOTHING


@dataclass(frozen=True)
class Unpivoted(Relation):
    """Columns turned into rows: their names are texts, their values stand in one column."""

    base: Relation
    turned: tuple[str, ...]
    label: str
    value: str

    @property
    def names(self) -> tuple[str, ...]:
        kept = tuple(name for name in self.base.names if name not in self.turned)
        return (*kept, self.label, self.value)

    def origins(self, name: str, field: str = "") -> frozenset[str]:
        if name == self.value:
            return NOTHING.union(*(self.base.origins(one) for one in self.turned))
        return NOTHING if name == self.label else self.base.origins(name, field)


def aliases(item: exp.Expr) -> tuple[str, ...]:
    """The columns that `… as t (a, b)` names."""
    alias = item.args.get("alias")
    return tuple(one.name for one in alias.columns) if isinstance(alias, exp.TableAlias) else ()


def renamed(relation: Relation, item: exp.Expr) -> Relation:
    """A relation by the names that a CTE or an item of FROM gives its columns."""
    names = aliases(item)
    return Renamed(relation, names) if names else relation


def unpivoted(base: Relation, pivot: exp.Pivot) -> Relation:
    """As SQL's UNPIVOT or DuckDB's. Of a pivot only the data tells the columns: none is named."""
    if not pivot.args.get("unpivot"):
        return Computed((), lambda: NOTHING)
    if into := pivot.args.get("into"):
        asked, label, value = pivot.expressions, into.this, into.expressions[0]
    else:
        among = pivot.args["fields"][0]
        asked, label, value = among.expressions, among.this, pivot.expressions[0]
    turned = [name for one in asked for name in _turned(one, base)]
    return Unpivoted(base, tuple(turned), label.name, value.name)


def _turned(asked: exp.Expr, base: Relation) -> list[str]:
    if isinstance(asked, exp.Columns):
        return [column.name for column in chosen(asked.this, {"": base})]
    return [asked.name]

"""A query as a relation: its columns by name, and the columns of models behind each of them."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

from sqlglot import exp

from revops.column_origins.projections import struct_fields, written_out
from revops.column_origins.relations import NOTHING, Computed, Model, Relation
from revops.column_origins.reshaped import aliases, renamed, unpivoted


@dataclass(frozen=True)
class Around:
    """What a query can see: the columns of models, a macro's parameters, steps, outer queries."""

    models: Mapping[str, tuple[str, ...]]
    parameters: frozenset[str]
    steps: Mapping[str, Relation]
    outer: "Select | None"

    def with_steps(self, tree: exp.Query) -> Self:
        """The same, and the CTEs of a query, each of which sees those before it."""
        around = self
        for cte in tree.ctes:
            step = renamed(query(cte.this, around), cte)
            around = replace(around, steps={**around.steps, cte.alias: step})
        return around


class Query(Relation):
    """A relation whose columns are written in the SQL."""

    @abstractmethod
    def expression(self, name: str) -> exp.Expr:
        """The expression that makes a column; of queries below each other, the first's."""


class Union(Query):
    """Queries below each other, by position or by name."""

    def __init__(self, tree: exp.SetOperation, around: Around) -> None:
        self.first, self.second = query(tree.left, around), query(tree.right, around)
        self.by_name = bool(tree.args.get("by_name"))
        self.adds = not isinstance(tree, exp.Except)

    @cached_property
    def names(self) -> tuple[str, ...]:
        more = self.second.names if self.by_name else ()
        return tuple(dict.fromkeys((*self.first.names, *more)))

    def expression(self, name: str) -> exp.Expr:
        part = self.first if name in self.first.names else self.second
        return part.expression(name)

    def origins(self, name: str, field: str = "") -> frozenset[str]:
        found = self.first.origins(name, field)
        if not self.adds:
            return found
        if self.by_name:
            return found | self.second.origins(name, field)
        beside = dict(zip(self.first.names, self.second.names, strict=False))
        return found | self.second.origins(beside[name], field) if name in beside else found


class Select(Query):
    """One select: what it reads from, and the expressions that make its columns."""

    def __init__(self, tree: exp.Select, around: Around) -> None:
        self.tree = tree
        self.around = around
        self.found: dict[tuple[str, str], frozenset[str]] = {}

    @cached_property
    def relations(self) -> dict[str, Relation]:
        """What stands in FROM and JOIN, by the name that the expressions call it."""
        source = self.tree.args.get("from_")
        items = [source.this] if source else []
        items += [join.this for join in self.tree.args.get("joins") or ()]
        return dict(self._relation(item) for item in items)

    @cached_property
    def made(self) -> dict[str, exp.Expr]:
        """The expression of each column; a name given twice is told apart as DuckDB does."""
        joins = self.tree.args.get("joins") or ()
        shared = {one.name for join in joins for one in join.args.get("using") or ()}
        made: dict[str, exp.Expr] = {}
        for item in self.tree.selects:
            for name, expression in written_out(item, self.relations, shared):
                unique, count = name, 0
                while unique in made:
                    count += 1
                    unique = f"{name}_{count}"
                made[unique] = expression
        return made

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.made)

    def expression(self, name: str) -> exp.Expr:
        """A column that a step before only hands on is shown as that step makes it."""
        made = self.made[name]
        step = self.relations.get(made.table) if isinstance(made, exp.Column) else None
        if isinstance(step, Select) and made.name in step.names:
            return step.expression(made.name)
        return made

    def origins(self, name: str, field: str = "") -> frozenset[str]:
        if name not in self.made:
            return NOTHING
        if (name, field) not in self.found:
            # an alias within its own expression is no column
            self.found[name, field] = NOTHING
            self.found[name, field] = self.read(self.made[name], field)
        return self.found[name, field]

    def read(self, expression: exp.Expr, field: str = "") -> frozenset[str]:
        """The columns of models in an expression, or in one field of the struct that it makes."""
        if field and isinstance(expression, exp.Column):
            return self._column(expression, field)
        found = NOTHING
        for part in struct_fields(expression).get(field, [expression]):
            for node in part.walk(prune=lambda node: isinstance(node, exp.Query | exp.Grouping)):
                if isinstance(node, exp.Column):
                    found |= self._column(node)
                elif isinstance(node, exp.Query):
                    inner = query(node, replace(self.around, outer=self))
                    found = found.union(*(inner.origins(name) for name in inner.names))
                elif isinstance(node, exp.Window) and node.alias:
                    found |= self._window(node.alias)
        return found

    def _column(self, column: exp.Column, field: str = "") -> frozenset[str]:
        """`t.x` and `x`, and `t.x.y` and `x.y` of a struct: from here or from the outer query."""
        first, *rest = (part.name for part in column.parts)
        if rest and first in self.relations:
            return self.relations[first].origins(rest[0], rest[1] if rest[1:] else field)
        if first in self.around.parameters:
            # it wins over a column of that name
            return NOTHING
        inside = rest[0] if rest else field
        holding = [one for one in self.relations.values() if first in one.names]
        if holding:
            # several only where a join unites them by USING
            return NOTHING.union(*(one.origins(first, inside) for one in holding))
        if first in self.made:
            return self.origins(first, inside)
        outer = self.around.outer
        return outer._column(column, field) if outer else NOTHING

    def _window(self, name: str) -> frozenset[str]:
        windows = self.tree.args.get("windows") or ()
        return NOTHING.union(*(self.read(one) for one in windows if one.name == name))

    def _relation(self, item: exp.Expr) -> tuple[str, Relation]:
        if isinstance(item, exp.Pivot):
            return item.alias, unpivoted(self._relation(item.this)[1], item)
        relation, alias = renamed(self._source(item), item), item.alias_or_name
        for pivot in item.args.get("pivots") or ():
            relation, alias = unpivoted(relation, pivot), pivot.alias or alias
        return alias, relation

    def _source(self, item: exp.Expr) -> Relation:
        inner = item.this
        if isinstance(item, exp.Table) and item.db:
            return self._model(item.db, inner.name)
        if isinstance(item, exp.Lateral) and isinstance(inner, exp.Dot):
            return self._model(inner.this.name, inner.expression.name)
        if isinstance(item, exp.Table) and item.name in self.around.steps:
            return self.around.steps[item.name]
        if isinstance(item, exp.Subquery):
            return query(item, self.around)
        if isinstance(inner, exp.Subquery):
            return query(inner, replace(self.around, outer=self))
        return Computed(aliases(item), lambda: self.read(inner or item))

    def _model(self, schema: str, name: str) -> Model:
        model = f"{schema}.{name}"
        return Model(model, self.around.models.get(model, ()))


def query(tree: exp.Expr, around: Around) -> Query:
    """A select, a union, or either of them in brackets, with the steps before it."""
    while isinstance(tree, exp.Subquery):
        around, tree = around.with_steps(tree), tree.this
    if isinstance(tree, exp.Query):
        around = around.with_steps(tree)
    if isinstance(tree, exp.SetOperation):
        return Union(tree, around)
    if isinstance(tree, exp.Pivot):
        tree = exp.Select(expressions=[exp.Star()], from_=exp.From(this=tree))
    return Select(tree if isinstance(tree, exp.Select) else exp.Select(), around)

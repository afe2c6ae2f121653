"""The columns that one item of a select list stands for, each with its own expression."""

import re
from collections.abc import Collection, Iterator, Mapping

from sqlglot import exp

from revops.column_origins.relations import Relation

Relations = Mapping[str, Relation]
Written = Iterator[tuple[str, exp.Expr]]


def written_out(item: exp.Expr, relations: Relations, shared: Collection[str] = ()) -> Written:
    """`*`, COLUMNS(…) and an unnested list of structs one by one; anything else as it stands.

    `shared` are the columns that joins name in USING: a `*` holds them once.
    """
    bare = item.unalias()
    if item.is_star and isinstance(bare, exp.Star | exp.Column):
        yield from _starred(bare, relations, shared)
    elif asked := bare.find(exp.Columns):
        for column in chosen(asked.this, relations):
            yield item.alias or column.name, bare.transform(_put_in, column)
    elif isinstance(bare, exp.Explode) and bare.expressions:
        for name, values in struct_fields(bare).items():
            yield name, exp.Explode(this=exp.array(*values, dialect="duckdb"))
    else:
        yield item.alias_or_name, bare


def chosen(asked: exp.Expr, relations: Relations) -> list[exp.Column]:
    """What COLUMNS asks for: `['a', 'b']`, a pattern such as `'.*_rows'`, or `t.* exclude (c)`.

    By a lambda the project asks for none: it is not followed.
    """
    everything = [
        exp.column(name, table=alias)
        for alias, relation in relations.items()
        for name in relation.names
    ]
    if isinstance(asked, exp.Array):
        wanted = [one.name for one in asked.expressions]
        return [column for name in wanted for column in everything if column.name == name]
    if isinstance(asked, exp.Literal):
        return [column for column in everything if re.search(asked.name, column.name)]
    star = asked.this if isinstance(asked, exp.Column) else asked
    if not isinstance(star, exp.Star):
        return []
    table = asked.table if isinstance(asked, exp.Column) else ""
    left_out = {one.name for one in star.args.get("except_") or ()}
    return [
        column
        for column in everything
        if (not table or column.table == table) and column.name not in left_out
    ]


def struct_fields(expression: exp.Expr) -> dict[str, list[exp.Expr]]:
    """The fields of a struct that the SQL writes out, or of a list of them, unnested or not."""
    if isinstance(expression, exp.Explode):
        return struct_fields(expression.this)
    structs = expression.expressions if isinstance(expression, exp.Array) else [expression]
    found: dict[str, list[exp.Expr]] = {}
    for struct in structs:
        if not isinstance(struct, exp.Struct):
            return {}
        for field in struct.expressions:
            named = isinstance(field, exp.PropertyEQ)
            found.setdefault(field.name, []).append(field.expression if named else field)
    return found


def _starred(
    asked: exp.Star | exp.Column, relations: Relations, shared: Collection[str]
) -> Written:
    star = asked.this if isinstance(asked, exp.Column) else asked
    replaced = {one.alias: one.this for one in star.args.get("replace") or ()}
    renamed = {one.this.name: one.alias for one in star.args.get("rename") or ()}
    once = set[str]()
    for column in chosen(asked, relations):
        name = column.name
        if name in shared and not isinstance(asked, exp.Column):
            if name in once:
                continue
            once.add(name)
            column = exp.column(name)
        yield renamed.get(name, name), replaced.get(name, column)


def _put_in(node: exp.Expr, column: exp.Column) -> exp.Expr:
    return column.copy() if isinstance(node, exp.Columns) else node

"""Which columns of other models stand behind each column of a model, read from its SQL."""

import re
from functools import lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.scope import Scope, build_scope

DIALECT = "duckdb"
MACRO = re.compile(r"^create\b", re.IGNORECASE | re.MULTILINE)
MACRO_HEADER = re.compile(r"\A.*?\)\s*as\s+table\b", re.IGNORECASE | re.DOTALL)


@lru_cache(maxsize=512)
def made_of(sql: str) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Each column of a model's SQL: its expression, and the columns of other models in it.

    What cannot be followed, such as the columns of a pivot, has no origin; none is guessed.
    """
    body = MACRO_HEADER.sub("", sql) if MACRO.search(sql) else sql
    try:
        scope = build_scope(sqlglot.parse_one(body, read=DIALECT))
    except SqlglotError:
        return {}
    if scope is None:
        return {}
    return {
        name: (
            _projection(scope, name).unalias().sql(DIALECT, comments=False),
            tuple(sorted(_origins(scope, name))),
        )
        for name in _names(scope)
    }


def _names(scope: Scope) -> list[str]:
    """The output columns of a query, with `*` written out where its source is a query too."""
    query = _first(scope)
    names: list[str] = []
    for projection in _selects(query):
        if not projection.is_star:
            names.append(projection.alias_or_name)
            continue
        for source in _starred(query, projection):
            if isinstance(source, Scope):
                names += [name for name in _names(source) if name not in names]
    return names


def _projection(scope: Scope, name: str) -> exp.Expr:
    query = _first(scope)
    made = {one.alias_or_name: one for one in _selects(query)}
    return made.get(name) or exp.column(name)


def _origins(scope: Scope, name: str) -> set[str]:
    """The columns of models behind one output column, through CTEs, subqueries and unions."""
    if scope.set_operation_scopes:
        position = _names(scope).index(name) if name in _names(scope) else -1
        found: set[str] = set()
        for part in scope.set_operation_scopes:
            names = _names(part)
            if 0 <= position < len(names):
                found |= _origins(part, names[position])
        return found
    for projection in _selects(scope):
        if projection.alias_or_name == name and not projection.is_star:
            return _read_in(scope, projection)
    # of several sources written out whole, the SQL alone does not say which holds the column
    starred = [
        source
        for projection in _selects(scope)
        if projection.is_star
        for source in _starred(scope, projection)
    ]
    holding = [one for one in starred if isinstance(one, Scope) and name in _names(one)]
    candidates = holding or starred
    return _of(candidates[0], name) if len(candidates) == 1 else set()


def _of(source: exp.Table | Scope, name: str) -> set[str]:
    if isinstance(source, exp.Table):
        # without a schema it is a step of the query that could not be followed
        return {f"{source.db}.{source.this.name}.{name}"} if source.db else set()
    return _origins(source, name)


def _read_in(scope: Scope, expression: exp.Expr) -> set[str]:
    inner = {id(one) for part in scope.subquery_scopes for one in part.expression.walk()}
    found: set[str] = set()
    for column in expression.find_all(exp.Column):
        if id(column) in inner:
            continue
        source = scope.sources.get(column.table) if column.table else _only(scope)
        if source is not None:
            found |= _of(source, column.name)
    for part in scope.subquery_scopes:
        if any(one is part.expression for one in expression.walk()):
            for name in _names(part):
                found |= _origins(part, name)
    return found


def _selects(scope: Scope) -> list[exp.Expr]:
    return list(scope.expression.selects) if isinstance(scope.expression, exp.Query) else []


def _first(scope: Scope) -> Scope:
    return _first(scope.set_operation_scopes[0]) if scope.set_operation_scopes else scope


def _starred(scope: Scope, projection: exp.Expr) -> list[exp.Table | Scope]:
    table = projection.table if isinstance(projection, exp.Column) else ""
    wanted = [table] if table else list(scope.selected_sources)
    return [scope.sources[name] for name in wanted if name in scope.sources]


def _only(scope: Scope) -> exp.Table | Scope | None:
    names = list(scope.selected_sources)
    return scope.sources.get(names[0]) if len(names) == 1 else None

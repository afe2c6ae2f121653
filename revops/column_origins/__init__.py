"""Which columns of other models stand behind each column of a model, read from its SQL."""

from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import sqlglot
from sqlglot.errors import SqlglotError
from sqlglot.tokens import TokenType

from revops.column_origins.queries import Around, query

DIALECT = "duckdb"
# each relation that a model reads, with its columns: what a `*` stands for is written nowhere else
Columns = tuple[tuple[str, tuple[str, ...]], ...]


class Made(NamedTuple):
    """How a column is made: its expression, and the columns of other models in it."""

    expression: str
    origins: tuple[str, ...]


@lru_cache(maxsize=512)
def made_of(sql: str, read: Columns = ()) -> dict[str, Made]:
    """Each column of a model's SQL. Constants, parameters and counts of rows have no origin.

    What cannot be followed has none either, such as the columns of a pivot; none is guessed.
    Not read: natural and semi joins, and names in another case than they were given.
    """
    try:
        parameters, body = _opened(sql)
        around = Around(dict(read), parameters, steps={}, outer=None)
        tree = query(sqlglot.parse_one(body, read=DIALECT), around)
    except SqlglotError:
        return {}
    return {
        name: Made(
            tree.expression(name).sql(DIALECT, comments=False), tuple(sorted(tree.origins(name)))
        )
        for name in tree.names
    }


def _opened(sql: str) -> tuple[frozenset[str], str]:
    """The parameters of a macro, and the query in it; sqlglot parses no macro's header."""
    tokens = sqlglot.tokenize(sql, read=DIALECT)
    if not tokens or tokens[0].token_type != TokenType.CREATE:
        return frozenset(), sql
    parameters, depth = set[str](), 0
    for before, token in pairwise(tokens):
        if depth == 1 and before.token_type in (TokenType.L_PAREN, TokenType.COMMA):
            parameters.add(token.text)
        depth += {TokenType.L_PAREN: 1, TokenType.R_PAREN: -1}.get(token.token_type, 0)
        if token.token_type == TokenType.TABLE and depth == 0:
            return frozenset(parameters), sql[token.end + 1 :]
    return frozenset(), sql

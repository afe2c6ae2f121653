"""Finds in the SQL itself what a model reads and what its columns are made of.

sqlglot does not parse macro headers with named parameters, so the header is cut
off by its tokens and only the body is parsed, on its original lines.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, SqlglotError
from sqlglot.tokens import Token, TokenType

from pipeline.errors import ModelError
from pipeline.models.model import LAYERS, LOADED, Parameter, Reference

DIALECT = "duckdb"
HEADER_FORM = "create or replace macro <layer>.<name>(<parameters>) as table"


@dataclass(frozen=True)
class Lineage:
    """What one SQL file defines: `macro` and its parameters, or a plain select.

    `if_lines` are the lines that call `if(…)`.
    """

    macro: str | None
    parameters: tuple[Parameter, ...]
    references: tuple[Reference, ...]
    expressions: dict[str, str]
    if_lines: tuple[int, ...]


@lru_cache(maxsize=1024)
def read_lineage(file: str, text: str) -> Lineage:
    """Parse one model; raises ModelError naming file and line. The same text is parsed once."""
    try:
        tokens = sqlglot.tokenize(text, read=DIALECT)
    except SqlglotError as error:
        raise ModelError(f"The SQL cannot be read: {_one_line(error)}", file) from error
    if not tokens:
        raise ModelError("The file holds no SQL", file, "Write one select or one macro.")
    macro: str | None = None
    parameters: tuple[Parameter, ...] = ()
    if tokens[0].token_type != TokenType.CREATE:
        tree = _parse(file, text, first_line=1)
    else:
        macro, parameters, end = _macro_header(file, tokens)
        tree = _parse(file, text[end.end + 1 :], first_line=end.line)
    calls = tuple(
        token.line
        for token, following in pairwise(tokens)
        if token.text.lower() == "if" and following.token_type == TokenType.L_PAREN
    )
    return Lineage(macro, parameters, _references(tree), _expressions(tree), calls)


def _macro_header(file: str, tokens: list[Token]) -> tuple[str, tuple[Parameter, ...], Token]:
    """Name, parameters and the last token of the header."""
    opening = next((i for i, t in enumerate(tokens) if t.token_type == TokenType.L_PAREN), None)
    closing = None if opening is None else _closing(tokens, opening)
    if opening is None or closing is None or closing + 2 >= len(tokens):
        raise _malformed(file, tokens[0])
    words = [token.text.lower() for token in tokens[:opening]]
    after = [token.text.lower() for token in tokens[closing + 1 : closing + 3]]
    if words[:4] != ["create", "or", "replace", "macro"] or after != ["as", "table"]:
        raise _malformed(file, tokens[0])
    parameters = _parameters(tokens[opening + 1 : closing])
    return "".join(words[4:]), tuple(parameters), tokens[closing + 2]


def _parameters(tokens: list[Token]) -> Iterator[Parameter]:
    """`since := cast(null as date), segments := null`: split at the outer commas."""
    depth, piece = 0, list[Token]()
    for token in tokens:
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(token.text, 0)
        if token.token_type == TokenType.COMMA and depth == 0:
            yield _parameter(piece)
            piece = []
        else:
            piece.append(token)
    if piece:
        yield _parameter(piece)


def _parameter(tokens: list[Token]) -> Parameter:
    has_default = any(token.token_type == TokenType.COLON_EQ for token in tokens)
    return Parameter(tokens[0].text.lower(), has_default)


def _closing(tokens: list[Token], opening: int) -> int | None:
    depth = 0
    for index in range(opening, len(tokens)):
        depth += {TokenType.L_PAREN: 1, TokenType.R_PAREN: -1}.get(tokens[index].token_type, 0)
        if depth == 0:
            return index
    return None


def _parse(file: str, sql: str, first_line: int) -> exp.Query:
    """The one select of a file; empty lines stand for the header that was cut off."""
    try:
        trees = [tree for tree in sqlglot.parse("\n" * (first_line - 1) + sql, DIALECT) if tree]
    except ParseError as error:
        problem: dict[str, Any] = error.errors[0] if error.errors else {}
        near = f" near `{problem['highlight']}`" if problem.get("highlight") else ""
        what = problem.get("description", _one_line(error))
        line = problem.get("line", first_line)
        raise ModelError(f"The SQL cannot be parsed: {what}{near}", f"{file}:{line}") from error
    except SqlglotError as error:
        raise ModelError(f"The SQL cannot be read: {_one_line(error)}", file) from error
    if len(trees) != 1 or not isinstance(trees[0], exp.Query):
        raise ModelError(
            "A model is exactly one select, or one macro",
            file,
            "Split several statements into several files: the path is the name.",
        )
    return trees[0]


def _references(tree: exp.Query) -> tuple[Reference, ...]:
    """Relations and macros read under a schema's name, in the order they stand."""
    found: dict[str, int] = {}
    for table in tree.find_all(exp.Table, bfs=False):
        if table.db:
            line = table.args["db"].meta.get("line", 1)
            found.setdefault(f"{table.db}.{table.this.name}".lower(), line)
    for dot in tree.find_all(exp.Dot, bfs=False):
        if isinstance(dot.expression, exp.Anonymous) and dot.this.name.lower() in LOADED + LAYERS:
            line = dot.this.meta.get("line", 1)
            found.setdefault(f"{dot.this.name}.{dot.expression.name}".lower(), line)
    return tuple(Reference(name, line) for name, line in found.items())


def _expressions(tree: exp.Query) -> dict[str, str]:
    """Output column -> the expression that makes it, followed through bare CTE columns."""
    ctes = {cte.alias.lower(): cte.this for cte in tree.ctes}
    columns: dict[str, str] = {}
    for projection in tree.selects:
        if projection.alias_or_name and projection.alias_or_name != "*":
            made = _followed(projection.unalias(), tree, ctes)
            columns[projection.alias_or_name.lower()] = made.sql(DIALECT, comments=False)
    return columns


def _followed(expression: exp.Expr, query: exp.Query, ctes: dict[str, exp.Query]) -> exp.Expr:
    """The expression behind a column that a CTE merely hands on."""
    while isinstance(expression, exp.Column):
        source = expression.table or _only_source(query)
        inner = next((t.name for t in query.find_all(exp.Table) if t.alias_or_name == source), "")
        query = ctes.get(inner.lower(), exp.select())
        made = {item.alias_or_name: item.unalias() for item in query.selects}
        if expression.name not in made or made[expression.name] == expression:
            break
        expression = made[expression.name]
    return expression


def _only_source(query: exp.Query) -> str:
    source = query.args.get("from_") or query.args.get("from")
    return source.alias_or_name if source and not query.args.get("joins") else ""


def _malformed(file: str, token: Token) -> ModelError:
    return ModelError(
        "The macro's first line is not understood",
        f"{file}:{token.line}",
        f"Begin with `{HEADER_FORM}`.",
    )


def _one_line(error: Exception) -> str:
    return re.sub(r"\s+", " ", str(error)).strip()

"""Each column of a model names the columns of other models that stand in it, and no others."""

import duckdb
import pytest

from revops.column_origins import Columns, made_of

READ: Columns = (
    ("marts.a", ("k", "x", "y", "x_rows")),
    ("marts.b", ("k", "z")),
    ("metrics.m", ("slice", "x")),
)
X, Y, Z = "marts.a.x", "marts.a.y", "marts.b.z"

CASES: dict[str, tuple[str, dict[str, tuple[str, ...]]]] = {
    "an expression": ("select a.x + a.y as s from marts.a as a", {"s": (X, Y)}),
    "a count of rows": ("select count(*) as n, 1 as one from marts.a as a", {"n": (), "one": ()}),
    "a star": (
        "with c as (select * from marts.a) select c.x, c.k from c",
        {"x": (X,), "k": ("marts.a.k",)},
    ),
    "a star without a column": (
        "select a.* exclude (k, x_rows) from marts.a as a",
        {"x": (X,), "y": (Y,)},
    ),
    "a star with a column replaced": (
        "select a.* exclude (k, x_rows) replace (a.y + 1 as x) from marts.a as a",
        {"x": (Y,), "y": (Y,)},
    ),
    "a star with a column renamed": (
        "select b.* rename (z as other) from marts.b as b",
        {"k": ("marts.b.k",), "other": (Z,)},
    ),
    "a star over two relations": (
        "with c as (select * from marts.a as a cross join marts.b as b) select * from c",
        {
            "k": ("marts.a.k",),
            "x": (X,),
            "y": (Y,),
            "x_rows": ("marts.a.x_rows",),
            "k_1": ("marts.b.k",),
            "z": (Z,),
        },
    ),
    "a join by USING": (
        "select * exclude (x_rows) from marts.a full join marts.b using (k)",
        {"k": ("marts.a.k", "marts.b.k"), "x": (X,), "y": (Y,), "z": (Z,)},
    ),
    "COLUMNS of a list": (
        "select coalesce(sum(columns(['x', 'z'])), 0) from marts.a as a join marts.b as b on true",
        {"x": (X,), "z": (Z,)},
    ),
    "COLUMNS of a star": (
        "select sum(columns(a.* exclude (k, x_rows))) filter (a.k = 1) from marts.a as a",
        {"x": ("marts.a.k", X), "y": ("marts.a.k", Y)},
    ),
    "COLUMNS by a pattern": (
        "select sum(columns('.*_rows')) from marts.a as a",
        {"x_rows": ("marts.a.x_rows",)},
    ),
    "a union by position": (
        "select a.x as one, null as two, null as three from marts.a as a "
        "union all select null, null, b.z from marts.b as b",
        {"one": (X,), "two": (), "three": (Z,)},
    ),
    "a union by name": (
        "select a.x, a.y from marts.a as a union all by name select b.z, 1 as y from marts.b as b",
        {"x": (X,), "y": (Y,), "z": (Z,)},
    ),
    "what is taken away is not read": (
        "select a.x from marts.a as a except all select b.z from marts.b as b",
        {"x": (X,)},
    ),
    "a macro": (
        "select m.* from metrics.m(since := date '2026-01-01') as m",
        {"slice": ("metrics.m.slice",), "x": ("metrics.m.x",)},
    ),
    "a macro for each row": (
        "select m.x, a.y from marts.a as a cross join lateral metrics.m(a.k) as m",
        {"x": ("metrics.m.x",), "y": (Y,)},
    ),
    "an alias of the same select": (
        "select a.x + 1 as more, more + a.y as most, a.y as x, x as same from marts.a as a",
        {"more": (X,), "most": (X, Y), "x": (Y,), "same": (X,)},
    ),
    "a subquery that looks outward": (
        "select (select max(b.z + a.x) from marts.b as b where b.k = a.k) as s from marts.a as a",
        {"s": (X, Z)},
    ),
    "a named window": (
        "select row_number() over w as place from marts.a as a window w as (order by a.y)",
        {"place": (Y,)},
    ),
    "which rows are a total says no column": (
        "select grouping(a.k) = 1 as is_total, sum(a.x) as x from marts.a as a "
        "group by grouping sets ((a.k), ())",
        {"is_total": (), "x": (X,)},
    ),
    "a list of values": (
        "select v.low, a.x from marts.a as a cross join (values (1), (2)) as v (low)",
        {"low": (), "x": (X,)},
    ),
    "a series": (
        "select g.step from marts.a as a cross join generate_series(0, a.x) as g (step)",
        {"step": (X,)},
    ),
    "renamed columns": (
        "with c (one, two) as (select a.x, a.y from marts.a as a) select c.two from c",
        {"two": (Y,)},
    ),
    "UNPIVOT": (
        "select u.* from marts.a unpivot (amount for metric in (columns(* exclude (k, x_rows)))) "
        "as u",
        {
            "k": ("marts.a.k",),
            "x_rows": ("marts.a.x_rows",),
            "metric": (),
            "amount": (X, Y),
        },
    ),
    "UNPIVOT as a statement": (
        "with u as (unpivot (select a.x, a.y from marts.a as a) on x into name metric value v) "
        "select u.metric, u.v, u.y from u",
        {"metric": (), "v": (X,), "y": (Y,)},
    ),
    "a struct": (
        "with c as (select unnest([{'f': a.x, 'g': 1}, {'f': a.y, 'g': 2}]) as s from marts.a as a)"
        " select c.s.f, c.s.g, s.f as also from c",
        {"f": (X, Y), "g": (), "also": (X, Y)},
    ),
    "structs unnested to columns": (
        "select unnest([{'name': 'x', 'v': a.x}], recursive := true) from marts.a as a",
        {"name": (), "v": (X,)},
    ),
    "a model that nothing is known of": ("select u.*, u.x as y from marts.u as u", {"y": ()}),
    "an alias in its own expression": ("select w + 1 as w from marts.u as u", {"w": ()}),
    "a pivot": ("pivot marts.a on k using sum(x)", {}),
}
NOT_FOLLOWED = ("a model that nothing is known of", "an alias in its own expression", "a pivot")


@pytest.mark.parametrize(("sql", "expected"), CASES.values(), ids=CASES.keys())
def test_columns_are_followed_to_the_models_they_come_from(
    sql: str, expected: dict[str, tuple[str, ...]]
) -> None:
    for text in (sql, f"create or replace macro m.f(since := cast(null as date)) as table\n{sql}"):
        assert {name: made.origins for name, made in made_of(text, READ).items()} == expected


@pytest.fixture(scope="module")
def database() -> duckdb.DuckDBPyConnection:
    made = duckdb.connect()
    made.execute("create schema marts; create schema metrics")
    made.execute("create table marts.a (k int, x int, y int, x_rows int)")
    made.execute("create table marts.b (k int, z int)")
    made.execute(
        "create macro metrics.m(since) as table select 'all' as slice, 1 as x where since is null"
    )
    return made


@pytest.mark.parametrize("case", [name for name in CASES if name not in NOT_FOLLOWED])
def test_duckdb_gives_the_same_columns(case: str, database: duckdb.DuckDBPyConnection) -> None:
    sql, expected = CASES[case]
    described = database.execute(f"describe {sql}").fetchall()
    assert [row[0] for row in described] == list(made_of(sql, READ)) == list(expected)


def test_a_parameter_wins_over_a_column_of_its_name() -> None:
    header = '-- a comment\ncreate or replace macro m.f(x, "by" := greatest(1, 2)) as table\n'
    made = made_of(header + 'select x + 1 as p, a.x, "by" as b from marts.a as a', READ)
    assert {name: one.origins for name, one in made.items()} == {"p": (), "x": (X,), "b": ()}


@pytest.mark.parametrize(
    ("sql", "expression"),
    [
        (
            "select sum(columns(['x'])) filter (a.k > 0) from marts.a as a",
            "SUM(a.x) FILTER(WHERE a.k > 0)",
        ),
        ("select coalesce(sum(columns(a.*)), 0) from marts.a as a", "COALESCE(SUM(a.x), 0)"),
        ("select a.* replace (a.y * 2 as x) from marts.a as a", "a.y * 2"),
        ("select * from marts.a", "a.x"),
        (
            "with c as (select sum(columns(['x'])) from marts.a as a), d as (select c.* from c) "
            "select d.x from d",
            "SUM(a.x)",
        ),
        ("select b.z as y from marts.b as b union all by name select a.x from marts.a as a", "a.x"),
    ],
)
def test_the_expression_has_the_columns_name_put_in(sql: str, expression: str) -> None:
    assert made_of(sql, READ)["x"].expression == expression

"""The arithmetic of "why did it move": parts that add up, whatever the slices."""

from collections.abc import Iterator, Sequence
from math import isclose
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.worlds import SQL, query

RATIO = ("numerator_before", "denominator_before", "numerator_now", "denominator_now")
CHAIN = (
    "volume_before", "cases_before", "amount_before", "volume_now", "cases_now", "amount_now",
)  # fmt: skip


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect()
    connection.execute("set threads = 1")
    connection.execute("create schema reports")
    for name in ("ratio", "sum", "chain"):
        path = SQL / "reports" / f"{name}_drivers.sql"
        connection.execute(path.read_text(encoding="utf-8"))
    yield connection
    connection.close()


def drivers(
    con: duckdb.DuckDBPyConnection, kind: str, rows: Sequence[Sequence[Any]], names: Sequence[str]
) -> list[dict[str, Any]]:
    parts = [
        {"slice": f"s{place}", **dict(zip(names, row, strict=True))}
        for place, row in enumerate(rows)
    ]
    return query(con, f"from reports.{kind}_drivers(?)", parts)


def total(rows: Sequence[dict[str, Any]], name: str) -> float:
    return sum(row[name] for row in rows)


def test_the_worked_example_of_the_definitions(con: duckdb.DuckDBPyConnection) -> None:
    # 243/1000 = 24.3 % and 307/1150 = 26.7 %, while each segment lost one point
    found = drivers(
        con, "ratio", [(120, 400, 232, 800), (75, 300, 60, 250), (48, 300, 15, 100)], RATIO
    )
    assert round(total(found, "mix"), 4) == 0.0340
    assert round(total(found, "rate"), 4) == -0.0100
    assert isclose(total(found, "contribution"), 307 / 1150 - 243 / 1000, abs_tol=1e-12)
    # SMB: weight 0.4 -> 0.6957, rate 0.30 -> 0.29, middle 0.25498: 0.2957 x 0.04002
    assert round(found[0]["mix"], 5) == 0.01183
    assert round(found[0]["rate"], 5) == -0.00548


counts = st.integers(0, 10_000)
sums = st.one_of(st.none(), st.integers(-10_000, 10_000).map(lambda cents: cents / 100))


@given(st.lists(st.tuples(sums, counts, sums, counts), min_size=1, max_size=12), st.randoms())
def test_mix_and_rate_leave_no_remainder(
    con: duckdb.DuckDBPyConnection, rows: list[tuple[Any, ...]], dice: Any
) -> None:
    found = drivers(con, "ratio", rows, RATIO)
    under = [sum(row[place] for row in rows) for place in (1, 3)]
    if 0 in under:
        assert all(row["contribution"] is None for row in found)
        return
    over = [sum(row[place] or 0 for row in rows) for place in (0, 2)]
    size = max(1.0, *(abs(row["contribution"]) for row in found))
    change = over[1] / under[1] - over[0] / under[0]
    assert isclose(total(found, "contribution"), change, abs_tol=1e-9 * size)
    assert all(
        isclose(row["mix"] + row["rate"] + row["unmatched"], row["contribution"]) for row in found
    )
    # a slice's contribution is the same wherever it stands
    order = list(range(len(rows)))
    dice.shuffle(order)
    turned = drivers(con, "ratio", [rows[place] for place in order], RATIO)
    for name in ("mix", "rate", "unmatched"):
        values = {place: row[name] for place, row in zip(order, by_place(turned), strict=True)}
        for place, row in enumerate(by_place(found)):
            assert isclose(row[name], values[place], abs_tol=1e-9 * size)


def by_place(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: int(row["slice"][1:]))


@given(
    st.tuples(counts, counts, counts, counts),
    st.tuples(counts, counts, counts, counts),
    st.tuples(counts, st.integers(1, 10_000), counts, st.integers(1, 10_000)),
)
def test_splitting_a_slice_keeps_its_contribution(
    con: duckdb.DuckDBPyConnection, one: Any, other: Any, rest: Any
) -> None:
    """Any split keeps mix + rate + unmatched; the three change places among themselves."""
    whole = tuple(a + b for a, b in zip(one, other, strict=True))
    together = by_place(drivers(con, "ratio", [whole, rest], RATIO))
    apart = by_place(drivers(con, "ratio", [one, other, rest], RATIO))
    size = max(1.0, *(abs(row["contribution"]) for row in (*together, *apart)))
    joined = apart[0]["contribution"] + apart[1]["contribution"]
    assert isclose(joined, together[0]["contribution"], abs_tol=1e-9 * size)


@given(st.integers(1, 9), st.integers(1, 9), st.integers(0, 100), st.integers(0, 100))
def test_halves_with_the_same_ratios_keep_mix_and_rate_too(
    con: duckdb.DuckDBPyConnection, few: int, many: int, before: int, now: int
) -> None:
    rest = (30, 100, 20, 80)
    halves = [(before * n, 100 * n, now * m, 100 * m) for n, m in ((few, many), (many, few))]
    whole = tuple(map(sum, zip(*halves, strict=True)))
    together = by_place(drivers(con, "ratio", [whole, rest], RATIO))
    apart = by_place(drivers(con, "ratio", [*halves, rest], RATIO))
    for name in ("mix", "rate"):
        assert isclose(apart[0][name] + apart[1][name], together[0][name], abs_tol=1e-12)


def test_a_slice_of_one_window_is_all_mix(con: duckdb.DuckDBPyConnection) -> None:
    # 50/100 before; now another 10/100 joins: 30 %. Its weight 0.5 pulls by 0.5 x (0.1 - 0.4)
    old, new = by_place(drivers(con, "ratio", [(50, 100, 50, 100), (None, None, 10, 100)], RATIO))
    assert new["rate"] == 0
    assert new["ratio_before"] is None
    assert isclose(new["mix"], 0.5 * (0.1 - 0.4))
    assert isclose(old["mix"] + new["mix"], 0.3 - 0.5)


def test_spend_without_a_lead_is_told_apart(con: duckdb.DuckDBPyConnection) -> None:
    # 1000 / 100 before; now a campaign spends 500 and brings no lead: 1500 / 100
    first, second = by_place(drivers(con, "ratio", [(1000, 100, 1000, 100), (0, 0, 500, 0)], RATIO))
    assert (second["mix"], second["rate"], second["unmatched"]) == (0, 0, 5)
    assert first["contribution"] == 0


def test_a_sum_is_what_its_slices_added(con: duckdb.DuckDBPyConnection) -> None:
    found = drivers(con, "sum", [(5, None), (None, 7), (3, 3)], ("value_before", "value_now"))
    assert [row["contribution"] for row in found] == [-5, 7, 0]


volumes = st.integers(0, 1000)


@given(volumes, volumes, volumes, volumes, st.integers(0, 10**6), st.integers(0, 10**6))
def test_the_chain_leaves_no_remainder(
    con: duckdb.DuckDBPyConnection, v0: int, v1: int, c0: int, c1: int, a0: int, a1: int
) -> None:
    # no case without volume and no amount without a case
    c0, c1 = min(c0, v0), min(c1, v1)
    a0, a1 = a0 if c0 else 0, a1 if c1 else 0
    (found,) = drivers(con, "chain", [(v0, c0, a0, v1, c1, a1)], CHAIN)
    assert isclose(found["contribution"], a1 - a0, rel_tol=1e-9, abs_tol=1e-9 * max(a0, a1, 1))
    # told backwards, the same factors did the opposite
    (back,) = drivers(con, "chain", [(v1, c1, a1, v0, c0, a0)], CHAIN)
    for name in ("by_volume", "by_rate", "by_price"):
        assert isclose(back[name], -found[name], rel_tol=1e-9, abs_tol=1e-6)


def test_the_chain_by_hand(con: duckdb.DuckDBPyConnection) -> None:
    # 100 x 0.1 x 50 = 500 to 200 x 0.1 x 100 = 2000: volume doubles at a mean price of 75,
    # the price doubles at a mean volume of 150, conversion did nothing
    (found,) = drivers(con, "chain", [(100, 10, 500, 200, 20, 2000)], CHAIN)
    assert isclose(found["by_volume"], 100 * 0.1 * 75)
    assert found["by_rate"] == 0
    assert isclose(found["by_price"], 50 * 0.1 * 150)


def test_what_stopped_whole_is_volume(con: duckdb.DuckDBPyConnection) -> None:
    (found,) = drivers(con, "chain", [(100, 10, 500, 0, 0, 0)], CHAIN)
    assert (found["by_volume"], found["by_rate"], found["by_price"]) == (-500, 0, 0)


def test_what_is_not_known_stays_so(con: duckdb.DuckDBPyConnection) -> None:
    (found,) = drivers(con, "chain", [(None, 10, 500, 100, 10, 500)], CHAIN)
    assert found["contribution"] is None

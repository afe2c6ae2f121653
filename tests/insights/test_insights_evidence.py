"""Every number in a sentence can be had again, by anyone, from the SQL beside it."""

import json
import re
from pathlib import Path

import duckdb
import pytest

from revops import Filters, Warehouse, insights, opening, units
from tests.insights.cases import BY_NAME, CASES, only


@pytest.mark.parametrize("source", ["world", "sample"])
def test_the_sql_shown_gives_the_number_in_the_sentence(
    world: Warehouse, sample_warehouse: Path, source: str
) -> None:
    if source == "world":
        path = world.file
        found = [only(BY_NAME[case[0]], world, Filters(segments=[case[1]])) for case in CASES]
    else:
        path = sample_warehouse
        found = insights.run(path) + insights.run(path, Filters(segments=["SMB"]))
    evidence = [one for insight in found for one in insight.evidence]
    with _plain(path) as plain:
        for one in evidence:
            answer = plain.sql(one.sql)
            row = dict(zip(answer.columns, answer.fetchall()[0], strict=True))
            assert float(row["value"]) == pytest.approx(one.value, rel=1e-9), one.label
            assert row.get("n") in (None, one.n)
    assert len(evidence) > 15


def test_no_sentence_holds_a_number_without_evidence(sample_warehouse: Path) -> None:
    with Warehouse(sample_warehouse) as warehouse:
        for insight in insights.run(warehouse):
            if insight.status == "no data":
                continue
            # the window is the scope's, not a finding
            told = insight.headline.replace(insight.scope.describe_window(), "")
            said = re.findall(r"[−$]*\d[\d,.]*(?:[KMB%]|/day|/month)*", told)
            backed = {
                units.format(value, unit)
                for one in insight.evidence
                for value, unit in (
                    (one.value, one.unit),
                    (one.baseline, one.unit),
                    (one.n, "count"),
                    (abs(one.effect.value) if one.effect else None, "ratio"),
                )
            } | {
                # "+3.1 points" is the value 3.1%, said as a change
                units.change(one.value, 0, "ratio").text.strip("+").removesuffix(" points")
                for one in insight.evidence
                if one.unit == "ratio"
            }
            # of "6 months" and "4.8×" only the number is found
            backed |= {text.split()[0].rstrip("×") for text in backed}
            # "12 months ago" is the metric's definition, not a finding
            loose = {number.rstrip(".,") for number in said} - backed - {"12"}
            assert not loose, insight.headline


def test_news_carries_what_to_do_and_how_sure_it_is(sample_warehouse: Path) -> None:
    found = insights.run(sample_warehouse)
    assert [insight.rule for insight in found if insight.is_news]
    for insight in found:
        assert insight.why
        assert bool(insight.actions) == insight.is_news
        if insight.status in ("alert", "watch") or insight.severity == "low":
            assert insight.confidence is not None
            assert 0 <= insight.confidence <= 1
        json.dumps(insight.to_dict())


def _plain(path: Path) -> duckdb.DuckDBPyConnection:
    """Somebody else's read-only connection; DuckDB wants equal settings within a process."""
    return duckdb.connect(str(path), read_only=True, config=opening.settings("1GB", None))

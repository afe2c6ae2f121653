"""The contracts: what they state, and that both ways of applying them agree."""

from datetime import date, timedelta
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.contracts import DATASETS
from pipeline.contracts.__main__ import main
from pipeline.contracts.dataset import Dataset
from pipeline.datasets import COLUMNS
from pipeline.ingest.typing import TYPES
from pipeline.ingest.validate import Judge

MEMBERS = {
    "segment": ("SMB", "MM", "ENT"),
    "stage": ("Discovery", "Demo", "Negotiation", "Closed_Won", "Closed_Lost"),
}
WORDS = ["SMB", "MM", "Open", "Demo", "Closed_Won", "Closed_Lost", "cac_payback_targets", "days"]


@pytest.mark.parametrize("name", DATASETS)
def test_columns_are_those_the_configuration_knows(name: str) -> None:
    assert tuple(column.name for column in DATASETS[name].columns) == COLUMNS[name]


def test_datasets_are_those_the_configuration_knows() -> None:
    assert list(DATASETS) == list(COLUMNS)


@pytest.mark.parametrize("dataset", DATASETS.values(), ids=DATASETS)
def test_everything_stated_is_explained(dataset: Dataset) -> None:
    assert "One row per" in dataset.description
    assert all(column.description for column in dataset.columns)
    for rule in (*dataset.rules(MEMBERS), *dataset.warnings):
        assert rule.says.endswith(".")
        assert rule.remedy.endswith((".", "]"))
    names = [rule.name for rule in dataset.warnings]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("dataset", DATASETS.values(), ids=DATASETS)
def test_keys_and_optional_columns_fit(dataset: Dataset) -> None:
    columns = {column.name: column for column in dataset.columns}
    assert set(dataset.key) <= set(columns)
    assert all(column.is_nullable for column in columns.values() if not column.is_required)


def test_only_four_files_are_required() -> None:
    required = [name for name, dataset in DATASETS.items() if dataset.is_required]
    assert required == ["marketing_channels", "pipeline_deals", "revenue_customers", "benchmarks"]


def test_a_policy_replaces_segments_and_stages() -> None:
    members = {"segment": ("Small", "Big"), "stage": ("New", "Closed_Won", "Closed_Lost")}
    lists = DATASETS["pipeline_deals"].closed_lists(members)
    assert lists["segment"] == ("Small", "Big")
    assert lists["stage"] == ("New", "Closed_Won", "Closed_Lost")
    assert lists["status"] == ("Open", "Closed_Won", "Closed_Lost")


CELLS = {
    "text": st.sampled_from(WORDS),
    "integer": st.integers(-3, 70),
    "number": st.sampled_from([-0.5, 0.0, 0.3, 1.0, 1.5, 61.0]),
    "money": st.sampled_from([Decimal("-1"), Decimal("0"), Decimal("0.3"), Decimal("99.5")]),
    "date": st.integers(0, 40).map(lambda days: date(2026, 1, 25) + timedelta(days)),
    "flag": st.booleans(),
}


@st.composite
def frames(draw: st.DrawFn) -> tuple[Dataset, pl.DataFrame]:
    """A dataset, and rows of its columns' types that may break any rule."""
    dataset = draw(st.sampled_from(list(DATASETS.values())))
    height = draw(st.integers(1, 6))
    return dataset, pl.DataFrame({
        column.name: pl.Series(
            draw(st.lists(
                st.none() | CELLS[column.kind] if draw(st.booleans()) else CELLS[column.kind],
                min_size=height, max_size=height,
            )),
            dtype=TYPES[column.kind],
        )
        for column in dataset.columns
    })  # fmt: skip


@pytest.mark.slow
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(frames())
def test_quick_pass_and_pandera_find_the_same_rows(case: tuple[Dataset, pl.DataFrame]) -> None:
    dataset, frame = case
    judge = Judge(dataset, MEMBERS)
    quick = {
        (rule.name, rule.column, place)
        for rule in dataset.rules(MEMBERS)
        for place in frame.select(rule.breaks.alias("broken"))["broken"].arg_true()
    }
    pandera = {
        (rule.name, rule.column, place) for rule, rows in judge.explain(frame) for place in rows
    }
    assert quick == pandera
    assert judge.has_bad_row(frame) == bool(pandera)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(frames())
def test_warnings_agree_with_pandera(case: tuple[Dataset, pl.DataFrame]) -> None:
    """A warning's expression marks exactly the rows that its pandera check reports."""
    dataset, frame = case
    schema = dataset.model.to_schema()
    checks = {check.name: check for check in schema.checks if check.raise_warning}
    for rule in dataset.warnings:
        passed = checks[rule.name](frame.lazy()).check_output.collect().to_series()
        assert frame.select(rule.breaks).to_series().not_().to_list() == passed.to_list()


def test_the_contracts_print_as_markdown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    printed = capsys.readouterr().out
    for dataset in DATASETS.values():
        assert f"## {dataset.name}.csv" in printed
        assert all(column.description in printed for column in dataset.columns)
        assert all(rule.name in printed for rule in dataset.rules(MEMBERS))
    assert main(["deals"]) == 2

"""Closed months that a later build tells otherwise, and the rows that made it."""

import shutil
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline import publish, status
from pipeline.build import BuildOptions, build
from pipeline.folder import WarehouseFolder
from pipeline.log import Log
from pipeline.models.discover import discover
from pipeline.models.reach import upstream
from pipeline.progress import Progress
from pipeline.restatement.rows import text_of
from tests.support.pipeline import query
from tests.support.tiny import CUSTOMERS, DEALS, MARKETING, tiny_data
from tests.support.worlds import SQL

HEADER = "subscription_id,customer_id,start_date,end_date,mrr\n"
# C1 pays 300 (MM), C2 100 (SMB); C3 paid 50 until 20 March: all that churned in March
LEDGER = (
    "S1,C1,2026-01-01,,300\n",
    "S2,C2,2026-01-01,,100\n",
    "S3,C3,2026-02-15,2026-03-20,50\n",
)
# the correction: C1 had left on 16 March; and the export lists its rows in another order
CORRECTED = (LEDGER[1], LEDGER[2], "S1,C1,2026-01-01,2026-03-16,300\n")
LAST_OF_MARCH = "2026-03-31,Email,News,ENT,AMER,10,500,10,1,1,1,0,0,,10,0.02,0.1,\n"
TO_THE_END_OF_MARCH = MARKETING + LAST_OF_MARCH
APRIL = date(2026, 4, 10)

WANTED = (
    "metrics.marketing",
    "metrics.pipeline",
    "metrics.revenue",
    "intermediate.domain_coverage",
    "reports.restatements",
    "reports.restated_rows",
)


class Company:
    """A data folder and its warehouse, built as often as the exports change."""

    def __init__(self, root: Path, sql: Path) -> None:
        self.root = root
        self.sql = sql
        self.folder = WarehouseFolder(root / "warehouse")

    def build(
        self,
        ledger: Sequence[str] | None = LEDGER,
        as_of: date = APRIL,
        force: bool = False,
        **files: str,
    ) -> str:
        """Build from these files; returns the load_id that is served."""
        texts = {"marketing_channels": TO_THE_END_OF_MARCH, **files}
        periods = None if ledger is None else HEADER + "".join(ledger)
        data = tiny_data(self.root, subscriptions=periods, **texts)
        options = BuildOptions(
            data=data, warehouse=self.folder.root, as_of=as_of, force=force, sql=self.sql
        )
        build(options, Log("json"), Progress(enabled=False))
        return str(self.folder.served())

    def configure(self, text: str) -> None:
        (self.root / "data").mkdir(exist_ok=True)
        (self.root / "data" / "revops.toml").write_text(text, encoding="utf-8")

    def values(self, where: str = "is_of_this_build") -> dict[tuple[Any, ...], tuple[Any, ...]]:
        """Value before and now, by metric, segment and month."""
        rows = self.query(
            "select metric, segment, month, value_before, value_now"
            f" from restatements where {where}"
        )
        return {row[:3]: row[3:] for row in rows}

    def query(self, sql: str) -> Sequence[tuple[Any, ...]]:
        return query(self.folder.file(str(self.folder.served())), sql)

    def status(self) -> str:
        text = status.describe(self.folder, None, datetime(2026, 4, 11, tzinfo=UTC))
        (line,) = (line for line in text.splitlines() if line.startswith("restated"))
        return line


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The models that restatements need: a build of these alone is quick."""
    folder = tmp_path_factory.mktemp("models") / "sql"
    everything = discover(SQL)
    needed = upstream(everything, WANTED)
    for model in everything:
        if model.name in needed:
            copy = folder / model.path.relative_to(SQL)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(model.path, copy)
    return folder


@pytest.fixture
def company(tmp_path: Path, models: Path, monkeypatch: pytest.MonkeyPatch) -> Company:
    """A company with nothing built; what other policies would say is left out here."""
    monkeypatch.setattr("pipeline.assemble.store_policy_values", lambda *_: None)
    return Company(tmp_path, models)


MARCH = date(2026, 3, 1)
DEALS_BY_LINE = DEALS.splitlines(keepends=True)


def test_a_corrected_export_changes_the_churn_of_march(company: Company):
    before = company.build()
    # a first build has nothing to compare itself with
    assert company.query("select * from restatements") == []
    assert company.query("select * from restated_rows") == []
    assert company.status() == "restated   no value of a closed month has changed"
    months = "select distinct month from meta.closed_months where domain = 'revenue' order by 1"
    assert company.query(months) == [(date(2026, month, 1),) for month in (1, 2, 3)]

    now = company.build(CORRECTED)

    found = company.values()
    assert found["churned_mrr", None, MARCH] == (50, 350)
    assert found["churned_mrr", "MM", MARCH] == (0, 300)
    assert found["mrr", None, MARCH] == (400, 100)
    assert found["logo_churn", None, MARCH] == pytest.approx((1 / 3, 2 / 3))
    # nothing before March, nothing of the segment that was not touched
    assert {month for _, _, month in found} == {MARCH}
    assert {segment for _, segment, _ in found} == {None, "MM"}
    assert company.query("select distinct build_before, build_now from restatements") == [
        (before, now)
    ]
    # S1 stood on line 2 and stands on line 4; S2 and S3 only moved
    assert company.query("select * exclude (build_before, build_now) from restated_rows") == [
        (
            True, "subscriptions", "changed", "S1 / 2026-01-01",
            ["end_date: empty → 2026-03-16"], date(2026, 3, 16),
            "subscriptions.csv", 2, "subscriptions.csv", 4, ["revenue"], 1,
        )
    ]  # fmt: skip
    assert company.status() == (
        f"restated   {len(found)} values of closed months changed: select * from restatements"
    )


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("740::decimal(18, 6)", "740"),
        ("100.5::decimal(18, 6)", "100.5"),
        ("-0.000001::decimal(18, 6)", "-0.000001"),
        ("0::decimal(18, 6)", "0"),
        ("100::decimal(18, 0)", "100"),
        ("null::decimal(18, 6)", "empty"),
        ("'v1.0'", "v1.0"),
        ("1200::bigint", "1200"),
        ("date '2026-03-10'", "2026-03-10"),
    ],
)
def test_what_changed_is_told_as_people_write_it(value: str, told: str):
    assert duckdb.connect().execute(f"select {text_of(value)}").fetchone() == (told,)


@pytest.mark.slow
def test_the_same_inputs_built_again_restate_nothing_and_keep_what_was_found(company: Company):
    company.build()
    company.build(CORRECTED)
    found = company.query("select * exclude is_of_this_build from restatements")
    rows = company.query("select * exclude is_of_this_build from restated_rows")
    oldest = company.folder.load_ids()[0]

    company.build(CORRECTED, force=True)
    company.folder.file(oldest).unlink()
    company.build(CORRECTED, force=True)

    assert company.values() == {}
    assert company.query("select * exclude is_of_this_build from restatements") == found
    assert company.query("select * exclude is_of_this_build from restated_rows") == rows
    assert "none now" in company.status()


def test_new_days_are_no_restatement(company: Company):
    company.build()
    # a customer who came in April, one who left in April, spend and a deal of April
    company.build(
        (LEDGER[0].replace(",,", ",2026-04-05,"), *LEDGER[1:], "S4,C4,2026-04-12,,70\n"),
        as_of=date(2026, 4, 20),
        marketing_channels=TO_THE_END_OF_MARCH
        + "2026-04-15,Email,News,ENT,AMER,10,500,10,1,1,1,0,0,,10,0.02,0.1,\n",
        revenue_customers=CUSTOMERS + "C4,Fir,ENT,Pro,2026-04-12,70,70,0,0,false,,,70,1\n",
    )

    assert company.values() == {}
    assert company.query("select * from restated_rows") == []


@pytest.mark.slow
def test_what_open_deals_became_later_is_no_restatement(company: Company):
    end_of_march = date(2026, 3, 31)
    company.build(as_of=end_of_march)
    stock = "select value from meta.closed_months where metric = 'open_pipeline'"
    assert company.query(f"{stock} and segment is null and month = date '2026-03-01'") == [(10000,)]

    # the open deal was raised to 12,000 and won on 12 April
    won = "D1,Alder,SMB,Ana,Negotiation,12000,2026-02-20,2026-04-30,2026-04-12,0,1,12000,Closed_Won"
    lines = [f"{won},LinkedIn\n" if line.startswith("D1") else line for line in DEALS_BY_LINE]
    company.build(as_of=date(2026, 4, 20), pipeline_deals="".join(lines))

    assert company.values() == {}
    assert company.query("select * from restated_rows") == []


@pytest.mark.slow
def test_rows_that_came_and_went_are_told_apart_from_rows_of_open_days(company: Company):
    company.build()
    company.build(
        (*LEDGER[1:], "S5,C1,2026-02-01,,10\n", "S6,C2,2026-04-03,,10\n"), as_of=date(2026, 4, 12)
    )

    rows = company.query(
        "select change, row_key, line_before, line_now from restated_rows order by row_key"
    )
    assert rows == [
        ("removed", "S1 / 2026-01-01", 2, None),
        ("added", "S5 / 2026-02-01", None, 4),
    ]


@pytest.mark.slow
def test_a_removed_marketing_row_of_a_closed_month(company: Company):
    company.build()
    lines = TO_THE_END_OF_MARCH.splitlines(keepends=True)
    company.build(marketing_channels="".join([lines[0], *lines[2:]]))

    assert company.values("metric = 'spend' and is_of_this_build") == {
        ("spend", None, MARCH): (460, 360),
        ("spend", "SMB", MARCH): (150, 50),
    }
    (row,) = company.query("select change, row_key, line_before, domains from restated_rows")
    assert row == (
        "removed", "2026-03-02 / LinkedIn / Spring / SMB / EMEA", 2, ["marketing"],
    )  # fmt: skip


@pytest.mark.slow
def test_another_policy_is_named_as_the_cause(company: Company):
    company.build()
    company.configure('[policy]\nwin_rate = "won_over_decided"\n')
    company.build()

    # the export has no loss reasons: the win rate is no longer known
    assert company.values()["win_rate", None, MARCH] == (pytest.approx(2 / 3), None)
    causes = company.query("select distinct domain, also_changed from restatements")
    assert causes == [("pipeline", ["policy win_rate: won_over_won_and_lost → won_over_decided"])]
    assert company.query("select * from restated_rows") == []


@pytest.mark.slow
def test_a_withdrawn_build_is_not_compared_with(company: Company):
    first = company.build()
    company.build(CORRECTED)
    publish.rollback(company.folder, None)
    assert company.folder.served() == first
    assert company.query("select * from restatements") == []

    # another correction: it was C2 who left
    company.build((LEDGER[0], LEDGER[1].replace(",,", ",2026-03-16,"), LEDGER[2]))

    assert company.values()["churned_mrr", None, MARCH] == (50, 150)
    assert company.query("select distinct build_before from restatements") == [(first,)]


@pytest.mark.slow
def test_a_build_that_does_not_open_is_passed_over(company: Company):
    first = company.build()
    second = company.build(as_of=date(2026, 4, 11))
    broken = company.folder.file(second)
    broken.chmod(0o644)
    broken.write_bytes(b"no database")

    company.build(CORRECTED)

    assert company.values()["churned_mrr", None, MARCH] == (50, 350)
    assert company.query("select distinct build_before from restatements") == [(first,)]


@pytest.mark.slow
def test_another_book_is_not_compared_with(company: Company):
    company.build()
    company.configure('[policy]\nbook = "other"\n')
    company.build(CORRECTED)

    assert company.query("select * from restatements") == []


@pytest.mark.slow
def test_one_snapshot_says_nothing_of_closed_months(company: Company):
    end_of_march = date(2026, 3, 31)
    company.build(None, end_of_march)
    company.build(None, end_of_march, revenue_customers=CUSTOMERS.replace("300", "400"))

    assert company.query("select * from meta.closed_months where domain = 'revenue'") == []
    assert company.values() == {}

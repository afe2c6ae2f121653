"""Every rule on values, through the whole load: withheld with its place, or loaded and flagged."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.loading import configure, load, tolerant
from tests.support.tiny import BENCHMARKS, CUSTOMERS, DEALS, MARKETING

Tiny = Callable[..., Path]

SUBSCRIPTIONS = """\
subscription_id,customer_id,start_date,end_date,mrr,plan
S1,C1,2026-01-01,2026-02-01,100,Starter
S1,C1,2026-02-01,,120,Growth
S2,C2,2026-01-15,,300,Growth
"""
TARGETS = """\
metric,period_start,period_end,segment,owner,value
won_amount,2026-01-01,2026-04-01,,,100000
won_amount,2026-01-01,2026-04-01,SMB,,40000
"""
FINANCE = """\
month,sales_marketing_expense,revenue,cost_of_revenue,net_burn
2026-01-01,1000,5000,1200,-300
2026-02-01,1100,5200,1250,250.5
"""
HISTORY = "snapshot_date," + DEALS.replace("\nD", "\n2026-03-20,D")


def replaced(text: str, line: int, column: str, cell: str) -> str:
    """The CSV text with one cell changed; lines are counted from 1, the header's."""
    lines = text.splitlines()
    place = lines[0].split(",").index(column)
    cells = lines[line - 1].split(",")
    cells[place] = cell
    lines[line - 1] = ",".join(cells)
    return "\n".join(lines) + "\n"


WITHHELD = [
    ("marketing_channels", MARKETING, "date", "2026-3-2", "not_a_date"),
    ("marketing_channels", MARKETING, "date", "", "missing"),
    ("marketing_channels", MARKETING, "channel", "NULL", "missing"),
    ("marketing_channels", MARKETING, "segment", "Enterprise", "not_a_member"),
    ("marketing_channels", MARKETING, "segment", "ЅMB", "not_a_member"),
    ("marketing_channels", MARKETING, "spend", "-1", "negative"),
    ("marketing_channels", MARKETING, "spend", "€100", "other_currency"),
    ("marketing_channels", MARKETING, "leads", "-80", "negative"),
    ("marketing_channels", MARKETING, "leads", "12.5", "not_an_integer"),
    ("marketing_channels", MARKETING, "MQLs", "\uff15", "not_an_integer"),
    ("marketing_channels", MARKETING, "closed_won", "", "missing"),
    ("marketing_channels", MARKETING, "ROI", "nan", "not_a_number"),
    ("pipeline_deals", DEALS, "deal_id", " ", "missing"),
    ("pipeline_deals", DEALS, "segment", "Mid market", "not_a_member"),
    ("pipeline_deals", DEALS, "stage", "Proposal", "not_a_member"),
    ("pipeline_deals", DEALS, "status", "Won", "not_a_member"),
    ("pipeline_deals", DEALS, "amount", "-5", "negative"),
    ("pipeline_deals", DEALS, "amount", "1e5", "not_money"),
    ("pipeline_deals", DEALS, "created_at", "", "missing"),
    ("pipeline_deals", DEALS, "probability", "75", "outside_range"),
    ("pipeline_deals", DEALS, "probability", "-0.1", "outside_range"),
    ("pipeline_deals", DEALS, "expected_close", "4/30/2026", "not_a_date"),
    ("revenue_customers", CUSTOMERS, "start_date", "", "missing"),
    ("revenue_customers", CUSTOMERS, "mrr", "", "missing"),
    ("revenue_customers", CUSTOMERS, "mrr", "-1", "negative"),
    ("revenue_customers", CUSTOMERS, "churned_flag", "maybe", "not_a_flag"),
    ("revenue_customers", CUSTOMERS, "churn_date", "2026-01-01", "churned_before_start"),
    ("revenue_customers", CUSTOMERS, "contraction_mrr", "-5", "negative"),
    ("subscriptions", SUBSCRIPTIONS, "end_date", "2026-01-01", "ends_before_it_starts"),
    ("subscriptions", SUBSCRIPTIONS, "customer_id", "", "missing"),
    ("targets", TARGETS, "period_end", "2026-01-01", "period_ends_before_it_starts"),
    ("targets", TARGETS, "value", "", "missing"),
    ("finance", FINANCE, "month", "2026-01-31", "month_not_on_first_day"),
    ("finance", FINANCE, "revenue", "-1", "negative"),
    ("deal_history", HISTORY, "snapshot_date", "", "missing"),
    ("benchmarks", BENCHMARKS, "target_value", "twelve", "not_a_number"),
]


@pytest.mark.parametrize(("dataset", "text", "column", "cell", "rule"), WITHHELD)
def test_a_bad_cell_withholds_its_row_with_its_place(
    tiny: Tiny, dataset: str, text: str, column: str, cell: str, rule: str
) -> None:
    data = tolerant(tiny(**{dataset: replaced(text, 2, column, cell)}), dataset)
    loaded = load(data)
    assert loaded.withheld() == [(dataset, 2, column, cell, rule)]
    assert len(loaded.rows(f"from raw.{dataset}")) == text.count("\n") - 2
    ((raw_row, reason),) = loaded.rows("select raw_row, reason from quarantine.rows")
    assert raw_row == replaced(text, 2, column, cell).splitlines()[1]
    says, remedy = reason.split(". ", maxsplit=1)
    assert says
    assert remedy


def test_a_closed_deal_cannot_close_before_it_was_created(tiny: Tiny) -> None:
    text = replaced(DEALS, 3, "last_stage_change", "2026-01-31")
    loaded = load(tolerant(tiny(pipeline_deals=text), "pipeline_deals"))
    assert loaded.withheld() == [
        ("pipeline_deals", 3, "last_stage_change", "2026-01-31", "closed_before_created")
    ]


def test_an_open_deal_with_that_contradiction_is_only_flagged(tiny: Tiny) -> None:
    loaded = load(tiny(pipeline_deals=replaced(DEALS, 2, "last_stage_change", "2026-01-31")))
    assert loaded.withheld() == []
    assert loaded.flags("pipeline_deals") == {2: ["stage_changed_before_created"]}


def test_several_faults_of_a_row_are_one_row_with_all_named(tiny: Tiny) -> None:
    text = replaced(replaced(MARKETING, 2, "leads", "x"), 2, "date", "")
    text = replaced(text, 2, "clicks", "-3")
    loaded = load(tolerant(tiny(marketing_channels=text), "marketing_channels"))
    assert loaded.withheld() == [("marketing_channels", 2, "date", "", "missing")]
    ((reason,),) = loaded.rows("select reason from quarantine.rows")
    assert reason.endswith("Also: clicks: negative, leads: not_an_integer.")


FLAGGED = [
    ("marketing_channels", MARKETING, "MQLs", "11", "funnel_stage_above_earlier"),
    ("marketing_channels", MARKETING, "CPL", "14", "supplied_cpl_disagrees"),
    ("marketing_channels", MARKETING, "CAC", "90", "supplied_cac_disagrees"),
    ("marketing_channels", MARKETING, "CTR", "0.02", "supplied_ctr_disagrees"),
    ("marketing_channels", MARKETING, "CVR_stagewise", "0.2", "supplied_cvr_disagrees"),
    ("pipeline_deals", DEALS, "stage", "Closed_Won", "closed_stage_but_open"),
    ("pipeline_deals", DEALS, "days_in_stage", "-3", "negative_days_in_stage"),
    ("pipeline_deals", DEALS, "expected_value", "4000", "supplied_expected_value_disagrees"),
    ("revenue_customers", CUSTOMERS, "churn_date", "2026-03-20", "churn_date_without_flag"),
    ("benchmarks", BENCHMARKS, "metric_type", "happiness", "unknown_metric_type"),
    ("benchmarks", BENCHMARKS, "min_value", "17", "range_upside_down"),
]


@pytest.mark.parametrize(("dataset", "text", "column", "cell", "rule"), FLAGGED)
def test_an_odd_row_loads_flagged_and_counted(
    tiny: Tiny, dataset: str, text: str, column: str, cell: str, rule: str
) -> None:
    loaded = load(tiny(**{dataset: replaced(text, 2, column, cell)}), strict=True)
    assert loaded.withheld() == []
    assert loaded.flags(dataset) == {2: [rule]}
    warned = loaded.rows("select dataset, rule, rows, example from meta.warnings")
    assert warned == [(dataset, rule, 1, f"{dataset}.csv:2")]


def test_won_deals_are_flagged_unless_certain(tiny: Tiny) -> None:
    text = replaced(DEALS, 3, "probability", "0.9")
    text = replaced(text, 4, "stage", "Demo")
    text = replaced(text, 5, "last_stage_change", "")
    loaded = load(tiny(pipeline_deals=replaced(text, 5, "probability", "0.2")))
    assert loaded.flags("pipeline_deals") == {
        3: ["won_but_not_certain", "supplied_expected_value_disagrees"],
        4: ["status_disagrees_with_stage"],
        5: ["lost_but_possible", "closed_without_date", "supplied_expected_value_disagrees"],
    }


def test_supplied_ratios_may_be_rounded(tiny: Tiny) -> None:
    """100 spent on 7 leads is 14.2857…; 14.29 and 14.2857 agree, 14.5 does not."""
    for cell, flags in (("14.29", []), ("14.2857", []), ("14.5", ["supplied_cpl_disagrees"])):
        text = replaced(replaced(MARKETING, 2, "leads", "7"), 2, "CPL", cell)
        text = replaced(text, 2, "CVR_stagewise", "0.07")
        assert load(tiny(marketing_channels=text)).flags("marketing_channels").get(2, []) == flags


def test_a_ratio_over_nothing_is_no_contradiction(tiny: Tiny) -> None:
    text = replaced(replaced(MARKETING, 2, "closed_won", "0"), 2, "CAC", "100")
    assert load(tiny(marketing_channels=text)).flags("marketing_channels") == {}


def test_rows_without_spend_and_spend_without_wins_are_plain(tiny: Tiny) -> None:
    text = replaced(replaced(MARKETING, 4, "spend", "0"), 4, "CPL", "0")
    assert load(tiny(marketing_channels=text), strict=True).flags("marketing_channels") == {}


def test_open_deals_may_know_neither_amount_nor_dates(tiny: Tiny) -> None:
    text = DEALS
    for column in ("amount", "expected_close", "last_stage_change", "days_in_stage",
                   "probability", "expected_value", "owner", "segment"):  # fmt: skip
        text = replaced(text, 2, column, "")
    loaded = load(tiny(pipeline_deals=text), strict=True)
    assert loaded.column("pipeline_deals", "amount")[0] is None
    assert loaded.flags("pipeline_deals") == {}


def test_benchmarks_never_fail_a_build_but_a_strict_one(tiny: Tiny) -> None:
    rows = [f"X{n},win_rate_targets,SMB,SMB,none,,,ratio,bad" for n in range(20)]
    data = tiny(benchmarks=BENCHMARKS + "\n".join(rows) + "\n")
    loaded = load(data)
    assert loaded.books("benchmarks")["rows_quarantined"] == 20
    with pytest.raises(Exception, match="--strict"):
        load(data, strict=True)


def test_benchmarks_of_the_same_thing_are_ambiguous_and_payback_in_days_odd(tiny: Tiny) -> None:
    text = (
        BENCHMARKS
        + "B3,win_rate_targets,SMB,SMB,0.4,,,ratio,other\n"
        + "B4,cac_payback_targets,SMB,SMB,14,,,days,months mislabelled\n"
        + "B5,cac_payback_targets,MM,MM,400,,,days,plausible\n"
    )
    loaded = load(tiny(benchmarks=text))
    assert loaded.flags("benchmarks") == {
        3: ["is_ambiguous"], 4: ["is_ambiguous"], 5: ["payback_in_days_implausible"],
    }  # fmt: skip


def test_segments_and_stages_follow_the_policy(tiny: Tiny) -> None:
    text = replaced(replaced(DEALS, 2, "segment", "big"), 2, "stage", "first call")
    marketing = (
        MARKETING.replace(",SMB,", ",Big,").replace(",MM,", ",Big,").replace(",ENT,", ",Big,")
    )
    customers = CUSTOMERS.replace(",SMB,", ",,").replace(",MM,", ",,")
    text = text.replace(",MM,", ",BIG,").replace(",SMB,", ",,").replace(",ENT,", ",,")
    data = configure(
        tiny(pipeline_deals=text, marketing_channels=marketing, revenue_customers=customers),
        '[policy]\nsegments = ["Big"]\nstages = ["First_Call"]',
    )
    loaded = load(data, strict=True)
    assert loaded.column("pipeline_deals", "segment") == ["Big", "Big", None, None]
    assert loaded.column("pipeline_deals", "stage")[0] == "First_Call"


def test_columns_values_and_formats_are_mapped(tiny: Tiny) -> None:
    deals = (
        "Id,account,segment,owner,stage,Betrag,created_at,expected_close,last_stage_change,"
        "days_in_stage,probability,expected_value,status,source_channel\n"
        'D1,Alder,SMB,Ana,negotiation,"10.000,50",20.02.2026,,10.03.2026,21,"0,5",,offen,\n'
    )
    data = configure(
        tiny(pipeline_deals=deals),
        '[files.pipeline_deals]\ndate_format = "%d.%m.%Y"\ndecimal = ","\nthousands = "."\n'
        'columns = {deal_id = "Id", amount = "Betrag"}\n'
        '[files.pipeline_deals.values.status]\noffen = "Open"\n',
    )
    loaded = load(data, strict=True)
    row = loaded.rows(
        "select deal_id, amount, created_at, probability, status, stage from raw.pipeline_deals"
    )
    assert row == [("D1", Decimal("10000.50"), date(2026, 2, 20), 0.5, "Open", "Negotiation")]
    source = loaded.rows(
        "select source_name from meta.columns where dataset = 'pipeline_deals' "
        "and column_name = 'amount'"
    )
    assert source == [("Betrag",)]


def test_an_inclusive_end_is_moved_to_the_first_day_after(tiny: Tiny) -> None:
    text = SUBSCRIPTIONS.replace("2026-02-01,100", "2026-01-31,100")
    data = configure(tiny(subscriptions=text), "[files.subscriptions]\nend_is_inclusive = true")
    assert load(data, strict=True).column("subscriptions", "end_date")[0] == date(2026, 2, 1)


def test_verify_judges_every_batch_with_the_same_outcome(tiny: Tiny) -> None:
    text = replaced(MARKETING, 3, "leads", "-80")
    data = tolerant(tiny(marketing_channels=text), "marketing_channels")
    assert load(data, verify=True).withheld() == load(data).withheld()

"""The order of the models comes from their SQL; what cannot hold is told with its line."""

from pathlib import Path

import pytest

from pipeline.errors import ModelError
from pipeline.models.discover import discover
from pipeline.models.order import order
from tests.support.models import CHECK, MART, METRICS, REPORT, STAGING, model_folder

LOADED = {"raw.pipeline_deals"}


def ordered(root: Path) -> list[str]:
    return [model.name for model in order(discover(root), LOADED)]


def test_callees_come_first_and_layers_in_their_order(tmp_path):
    late = MART.replace("staging.deals", "marts.deals")
    root = model_folder(tmp_path, marts__a_copy=late)

    assert ordered(root) == [
        "staging.deals",
        "marts.deals",
        "marts.a_copy",
        "metrics.pipeline",
        "reports.totals",
        "checks.amounts",
    ]


def test_references_are_found_in_macros_ctes_subqueries_and_scalar_calls(tmp_path):
    report = """\
-- description = "Anything. One row."
create or replace macro reports.totals(days := cast([1, 2] as integer[]), "by" := null) as table
with marts as (select 1 as deals)
select marts.deals, (select max(deals.amount) from marts.deals as deals), raw.scale(1)
from marts
where exists (from staging.deals) and list_filter(days, lambda day: day > 1) is not null
"""
    [model] = [m for m in discover(model_folder(tmp_path, reports__totals=report))
               if m.layer == "reports"]  # fmt: skip

    assert {r.name for r in model.references} == {"marts.deals", "staging.deals", "raw.scale"}
    assert [(p.name, p.has_default) for p in model.parameters] == [("days", True), ("by", True)]


def test_the_expression_of_a_metric_is_found_behind_a_cte(tmp_path):
    [model] = [m for m in discover(model_folder(tmp_path)) if m.layer == "metrics"]

    assert model.expressions["amount"] == "SUM(deals.amount)"


@pytest.mark.parametrize(
    ("change", "where", "words"),
    [
        ({"marts__deals": MART.replace("staging.deals", "staging.dealz")},
         "sql/marts/deals.sql:7", "Did you mean `staging.deals`"),
        ({"marts__deals": MART.replace("staging.deals", "reports.totals")},
         "sql/marts/deals.sql:7", "later layer"),
        ({"staging__deals": STAGING.replace("raw.pipeline_deals", "staging.other"),
          "staging__other": STAGING.replace("raw.pipeline_deals", "staging.deals")},
         ".sql:8", "in a circle"),
        ({"reports__totals": REPORT.replace("metrics.pipeline(", "metrics.pipelin(")},
         "sql/reports/totals.sql:6", "which does not exist"),
        ({"reports__totals": REPORT.replace("reports.totals", "reports.total")},
         "sql/reports/totals.sql", "the path says reports.totals"),
        ({"reports__totals": REPORT.replace("as table", "as")},
         "sql/reports/totals.sql:3", "first line is not understood"),
        ({"marts__deals": REPORT.replace("reports.totals", "marts.deals")},
         "sql/marts/deals.sql", "plain select"),
        ({"metrics__pipeline": METRICS.partition("create")[0] + "select 1"},
         "sql/metrics/pipeline.sql", "table macro"),
        ({"marts__deals": MART + ";\nselect 1"}, "sql/marts/deals.sql", "exactly one select"),
        ({"marts__deals": MART.replace("from", "frm frm")}, "sql/marts/deals.sql:7", "parsed"),
        ({"marts__deals": MART.replace("from", "'from")}, "sql/marts/deals.sql", "read"),
        ({"marts__deals": '-- description = "x"\n'}, "sql/marts/deals.sql", "no SQL"),
        ({"reports__totals": REPORT.replace("totals.amount", "if(true, 1, 2) as amount")},
         "sql/reports/totals.sql:5", "case when"),
        ({"mart__deals": MART}, "mart", "Did you mean `marts`?"),
        ({"marts__Deals": MART}, "sql/marts/Deals.sql", "lower case"),
    ],
)  # fmt: skip
def test_a_wrong_model_is_told_with_file_and_line(tmp_path, change, where, words):
    with pytest.raises(ModelError) as caught:
        ordered(model_folder(tmp_path, **change))

    assert words in str(caught.value)
    assert caught.value.where.endswith(where)


def test_a_folder_without_models_is_told(tmp_path):
    with pytest.raises(ModelError, match="no folder of SQL models"):
        discover(tmp_path / "nothing")


def test_headers_of_all_kinds_leave_line_numbers_alone(tmp_path):
    root = model_folder(tmp_path)
    [check] = [m for m in discover(root) if m.layer == "checks"]
    [metrics] = [m for m in discover(root) if m.layer == "metrics"]

    assert [r.line for r in check.references] == [
        CHECK.splitlines().index("from marts.deals as deals") + 1
    ]
    line = next(i for i, text in enumerate(METRICS.splitlines(), 1) if "marts.deals" in text)
    assert [r.line for r in metrics.references] == [line]

"""Running the models: what stands afterwards, and how a failure is told."""

import pytest

from pipeline.errors import ModelError
from pipeline.models.comments import comment_models
from pipeline.models.discover import discover
from pipeline.models.docs import README, with_models
from pipeline.models.run import run_models
from tests.support.models import MART, METRICS, REPORT, STAGING, database, model_folder


def rows(con, sql):
    return con.execute(sql).fetchall()


def test_each_layer_becomes_what_it_should(tmp_path):
    con = database(10, 20)

    run_models(con, model_folder(tmp_path))

    assert rows(con, "select count(*) from staging.deals") == [(2,)]
    assert rows(con, "select table_name from duckdb_tables() where schema_name = 'marts'") == [
        ("deals",)
    ]
    assert rows(con, "select slice, is_total, amount from metrics.pipeline()") == [(None, True, 30)]
    assert rows(con, "from reports.totals(since := date '2026-01-01')") == [(30,)]
    assert rows(con, "from reports.totals") == rows(con, "from totals") == [(30,)]
    assert rows(con, "from checks.amounts") == []


def test_the_catalogue_is_there_before_the_models_run(tmp_path):
    con = database(10)
    header = '-- description = "How many metrics there are. One row."'
    counted = f"{header}\nselect count(*) as metrics from meta.metrics"

    run_models(con, model_folder(tmp_path, marts__catalogue=counted))

    assert rows(con, "from marts.catalogue") == [(1,)]
    assert rows(con, "select name, kind, file, depends_on, parameters from meta.models"
                     " where layer = 'reports'") == [
        ("reports.totals", "macro", "sql/reports/totals.sql", ["metrics.pipeline"], ["since"])
    ]  # fmt: skip
    assert rows(con, "select metric, domain, position, unit, better, time_window, role, sql"
                     " from meta.metrics") == [
        ("amount", "pipeline", 1, "money", None, "stock", "kpi", "SUM(deals.amount)")
    ]  # fmt: skip
    assert rows(con, "select dimensions, parameters from meta.domains") == [
        (["region"], ["since", "by"])
    ]


def test_every_object_explains_itself(tmp_path):
    con = database(10)

    comment_models(con, run_models(con, model_folder(tmp_path)))

    texts = dict(rows(con, "select schema_name || '.' || table_name || '.' || column_name, comment"
                           " from duckdb_columns() where not internal"))  # fmt: skip
    assert texts["raw.pipeline_deals._line"].startswith("Line of that file")
    assert texts["staging.deals.region"] == texts["marts.deals.region"] == "Region of the deal"
    assert texts["marts.deals.amount"] == "Value of the deal"
    assert texts["reports.totals.amount"] == texts["main.totals.amount"] == "Sum."
    objects = rows(con, "select view_name, comment from duckdb_views() where not internal"
                        " union all select table_name, comment from duckdb_tables()"
                        " union all select function_name, comment from duckdb_functions()"
                        " where not internal")  # fmt: skip
    assert [name for name, comment in objects if not comment] == []


@pytest.mark.parametrize(
    ("change", "where", "words"),
    [
        ({"marts__deals": MART.replace("deals.amount,", "deals.amuont,")},
         "sql/marts/deals.sql:5", "amuont"),
        ({"marts__deals": MART.replace("deals.amount,", "cast(deals.region as date) as day,")},
         "sql/marts/deals.sql:5", "marts.deals failed"),
        ({"staging__deals": STAGING.replace("deals.amount,", "nosuch(deals.amount) as amount,")},
         "sql/staging/deals.sql:6", "nosuch"),
        ({"metrics__pipeline": METRICS.replace("summed.amount", "summed.amounts")},
         "sql/metrics/pipeline.sql:15", "amounts"),
        ({"reports__totals": REPORT.replace("totals.amount", "totals.nothing")},
         "sql/reports/totals.sql:5", "nothing"),
        ({"metrics__pipeline": METRICS.replace("-- amount", "-- amounts")},
         "sql/metrics/pipeline.sql:3", "has no such column"),
        ({"metrics__pipeline": METRICS.replace("summed.amount", "summed.amount, 1 as extra")},
         "sql/metrics/pipeline.sql:15", "no header line"),
    ],
)  # fmt: skip
def test_a_failing_model_is_told_with_file_and_line(tmp_path, change, where, words):
    with pytest.raises(ModelError) as caught:
        run_models(database(10), model_folder(tmp_path, **change))

    assert words in str(caught.value)
    assert caught.value.where == where


def test_a_line_of_another_model_is_not_passed_off_as_ours(tmp_path):
    # the cast stands in the staging view, but only the mart that reads it runs it
    view = STAGING.replace("deals.geo as region", "cast(deals.geo as date) as region")

    with pytest.raises(ModelError) as caught:
        run_models(database(10), model_folder(tmp_path, staging__deals=view))

    assert caught.value.where == "sql/marts/deals.sql"


def test_a_report_with_a_needed_parameter_has_no_view(tmp_path):
    con = database(10)
    needed = REPORT.replace("since := cast(null as date)", "since")

    run_models(con, model_folder(tmp_path, reports__totals=needed))

    assert rows(con, "from reports.totals(null::date)") == [(10,)]
    assert rows(con, "select count(*) from duckdb_views() where view_name = 'totals'") == [(0,)]


def test_the_readme_lists_every_model():
    models = discover(README.parent)

    assert with_models(README.read_text(encoding="utf-8"), models) == README.read_text(
        encoding="utf-8"
    ), "run `make docs`"

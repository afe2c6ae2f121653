"""Checks: rows that break an invariant, their class, and what never counts as passed."""

import pytest

from pipeline.checks import refuse_failed, run_checks
from pipeline.errors import CheckFailed, ModelError
from pipeline.models.run import run_models
from tests.support.models import CHECK, database, model_folder


def judged(tmp_path, amounts, **changes):
    con = database(*amounts)
    return con, run_checks(con, run_models(con, model_folder(tmp_path, **changes)))


def test_no_rows_means_that_it_holds(tmp_path):
    con, [result] = judged(tmp_path, (10, 20))

    assert (result.status, result.rows_tested, result.rows_failed) == ("passed", 2, 0)
    refuse_failed(con, [result])


def test_nothing_tested_is_not_passed(tmp_path):
    con, [result] = judged(tmp_path, ())

    assert result.status == "not applicable"
    assert con.execute("select status, passed, reason from meta.checks").fetchall() == [
        ("not applicable", True, "there is nothing to test")
    ]


def test_a_missing_dataset_is_named(tmp_path):
    needs = CHECK.replace("-- class", '-- needs = "subscriptions"\n-- class')

    _, [result] = judged(tmp_path, (-1,), checks__amounts=needs)

    assert (result.status, result.reason) == ("not applicable", "needs subscriptions.csv")


def test_an_error_names_check_count_gap_and_first_rows(tmp_path):
    con, [result] = judged(tmp_path, (10, -3, -7.5, -1, -1, -1, -1))

    assert (result.status, result.rows_failed, result.largest_gap) == ("failed", 6, 7.5)
    with pytest.raises(CheckFailed) as caught:
        refuse_failed(con, [result])
    told = str(caught.value)
    assert "amounts: No deal is worth less than nothing." in told
    assert "6 of 7 rows, largest gap 7.5" in told
    assert "deal_id = D3, gap = -3.000000" in told
    assert "… and 1 more" in told
    assert "Correct the amount in the CRM." in told
    assert caught.value.where == "sql/checks/amounts.sql"


def test_a_warning_is_stored_and_does_not_block(tmp_path):
    warning = CHECK.replace('"error"', '"warning"')

    con, [result] = judged(tmp_path, (10, -3), checks__amounts=warning)

    refuse_failed(con, [result])
    assert con.execute(
        "select name, class, status, rows_tested, rows_failed, largest_gap, passed from meta.checks"
    ).fetchall() == [("amounts", "warning", "failed", 2, 1, 3.0, False)]


def test_tested_may_be_a_query(tmp_path):
    query = CHECK.replace('"marts.deals"', '"select count(*) from marts.deals where amount > 15"')

    _, [result] = judged(tmp_path, (10, 20), checks__amounts=query)

    assert result.rows_tested == 1


def test_a_check_that_cannot_run_is_a_model_error(tmp_path):
    wrong = CHECK.replace('"marts.deals"', '"marts.nothing"')

    with pytest.raises(ModelError, match="nothing does not exist") as caught:
        judged(tmp_path, (10,), checks__amounts=wrong)

    assert caught.value.where == "sql/checks/amounts.sql"

"""revops.toml: everything has a default, and nothing wrong passes in silence."""

import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.config import Config, load_config
from pipeline.datasets import COLUMNS
from pipeline.errors import UsageError


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder, away from any configuration of the current folder."""
    elsewhere = tmp_path / "current"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


def configured(data: Path, text: str) -> Config:
    (data / "revops.toml").write_text(text, encoding="utf-8")
    return load_config(None, data)


def refusal(data: Path, text: str) -> UsageError:
    with pytest.raises(UsageError) as refused:
        configured(data, text)
    assert refused.value.exit_code == 2
    assert "revops.toml" in refused.value.what
    assert refused.value.where
    assert refused.value.remedy
    return refused.value


def test_without_a_file_everything_has_its_default(data: Path) -> None:
    config = load_config(None, data)
    assert config.source is None
    assert set(config.files) == set(COLUMNS)
    deals = config.files["pipeline_deals"]
    assert deals.path == data / "pipeline_deals.csv"
    assert (deals.date_format, deals.decimal, deals.thousands) == (None, ".", None)
    assert (deals.columns, deals.values) == ({}, {})
    assert (deals.end_is_inclusive, deals.kind, deals.tolerated_share) == (False, "snapshots", 0.01)
    assert config.policy.segments == ("SMB", "MM", "ENT")
    assert config.policy.stages == ("Discovery", "Demo", "Negotiation")


def test_the_policies_and_their_defaults_as_text(data: Path) -> None:
    rows = {
        key: (value, default, same)
        for key, value, default, same, _ in configured(
            data, "[policy]\nstuck_days = 30\n"
        ).policy.rows()
    }
    assert rows["stuck_days"] == ("30", "45", False)
    assert rows["nrr_includes_reactivated"] == ("true", "true", True)
    assert rows["trials_are_customers"][0] == "false"
    assert rows["logos_joined_and_left_count"][0] == "false"
    assert rows["win_rate"][0] == "won_over_won_and_lost"
    assert rows["stuck_amount"][0] == "50000"
    assert rows["fiscal_year_start_month"][0] == "1"
    assert rows["week_start"][0] == "monday"
    assert rows["target_pace"][0] == "linear"
    assert rows["currency"][0] == "USD"
    assert rows["book"][0] == "default"
    assert rows["segments"][0] == '["SMB", "MM", "ENT"]'
    assert rows["stages"][0] == '["Discovery", "Demo", "Negotiation"]'


def test_every_key_is_read(data: Path) -> None:
    (data / "crm.csv").write_text("")
    (data / "history.csv").write_text("")
    config = configured(
        data,
        """
        [files.pipeline_deals]
        path = "crm.csv"
        date_format = "%d.%m.%Y"
        decimal = ","
        thousands = "."
        tolerated_share = 0.05
        columns = { amount = "Betrag", deal_id = "Nr" }
        [files.pipeline_deals.values.status]
        gewonnen = "Closed_Won"
        [files.pipeline_deals.values.stage]
        "Angebot" = "Proposal"
        [files.subscriptions]
        end_is_inclusive = true
        [files.revenue_customers.values.churned_flag]
        weg = true
        [files.deal_history]
        path = "history.csv"
        kind = "changes"
        [policy]
        segments = ["Small", "Large"]
        stages = ["First call", "Proposal"]
        currency = "EUR"
        book = "real"
        stuck_amount = 12_500.5
        week_start = "sunday"
        """,
    )
    deals = config.files["pipeline_deals"]
    assert deals.path == data / "crm.csv"
    assert (deals.date_format, deals.decimal, deals.thousands) == ("%d.%m.%Y", ",", ".")
    assert deals.tolerated_share == 0.05
    assert deals.columns == {"amount": "Betrag", "deal_id": "Nr"}
    assert deals.values == {
        "status": {"gewonnen": "Closed_Won"},
        "stage": {"Angebot": "Proposal"},
    }
    assert config.files["subscriptions"].end_is_inclusive
    assert config.files["revenue_customers"].values == {"churned_flag": {"weg": "true"}}
    assert config.files["deal_history"].kind == "changes"
    assert config.policy.segments == ("Small", "Large")
    assert config.policy.stuck_amount == 12_500.5
    assert (config.policy.currency, config.policy.book) == ("EUR", "real")


def test_the_named_file_comes_first_then_the_data_folders_then_the_current_folders(
    data: Path, tmp_path: Path
) -> None:
    Path("revops.toml").write_text("[policy]\nstuck_days = 1\n")
    assert load_config(None, data).policy.stuck_days == 1
    (data / "revops.toml").write_text("[policy]\nstuck_days = 2\n")
    assert load_config(None, data).policy.stuck_days == 2
    named = tmp_path / "mine.toml"
    named.write_text("[policy]\nstuck_days = 3\n")
    config = load_config(named, data)
    assert (config.policy.stuck_days, config.source) == (3, named)


@pytest.mark.parametrize(
    ("text", "key", "meant"),
    [
        ("[polcy]\n", "polcy", "policy"),
        ("[policy]\nstuck_day = 3\n", "policy.stuck_day", "stuck_days"),
        ("[policy]\nStuck-Days = 3\n", "policy.Stuck-Days", "stuck_days"),
        ("[files.pipeline_deal]\n", "files.pipeline_deal", "pipeline_deals"),
        ("[files.marketing]\n", "files.marketing", "marketing_channels"),
        ("[files.finance]\ndateformat = 'x'\n", "files.finance.dateformat", "date_format"),
        ("[files.finance.columns]\nrevenu = 'x'\n", "files.finance.columns.revenu", "revenue"),
        ("[files.finance]\ncolumns = { mrr = 'x' }\n", "files.finance.columns.mrr", ""),
        ("[files.targets.values.segmnt]\na = 'SMB'\n", "files.targets.values.segmnt", "segment"),
    ],
)
def test_an_unknown_key_is_named_with_the_nearest_known(
    data: Path, text: str, key: str, meant: str
) -> None:
    error = refusal(data, text)
    assert "unknown" in error.what
    assert error.what.endswith(f": {key}.")
    assert error.where == f"{data / 'revops.toml'}, {key}"
    assert f"did you mean '{meant}'?" in error.remedy if meant else "Known here:" in error.remedy


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("policy = 3\n", "policy = 3 is not a table"),
        ("[files]\nfinance = 'x.csv'\n", 'files.finance = "x.csv" is not a table'),
        ("[policy]\nstuck_days = '45'\n", 'policy.stuck_days = "45" is not a whole number'),
        ("[policy]\nstuck_days = true\n", "policy.stuck_days = true is not a whole number"),
        ("[policy]\nstuck_days = 4.5\n", "policy.stuck_days = 4.5 is not a whole number"),
        ("[policy]\nstuck_days = -1\n", "policy.stuck_days = -1 is not between 0 and"),
        ("[policy]\nstuck_amount = nan\n", "policy.stuck_amount = nan is not between"),
        ("[policy]\nfiscal_year_start_month = 13\n", "= 13 is not between 1 and 12"),
        ("[policy]\nweek_start = 'tuesday'\n", '"tuesday" is not one of monday, sunday'),
        ("[policy]\nnrr_includes_reactivated = 'yes'\n", '"yes" is not true or false'),
        ("[policy]\ncurrency = 'euro'\n", '"euro" is not a currency code'),
        ("[policy]\nbook = '../up'\n", '"../up" is not a name of letters'),
        ("[policy]\nsegments = []\n", "policy.segments = [] is not a list of different names"),
        ("[policy]\nsegments = ['SMB', 'smb']\n", "is not a list of different names"),
        ("[policy]\nsegments = ['SMB', 3]\n", "is not a list of different names"),
        ("[policy]\nsegments = ['unknown']\n", "without 'unknown'"),
        ("[policy]\nstages = ['Demo', 'Closed Won']\n", "without 'Closed Won'"),
        ("[files.finance]\ndecimal = ';'\n", 'decimal = ";" is not one of'),
        ("[files.finance]\nthousands = 'x'\n", '"x" is not a separator'),
        ("[files.finance]\nthousands = '.'\n", "different from the decimal separator"),
        ("[files.finance]\ndate_format = '%d.%m.'\n", "not a format of year, month and day"),
        ("[files.finance]\ndate_format = 'dd.mm.yyyy'\n", "not a format of year, month and day"),
        ("[files.finance]\ntolerated_share = 5\n", "= 5 is not between 0 and 1"),
        ("[files.finance]\nkind = 'changes'\n", 'kind = "changes" is not meant for this file'),
        ("[files.finance]\nend_is_inclusive = true\n", "is not meant for this file"),
        ("[files.deal_history]\nkind = 'change'\n", '"change" is not one of snapshots, changes'),
        ("[files.finance]\npath = 'gone.csv'\n", 'path = "gone.csv" is not a file'),
        ("[files.finance.columns]\nrevenue = ''\n", 'revenue = "" is not the name'),
        ("[files.finance.columns]\nrevenue = 'x'\nmonth = 'x'\n", "is not mapped once"),
        ("[files.pipeline_deals.values.status]\nx = 'Won'\n", '"Won" is not one of Open,'),
        ("[files.pipeline_deals.values.segment]\nx = 'Mid'\n", '"Mid" is not one of SMB, MM, ENT'),
        ("[files.pipeline_deals.values.owner]\nx = ['a']\n", "is not a word or a number"),
    ],
)
def test_a_wrong_value_is_shown_with_what_it_should_be(data: Path, text: str, shown: str) -> None:
    assert shown in refusal(data, text).what


def test_a_misspelt_choice_names_the_nearest(data: Path) -> None:
    error = refusal(data, "[policy]\nweek_start = 'Mondays'\n")
    assert error.remedy == "did you mean 'monday'?"


@pytest.mark.parametrize("text", ["[policy\n", "[policy]\nstuck_days = \n", "a = 1\na = 2\n"])
def test_what_is_not_toml_is_refused_with_its_line(data: Path, text: str) -> None:
    assert "is not valid TOML" in refusal(data, text).what
    assert "line" in refusal(data, text).what


def test_a_file_that_is_not_there(data: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no configuration file"):
        load_config(tmp_path / "none.toml", data)
    with pytest.raises(UsageError, match="no data folder"):
        load_config(None, tmp_path / "none")


def test_the_digest_follows_the_meaning_and_not_the_place(data: Path, tmp_path: Path) -> None:
    plain = load_config(None, data).digest_text()
    assert configured(data, "# nothing\n[policy]\nstuck_days = 45\n").digest_text() == plain
    assert configured(data, "[policy]\nstuck_days = 44\n").digest_text() != plain
    assert configured(data, "[files.finance]\ndecimal = ','\n").digest_text() != plain
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert load_config(None, elsewhere).digest_text() == plain


def test_reading_the_configuration_costs_no_heavy_import() -> None:
    """An unchanged build must be told in a moment."""
    heavy = {"polars", "pandera", "duckdb", "numpy"}
    code = f"import sys, pipeline.config; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_the_columns_known_here_are_the_contracts() -> None:
    from pipeline.contracts import DATASETS

    assert {
        name: tuple(column.name for column in dataset.columns) for name, dataset in DATASETS.items()
    } == COLUMNS


def test_the_service_that_words_insights_is_checked_but_is_no_part_of_a_build(data: Path) -> None:
    plain = configured(data, "").digest_text()
    named = '[insights]\nprovider = "openai-compatible"\nurl = "https://example.com"\nmodel = "m"\n'
    assert configured(data, named).digest_text() == plain
    refused = refusal(data, "[insights]\nmodle = 'm'\n")
    assert "insights.modle" in refused.what
    assert "model" in refused.remedy

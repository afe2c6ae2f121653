"""The page without a browser: what it shows equals SQL, and what it is given stays text."""

import dataclasses
import io
import logging
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import openpyxl
import panel as pn
import param
import polars as pl
import pytest
from markupsafe import escape

from dashboard import __main__ as command
from dashboard.brands import BRANDS
from dashboard.card_html import render_cards
from dashboard.cards import TARGET, cards
from dashboard.charts.base import sources
from dashboard.charts.forecast import forecast as forecast_chart
from dashboard.cpl_ranges import cost_per_lead_ranges
from dashboard.exports import csv_text
from dashboard.html_view import HtmlView
from dashboard.insight_cards import render_insights
from dashboard.places import SHELVES, TABS
from dashboard.section import Section
from dashboard.shell import Shell
from dashboard.tabs import forecasts
from dashboard.tabs.base import ChartPane
from pipeline.build import BuildOptions, build
from pipeline.log import Log
from pipeline.progress import Progress
from revops import Filters, Warehouse, forecast, insights, metrics, reports, targets, units, what_if
from revops.forecast import words
from revops.rows_behind import RowsBehind
from tests.insights.wording_service import rewords, running
from tests.support.tiny import DEALS, FILES, MARKETING, tiny_data

PAYLOAD = "<img src=x onerror=window.pwned=1>"
ONE_YEAR = "?from=2025-11-01&to=2026-10-31"
YEAR = Filters("2025-11-01", "2026-11-01")


@pytest.fixture(scope="module")
def sample(sample_warehouse: Path) -> Iterator[Warehouse]:
    with Warehouse(sample_warehouse) as warehouse:
        yield warehouse


@pytest.fixture(scope="module")
def whole_page(sample: Warehouse) -> Shell:
    return Shell(sample)


@pytest.fixture
def shell(whole_page: Shell) -> Shell:
    """One page for all tests, because drawing takes seconds; each begins at the same view."""
    whole_page.state.apply_query(ONE_YEAR)
    return whole_page


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """The tiny data with every name replaced by markup that would run script."""
    folder = tmp_path_factory.mktemp("hostile")
    names = (
        "LinkedIn",
        "Email",
        "Spring",
        "News",
        "EMEA",
        "AMER",
        "Ana",
        "Alder",
        "Birch",
        "Cedar",
        "Growth",
        "Starter",
        "Price",
        "Elm",
    )
    files = dict(FILES)
    for place, name in enumerate(names):
        files = {key: text.replace(name, f"{PAYLOAD}{place}") for key, text in files.items()}
    data = tiny_data(folder, **files)
    options = BuildOptions(data=data, warehouse=folder / "warehouse")
    build(options, Log("json"), Progress(enabled=False))
    with Warehouse(folder / "warehouse" / "revops.duckdb") as warehouse:
        yield warehouse


def html(shell: Shell) -> list[str]:
    """Every piece of hand-written HTML on the page, all tabs built."""
    return [view.object for view in shell.page.select(HtmlView)]


def visit_all(shell: Shell) -> None:
    for tab in TABS:
        shell.state.tab = tab
    for shelf in SHELVES:
        shell.state.shelf = shelf


def sections(shell: Shell, tab: str) -> dict[str, Section]:
    return {one.title: one for one in shell.tabs[tab]._sections if isinstance(one, Section)}


@pytest.mark.parametrize("domain", ["marketing", "pipeline", "revenue"])
@pytest.mark.parametrize(
    ("filters", "arguments"),
    [
        (YEAR, "since := date '2025-11-01', until := date '2026-11-01'"),
        (
            dataclasses.replace(YEAR, segments=("SMB",)),
            "since := date '2025-11-01', until := date '2026-11-01', segments := ['SMB']",
        ),
        (Filters(), ""),
    ],
    ids=["a year", "one segment", "all time"],
)
def test_cards_show_what_sql_says(
    shell: Shell, sample: Warehouse, domain: str, filters: Filters, arguments: str
) -> None:
    shell.state.param.update(tab=domain, filters=filters)
    shown = {card.metric: card for card in shell.tabs[domain]._sections[0].made}
    asked = sample.query(f"from metrics.{domain}({arguments}) where is_total").row(0, named=True)
    catalogue = metrics.catalogue(sample, domain).filter(pl.col("role").ne_missing("part"))
    assert set(shown) == set(catalogue["metric"])
    for row in catalogue.iter_rows(named=True):
        value = units.format(asked[row["metric"]], row["unit"], sample.build.currency)
        assert shown[row["metric"]].value.removeprefix("≥ ") == value


def test_a_chart_holds_the_numbers_of_its_report(shell: Shell, sample: Warehouse) -> None:
    figure = shell.tabs["marketing"].spend.pane.object
    source = figure.renderers[0].data_source.data
    asked = sample.query(
        "select channel, spend from reports.channel_performance("
        "since := date '2025-11-01', until := date '2026-11-01')"
    )
    assert dict(zip(source["name"], source["value"], strict=True)) == {
        channel: float(spend) for channel, spend in asked.iter_rows()
    }


def test_a_filter_refills_the_figures_and_a_brand_redraws_them(shell: Shell) -> None:
    chart = shell.tabs["marketing"].spend
    first = chart.pane.object
    before = list(first.renderers[0].data_source.data["value"])
    shell.state.filters = dataclasses.replace(YEAR, segments=("SMB",))
    assert chart.pane.object is first
    assert list(first.renderers[0].data_source.data["value"]) != before
    shell.state.brand_key = "luma-skyline"
    assert chart.pane.object is not first
    assert chart.pane.object.background_fill_color == "#ffffff"


def test_hidden_tabs_wait(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    shell.state.tab = "pipeline"
    asked: list[str] = []
    ask = reports.query
    monkeypatch.setattr(
        reports,
        "query",
        lambda warehouse, name, filters=None: asked.append(name) or ask(warehouse, name, filters),
    )
    shell.state.filters = dataclasses.replace(YEAR, segments=("MM",))
    assert "stuck_deals" in asked
    assert "marketing_funnel" not in asked
    shell.state.tab = "marketing"
    assert "marketing_funnel" in asked


def test_a_failed_question_fails_one_card_only(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ask = reports.query

    def fail(warehouse: Warehouse, name: str, filters: Filters | None = None) -> pl.DataFrame:
        if name == "marketing_trend":
            raise RuntimeError("the disk is on fire")
        return ask(warehouse, name, filters)

    monkeypatch.setattr(reports, "query", fail)
    with caplog.at_level(logging.ERROR, logger="dashboard"):
        shell.state.filters = dataclasses.replace(YEAR, segments=("ENT",))
    cards_of = sections(shell, "marketing")
    said = cards_of["Weekly trend"].message
    assert said.visible
    assert "the disk is on fire" not in said.object
    mark = said.object.split("<code>")[1].split("</code>")[0]
    assert mark in caplog.text
    assert cards_of["Channels"].body.visible
    shell.state.filters = YEAR
    monkeypatch.undo()
    shell.state.filters = dataclasses.replace(YEAR, segments=("SMB",))
    assert cards_of["Weekly trend"].body.visible


def test_a_selection_that_matches_nothing_says_so(shell: Shell) -> None:
    shell.state.filters = dataclasses.replace(YEAR, segments=("Galactic",))
    visit_all(shell)
    for title in ("Channels", "Funnel", "Weekly trend"):
        card = sections(shell, "marketing")[title]
        assert card.message.visible
        assert not card.body.visible
        assert 'data-action="clear"' in card.message.object
    assert {card.value for card in shell.tabs["marketing"]._sections[0].made} <= {"—", "0"}
    shell.act("clear")
    assert shell.state.filters.segments is None


def test_filters_a_domain_cannot_honour_are_said(shell: Shell) -> None:
    shell.state.filters = dataclasses.replace(YEAR, plans=("Pro",))
    assert "all plans" in shell.tabs["marketing"]._sections[0].view.object
    assert "all plans" in sections(shell, "marketing")["Funnel"].head.object


def test_names_from_the_data_and_the_address_stay_text(hostile: Warehouse) -> None:
    shell = Shell(hostile)
    shell.state.apply_query(f"?period=all&brand={PAYLOAD}&segments={PAYLOAD}")
    visit_all(shell)
    shell.state.apply_query("?period=all")
    visit_all(shell)
    shell.act("metric:marketing.cpl")
    pieces = html(shell)
    assert any("&lt;img" in piece for piece in pieces)
    assert not [piece for piece in pieces if "<img" in piece]


def test_the_detector_of_markup_works() -> None:
    assert "<img" in str(HtmlView(markup=_raw(PAYLOAD)).object)
    with pytest.raises(TypeError):
        HtmlView().show(PAYLOAD)  # type: ignore[arg-type]


def _raw(text: str) -> object:
    from markupsafe import Markup

    return Markup(text)


def test_exports_neutralise_formulas_and_keep_everything_else() -> None:
    frame = pl.DataFrame(
        {
            "=name": ["=1+1", "+49 30", "-x", "@me", "\tx", "\rx", "plain", None],
            "amount": [-1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, None],
            "members": [["=a", "b"], [], None, ["c"], ["d"], ["e"], ["f"], ["g"]],
        }
    )
    back = pl.read_csv(csv_text(frame).encode(), infer_schema=False)
    assert back.columns == ["'=name", "amount", "members"]
    assert back["'=name"].to_list()[:4] == ["'=1+1", "'+49 30", "'-x", "'@me"]
    assert back["'=name"].to_list()[6] == "plain"
    assert back["amount"].to_list()[0] == "-1.5"
    assert back["members"].to_list()[0] == "'=a; b"


def test_a_download_is_named_for_what_it_holds(shell: Shell) -> None:
    card = sections(shell, "marketing")["Channels"]
    assert card.file_name("csv") == "revops_channels_2025-11-01_2026-10-31_as-of-2026-10-31.csv"
    text = card.download("csv").decode("utf-8-sig")
    asked = reports.query(shell.desk.warehouse, "channel_performance", YEAR)
    assert len(text.splitlines()) == asked.height + 1


def test_a_workbook_says_its_filters_and_holds_the_rows(shell: Shell) -> None:
    card = sections(shell, "marketing")["Channels"]
    book = openpyxl.load_workbook(io.BytesIO(card.download("xlsx")))
    said = dict(book["About"].values)
    build = shell.desk.warehouse.build
    assert (said["Build"], said["Data as of"]) == (build.load_id, units.day(build.as_of))
    assert said["Filters"] == shell.state.describe()
    assert said["cpl (marketing)"] == "Spend divided by leads."
    asked = reports.query(shell.desk.warehouse, "channel_performance", YEAR)
    header, *rows = book["Channels"].values
    spent = header.index("spend")
    assert sorted(row[spent] for row in rows) == pytest.approx(
        sorted(float(value) for value in asked["spend"])
    )


def test_a_picture_says_which_filters_it_does_not_honour(shell: Shell) -> None:
    shell.state.apply_query(f"{ONE_YEAR}&tab=marketing&plans=Pro")
    head = sections(shell, "marketing")["Spend by channel"].head.object
    assert 'data-png="revops_spend-by-channel_pro_2025-11-01_2026-10-31' in head
    assert "all plans · data as of 31 Oct 2026" in head


CATALOGUE = pl.DataFrame(
    {
        "metric": ["leads", "cpl", "brand_new"],
        "domain": ["marketing"] * 3,
        "label": ["Leads", "Cost per lead", "Brand new"],
        "unit": ["count", "money", "ratio"],
        "better": ["higher", "lower", None],
        "benchmark": [None, None, None],
        "denominator": [None, "leads", None],
        "role": [None, None, None],
    }
)
NOW = {"leads": 20, "cpl": 5.0, "brand_new": 0.5, "is_partial": False}
TREND = pl.DataFrame(
    {
        "slice": ["2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01"],
        "is_total": [False] * 4,
        "is_partial": [False, False, False, True],
        "leads": [1, 2, 3, 1],
    }
)


def test_a_metric_added_to_the_catalogue_appears_by_itself() -> None:
    made = cards(CATALOGUE, NOW, None, TREND, "USD")
    assert [card.metric for card in made] == ["leads", "cpl", "brand_new"]
    assert "Brand new" in render_cards(made, ("leads",))


def test_a_change_is_good_only_when_it_is_better() -> None:
    before = {"leads": 10, "cpl": 4.0, "brand_new": 0.4, "is_partial": False}
    leads, cost, new = cards(CATALOGUE, NOW, before, TREND, "USD")
    assert (leads.change.text, leads.change.is_good) == ("+100.0%", True)
    assert (cost.change.text, cost.change.is_good) == ("+25.0%", False)
    assert (new.change.text, new.change.is_good) == ("+10.0 points", None)


@pytest.mark.parametrize("part", ["now", "before"])
def test_a_part_window_is_never_compared_with_a_whole_one(part: str) -> None:
    before = {"leads": 10, "cpl": 4.0, "brand_new": 0.4, "is_partial": part == "before"}
    now = {**NOW, "is_partial": part == "now"}
    for card in cards(CATALOGUE, now, before, TREND, "USD"):
        assert card.change.direction == "unknown"
        assert "not compared" in card.why_not_compared


def test_a_target_is_named_as_what_it_is_and_moves_nothing_that_could_be_explained() -> None:
    leads, cost, _ = cards(CATALOGUE, NOW, {"leads": 16}, TREND, "USD", versus=TARGET)
    assert (leads.change.text, leads.before) == ("+25.0%", "target 16")
    assert not leads.can_be_explained
    assert cost.why_not_compared == "no target for this view"
    assert "why:" not in render_cards([leads, cost], ("leads",))


def test_the_sparkline_leaves_part_periods_out() -> None:
    assert cards(CATALOGUE, NOW, None, TREND, "USD")[0].trend == (1.0, 2.0, 3.0)


def test_an_unknown_value_says_why() -> None:
    now = {"leads": 0, "cpl": None, "brand_new": None, "is_partial": False}
    leads, cost, _ = cards(CATALOGUE, now, None, TREND, "USD")
    assert (leads.value, cost.value) == ("0", "—")
    assert cost.reason == "Not known: no leads in this window"


def test_a_metric_with_the_ends_of_an_interval_shows_it_beside_its_value() -> None:
    now = {**NOW, "brand_new_low": 0.2364, "brand_new_high": 0.28}
    *others, new = cards(CATALOGUE, now, None, TREND, "USD")
    assert new.interval == "23.6%–28.0%"
    assert [card.interval for card in others] == ["", ""]
    for headline in (("brand_new",), ("leads",)):
        shown = render_cards([*others, new], headline)
        assert shown.count('class="kpi-interval"') == 1
        assert "(95 % interval 23.6%–28.0%)" in shown
    # a value that is not known has no interval, whatever its ends say
    assert cards(CATALOGUE, {**now, "brand_new": None}, None, TREND, "USD")[2].interval == ""
    assert cards(CATALOGUE, {**now, "brand_new_low": None}, None, TREND, "USD")[2].interval == ""


def test_the_win_rate_shows_the_interval_that_sql_worked_out(
    shell: Shell, sample: Warehouse
) -> None:
    shell.state.param.update(tab="pipeline", filters=YEAR)
    made = {card.metric: card for card in shell.tabs["pipeline"]._sections[0].made}
    total = metrics.total(sample, "pipeline", YEAR)
    low, high = (units.format(total[f"win_rate_{end}"], "ratio") for end in ("low", "high"))
    assert made["win_rate"].interval == f"{low}–{high}"
    assert {name for name, card in made.items() if card.interval} == {"win_rate"}
    assert "its 95 % interval" in shell.tabs["pipeline"]._sections[0].view.object


def test_an_abbreviation_keeps_its_letters_within_a_sentence() -> None:
    labels = ["MRR 12 months ago", *CATALOGUE["label"].to_list()[1:]]
    known = CATALOGUE.with_columns(label=pl.Series(labels))
    _, cost, _ = cards(known, {**NOW, "leads": 0, "cpl": None}, None, TREND, "USD")
    assert cost.reason == "Not known: no MRR 12 months ago in this window"


def test_a_plan_that_nobody_has_shows_nothing_rather_than_an_axis(shell: Shell) -> None:
    shell.state.apply_query(f"{ONE_YEAR}&tab=revenue&plans=Galactic")
    for title in ("MRR month by month", "Months", "Losses", "MRR by segment", "MRR by plan"):
        assert sections(shell, "revenue")[title].frame is None, title


@pytest.mark.parametrize("kind", ["segment", "plan"])
def test_the_lines_of_mrr_add_up_to_it(shell: Shell, sample: Warehouse, kind: str) -> None:
    shell.state.apply_query(f"{ONE_YEAR}&tab=revenue")
    card = sections(shell, "revenue")[f"MRR by {kind}"]
    assert card.frame is not None
    told = card.frame.group_by("start").agg(pl.col("mrr").sum()).sort("start")
    mrr = sample.query(
        "select cast(slice as date) as start, cast(mrr as double) as mrr "
        "from metrics.revenue(since := date '2025-11-01', until := date '2026-11-01', "
        "\"by\" := 'month') where not is_total order by slice"
    )
    assert told.equals(mrr)


def test_the_proof_of_a_number_gives_the_number(shell: Shell, sample: Warehouse) -> None:
    shell.act("metric:marketing.cpl")
    assert shell.proof.dialog.open
    text = shell.proof.view.object
    assert "= the number above ✓" in text
    assert "marketing_channels.csv" in shell.proof.rows.object
    sql = (
        shell.proof.sql.object.split('<pre id="statement">')[1]
        .split("</pre>")[0]
        .replace("&#39;", "'")
    )
    value = sample.query(sql.rstrip(";")).row(0, named=True)["cpl"]
    assert units.exact(value, "money", "USD") in text


def test_which_deals_were_stuck_is_not_known_of_an_earlier_day(shell: Shell) -> None:
    shell.state.apply_query("?tab=pipeline&from=2026-07-01&to=2026-09-30")
    stuck = sections(shell, "pipeline")["Stuck deals"]
    assert "Not known" in stuck.message.object
    assert "Every open deal moves" not in stuck.message.object


def test_one_period_alone_has_its_mark(shell: Shell) -> None:
    shell.state.apply_query("?tab=pipeline&from=2026-07-01&to=2026-09-30")
    drawn = shell.tabs["pipeline"].rates.pane.object
    marks = next(one.data for one in sources(drawn) if "lone_value0" in one.data)
    rate = metrics.total(shell.desk.warehouse, "pipeline", shell.state.filters)["win_rate"]
    assert list(marks["lone_value0"]) == pytest.approx([rate])
    shell.state.apply_query(ONE_YEAR + "&tab=pipeline")
    marks = next(one.data for one in sources(drawn) if "lone_value0" in one.data)
    assert np.isnan(marks["lone_value0"]).all()


@pytest.mark.parametrize("action", ["shelf:withheld", "check:mrr_equals_running_periods"])
def test_what_leads_to_the_data_tab_leaves_the_page_of_an_entity(shell: Shell, action: str) -> None:
    shell.act("drill:owner:Jonas Weber")
    shell.act(action)
    assert (shell.state.tab, shell.state.drill) == ("data", "")
    assert shell.drill.layout.is_away


def test_no_chart_takes_one_of_the_few_contexts_of_webgl(shell: Shell) -> None:
    for tab in TABS:
        shell.state.tab = tab
        charts = [one for one in vars(shell.tabs[tab]).values() if isinstance(one, ChartPane)]
        assert {one.pane.object.output_backend for one in charts} <= {"canvas"}, tab


def test_cards_that_wait_do_so_while_their_tab_is_away(
    sample: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page is served here by hand: what is to come next is done when the test says so."""
    served = Shell(sample, query="?tab=marketing")
    to_come: list[Callable[[], None]] = []
    page = SimpleNamespace(
        add_next_tick_callback=to_come.append, add_timeout_callback=lambda go, _: to_come.append(go)
    )
    monkeypatch.setattr("dashboard.tabs.base.served_page", lambda: page)
    monkeypatch.setattr("dashboard.tabs.base.pn.state.onload", lambda go: go())
    served.state.tab = "pipeline"
    tab = served.tabs["pipeline"]
    to_come.pop()()
    to_come.pop()()
    some = len(tab.layout.objects)
    served.state.tab = "marketing"
    while to_come:
        to_come.pop()()
    assert 1 < len(tab.layout.objects) == some < len(tab._sections)
    served.state.tab = "pipeline"
    while to_come:
        to_come.pop()()
    assert len(tab.layout.objects) == len(tab._sections)
    assert all(one.frame is not None for one in tab._sections if isinstance(one, Section))


def test_a_page_of_rows_that_fails_says_so_and_the_proof_stays(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.act("metric:marketing.cpl")
    told, first = shell.proof.view.object, shell.proof.rows.object
    with monkeypatch.context() as broken:
        broken.setattr(RowsBehind, "page", lambda *_: 1 / 0)
        shell.proof.rows._on_action("page:2")
    assert "could not be made" in shell.proof.rows.object
    assert (shell.proof.dialog.open, shell.proof.view.object) == (True, told)
    shell.proof.rows._on_action("page:2")
    assert "could not be made" not in shell.proof.rows.object
    shell.proof.rows._on_action("page:1")
    assert shell.proof.rows.object == first


def test_a_page_opens_with_what_its_address_wants_and_nothing_else(sample: Warehouse) -> None:
    query = "?tab=revenue&segments=SMB&brand=neon-pulse&proof=revenue.nrr"
    opened = Shell(sample, query=query)
    assert opened.proof.dialog.open
    assert opened.page.dark_theme
    assert [name for name, tab in opened.tabs.items() if tab._is_built] == ["revenue"]
    later = Shell(sample)
    later.state.apply_query(query)
    assert opened.state.to_query() == later.state.to_query()
    assert opened.hero.object == later.hero.object


def test_unknown_actions_do_nothing(shell: Shell) -> None:
    before = shell.state.to_query()
    for action in ("", "metric:", "metric:marketing", "metric:marketing.x", "shelf:x", "quit:1"):
        shell.act(action)
    assert shell.state.to_query() == before


def test_the_copilot_shows_every_insight_and_its_own_filters_narrow_them(shell: Shell) -> None:
    shell.state.tab = "copilot"
    tab = shell.tabs["copilot"]
    found = insights.run(shell.desk.warehouse, YEAR)
    assert [one.headline for one in tab.found] == [one.headline for one in found]
    tab.category.value = "revenue"
    assert {one.category for one in tab.chosen()} == {"revenue"}
    assert "category=revenue" in shell.state.to_query()
    shell.state.apply_query("?tab=copilot&severity=high")
    assert (tab.category.value, tab.severity.value) == ("all", "high")
    assert {one.severity for one in tab.chosen()} == {"high"}


def test_an_insight_leads_to_its_rows_and_to_what_moved_it(shell: Shell) -> None:
    shell.state.tab = "copilot"
    tab = shell.tabs["copilot"]
    page = shell.state.filters
    rule, moved = next(iter(tab.moved.items()))
    assert insights.why.signed(moved.parts[0].contribution, moved.unit, "USD") in tab.view.object
    tab.view._on_action(f"rows:{rule}")
    assert shell.proof.dialog.open
    # the dialog looks at what the insight speaks of; the page keeps its own filters
    assert shell.proof.desk.filters == tab.leads[rule].filters
    assert shell.state.filters == page
    address = shell.state.to_query()
    tab.view._on_action(f"moved:{rule}")
    assert shell.why.dialog.open
    assert not shell.proof.dialog.open
    assert escape(moved.sentence) in shell.why.view.object
    shell.why.dialog.open = False
    assert (shell.state.scope, shell.state.why) == ("", "")
    shell.state.apply_query(address)
    assert shell.proof.desk.filters == tab.leads[rule].filters
    tab.view._on_action("rows:no_such_rule")
    assert shell.state.to_query() == address


def test_nothing_significant_is_an_answer(sample: Warehouse) -> None:
    calm = [
        dataclasses.replace(one, severity="none", status="good")
        for one in insights.run(sample, YEAR)
    ]
    shown = render_insights(calm, "USD")
    assert "Nothing significant" in shown
    assert shown.count("In order") == len(calm)


def test_what_a_rule_could_not_know_is_told_by_what_it_asked(sample: Warehouse) -> None:
    found = insights.run(sample)
    economics = next(one for one in found if one.rule == "ltv_to_cac")
    missing = dataclasses.replace(economics, status="no data", severity="none", headline="Why.")
    assert "LTV to CAC: Why." in render_insights([missing], "USD")


def test_a_service_words_the_tab_and_a_changed_number_is_not_shown(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.state.tab = "copilot"
    tab = shell.tabs["copilot"]
    section = sections(shell, "copilot")["What the numbers say"]
    assert "Nothing here is sent anywhere." in section.said
    config = tmp_path / "revops.toml"
    monkeypatch.setenv("REVOPS_CONFIG", str(config))
    for change, note, is_shown in (
        ({"why": "<b>Plainly</b> put."}, "every number was checked", True),
        ({"why": "It is 123,456.789."}, "is no number of", False),
    ):
        with running(rewords(lambda one, change=change: one.update(change))) as service:
            config.write_text(
                f'[insights]\nprovider = "openai-compatible"\nurl = "{service.url}"\nmodel = "m"\n'
            )
            section.refresh()
            assert note in section.said
            assert (str(escape(change["why"])) in tab.view.object) == is_shown
            section.refresh()
            # the same insights are asked about once, unless the answer was no use
            assert len(service.asked) == (1 if is_shown else 2)
    config.write_text("[insights]\nmodle = 'm'\n")
    section.refresh()
    assert "There is no key insights.modle." in section.said
    monkeypatch.undo()
    section.refresh()


def test_a_forecast_stands_beside_its_record_or_says_why_there_is_none(
    shell: Shell, sample: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.state.tab = "copilot"
    section = sections(shell, "copilot")["Bookings ahead"]
    section.refresh()
    found = forecast.bookings(sample, YEAR)
    assert escape(words.headline(found, "USD")) in section.head.object
    shown = section.body.select(HtmlView)[0].object
    for told in (words.calibration(found), words.errors(found), words.simple(found, "USD")):
        assert escape(told) in shown
    assert section.frame is not None
    assert section.frame["p50"].to_list()[-1] == found.forecast.p50
    refused = forecast.Forecast("bookings", "Bookings", refusal="Too <short>.")
    monkeypatch.setitem(forecasts.MADE, "bookings", lambda *_: refused)
    section.refresh()
    assert not section.body.visible
    assert "Too &lt;short&gt;." in section.message.object


def test_the_values_ahead_are_written_apart_and_misses_are_marked() -> None:
    days = [date(2026, 1, 31), date(2026, 2, 28), date(2026, 5, 31)]
    frame = pl.DataFrame(
        {
            "last_day": days,
            "p10": [90.0, 90.0, 100.0],
            "p50": [100.0, 100.0, 101.0],
            "p90": [110.0, 110.0, 102.0],
            "actual": [110.0, 111.0, None],
        }
    )
    drawing = forecast_chart().prepare(frame, BRANDS[0], "USD")
    layers = {name: layer[name] for layer in drawing.layers for name in layer}
    # on the edge is inside
    assert layers["marker"] == ["circle", "diamond"]
    low, middle, high = layers["end_text_at"]
    assert middle == 101
    assert middle - low == pytest.approx(high - middle)
    assert high - middle > 5
    assert [text[:4] for text in layers["end_text"]] == ["$100", "$101", "$102"]


def test_every_chart_has_a_sentence_that_stands_for_it(shell: Shell) -> None:
    visit_all(shell)
    drawn = [pane for pane in shell.page.select() if isinstance(pane, ChartPane)]
    for tab in ("marketing", "pipeline", "revenue"):
        for section in sections(shell, tab).values():
            if section.body.visible and section.body.select(ChartPane):
                assert 'class="summary"' in section.head.object, section.title
    assert drawn is not None


def test_a_missing_warehouse_is_told_without_a_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["--warehouse", str(tmp_path / "none.duckdb")]) == 2
    told = capsys.readouterr().err
    assert "next:" in told
    assert "Traceback" not in told


def test_the_page_holds_no_sql() -> None:
    folder = Path(command.__file__).parent
    for path in folder.rglob("*.py"):
        text = path.read_text().lower()
        assert "select " not in text.replace("select the", ""), path
        assert '.query("' not in text, path


def test_the_four_required_files_alone_show_what_is_not_known(tmp_path: Path) -> None:
    data = tiny_data(tmp_path, marketing_channels=MARKETING, pipeline_deals=DEALS)
    build(
        BuildOptions(data=data, warehouse=tmp_path / "warehouse"),
        Log("json"),
        Progress(enabled=False),
    )
    with Warehouse(tmp_path / "warehouse" / "revops.duckdb") as warehouse:
        shell = Shell(warehouse)
        shell.state.apply_query("?period=all&tab=revenue")
        card = sections(shell, "revenue")["MRR month by month"]
        assert card.message.visible
        assert "subscriptions.csv" in card.message.object
        values = {one.metric: one.value for one in shell.tabs["revenue"]._sections[0].made}
        assert values["nrr"] == "—"
        assert values["mrr"] == "$400"
        (finance,) = sections(shell, "revenue")["Finance"].body.select(HtmlView)
        missing = "Not known: finance.csv was not given"
        assert finance.object.count(f'<span class="why">{missing}') == 9
        # before the one snapshot nothing is known, which is not nothing
        shell.state.apply_query("?from=2025-01-01&to=2025-12-31&tab=revenue")
        for title in ("MRR month by month", "Months", "MRR by segment", "MRR by plan", "Segments"):
            message = sections(shell, "revenue")[title].message.object
            assert "Not known" in message, title
            assert "No customer passes" not in message, title


@pytest.mark.slow
def test_no_card_fails_in_any_state_of_the_data(
    shell: Shell, hostile: Warehouse, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, logger="dashboard"):
        for one in (shell, Shell(hostile)):
            for query in ADDRESSES:
                one.state.apply_query(query)
                visit_all(one)
    assert caplog.text == ""


ADDRESSES = (
    "?period=all",
    "?period=last_28_days&compare=last_year",
    "?period=this_quarter&brand=luma-skyline",
    "?from=2026-03-30&to=2026-03-30",
    "?from=1999-01-01&to=1999-12-31",
    "?from=2030-01-01&to=2030-12-31",
    "?period=all&segments=ENT&channels=Email",
    "?period=all&segments=Galactic",
    "?period=all&regions=EMEA&plans=Growth&owners=Ana",
)


def test_what_an_insight_says_stays_text(sample: Warehouse) -> None:
    found = [
        dataclasses.replace(
            one,
            headline=PAYLOAD,
            why=PAYLOAD,
            actions=(PAYLOAD,),
            drivers=(insights.Driver(PAYLOAD, 1.0, "count"),),
            severity=severity,
        )
        for one, severity in zip(insights.run(sample, YEAR), ("high", "none"), strict=False)
    ]
    shown = render_insights(found, "USD")
    assert shown.count("&lt;img") >= 5
    assert "<img" not in shown


@pytest.mark.parametrize(
    ("members", "category", "subcategory"),
    [({}, "all", "all"), ({"segments": ("SMB",)}, "SMB", "all")],
    ids=["everything", "one segment"],
)
def test_a_benchmark_stands_beside_its_own_slice_only(
    shell: Shell,
    sample: Warehouse,
    members: dict[str, tuple[str, ...]],
    category: str,
    subcategory: str,
) -> None:
    shell.state.param.update(tab="pipeline", filters=dataclasses.replace(YEAR, **members))
    (target,) = sample.query(
        "select target_value from reports.benchmark_comparison where metric = 'win_rate' "
        "and category = $category and subcategory = $subcategory",
        {"category": category, "subcategory": subcategory},
    ).row(0)
    marks = {card.metric: card.mark for card in shell.tabs["pipeline"]._sections[0].made}
    assert marks["win_rate"] == f"benchmark {units.format(target, 'ratio')}"
    assert marks["open_pipeline"] == ""
    shell.state.filters = dataclasses.replace(YEAR, regions=("EMEA",))
    marks = {card.metric: card.mark for card in shell.tabs["pipeline"]._sections[0].made}
    assert set(marks.values()) == {""}


def test_what_is_compared_with_targets_meets_the_targets_file(
    shell: Shell, sample: Warehouse
) -> None:
    shell.state.param.update(tab="pipeline", compare="target")
    won = next(
        one for one in shell.tabs["pipeline"]._sections[0].made if one.metric == "won_amount"
    )
    (asked,) = sample.query(
        "select sum(target_value) from staging.targets where metric = 'won_amount' and segment = "
        "'all' and period_end > date '2025-11-01' and period_start < date '2026-11-01'"
    ).row(0)
    paced = targets.targets(sample, YEAR)["pipeline", "won_amount"]
    # two of October 2025's quarter's months, and one of October 2026's, are in the window
    assert paced < float(asked)
    assert won.before == f"target {units.format(paced, 'money')}"
    assert "vs targets" in shell.hero.object
    shell.state.compare = "benchmark"
    made = {one.metric: one for one in shell.tabs["pipeline"]._sections[0].made}
    assert made["win_rate"].before.startswith("benchmark ")
    assert made["won_amount"].mark.startswith("target ")
    shell.state.filters = dataclasses.replace(YEAR, channels=("LinkedIn",))
    assert targets.targets(sample, shell.state.filters) == {}


@pytest.mark.parametrize(
    "members",
    [{}, {"segments": ("SMB",)}, {"channels": ("LinkedIn",)}, {"regions": ("EMEA",)}],
    ids=["everything", "one segment", "a channel", "a region, which no benchmark speaks of"],
)
def test_cost_per_lead_stands_where_the_benchmark_report_puts_it(
    sample: Warehouse, members: dict[str, tuple[str, ...]]
) -> None:
    filters = dataclasses.replace(YEAR, **members)
    shown = cost_per_lead_ranges(sample, filters)
    asked = reports.query(sample, "benchmark_comparison", filters).filter(
        (pl.col("metric") == "cpl") & pl.col("value").is_not_null()
    )
    assert shown.height == asked.height
    reported = dict(asked.select("value", "standing").iter_rows())
    for row in shown.iter_rows(named=True):
        near = min(reported, key=lambda value: abs(value - row["value"]))
        assert near == pytest.approx(row["value"])
        assert (reported[near] == "within") == row["is_inside"]


def test_a_page_is_not_kept_by_the_busy_moments_of_its_process(whole_page: Shell) -> None:
    told = pn.state.param.watchers.get("busy", {}).get("value", [])
    owners = [getattr(getattr(watcher.fn, "__self__", None), "self", None) for watcher in told]
    assert whole_page.page not in owners
    assert whole_page.page.busy is False


def test_a_card_out_of_sight_is_asked_for_when_it_comes_near(whole_page: Shell) -> None:
    asked: list[str] = []
    section = Section("Title", "", [], lambda section: asked.append("asked"), whole_page.desk)
    section.refresh_if_seen()
    assert asked == ["asked"]
    section.head._handle_msg({"seen": False})
    section.refresh_if_seen()
    assert asked == ["asked"]
    section.head._handle_msg({"seen": True})
    section._catch_up()
    section._catch_up()
    assert asked == ["asked", "asked"]


def test_a_change_leads_to_why_it_moved_and_its_parts(shell: Shell, sample: Warehouse) -> None:
    quarter = Filters("2026-07-01", "2026-10-01")
    shell.state.apply_query("?from=2026-07-01&to=2026-09-30&tab=pipeline")
    assert 'data-action="why:pipeline.win_rate"' in " ".join(html(shell))
    shell.act("metric:pipeline.win_rate")
    assert 'data-action="why:pipeline.win_rate"' in shell.proof.view.object
    shell.act("why:pipeline.win_rate")
    assert not shell.proof.dialog.open
    assert shell.why.dialog.open
    before = Filters("2026-04-01", "2026-07-01")
    found = insights.why.explain(sample, "win_rate", now=quarter, before=before)
    assert str(escape(found.sentence)) in shell.why.view.object
    for part in found.parts:
        assert insights.why.signed(part.contribution, "ratio", "USD") in shell.why.view.object
    shell.why._act("by:owner")
    assert shell.state.why == "pipeline.win_rate:owner"
    assert "why=pipeline.win_rate%3Aowner" in shell.state.to_query()
    assert "from the weights of the owners" in shell.why.view.object
    shell.why._act("metric:pipeline.win_rate")
    assert (shell.state.why, shell.proof.dialog.open) == ("", True)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("why=pipeline.sales_cycle_median_days", "a quantile belongs to all its deals at once"),
        ("why=revenue.mrr:movement", "Expansion"),
        ("why=pipeline.won_amount:factors", "average won amount"),
        ("why=marketing.cpl&compare=none", "nothing to compare with"),
    ],
)
def test_why_is_in_the_address_and_says_what_it_cannot(shell: Shell, query: str, said: str) -> None:
    shell.state.apply_query(f"?from=2026-07-01&to=2026-09-30&{query}")
    assert shell.why.dialog.open
    assert said in shell.why.view.object
    shell.state.apply_query(f"?why=marketing.{PAYLOAD}")
    assert (shell.state.why, shell.why.dialog.open) == ("", False)


def test_names_in_an_explanation_stay_text(hostile: Warehouse) -> None:
    shell = Shell(hostile)
    for metric in ("marketing.spend:channel", "pipeline.won_deals:owner"):
        shell.state.apply_query(f"?from=2026-03-01&to=2026-03-31&why={metric}")
        assert shell.why.dialog.open
        assert "<img" not in shell.why.view.object


def test_levers_show_what_the_window_would_have_come_to(shell: Shell, sample: Warehouse) -> None:
    shell.state.apply_query("?from=2026-07-01&to=2026-09-30&tab=copilot")
    plan = shell.tabs["copilot"].what_if
    plan._reset()
    assert "No lever is moved" in plan.view.object
    with param.edit_constant(plan.sliders["win_rate"]):
        plan.sliders["win_rate"].value_throttled = 20
    quarter = Filters("2026-07-01", "2026-10-01")
    outcome = what_if.run(sample, what_if.Scenario(filters=quarter, win_rate=0.2))
    assert str(escape(outcome.sentence)) in plan.view.object
    assert "Win rate" in plan.view.object.split("<tbody>")[1]
    for sentence in what_if.ASSUMPTIONS:
        assert str(escape(sentence)) in plan.view.object
    plan._act("outcome:won_amount")
    assert "Won amount, lever by lever" in plan.view.object
    # what was saved comes back exactly, also between the sliders' steps
    saved = what_if.Scenario(filters=Filters("2026-04-01", "2026-07-01"), churn=-0.125, price=2.0)
    plan.load.value = saved.dumps().encode()
    assert shell.state.filters == saved.filters
    assert plan.scenario() == saved
    assert what_if.loads(plan._file().read().decode()) == saved
    assert plan.sliders["price"].value == 100
    plan.load.value = b"[change]\nwinrate = 1"
    assert "no key &#39;winrate&#39;" in plan.view.object
    assert plan.scenario() == saved
    plan.load.value = f"[{PAYLOAD}]".encode()
    assert "<img" not in plan.view.object
    plan._reset()


def test_a_click_on_a_bar_opens_its_page(shell: Shell) -> None:
    sections(shell, "marketing")
    drawn = shell.tabs["marketing"].cpl.pane.object
    source = drawn.renderers[0].data_source
    place = list(source.data["name"]).index("LinkedIn · SMB")
    source.selected.indices = [place]
    assert shell.state.drilled == ("channel", "LinkedIn")
    assert source.selected.indices == []
    shell.act("drill:")


def test_a_chart_has_words_and_a_table_that_lead_as_far_as_its_bars(shell: Shell) -> None:
    card = sections(shell, "marketing")["Spend by channel"]
    said = shell.tabs["marketing"].spend.pane.object.html_attributes
    assert said["role"] == "img"
    assert said["aria-label"].startswith("Spend by channel. ")
    card._act("table")
    asked = reports.query(shell.desk.warehouse, "channel_performance", YEAR)
    assert (card.body.visible, card.table.visible) == (False, True)
    assert card.table.object.count("<tr>") == asked.height + 1
    assert 'data-action="drill:channel:LinkedIn"' in card.table.object
    assert "as a chart" in card.head.object
    assert "tables=Spend+by+channel" in shell.state.to_query()
    shell.state.filters = Filters("2025-11-01", "2026-11-01", channels=("Nobody",))
    assert (card.table.visible, card.message.visible) == (False, True)
    shell.state.filters = YEAR
    shell.state.tables = []
    assert (card.body.visible, card.table.visible) == (True, False)


def test_the_cohorts_are_shares_of_what_the_address_says(shell: Shell) -> None:
    shell.state.tab = "revenue"
    revenue = shell.tabs["revenue"]
    before = revenue.grid.object
    revenue.measure.value = "logos"
    assert shell.state.cohorts == "logos"
    assert revenue.grid.object != before
    shell.state.cohorts = "mrr"
    assert (revenue.measure.value, revenue.grid.object) == ("mrr", before)

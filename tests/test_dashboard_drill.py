"""The page of one channel, campaign, segment or owner: found by address, kept to it, left again."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.drill_parts import DrillRows
from dashboard.kpis import Kpis
from dashboard.places import CUSTOMER, DRILLS
from dashboard.section import Section
from dashboard.shell import Shell
from dashboard.state import State
from revops import Filters, Warehouse, evidence, metrics

YEAR = "from=2025-11-01&to=2026-10-31"
PAYLOAD = "<img src=x onerror=window.pwned=1>"


@pytest.fixture(scope="module")
def warehouse(sample_warehouse: Path) -> Iterator[Warehouse]:
    with Warehouse(sample_warehouse) as opened:
        yield opened


@pytest.fixture(scope="module")
def shell(warehouse: Warehouse) -> Shell:
    # the entity's page is seen from the start, so that no tab has to be drawn
    state = State(warehouse.build.as_of)
    state.apply_query(f"?{YEAR}&drill=channel:LinkedIn")
    return Shell(warehouse, state)


def test_a_page_shows_the_numbers_of_its_entity_only(shell: Shell, warehouse: Warehouse) -> None:
    shell.state.apply_query(f"?{YEAR}&drill=channel:LinkedIn")
    assert (shell.bar.visible, shell.drill.layout.is_away) == (False, False)
    made = [card for part in shell.drill.parts if isinstance(part, Kpis) for card in part.made]
    spend = next(card for card in made if card.metric == "spend")
    kept = Filters("2025-11-01", "2026-11-01", channels=["LinkedIn"])
    assert spend.exact == f"${metrics.total(warehouse, 'marketing', kept)['spend']:,.2f}"
    rows = next(part for part in shell.drill.parts if isinstance(part, DrillRows))
    assert f"of {evidence.page(warehouse, 'marketing', 'spend', kept).rows:,}" in rows.view.object
    assert "LinkedIn · Nov 2025–Oct 2026" in shell.hero.object


def test_a_proof_opened_there_is_about_the_entity(shell: Shell, warehouse: Warehouse) -> None:
    owner = evidence.rows(warehouse, "pipeline", "won_deals")["owner"][0]
    shell.state.apply_query(f"?{YEAR}&tab=pipeline&drill=owner:{owner}&proof=pipeline.won_deals")
    kept = Filters("2025-11-01", "2026-11-01", owners=[owner])
    assert shell.proof.sql.object.count("owners := [") == 2
    assert f"{metrics.total(warehouse, 'pipeline', kept)['won_deals']:,}" in shell.proof.view.object
    assert "= the number above ✓" in shell.proof.view.object


def test_the_address_holds_the_page_and_the_breadcrumb_leaves_it(shell: Shell) -> None:
    shell.state.apply_query(f"?{YEAR}&tab=pipeline")
    shell.act("drill:segment:SMB")
    address = shell.state.to_query()
    assert "drill=segment%3ASMB" in address
    again = State(shell.state.as_of)
    again.apply_query(address)
    assert again.drilled == ("segment", "SMB")
    assert again.to_query() == address
    assert 'data-action="drill:"' in shell.drill.crumb.object
    shell.act("drill:")
    assert shell.state.drilled is None
    assert (shell.bar.visible, shell.drill.layout.is_away) == (True, True)
    assert "drill" not in shell.state.to_query()


@pytest.mark.parametrize("kind", [*DRILLS, CUSTOMER])
def test_an_unknown_entity_is_said_and_stays_text(shell: Shell, kind: str) -> None:
    shell.act(f"drill:{kind}:{PAYLOAD}")
    said = shell.drill.crumb.object
    assert "Nothing is known of" in said
    assert "&lt;img" in said
    assert "<img" not in said + shell.hero.object
    assert shell.drill.body.objects == []


def test_a_kind_that_has_no_page_leads_back(shell: Shell) -> None:
    shell.act("drill:planet:Mars")
    assert shell.state.drill == ""
    assert shell.bar.visible


def test_a_page_draws_the_trend_of_its_entity(shell: Shell, warehouse: Warehouse) -> None:
    shell.state.apply_query(f"?{YEAR}&drill=channel:LinkedIn")
    leads = next(part for part in shell.drill.parts if getattr(part, "title", "") == "Leads")
    kept = Filters("2025-11-01", "2026-11-01", channels=["LinkedIn"])
    asked = metrics.query(warehouse, "marketing", kept, by="month")
    months = asked.filter(~asked["is_total"]).sort("slice")
    assert leads.frame["leads"].to_list() == months["leads"].cast(float).to_list()
    shell.act("drill:channel:Google Ads")
    assert leads in shell.drill.parts
    assert leads.frame["leads"].to_list() != months["leads"].cast(float).to_list()


def test_a_customer_has_a_page_that_ends_at_the_lines_of_the_files(
    shell: Shell, warehouse: Warehouse
) -> None:
    name = evidence.rows(warehouse, "revenue", "mrr")["customer_id"][0]
    shell.state.apply_query(f"?{YEAR}&tab=revenue&drill=customer:{name}")
    made = {part.title: part for part in shell.drill.parts if isinstance(part, Section)}
    months = warehouse.query(
        "select closing_mrr from marts.customer_months where customer_id = $name order by month",
        {"name": name},
    )
    assert made[f"MRR of {name}"].frame["closing_mrr"].to_list() == months["closing_mrr"].to_list()
    moves = made[f"Movements of {name}"].frame
    assert float(moves["change"].sum()) == pytest.approx(float(months["closing_mrr"][-1]))
    said = made[f"Subscriptions of {name}"].frame
    (line,) = said.filter(said["valid_to"].dt.year() == 9999).select("_line").head(1).rows()[0]
    folder = Path(__file__).parents[1] / "data"
    assert name in (folder / said["_file"][0]).read_text().splitlines()[line - 1]
    assert shell.state.to_query().endswith(f"drill=customer%3A{name}")


def test_rows_of_customers_lead_to_their_page(shell: Shell) -> None:
    shell.state.apply_query(f"?{YEAR}&tab=revenue&drill=segment:SMB")
    rows = next(part for part in shell.drill.parts if getattr(part, "metric", "") == "mrr")
    start = rows.view.object.index("drill:customer:")
    action = rows.view.object[start:].partition('"')[0]
    rows._act(action)
    assert shell.state.drill == action.removeprefix("drill:")
    assert "Nothing is known" not in shell.drill.crumb.object

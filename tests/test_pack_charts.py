"""Charts of the board pack: to scale, in the brand's colours, and text that stays text."""

from datetime import date
from xml.etree import ElementTree

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from dashboard.brands import BRANDS, LUMA_SKYLINE, BrandTheme
from dashboard.report.charts.bars import bars
from dashboard.report.charts.bridge import bridge
from dashboard.report.charts.fan import fan
from dashboard.report.charts.funnel import funnel
from dashboard.report.charts.pace import pace
from dashboard.report.charts.pen import Scale, cut, number
from dashboard.report.charts.shares import shares
from dashboard.report.charts.waterfall import mrr_waterfall
from revops.forecast import Forecast, Range, Trial

SVG = "{http://www.w3.org/2000/svg}"
PAYLOAD = '"><script>alert(1)</script>&'


def drawn(chart: Markup) -> ElementTree.Element:
    """The drawing as XML: it would not parse if a name had broken out of its place."""
    return ElementTree.fromstring(str(chart))


def heights(root: ElementTree.Element) -> list[float]:
    return [float(bar.attrib["height"]) for bar in root.iter(f"{SVG}rect")]


def widths(root: ElementTree.Element) -> list[float]:
    return [float(bar.attrib["width"]) for bar in root.iter(f"{SVG}rect")]


def words(root: ElementTree.Element) -> list[str]:
    return [text.text or "" for text in root.iter(f"{SVG}text")]


def test_a_bridge_is_to_scale_and_each_step_begins_where_the_last_ended() -> None:
    """100 open, 60 came, 40 went, 120 left: 100 is to 60 is to 40 is to 120 in heights."""
    frame = pl.DataFrame(
        {
            "name": ["Opening", PAYLOAD, "Lost", "Closing"],
            "value": [100, 60, -40, 120],
            "deals": [10, 6, 1, 15],
            "is_stock": [True, False, False, True],
        }
    )
    root = drawn(bridge(frame, LUMA_SKYLINE, "USD", "said"))
    opening, came, went, closing = heights(root)
    assert came / opening == pytest.approx(0.6, abs=0.01)
    assert went / opening == pytest.approx(0.4, abs=0.01)
    assert closing / opening == pytest.approx(1.2, abs=0.01)
    first, second, third, last = root.iter(f"{SVG}rect")
    assert float(second.attrib["y"]) + came == pytest.approx(float(first.attrib["y"]), abs=0.2)
    assert float(third.attrib["y"]) == pytest.approx(float(second.attrib["y"]), abs=0.2)
    assert float(last.attrib["y"]) == pytest.approx(float(third.attrib["y"]) + went, abs=0.2)
    assert "1 deal" in words(root)
    assert "−$40" in words(root) or "−$40.00" in words(root)


def test_a_months_steps_end_at_its_closing() -> None:
    """Opens at 1,000, 300 new, 100 churned: closes at 1,200, three and one of the same scale."""
    row = {
        "month": date(2026, 1, 1),
        "is_partial": False,
        "opening_mrr": 1000,
        "closing_mrr": 1200,
        "new_mrr": 300,
        "churned_mrr": 100,
    }
    others = ("reactivation", "expansion", "transferred_in", "contraction", "transferred_out")
    frame = pl.DataFrame([{**row, **{f"{name}_mrr": 0 for name in others}}])
    root = drawn(mrr_waterfall(frame, LUMA_SKYLINE, "USD", "said"))
    new, churned = root.iter(f"{SVG}rect")
    assert float(new.attrib["height"]) / float(churned.attrib["height"]) == pytest.approx(3, 0.02)
    assert float(churned.attrib["y"]) == pytest.approx(float(new.attrib["y"]), abs=0.2)
    assert "Expansion" not in words(root), "what never occurs takes no line"
    assert "−$100" in words(root)


def test_bars_are_as_long_as_their_values_and_unknown_has_none() -> None:
    frame = pl.DataFrame(
        {"name": ["a", PAYLOAD, "c", "d"], "value": [2.0, 1.0, -0.5, None], "note": [""] * 4}
    )
    root = drawn(bars(frame, LUMA_SKYLINE, "USD", "said", "ratio"))
    longest, half, loss = widths(root)
    assert half / longest == pytest.approx(0.5, abs=0.01)
    assert loss / longest == pytest.approx(0.25, abs=0.01)
    assert "—" in words(root)


def test_a_funnel_has_a_scale_for_each_half() -> None:
    steps = ("impressions", "clicks", "leads", "mqls", "sqls", "opportunities", "closed_won")
    counts = [1000, 500, 100, 50, 25, 10, 5]
    frame = pl.DataFrame(
        {
            "position": range(7),
            "metric": steps,
            "label": [PAYLOAD, *steps[1:]],
            "stage_count": counts,
            "share_of_previous": [None, 0.5, 0.2, 0.5, 0.5, 0.4, 0.5],
        }
    )
    found = widths(drawn(funnel(frame, LUMA_SKYLINE, "USD", "said")))
    assert len(found) == 8, "leads end one half and begin the other"
    assert [size / found[0] for size in found[:3]] == pytest.approx([1, 0.5, 0.1], abs=0.01)
    assert [size / found[3] for size in found[3:]] == pytest.approx(
        [1, 0.5, 0.25, 0.1, 0.05], abs=0.01
    )


def test_a_target_is_behind_by_colour_and_by_tick() -> None:
    frame = pl.DataFrame(
        {
            "name": ["Q1", PAYLOAD, "Q3"],
            "share": [0.5, 0.2, None],
            "pace": [0.4, 0.4, 0.4],
            "is_ahead": [True, False, False],
            "note": ["5 of 10", PAYLOAD, "not known: no deals"],
        }
    )
    root = drawn(pace(frame, LUMA_SKYLINE, "USD", "said"))
    ahead, behind = [bar for bar in root.iter(f"{SVG}rect") if bar.find(f"{SVG}title") is not None]
    assert float(behind.attrib["width"]) / float(ahead.attrib["width"]) == pytest.approx(0.4, 0.02)
    assert ahead.attrib["style"] != behind.attrib["style"]
    assert "not known: no deals" in words(root)


def test_shares_fill_the_bar() -> None:
    frame = pl.DataFrame(
        {
            "slice": [PAYLOAD],
            "due_deals": [10],
            "won_share": [0.5],
            "lost_share": [0.3],
            "slipped_share": [0.2],
            "other_share": [0.0],
        }
    )
    won, slipped, lost = widths(drawn(shares(frame, LUMA_SKYLINE, "USD", "said")))
    assert (won + 1) / (lost + 1) == pytest.approx(0.5 / 0.3, abs=0.02)
    assert (slipped + 1) / (lost + 1) == pytest.approx(0.2 / 0.3, abs=0.02)


def test_a_forecast_shows_what_came_outside_its_range() -> None:
    ends = {"last_quarter": None, "year_before": None}
    trials = (
        Trial(date(2026, 1, 31), date(2026, 4, 30), Range(80, 100, 120), 90, **ends),
        Trial(date(2026, 2, 28), date(2026, 5, 31), Range(80, 100, 120), 130, **ends),
    )
    one = Forecast(
        "mrr",
        "MRR",
        last_day=date(2026, 8, 31),
        forecast=Range(90, 110, 140),
        trials=trials,
    )
    root = drawn(fan(one, LUMA_SKYLINE, "USD", "said"))
    inside, outside = root.iter(f"{SVG}circle")
    assert inside.attrib["style"] != outside.attrib["style"]
    assert [text for text in words(root) if text.startswith("P")] == [
        "P10 $90.00",
        "P50 $110",
        "P90 $140",
    ]
    assert not fan(Forecast("mrr", "MRR", refusal="too young"), LUMA_SKYLINE, "USD", "")


@pytest.mark.parametrize("brand", BRANDS, ids=lambda brand: brand.key)
def test_a_drawing_alone_has_its_brands_colours(brand: BrandTheme) -> None:
    frame = pl.DataFrame({"name": ["a"], "value": [1.0], "note": [""]})
    text = str(bars(frame, brand, "USD", "said"))
    assert brand.series(0) in text
    assert brand.text in text


@given(st.text(max_size=30), st.floats(-1e9, 1e9))
def test_any_name_and_any_amount_can_be_drawn(name: str, value: float) -> None:
    clean = "".join(letter for letter in name if letter.isprintable())
    frame = pl.DataFrame({"name": [clean, "b"], "value": [value, 1.0], "note": ["", clean]})
    root = drawn(bars(frame, LUMA_SKYLINE, "USD", clean))
    room = float(root.attrib["viewBox"].split()[2])
    for bar in root.iter(f"{SVG}rect"):
        assert float(bar.attrib["x"]) >= 0
        assert float(bar.attrib["x"]) + float(bar.attrib["width"]) <= room + 1


def test_ticks_are_round_and_inside() -> None:
    assert Scale(0, 100, 0, 1).ticks() == [0, 25, 50, 75, 100]
    assert Scale(967, 1502, 0, 1).ticks() == [1000, 1200, 1400]
    assert Scale(5, 5, 0, 1).ticks() == [5]
    assert number(-0.01) == "0"
    assert number(1.25) == "1.2"
    assert cut("a long name", 40, 10) == "a lon…"

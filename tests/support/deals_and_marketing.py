"""Random marketing rows, deals, policies and questions for property tests."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
from hypothesis import strategies as st

from pipeline.policy import WIN_RATES, Policy
from tests.oracle_windows import Selection

# Days on both sides of the edges of weeks, months, quarters and years.
DAYS = tuple(
    date.fromisoformat(day)
    for day in (
        "2025-09-30", "2025-10-01", "2025-12-27", "2025-12-28", "2025-12-29", "2025-12-31",
        "2026-01-01", "2026-01-03", "2026-01-04", "2026-01-05", "2026-01-31", "2026-02-01",
        "2026-02-28", "2026-03-01", "2026-03-31",
    )
)  # fmt: skip
CHANNELS = ("LinkedIn", "Email", "Events", "Referral")
SEGMENTS = ("SMB", "MM", "ENT")
REGIONS = ("EMEA", "APAC")
MARKETING = {
    "date": pl.Date, "channel": pl.String, "campaign": pl.String, "segment": pl.String,
    "geo": pl.String, "spend": pl.Decimal(18, 6), "impressions": pl.Int64,
    "clicks": pl.Int64, "leads": pl.Int64, "MQLs": pl.Int64, "SQLs": pl.Int64,
    "opportunities": pl.Int64, "closed_won": pl.Int64, "ROI": pl.Float64,
}  # fmt: skip
DEALS = {
    "deal_id": pl.String, "segment": pl.String, "owner": pl.String, "stage": pl.String,
    "amount": pl.Decimal(18, 6), "created_at": pl.Date, "expected_close": pl.Date,
    "last_stage_change": pl.Date, "probability": pl.Float64, "status": pl.String,
    "source_channel": pl.String, "geo": pl.String, "loss_reason": pl.String,
}  # fmt: skip

days = st.sampled_from(DAYS)
money = st.integers(0, 20_000_000).map(lambda cents: Decimal(cents) / 100)
counts = st.integers(0, 50)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


@st.composite
def marketing_rows(draw: st.DrawFn) -> pl.DataFrame:
    """Up to 25 rows with distinct keys; geo, campaign and ROI may be empty."""
    row = st.fixed_dictionaries(
        {
            "date": days,
            "channel": st.sampled_from(CHANNELS[:3]),
            "campaign": maybe(st.sampled_from(("Spring", "Always on"))),
            "segment": st.sampled_from(SEGMENTS),
            "geo": maybe(st.sampled_from(REGIONS)),
            "spend": st.just(Decimal(0)) | money,
            **dict.fromkeys(list(MARKETING)[6:13], counts),
            "ROI": maybe(st.floats(-100, 500).map(lambda value: round(value, 1))),
        }
    )
    key = tuple(MARKETING)[:5]
    rows = draw(st.lists(row, max_size=25, unique_by=lambda r: tuple(r[name] for name in key)))
    return pl.DataFrame(rows, schema=MARKETING)


@st.composite
def deal_rows(draw: st.DrawFn) -> pl.DataFrame:
    """Up to 25 deals as CRMs have them: gaps everywhere, dates before, on and after today."""
    deals = []
    for number in range(draw(st.integers(0, 25))):
        created = draw(days)
        status = draw(st.sampled_from(("Open", "Closed_Won", "Closed_Lost")))
        deals.append(
            {
                "deal_id": f"D-{number}",
                "segment": draw(maybe(st.sampled_from(SEGMENTS))),
                "owner": draw(maybe(st.sampled_from(("Ann", "Bo")))),
                "stage": draw(st.sampled_from(("Discovery", "Demo", "Negotiation", "Closed_Won"))),
                "amount": draw(maybe(st.just(Decimal(0)) | money)),
                "created_at": created,
                "expected_close": draw(maybe(days)),
                "last_stage_change": draw(
                    maybe(st.sampled_from([day for day in DAYS if day >= created]))
                ),
                "probability": draw(maybe(st.sampled_from((0.0, 0.1, 0.5, 1.0)))),
                "status": status,
                "source_channel": draw(maybe(st.sampled_from(CHANNELS[1:]))),
                "geo": draw(maybe(st.sampled_from(REGIONS))),
                "loss_reason": draw(
                    maybe(st.sampled_from(("No decision", "price", "no_decision")))
                ),
            }
        )
    frame = pl.DataFrame(deals, schema=DEALS)
    absent = draw(st.sets(st.sampled_from(("geo", "loss_reason"))))
    return frame.drop(sorted(absent))


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    return Policy(
        win_rate=draw(st.sampled_from(WIN_RATES)),
        stuck_days=draw(st.sampled_from((0, 10, 45))),
        stuck_amount=draw(st.sampled_from((0.0, 50_000.0))),
        fiscal_year_start_month=draw(st.integers(1, 12)),
        week_start=draw(st.sampled_from(("monday", "sunday"))),
    )


@st.composite
def selections(draw: st.DrawFn, dimensions: tuple[str, ...]) -> Selection:
    """Any window, also an empty one or one outside the data, any filters, any split."""
    bounds = maybe(days | st.dates(DAYS[0] - timedelta(days=40), DAYS[-1] + timedelta(days=120)))
    fields: dict[str, Any] = {"since": draw(bounds), "until": draw(bounds)}
    members = {
        "segments": (*SEGMENTS, "unknown"),
        "channels": (*CHANNELS, "unknown"),
        "regions": (*REGIONS, "unknown", "nowhere"),
    }
    for name, some in members.items():
        fields[name] = draw(maybe(st.lists(st.sampled_from(some), min_size=1, unique=True)))
    by = draw(maybe(st.sampled_from((*dimensions, "week", "month", "quarter", "year"))))
    return Selection(by=by, **fields)

"""The contracts of pipeline_deals.csv and deal_history.csv."""

# ruff: noqa: N805 - @rule and @oddity make class methods of what they adorn

import polars as pl

from pipeline.contracts.fields import Contract, Money, known, maybe, segment, stage
from pipeline.contracts.rules import oddity, rule


class Deal(Contract):
    """What is said of a deal, today or on a snapshot's day."""

    deal_id: str = known("Identifier of the deal")
    account: str = maybe("Company the deal is with")
    segment: str = segment("Segment of the company")
    owner: str = maybe("Sales person who owns the deal")
    stage: str = stage("Sales stage; places open deals only, the status decides the rest")
    amount: Money = maybe("Value of the deal", ge=0)
    created_at: pl.Date = known("Day the deal was opened")
    expected_close: pl.Date = maybe("Day the owner expects it to close")
    last_stage_change: pl.Date = maybe("Day it entered its stage; the close date of a closed deal")
    days_in_stage: pl.Int64 = maybe("Days in the stage as supplied; compared, recomputed")
    probability: pl.Float64 = maybe(
        "Chance of winning, 0 to 1", in_range={"min_value": 0, "max_value": 1}
    )
    expected_value: Money = maybe("Amount times probability as supplied; compared, not used")
    status: str = known("Open, won or lost", isin=["Open", "Closed_Won", "Closed_Lost"])
    source_channel: str = maybe("Marketing channel the deal came from")
    geo: str | None = maybe("Region of the company")
    loss_reason: str | None = maybe("Why the deal was lost")

    @rule(
        "last_stage_change",
        "created_at",
        "status",
        remedy="Correct the date: it is the close date of a closed deal.",
    )
    def closed_before_created(cls) -> pl.Expr:
        """A closed deal's last_stage_change is not before its created_at."""
        is_open = pl.col("status") == "Open"
        return is_open | (pl.col("last_stage_change") >= pl.col("created_at"))

    @oddity("last_stage_change", "created_at", remedy="Correct the date of the stage change.")
    def stage_changed_before_created(cls) -> pl.Expr:
        """An open deal's last_stage_change is not before its created_at."""
        is_closed = pl.col("status") != "Open"
        return is_closed | (pl.col("last_stage_change") >= pl.col("created_at"))

    @oddity("stage", "status", remedy="Close the deal, or move it back to an open stage.")
    def closed_stage_but_open(cls) -> pl.Expr:
        """A deal in a closed stage is not Open."""
        return (pl.col("status") != "Open") | ~pl.col("stage").is_in(["Closed_Won", "Closed_Lost"])

    @oddity("stage", "status", remedy="Move the deal to the stage of its outcome.")
    def status_disagrees_with_stage(cls) -> pl.Expr:
        """A won or lost deal is in the stage of that name."""
        return (pl.col("status") == "Open") | (pl.col("stage") == pl.col("status"))

    @oddity("probability", "status", remedy="Nothing: the status decides.")
    def won_but_not_certain(cls) -> pl.Expr:
        """A won deal has probability 1."""
        return (pl.col("status") != "Closed_Won") | (pl.col("probability") == 1)

    @oddity("probability", "status", remedy="Nothing: the status decides.")
    def lost_but_possible(cls) -> pl.Expr:
        """A lost deal has probability 0."""
        return (pl.col("status") != "Closed_Lost") | (pl.col("probability") == 0)

    @oddity("days_in_stage", remedy="Nothing: it is recomputed from last_stage_change.")
    def negative_days_in_stage(cls) -> pl.Expr:
        """A deal has been in its stage for no less than 0 days."""
        return pl.col("days_in_stage") >= 0

    @oddity("last_stage_change", "status", remedy="Export the day the deal was closed.")
    def closed_without_date(cls) -> pl.Expr:
        """A closed deal has a last_stage_change, which is its close date."""
        return (pl.col("status") == "Open") | pl.col("last_stage_change").is_not_null()

    @oddity("expected_value", "amount", "probability", remedy="Nothing: it is recomputed.")
    def supplied_expected_value_disagrees(cls) -> pl.Expr:
        """The supplied expected value is amount times probability."""
        product = pl.col("amount").cast(pl.Float64) * pl.col("probability")
        gap = (pl.col("expected_value").cast(pl.Float64) - product).abs()
        return gap <= 0.01 * product.abs() + 0.011


class PipelineDeals(Deal):
    """Today's state of every deal. One row per deal_id."""


class Snapshot(Contract):
    """A state that belongs to a day."""

    snapshot_date: pl.Date = known("Day the row describes")


class DealHistory(Deal, Snapshot):
    """What every deal looked like on earlier days. One row per snapshot_date and deal_id."""

    @oddity("created_at", "snapshot_date", remedy="Correct created_at, or the snapshot's day.")
    def created_after_snapshot(cls) -> pl.Expr:
        """A deal is not described before it was created."""
        return pl.col("created_at") <= pl.col("snapshot_date")

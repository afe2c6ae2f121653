"""The contracts of revenue_customers.csv and subscriptions.csv."""

# ruff: noqa: N805 - @rule and @oddity make class methods of what they adorn

import polars as pl

from pipeline.contracts.fields import Contract, Money, known, maybe, segment
from pipeline.contracts.rules import oddity, rule


class RevenueCustomers(Contract):
    """Today's state of every customer, churned ones included. One row per customer_id."""

    customer_id: str = known("Identifier of the customer")
    account: str = maybe("Company, as the deals name it")
    segment: str = segment("Segment of the company")
    plan: str = maybe("Plan the customer is on")
    start_date: pl.Date = known("First day as a customer")
    mrr: Money = known("Monthly recurring revenue today; 0 once churned", ge=0)
    new_mrr: Money = maybe("New MRR of the period, as supplied", ge=0)
    expansion_mrr: Money = maybe("MRR gained from growth in the period, as supplied", ge=0)
    contraction_mrr: Money = maybe("MRR given up without leaving, as supplied", ge=0)
    churned_flag: pl.Boolean = known("Whether the customer has left")
    churn_date: pl.Date = maybe("Day the customer left")
    churn_reason: str = maybe("Why the customer left")
    arpa: Money = maybe("Average revenue per account as supplied; recomputed", ge=0)
    nrr: pl.Float64 = maybe("Net revenue retention as supplied; recomputed")
    geo: str | None = maybe("Region of the company")

    @rule("churn_date", "start_date", remedy="Correct whichever of the two dates is wrong.")
    def churned_before_start(cls) -> pl.Expr:
        """A customer does not leave before the start_date."""
        return pl.col("churn_date") >= pl.col("start_date")

    @oddity("churn_date", "churned_flag", remedy="Export the day the customer left.")
    def churned_without_date(cls) -> pl.Expr:
        """A churned customer has a churn_date."""
        return ~pl.col("churned_flag") | pl.col("churn_date").is_not_null()

    @oddity("churn_date", "churned_flag", remedy="Set churned_flag, or empty churn_date.")
    def churn_date_without_flag(cls) -> pl.Expr:
        """A customer with a churn_date is flagged as churned."""
        return pl.col("churned_flag") | pl.col("churn_date").is_null()

    @oddity("mrr", "churned_flag", remedy="Set mrr to 0, or churned_flag to false.")
    def churned_but_paying(cls) -> pl.Expr:
        """A churned customer has no MRR."""
        return ~pl.col("churned_flag") | (pl.col("mrr") == 0)


class Subscriptions(Contract):
    """Each paid period of a subscription. One row per subscription_id and start_date."""

    subscription_id: str = known("Identifier of the subscription")
    customer_id: str = known("Customer who pays; a subscription belongs to one")
    start_date: pl.Date = known("First day paid")
    end_date: pl.Date = maybe("First day no longer paid; empty while running")
    mrr: Money = known("Monthly recurring revenue of the period", ge=0)
    plan: str | None = maybe("Plan of the period")

    @rule(
        "end_date",
        "start_date",
        remedy="Correct the dates; if end_date is the last paid day, set end_is_inclusive = true.",
    )
    def ends_before_it_starts(cls) -> pl.Expr:
        """end_date, the first day no longer paid, is after start_date."""
        return pl.col("end_date") > pl.col("start_date")

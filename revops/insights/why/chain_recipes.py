"""The amounts that are volume × rate × price, and which sums each factor comes from."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Chain:
    """An amount as volume × rate × price, in words and as columns of the metrics macros.

    `volume`, `cases` and `amount` are sums named `domain.column`: rate is cases per volume,
    price is amount per case. `sources` names the macros read; one with "month" tells its
    flows per complete month, and these are added up.
    """

    name: str
    domain: str
    label: str
    factors: tuple[str, str, str]
    volume: str
    cases: str
    amount: str
    sources: Mapping[str, str | None]

    @property
    def sums(self) -> dict[str, str]:
        """The three sums, under the names `reports.chain_drivers` takes."""
        return {"volume": self.volume, "cases": self.cases, "amount": self.amount}

    @property
    def is_by_months(self) -> bool:
        """Whether its windows must be whole months."""
        return "month" in self.sources.values()


CHAINS = {
    chain.name: chain
    for chain in (
        Chain(
            name="new_mrr",
            domain="revenue",
            label="New MRR",
            factors=("leads", "new customers per lead", "ASP"),
            volume="marketing.leads",
            cases="revenue.new_customers",
            amount="revenue.new_mrr",
            sources={"marketing": None, "revenue": "month"},
        ),
        Chain(
            name="bookings",
            domain="pipeline",
            label="Bookings",
            factors=("deals decided", "win rate", "average won amount"),
            volume="pipeline.decided_deals",
            cases="pipeline.decided_won_deals",
            amount="pipeline.won_amount",
            sources={"pipeline": None},
        ),
    )
}

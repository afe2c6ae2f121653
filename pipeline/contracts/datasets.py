"""All eight datasets, in the order they are loaded and reported."""

from pipeline.contracts.dataset import Dataset
from pipeline.contracts.deals import DealHistory, PipelineDeals
from pipeline.contracts.marketing import MarketingChannels
from pipeline.contracts.plans import Benchmarks, Finance, Targets
from pipeline.contracts.revenue import RevenueCustomers, Subscriptions

_ALL = (
    Dataset(
        name="marketing_channels",
        model=MarketingChannels,
        key=("date", "channel", "campaign", "segment", "geo"),
        starts_by="date",
        money_column="spend",
        is_required=True,
    ),
    Dataset(
        name="pipeline_deals",
        model=PipelineDeals,
        key=("deal_id",),
        starts_by="created_at",
        covers_until="as_of",
        money_column="amount",
        is_required=True,
    ),
    Dataset(
        name="revenue_customers",
        model=RevenueCustomers,
        key=("customer_id",),
        starts_by="start_date",
        covers_until="as_of",
        money_column="mrr",
        is_required=True,
    ),
    Dataset(
        name="benchmarks",
        model=Benchmarks,
        key=("benchmark_id",),
        starts_by=None,
        is_required=True,
        fails_builds=False,
    ),
    Dataset(
        name="subscriptions",
        model=Subscriptions,
        key=("subscription_id", "start_date"),
        starts_by="start_date",
        covers_until="as_of",
        money_column="mrr",
        period_end="end_date",
    ),
    Dataset(
        name="deal_history",
        model=DealHistory,
        key=("snapshot_date", "deal_id"),
        starts_by="snapshot_date",
        money_column="amount",
    ),
    Dataset(
        name="targets",
        model=Targets,
        key=("metric", "period_start", "period_end", "segment", "owner"),
        starts_by="period_start",
        covers_until="period_end",
        period_end="period_end",
    ),
    Dataset(
        name="finance",
        model=Finance,
        key=("month",),
        starts_by="month",
        covers_until="month_end",
    ),
)

DATASETS: dict[str, Dataset] = {dataset.name: dataset for dataset in _ALL}

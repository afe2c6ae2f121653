"""What a page can be at: its tabs and lists, what it compares with, whose pages there are."""

from revops.periods import Preset

TABS = {
    "marketing": "Marketing",
    "pipeline": "Pipeline",
    "revenue": "Revenue",
    "copilot": "AI Co-Pilot",
    "data": "Data",
}
SHELVES = {
    "files": "Files",
    "checks": "Checks",
    "withheld": "Withheld rows",
    "warnings": "Warnings",
    "restatements": "Restatements",
    "restated_rows": "Restated rows",
    "models": "Lineage",
    "metrics": "Metrics",
    "policies": "Policies",
    "impact": "Under each policy",
}
COMPARISONS = {
    "previous": "Previous period",
    "last_year": "Same period last year",
    "target": "Target",
    "benchmark": "Benchmark",
    "none": "No comparison",
}
EVERY = "all"
CATEGORIES = {
    EVERY: "All categories",
    "marketing": "Marketing",
    "pipeline": "Pipeline",
    "revenue": "Revenue",
    "data": "Data",
}
COHORTS = {"mrr": "MRR", "logos": "Logos"}
GRAVITIES = {EVERY: "All severities", "high": "High", "medium": "Medium", "low": "Low"}
# What an address holds besides filters, comparison and brand.
PLACES = (
    "tab",
    "shelf",
    "check",
    "model",
    "drill",
    "proof",
    "why",
    "scope",
    "category",
    "severity",
    "what_if",
    "cohorts",
    "tables",
)
# comparisons with what should be, not with what was
STANDARDS = {"target": "targets", "benchmark": "benchmarks"}
DEFAULT_PRESET: Preset = "trailing_12_months"
CUSTOM = "custom"
DRILLS = {
    "channel": "channels",
    "campaign": "campaigns",
    "segment": "segments",
    "owner": "owners",
}
# what a row of a table can be kept to: those, and what has no page of its own
PARTS = {**DRILLS, "region": "regions", "plan": "plans"}
# a page of its own, but no filter: metrics are not split by customer
CUSTOMER = "customer"

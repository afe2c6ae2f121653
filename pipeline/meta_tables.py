"""The meta tables: what a warehouse tells about itself, as data."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """One meta table: what it says, and per column its type and meaning."""

    name: str
    description: str
    columns: Mapping[str, tuple[str, str]]


DRIVERS = "struct(label varchar, value double, unit varchar, share double)[]"
EVIDENCE = (
    "struct(metric varchar, label varchar, value double, unit varchar, baseline double,"
    " baseline_label varchar, n bigint, interval_low double, interval_high double,"
    " p_value double, adjusted_p double, effect double, effect_low double, effect_high double,"
    " effect_is_relative boolean, sql varchar)[]"
)

TABLES = (
    Table("meta.build", "The build that made this file. One row.", {
        "load_id": ("varchar", "Name of the build; later builds sort after earlier ones"),
        "as_of": ("date", "The day the numbers describe; the day itself is included"),
        "as_of_source": ("varchar", "Where the as-of date comes from"),
        "built_at": ("timestamp", "When the build began, UTC"),
        "inputs_digest": ("varchar", "Digest of inputs, SQL, policy and pipeline code"),
        "pipeline_version": ("varchar", "Version of this project"),
        "duckdb_version": ("varchar", "Version of DuckDB that built the file"),
        "polars_version": ("varchar", "Version of polars that read the inputs"),
        "pandera_version": ("varchar", "Version of pandera that validated the inputs"),
        "python_version": ("varchar", "Version of Python that ran the build"),
        "currency": ("varchar", "The one currency of all money"),
        "book": ("varchar", "Book of history that this build belongs to"),
        "mrr_source": ("varchar", "subscriptions, else snapshots, else one_snapshot"),
    }),
    Table("meta.loads", "What was read from each input file. One row per dataset.", {
        "dataset": ("varchar", "Name of the dataset"),
        "file": ("varchar", "File it was read from; NULL when absent"),
        "sha256": ("varchar", "SHA-256 of the file"),
        "rows_read": ("bigint", "Rows read"),
        "rows_loaded": ("bigint", "Rows loaded into raw"),
        "rows_quarantined": ("bigint", "Rows withheld in quarantine.rows"),
        "amount_withheld": ("decimal(38,6)", "Money of the withheld rows"),
        "amount_read": ("decimal(38,6)", "Money summed from the raw text by a separate reading"),
        "amount_loaded": ("decimal(38,6)", "Money of the loaded rows"),
        "amount_unreadable_cells": ("bigint", "Money cells that the separate reading cannot read"),
        "is_required": ("boolean", "Whether a build needs the file"),
        "is_present": ("boolean", "Whether the file was there"),
        "first_date": ("date", "First day that the file covers"),
        "last_date": ("date", "Last day that the file covers"),
    }),
    Table("meta.columns", "The contract of each input column. One row per dataset and column.", {
        "dataset": ("varchar", "Name of the dataset"),
        "column_name": ("varchar", "Name of the column in raw"),
        "data_type": ("varchar", "Type of the column in raw"),
        "is_required": ("boolean", "Whether the header must have it"),
        "is_present": ("boolean", "Whether the file had it"),
        "source_name": ("varchar", "Its name in the file"),
        "description": ("varchar", "What it means"),
    }),
    Table("meta.warnings", "Oddities that were kept. One row per dataset and rule.", {
        "dataset": ("varchar", "Name of the dataset"),
        "rule": ("varchar", "Name of the rule"),
        "description": ("varchar", "What is odd about the rows"),
        "rows": ("bigint", "How many rows"),
        "example": ("varchar", "File and line of one of them"),
    }),
    Table("meta.policy", "The policies in force. One row per policy.", {
        "key": ("varchar", "Name of the policy"),
        "value": ("varchar", "Value in force, as text; lists as JSON"),
        "default_value": ("varchar", "Value without any configuration"),
        "is_default": ("boolean", "Whether the value is the default"),
        "description": ("varchar", "What the policy decides"),
    }),
    Table("meta.members", "Members of segments and stages in their order. One row per member.", {
        "kind": ("varchar", "segment or stage"),
        "member": ("varchar", "Name of the member"),
        "position": ("integer", "Place in the order, from 1"),
    }),
    Table("meta.models", "Every SQL model. One row per model.", {
        "name": ("varchar", "Layer and name: the path of its file"),
        "layer": ("varchar", "Folder of the model"),
        "kind": ("varchar", "view, table or macro"),
        "description": ("varchar", "What the model holds, ending in its grain"),
        "file": ("varchar", "Path of its file"),
        "sql": ("varchar", "The file's text"),
        "depends_on": ("varchar[]", "What it reads, as found in the SQL"),
        "parameters": ("varchar[]", "Parameters, if it is a macro"),
    }),
    Table("meta.metrics", "The catalogue of metrics. One row per metric column of a domain.", {
        "metric": ("varchar", "Name of the metric: a column of its domain's macro"),
        "domain": ("varchar", "Name of the macro in the schema metrics"),
        "position": ("integer", "Place in the domain, from 1"),
        "label": ("varchar", "Name for people"),
        "unit": ("varchar", "money, count, ratio, days, months, multiple, money_per_day or"
            " money_per_month"),
        "better": ("varchar", "higher, lower, or NULL when neither is better"),
        "benchmark": ("varchar", "metric_type of the benchmarks that apply"),
        "definition": ("varchar", "How it is defined"),
        "numerator": ("varchar", "Column that is divided"),
        "denominator": ("varchar", "Column that divides"),
        "time_window": ("varchar", "flow, stock, last_12_months, last_3_months or last_month"),
        "role": ("varchar", "kpi, or part for the numerators and denominators of others"),
        "sql": ("varchar", "The SQL expression of the column"),
    }),
    Table("meta.domains", "The domains of metrics. One row per metrics macro.", {
        "domain": ("varchar", "Name of the macro in the schema metrics"),
        "description": ("varchar", "What it measures"),
        "dimensions": ("varchar[]", "What `by` accepts besides week, month, quarter and year"),
        "parameters": ("varchar[]", "Parameters of the macro"),
    }),
    Table("meta.checks", "The books' proofs and their outcome. One row per check.", {
        "name": ("varchar", "Name of the check; checks.<name> returns the breaking rows"),
        "description": ("varchar", "What must hold"),
        "class": ("varchar", "error blocks publishing, warning does not"),
        "status": ("varchar", "passed, failed or not applicable"),
        "rows_tested": ("bigint", "Rows that were tested"),
        "rows_failed": ("bigint", "Rows that break the rule"),
        "largest_gap": ("double", "Largest absolute gap among them"),
        "passed": ("boolean", "True unless it failed"),
        "reason": ("varchar", "Why it is not applicable, or what to do about it"),
        "sql": ("varchar", "The text of the check"),
    }),
    Table("meta.policy_values", "Metrics under each choice of a policy, all data, no filter."
        " One row per policy, choice and metric.", {
        "policy": ("varchar", "Name of the policy"),
        "choice": ("varchar", "A value that the policy could have, as text"),
        "domain": ("varchar", "Name of the metrics macro the value comes from"),
        "metric": ("varchar", "Name of the metric"),
        "period_start": ("date", "First day of the period; NULL: all of the data"),
        "period_end": ("date", "First day after the period"),
        "value": ("double", "The metric under the choice; NULL when not known"),
    }),
    Table("meta.closed_months", "What this build says of months that are over."
        " One row per metric, segment and month.", {
        "domain": ("varchar", "Name of the metrics macro the value comes from"),
        "metric": ("varchar", "Name of the metric"),
        "segment": ("varchar", "Segment; NULL in the total"),
        "month": ("date", "First day of the month"),
        "value": ("double", "The value; NULL when not known"),
    }),
    Table("meta.restatements", "Values of closed months that a later build changed."
        " One row per build, metric, segment and month.", {
        "build_before": ("varchar", "Build that said it before"),
        "build_now": ("varchar", "Build that says it otherwise"),
        "as_of_before": ("date", "The day the earlier build describes"),
        "as_of_now": ("date", "The day the later build describes"),
        "domain": ("varchar", "Name of the metrics macro the value comes from"),
        "metric": ("varchar", "Name of the metric"),
        "segment": ("varchar", "Segment; NULL in the total"),
        "month": ("date", "First day of the month"),
        "value_before": ("double", "The value of the earlier build; NULL when not known"),
        "value_now": ("double", "The value of the later build; NULL when not known"),
        "also_changed": ("varchar[]", "Policies and definitions that changed between the builds"),
    }),
    Table("meta.restated_rows", "Input rows that speak of closed months and changed."
        " One row per build and row of a file, the first 200 of each file.", {
        "build_before": ("varchar", "Build that read the row before"),
        "build_now": ("varchar", "Build that read it otherwise"),
        "dataset": ("varchar", "Name of the dataset"),
        "domains": ("varchar[]", "Domains with restated values that read the file"),
        "change": ("varchar", "added, removed or changed"),
        "row_key": ("varchar", "Key of the row, its parts joined by slashes"),
        "what_changed": ("varchar[]", "Columns with their values, as before → now"),
        "affects_from": ("date", "First day on which the row says something else"),
        "file_before": ("varchar", "File of the earlier row; NULL when added"),
        "line_before": ("bigint", "Its line"),
        "file_now": ("varchar", "File of the later row; NULL when removed"),
        "line_now": ("bigint", "Its line"),
        "rows_in_all": ("bigint", "Rows of the file that changed so, listed or not"),
    }),
    Table("meta.insights", "What the rules say of this build, over all data."
        " One row per question asked, the most pressing first.", {
        "position": ("integer", "Place in the order, from 1"),
        "rule": ("varchar", "Name of the rule that asked"),
        "category": ("varchar", "marketing, pipeline, revenue or data"),
        "status": ("varchar", "alert, watch, good or no data"),
        "severity": ("varchar", "high, medium, low, or none: nothing to look at"),
        "headline": ("varchar", "The finding in a sentence"),
        "why": ("varchar", "Why it matters"),
        "actions": ("varchar[]", "What to do about it"),
        "confidence": ("double", "How far the evidence carries it, 0 to 1"),
        "metric": ("varchar", "What the first number of the evidence measures"),
        "label": ("varchar", "Its name for people"),
        "value": ("double", "The number"),
        "unit": ("varchar", "Its unit, as in meta.metrics"),
        "baseline": ("double", "What it was compared with"),
        "baseline_label": ("varchar", "The name of that"),
        "n": ("bigint", "Cases behind the number"),
        "interval_low": ("double", "Low end of its 95 % interval"),
        "interval_high": ("double", "High end of its 95 % interval"),
        "p_value": ("double", "How often chance alone would differ so much"),
        "adjusted_p": ("double", "The same once all tests of the run are counted"),
        "effect": ("double", "How far the number lies from its baseline"),
        "effect_low": ("double", "Low end of the effect's 95 % interval"),
        "effect_high": ("double", "High end of the effect's 95 % interval"),
        "effect_is_relative": ("boolean", "Relative to the baseline, or in the unit"),
        "impact_per_month": ("double", "What it costs, or would bring, in money per month"),
        "sql": ("varchar", "Statement whose first row holds the number in `value`"),
        "drivers": (DRIVERS, "Parts of what moved it"),
        "evidence": (EVIDENCE, "Every number of the evidence, in the columns above"),
        "scope": ("varchar", "The filters that show its rows, as a link's query"),
    }),
    Table("quarantine.rows", "Rows withheld from the numbers. One row per withheld line.", {
        "dataset": ("varchar", "Name of the dataset"),
        "file": ("varchar", "File of the row"),
        "line": ("bigint", "Line where the row begins; the header is line 1"),
        "column_name": ("varchar", "Column that breaks the rule"),
        "value": ("varchar", "Its value, as text"),
        "rule": ("varchar", "Name of the rule"),
        "reason": ("varchar", "What is wrong, in words"),
        "raw_row": ("varchar", "The row as it stands in the file"),
    }),
)  # fmt: skip

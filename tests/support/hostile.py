"""The tiny data with markup that would run script in every text column of every file."""

import csv
import io
from pathlib import Path

from pipeline.build import BuildOptions, build
from pipeline.log import Log
from pipeline.progress import Progress
from tests.support.tiny import FILES, tiny_data

PAYLOAD = "<img src=x onerror=window.pwned=1>"
NUMBERS = {
    "spend", "impressions", "clicks", "leads", "MQLs", "SQLs", "opportunities", "closed_won", "CAC",
    "CPL", "CTR", "CVR_stagewise", "ROI", "amount", "days_in_stage", "probability",
    "expected_value", "mrr", "new_mrr", "expansion_mrr", "contraction_mrr", "churned_flag", "arpa",
    "nrr", "target_value", "min_value", "max_value", "value", "year",
}  # fmt: skip
DATES = {
    "date", "created_at", "expected_close", "last_stage_change", "start_date", "end_date",
    "churn_date", "period_start", "period_end",
}  # fmt: skip
# a contract names what may stand here: anything else is withheld, and shown as such
NAMED = {"stage", "status", "segment", "metric", "metric_type", "unit"}
MORE = {
    "subscriptions": "subscription_id,customer_id,start_date,end_date,mrr,plan\n"
    "S1,C1,2026-03-12,,300,Growth\nS2,C2,2026-03-22,,100,Starter\n"
    "S3,C3,2026-02-15,2026-03-20,80,Starter\n",
    "targets": "metric,period_start,period_end,segment,owner,value\n"
    "won_amount,2026-01-01,2026-04-01,,,9000\nwon_amount,2026-01-01,2026-04-01,,Ana,5000\n",
}


def hostile(text: str) -> str:
    """The rows with the payload before each free text; then one row with it in every column."""
    rows = list(csv.DictReader(io.StringIO(text)))
    texts = [name for name in rows[0] if name not in NUMBERS | DATES | NAMED]
    made = [{name: _armed(value, name in texts) for name, value in one.items()} for one in rows]
    made.append({name: f"{PAYLOAD}{name}" for name in rows[0]})
    written = io.StringIO()
    writer = csv.DictWriter(written, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(made)
    return written.getvalue()


def _armed(value: str, is_text: bool) -> str:
    return f"{PAYLOAD}{value}" if is_text and value else value


def hostile_warehouse(folder: Path) -> Path:
    """Build it, withheld rows and all."""
    deals = FILES["pipeline_deals"].splitlines()
    lost = [f"{line},{'Price' if 'Lost' in line else ''},EMEA" for line in deals[1:]]
    files = {
        **FILES,
        **MORE,
        "pipeline_deals": "\n".join([f"{deals[0]},loss_reason,geo", *lost]) + "\n",
    }
    data = tiny_data(folder, **{name: hostile(text) for name, text in files.items()})
    tolerant = "".join(f"[files.{name}]\ntolerated_share = 1.0\n" for name in files)
    (data / "revops.toml").write_text(tolerant, encoding="utf-8")
    options = BuildOptions(data=data, warehouse=folder / "warehouse")
    build(options, Log("json"), Progress(enabled=False))
    return folder / "warehouse" / "revops.duckdb"

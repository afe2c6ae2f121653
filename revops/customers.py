"""One customer: who it is, what it paid month by month, its deals, and the lines that say so."""

from dataclasses import dataclass
from typing import Any

import polars as pl

from revops.warehouse import Warehouse

CUSTOMER = "select * from staging.revenue_customers where customer_id = $customer limit 1"
HISTORY = "select * from reports.customer_history where customer_id = $customer order by month"
DEALS = """select * from reports.customer_deals where customer_id = $customer
order by created_at desc, deal_id"""
LINES = """select
    lines.*,
    case when lines.valid_to < date '9999-12-31' then lines.valid_to - 1 end as last_day
from reports.customer_lines as lines
where lines.customer_id = $customer
order by lines.valid_from desc, lines.subscription_id"""


@dataclass(frozen=True)
class Customer:
    """`known` is the newest row of the customer file, empty for an id it lacks.

    `history` has a row per month, oldest first; `deals` are those of the account; `lines` are the
    input lines with what is paid, newest first, and the last day each speaks of.
    """

    known: dict[str, Any]
    history: pl.DataFrame
    deals: pl.DataFrame
    lines: pl.DataFrame

    @property
    def is_known(self) -> bool:
        """Some file names this customer."""
        return bool(self.known) or self.lines.height > 0


def customer(warehouse: Warehouse, customer_id: str) -> Customer:
    """What the warehouse knows of a customer, over all dates."""
    asked = {"customer": customer_id}
    found = warehouse.query(CUSTOMER, asked)
    return Customer(
        known=found.row(0, named=True) if found.height else {},
        history=warehouse.query(HISTORY, asked),
        deals=warehouse.query(DEALS, asked),
        lines=warehouse.query(LINES, asked),
    )

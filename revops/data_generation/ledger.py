"""The billing system: which subscriptions run, and every period that has ended."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

PLANS = ("Starter", "Growth", "Scale", "Enterprise")
RUNNING = -1
FIELDS = ("customer", "number", "start", "mrr", "plan")


@dataclass(frozen=True)
class Periods:
    """Paid periods [start, end) of subscriptions; `end` is -1 while one is running.

    A subscription is a customer and its running `number`; a new price or plan
    ends one period and starts the next of the same subscription.
    """

    customer: np.ndarray
    number: np.ndarray
    start: np.ndarray
    end: np.ndarray
    mrr: np.ndarray
    plan: np.ndarray

    def mrr_at(self, day: int, customers: int) -> np.ndarray:
        """MRR per customer of the periods with start <= day < end."""
        runs = (self.start <= day) & ((self.end == RUNNING) | (self.end > day))
        paid = np.bincount(self.customer[runs], weights=self.mrr[runs], minlength=customers)
        return paid.astype(np.int64)


class Ledger:
    """Open, reprice and end subscriptions; `running` has one row per running one."""

    def __init__(self, customers: int) -> None:
        self.subscriptions = np.zeros(customers, dtype=np.int64)
        self.running = {field: np.empty(0, dtype=np.int64) for field in FIELDS}
        self._ended: list[dict[str, np.ndarray]] = []

    def open(
        self, customer: np.ndarray, start: np.ndarray, mrr: np.ndarray, plan: np.ndarray
    ) -> np.ndarray:
        """Start one subscription per entry; returns their rows in `running`."""
        order = np.argsort(customer, kind="stable")
        grouped = customer[order]
        begins = np.searchsorted(grouped, grouped, side="left")
        nth = np.empty(len(customer), dtype=np.int64)
        nth[order] = np.arange(len(customer)) - begins
        number = self.subscriptions[customer] + nth + 1
        np.add.at(self.subscriptions, customer, 1)
        before = len(self.running["customer"])
        for field, values in zip(FIELDS, (customer, number, start, mrr, plan), strict=True):
            self.running[field] = np.concatenate([self.running[field], values.astype(np.int64)])
        return np.arange(before, before + len(customer))

    def reprice(self, rows: np.ndarray, day: np.ndarray, mrr: np.ndarray, plan: np.ndarray) -> None:
        """From `day` on the subscriptions in `rows` cost `mrr` under `plan`."""
        self._close(rows, day)
        self.running["start"][rows] = day
        self.running["mrr"][rows] = mrr
        self.running["plan"][rows] = plan

    def end(self, rows: np.ndarray, day: np.ndarray) -> None:
        """`day` is the first day no longer paid."""
        self._close(rows, day)
        keep = np.ones(len(self.running["customer"]), dtype=bool)
        keep[rows] = False
        self.running = {field: values[keep] for field, values in self.running.items()}

    def periods(self) -> Periods:
        """All periods, by customer, subscription and start."""
        still = dict(self.running, end=np.full(len(self.running["customer"]), RUNNING))
        parts = [*self._ended, still]
        columns = {name: np.concatenate([part[name] for part in parts]) for name in still}
        order = np.lexsort((columns["start"], columns["number"], columns["customer"]))
        return Periods(**{name: values[order] for name, values in columns.items()})

    def _close(self, rows: np.ndarray, day: np.ndarray) -> None:
        part = {field: values[rows] for field, values in self.running.items()}
        self._ended.append(dict(part, end=np.broadcast_to(day, len(rows)).astype(np.int64)))


def subscriptions_frame(periods: Periods) -> pl.DataFrame:
    """The contract's columns, one row per period."""
    return pl.DataFrame(
        {
            "customer": periods.customer + 1,
            "number": periods.number,
            "start_date": periods.start,
            "end_date": periods.end,
            "mrr": periods.mrr,
            "plan": np.array(PLANS)[periods.plan],
        }
    ).select(
        pl.format("S-{}-{}", pl.col("customer").cast(pl.String).str.zfill(5), "number").alias(
            "subscription_id"
        ),
        pl.format("C-{}", pl.col("customer").cast(pl.String).str.zfill(5)).alias("customer_id"),
        pl.col("start_date").cast(pl.Int32).cast(pl.Date),
        pl.when(pl.col("end_date") != RUNNING)
        .then(pl.col("end_date"))
        .cast(pl.Int32)
        .cast(pl.Date),
        "mrr",
        "plan",
    )

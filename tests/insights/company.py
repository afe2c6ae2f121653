"""A small company, written as the CSV files the pipeline reads."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

AS_OF = date(2026, 10, 31)

MARKETING = (
    "date,channel,campaign,segment,geo,spend,impressions,clicks,leads,MQLs,SQLs,opportunities,"
    "closed_won,CAC,CPL,CTR,CVR_stagewise,ROI"
)
DEALS = (
    "deal_id,account,segment,owner,stage,amount,created_at,expected_close,last_stage_change,"
    "days_in_stage,probability,expected_value,status,source_channel"
)
CUSTOMERS = (
    "customer_id,account,segment,plan,start_date,mrr,new_mrr,expansion_mrr,contraction_mrr,"
    "churned_flag,churn_date,churn_reason,arpa,nrr"
)
BENCHMARKS = (
    "benchmark_id,metric_type,category,subcategory,target_value,min_value,max_value,unit,"
    "description"
)
SUBSCRIPTIONS = "subscription_id,customer_id,start_date,end_date,mrr,plan"


@dataclass
class World:
    """The rows of five files, filled by the cases below."""

    marketing: list[tuple[Any, ...]] = field(default_factory=list)
    deals: list[tuple[Any, ...]] = field(default_factory=list)
    customers: list[tuple[Any, ...]] = field(default_factory=list)
    subscriptions: list[tuple[Any, ...]] = field(default_factory=list)
    benchmarks: list[tuple[Any, ...]] = field(default_factory=list)
    history: list[tuple[Any, ...]] = field(default_factory=list)
    segments: list[str] = field(default_factory=list)

    def segment(self, name: str) -> str:
        """Make the segment known."""
        if name not in self.segments:
            self.segments.append(name)
        return name

    def spend(self, segment: str, channel: str, spend: float, days_ago: int = 30) -> None:
        """Spend that brings nothing but itself."""
        day = AS_OF - timedelta(days=days_ago)
        self.marketing.append(
            (day, channel, "", self.segment(segment), "", spend, 100, 50, 10, 5, 3, 2, 1)
        )

    def close(
        self,
        segment: str,
        won: int,
        lost: int,
        *,
        amount: float = 1000,
        ago: int = 30,
        channel: str = "",
        cycle: int = 30,
        wobble: float = 0.0,
    ) -> None:
        """Deals that closed `ago` days before the as-of date; amounts alternate by ± wobble."""
        day = AS_OF - timedelta(days=ago)
        for number in range(won + lost):
            status = "Closed_Won" if number < won else "Closed_Lost"
            worth = amount * (1 + (wobble if number % 2 else -wobble))
            self._deal(segment, status, worth, day - timedelta(days=cycle), None, day, channel)

    def open(self, segment: str, moving: int, stuck: int, amount: float = 1000) -> None:
        """Open deals; stuck ones are past their expected close."""
        created = AS_OF - timedelta(days=20)
        for number in range(moving + stuck):
            due = AS_OF + timedelta(days=30 if number < moving else -5)
            self._deal(segment, "Demo", amount, created, due, created, "")

    def week(self, segment: str, weeks_ago: int, spend: float, clicks: int, leads: int) -> None:
        """A week of one channel's ads, on its fourth day."""
        day = AS_OF - timedelta(days=7 * weeks_ago + 3)
        counts = (10 * clicks, clicks, leads, 0, 0, 0, 0)
        self.marketing.append((day, "Search", "", self.segment(segment), "", spend, *counts))

    def due(self, segment: str, owner: str, slipped: int, closed: int) -> None:
        """Deals of 10,000 that were due last quarter: some still open after it, some lost in it."""
        started, ended = date(2026, 6, 30), date(2026, 9, 30)
        for number in range(slipped + closed):
            slips = number < slipped
            created, lost = date(2026, 5, 1), date(2026, 8, 1)
            state = "Demo" if slips else "Closed_Lost"
            later = date(2026, 11, 15) if slips else date(2026, 8, 15)
            self._deal(
                segment, state, 10_000, created, later, created if slips else lost, "", owner
            )
            now = self.deals[-1]
            before = (*now[:4], "Demo", 10_000, created, date(2026, 8, 15), created, *now[9:12])
            self.history.append((started, *before, "Open", ""))
            self.history.append((ended, *now))

    def customer(
        self,
        segment: str,
        start: date,
        mrr: float,
        end: date | None = None,
        later: tuple[date, float] | None = None,
        reason: str = "",
    ) -> None:
        """A customer who pays `mrr` from `start`, another amount from `later`, until `end`."""
        name = f"c{len(self.customers)}"
        change = later[0] if later else None
        self.subscriptions.append((f"s{name}", name, start, change or end, mrr, "Pro"))
        if later:
            self.subscriptions.append((f"s{name}", name, change, end, later[1], "Pro"))
        now = 0 if end else later[1] if later else mrr
        self.customers.append(
            (
                name,
                f"account {name}",
                self.segment(segment),
                "Pro",
                start,
                now,
                "",
                "",
                "",
                "true" if end else "false",
                end,
                reason,
                "",
                "",
            )
        )

    def target(
        self, metric_type: str, segment: str, value: float, least: float | None = None
    ) -> None:
        """A benchmark for one segment, with the least that is still usual."""
        name = f"b{len(self.benchmarks)}"
        self.benchmarks.append((name, metric_type, segment, "all", value, least, "", "ratio", ""))

    def _deal(
        self,
        segment: str,
        state: str,
        amount: float,
        created: date,
        due: date | None,
        changed: date,
        channel: str,
        owner: str = "",
    ) -> None:
        status = state if state.startswith("Closed") else "Open"
        self.deals.append(
            (
                f"d{len(self.deals)}",
                "",
                self.segment(segment),
                owner,
                state,
                amount,
                created,
                due,
                changed,
                "",
                "",
                "",
                status,
                channel,
            )
        )

    def write(self, folder: Path) -> Path:
        """The CSV files and a revops.toml that knows the segments."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, header, rows in (
            ("marketing_channels", MARKETING, self.marketing),
            ("pipeline_deals", DEALS, self.deals),
            ("revenue_customers", CUSTOMERS, self.customers),
            ("benchmarks", BENCHMARKS, self.benchmarks),
            ("subscriptions", SUBSCRIPTIONS, self.subscriptions),
            ("deal_history", f"snapshot_date,{DEALS}", self.history),
        ):
            _write(folder / f"{name}.csv", header, rows)
        listed = ", ".join("'''" + name + "'''" for name in self.segments)
        (folder / "revops.toml").write_text(
            f"[policy]\nsegments = [{listed}]\n[files.deal_history]\nkind = 'changes'\n",
            encoding="utf-8",
        )
        return folder


def _write(path: Path, header: str, rows: Iterable[tuple[Any, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header.split(","))
        writer.writerows(_plain(rows, len(header.split(","))))


def _plain(rows: Iterable[tuple[Any, ...]], width: int) -> Iterator[list[Any]]:
    for row in rows:
        filled = ["" if cell is None else cell for cell in row]
        yield filled + [""] * (width - len(filled))

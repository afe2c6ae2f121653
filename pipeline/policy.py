"""The choices a company makes about its metrics: `[policy]` of revops.toml."""

import json
import re
from dataclasses import dataclass, field, fields
from typing import Any

from pipeline.settings import Settings

CLOSED_STAGES = ("Closed_Won", "Closed_Lost")
STATUSES = ("Open", *CLOSED_STAGES)
UNKNOWN = "unknown"
WIN_RATES = ("won_over_won_and_lost", "won_over_decided")
WEEK_STARTS = ("monday", "sunday")
TARGET_PACES = ("linear",)
_CURRENCY = re.compile(r"[A-Z]{3}")
_BOOK = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_MOST = 10**12


def _policy(default: Any, description: str) -> Any:
    return field(default=default, metadata={"description": description})


@dataclass(frozen=True)
class Policy:
    """One field per policy: its default, and what it decides."""

    nrr_includes_reactivated: bool = _policy(
        True, "Net revenue retention counts customers of 12 months ago who left and came back"
    )
    trials_are_customers: bool = _policy(
        False, "A subscription at 0 makes a customer; it never counts as paying"
    )
    logos_joined_and_left_count: bool = _policy(
        False, "Logo churn counts customers who joined and left within the window"
    )
    win_rate: str = _policy(
        "won_over_won_and_lost",
        "What the win rate divides by; decided leaves out no-decision losses",
    )
    stuck_days: int = _policy(45, "Days in a stage beyond which a large open deal is stuck")
    stuck_amount: float = _policy(50_000, "Amount beyond which a slow open deal is stuck")
    fiscal_year_start_month: int = _policy(1, "Month in which the fiscal year begins")
    week_start: str = _policy("monday", "First day of a week")
    target_pace: str = _policy("linear", "How a target is spread over its period")
    currency: str = _policy("USD", "The one currency of all money in the warehouse")
    book: str = _policy("default", "The book of history that this data belongs to")
    segments: tuple[str, ...] = _policy(("SMB", "MM", "ENT"), "Customer segments, in order")
    stages: tuple[str, ...] = _policy(
        ("Discovery", "Demo", "Negotiation"), "Stages of an open deal, in order"
    )

    def rows(self) -> list[tuple[str, str, str, bool, str]]:
        """Per policy: key, value, default, whether it is the default, and what it decides."""
        return [
            (
                policy.name,
                self.text(policy.name),
                _text(policy.default),
                getattr(self, policy.name) == policy.default,
                policy.metadata["description"],
            )
            for policy in fields(self)
        ]

    def text(self, name: str) -> str:
        """The value of one policy as meta.policy states it."""
        return _text(getattr(self, name))


def read_policy(settings: Settings) -> Policy:
    """The policies of the configuration, defaults where it is silent; UsageError when wrong."""
    default = Policy()
    settings.refuse_unknown([policy.name for policy in fields(Policy)], "policy")
    flags = ("nrr_includes_reactivated", "trials_are_customers", "logos_joined_and_left_count")
    return Policy(
        **{name: settings.flag(name, getattr(default, name)) for name in flags},
        win_rate=settings.choice("win_rate", default.win_rate, WIN_RATES),
        stuck_days=settings.whole_number("stuck_days", default.stuck_days, 0, 36_500),
        stuck_amount=settings.number("stuck_amount", default.stuck_amount, 0, _MOST),
        fiscal_year_start_month=settings.whole_number("fiscal_year_start_month", 1, 1, 12),
        week_start=settings.choice("week_start", default.week_start, WEEK_STARTS),
        target_pace=settings.choice("target_pace", default.target_pace, TARGET_PACES),
        currency=_matching(
            settings,
            "currency",
            default.currency,
            _CURRENCY,
            'a currency code of three capitals, such as "EUR"',
        ),
        book=_matching(
            settings,
            "book",
            default.book,
            _BOOK,
            "a name of letters, digits, _ and - (it names a folder)",
        ),
        segments=_members(settings, "segments", default.segments, (UNKNOWN,)),
        stages=_members(settings, "stages", default.stages, (UNKNOWN, *STATUSES)),
    )


def _matching(
    settings: Settings, name: str, default: str, pattern: re.Pattern[str], wanted: str
) -> str:
    value = settings.text(name, default)
    if not pattern.fullmatch(value or ""):
        settings.refuse_value(name, wanted)
    return value or default


def _members(
    settings: Settings, name: str, default: tuple[str, ...], reserved: tuple[str, ...]
) -> tuple[str, ...]:
    members = settings.names(name, default)
    taken = {word.casefold() for word in reserved}
    for member in members:
        if member.replace(" ", "_").casefold() in taken:
            settings.refuse_value(
                name,
                f"a list without {member!r}, which has its own meaning",
                f"leave {member!r} out" + (": list open stages only" if name == "stages" else ""),
            )
    return members


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return json.dumps(value, ensure_ascii=False)
    return f"{value:.15g}" if isinstance(value, float) else str(value)

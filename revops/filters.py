"""What is being looked at: a window of time and the members kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode

from revops import units
from revops.errors import FilterError

DAY = timedelta(days=1)
# A link is data from outside: beyond these it is a mistake or an attack, and is said to be one.
MOST_VALUES = 200
LONGEST_VALUE = 200

MEMBER_FIELDS = ("segments", "channels", "regions", "plans", "owners", "campaigns")


@dataclass(frozen=True)
class Filters:
    """A window and the members kept; None means no limit.

    `since` is the first day, `until` the first day *after* the window. Members are
    tuples of names, sorted, each once. Lists, single names and ISO dates are taken too:
    `Filters(since="2026-01-01", segments=["SMB"])`. No members at all means all of them.

    Raises FilterError for a date that is none, or a window that ends before it starts.
    """

    since: date | None = None
    until: date | None = None
    segments: tuple[str, ...] | None = None
    channels: tuple[str, ...] | None = None
    regions: tuple[str, ...] | None = None
    plans: tuple[str, ...] | None = None
    owners: tuple[str, ...] | None = None
    campaigns: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        for name in ("since", "until"):
            object.__setattr__(self, name, _as_date(name, getattr(self, name)))
        for name in MEMBER_FIELDS:
            object.__setattr__(self, name, _as_members(getattr(self, name)))
        if self.since and self.until and self.since >= self.until:
            raise FilterError(
                "The window ends before it starts.",
                f"since {self.since.isoformat()}, until {self.until.isoformat()}",
                "until is the first day after the window: it must lie after since.",
            )

    def params(self) -> dict[str, Any]:
        """What is limited, under the names the SQL macros use; lists as lists."""
        return {
            field.name: list(value) if isinstance(value, tuple) else value
            for field in fields(self)
            if (value := getattr(self, field.name)) is not None
        }

    @property
    def last_day(self) -> date | None:
        """The last day inside the window, as a person would name it."""
        return self.until - DAY if self.until else None

    def members(self) -> dict[str, tuple[str, ...]]:
        """The member filters that are set."""
        return {name: kept for name in MEMBER_FIELDS if (kept := getattr(self, name))}

    def with_window(self, since: date | None, until: date | None) -> Self:
        """The same members over another window."""
        return replace(self, since=since, until=until)

    def describe(self) -> str:
        """In words, with inclusive dates: "SMB, LinkedIn, Jan–Mar 2026"."""
        words = [member for kept in self.members().values() for member in kept]
        if self.since or self.until:
            words.append(self.describe_window())
        return ", ".join(words) if words else "All data"

    def describe_window(self) -> str:
        """The window in words, with inclusive dates: "Jan–Mar 2026"."""
        return units.window(self.since, self.last_day)

    def to_query(self) -> str:
        """The part of a link that holds these filters; `from` and `to` are inclusive."""
        pairs = []
        if self.since:
            pairs.append(("from", self.since.isoformat()))
        if self.last_day:
            pairs.append(("to", self.last_day.isoformat()))
        for name, kept in self.members().items():
            pairs += [(name, member) for member in kept]
        return urlencode(pairs)

    @classmethod
    def from_query(
        cls,
        query: str | Mapping[str, Any],
        known: Mapping[str, Iterable[str]] | None = None,
    ) -> tuple[Self, tuple[str, ...]]:
        """Read a link: the filters, and a sentence for each value that could not be used.

        Keys of other parts of the page are left alone. With `known` members (by field
        name), a name that is not among them is kept, so that the page shows nothing
        rather than everything, and is reported. Never raises.
        """
        pairs = _pairs(query)
        problems: list[str] = []
        since = _date_of(pairs, "from", problems)
        last_day = _date_of(pairs, "to", problems)
        until = last_day + DAY if last_day and last_day < date.max else None
        if since and until and since >= until:
            problems.append("The link's window ends before it starts; it shows all dates.")
            since = until = None
        members = {name: _members_of(pairs, name, problems) for name in MEMBER_FIELDS}
        for name, options in (known or {}).items():
            have = set(options)
            for member in members.get(name) or ():
                if member not in have:
                    problems.append(f"There is no {name.removesuffix('s')} called {member!r}.")
        return cls(since=since, until=until, **members), tuple(problems)


def _as_date(name: str, value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise FilterError(
            f"{value!r} is not a date.", name, "Write it as 2026-01-31, or pass a date."
        ) from None


def _as_members(value: str | Iterable[str] | None) -> tuple[str, ...] | None:
    if value is None:
        return None
    names = (value,) if isinstance(value, str) else tuple(str(name) for name in value)
    return tuple(sorted(set(names))) or None


def _pairs(query: str | Mapping[str, Any]) -> list[tuple[str, str]]:
    if isinstance(query, Mapping):
        return [
            (str(key), str(one))
            for key, value in query.items()
            for one in (value if isinstance(value, (list, tuple)) else [value])
        ]
    try:
        return parse_qsl(query.removeprefix("?"), max_num_fields=2 * MOST_VALUES)
    except ValueError:
        return [("segments", name) for name in ["?"] * (MOST_VALUES + 1)]


def _date_of(pairs: list[tuple[str, str]], key: str, problems: list[str]) -> date | None:
    given = [value for name, value in pairs if name == key]
    if not given:
        return None
    try:
        return date.fromisoformat(given[-1])
    except ValueError:
        problems.append(f"{given[-1][:LONGEST_VALUE]!r} is not a date; {key} is not limited.")
        return None


def _members_of(
    pairs: list[tuple[str, str]], name: str, problems: list[str]
) -> tuple[str, ...] | None:
    given = [value for key, value in pairs if key == name and value]
    if len(given) > MOST_VALUES:
        problems.append(f"The link names more than {MOST_VALUES} {name}; they are not limited.")
        return None
    kept = tuple(value for value in given if len(value) <= LONGEST_VALUE)
    if len(kept) < len(given):
        problems.append(f"A name among the {name} is longer than {LONGEST_VALUE} characters.")
    return kept or None

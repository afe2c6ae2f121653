"""A ratio's change split into mix and rate, without a remainder, and how sure the mix is."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Group:
    """One slice now and before: so many successes of n."""

    name: str
    successes: float
    n: float
    successes_before: float
    n_before: float

    @property
    def rate(self) -> float:
        """Successes of n now."""
        return self.successes / self.n

    @property
    def rate_before(self) -> float:
        """Successes of n before."""
        return self.successes_before / self.n_before


@dataclass(frozen=True)
class Mix:
    """The total of several groups, by the formula of METRICS.md ("Why did it move")."""

    groups: tuple[Group, ...]

    @property
    def n(self) -> int:
        """Cases now."""
        return int(sum(group.n for group in self.groups))

    @property
    def n_before(self) -> int:
        """Cases before."""
        return int(sum(group.n_before for group in self.groups))

    @property
    def won(self) -> float:
        """Successes now."""
        return sum(group.successes for group in self.groups)

    @property
    def won_before(self) -> float:
        """Successes before."""
        return sum(group.successes_before for group in self.groups)

    @property
    def total(self) -> float:
        """The ratio of all groups now."""
        return self.won / self.n

    @property
    def total_before(self) -> float:
        """The ratio of all groups before."""
        return self.won_before / self.n_before

    @property
    def change(self) -> float:
        """What the total moved by: mix + rate."""
        return self.total - self.total_before

    @property
    def mix(self) -> float:
        """What the shift between groups moved the total by."""
        return sum(self._shift(group) * self._lead(group) for group in self.groups)

    @property
    def rate(self) -> float:
        """What the groups' own rates moved the total by."""
        return sum(self.rate_part(group) for group in self.groups)

    @property
    def error(self) -> float:
        """Standard error of `mix`: both sets of shares are drawn, the groups' rates are taken
        as they are (two multinomial samples).
        """
        now = self._variance([group.n / self.n for group in self.groups]) / self.n
        before = self._variance([group.n_before / self.n_before for group in self.groups])
        return math.sqrt(now + before / self.n_before)

    @property
    def is_paradox(self) -> bool:
        """Whether the total went one way and every group the other."""
        moves = [group.rate - group.rate_before for group in self.groups]
        against = max(moves) < 0 if self.change > 0 else min(moves) > 0
        return bool(self.change) and against

    def rate_part(self, group: Group) -> float:
        """What the group's own rate moved the total by."""
        weight = (group.n / self.n + group.n_before / self.n_before) / 2
        return (group.rate - group.rate_before) * weight

    def _shift(self, group: Group) -> float:
        return group.n / self.n - group.n_before / self.n_before

    def _lead(self, group: Group) -> float:
        """How far the group's rate lies above the total's, averaged over now and before."""
        return (group.rate + group.rate_before - self.total - self.total_before) / 2

    def _variance(self, shares: list[float]) -> float:
        leads = [self._lead(group) for group in self.groups]
        mean = sum(share * lead for share, lead in zip(shares, leads, strict=True))
        return sum(share * (lead - mean) ** 2 for share, lead in zip(shares, leads, strict=True))

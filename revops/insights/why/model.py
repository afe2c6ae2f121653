"""What an explanation is: a change, and parts that add up to it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from math import isclose
from typing import Any, Literal

from revops.filters import Filters

Kind = Literal["sum", "ratio", "chain", "bridge"]
# sums of doubles differ in their last digits with the order of their terms
CLOSE = 1e-9


def within(label: str) -> str:
    """A label within a sentence: "win rate", but "MRR"."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


@dataclass(frozen=True)
class Part:
    """One slice, factor or movement with what it did to the number.

    `members` names the slice, one name per dimension. `effects` divide the contribution
    further: mix, rate and unmatched for a slice of a ratio; volume, rate and price for a
    slice of a chain. `weight_…` is the slice's share of the denominators (of a sum: of all
    slices' sums). Values are the slice's own, in `unit`; None is "not known", or a ratio
    without a denominator.
    """

    members: tuple[str, ...]
    contribution: float
    value_before: float | None = None
    value_now: float | None = None
    weight_before: float | None = None
    weight_now: float | None = None
    effects: Mapping[str, float] = field(default_factory=dict)
    unit: str = ""

    @property
    def label(self) -> str:
        """The slice in words: "SMB, LinkedIn"."""
        return ", ".join(self.members)


@dataclass(frozen=True)
class Explanation:
    """Why a metric moved from `value_before` to `value_now`.

    The contributions of `parts`, the largest first, add up to `change`. `change` is None,
    and `parts` is empty, where a value is not known: the sentence then says which.
    `effects` are the parts' effects added up. `by` names the dimensions, `caveats` what the
    reader should know about the two windows. `sql` returns the parts, in any DuckDB client.
    """

    domain: str
    metric: str
    label: str
    unit: str
    better: str | None
    kind: Kind
    now: Filters
    before: Filters
    value_now: float | None
    value_before: float | None
    change: float | None
    by: tuple[str, ...]
    parts: tuple[Part, ...]
    effects: Mapping[str, float]
    is_paradox: bool
    sentence: str
    sql: str
    caveats: tuple[str, ...] = ()

    @property
    def name_within(self) -> str:
        """The label within a sentence: "win rate", but "MRR"."""
        return within(self.label)

    @property
    def is_known(self) -> bool:
        """Whether both values are known, so that there is a change to explain."""
        return self.change is not None

    @property
    def balances(self) -> bool:
        """Whether the parts add up to the change."""
        if self.change is None:
            return not self.parts
        largest = max((abs(part.contribution) for part in self.parts), default=0.0)
        size = max(abs(self.value_now or 0), abs(self.value_before or 0), largest)
        found = sum(part.contribution for part in self.parts)
        return isclose(found, self.change, rel_tol=0, abs_tol=CLOSE * max(size, 1e-3))

    def share(self, part: Part) -> float | None:
        """A part's contribution as a share of the change; None when nothing changed."""
        return part.contribution / self.change if self.change else None

    def folded(self, most: int) -> tuple[tuple[Part, ...], Part | None]:
        """The `most` largest parts, and all others as one; None when there are no others."""
        if len(self.parts) <= most + 1:
            return self.parts, None
        rest = self.parts[most:]
        return self.parts[:most], Part(
            (f"{len(rest)} others",), sum(part.contribution for part in rest)
        )

    def path(self, parts: Sequence[Part]) -> tuple[tuple[float, float], ...]:
        """From where to where each part takes the number, beginning at the value before."""
        level, steps = self.value_before or 0.0, []
        for part in parts:
            steps.append((level, level + part.contribution))
            level += part.contribution
        return tuple(steps)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; the filters as a link's query."""
        plain = asdict(self)
        return {**plain, "now": self.now.to_query(), "before": self.before.to_query()}

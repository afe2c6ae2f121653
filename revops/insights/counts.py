"""Counts: how often things happen per unit of exposure, and how sure a difference is.

Counts of one campaign or one month share their luck, so they vary more than Poisson's would.
`dispersion` measures by how much (quasi-Poisson, the variance of a negative binomial that
grows in proportion to the mean), and the tests here widen by it.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from revops.insights.intervals import Z, p_from_z
from revops.insights.model import Interval


@dataclass(frozen=True)
class Rate:
    """`count` events over an `exposure`: leads for spend, losses for customers at risk."""

    count: float
    exposure: float

    @property
    def value(self) -> float:
        """Events per unit of exposure."""
        return self.count / self.exposure


def p_more(now: Rate, before: Rate) -> float | None:
    """p value of a rate having risen, exact for rare events; who fell is not asked.

    Given how many events there are altogether, those of now are binomial (Przyborowski and
    Wilenski 1940). None without events or exposure.
    """
    total = now.count + before.count
    if total <= 0 or now.exposure <= 0 or before.exposure <= 0:
        return None
    share = now.exposure / (now.exposure + before.exposure)
    return min(1.0, binomial_tail(round(now.count), round(total), share))


def binomial_tail(successes: int, n: int, share: float) -> float:
    """P(X >= successes) of n tosses."""
    if successes <= 0:
        return 1.0
    fixed = math.lgamma(n + 1)
    yes, no = math.log(share), math.log1p(-share)
    return math.fsum(
        math.exp(fixed - math.lgamma(k + 1) - math.lgamma(n - k + 1) + k * yes + (n - k) * no)
        for k in range(successes, n + 1)
    )


def p_rates(now: Rate, before: Rate, spread: float = 1.0) -> float | None:
    """Two-sided p value of two rates with enough events, `spread` times as unsteady as Poisson's.

    Score test on the events of now among all events.
    """
    total = now.count + before.count
    if total <= 0 or now.exposure <= 0 or before.exposure <= 0:
        return None
    share = now.exposure / (now.exposure + before.exposure)
    return p_from_z((now.count - total * share) / math.sqrt(spread * total * share * (1 - share)))


def ratio_interval(now: Rate, before: Rate, spread: float = 1.0) -> Interval | None:
    """Interval of the ratio of two rates, from the normal limits of its logarithm."""
    if min(now.count, before.count) <= 0:
        return None
    ratio = now.value / before.value
    factor = math.exp(Z * math.sqrt(spread * (1 / now.count + 1 / before.count)))
    return Interval(ratio / factor, ratio * factor, "quasi-Poisson")


def dispersion(rates: Sequence[Rate]) -> float:
    """How much more counts vary around their common rate than Poisson's (Pearson's chi²), >= 1."""
    known = [rate for rate in rates if rate.exposure > 0]
    exposure = sum(rate.exposure for rate in known)
    count = sum(rate.count for rate in known)
    if len(known) < 2 or count <= 0:
        return 1.0
    squares = (
        (rate.count - rate.exposure * count / exposure) ** 2 / (rate.exposure * count / exposure)
        for rate in known
    )
    return max(1.0, sum(squares) / (len(known) - 1))


@dataclass(frozen=True)
class Stratum:
    """Cases of one kind: so many of n here, and so many of n elsewhere."""

    successes: float
    n: float
    successes_elsewhere: float
    n_elsewhere: float


def expected(strata: Iterable[Stratum]) -> float:
    """Successes here, had each stratum done as the same stratum elsewhere did."""
    return sum(
        one.n * one.successes_elsewhere / one.n_elsewhere for one in strata if one.n_elsewhere
    )


def p_mantel_haenszel(strata: Iterable[Stratum]) -> float | None:
    """Two-sided p value that here differs from elsewhere, stratum by stratum (Cochran 1954).

    Comparing like with like: who sells only to large companies is not held against who
    sells to small ones. None where nothing can be compared.
    """
    gap = variance = 0.0
    for one in strata:
        n = one.n + one.n_elsewhere
        if n < 2 or not one.n or not one.n_elsewhere:
            continue
        share = (one.successes + one.successes_elsewhere) / n
        gap += one.successes - one.n * share
        variance += one.n * one.n_elsewhere * share * (1 - share) / (n - 1)
    return p_from_z(gap / math.sqrt(variance)) if variance > 0 else None

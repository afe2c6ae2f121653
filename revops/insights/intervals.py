"""How sure a number is: intervals and p values, each with the source of its formula."""

import math
from collections.abc import Sequence
from statistics import NormalDist

from revops.insights.model import Interval

Z = NormalDist().inv_cdf(0.975)


def wilson(successes: float, n: float) -> Interval | None:
    """Score interval of a share (Wilson 1927); holds for few cases and shares near 0 or 1."""
    if n <= 0:
        return None
    share = successes / n
    centre = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    return Interval(max(0.0, centre - half), min(1.0, centre + half), "Wilson")


def normal(value: float, standard_error: float) -> Interval:
    """Value ± 1.96 standard errors."""
    return Interval(value - Z * standard_error, value + Z * standard_error, "normal")


def log_normal(value: float, relative_error: float) -> Interval:
    """For a positive product or ratio: symmetric after taking logarithms (delta method)."""
    factor = math.exp(Z * relative_error)
    return Interval(value / factor, value * factor, "log-normal")


def p_from_z(z: float) -> float:
    """Two-sided p value of a standard normal."""
    return math.erfc(abs(z) / math.sqrt(2))


def p_of(effect: float, standard_error: float) -> float:
    """Two-sided p value of an effect; without any spread every effect is certain."""
    if standard_error <= 0:
        return 0.0 if effect else 1.0
    return p_from_z(effect / standard_error)


def p_against_share(successes: float, n: float, share: float) -> float | None:
    """Score test of an observed share against a fixed one; the Wilson interval's twin."""
    if n <= 0 or not 0 < share < 1:
        return None
    return p_from_z((successes / n - share) / math.sqrt(share * (1 - share) / n))


def p_two_shares(first: float, n_first: float, second: float, n_second: float) -> float | None:
    """Pooled z test of two shares; None when either is empty or nothing varies."""
    if n_first <= 0 or n_second <= 0:
        return None
    pooled = (first + second) / (n_first + n_second)
    spread = pooled * (1 - pooled) * (1 / n_first + 1 / n_second)
    if spread <= 0:
        return None
    return p_from_z((first / n_first - second / n_second) / math.sqrt(spread))


def discoveries(p_values: Sequence[float | None], q: float) -> list[bool]:
    """Which of several tests stand when at most a share q may be false (Benjamini–Hochberg)."""
    known = sorted(p for p in p_values if p is not None)
    limit = max((p for rank, p in enumerate(known, 1) if p <= q * rank / len(known)), default=-1.0)
    return [p is not None and p <= limit for p in p_values]


def p_so_many(cases: int, of: int, share: float) -> float:
    """How often at least `cases` of `of` fall to a part that holds `share`: the binomial tail.

    With the cases of two stretches of time and a stretch's share of all that was at risk,
    the exact one-sided test that a rare event has become more frequent in it; holds for any
    number of cases (Przyborowski and Wilenski 1940).
    """
    if not 0 < share < 1:
        return 1.0
    log_in, log_out = math.log(share), math.log1p(-share)
    return min(
        1.0,
        sum(
            math.exp(
                math.lgamma(of + 1)
                - math.lgamma(count + 1)
                - math.lgamma(of - count + 1)
                + count * log_in
                + (of - count) * log_out
            )
            for count in range(cases, of + 1)
        ),
    )

"""How sure a number is: intervals and p values, each with the source of its formula."""

import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import overload

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


def newcombe(first: float, n_first: float, second: float, n_second: float) -> Interval | None:
    """Interval of the difference of two shares, from their Wilson intervals (Newcombe 1998)."""
    one, other = wilson(first, n_first), wilson(second, n_second)
    if one is None or other is None:
        return None
    share, against = first / n_first, second / n_second
    below = math.hypot(share - one.low, other.high - against)
    above = math.hypot(one.high - share, against - other.low)
    return Interval(share - against - below, share - against + above, "Newcombe")


def p_from_z(z: float) -> float:
    """Two-sided p value of a standard normal."""
    return math.erfc(abs(z) / math.sqrt(2))


def p_of(effect: float, standard_error: float) -> float:
    """Two-sided p value of an effect; without any spread every effect is certain."""
    if standard_error <= 0:
        return 0.0 if effect else 1.0
    return p_from_z(effect / standard_error)


def p_of_t(effect: float, standard_error: float, freedom: int) -> float:
    """The same where the error was itself estimated from few cases: Student's t, in the normal
    approximation of Wallace (1959), good to a few per cent of p far into the tail.
    """
    if standard_error <= 0 or freedom < 1:
        return p_of(effect, standard_error)
    t = effect / standard_error
    scale = (8 * freedom + 1) / (8 * freedom + 3)
    return p_from_z(scale * math.sqrt(freedom * math.log1p(t * t / freedom)))


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


@overload
def for_the_worse(p_value: float, is_worse: bool) -> float: ...


@overload
def for_the_worse(p_value: float | None, is_worse: bool) -> float | None: ...


def for_the_worse(p_value: float | None, is_worse: bool) -> float | None:
    """The one-sided p value of a two-sided one, where only a change for the worse is asked for.

    What improved beyond doubt must not count as a discovery among the alerts.
    """
    if p_value is None:
        return None
    return p_value / 2 if is_worse else 1 - p_value / 2


def adjusted(p_values: Sequence[float | None]) -> list[float | None]:
    """The p values once all of them are counted (Benjamini–Hochberg 1995): at most a share q
    of those up to q is false. Tests that could not be made count for nothing.
    """
    order = sorted((p, place) for place, p in enumerate(p_values) if p is not None)
    found: list[float | None] = [None] * len(p_values)
    least = 1.0
    for rank, (p, place) in reversed(list(enumerate(order, 1))):
        least = min(least, p * len(order) / rank)
        found[place] = least
    return found

"""Money is skewed: a few large deals carry a year. Its spread is drawn, not assumed.

The seed is fixed, so that the same build says the same every time.
"""

from collections.abc import Callable, Sequence

import numpy as np

from revops.insights.model import Interval

SEED = 2026
DRAWS = 2000


def interval_of(
    parts: Sequence[Sequence[float]], statistic: Callable[[np.ndarray], np.ndarray]
) -> tuple[Interval, float] | None:
    """The percentile interval of a statistic of resampled cases, and its standard error.

    `parts` is one row of numbers per case; `statistic` takes their sums, one row per draw, and
    gives one number per draw (a ratio of sums, mostly). None where too many draws have none.
    """
    cases = np.asarray(parts, dtype=float)
    if len(cases) < 2:
        return None
    chance = np.random.default_rng(SEED)
    weights = chance.multinomial(len(cases), np.full(len(cases), 1 / len(cases)), size=DRAWS)
    with np.errstate(divide="ignore", invalid="ignore"):
        drawn = statistic(weights @ cases)
    known = drawn[np.isfinite(drawn)]
    if len(known) < DRAWS * 0.95:
        return None
    low, high = np.quantile(known, (0.025, 0.975))
    return Interval(float(low), float(high), "bootstrap"), float(np.std(known, ddof=1))

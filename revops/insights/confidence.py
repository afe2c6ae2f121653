"""How much an insight can be relied on, from its evidence alone.

confidence = (1 − p) × n / (n + 10)

p is the two-sided p value of the comparison: how often chance alone would differ so much.
Where several tests were made, p is the one adjusted for all of them.
The second factor holds back what rests on a handful of cases: 10 cases count half, 90 count
nine tenths. Without a p value, the interval speaks: p is read off as if the estimate were
normal around the value, from its distance to the baseline. Without a baseline or an interval
there is no confidence to state.
"""

from revops.insights.intervals import Z, p_of
from revops.insights.model import Evidence

HALF_TRUSTED_AT = 10


def confidence(evidence: Evidence) -> float | None:
    """The formula above; None when the evidence cannot carry one."""
    known = (evidence.adjusted_p, evidence.p_value, _p_of_interval(evidence))
    p_value = next((p for p in known if p is not None), None)
    if p_value is None or not evidence.n:
        return None
    return (1 - p_value) * evidence.n / (evidence.n + HALF_TRUSTED_AT)


def _p_of_interval(evidence: Evidence) -> float | None:
    interval = evidence.interval
    if interval is None or evidence.value is None or evidence.baseline is None:
        return None
    standard_error = (interval.high - interval.low) / (2 * Z)
    return p_of(evidence.value - evidence.baseline, standard_error)

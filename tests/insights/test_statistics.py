"""The tests behind the rules give what the textbooks give, and mix and rate leave nothing over."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revops.insights.counts import (
    Rate,
    Stratum,
    binomial_tail,
    dispersion,
    p_mantel_haenszel,
    p_more,
    p_rates,
)
from revops.insights.intervals import newcombe, p_of_t
from revops.insights.mix import Group, Mix

SMB, MM, ENT = (
    Group("SMB", 232, 800, 120, 400),
    Group("MM", 60, 250, 75, 300),
    Group("ENT", 15, 100, 48, 300),
)


def test_the_worked_check_of_the_metrics_page() -> None:
    mix = Mix((SMB, MM, ENT))
    assert round(mix.total_before, 3) == 0.243
    assert round(mix.total, 3) == 0.267
    assert round(mix.mix, 3) == 0.034
    assert round(mix.rate, 3) == -0.010
    assert mix.is_paradox


groups = st.builds(
    lambda n, k, m, j: Group("g", min(n, k), n, min(m, j), m),
    *[st.integers(1, 400), st.integers(0, 400)] * 2,
)


@given(st.lists(groups, min_size=1, max_size=6))
def test_mix_and_rate_add_up_to_the_change(several: list[Group]) -> None:
    mix = Mix(tuple(several))
    assert mix.mix + mix.rate == pytest.approx(mix.change, abs=1e-9)
    assert mix.error >= 0


@given(st.lists(groups, min_size=2, max_size=6))
def test_the_order_of_groups_means_nothing(several: list[Group]) -> None:
    one, other = Mix(tuple(several)), Mix(tuple(reversed(several)))
    assert one.mix == pytest.approx(other.mix, abs=1e-12)
    assert one.error == pytest.approx(other.error, abs=1e-12)


def test_newcombe_is_the_textbooks() -> None:
    # Newcombe 1998, table II, method 10: 56/70 - 48/80 gives 0.0524 to 0.3339
    found = newcombe(56, 70, 48, 80)
    assert found is not None
    assert (round(found.low, 4), round(found.high, 4)) == (0.0524, 0.3339)


def test_rare_events_are_tested_exactly() -> None:
    # 5 of 5 events in half the exposure: 1/2 to the fifth
    assert p_more(Rate(5, 100), Rate(0, 100)) == pytest.approx(1 / 32)
    assert p_more(Rate(0, 100), Rate(0, 100)) is None
    assert binomial_tail(0, 10, 0.5) == 1.0
    assert binomial_tail(10, 10, 0.5) == pytest.approx(0.5**10)


def test_student_has_heavier_tails() -> None:
    # t = 2.228 at 10 degrees of freedom is the 5 % point, t = 4.587 the 0.1 % point
    assert p_of_t(2.228, 1, 10) == pytest.approx(0.05, rel=0.02)
    assert p_of_t(4.587, 1, 10) == pytest.approx(0.001, rel=0.05)


def test_counts_that_share_their_luck_prove_less() -> None:
    steady = [Rate(100, 10)] * 8
    unsteady = [Rate(60, 10), Rate(140, 10)] * 4
    assert dispersion(steady) == 1.0
    # 8 x 40^2 / 100 over 7
    assert dispersion(unsteady) == pytest.approx(8 * 16 / 7)
    calm = p_rates(Rate(140, 10), Rate(1000, 100)) or 1
    wild = p_rates(Rate(140, 10), Rate(1000, 100), dispersion(unsteady)) or 0
    assert calm < 0.001 < 0.1 < wild


def test_like_is_compared_with_like() -> None:
    # here only large deals, which slip half the time everywhere: no news, though 50 % beats 14 %
    same = [Stratum(50, 100, 5, 10), Stratum(0, 0, 100, 1000)]
    assert p_mantel_haenszel(same) == pytest.approx(1.0)
    assert (p_mantel_haenszel([Stratum(80, 100, 50, 100)]) or 1) < 1e-4
    assert p_mantel_haenszel([]) is None


def test_more_cases_make_the_mix_surer() -> None:
    small, large = (
        Mix((Group("a", 3 * k, 10 * k, 2 * k, 5 * k), Group("b", k, 10 * k, k, 15 * k)))
        for k in (1, 100)
    )
    assert small.mix == pytest.approx(large.mix)
    assert small.error == pytest.approx(10 * large.error)
    assert not math.isclose(small.error, 0)

"""A small company whose every segment is one situation for one insight rule.

Segments are chosen by the filter, so that one build holds every case. The as-of date is
31 Oct 2026. The arithmetic of each case stands beside it.
"""

from datetime import date, timedelta

from tests.insights.company import AS_OF, World

HOSTILE = "O'Brien\"; drop table marts.deals; --"


def world() -> World:
    """Every case."""
    made = World()
    for fill in (
        _returns, _costs, _funnel, _win_rates, _mix, _slippage, _stuck, _velocity, _churn,
        _retention,
    ):  # fmt: skip
        fill(made)
    # The newest date of the files is the as-of date.
    made.spend("anchor", "Anchor", 1, days_ago=0)
    made.close("anchor", 1, 0, ago=900)
    return made


def _returns(made: World) -> None:
    # 30 wins of 1,000 for 300,000: a return of -90 %; in deals like all of the segment's the
    # standard error is sqrt(9,182 / 300,000) = 17 %.
    made.spend("return loss", "Events", 300_000)
    made.close("return loss", 30, 0, amount=1000, channel="Events")
    # 30 wins of 10,000 for 10,000: a return of 2,900 %.
    made.spend("return loss", HOSTILE, 10_000)
    made.close("return loss", 30, 0, amount=10_000, channel=HOSTILE)
    for channel in ("Events", "Email"):
        made.spend("return even", channel, 10_000)
        made.close("return even", 25, 0, amount=1000, channel=channel)
    # 25,000 won for 36,500: -31.5 % at a standard error of sqrt(1,000 / 36,500): z = -1.9,
    # p = 0.029.
    made.spend("return doubtful", "Events", 36_500)
    made.close("return doubtful", 25, 0, amount=1000, channel="Events")
    # 25,000 won for 25,000: exactly the floor.
    made.spend("return floor", "Events", 25_000)
    made.close("return floor", 25, 0, amount=1000, channel="Events")
    for channel, won in (("Events", 19), ("Email", 20)):
        made.spend("return few", channel, 10_000)
        made.close("return few", won, 0, amount=1000, channel=channel)


def _costs(made: World) -> None:
    # 500 leads from 10,000 clicks a week, at about 1 a click, then at this much for six weeks.
    for name, price in (("dear", 1.4), ("eleven", 1.11), ("nine", 1.09), ("season", 1.4)):
        for week in range(66):
            dear = week < 6 or (name == "season" and 52 <= week < 58)
            spend = 10_000 * (price if dear else 1.0 + 0.01 * (week % 3 - 1))
            made.week(f"lead {name}", week, spend, 10_000, 500)
    for week in range(34):
        # as much dearer, but of 50 a week: 20 beyond the usual, 87 a month
        made.week("lead small", week, 70 if week < 6 else 50, 50, 25)
        # 24 leads in any six weeks
        made.week("lead few", week, 1_000, 1_000, 4)
        # no dearer click, but 25 leads of it where there were 50
        made.week("lead waste", week, 1_000, 1_000, 25 if week < 6 else 50)


def _funnel(made: World) -> None:
    # MQLs of 200 weekly leads: 100 in the year before, then this many in the last 13 weeks.
    for name, mqls in (("lost 40", 60), ("lost 16", 84), ("lost 14", 86), ("steady", 100)):
        for week in range(65):
            day = AS_OF - timedelta(days=7 * week + 3)
            passed = mqls if week < 13 else 100
            made.marketing.append(
                (
                    day,
                    "Search",
                    "",
                    made.segment(f"funnel {name}"),
                    "",
                    10_000,
                    10_000,
                    1_000,
                    200,
                    passed,
                    50,
                    25,
                    10,
                )
            )


def _win_rates(made: World) -> None:
    for name, won, closed in (
        ("low", 30, 200),
        ("fair", 60, 200),
        ("doubtful", 21, 100),
        ("20 closed", 6, 20),
        ("19 closed", 0, 19),
    ):
        made.close(f"win {name}", won, closed - won)
        made.target("win_rate_targets", f"win {name}", 0.30)
    # 22 % is sure to miss 30 %, but not to lie below the 25 % that are still usual.
    made.close("win usual", 44, 156)
    made.target("win_rate_targets", "win usual", 0.30, least=0.25)
    # No target: 60 % in the year before, 30 % now.
    made.close("win fell", 60, 140)
    made.close("win fell", 120, 80, ago=300)
    made.close(HOSTILE, 30, 170)
    made.target("win_rate_targets", HOSTILE, 0.30)


def _mix(made: World) -> None:
    # April to June, then July to September. Small 30 -> 29 %, large 15 -> 14 %, the total
    # 105 / 500 = 21 % -> 130 / 500 = 26 %.
    for prefix, small, large in (
        ("mix", ((60, 140), (116, 284)), ((45, 255), (14, 86))),
        ("same", ((60, 140), (60, 140)), ((45, 255), (45, 255))),
    ):
        for name, (before, now) in (("small", small), ("large", large)):
            made.close(f"{prefix} {name}", *before, ago=170, amount=5_000)
            made.close(f"{prefix} {name}", *now, ago=60, amount=5_000)
    # 90 closed deals in the last quarter are too few
    for name in ("small", "large"):
        made.close(f"thin {name}", 30, 70, ago=170)
        made.close(f"thin {name}", 15, 30, ago=60)


def _slippage(made: World) -> None:
    # Of 40 deals due 24 slip at one owner, 8 with each of the two others.
    for owner, slipped in (("Ann", 8), (HOSTILE, 24), ("Cid", 8)):
        made.due("slip owner", owner, slipped, 40 - slipped)
    for owner in ("Ann", "Bob"):
        made.due("slip same", owner, 10, 30)
        made.due("slip few", owner, 10 if owner == "Ann" else 2, 9)


def _stuck(made: World) -> None:
    for name, stuck, deals in (
        ("half", 10, 20),
        ("two fifths", 8, 20),
        ("third", 7, 20),
        ("nine", 9, 9),
    ):
        made.open(f"stuck {name}", deals - stuck, stuck)


def _velocity(made: World) -> None:
    # Same wins, losses and days; the mean deal falls to a quarter, stays, or grows fourfold.
    for name, now in (("slow", 1_000), ("same", 4_000), ("fast", 16_000)):
        made.open(f"velocity {name}", 10, 0)
        made.close(f"velocity {name}", 40, 40, amount=now, wobble=0.2)
        made.close(f"velocity {name}", 40, 40, amount=4_000, wobble=0.2, ago=30 + 365)
    made.open("velocity few", 10, 0)
    made.close("velocity few", 19, 40)
    made.close("velocity few", 40, 40, ago=30 + 365)


def _churn(made: World) -> None:
    for name, recent in (("wave", 30), ("usual", 3), ("four", 4)):
        for number in range(200):
            # One leaves in each of the 12 months before, the recent ones over the last three.
            end, reason = None, ""
            if number < 12:
                end, reason = _month(12 + 2 - number), "Budget"
            elif number < 12 + recent:
                end = _month(number % 3)
                reason = "Support" if number % 6 else "Budget"
            made.customer(f"churn {name}", date(2024, 1, 1), 100, end=end, reason=reason)
    # Ten left in each of the 12 months before, five altogether in the last three.
    for number in range(300):
        back = 3 + number % 12 if number < 120 else number % 3
        end = _month(back) if number < 125 else None
        made.customer("churn calmed", date(2024, 1, 1), 100, end=end, reason="Budget")
    for _ in range(10):
        made.customer("churn few", date(2024, 1, 1), 100)


def _retention(made: World) -> None:
    # 40 customers paid 100 a year ago; now half of them pay `now`, half 20 less.
    for name, now, target in (("shrunk", 60, None), ("held", 115, None), ("missed", 115, 1.30)):
        for number in range(40):
            later = (date(2026, 3, 1), now - (20 if number % 2 else 0))
            made.customer(f"nrr {name}", date(2025, 1, 1), 100, later=later)
        if target:
            made.target("nrr_targets", f"nrr {name}", target)
    for name, customers in (("twenty", 20), ("nineteen", 19)):
        for _ in range(customers):
            made.customer(f"nrr {name}", date(2025, 1, 1), 100, later=(date(2026, 3, 1), 50))


def _month(back: int) -> date:
    """The tenth of a month counted back from October 2026."""
    index = AS_OF.year * 12 + AS_OF.month - 1 - back
    return date(index // 12, index % 12 + 1, 10)

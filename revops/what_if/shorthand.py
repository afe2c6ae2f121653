"""A scenario's levers in one line, for an address: "win_rate:+10,churn:-5"."""

from revops.errors import ScenarioError
from revops.refusals import suggestion
from revops.what_if.scenario import ASSUMED, LEVERS, Scenario

UNMOVED = Scenario()


def written(scenario: Scenario) -> str:
    """What differs from no scenario, in percent; empty when nothing does."""
    return ",".join(
        f"{name}:{scenario.percent(name):{'+g' if name in LEVERS else 'g'}}"
        for name in (*LEVERS, *ASSUMED)
        if scenario.percent(name) != UNMOVED.percent(name)
    )


def read(line: str) -> Scenario:
    """The scenario of such a line. Raises ScenarioError for what it cannot mean."""
    scenario = UNMOVED
    for part in filter(None, line.split(",")):
        name, _, percent = part.partition(":")
        if name not in (*LEVERS, *ASSUMED):
            known = [*LEVERS, *ASSUMED]
            raise ScenarioError(f"There is no lever {name!r}.", line, suggestion(name, known))
        try:
            scenario = scenario.with_percent(name, float(percent))
        except ValueError:
            what = f"{percent!r} is no number of percent."
            raise ScenarioError(what, line, "Write it as win_rate:+10.") from None
    return scenario

"""A rule being asked: first it makes its tests, then it judges by what they are worth.

A rule without tests returns its insight. One with tests is a generator: it yields their
p values, is sent them back adjusted for all tests of the run, and then returns its insight.
"""

from collections.abc import Callable, Generator, Sequence

from revops.errors import RevopsError
from revops.insights.context import Context
from revops.insights.finding import no_data
from revops.insights.model import Insight

PValues = Sequence[float | None]
Tested = Generator[PValues, PValues, Insight]
Rule = Callable[[Context], Insight | Tested]
# Told which rule failed, and of what.
OnFailure = Callable[[Rule, Exception], None]


class Question:
    """One rule put to one build; `p_values` are its tests, none when it needs none.

    What goes wrong in a rule is its own answer, and `on_failure` hears of what nobody foresaw:
    the other rules are asked all the same.
    """

    def __init__(self, rule: Rule, context: Context, on_failure: OnFailure) -> None:
        self._rule, self._on_failure = rule, on_failure
        self._answer: Insight | None = None
        self._tested: Tested | None = None
        self.p_values: PValues = ()
        try:
            answer = rule(context)
            if isinstance(answer, Insight):
                self._answer = answer
            else:
                self.p_values = [None if p is None else float(p) for p in next(answer)]
                self._tested = answer
        except StopIteration as said:
            self._answer = said.value
        except Exception as error:  # noqa: BLE001 - told to `on_failure`
            self._answer = self._without(error)

    def judged(self, adjusted: PValues) -> Insight:
        """The rule's insight, now that its tests are weighed against all others."""
        if self._answer is None and self._tested is not None:
            try:
                self._tested.send(adjusted)
            except StopIteration as said:
                self._answer = said.value
            except Exception as error:  # noqa: BLE001 - told to `on_failure`
                self._answer = self._without(error)
        if not isinstance(self._answer, Insight):
            self._answer = self._without(
                TypeError("it gave no insight, or asked for its tests twice")
            )
        return self._answer

    def _without(self, error: Exception) -> Insight:
        if isinstance(error, RevopsError):
            said = error.what.splitlines()[0]
            return no_data(self._rule, f"This build cannot answer the question: {said}")
        self._on_failure(self._rule, error)
        return no_data(self._rule, f"This rule failed: {told(error)}")


def told(error: Exception) -> str:
    """An unforeseen error in one line."""
    return f"{type(error).__name__}: {error}".splitlines()[0]

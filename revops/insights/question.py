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


class Question:
    """One rule put to one build; `p_values` are its tests, none when it needs none."""

    def __init__(self, rule: Rule, context: Context) -> None:
        self._rule = rule
        self._answer: Insight | None = None
        self._tested: Tested | None = None
        self.p_values: PValues = ()
        try:
            answer = rule(context)
            if isinstance(answer, Insight):
                self._answer = answer
            else:
                self.p_values = next(answer)
                self._tested = answer
        except StopIteration as said:
            self._answer = said.value
        except RevopsError as error:
            self._answer = self._refused(error)

    def judged(self, adjusted: PValues) -> Insight:
        """The rule's insight, now that its tests are weighed against all others."""
        if self._answer is None and self._tested is not None:
            try:
                self._tested.send(adjusted)
            except StopIteration as said:
                self._answer = said.value
            except RevopsError as error:
                self._answer = self._refused(error)
        if self._answer is None:
            raise TypeError(f"{self._rule.__name__} asks for its tests twice")
        return self._answer

    def _refused(self, error: RevopsError) -> Insight:
        # One question this warehouse cannot answer leaves the others standing.
        said = error.what.splitlines()[0]
        return no_data(self._rule, f"This build cannot answer the question: {said}")

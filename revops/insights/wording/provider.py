"""The rules' insights in a service's words, or in their own with a note."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from revops.filters import Filters
from revops.insights.engine import Provider, RuleEngine
from revops.insights.model import Insight
from revops.insights.wording.reply import checked
from revops.insights.wording.request import request
from revops.insights.wording.settings import Service
from revops.insights.wording.transport import ServiceFailed, ask
from revops.warehouse import Warehouse

LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Told:
    """Insights, and a note on whose words they are; `is_reworded` when the service's."""

    insights: list[Insight]
    note: str = ""
    is_reworded: bool = False


def reworded(found: Sequence[Insight], service: Service, currency: str) -> Told:
    """The insights in the service's words; on any failure as they are, with the reason.

    Never raises. Without news nothing is asked.
    """
    own = list(found)
    if not any(one.is_news for one in own):
        return Told(own)
    try:
        answer = ask(service, request(own, service.model, currency))
        worded = checked(answer, own, currency)
    except ServiceFailed as error:
        reason = str(error)
    except Exception as error:
        LOG.exception("the reply of %s broke its reader", service.host)
        reason = f"its answer cannot be read ({type(error).__name__})"
    else:
        said = f"Worded by {service.model} at {service.host}; every number was checked."
        return Told(worded, said, is_reworded=True)
    note = f"In the rules' own words: {service.host} was asked to word them, but {reason}."
    LOG.warning("%s", note)
    return Told(own, note)


class RewordingProvider:
    """Insights of the rules in a service's words; see `reworded`."""

    def __init__(self, service: Service, rules: Provider | None = None) -> None:
        self._service = service
        self._rules = rules or RuleEngine()

    def insights(self, warehouse: Warehouse, filters: Filters) -> list[Insight]:
        """What the rules say, worded by the service where it can."""
        return self.told(warehouse, filters).insights

    def told(self, warehouse: Warehouse, filters: Filters) -> Told:
        """The same with the note on whose words they are."""
        found = self._rules.insights(warehouse, filters)
        return reworded(found, self._service, warehouse.build.currency)

"""What every part of one open page shares: the warehouse, the state, and what a click does."""

from collections.abc import Callable
from dataclasses import dataclass

from dashboard.brands import BrandTheme
from dashboard.state import State
from revops import Filters, Warehouse

FILTER_WORDS = {
    "segments": "segments",
    "channels": "channels",
    "regions": "regions",
    "plans": "plans",
    "owners": "owners",
    "campaigns": "campaigns",
    "since": "dates",
    "until": "dates",
}


@dataclass(frozen=True)
class Desk:
    """One open page. `act` answers a click's action, such as "metric:marketing.cpl".

    `is_drilled` makes a desk that follows the state to the page of one entity, `is_scoped`
    one that also follows it to what an insight speaks of, in an open proof or explanation.
    """

    warehouse: Warehouse
    state: State
    act: Callable[[str], None]
    is_drilled: bool = False
    is_scoped: bool = False

    @property
    def currency(self) -> str:
        """The one currency of the warehouse."""
        return self.warehouse.build.currency

    @property
    def brand(self) -> BrandTheme:
        """The look in force."""
        return self.state.brand

    @property
    def filters(self) -> Filters:
        """What is looked at; on an entity's page, of that entity only."""
        if self.is_scoped:
            return self.state.looked_at()
        return self._narrowed(self.state.filters)

    @property
    def compared_filters(self) -> Filters | None:
        """What it is compared with; None when there is none."""
        if self.is_scoped and self.state.scope:
            return self.state.compared(self.state.looked_at())
        other = self.state.compared_filters()
        return None if other is None else self._narrowed(other)

    def describe(self) -> str:
        """What is looked at, in words."""
        is_elsewhere = self.is_scoped and self.state.scope
        return self.filters.describe() if is_elsewhere else self.state.describe()

    def _narrowed(self, filters: Filters) -> Filters:
        return self.state.narrowed(filters) if self.is_drilled else filters


def badge(not_applied: list[str] | tuple[str, ...] | None, filters: Filters) -> str:
    """ "all regions": what a card shows although the page is filtered; empty when all apply."""
    chosen = filters.params()
    words = [FILTER_WORDS.get(name, name) for name in not_applied or () if name in chosen]
    return f"all {' and '.join(dict.fromkeys(words))}" if words else ""

"""The insights of a page in a service's words, asked for while the page shows the rules' own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from dashboard.tabs.base import served_page
from revops.errors import ConfigError
from revops.insights import Insight, wording
from revops.insights.wording import Service, Told

MOST_KEPT = 64
MOST_AT_ONCE = 4
NOTHING_SENT = "Nothing here is sent anywhere."

_KEPT: dict[tuple[tuple[Insight, ...], Service, str], Told] = {}
_POOL = ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="wording")


def reword(found: list[Insight], currency: str, show: Callable[[Told], None]) -> None:
    """Show the insights as they are, and once more when the service has answered.

    Without a service, which is how it comes, nothing leaves this process. On a served page the
    answer is awaited in a thread, because every other page shares this one.
    """
    try:
        service = wording.find()
    except ConfigError as error:
        show(Told(found, f"{NOTHING_SENT} {error.what}"))
        return
    if service is None:
        show(Told(found, NOTHING_SENT))
        return
    page = served_page()
    if page is None:
        show(_worded(found, service, currency))
        return
    show(Told(found, f"{service.host} is asked to word this."))

    def work() -> None:
        told = _worded(found, service, currency)
        page.add_next_tick_callback(lambda: show(told))

    _POOL.submit(work)


def _worded(found: list[Insight], service: Service, currency: str) -> Told:
    """The service's answer, asked for once: the same insights have the same words."""
    key = (tuple(found), service, currency)
    if key not in _KEPT:
        told = wording.reworded(found, service, currency)
        if not told.is_reworded:
            return told
        if len(_KEPT) >= MOST_KEPT:
            _KEPT.clear()
        _KEPT[key] = told
    return _KEPT[key]

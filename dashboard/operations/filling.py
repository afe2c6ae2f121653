"""How one card is filled: its failure and its slow question stay its own."""

import logging
import secrets
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import panel as pn
from tornado.ioloop import IOLoop

from dashboard.operations.questions import StillAsking, leaving_slow_ones
from revops.errors import RevopsError

LOG = logging.getLogger("dashboard.card")
MOST_RETURNS = 20


class Filling:
    """Does `work`, which asks the warehouse and shows the answers.

    While a question takes long, `wait` shows so and the event loop serves other pages; the work
    begins anew once the answer is there. A failure is logged with its traceback under an id, and
    `fail` gets both to show; a later `run` makes an earlier one void.
    """

    def __init__(
        self,
        name: str,
        work: Callable[[], None],
        wait: Callable[[], None],
        fail: Callable[[str, Exception], None],
    ) -> None:
        self._name, self._work, self._wait, self._fail = name, work, wait, fail
        self._turn = 0

    def run(self) -> None:
        """Fill the card, now or as soon as its answers are there."""
        self._turn += 1
        self._try(self._turn, MOST_RETURNS)

    def _try(self, turn: int, returns: int) -> None:
        page = pn.state.curdoc
        is_served = page is not None and page.session_context is not None
        try:
            if not is_served or not returns:
                self._work()
                return
            with leaving_slow_ones():
                self._work()
        except StillAsking as asking:
            answer = asking.answer
            self._wait()
            self._come_back(answer, page, lambda: self._again(turn, returns, answer))
        except Exception as error:  # noqa: BLE001 - logged with its traceback, shown with its id
            self._tell(error)

    def _again(self, turn: int, returns: int, answer: "Future[Any]") -> None:
        if turn != self._turn:
            return
        error = answer.exception()
        if isinstance(error, Exception):
            self._tell(error)
        else:
            self._try(turn, returns - 1)

    def _come_back(self, answer: "Future[Any]", page: Any, go_on: Callable[[], None]) -> None:
        loop = IOLoop.current()

        def on_the_loop() -> None:
            # the browser may have left meanwhile
            if page.session_context is not None:
                page.add_next_tick_callback(go_on)

        answer.add_done_callback(lambda _: loop.add_callback(on_the_loop))

    def _tell(self, error: Exception) -> None:
        query_id = error.query_id if isinstance(error, RevopsError) else ""
        mark = query_id or secrets.token_hex(4)
        LOG.error(
            "card %r failed (%s)",
            self._name,
            mark,
            exc_info=error,
            extra={"error_id": mark, "query_id": query_id},
        )
        self._fail(mark, error)

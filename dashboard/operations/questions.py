"""A warehouse whose questions are numbered, timed, logged, limited, and hold up nobody else."""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import polars as pl

from dashboard.operations.log import session_id
from dashboard.operations.meters import Meters
from dashboard.operations.question import Question
from revops import Warehouse
from revops.errors import RevopsError

LOG = logging.getLogger("dashboard.query")
PATIENCE_SECONDS = 0.25
LIMIT_SECONDS = 30.0
SLOW_SECONDS = 1.0
AT_ONCE = 32
LONGEST_SQL = 400
_may_leave: ContextVar[bool] = ContextVar("may_leave", default=False)


class StillAsking(BaseException):
    """The answer takes long: come back when `answer` is there, and ask again.

    No failure, as asyncio.CancelledError is none: who catches every failure lets it pass.
    """

    def __init__(self, answer: "Future[pl.DataFrame]") -> None:
        super().__init__("the answer takes long")
        self.answer = answer


@contextmanager
def leaving_slow_ones() -> Iterator[None]:
    """Inside, a question without an answer after a moment raises StillAsking."""
    token = _may_leave.set(True)
    try:
        yield
    finally:
        _may_leave.reset(token)


class WatchedWarehouse(Warehouse):
    """A warehouse as a server reads it: each question runs beside the event loop.

    A card that may leave gets StillAsking instead of keeping all other pages waiting. Whoever
    waits, waits no longer than `limit` seconds: then DuckDB is told to give up.
    """

    def __init__(self, path: Path, meters: Meters | None = None, limit: float = LIMIT_SECONDS):
        self._meters, self._limit = meters, limit
        self._asking: dict[tuple[str, ...], tuple[Question, Future[pl.DataFrame]]] = {}
        self._own = threading.local()
        self._workers = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="question")
        # one thread a question: small ones are answered sooner, and many pages share the cores
        super().__init__(path, threads=1)

    def query(self, sql: str, params: Mapping[str, Any] | None = None) -> pl.DataFrame:
        """As `Warehouse.query`; raises StillAsking too, where the caller may leave."""
        values = dict(params or {})
        known = self._known(sql, values)
        if known is not None:
            return known
        question, answer = self._asking.get(self._key(sql, values)) or self._ask(sql, values)
        may_leave = _may_leave.get()
        try:
            return answer.result(PATIENCE_SECONDS if may_leave else self._limit).clone()
        except NotYet:
            if may_leave:
                question.stop_in(self._limit)
                raise StillAsking(answer) from None
            question.stop()
            return answer.result().clone()

    def close(self) -> None:
        """As `Warehouse.close`; what is still being asked is given up."""
        for question, _ in list(self._asking.values()):
            question.stop()
        self._workers.shutdown(wait=False, cancel_futures=True)
        super().close()

    def _ask(self, sql: str, values: Mapping[str, Any]) -> tuple[Question, "Future[pl.DataFrame]"]:
        key, question = self._key(sql, values), Question(sql, session_id())

        def work() -> pl.DataFrame:
            self._own.question = question
            try:
                return super(WatchedWarehouse, self).query(sql, values)
            finally:
                question.end()
                self._asking.pop(key, None)

        # known before it runs, so that it is not forgotten before it is known
        answer: Future[pl.DataFrame] = Future()
        self._asking[key] = question, answer
        self._workers.submit(_hand_over, work, answer)
        return question, answer

    def _cursor(self) -> Any:
        return self._own.question.begin(super()._cursor())

    def _answer(self, sql: str, values: Mapping[str, Any]) -> pl.DataFrame:
        question: Question = self._own.question
        started = time.perf_counter()
        try:
            if question.is_stopped:
                raise question.too_long(self._limit)
            frame = super()._answer(sql, values)
        except RevopsError as error:
            told = question.too_long(self._limit) if question.is_stopped else error
            told.query_id = question.id
            self._tell(question, started, values, told)
            raise told from None
        self._tell(question, started, values, None, frame.height)
        return frame

    def _tell(
        self,
        question: Question,
        started: float,
        values: Mapping[str, Any],
        error: RevopsError | None,
        rows: int | None = None,
    ) -> None:
        seconds = time.perf_counter() - started
        outcome = "answered" if error is None else "stopped" if question.is_stopped else "failed"
        if self._meters is not None:
            self._meters.queries.labels(outcome).inc()
            self._meters.query_seconds.labels(question.about).observe(seconds)
        is_slow = seconds >= SLOW_SECONDS
        level = logging.ERROR if error else logging.INFO if is_slow else logging.DEBUG
        if not LOG.isEnabledFor(level):
            return
        said = f"question {question.id} {outcome} in {seconds:.3f} s: {question.about}"
        fields = {
            "session_id": question.session,
            "query_id": question.id,
            "about": question.about,
            "seconds": round(seconds, 6),
            "rows": rows,
            "sql": question.sql[:LONGEST_SQL],
        }
        # names of customers and owners are for who debugs, not for every log
        if LOG.isEnabledFor(logging.DEBUG):
            fields["values"] = {name: str(value) for name, value in values.items()}
        LOG.log(level, f"{said}: {error.what.splitlines()[0]}" if error else said, extra=fields)


def _hand_over(work: Callable[[], pl.DataFrame], answer: "Future[pl.DataFrame]") -> None:
    try:
        answer.set_result(work())
    except BaseException as error:  # noqa: BLE001 - whoever waits for the answer gets it
        answer.set_exception(error)

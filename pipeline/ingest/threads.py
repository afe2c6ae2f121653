"""Reading, judging and writing at the same time, with little in between."""

import queue
import threading
from collections.abc import Callable, Generator, Iterable
from typing import TypeVar

Item = TypeVar("Item")
_END = object()
_WAIT_SECONDS = 0.1


def ahead(items: Iterable[Item], depth: int = 1) -> Generator[Item, None, None]:
    """Yield `items`, which a thread produces at most `depth` ahead of the taker.

    What the producer raises is raised here. When the taker stops early, so does the
    producer.
    """
    ready: queue.Queue[object] = queue.Queue(maxsize=depth)
    stopped = threading.Event()
    failure: list[BaseException] = []

    def put(item: object) -> bool:
        while not stopped.is_set():
            try:
                ready.put(item, timeout=_WAIT_SECONDS)
            except queue.Full:
                continue
            return True
        return False

    def produce() -> None:
        try:
            for item in items:
                if not put(item):
                    return
        except BaseException as error:  # noqa: BLE001 - handed to the taker
            failure.append(error)
        put(_END)

    thread = threading.Thread(target=produce, name="reader", daemon=True)
    thread.start()
    try:
        while (item := ready.get()) is not _END:
            yield item  # type: ignore[misc]
        if failure:
            raise failure[0]
    finally:
        stopped.set()
        thread.join()


class Behind:
    """A thread that works off what it is given, at most `depth` items behind.

    Used as a context: leaving it waits for the rest. What the work raises is raised
    at the next `give`, or on leaving.
    """

    def __init__(self, work: Callable[..., None], depth: int = 1) -> None:
        self._work = work
        self._waiting: queue.Queue[object] = queue.Queue(maxsize=depth)
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)

    def __enter__(self) -> "Behind":
        self._thread.start()
        return self

    def give(self, *arguments: object) -> None:
        """Hand over one piece of work, waiting while too much is unfinished."""
        self._raise_failure()
        self._waiting.put(arguments)

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self._waiting.put(_END)
        self._thread.join()
        if error is None:
            self._raise_failure()

    def _raise_failure(self) -> None:
        if self._failure is not None:
            raise self._failure

    def _run(self) -> None:
        while (item := self._waiting.get()) is not _END:
            if self._failure is None:
                try:
                    self._work(*item)  # type: ignore[misc]
                except BaseException as error:  # noqa: BLE001 - raised in the giver's thread
                    self._failure = error

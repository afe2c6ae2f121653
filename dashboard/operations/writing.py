"""What Panel tells a browser is told: a mend of its queue of messages."""

from typing import Any

import panel.io.document as panels


def forget_no_message() -> None:
    """Make Panel send the messages it queued while an earlier one was still being written.

    Panel 1.9 marks a page as having a queue, and the one who has written the last message takes
    the mark away, even when others were queued meanwhile. They would wait for the next change of
    the page, which may never come: the last card of a tab stayed away on a busy machine. Doing
    this twice changes nothing.
    """
    panels._dispatch_msgs = _write_until_none_waits


async def _write_until_none_waits(page: Any) -> None:
    await _write_some(page)
    if panels._WRITE_MSGS.get(page) and page not in panels._WRITE_BLOCK:
        panels._WRITE_BLOCK[page] = True
        panels._dispatch_write_task(page, _write_until_none_waits, page)


_write_some = panels._dispatch_msgs

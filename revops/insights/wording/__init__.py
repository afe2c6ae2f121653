"""The rules' insights in a service's words: off by default, and every number checked.

`[insights]` of revops.toml names an OpenAI-compatible service. It gets the aggregates that an
insight shows anyway, never a row, and may change words only: a reply that is late, unreadable,
of another shape or with another number is not used, and a note says why.
"""

from revops.insights.wording.provider import RewordingProvider, Told, reworded
from revops.insights.wording.request import request
from revops.insights.wording.settings import Service, find, read

__all__ = ["RewordingProvider", "Service", "Told", "find", "read", "request", "reworded"]

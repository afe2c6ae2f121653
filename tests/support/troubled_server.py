"""A dashboard in which one segment's funnel is never answered, and another's break a card."""

import sys
from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboard.__main__ import main
from revops import Warehouse

ENDLESS = "select count(*) as n from range(1000000000000) as t(i) where i % 7 = 3"
answer = Warehouse._answer


def troubled(self: Warehouse, sql: str, values: Mapping[str, Any]) -> pl.DataFrame:
    """As ever, but for the two segments."""
    kept = list(values.get("segments") or ())
    if "marketing_funnel" in sql and kept == ["ENT"]:
        return answer(self, ENDLESS, {})
    if "marketing_funnel" in sql and kept == ["MM"]:
        raise RuntimeError("broken on purpose")
    return answer(self, sql, values)


Warehouse._answer = troubled  # type: ignore[method-assign]
sys.exit(main())

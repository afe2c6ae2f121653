"""The quarter ahead as a range, with how such ranges did on the past beside it; or a refusal."""

from revops.forecast.model import Forecast, Range, Trial
from revops.forecast.quarter import bookings, mrr

__all__ = ["Forecast", "Range", "Trial", "bookings", "mrr"]

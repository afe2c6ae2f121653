"""One Viewer per tab, all over the one shared state."""

from dashboard.tabs.base import Tab
from dashboard.tabs.copilot import CoPilot
from dashboard.tabs.data import Data
from dashboard.tabs.marketing import Marketing
from dashboard.tabs.pipeline import Pipeline
from dashboard.tabs.revenue import Revenue

TAB_CLASSES: dict[str, type[Tab]] = {
    "marketing": Marketing,
    "pipeline": Pipeline,
    "revenue": Revenue,
    "copilot": CoPilot,
    "data": Data,
}

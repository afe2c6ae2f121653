"""One Viewer per tab, all over the one shared state."""

from dashboard.tabs.base import Tab
from dashboard.tabs.marketing import Marketing

TAB_CLASSES: dict[str, type[Tab]] = {
    "marketing": Marketing,
    "pipeline": Marketing,
    "revenue": Marketing,
    "copilot": Marketing,
    "data": Marketing,
}

"""A click on a bar leads to the page of what the bar stands for."""

from collections.abc import Callable

from bokeh.models import ColumnDataSource, GlyphRenderer, TapTool, Text
from bokeh.plotting import figure


def tappable(drawn: figure, told: Callable[[str], None]) -> None:
    """Tell the name of a bar or mark that is clicked.

    Only renderers whose data has the column "name" answer. Nothing is left selected, so that the
    look stays and a second click counts too.
    """
    marks = [
        part
        for part in drawn.renderers
        if isinstance(part, GlyphRenderer)
        and not isinstance(part.glyph, Text)
        and "name" in part.data_source.data
    ]
    for mark in marks:
        mark.selection_glyph = mark.nonselection_glyph = None
    for source in {mark.data_source.id: mark.data_source for mark in marks}.values():
        source.selected.on_change("indices", _teller(source, told))
    tap = TapTool(renderers=marks)
    drawn.add_tools(tap)
    drawn.toolbar.active_tap = tap


def _teller(
    source: ColumnDataSource, told: Callable[[str], None]
) -> Callable[[str, object, list[int]], None]:
    def tell(_: str, __: object, indices: list[int]) -> None:
        names = source.data["name"]
        if indices and 0 <= indices[0] < len(names):
            source.selected.indices = []
            told(str(names[indices[0]]))

    return tell

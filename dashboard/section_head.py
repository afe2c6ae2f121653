"""The head of a card as HTML: title, unit, what it shows in a sentence, and its ways out."""

from collections.abc import Sequence

from markupsafe import Markup

from dashboard.html_view import joined

TOOL = Markup(
    '<button class="tool" type="button" data-action="{0}" title="{1}" aria-label="{1}">{2}</button>'
)
PICTURE = Markup(
    '<button class="tool" type="button" data-png="{}" data-title="{}" data-note="{}" title="{}" '
    'aria-label="{}">PNG</button>'
)


def render_head(
    title: str,
    unit: str,
    badge: str = "",
    summary: str = "",
    key: Sequence[tuple[str, str]] = (),
    tools: Sequence[Markup] = (),
) -> Markup:
    """`key` names the colours of a chart; `tools` are buttons, in one line with the unit."""
    return Markup(
        '<div class="head"><h2>{}</h2>{}<div class="aside"><span class="unit">{}</span>{}</div>'
        "</div>{}{}"
    ).format(
        title,
        Markup('<span class="badge">{}</span>').format(badge) if badge else "",
        unit,
        Markup('<span class="tools">{}</span>').format(joined(list(tools))) if tools else "",
        Markup('<p class="summary">{}</p>').format(summary) if summary else "",
        _key(key),
    )


def table_tool(title: str, is_open: bool) -> Markup:
    """Shows a chart's numbers as a table, and its names as links, or the chart again."""
    words = (
        (f"Show “{title}” as a chart", "Chart") if is_open else (f"“{title}” as a table", "Table")
    )
    return TOOL.format("table", *words)


def picture_tool(title: str, name: str, heading: str, note: str) -> Markup:
    """Saves the chart as PNG; the browser draws it."""
    said = f"Download “{title}” as PNG"
    return PICTURE.format(name, heading, note, said, said)


def file_tools(title: str) -> list[Markup]:
    """Download what the card shows as CSV, and as a workbook."""
    return [TOOL.format(kind.lower(), f"Download “{title}” as {kind}", kind) for kind in FILES]


FILES = ("CSV", "XLSX")


def _key(key: Sequence[tuple[str, str]]) -> Markup:
    if not key:
        return Markup()
    swatch = Markup('<li><i style="background:{}"></i>{}</li>')
    return Markup('<ul class="key">{}</ul>').format(
        joined([swatch.format(color, name) for name, color in key])
    )

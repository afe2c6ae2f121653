"""How an exhibit comes to be: what is known is drawn, what is not says why."""

from collections.abc import Sequence

from markupsafe import Markup

from dashboard.desk import Desk
from dashboard.report.charts.pen import ink
from dashboard.report.model import NO_KEY, Exhibit, Source


def drawn(
    title: str,
    unit: str,
    said: str,
    body: Markup,
    source: Source | None,
    span: int = 12,
    key: Markup = NO_KEY,
    note: str = "",
) -> Exhibit:
    """An exhibit with something to show."""
    return Exhibit(title, unit, said, body, source, span=span, key=key, note=note)


def unknown(title: str, unit: str, reason: str, source: Source | None, span: int = 12) -> Exhibit:
    """An exhibit without: a dash and the reason stand in its place."""
    return Exhibit(title, unit, "", Markup(), source, reason=reason, span=span)


def key(desk: Desk, entries: Sequence[tuple[str, int]]) -> Markup:
    """What the colours mean."""
    swatch = Markup('<li><i style="background:{}"></i>{}</li>')
    items = [swatch.format(ink(desk.brand, place), name) for name, place in entries]
    return Markup('<ul class="key">{}</ul>').format(Markup().join(items))

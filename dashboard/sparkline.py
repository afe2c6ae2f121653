"""A word-sized line: the shape of a metric over its whole periods."""

from collections.abc import Sequence

from markupsafe import Markup

WIDTH, HEIGHT, EDGE = 120, 30, 3


def sparkline(values: Sequence[float | None]) -> Markup:
    """An SVG line of the values, oldest first, broken at gaps; nothing for fewer than three."""
    known = [value for value in values if value is not None]
    if len(known) < 3:
        return Markup('<span class="spark" aria-hidden="true"></span>')
    points = _points(values, min(known), max(known))
    path = _path(points)
    last_x, last_y = next(point for point in reversed(points) if point is not None)
    return Markup(
        '<svg class="spark" viewBox="0 0 {width} {height}" preserveAspectRatio="none" '
        'aria-hidden="true"><path d="{path}"/>'
        '<line x1="{x:.1f}" y1="{y:.1f}" x2="{x:.1f}" y2="{y:.1f}"/></svg>'
    ).format(width=WIDTH, height=HEIGHT, path=path, x=last_x, y=last_y)


def _points(
    values: Sequence[float | None], low: float, high: float
) -> list[tuple[float, float] | None]:
    across = (WIDTH - 2 * EDGE) / (len(values) - 1)
    height = HEIGHT - 2 * EDGE
    spread = high - low
    return [
        None
        if value is None
        else (
            EDGE + place * across,
            EDGE + height * ((high - value) / spread if spread else 0.5),
        )
        for place, value in enumerate(values)
    ]


def _path(points: Sequence[tuple[float, float] | None]) -> str:
    steps, pen = [], "M"
    for point in points:
        if point is None:
            pen = "M"
            continue
        steps.append(f"{pen}{point[0]:.1f} {point[1]:.1f}")
        pen = "L"
    return "".join(steps)

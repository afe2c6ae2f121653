"""The shapes of a chart as SVG: every text is escaped, every colour a brand's.

A colour is a CSS variable with the brand's own value behind it, so that a drawing shows the
brand wherever it stands and takes the inks of the paper when the page that holds it is printed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10

from markupsafe import Markup

from dashboard.brands import BrandTheme
from dashboard.theme import css_variables

WIDE, HALF = 980, 480
# Mean width of a letter in ems, for the room a label needs; measured on the three brands' fonts.
LETTER = 0.58
SIZE = 12
HALO = ";paint-order:stroke;stroke:%s;stroke-width:4px;stroke-linejoin:round"


def ink(brand: BrandTheme, token: str | int) -> str:
    """A colour by its name ("text", "good") or by its place in the colourway."""
    if isinstance(token, int):
        place = token % len(brand.colourway)
        return f"var(--rc-series-{place}, {brand.series(place)})"
    return f"var(--rc-{token}, {css_variables(brand)[f'--rc-{token}']})"


def svg(
    width: float, height: float, parts: Sequence[Markup], brand: BrandTheme, said: str
) -> Markup:
    """A whole drawing; `said` is what it shows, for those who cannot see it."""
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img" '
        'aria-label="{}" style="font-family:{};font-size:{}px">{}</svg>'
    ).format(
        number(width),
        number(height),
        said,
        f"var(--rc-font, {brand.text_font})",
        SIZE,
        Markup().join(parts),
    )


def rect(x: float, y: float, width: float, height: float, color: str, said: str = "") -> Markup:
    """A bar; `said` appears when a pointer rests on it. Nothing is thinner than a hair."""
    return Markup(
        '<rect x="{}" y="{}" width="{}" height="{}" rx="1.5" style="fill:{}">{}</rect>'
    ).format(
        number(x),
        number(y),
        number(max(width, 0.75)),
        number(max(height, 0.75)),
        color,
        Markup("<title>{}</title>").format(said) if said else "",
    )


def line(
    x1: float, y1: float, x2: float, y2: float, color: str, width: float = 1, dash: str = ""
) -> Markup:
    """A straight line."""
    return Markup(
        '<line x1="{}" y1="{}" x2="{}" y2="{}" style="stroke:{};stroke-width:{}{}"/>'
    ).format(
        number(x1),
        number(y1),
        number(x2),
        number(y2),
        color,
        number(width),
        f";stroke-dasharray:{dash}" if dash else "",
    )


def dot(x: float, y: float, radius: float, color: str, ground: str = "") -> Markup:
    """A disc, or with a `ground` a ring."""
    return Markup(
        '<circle cx="{}" cy="{}" r="{}" style="fill:{};stroke:{};stroke-width:2"/>'
    ).format(number(x), number(y), number(radius), ground or color, color)


def text(
    x: float,
    y: float,
    words: str,
    color: str,
    anchor: str = "start",
    size: float = SIZE,
    weight: int = 400,
    halo: str = "",
) -> Markup:
    """Words whose vertical middle is at `y`; a `halo` keeps lines behind them off the letters."""
    return Markup(
        '<text x="{}" y="{}" text-anchor="{}" '
        'style="fill:{};font-size:{}px;font-weight:{};font-variant-numeric:tabular-nums{}">{}</text>'
    ).format(
        number(x),
        number(y + size * 0.36),
        anchor,
        color,
        number(size),
        weight,
        HALO % halo if halo else "",
        words,
    )


def cut(words: str, room: float, size: float = SIZE) -> str:
    """The words, shortened with … where they would not fit the room."""
    most = max(3, int(room / (size * LETTER)))
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def room_for(words: Sequence[str], size: float = SIZE) -> float:
    """About how wide the longest of the texts is."""
    return max((len(one) for one in words), default=0) * size * LETTER


def number(value: float) -> str:
    """A coordinate: at most one decimal, never -0."""
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")


@dataclass(frozen=True)
class Scale:
    """From values to places on the paper."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """The place of a value."""
        span = self.high - self.low
        share = (value - self.low) / span if span else 0.5
        return self.start + share * (self.end - self.start)

    def ticks(self, count: int = 4) -> list[float]:
        """Round values inside the scale, about so many."""
        span = self.high - self.low
        if span <= 0:
            return [self.low]
        rough = span / count
        power = 10.0 ** floor(log10(rough))
        step = next(size * power for size in (1, 2, 2.5, 5, 10) if size * power >= rough)
        first = -floor(-self.low / step)
        return [
            step * place
            for place in range(first, first + 2 * count + 3)
            if step * place <= self.high + step * 1e-9
        ]

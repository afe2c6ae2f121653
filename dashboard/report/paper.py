"""The inks of a brand: on the screen its own, on paper dark on white."""

import re
from dataclasses import replace

from dashboard.brands import LUMA_SKYLINE, BrandTheme
from dashboard.theme import css_variables


def on_paper(brand: BrandTheme) -> BrandTheme:
    """The brand as it is printed.

    A dark ground costs a cartridge a page. A dark brand keeps its type, its gradient and its
    radius, and takes dark inks; its accent is the middle of its gradient, which reads on white.
    """
    light = LUMA_SKYLINE
    if not brand.is_dark:
        return replace(brand, page="#ffffff")
    return replace(
        brand,
        is_dark=False,
        page="#ffffff",
        surface=light.surface,
        raised=light.raised,
        border=light.border,
        text=light.text,
        muted=light.muted,
        accent=brand.gradient[1],
        on_accent=light.on_accent,
        good=light.good,
        bad=light.bad,
        watch=light.watch,
        neutral=light.neutral,
        colourway=light.colourway,
    )


def variables(brand: BrandTheme) -> str:
    """The brand's tokens and colourway as CSS declarations."""
    series = {f"--rc-series-{place}": brand.series(place) for place in range(len(brand.colourway))}
    return "".join(f"{name}:{value};" for name, value in {**css_variables(brand), **series}.items())


def css_text(words: str) -> str:
    """Words as a CSS string; whatever could end it, or the style sheet, is written as a number."""
    plain = re.sub(r"[^\w .,:–—·-]", lambda found: f"\\{ord(found[0]):x} ", words)
    return f'"{plain}"'

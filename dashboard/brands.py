"""The three looks of the control center; one frozen value drives page, charts and cards alike."""

from dataclasses import dataclass

SANS = "'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"


@dataclass(frozen=True)
class BrandTheme:
    """One look, complete: whoever draws asks it for a colour or a size and never invents one.

    Colours are `#rrggbb`. `colourway` keeps its order of meaning between brands (first series,
    second series, …) and stays tellable apart with the common colour vision deficiencies;
    `text`, `muted`, `good`, `bad`, `watch` and `accent` read at 4.5:1 or better on `page`,
    `surface` and `raised`, and `on_gradient` on every stop of `gradient`. Sizes are pixels.
    """

    key: str
    name: str
    is_dark: bool
    text_font: str
    heading_font: str
    number_font: str
    gradient: tuple[str, str, str]
    on_gradient: str
    page: str
    surface: str
    raised: str
    border: str
    text: str
    muted: str
    accent: str
    on_accent: str
    good: str
    bad: str
    watch: str
    neutral: str
    colourway: tuple[str, ...]
    radius: int = 12
    gap: int = 16
    padding: int = 18

    def series(self, position: int) -> str:
        """The colour of the n-th series, counted from 0; the colourway starts again at its end."""
        return self.colourway[position % len(self.colourway)]


MIDNIGHT_AURORA = BrandTheme(
    key="midnight-aurora",
    name="Midnight Aurora",
    is_dark=True,
    text_font=f"Inter, {SANS}",
    heading_font=f"Inter, {SANS}",
    number_font=f"Inter, {SANS}",
    gradient=("#101a3c", "#1d2f70", "#0d5560"),
    on_gradient="#ffffff",
    page="#0a0f1e",
    surface="#121930",
    raised="#1a2340",
    border="#2a3558",
    text="#ecf1ff",
    muted="#a3b1d1",
    accent="#7cc8ff",
    on_accent="#06121f",
    good="#4cd9a0",
    bad="#ff8f80",
    watch="#f5c35b",
    neutral="#8595bb",
    colourway=(
        "#5bb8f5",
        "#f3a63b",
        "#35c79a",
        "#ea8fc4",
        "#f3e36f",
        "#a394ff",
        "#ff7d5a",
        "#b9c5e2",
    ),
)

LUMA_SKYLINE = BrandTheme(
    key="luma-skyline",
    name="Luma Skyline",
    is_dark=False,
    text_font=f"'Avenir Next', {SANS}",
    heading_font=f"'Avenir Next', {SANS}",
    number_font=f"'Avenir Next', {SANS}",
    gradient=("#17407f", "#1f5fb5", "#16788f"),
    on_gradient="#ffffff",
    page="#f3f6fb",
    surface="#ffffff",
    raised="#edf2f9",
    border="#d3dcea",
    text="#14203a",
    muted="#4f5d78",
    accent="#1b5cb8",
    on_accent="#ffffff",
    good="#0b7350",
    bad="#b8321f",
    watch="#8a5a00",
    neutral="#5d6b84",
    colourway=(
        "#0072b2",
        "#c46200",
        "#008f68",
        "#b4508c",
        "#8f7400",
        "#5a4cc2",
        "#b8321f",
        "#64748b",
    ),
)

NEON_PULSE = BrandTheme(
    key="neon-pulse",
    name="Neon Pulse (Legacy)",
    is_dark=True,
    text_font=SANS,
    heading_font="'JetBrains Mono', 'Cascadia Mono', 'DejaVu Sans Mono', Menlo, monospace",
    number_font="'JetBrains Mono', 'Cascadia Mono', 'DejaVu Sans Mono', Menlo, monospace",
    gradient=("#2d0a6e", "#6b0fa8", "#a3148f"),
    on_gradient="#ffffff",
    page="#0a0214",
    surface="#150a27",
    raised="#20123a",
    border="#42276b",
    text="#f8f1ff",
    muted="#c0acde",
    accent="#ff6fe0",
    on_accent="#23001c",
    good="#4df0b0",
    bad="#ff8ba0",
    watch="#ffd166",
    neutral="#9d86c4",
    colourway=(
        "#2de2e6",
        "#ff9640",
        "#4df0a0",
        "#ff62d9",
        "#f9f36b",
        "#5aa5ff",
        "#ff5577",
        "#d6c8ee",
    ),
    radius=6,
)

BRANDS = (MIDNIGHT_AURORA, LUMA_SKYLINE, NEON_PULSE)
DEFAULT_BRAND = MIDNIGHT_AURORA


def brand_called(key: str) -> BrandTheme | None:
    """The brand with this key, or None when there is no such brand."""
    return next((brand for brand in BRANDS if brand.key == key), None)

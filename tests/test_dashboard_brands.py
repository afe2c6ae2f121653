"""The three looks: readable, tellable apart, and one source for page, charts and cards."""

import dataclasses
import itertools

import pytest

from dashboard.brands import BRANDS, DEFAULT_BRAND, BrandTheme, brand_called
from dashboard.report.paper import on_paper
from dashboard.theme import css_variables, material_theme, page_styles

TEXT = ("text", "muted", "good", "bad", "watch", "accent", "neutral")
GROUNDS = ("page", "surface", "raised")
READABLE = 4.5
VISIBLE = 3.0

# Machado, Oliveira & Fernandes (2009), severity 1.0, on linear RGB
DEFICIENCIES = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
}


def linear(color: str) -> tuple[float, float, float]:
    """#rrggbb as linear light, each part 0 to 1 (sRGB, IEC 61966-2-1)."""
    parts = (int(color[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return red, green, blue


def luminance(color: str) -> float:
    red, green, blue = linear(color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def lab(light: tuple[float, ...]) -> tuple[float, float, float]:
    """CIE L*a*b* (D65) of linear RGB."""
    red, green, blue = (min(max(part, 0.0), 1.0) for part in light)
    xyz = (
        (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047,
        0.2126 * red + 0.7152 * green + 0.0722 * blue,
        (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883,
    )
    x, y, z = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def seen(color: str, matrix: tuple[tuple[float, ...], ...] | None) -> tuple[float, float, float]:
    light = linear(color)
    if matrix is None:
        return lab(light)
    return lab(tuple(sum(a * b for a, b in zip(row, light, strict=True)) for row in matrix))


def distance(one: str, other: str, matrix: tuple[tuple[float, ...], ...] | None) -> float:
    pairs = zip(seen(one, matrix), seen(other, matrix), strict=True)
    return sum((a - b) ** 2 for a, b in pairs) ** 0.5


def test_the_contrast_formula_knows_its_ends() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("brand", BRANDS, ids=lambda brand: brand.key)
def test_text_reads_on_every_ground(brand: BrandTheme) -> None:
    for ink, ground in itertools.product(TEXT, GROUNDS):
        ratio = contrast(getattr(brand, ink), getattr(brand, ground))
        assert ratio >= READABLE, f"{ink} on {ground}: {ratio:.2f}"


@pytest.mark.parametrize("brand", BRANDS, ids=lambda brand: brand.key)
def test_text_and_series_read_on_paper(brand: BrandTheme) -> None:
    """A dark look prints in dark inks on white."""
    paper = on_paper(brand)
    for ink, ground in itertools.product(TEXT, GROUNDS):
        assert contrast(getattr(paper, ink), getattr(paper, ground)) >= READABLE, (ink, ground)
    for color in paper.colourway:
        assert contrast(color, paper.surface) >= VISIBLE, color


@pytest.mark.parametrize("brand", BRANDS, ids=lambda brand: brand.key)
def test_text_reads_on_the_gradient_and_on_the_accent(brand: BrandTheme) -> None:
    for stop in brand.gradient:
        assert contrast(brand.on_gradient, stop) >= READABLE
    assert contrast(brand.on_accent, brand.accent) >= READABLE


@pytest.mark.parametrize("brand", BRANDS, ids=lambda brand: brand.key)
def test_series_stand_out_from_the_card(brand: BrandTheme) -> None:
    for color in brand.colourway:
        assert contrast(color, brand.surface) >= VISIBLE, color


@pytest.mark.parametrize("brand", BRANDS, ids=lambda brand: brand.key)
@pytest.mark.parametrize("deficiency", [None, *DEFICIENCIES])
def test_the_series_most_charts_use_are_told_apart(brand: BrandTheme, deficiency: str) -> None:
    matrix = DEFICIENCIES.get(deficiency) if deficiency else None
    for one, other in itertools.combinations(brand.colourway[:3], 2):
        assert distance(one, other, matrix) >= 15, f"{one} and {other} under {deficiency}"


def test_a_brand_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        DEFAULT_BRAND.page = "#000000"  # type: ignore[misc]


def test_the_three_brands_and_the_default() -> None:
    assert [brand.name for brand in BRANDS] == [
        "Midnight Aurora",
        "Luma Skyline",
        "Neon Pulse (Legacy)",
    ]
    assert DEFAULT_BRAND.name == "Midnight Aurora"
    assert DEFAULT_BRAND.is_dark
    assert brand_called("no such brand") is None


@pytest.mark.parametrize("brand", BRANDS, ids=lambda brand: brand.key)
def test_page_cards_and_widgets_take_their_colours_from_the_brand(brand: BrandTheme) -> None:
    variables = css_variables(brand)
    assert variables["--rc-surface"] == brand.surface
    assert page_styles(brand)["--rc-text"] == brand.text
    palette = material_theme(brand)["palette"]
    assert palette["background"] == {"default": brand.page, "paper": brand.surface}
    assert palette["primary"]["main"] == brand.accent

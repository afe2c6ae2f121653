"""How a brand reaches the page: a Material UI theme for the widgets, CSS variables for the rest."""

from typing import Any

from dashboard.brands import BrandTheme

APP_BAR_HEIGHT = 56


def material_theme(brand: BrandTheme) -> dict[str, Any]:
    """The brand as a Material UI theme; widgets, dialogs and Bokeh axes take their colours here."""
    return {
        "palette": {
            "primary": {"main": brand.accent, "contrastText": brand.on_accent},
            "secondary": {"main": brand.series(1), "contrastText": brand.on_accent},
            "success": {"main": brand.good},
            "error": {"main": brand.bad},
            "warning": {"main": brand.watch},
            "info": {"main": brand.accent},
            "background": {"default": brand.page, "paper": brand.surface},
            "text": {"primary": brand.text, "secondary": brand.muted},
            "divider": brand.border,
        },
        "shape": {"borderRadius": brand.radius},
        "typography": {"fontFamily": brand.text_font, "fontSize": 13},
        "components": {
            "MuiTab": {
                "styleOverrides": {
                    "root": {
                        "textTransform": "none",
                        "fontSize": "15px",
                        "fontWeight": 600,
                        "minHeight": "48px",
                        "letterSpacing": 0,
                    }
                }
            },
            "MuiToggleButton": {
                "styleOverrides": {
                    "root": {
                        "textTransform": "none",
                        "whiteSpace": "nowrap",
                        "fontSize": "13px",
                        "fontWeight": 600,
                        "padding": "6px 14px",
                    }
                }
            },
            # a long title wraps, or it would push the dialog's close button off a phone
            "MuiDialogTitle": {"styleOverrides": {"root": {"flexShrink": 1}}},
            "MuiPaper": {"styleOverrides": {"root": {"backgroundImage": "none"}}},
        },
    }


def css_variables(brand: BrandTheme) -> dict[str, str]:
    """The brand's tokens as CSS variables; they reach into every shadow root of the page."""
    start, middle, end = brand.gradient
    return {
        "--rc-page": brand.page,
        "--rc-surface": brand.surface,
        "--rc-raised": brand.raised,
        "--rc-border": brand.border,
        "--rc-text": brand.text,
        "--rc-muted": brand.muted,
        "--rc-accent": brand.accent,
        "--rc-on-accent": brand.on_accent,
        "--rc-good": brand.good,
        "--rc-bad": brand.bad,
        "--rc-watch": brand.watch,
        "--rc-neutral": brand.neutral,
        "--rc-line": brand.series(0),
        **{f"--rc-series-{place}": brand.series(place) for place in range(len(brand.colourway))},
        "--rc-gradient": f"linear-gradient(100deg, {start} 0%, {middle} 55%, {end} 100%)",
        "--rc-on-gradient": brand.on_gradient,
        "--rc-font": brand.text_font,
        "--rc-heading-font": brand.heading_font,
        "--rc-number-font": brand.number_font,
        "--rc-radius": f"{brand.radius}px",
        "--rc-gap": f"{brand.gap}px",
        "--rc-padding": f"{brand.padding}px",
    }


def first_paint(brand: BrandTheme) -> str:
    """The document's own CSS before any widget: the brand's ground, a small waiting sign."""
    return (
        f"body {{ background: {brand.page}; }}"
        "#loader { background: none !important; pointer-events: none; }"
        ".spinner { width: 34px !important; height: 34px !important; border-width: 3px !important;"
        f" border-color: {brand.border} !important; border-top-color: {brand.accent} !important; }}"
    )


def page_styles(brand: BrandTheme) -> dict[str, Any]:
    """The `sx` of the page: the brand's variables, the app bar's gradient, the page's ground."""
    return {
        **css_variables(brand),
        "& .MuiAppBar-root": {
            "background": f"{css_variables(brand)['--rc-gradient']} !important",
            "color": brand.on_gradient,
            "boxShadow": "none",
        },
        "& .MuiAppBar-root .MuiToolbar-root": {"minHeight": f"{APP_BAR_HEIGHT}px !important"},
        "& .MuiAppBar-root .title": {
            "color": brand.on_gradient,
            "fontFamily": brand.heading_font,
            "fontSize": {"xs": "17px", "sm": "20px"},
            "fontWeight": 700,
            "letterSpacing": "-0.01em",
        },
        "& .main": {"backgroundColor": f"{brand.page} !important"},
        "& .main-content": {"overflowX": "hidden"},
        "& .sidebar": {"borderRight": f"1px solid {brand.border}"},
    }

"""The pack as one HTML file: nothing is fetched, nothing runs, every value is text."""

from collections.abc import Sequence

from markupsafe import Markup

from dashboard.brands import BrandTheme
from dashboard.report.model import Chapter, Exhibit
from dashboard.report.paper import css_text, on_paper, variables
from dashboard.report.stamp import Stamp
from dashboard.report.styles import FOOTER_LOOK, PRINT, SCREEN

# no script, no request: a browser refuses both, whatever the data holds
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
WHOLE = 12
DOCUMENT = Markup(
    '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
    '<meta http-equiv="Content-Security-Policy" content="{policy}">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    "<title>{title}</title><style>{style}</style></head><body><main>{body}</main></body></html>\n"
)


def document(brand: BrandTheme, stamp: Stamp, parts: Sequence[Markup]) -> bytes:
    """The whole file."""
    return str(
        DOCUMENT.format(
            policy=POLICY,
            title=f"Board pack: {stamp.filters}, as of {stamp.as_of}",
            style=style(brand, stamp),
            body=Markup().join(parts),
        )
    ).encode()


def style(brand: BrandTheme, stamp: Stamp) -> Markup:
    """The style sheet; the only words of the data in it are the footer's, as CSS strings."""
    paper = on_paper(brand)
    footer = {
        "left": css_text(f"Board pack · {stamp.filters}"),
        "middle": css_text(f"As of {stamp.as_of} · {stamp.books}"),
        "look": FOOTER_LOOK % (brand.text_font, paper.muted),
    }
    inks = f":root{{{variables(brand)}}}\n@media print{{:root{{{variables(paper)}}}}}\n"
    return Markup(inks + SCREEN + PRINT % footer)


def chapter_page(chapter: Chapter, stamp: Stamp) -> Markup:
    """A chapter with its exhibits."""
    exhibits = Markup().join(_exhibit(one, stamp) for one in chapter.exhibits)
    return sheet(
        chapter.title,
        chapter.lead,
        Markup('<div class="exhibits">{}</div>').format(exhibits),
        stamp,
    )


def sheet(title: str, lead: str, body: Markup, stamp: Stamp, kind: str = "") -> Markup:
    """What begins on a page of its own, under a head that says what it rests on."""
    return Markup(
        '<section class="sheet {}"><header><div><h2>{}</h2><p class="lead">{}</p></div>'
        '<p class="stamp">{}<br>{}</p></header>{}</section>'
    ).format(kind, title, lead, *stamp.lines(), body)


def _exhibit(one: Exhibit, stamp: Stamp) -> Markup:
    badge = one.source.badge if one.source else ""
    shown = Markup(
        '{}<div class="drawn" tabindex="0" role="group" aria-label="{}">{}</div>'
    ).format(one.key, one.title, one.body)
    if one.reason:
        shown = Markup('<div class="unknown"><b>—</b>{}</div>').format(one.reason)
    return Markup(
        '<article class="exhibit{}" style="--span:{}"><h3>{} <span>{}</span>{}</h3>{}{}{}</article>'
    ).format(
        " whole" if one.span == WHOLE else "",
        one.span,
        one.title,
        one.unit,
        Markup('<b class="badge">{}</b>').format(badge) if badge else "",
        Markup('<p class="said">{}</p>').format(one.said) if one.said else "",
        shown,
        _fine(one, stamp),
    )


def _fine(one: Exhibit, stamp: Stamp) -> Markup:
    """The small print of an exhibit: definition, policies, where its statement is."""
    source = one.source
    said = [one.note]
    if source:
        policies = ", ".join(source.policies) or "none touches it"
        said += [source.definition, f"Policies: {policies}.", f"Traced in {source.name}."]
    return Markup('<p class="fine">{}</p>').format(" ".join(part for part in said if part))

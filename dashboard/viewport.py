"""The filter drawer starts closed where it would lie over the content."""

import panel as pn
from panel.custom import JSComponent


class PhoneDrawer(JSComponent):
    """Nothing to see: on a window narrower than 600 pixels it closes the page's drawer at load.

    Only the browser knows its width, and only after the page is drawn, so this is done there.
    """

    _esm = """
export function render({view}) {
  const nothing = document.createElement("div")
  if (window.innerWidth < 600) {
    let page = view
    while (page.parent) { page = page.parent }
    const close = () => { page.model.data.sidebar_open = false }
    setTimeout(close, 0)
    setTimeout(close, 300)
  }
  return nothing
}
"""


def is_phone() -> bool:
    """What the browser's own name says before anything is drawn; a guess the drawer corrects."""
    return "Mobi" in str((pn.state.headers or {}).get("User-Agent", ""))

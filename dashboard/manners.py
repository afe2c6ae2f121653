"""What the page does in the browser by itself, because only the browser can know or mend it."""

from collections.abc import Callable
from typing import Any

import panel as pn
from panel.custom import JSComponent


class PageManners(JSComponent):
    """Nothing to see: closes the drawer on a phone, names unnamed parts, hears the back button.

    On a window narrower than 900 pixels the drawer would crowd the content at load. The busy
    bar and the calendar button carry no name for screen readers. Panel's own location writes the
    address but does not hear "back" and "forward": `on_address` gets the query they lead to.
    """

    _esm = """
const everywhere = (root, visit) => {
  root.querySelectorAll("*").forEach((element) => {
    visit(element)
    if (element.shadowRoot) { everywhere(element.shadowRoot, visit) }
  })
}

const name = (element) => {
  if (element.hasAttribute("aria-label")) { return }
  if (element.getAttribute("role") === "progressbar") {
    element.setAttribute("aria-label", "Busy")
  } else if (element.matches("button") && element.textContent.trim() === "date_range") {
    element.setAttribute("aria-label", "Choose dates")
  }
}

export function render({model, view}) {
  let page = view
  while (page.parent) { page = page.parent }
  window.addEventListener("popstate", () => {
    const search = window.location.search
    // told to the browser's side first, so that the server's echo is no new step of the history
    for (const root of page.model.document.roots()) {
      if (root.type.endsWith("Location")) { root.setv({search}, {silent: true}) }
    }
    model.send_msg({search})
  })
  const mend = () => {
    if (window.innerWidth < 900 && !mended) { page.model.data.sidebar_open = false }
    everywhere(document, name)
  }
  let mended = false
  setTimeout(mend, 0)
  setTimeout(() => { mend(); mended = true }, 300)
  setTimeout(mend, 2000)
  return document.createElement("div")
}
"""

    def __init__(self, on_address: Callable[[str], None], **params: Any) -> None:
        super().__init__(**params)
        self._on_address = on_address

    def _handle_msg(self, data: Any) -> None:
        search = data.get("search") if isinstance(data, dict) else None
        if isinstance(search, str):
            self._on_address(search)


def is_phone() -> bool:
    """What the browser's own name says before anything is drawn; a guess the drawer corrects."""
    return "Mobi" in str((pn.state.headers or {}).get("User-Agent", ""))

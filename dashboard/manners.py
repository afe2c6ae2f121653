"""What the page does in the browser by itself, because only the browser can know or mend it."""

import panel as pn
from panel.custom import JSComponent


class PageManners(JSComponent):
    """Nothing to see: closes the drawer on a phone, and names what the library leaves unnamed.

    On a window narrower than 600 pixels the drawer would lie over the content at load. The busy
    bar and the calendar button carry no name for screen readers.
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

export function render({view}) {
  let page = view
  while (page.parent) { page = page.parent }
  const mend = () => {
    if (window.innerWidth < 600 && !mended) { page.model.data.sidebar_open = false }
    everywhere(document, name)
  }
  let mended = false
  setTimeout(mend, 0)
  setTimeout(() => { mend(); mended = true }, 300)
  setTimeout(mend, 2000)
  return document.createElement("div")
}
"""


def is_phone() -> bool:
    """What the browser's own name says before anything is drawn; a guess the drawer corrects."""
    return "Mobi" in str((pn.state.headers or {}).get("User-Agent", ""))

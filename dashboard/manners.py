"""What the page does in the browser by itself, because only the browser can know or mend it."""

from collections.abc import Callable
from typing import Any

import panel as pn
from panel.custom import JSComponent


class PageManners(JSComponent):
    """Nothing to see, five things done: drawer, names, keys, back button, return.

    On a window narrower than 900 pixels the drawer would crowd the content at load: it is closed.
    The busy bar and the calendar button get the names a screen reader needs, tables the roles that
    their parts lack, and the cells that lead somewhere a place among what the keyboard reaches;
    Enter follows them.
    Panel writes the address but does not hear "back" and "forward": `on_address` gets the query
    they lead to.
    When the server went away, the page says so and loads again once it answers.
    """

    _esm = """
const everywhere = (root, visit) => {
  root.querySelectorAll("*").forEach((element) => {
    visit(element)
    if (element.shadowRoot) { everywhere(element.shadowRoot, visit) }
  })
}

const ROLES = {
  "tabulator-tableholder": "rowgroup",
  "tabulator-table": "presentation",
  "tabulator-footer": "rowgroup",
  "tabulator-footer-contents": "row",
  "tabulator-paginator": "gridcell",
}

// the style sheet of a table says which of its cells the keyboard is to reach
const reach = (cell) => {
  const leads = getComputedStyle(cell).getPropertyValue("--rc-leads").trim() === "1"
  cell.setAttribute("tabindex", leads ? "0" : "-1")
  if (!leads) { return }
  cell.addEventListener("keydown", (event) => {
    if (event.key === "Enter") { event.preventDefault(); cell.click() }
  })
}

// parts of pages come and go, in shadows that no observer sees into: they are named now
// and again, when the browser has nothing else to do
const name = (element) => {
  const role = element.localName === "div" || element.localName === "span" ?
    ROLES[element.classList[0]] : undefined
  if (role && element.getAttribute("role") !== role) { element.setAttribute("role", role) }
  if (element.matches(".tabulator-cell:not([tabindex])")) { reach(element) }
  if (element.hasAttribute("aria-label")) { return }
  if (element.getAttribute("role") === "progressbar") {
    element.setAttribute("aria-label", "Busy")
  } else if (element.matches("button") && element.textContent.trim() === "date_range") {
    element.setAttribute("aria-label", "Choose dates")
  }
}

// the address says everything the page shows, so a lost page comes back by loading it again
const comeBack = () => {
  const said = document.createElement("div")
  said.setAttribute("role", "status")
  said.textContent = "Connection lost. The page comes back as soon as the server answers."
  said.style = "position:fixed;bottom:0;left:0;right:0;z-index:99999;padding:12px 20px;" +
    "background:#14203a;color:#fff;font:600 14px Roboto,sans-serif;text-align:center"
  document.body.append(said)
  const ask = () => {
    fetch(window.location.href, {cache: "no-store"}).then(
      (answer) => { answer.ok ? window.location.reload() : setTimeout(ask, 2000) },
      () => setTimeout(ask, 2000),
    )
  }
  setTimeout(ask, 2000)
}

export function render({model, view}) {
  let page = view
  while (page.parent) { page = page.parent }
  page.model.document.on_event("connection_lost", comeBack)
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
  setInterval(() => { requestIdleCallback(mend, {timeout: 2000}) }, 2500)
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

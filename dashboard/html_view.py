"""A piece of the page written as HTML on the server, whose buttons answer to Python."""

from base64 import b64encode
from collections.abc import Callable, Iterable
from typing import Any

import param
from markupsafe import Markup
from panel.custom import JSComponent

from dashboard.picture import PICTURE


class HtmlView(JSComponent):
    """HTML built with `markupsafe` (so that every value from the data is text), with live buttons.

    A click on an element with `data-action` calls `on_action` with that text; an element with
    `data-copy` copies the text of the element with that id, on one with `data-png` saves the
    chart of the same card as a picture of that name; `save` hands the visitor a file. Focus
    survives a repaint. Of the buttons in the cells of a grid the Tab key finds one; the arrow
    keys, Home and End lead to the others.
    `on_seen` is told when what hangs below it comes near the window or leaves it.
    """

    tells_when_seen = param.Boolean(default=False, doc="Whether `on_seen` is wanted.")

    object = param.String(default="", doc="The HTML; only what `markup` accepted gets here.")

    _esm = (
        PICTURE
        + """
const GRID = "table[role=grid]"
const BESIDE = {ArrowLeft: -1, ArrowRight: 1}
const BEYOND = {ArrowUp: "previousElementSibling", ArrowDown: "nextElementSibling"}

// the button of a grid that a key leads to from another one
const neighbour = (button, key) => {
  const cell = button.closest(GRID + " td")
  if (!cell) { return null }
  const buttons = [...cell.parentElement.querySelectorAll("td button")]
  if (key in BESIDE) { return buttons[buttons.indexOf(button) + BESIDE[key]] }
  if (key === "Home" || key === "End") { return buttons.at(key === "Home" ? 0 : -1) }
  if (!(key in BEYOND)) { return null }
  let row = cell.parentElement
  while ((row = row[BEYOND[key]])) {
    const found = row.cells[cell.cellIndex]?.querySelector("button")
    if (found) { return found }
  }
  return null
}

export function render({model, el}) {
  const root = document.createElement("div")
  root.className = "rc"
  const reach = (grid, wanted) => {
    grid.querySelectorAll("td button").forEach((one) => { one.tabIndex = one === wanted ? 0 : -1 })
  }
  const paint = () => {
    const held = root.getRootNode().activeElement?.dataset?.action
    root.innerHTML = model.object
    root.querySelectorAll(GRID).forEach((grid) => reach(grid, grid.querySelector("td button")))
    if (held) {
      root.querySelector(`[data-action="${CSS.escape(held)}"]`)?.focus({preventScroll: true})
    }
  }
  root.addEventListener("focusin", ({target}) => {
    const grid = target.closest(GRID)
    if (grid && target.matches("td button")) { reach(grid, target) }
  })
  root.addEventListener("keydown", (event) => {
    const next = event.target.matches("td button") && neighbour(event.target, event.key)
    if (next) { event.preventDefault(); next.focus() }
  })
  root.addEventListener("click", (event) => {
    const copy = event.target.closest("[data-copy]")
    if (copy) {
      const text = root.querySelector("#" + copy.dataset.copy)?.textContent ?? ""
      navigator.clipboard?.writeText(text).then(() => { copy.textContent = "Copied" })
      return
    }
    const picture = event.target.closest("[data-png]")
    if (picture) { savePicture(picture); return }
    const action = event.target.closest("[data-action]")
    if (action) { model.send_msg({action: action.dataset.action}) }
  })
  model.on("msg:custom", (event) => {
    const {save, content} = event.data ?? event
    if (!save) { return }
    const link = document.createElement("a")
    link.download = save
    link.href = "data:application/octet-stream;base64," + content
    link.click()
  })
  model.on("object", paint)
  paint()
  if (model.tells_when_seen) {
    // a card hangs below its head: the head may have left the window while the card has not
    new IntersectionObserver(
      (told) => { model.send_msg({seen: told[told.length - 1].isIntersecting}) },
      {rootMargin: "700px 0px 0px 0px"},
    ).observe(root)
  }
  return root
}
"""
    )

    def __init__(
        self,
        markup: Markup | None = None,
        on_action: Callable[[str], None] | None = None,
        on_seen: Callable[[bool], None] | None = None,
        **params: Any,
    ) -> None:
        super().__init__(
            object=str(_checked(markup or Markup())),
            tells_when_seen=on_seen is not None,
            **params,
        )
        self._on_action, self._on_seen = on_action, on_seen

    def show(self, markup: Markup) -> None:
        """Replace the content; an unchanged one costs nothing."""
        self.object = str(_checked(markup))

    def save(self, name: str, content: bytes) -> None:
        """Let the browser keep a file under that name."""
        self._send_msg({"save": name, "content": b64encode(content).decode()})

    def _handle_msg(self, data: Any) -> None:
        seen = data.get("seen") if isinstance(data, dict) else None
        if isinstance(seen, bool) and self._on_seen is not None:
            self._on_seen(seen)
        action = data.get("action") if isinstance(data, dict) else None
        if isinstance(action, str) and self._on_action is not None:
            self._on_action(action)


def _checked(markup: Markup) -> Markup:
    if not isinstance(markup, Markup):
        raise TypeError("HtmlView takes markupsafe.Markup, so that no value is forgotten unescaped")
    return markup


def joined(pieces: list[Markup], between: str = "") -> Markup:
    """Pieces of markup one after the other."""
    return Markup(between).join(pieces)


def definitions(said: Iterable[tuple[str, str]]) -> Markup:
    """The content of a description list: names, and what each is."""
    return joined([Markup("<dt>{}</dt><dd>{}</dd>").format(*fact) for fact in said])

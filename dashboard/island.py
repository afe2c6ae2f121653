"""A part of the page that is laid out by itself."""

from panel.custom import Children, JSComponent
from panel.layout.base import ListLike

# the browser keeps what a style was once told: both are said
AWAY = {True: {"content-visibility": "hidden"}, False: {"content-visibility": "visible"}}


class Island(ListLike, JSComponent):
    """Its parts one below the other, or as `stylesheets` say; what moves in it moves only it.

    A layout of Bokeh hands each change of size up to the page, which then measures and paints
    all its figures anew. Between two islands that ends: one within another answers for itself.
    """

    objects = Children(default=[], doc="What is shown, in reading order.")

    @property
    def is_away(self) -> bool:
        """Whether it is hidden."""
        return bool(self.styles == AWAY[True])

    def put_away(self, is_away: bool) -> None:
        """Hide it, or show it again as it was.

        It keeps its width, so that on its return nothing in it is measured and painted anew.
        """
        self.styles = AWAY[is_away]

    _render_policy = "manual"

    _esm = """
export function render({model, view}) {
  const root = document.createElement("div")
  root.className = "parts"
  const place = () => {
    const wanted = model.get_child("objects")
    for (const old of [...root.children]) {
      if (!wanted.includes(old)) { old.remove() }
    }
    wanted.forEach((one, at) => {
      if (root.children[at] !== one) { root.insertBefore(one, root.children[at] ?? null) }
    })
  }
  place()
  // at once, and not when Panel next looks: a part that is built but not placed has no size yet,
  // and whoever measures it meanwhile fails
  view.on_child_render("objects", () => {
    place()
    view.render_children()
    view.invalidate_layout()
  })
  return root
}
"""

"""A model among all: drawn with what it rests on and what rests on it, down to its columns."""

from collections.abc import Sequence

from markupsafe import Markup

from dashboard.desk import Desk
from dashboard.html_view import definitions, joined
from dashboard.wording import times
from revops import lineage
from revops.errors import UnknownName
from revops.lineage import LAYERS, Column, Lineage

# a box takes this much of its column and of its row
BOX = 0.84
MIDDLE = 0.5
BULGE = 0.09

LINEAGE = """
.map { overflow-x: auto; }
.map .field { position: relative; min-width: calc(var(--columns) * 178px);
  height: calc(var(--rows) * 30px); }
.map .layers { display: grid; min-width: calc(var(--columns) * 178px); margin-bottom: 6px;
  grid-template-columns: repeat(var(--columns), 1fr); font-size: 12px; font-weight: 700;
  color: var(--rc-muted); text-transform: uppercase; letter-spacing: .05em; }
.map svg { position: absolute; inset: 0; width: 100%; height: 100%; }
.map path { fill: none; stroke: var(--rc-border); stroke-width: 1.5;
  vector-effect: non-scaling-stroke; }
.map path.near { stroke: var(--rc-accent); stroke-width: 2; }
.rc .map button { position: absolute; left: calc(var(--x) * 100% / var(--columns));
  top: calc(var(--y) * 30px + 3px); width: calc(84% / var(--columns)); height: 24px;
  padding: 0 8px; border-radius: 6px; border: 1px solid var(--rc-border); font-size: 12px;
  background: var(--rc-raised); color: var(--rc-text); text-align: left; cursor: pointer;
  white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.rc .map button:disabled { cursor: default; color: var(--rc-muted); }
.rc .map button.near { border-color: var(--rc-accent); }
.rc .map button.own { background: var(--rc-accent); border-color: var(--rc-accent);
  color: var(--rc-on-accent); font-weight: 700; }
.rows td.made { white-space: normal; min-width: 200px; max-width: 420px; }
.rows.made-of td { vertical-align: top; }
.rows .origin + .origin { margin-top: 4px; }
.rows td code { font: 12px/1.5 ui-monospace, Menlo, 'DejaVu Sans Mono', monospace;
  overflow-wrap: anywhere; white-space: normal; }
.proof .links { display: flex; flex-wrap: wrap; gap: 2px 14px; }
"""
LINK = Markup('<button class="link" type="button" data-action="model:{0}">{1}</button>')


def lineage_view(desk: Desk) -> Markup | None:
    """The model that the address names; None when there is none of that name."""
    try:
        model = lineage.lineage(desk.warehouse, desk.state.model)
    except UnknownName:
        return None
    return Markup(
        '<div class="proof"><p>{}</p><dl>{}</dl>'
        "<h3>What it rests on, and what reads it</h3>{}<h3>Columns, and where each comes from</h3>"
        '{}<h3>SQL of the model</h3><pre id="model-sql">{}</pre>'
        '<button class="copy" type="button" data-copy="model-sql">Copy the SQL</button></div>'
    ).format(model.description, _facts(model), _map(desk, model), _columns(model), model.sql)


def _facts(model: Lineage) -> Markup:
    said = [
        ("File", Markup("{} · {}").format(model.file, model.kind)),
        ("Reads", _links(model.reads)),
        ("Read by", _links(model.read_by)),
        (
            "In all",
            Markup("rests on {}, {} on it").format(
                times(len(model.upstream), "relation"),
                times(len(model.downstream), "model") + _rest(len(model.downstream)),
            ),
        ),
    ]
    return definitions(said)


def _rest(count: int) -> str:
    return " rests" if count == 1 else " rest"


def _links(names: Sequence[str]) -> Markup:
    if not names:
        return Markup("nothing")
    return Markup('<span class="links">{}</span>').format(joined([_link(one) for one in names]))


def _link(name: str) -> Markup:
    return LINK.format(name, name) if _is_model(name) else Markup("<span>{}</span>").format(name)


def _is_model(name: str) -> bool:
    return name.partition(".")[0] in LAYERS[1:]


def _map(desk: Desk, model: Lineage) -> Markup:
    """All that it rests on and what reads it directly, a column for each layer."""
    near = {*model.reads, *model.read_by}
    shown = (*model.upstream, model.name, *model.read_by)
    layers = [one for one in LAYERS if any(lineage.layer(name) == one for name in shown)]
    by_layer = [[name for name in shown if lineage.layer(name) == one] for one in layers]
    at = {name: (x, y) for x, names in enumerate(by_layer) for y, name in enumerate(names)}
    rows = max(len(names) for names in by_layer)
    reads = lineage.edges(desk.warehouse)
    drawn = [(source, reader) for reader in at for source in reads.get(reader, ()) if source in at]
    # those of the model itself lie on top
    drawn.sort(key=lambda edge: model.name in edge)
    lines = [
        Markup('<path class="{}" d="{}"/>').format(
            "near" if model.name in edge else "", _curve(at[edge[0]], at[edge[1]])
        )
        for edge in drawn
    ]
    boxes = [
        _box(name, place, "own" if name == model.name else "near" if name in near else "")
        for name, place in at.items()
    ]
    return Markup(
        '<div class="map" tabindex="0" role="region" aria-label="Lineage of {}" '
        'style="--columns:{};--rows:{}"><div class="layers">{}</div><div class="field">'
        '<svg viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true">{}</svg>{}'
        "</div></div>"
    ).format(
        model.name,
        len(layers),
        rows,
        joined([Markup("<span>{}</span>").format(one) for one in layers]),
        len(layers),
        rows,
        joined(lines),
        joined(boxes),
    )


def _box(name: str, place: tuple[int, int], tone: str) -> Markup:
    schema, _, short = name.partition(".")
    label = name if schema not in LAYERS else short
    act = Markup('data-action="model:{}"').format(name) if _is_model(name) else Markup("disabled")
    return Markup(
        '<button type="button" class="{}" title="{}" style="--x:{};--y:{}" {}>{}</button>'
    ).format(tone, name, *place, act, label)


def _curve(source: tuple[int, int], reader: tuple[int, int]) -> str:
    """From the right side of one box to the left side of the other; within a layer, around."""
    x_from, y_from, y_to = source[0] + BOX, source[1] + MIDDLE, reader[1] + MIDDLE
    if source[0] == reader[0]:
        x_out = x_from + BULGE
        return f"M{x_from} {y_from}C{x_out} {y_from} {x_out} {y_to} {x_from} {y_to}"
    x_to = reader[0]
    x_mid = (x_from + x_to) / 2
    return f"M{x_from} {y_from}C{x_mid} {y_from} {x_mid} {y_to} {x_to} {y_to}"


def _columns(model: Lineage) -> Markup:
    if not model.columns:
        return Markup('<p class="muted">Its columns are worked out when it is read.</p>')
    described = any(column.description for column in model.columns)
    holds = Markup('<th scope="col">What it holds</th>') if described else ""
    return Markup(
        '<div class="rows made-of" tabindex="0" role="region" aria-label="Columns of {}"><table>'
        '<thead><tr><th scope="col">Column</th>{}<th scope="col">Made as</th>'
        '<th scope="col">From</th></tr></thead><tbody>{}</tbody></table></div>'
    ).format(model.name, holds, joined([_column(one, described) for one in model.columns]))


def _column(column: Column, described: bool) -> Markup:
    holds = Markup("<td class='made'>{}</td>").format(column.description) if described else ""
    return Markup(
        "<tr><td>{}</td>{}<td class='made'><code>{}</code></td><td class='made'>{}</td></tr>"
    ).format(column.name, holds, column.expression, _origins(column.origins) or Markup("—"))


def _origins(origins: Sequence[str]) -> Markup:
    """A line for each model that is read, with those of its columns that are."""
    by_model: dict[str, list[str]] = {}
    for origin in origins:
        model, _, column = origin.rpartition(".")
        by_model.setdefault(model, []).append(column)
    return joined(
        [
            Markup('<div class="origin">{} {}</div>').format(_link(model), ", ".join(columns))
            for model, columns in by_model.items()
        ]
    )

"""Finds the models: every `.sql` file in a folder of a known layer."""

import difflib
import re
from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import ModelError
from pipeline.models.header import HeaderReader
from pipeline.models.lineage import Lineage, read_lineage
from pipeline.models.model import LAYERS, Kind, Model

NAME = re.compile(r"[a-z][a-z0-9_]*")


def discover(root: Path) -> tuple[Model, ...]:
    """Every model below `root`, by layer and name; raises ModelError with file and line."""
    return tuple(read_model(path) for path in _files(root))


def read_model(path: Path) -> Model:
    """One file as a `Model`: its path says which, its header and SQL say what."""
    path = path.absolute()
    layer, file = path.parent.name, "/".join(path.parts[-3:])
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"The file cannot be read: {error}", file) from error
    header = HeaderReader(file, text).read(layer)
    lineage = read_lineage(file, text)
    _check_form(layer, path.stem, file, lineage)
    return Model(
        layer=layer,
        stem=path.stem,
        path=path,
        text=text,
        kind=_kind(layer, lineage),
        header=header,
        parameters=lineage.parameters,
        references=lineage.references,
        expressions=lineage.expressions,
    )


def _files(root: Path) -> Iterator[Path]:
    if not root.is_dir():
        raise ModelError("There is no folder of SQL models", str(root))
    for folder in sorted(path for path in root.iterdir() if path.is_dir()):
        if folder.name not in LAYERS and any(folder.glob("*.sql")):
            near = difflib.get_close_matches(folder.name, LAYERS, n=1)
            hint = f"Did you mean `{near[0]}`?" if near else f"Layers: {', '.join(LAYERS)}."
            raise ModelError(f"`{folder.name}` is no layer", str(folder), hint)
    for layer in LAYERS:
        yield from sorted((root / layer).glob("*.sql"))


def _kind(layer: str, lineage: Lineage) -> Kind:
    if lineage.macro is not None:
        return "macro"
    return "table" if layer in ("intermediate", "marts") else "view"


def _check_form(layer: str, stem: str, file: str, lineage: Lineage) -> None:
    """Path = identity: the file's name is the model's, and a macro repeats it."""
    if not NAME.fullmatch(stem):
        raise ModelError(
            f"`{stem}` is no model name", file, "Use lower case letters, digits and underscores."
        )
    if lineage.if_lines and _kind(layer, lineage) != "table":
        raise ModelError(
            "`if(…)` in a view or macro cannot be run by DuckDB 1.4 and 1.5",
            f"{file}:{lineage.if_lines[0]}",
            "Write `case when … then … else … end`: it is stored in a way that they know.",
        )
    if lineage.macro is None:
        if layer == "metrics":
            raise ModelError("A metrics model is a table macro", file)
        return
    if layer not in ("metrics", "reports"):
        raise ModelError(
            f"A model in {layer} is a plain select", file, "Macros belong in metrics and reports."
        )
    if lineage.macro != f"{layer}.{stem}":
        raise ModelError(
            f"The macro is called {lineage.macro}, the path says {layer}.{stem}",
            file,
            "Rename one of them: the path is the name.",
        )

"""The list of models as Markdown: `python -m pipeline.models.docs` writes it into sql/README.md."""

import sys
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from pipeline.digest import PROJECT
from pipeline.errors import PipelineError
from pipeline.models.discover import discover
from pipeline.models.model import Model

README = PROJECT / "sql" / "README.md"
START = "<!-- models: written by `make docs` -->"
END = "<!-- end of models -->"


def model_list(models: Sequence[Model]) -> str:
    """Per layer one table: name, kind and description."""
    parts: list[str] = []
    for layer, members in groupby(models, key=lambda model: model.layer):
        parts.append(f"\n### {layer}\n\n| model | is a | holds |\n|---|---|---|")
        parts += [f"| `{m.stem}` | {m.kind} | {m.header.description} |" for m in members]
    return "\n".join(parts) + "\n"


def with_models(text: str, models: Sequence[Model]) -> str:
    """The text with what stands between the two marks replaced by the list."""
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}\n{model_list(models)}\n{END}{after}"


def main(readme: Path = README) -> int:
    """Write the list of the models beside `readme` into it."""
    try:
        models = discover(readme.parent)
    except PipelineError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    readme.write_text(with_models(readme.read_text(encoding="utf-8"), models), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

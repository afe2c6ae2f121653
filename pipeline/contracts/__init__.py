"""The contracts of the input files: the one statement of what each must hold.

`DATASETS` is looked up when first asked for: pandera takes a second or two to
import, and a build that finds nothing changed never needs it.
"""

from typing import Any


def __getattr__(name: str) -> Any:
    if name in {"DATASETS", "Dataset"}:
        from pipeline.contracts import dataset, datasets

        return datasets.DATASETS if name == "DATASETS" else dataset.Dataset
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

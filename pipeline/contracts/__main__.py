"""`python -m pipeline.contracts [DATASET …]` prints the contracts as Markdown."""

import sys

from pipeline.contracts.datasets import DATASETS
from pipeline.contracts.document import document


def main(names: list[str]) -> int:
    """Print the named datasets, all without names; 2 when one is not known."""
    unknown = [name for name in names if name not in DATASETS]
    if unknown:
        print(f"There is no dataset {unknown[0]}; known: {', '.join(DATASETS)}.", file=sys.stderr)
        return 2
    print("\n".join(document(DATASETS[name]) for name in names or DATASETS))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

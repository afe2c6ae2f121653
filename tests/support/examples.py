"""How many random worlds an oracle is asked about."""

import os


def worlds(few: int) -> int:
    """A few in every run; as many as WORLDS says under `make oracle`."""
    return int(os.environ.get("WORLDS", few))
